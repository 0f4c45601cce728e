"""Analysis and comparison cover the canvas: Escape from anywhere, or any act on it, uncovers it."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studio import jobs
from studio.core.run.rehearsal import Rehearsal
from studio.ui.pages.model import ModelPage
from tests.builders import chain, images

MEASURED = Rehearsal("Processor", 32, 33, 0.002, 0.006, 0.25, 12_000_000, 1.1, {})


@pytest.fixture
def page(qtbot, studio, dressed, monkeypatch: pytest.MonkeyPatch) -> ModelPage:
    dressed.has_motion = False
    monkeypatch.setattr(jobs, "rehearse", lambda _project: MEASURED)
    studio.document.open_project(chain(images(), ("linear", {"out_features": 10})), None)
    made = ModelPage(studio)
    qtbot.addWidget(made)
    made.resize(1350, 820)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    studio.actions.trigger("analyze")
    assert made.analysis.view.isVisible()
    return made


def test_the_keyboard_is_given_to_what_covers_the_canvas(page: ModelPage) -> None:
    page.left.outline.setFocus()
    page.setFocus()
    assert page.analysis.view.layers.hasFocus()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert page.canvas.isVisible()
    assert page.canvas.hasFocus()


@pytest.mark.parametrize("side", ["left", "inspector"])
def test_escape_beside_it_uncovers_the_canvas(page: ModelPage, side: str) -> None:
    QTest.keyClick(getattr(page, side), Qt.Key.Key_Escape)
    assert page.canvas.isVisible()
    assert page.canvas.hasFocus()


@pytest.mark.parametrize("key", ["arrange", "fit", "find_node"])
def test_what_is_done_on_the_canvas_is_seen_there(page: ModelPage, studio, key: str) -> None:
    studio.actions.trigger(key)
    assert page.canvas.isVisible()
    assert not page.analysis.is_open


def test_a_deed_that_was_found_by_name_is_done_in_sight(page: ModelPage, studio) -> None:
    studio.selection.choose(("linear_1",))
    deed = next(one for one in studio.actions.deeds if one.key == "canvas.bypass")
    deed.act()
    assert page.canvas.isVisible()
