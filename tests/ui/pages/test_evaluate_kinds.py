"""The Evaluate page with sounds, texts and windows: made-up evaluations, shown as they are."""

import array
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QLabel

from studio.core.design.previews import SoundClip, SoundPreview, TablePreview
from studio.core.run.results import Evaluation
from studio.ui import player
from studio.ui.panels.answers_over_time import AnswersOverTime
from studio.ui.panels.behind import RowsBehind
from studio.ui.panels.differences import PIECES
from studio.ui.panels.evaluation import EvaluationFigures


def classes(truths, answers):
    count = len(truths)
    return Evaluation(
        "r",
        "test",
        "classes",
        {},
        truths,
        answers,
        tuple(range(1, count + 1)),
        tuple(range(count)),
        confidences=(0.75,) * count,
        labels=("cat", "dog"),
    )


def numbers(**more):
    truths, answers = (1.0, 2.0, float("nan"), 4.0), (1.5, 2.0, 3.0, 3.0)
    rows = (40, 10, 20, 30)
    return Evaluation("r", "test", "numbers", {}, truths, answers, rows, (0, 1, 2, 3), **more)


@pytest.fixture
def behind(qtbot, dressed, monkeypatch):
    monkeypatch.setattr(player, "command_here", lambda: None)
    made = RowsBehind(dressed)
    qtbot.addWidget(made)
    made.resize(700, 240)
    with qtbot.waitExposed(made):
        made.show()
    return made


def sounds():
    samples = array.array("f", [0.0, 0.5] * 400).tobytes()
    return SoundPreview(tuple(SoundClip(f"{n}.wav", "", 8000, samples) for n in range(2)))


def test_sounds_behind_a_cell_say_what_they_were_taken_for(behind):
    behind.show_samples(classes((0, 1), (1, 1)), (0, 1), sounds())
    model = behind.samples.model
    assert [model.index(n).data() for n in range(2)] == ["cat → dog, 75 %", "dog, 75 %"]
    assert model.index(0).data(Qt.ItemDataRole.ToolTipRole) == "cat → dog, 75 %, 0.wav"
    said = [part.text() for part in behind.samples.findChildren(QLabel)]
    assert any("no program that plays sounds" in words for words in said)


def test_a_translation_stands_beside_the_true_one(behind):
    found = Evaluation(
        "r",
        "test",
        "sequences",
        {},
        (1.0,),
        (0.5,),
        (7,),
        (0,),
        true_texts=("ein Hund",),
        answer_texts=("ein Kind",),
    )
    behind.show_samples(found, (0,), TablePreview(("english",), (("a dog",),), (7,)))
    model = behind.table.model()
    cells = [model.index(0, column).data() for column in range(model.columnCount())]
    assert cells == ["7", "a dog", "ein Hund", "ein Kind", "50 %"]
    heads = [model.headerData(n, Qt.Orientation.Horizontal) for n in range(5)]
    assert heads == ["Row", "english", "Wanted", "Written", "Right"]
    assert model.index(0, 3).data(PIECES) == (("ein", True), (" Kind", False))
    assert model.index(0, 2).data(PIECES) is None


def test_the_column_that_was_asked_does_not_stand_twice(behind):
    found = Evaluation(
        "r",
        "test",
        "sequences",
        {},
        (1.0, 1.0),
        (0.5, 1.0),
        (7, 8),
        (0, 1),
        true_texts=("ein Hund", "ja"),
        answer_texts=("ein Kind", "ja"),
        target_names=("german",),
    )
    table = TablePreview(("english", "german"), (("a dog", "ein Hund"), ("yes", "ja")), (7, 8))
    behind.show_samples(found, (1, 0), table)
    model = behind.table.model()
    assert [model.index(n, 1).data() for n in range(2)] == ["yes", "a dog"]
    assert model.columnCount() == 5
    chosen = QSignalSpy(behind.row_chosen)
    behind.table.selectRow(1)
    assert [chosen.at(n) for n in range(chosen.count())] == [[0]]


def test_where_there_are_no_mistakes_it_says_so(behind):
    behind.show_nothing("The mistakes it was surest of", "There are none.")
    assert "There are none." in [p.text() for p in behind.findChildren(QLabel) if p.isVisible()]


@pytest.fixture
def chart(qtbot, dressed):
    made = AnswersOverTime(dressed)
    qtbot.addWidget(made)
    made.resize(600, 300)
    return made


def test_truth_and_answer_stand_in_the_order_of_time(chart):
    chart.show_evaluation(numbers(), is_rebuilt=False)
    assert chart.title.text() == "Truth and answer over time"
    assert chart.values_in_words() == ["truth 1.000", "answer 1.500"]


def test_dates_stand_below_where_they_are_known(chart):
    found = numbers()
    day, first = 86_400.0, 1709251200.0  # the first of March 2024
    days = tuple(first + 5 * day * n for n in range(len(found.rows)))
    chart.show_evaluation(replace(found, moments=days), is_rebuilt=False)
    chart.show()
    below = [words for _place, words in chart.plot.getAxis("bottom")._tickLevels[0]]  # noqa: SLF001
    assert below == ["7 Mar", "14 Mar"]
    assert chart.place_in_words(first) == "1 Mar 2024, 00:00"
    chart.show_evaluation(found, is_rebuilt=False)
    below = [words for _place, words in chart.plot.getAxis("bottom")._tickLevels[0]]  # noqa: SLF001
    assert "Mar" not in " ".join(below)
    assert chart.place_in_words(2.0) == "row 2"


def test_what_could_not_be_rebuilt_stands_out(chart):
    chart.show_evaluation(numbers(distances=(0.1, 0.2, 9.0, 0.3)), is_rebuilt=True)
    assert chart.title.text() == "What stands out"
    assert chart.values_in_words() == ["how far a window is from what was rebuilt 0.100"]


def test_a_part_without_any_row_is_an_empty_chart(chart):
    empty = Evaluation("r", "test", "numbers", {}, (), (), (), ())
    chart.show_evaluation(empty, is_rebuilt=False)
    assert chart.values_in_words() == []


def test_scores_of_texts_come_first_and_say_what_they_mean(qtbot, dressed):
    figures = {"loss": 1.0, "token_accuracy": 0.5, "exact": 0.1, "bleu": 31.5, "chrf": 50.0}
    found = Evaluation("r", "test", "sequences", figures, (1.0,), (0.5,), (7,), (0,))
    shown = EvaluationFigures()
    qtbot.addWidget(shown)
    shown.show_evaluation(found, "pairs")
    said = [card.accessibleName() for card in shown.cards]
    assert said[0] == "BLEU 31.5 of 100"
    assert said[1].startswith("chrF 50")
    assert "above 30 most are understood" in shown.cards[0].toolTip()
    assert said[4] == "Test part 1 pairs"


def test_where_nothing_was_heard_that_is_said(behind):
    texts = replace(
        classes((0, 1), (0, 0)), task="sequences", true_texts=("a b", "c"), answer_texts=("", "c")
    )
    behind.show_samples(replace(texts, answers=(0.0, 1.0)), (0, 1), sounds())
    assert behind.samples.model.index(0).data() == "a b → nothing, 0 %"
