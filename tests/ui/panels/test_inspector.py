"""The inspector: the whole network, one node with its fields, several nodes."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QTreeWidget, QWidget

from studio.core.design import edits
from studio.core.design.block_edits import grouped, opened
from studio.core.design.dataset import (
    ColumnChoice,
    ColumnSummary,
    DatasetSpec,
    DatasetSummary,
)
from studio.core.design.inputs import outputs_of
from studio.ui.document import Document
from studio.ui.fields import ColumnsField, Form
from studio.ui.panels.inspector import Inspector
from studio.ui.selection import Selection
from tests.builders import chain, images, table

Key = Qt.Key


@pytest.fixture
def document(qtbot, dressed):
    made = Document()
    made.open_project(
        chain(table(), ("linear", {"out_features": 8}), "relu", ("linear", {"out_features": 3})),
        None,
    )
    yield made
    made.deleteLater()


@pytest.fixture
def selection(document):
    return Selection(document)


@pytest.fixture
def inspector(qtbot, document, selection):
    made = Inspector(document, selection)
    qtbot.addWidget(made)
    made.resize(288, 800)
    with qtbot.waitExposed(made):
        made.show()
    return made


def words(inspector):
    return [label.text() for label in inspector.findChildren(QLabel) if label.isVisible()]


def editor(inspector, key):
    return inspector.findChild(QWidget, f"field.{key}").findChild(QLineEdit)


def typed(field, text):
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)


def outline(inspector):
    return inspector.findChild(QTreeWidget, "network.layers")


def test_nothing_selected_speaks_of_the_whole_network(inspector):
    shown = outline(inspector)
    cells = [
        [shown.topLevelItem(row).text(column) for column in range(3)]
        for row in range(shown.topLevelItemCount())
    ]
    assert cells == [
        ["Input 1", "4", "–"],
        ["Linear 1", "8", "40"],
        ["ReLU 1", "8", "–"],
        ["Linear 2", "3", "27"],
        ["Output 1", "3", "–"],
    ]
    assert "67" in words(inspector)
    assert "Tells 3 classes apart." in words(inspector)


def test_the_outline_is_walked_by_keys_and_enter_selects(inspector):
    wanted = QSignalSpy(inspector.node_wanted)
    shown = outline(inspector)
    shown.setFocus()
    shown.go_to("input_1")
    QTest.keyClick(shown, Key.Key_Down)
    QTest.keyClick(shown, Key.Key_Return)
    assert wanted.at(0) == ["linear_1"]


def test_a_selected_node_shows_name_help_fields_and_cost(inspector, selection):
    selection.choose(("linear_1",))
    assert inspector.findChild(QLineEdit, "node.name").text() == "Linear 1"
    assert editor(inspector, "out_features").text() == "8"
    said = words(inspector)
    for text in ("Linear", "Goes out", "40", "60 %"):
        assert text in said
    assert any(text.startswith("Weighs every input") for text in said)


def test_typing_is_one_undo_step_and_shapes_follow_at_once(inspector, document, selection):
    selection.choose(("linear_1",))
    typed(editor(inspector, "out_features"), "128")
    assert document.report.nodes["relu_1"].signal.shape == (128,)
    assert document.undo_stack.count() == 1
    assert "640" in words(inspector)
    document.undo_stack.undo()
    assert editor(inspector, "out_features").text() == "8"


def test_two_fields_are_two_steps(inspector, document, selection):
    selection.choose(("linear_1",))
    typed(editor(inspector, "out_features"), "16")
    QTest.keyClick(editor(inspector, "out_features"), Key.Key_Return)
    typed(editor(inspector, "out_features"), "32")
    assert document.undo_stack.count() == 2


def test_a_value_that_is_not_allowed_changes_nothing_and_says_why(inspector, document, selection):
    selection.choose(("linear_1",))
    before = document.project
    typed(editor(inspector, "out_features"), "0")
    QTest.keyClick(editor(inspector, "out_features"), Key.Key_Return)
    assert document.project is before
    assert any(text.startswith("Expected:") for text in words(inspector))


def test_the_name_is_a_field(inspector, document, selection):
    selection.choose(("relu_1",))
    name = inspector.findChild(QLineEdit, "node.name")
    typed(name, "Bend")
    QTest.keyClick(name, Key.Key_Return)
    assert document.project.graph.nodes["relu_1"].name == "Bend"
    assert document.undo_stack.count() == 1


def test_an_input_offers_the_columns_of_the_data(inspector, document, selection, qtbot):
    selection.choose(("input_1",))
    field = inspector.findChild(ColumnsField, "field.columns")
    field.button.click()
    ticks = [
        tick.text()
        for tick in field.findChildren(QWidget)
        if getattr(tick, "text", None) and str(tick.text()).startswith("n") and tick.isVisible()
    ]
    assert {"n0", "n1", "n2", "n3"} <= set(ticks)
    QTest.keyClick(field.findChildren(QWidget)[-1], Key.Key_Escape)


def test_a_problem_stands_above_the_fields_with_its_fix(inspector, document, selection):
    document.apply_to_graph(
        lambda graph: edits.set_param(graph, "linear_2", "out_features", 5), "Units"
    )
    selection.choose(("output_1",))
    fix = next(
        button
        for button in inspector.findChildren(QPushButton)
        if button.isVisible() and button.text() != "Whole network"
    )
    fix.click()
    assert document.report.nodes["output_1"].problems == ()
    assert document.undo_stack.count() == 2


def test_several_nodes_are_summed_up(inspector, selection):
    selection.choose(("linear_1", "linear_2"))
    said = words(inspector)
    assert "2 nodes" in said
    assert "67" in said
    assert "100 %" in said


def test_the_way_back_leads_to_the_outline(inspector, selection):
    selection.choose(("relu_1",))
    back = next(
        button for button in inspector.findChildren(QPushButton) if button.text() == "Whole network"
    )
    back.click()
    assert selection.nodes == frozenset()
    assert outline(inspector).currentItem().text(0) == "ReLU 1"


def test_a_node_that_is_gone_is_no_longer_shown(inspector, document, selection):
    selection.choose(("relu_1",))
    document.apply_to_graph(lambda graph: edits.remove(graph, ("relu_1",)), "Delete")
    assert outline(inspector).isVisible()
    assert outline(inspector).topLevelItemCount() == 4


def test_another_project_is_shown_at_once(inspector, document, selection):
    selection.choose(("relu_1",))
    document.open_project(chain(images(), "flatten"), None)
    assert outline(inspector).topLevelItemCount() == 3


def test_a_list_left_open_over_another_selection_changes_nothing(document, selection, inspector):
    linear, relu = (
        next(node.id for node in document.project.graph if node.layer == layer)
        for layer in ("linear", "relu")
    )
    selection.choose([linear])
    form = next(f for f in inspector.findChildren(Form) if "out_features" in f.fields)
    before = document.project
    selection.choose([relu])
    form.edited.emit("out_features", 5)
    assert document.project is before


def test_beams_are_for_answers_that_are_texts(inspector, document, selection):
    (output,) = outputs_of(document.project.graph)
    selection.choose((output.id,))
    beams = inspector.findChild(QWidget, "field.beams")
    assert not beams.isEnabled()
    assert beams.toolTip() == "Only an answer that is a text is searched for."
    asked = ColumnSummary("asked", "text", "input", distinct=90)
    said = ColumnSummary("said", "text", "target", distinct=90)
    pairs = DatasetSpec(
        "table",
        "/data/pairs.tsv",
        columns=tuple(ColumnChoice(one.name, one.kind, one.role) for one in (asked, said)),
        summary=DatasetSummary("text", 90, (asked, said)),
    )
    document.apply(lambda project: replace(project, dataset=pairs), "Texts")
    assert document.project.dataset.task() == "sequences"
    assert beams.isEnabled()


def in_a_block(graph):
    graph, block = grouped(graph, ("linear_1", "relu_1"), "Front")
    return opened(graph, block, is_open=False)


def test_layers_of_a_block_stand_below_it_and_are_folded_with_it(inspector, document):
    document.apply_to_graph(in_a_block, "Group")
    shown = outline(inspector)
    tops = [shown.topLevelItem(row) for row in range(shown.topLevelItemCount())]
    assert [top.text(0) for top in tops] == ["Input 1", "Front", "Linear 2", "Output 1"]
    front = tops[1]
    (front_key,) = document.project.graph.blocks
    assert [front.child(row).text(0) for row in range(2)] == ["Linear 1", "ReLU 1"]
    assert [front.text(column) for column in (1, 2)] == ["8", "40"]
    assert not front.isExpanded()  # as on the canvas
    high = shown.height()
    shown.setFocus()
    shown.setCurrentItem(front)
    QTest.keyClick(shown, Key.Key_Right)
    assert front.isExpanded()
    assert shown.height() > high
    document.apply_to_graph(
        lambda graph: edits.set_param(graph, "linear_1", "out_features", 16), "Change"
    )
    assert front.isExpanded()
    assert front.text(1) == "16"
    document.apply_to_graph(lambda graph: edits.remove(graph, ("relu_1",)), "Delete")
    again = shown.item_of(front_key)
    assert again.isExpanded()  # made anew, and as the person left it
    assert again.childCount() == 1
