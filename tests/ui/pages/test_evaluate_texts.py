"""Beside a model that reads texts: a text to try, and what it looked at in a chosen row."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from studio import jobs
from studio.core.problems import Problem, StudioError
from studio.core.run.results import RunRecord
from studio.core.run.told import Attention, Told
from studio.ui.pages.evaluate_texts import TextSide

TOLD = Told("ein Hund", attention=(Attention("Attention 1", ("a", "dog"), (), ((0.2, 0.8),)),))


@pytest.fixture
def record():
    project = jobs.new_project("translate")
    return RunRecord("run-1", 1, 0.0, 1.0, "completed", "cpu", 1, 1, project)


@pytest.fixture
def side(context, show):
    return show(TextSide(context))


@pytest.fixture
def asked(monkeypatch):
    heard = []

    def tell(_folder, run, **more):
        heard.append((run, more))
        return TOLD

    monkeypatch.setattr(jobs, "tell", tell)
    return heard


def test_a_text_that_is_typed_is_answered(side, record, asked, qtbot):
    side.show_run(record)
    field = side.trial.fields["texts"]
    field.setText("a dog")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: side.trial.written.text() == "ein Hund", timeout=10_000)
    assert asked == [("run-1", {"texts": {"texts": "a dog"}})]
    assert side.attention.tokens.accessibleDescription() == "a 20 %, dog 80 %"


def test_a_row_shows_what_was_looked_at_and_leaves_the_answer(side, record, asked, qtbot):
    side.show_run(record)
    side.show_row(7)
    qtbot.waitUntil(lambda: side.attention.layer != "" or bool(asked), timeout=10_000)
    qtbot.waitUntil(lambda: side.attention.tokens.isVisible(), timeout=10_000)
    assert asked == [("run-1", {"row": 7})]
    assert side.trial.written.text() == ""


def test_trouble_is_said_where_it_was_asked(side, record, monkeypatch, qtbot):
    def tell(*_given, **_more):
        raise StudioError(Problem("The weights are gone.", "Train again."))

    monkeypatch.setattr(jobs, "tell", tell)
    side.show_run(record)
    side.show_row(1)
    qtbot.waitUntil(lambda: "The weights are gone." in side.attention.remark.text(), timeout=9_000)
    side.trial.fields["texts"].setText("a")
    qtbot.mouseClick(side.trial.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "The weights are gone." in side.trial.remark.text(), timeout=9_000)


def test_a_network_that_reads_no_texts_has_no_such_side(side, record, asked):
    side.show_run(replace(record, project=jobs.new_project("classify-rows")))
    assert side.isHidden()
    side.show_row(1)
    assert asked == []
    side.show_run(record)
    assert side.isVisible()
    side.show_run(None)
    assert side.isHidden()


def test_a_network_that_writes_on_asks_for_a_beginning(side, record, asked):
    side.show_run(record)
    assert not side.goes_on
    side.show_run(replace(record, run="run-2", project=jobs.new_project("write-text")))
    assert side.goes_on
    assert side.trial.button.text() == "Go on writing"
