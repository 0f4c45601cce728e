"""Find anything: by keyboard alone, over actions, stages, nodes, columns, settings and layers."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QVBoxLayout, QWidget

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
        ("und", None),
        ("open pro", "Open project, action"),
        ("eval", "Evaluate, stage"),
        ("n2", "n2, column"),
        ("learn", "Learning rate, setting"),
        ("add drop", "Add Dropout, Regularization"),
        ("linear", None),
    ],
)
def test_everything_has_a_name_that_finds_it(qtbot, field, studio, words, first):
    studio.actions.set_reason("undo", "Nothing to undo")
    found = find(qtbot, field, words)
    if words == "und":
        assert not any(line.startswith("Undo") for line in found)
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
