"""The outline: the network as a list, edited by keyboard alone, said as a screen reader says it."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QWidget

from studio.core.design import edits
from studio.core.design.block_edits import grouped
from studio.core.design.graph import Edge
from studio.ui.block_shelf import BlockShelf
from studio.ui.canvas.block_editor import BlockEditor
from studio.ui.canvas.editor import Editor
from studio.ui.canvas.list_editor import ListEditor
from studio.ui.document import Document
from studio.ui.panels.outline import Outline
from studio.ui.panels.outline_list import ROW
from studio.ui.recent_layers import RecentLayers
from studio.ui.row_list import RowList
from studio.ui.selection import Selection
from studio.ui.theme import Theme
from tests.builders import chain, images

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
Key = Qt.Key


class Reader:
    """Someone who uses the outline with keys alone."""

    def __init__(self, qtbot, outline, document, selection):
        self.qtbot, self.outline = qtbot, outline
        self.document, self.selection = document, selection

    @property
    def graph(self):
        return self.document.project.graph

    def press(self, key, held=Qt.KeyboardModifier.NoModifier):
        self.qtbot.keyClick(QApplication.focusWidget(), key, held)

    def type(self, words):
        self.qtbot.keyClicks(QApplication.focusWidget(), words)

    def go_to(self, node_id):
        self.selection.choose((node_id,))

    def take(self, key, words):
        self.press(key)
        self.type(words)
        self.press(Key.Key_Return)

    def rows(self):
        tree, found = self.outline.tree, []
        item = tree.topLevelItem(0)
        while item is not None:
            found.append(item.data(0, ROW))
            item = tree.itemBelow(item)
        return found

    def spoken(self, node_id):
        return next(row.spoken for row in self.rows() if row.key == node_id)

    def box(self):
        return self.outline.window().findChild(QWidget, "outline.choices")


@pytest.fixture
def opened(qtbot, dressed):
    """Opens an outline over a project; what it was made of is put away in order."""
    made = []
    yield lambda project: made.append(_opened(qtbot, project)) or made[-1]
    for reader in made:
        reader.document.close()
        reader.document.deleteLater()


def _opened(qtbot, project):
    Theme.current().has_motion = False
    document = Document()
    document.open_project(project, None)
    selection = Selection(document)
    window = QWidget()
    window.resize(900, 640)
    editor, blocks = Editor(document, selection), BlockEditor(document, selection)
    outline = Outline(document, selection, ListEditor(editor, blocks), RecentLayers())
    outline.shelf = blocks.shelf = BlockShelf(parent=outline)
    row = QHBoxLayout(window)
    row.addWidget(outline)
    row.addStretch(1)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    outline.setFocus()
    made = Reader(qtbot, outline, document, selection)
    made.window = window
    return made


@pytest.fixture
def reader(opened):
    settings = {"out_channels": 32}
    return opened(chain(images(), ("conv2d", settings), "relu", "flatten", "linear"))


def test_a_row_is_said_with_all_that_a_card_shows(reader):
    assert reader.spoken("conv2d_1") == (
        "Convolution 2D 1, 32 filters, 3 × 3, gives 32 × 26 × 26, takes from Input 1, feeds ReLU 1"  # noqa: RUF001
    )
    assert "takes from nothing" not in reader.spoken("input_1")
    reader.go_to("linear_1")
    reader.press(Key.Key_Delete)
    assert "takes from nothing" in reader.spoken("output_1")
    assert "problem: Output 1 has no input." in reader.spoken("output_1")


def test_the_list_is_there_for_a_screen_reader(reader):
    heard = QAccessible.queryAccessibleInterface(reader.outline.tree)
    assert heard.text(QAccessible.Text.Name) == "Layers in order"
    names = [heard.child(n).text(QAccessible.Text.Name) for n in range(heard.childCount())]
    assert any(name.startswith("ReLU 1, gives 32") for name in names)


def test_the_order_is_that_of_the_data(reader):
    kinds = [row.key for row in reader.rows()]
    assert kinds == ["input_1", "conv2d_1", "relu_1", "flatten_1", "linear_1", "output_1"]


def test_the_selection_is_shared_both_ways(reader):
    shown = QSignalSpy(reader.outline.node_shown)
    reader.press(Key.Key_Down)
    assert reader.selection.only == "input_1" or reader.selection.only == "conv2d_1"
    reader.go_to("flatten_1")
    assert reader.outline.tree.current_row.key == "flatten_1"
    reader.press(Key.Key_Up)
    assert reader.selection.only == "relu_1"
    assert shown.at(shown.count() - 1)[0] == "relu_1"


def test_a_layer_is_added_after_the_row_and_wired(reader):
    reader.go_to("conv2d_1")
    reader.take(Key.Key_A, "batch norm")
    assert Edge("conv2d_1", "batch_norm_1") in reader.graph.edges
    assert Edge("conv2d_1", "relu_1") in reader.graph.edges, "it is a branch"
    assert reader.outline.tree.current_row.key == "batch_norm_1"
    assert QApplication.focusWidget() is reader.outline.tree
    assert reader.document.undo_stack.count() == 1


def test_a_branch_does_not_lie_on_another_card(reader):
    reader.go_to("conv2d_1")
    reader.take(Key.Key_A, "batch norm")
    places = list(reader.graph.positions.values())
    width, height = edits.NODE_SIZE
    overlaps = [
        (a, b)
        for n, a in enumerate(places)
        for b in places[:n]
        if abs(a[0] - b[0]) < width and abs(a[1] - b[1]) < height
    ]
    assert overlaps == []


def test_a_layer_is_put_between_a_row_and_what_it_feeds(reader):
    reader.go_to("conv2d_1")
    reader.take(Key.Key_I, "batch norm")
    assert {Edge("conv2d_1", "batch_norm_1"), Edge("batch_norm_1", "relu_1")} <= set(
        reader.graph.edges
    )
    assert Edge("conv2d_1", "relu_1") not in reader.graph.edges


def test_a_layer_is_replaced_and_its_wires_stay(reader):
    before = reader.graph.edges
    reader.go_to("relu_1")
    reader.take(Key.Key_R, "gelu")
    assert reader.graph.nodes["relu_1"].layer == "gelu"
    assert reader.graph.edges == before
    reader.document.undo_stack.undo()
    assert reader.graph.nodes["relu_1"].layer == "relu"


@pytest.mark.parametrize("key", [Key.Key_A, Key.Key_I, Key.Key_R])
def test_blocks_are_offered_where_layers_are(reader, key):
    reader.go_to("relu_1")
    reader.take(key, "residual")
    (block,) = reader.graph.blocks.values()
    before = "conv2d_1" if key == Key.Key_R else "relu_1"
    assert {e.target for e in reader.graph.outgoing(before)} & set(block.members)
    onward = [e.target for i in block.members for e in reader.graph.outgoing(i)]
    assert ("flatten_1" in onward) == (key != Key.Key_A)
    reader.document.undo_stack.undo()
    assert not reader.graph.blocks


def test_what_does_not_fit_is_told_with_its_reason(reader):
    reader.go_to("conv2d_1")
    reader.press(Key.Key_A)
    reader.type("linear")
    told = reader.box().findChild(RowList).current
    assert "expects one line of numbers" in told.reason
    field = QApplication.focusWidget()
    assert "expects one line of numbers" in field.accessibleDescription()
    reader.press(Key.Key_Return)
    assert len(reader.graph) == 6
    reader.press(Key.Key_Escape)
    assert QApplication.focusWidget() is reader.outline.tree


def test_wires_are_drawn_and_cut_by_name(reader):
    reader.go_to("conv2d_1")
    reader.take(Key.Key_C, "connect flatten")
    assert Edge("conv2d_1", "flatten_1") in reader.graph.edges
    reader.take(Key.Key_C, "disconnect flatten")
    assert Edge("conv2d_1", "flatten_1") not in reader.graph.edges


def test_an_input_is_chosen_from_a_list(reader, qtbot):
    reader.go_to("flatten_1")
    reader.press(Key.Key_T)
    combo = QApplication.focusWidget()
    assert combo.objectName() == "outline.input.0"
    assert combo.accessibleName() == "Flatten 1: Takes from"
    assert combo.currentText() == "ReLU 1"
    row = combo.findText("Convolution 2D 1")
    combo.setCurrentIndex(row)
    combo.activated.emit(row)
    assert reader.graph.incoming("flatten_1") == (Edge("conv2d_1", "flatten_1"),)
    circle = combo.findText("Linear 1")
    assert not combo.model().item(circle).isEnabled()
    assert "circle" in combo.itemData(circle, Qt.ItemDataRole.ToolTipRole)
    combo.activated.emit(0)
    assert reader.graph.incoming("flatten_1") == ()
    reader.press(Key.Key_Escape)
    assert QApplication.focusWidget() is reader.outline.tree


def test_a_list_that_is_open_while_its_input_goes_changes_nothing(reader):
    reader.go_to("flatten_1")
    reader.press(Key.Key_T)
    combo = QApplication.focusWidget()
    reader.go_to("input_1")  # which takes nothing
    before = reader.graph
    combo.activated.emit(0)
    assert reader.graph is before


def test_a_row_is_named_in_place(reader, qtbot):
    reader.go_to("relu_1")
    reader.press(Key.Key_F2)
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    field.selectAll()
    reader.type("Bend")
    reader.press(Key.Key_Return)
    qtbot.waitUntil(lambda: reader.graph.nodes["relu_1"].name == "Bend")
    qtbot.waitUntil(reader.outline.tree.hasFocus)
    reader.press(Key.Key_F2)
    reader.type("Other")
    reader.press(Key.Key_Escape)
    qtbot.waitUntil(reader.outline.tree.hasFocus)
    assert reader.graph.nodes["relu_1"].name == "Bend"


def test_a_row_moves_in_its_chain_or_says_why_not(reader):
    refused = QSignalSpy(reader.outline.refused)
    reader.go_to("relu_1")
    reader.press(Key.Key_Up, ALT)
    assert [row.key for row in reader.rows()][1:3] == ["relu_1", "conv2d_1"]
    assert reader.outline.tree.current_row.key == "relu_1"
    reader.press(Key.Key_Up, ALT)
    assert refused.count() == 1
    assert "Input 1 stays before ReLU 1" in refused.at(0)[0].message
    reader.press(Key.Key_Down, ALT)
    assert [row.key for row in reader.rows()][1:3] == ["conv2d_1", "relu_1"]


def test_delete_and_reconnect_keeps_the_keyboard_in_its_place(reader):
    reader.go_to("relu_1")
    reader.press(Key.Key_Delete, CTRL)
    assert Edge("conv2d_1", "flatten_1") in reader.graph.edges
    assert reader.outline.tree.current_row.key == "flatten_1"
    assert QApplication.focusWidget() is reader.outline.tree


def test_rows_are_copied_pasted_and_selected_together(reader):
    reader.go_to("conv2d_1")
    reader.press(Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert reader.selection.nodes == {"conv2d_1", "relu_1"}
    reader.press(Key.Key_C, CTRL)
    reader.press(Key.Key_V, CTRL)
    assert reader.selection.nodes == {"conv2d_2", "relu_2"}
    reader.press(Key.Key_A, CTRL)
    assert len(reader.selection.nodes) == 8
    QGuiApplication.clipboard().clear()  # what Python made must not outlive it there


def test_enter_asks_for_the_settings_and_escape_for_the_canvas(reader):
    wanted, left = QSignalSpy(reader.outline.parameters_wanted), QSignalSpy(reader.outline.left)
    reader.go_to("linear_1")
    reader.press(Key.Key_Return)
    assert wanted.at(0)[0] == "linear_1"
    reader.press(Key.Key_Escape)
    assert left.count() == 1


def test_blocks_are_branches(opened):
    project = chain(images(), "conv2d", "relu", "flatten")
    graph, block = grouped(project.graph, ("conv2d_1", "relu_1"), "Stem")
    project = type(project)(project.dataset, graph)
    reader = opened(project)
    assert [(row.key, row.parent) for row in reader.rows()] == [
        ("input_1", ""),
        (block, ""),
        ("conv2d_1", block),
        ("relu_1", block),
        ("flatten_1", ""),
        ("output_1", ""),
    ]
    assert reader.spoken(block) == "Block Stem, 2 layers, takes from Input 1"
    reader.go_to("input_1")
    reader.press(Key.Key_Down)
    assert reader.selection.nodes == {"conv2d_1", "relu_1"}
    reader.press(Key.Key_Return)
    assert [row.key for row in reader.rows()] == ["input_1", block, "flatten_1", "output_1"]
    reader.press(Key.Key_Right)
    reader.press(Key.Key_Down)
    assert reader.selection.only == "conv2d_1"


def test_an_empty_network_says_how_to_begin(opened):
    project = chain(images())
    reader = opened(type(project)(project.dataset))
    assert QApplication.focusWidget() is reader.outline.first
    assert reader.outline.empty.isVisible()
    reader.press(Key.Key_Space)
    reader.type("input")
    reader.press(Key.Key_Return)
    assert [row.key for row in reader.rows()] == ["input_1"]
    assert QApplication.focusWidget() is reader.outline.tree


def test_nothing_is_worked_out_while_it_is_hidden(reader):
    reader.outline.hide()
    reader.document.apply_to_graph(lambda g: edits.rename(g, "relu_1", "Bend"), "Rename")
    assert "Bend" not in [row.title for row in reader.rows()]
    reader.outline.show()
    assert "Bend" in [row.title for row in reader.rows()]
