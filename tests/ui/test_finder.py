"""Find anything: by keyboard alone, over actions, stages, nodes, columns, settings and layers."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QListWidget, QVBoxLayout, QWidget

from studio.ui.deeds import Deed
from studio.ui.finder import FindField
from tests.builders import chain, table


@pytest.fixture
def field(qtbot, studio):
    window = QWidget()
    window.resize(900, 600)
    made = FindField(studio)
    rows = QVBoxLayout(window)
    rows.addWidget(made)
    rows.addStretch(1)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    studio.files.new(chain(table(), ("linear", {"out_features": 3})))
    yield made  # noqa: PT022 - the window lives as long as this frame


def results(field):
    found = field.window().findChild(QListWidget, "find.results")
    role = Qt.ItemDataRole.AccessibleTextRole
    return [found.item(row).data(role) for row in range(found.count())]


def find(qtbot, field, words):
    field.setFocus()
    field.clear()
    qtbot.keyClicks(field, words)
    return results(field)


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("und", "Undo, Nothing to undo, Ctrl+Z"),
        ("open pro", "Open project, action, Ctrl+O"),
        ("svas", "Save as, action, Ctrl+Shift+S"),
        ("eval", "Evaluate, stage, Ctrl+4"),
        ("appear", "Appearance, preference"),
        ("densely", None),
        ("n2", "n2, column"),
        ("learn", "Learning rate, setting"),
        ("add drop", "Add Dropout, Regularization"),
        ("linear", None),
    ],
)
def test_everything_has_a_name_that_finds_it(qtbot, field, studio, words, first):
    studio.actions.set_reason("undo", "Nothing to undo")
    found = find(qtbot, field, words)
    if words == "densely":
        assert found == []
    elif words == "linear":
        assert any(line.endswith(", node") for line in found[:2])
        assert "Add Linear, Linear" in found
    else:
        assert found[0] == first


def test_the_arrows_choose_and_enter_does_it(qtbot, field, studio):
    find(qtbot, field, "add relu")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert len(studio.document.project.graph) == 4
    added = studio.selection.only
    assert studio.document.project.graph.nodes[added].layer == "relu"
    rightmost = max(studio.document.project.graph.positions.values())
    assert studio.document.project.graph.positions[added] == rightmost
    studio.document.undo_stack.undo()
    assert len(studio.document.project.graph) == 3


def test_a_stage_is_gone_to(qtbot, field, studio):
    find(qtbot, field, "evaluate")
    with qtbot.waitSignal(studio.navigation.page_wanted) as heard:
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert heard.args == ["evaluate"]


def test_what_cannot_be_done_is_told_and_not_done(qtbot, field, studio):
    studio.actions.set_reason("train", "There are no data yet.")
    asked = QSignalSpy(studio.actions["train"].triggered)
    assert find(qtbot, field, "train")[0].startswith("Train, stage")
    assert "Train, There are no data yet., F5" in results(field)
    qtbot.keyClick(field, Qt.Key.Key_Down)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert asked.count() == 0
    assert field.window().findChild(QListWidget, "find.results").isVisible()


def test_what_was_used_lately_comes_first(qtbot, field, studio):
    studio.actions.trigger("find")
    assert results(field)[0] != "Evaluate, stage, Ctrl+4"
    find(qtbot, field, "evaluate")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    studio.actions.trigger("find")
    assert results(field)[0] == "Evaluate, stage, Ctrl+4"
    assert "page.evaluate" in studio.settings.window_text("find.recent")


def test_what_a_part_of_the_window_does_by_key_is_found_and_done(qtbot, field, studio):
    done = []
    deed = Deed("canvas.replace", "Canvas", "Replace by…", ("R",), lambda: done.append(1))
    studio.actions.tell_of((deed,))
    assert find(qtbot, field, "replace")[0] == "Replace by, canvas, R"
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert done == [1]


def test_a_layer_is_found_by_what_others_call_it(qtbot, field):
    assert "Add Linear, Linear" in find(qtbot, field, "dense")


def test_escape_leaves_no_trace(qtbot, field):
    find(qtbot, field, "open")
    found = field.window().findChild(QListWidget, "find.results")
    assert found.isVisible()
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert not found.isVisible()
    assert field.text() == ""


def test_what_has_no_name_is_said(qtbot, field):
    assert find(qtbot, field, "qqqq") == []
    qtbot.keyClick(field, Qt.Key.Key_Return)  # does nothing
    qtbot.keyClick(field, Qt.Key.Key_Down)


def test_the_key_leads_here_from_anywhere(qtbot, field, studio):
    studio.actions.trigger("find")
    found = field.window().findChild(QListWidget, "find.results")
    qtbot.waitUntil(found.isVisible)
