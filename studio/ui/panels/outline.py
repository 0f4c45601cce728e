"""The outline: the network as a list of equal power to the canvas, for keys and screen readers."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from studio.core.catalogue import LAYERS
from studio.core.design.block_fitting import Spot, spot_after
from studio.core.design.blocks import contents
from studio.core.design.project import Project
from studio.core.words import tr
from studio.ui.block_offers import with_blocks
from studio.ui.block_shelf import BlockShelf
from studio.ui.choice_box import ChoiceBox
from studio.ui.controls import Button, IconButton, Rule, label, set_ground
from studio.ui.document import Document
from studio.ui.layer_offers import (
    Finder,
    Ground,
    after,
    anywhere,
    behind,
    instead,
    spot_behind,
    spot_of,
)
from studio.ui.panels import outline_keys
from studio.ui.panels.outline_edits import OutlineEdits
from studio.ui.panels.outline_list import OutlineTree
from studio.ui.panels.outline_rows import outline_rows
from studio.ui.panels.outline_wires import OutlineWires
from studio.ui.recent_layers import RecentLayers
from studio.ui.selection import Selection
from studio.ui.theme import PALETTE_WIDTH, SPACE_1, SPACE_2, SPACE_3
from studio.ui.wire_rows import DRAW, wire_of, wire_rows

BUTTON = 28


class Outline(QWidget):
    """Follows document and selection, and hands every edit to the canvas's own editor.

    Signals:
        parameters_wanted(node_id): the settings of a node are to have the keyboard.
        node_shown(node_id): another node has the keyboard here; the canvas brings it into sight.
        node_taken(node_id): a node was clicked, or its settings asked for: it is to be seen.
        left(): Escape: the canvas is to have the keyboard.
        refused(problem): something could not be done, and why.
    """

    parameters_wanted = Signal(str)
    node_shown = Signal(str)
    node_taken = Signal(str)
    left = Signal()
    refused = Signal(object)

    def __init__(
        self,
        document: Document,
        selection: Selection,
        edits: OutlineEdits,
        recent: RecentLayers,
    ) -> None:
        super().__init__()
        self._document, self._selection = document, selection
        self.edits: OutlineEdits = edits
        self._recent = recent
        self.others: Callable[[QKeyEvent], bool] = _not_taken  # what blocks and states do by key
        self.shelf: BlockShelf | None = None  # of the blocks that are offered beside the layers
        self._box: ChoiceBox | None = None
        self._take: Callable[[str], object] = _nothing
        self._is_stale = True
        self.setObjectName("outline")
        self.setAccessibleName(tr("Outline"))
        self.setFixedWidth(PALETTE_WIDTH)
        set_ground(self, "surface")
        self.tree = OutlineTree()
        self.tree.setAccessibleDescription(
            tr("A adds a layer, C connects, R replaces, F2 renames, Enter opens the settings.")
        )
        self.empty = label(
            tr("No layers yet. Press A, or the button, to add the first."),
            size="small",
            tone="soft",
            wraps=True,
        )
        self.first = Button(tr("Add a layer"), icon_name="plus")
        self.first.setObjectName("outline.first")
        self.wires = OutlineWires(self._ground, edits)
        self.buttons: dict[str, IconButton] = {}
        self._lay_out()
        self._connect()
        self.setFocusProxy(self.tree)

    def ask_layer(self) -> None:
        """Offers the layers that can come after the current row; in an empty network, any."""
        node_id = self._node
        if not node_id:
            find = with_blocks(anywhere(self._ground()), self.shelf, Spot())
            self._ask(tr("Add a layer"), find, self.edits.place_alone)
            return
        ground = self._ground()
        words = tr("Add a layer after {name}", name=self._name(node_id))
        spot = spot_after(ground.signals().get(node_id))
        find = with_blocks(after(ground, node_id), self.shelf, spot)
        self._ask(words, find, lambda layer: self.edits.place_after(layer, node_id))

    def ask_behind(self) -> None:
        """Offers the layers that can go between the current row and all that it feeds."""
        node_id = self._node
        if not node_id or not self._document.project.graph.outgoing(node_id):
            self.ask_layer()
            return
        ground = self._ground()
        words = tr("Insert a layer behind {name}", name=self._name(node_id))
        find = with_blocks(behind(ground, node_id), self.shelf, spot_behind(ground, node_id))
        self._ask(words, find, lambda layer: self.edits.place_behind(layer, node_id))

    def ask_replacement(self) -> None:
        """Offers the layers that can take the place of the current row."""
        node_id = self._node
        if node_id:
            ground = self._ground()
            words = tr("Replace {name} by", name=self._name(node_id))
            find = with_blocks(instead(ground, node_id), self.shelf, spot_of(ground, node_id))
            self._ask(words, find, lambda layer: self.edits.replace(node_id, layer))

    def ask_wire(self) -> None:
        """Offers the wires that the current row can get or lose."""
        node_id, ground = self._node, self._ground()
        if not node_id:
            return

        def draw_or_cut(key: str) -> None:
            act, edge = wire_of(key)
            self.edits.connect(edge) if act == DRAW else self.edits.disconnect(edge)

        words = tr("Connect or disconnect {name}", name=self._name(node_id))
        self._open(words, lambda typed: wire_rows(ground, node_id, typed), draw_or_cut)

    def ask_parameters(self) -> None:
        """Asks for the settings of the current row; a block is unfolded or folded."""
        row = self.tree.current_row
        if row is not None and row.is_block:
            self.tree.turn_current()
        elif self._node:
            self._selection.choose((self._node,))
            self.node_taken.emit(self._node)
            self.parameters_wanted.emit(self._node)

    def go_to_inputs(self) -> None:
        """Gives the keyboard to the list of what the current row takes from."""
        if self.wires.isVisible() and self.wires.inputs:
            self.wires.inputs[0].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def rename_current(self) -> None:
        """Opens the name of the current row, of a node or a block."""
        row = self.tree.current_row
        if row is not None:
            self.tree.name_in_place(row.key)

    def move_current(self, step: int) -> None:
        """The current row changes places with the one before or behind it in its chain."""
        if self._node and (reason := self.edits.swap(self._node, step)) is not None:
            self.refused.emit(reason)

    def paste(self) -> None:
        """Adds what is on the clipboard."""
        problem = self.edits.paste_aside()
        if problem is not None:
            self.refused.emit(problem)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        if event.key() == Qt.Key.Key_Escape:
            self._step_out(watched)
            return True
        if watched is not self.tree or self.tree.state() == self.tree.State.EditingState:
            return False
        act = outline_keys.act_for(event)
        if act is None:
            return self.others(event)
        act(self)
        return True

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._box is not None:
            self._box.close_box()

    @Slot()
    def refresh(self) -> None:
        """Shows the document and the selection as they are; nothing is done while hidden."""
        if not self.isVisible():
            self._is_stale = True
            return
        self._is_stale = False
        project = self._document.project
        rows = outline_rows(project, self._document.report)
        self.tree.show_rows(rows)
        self._show_selection()
        has_rows = bool(rows)
        self.tree.setVisible(has_rows)
        self.empty.setVisible(not has_rows)
        self.first.setVisible(not has_rows)
        self.setFocusProxy(self.tree if has_rows else self.first)

    @property
    def _node(self) -> str:
        """The node with the keyboard, or "" for none and for blocks."""
        row = self.tree.current_row
        graph = self._document.project.graph
        return row.key if row is not None and row.key in graph.nodes else ""

    def _lay_out(self) -> None:
        rows = QVBoxLayout(self)
        rows.setContentsMargins(SPACE_2, SPACE_2, SPACE_1, SPACE_2)
        rows.setSpacing(SPACE_2)
        rows.addWidget(self.empty)
        rows.addWidget(self.first)
        rows.addWidget(self.tree, 1)
        rows.addStretch(0)
        rows.addWidget(Rule())
        low = QVBoxLayout()
        low.setContentsMargins(SPACE_1, 0, SPACE_2, 0)
        low.setSpacing(SPACE_3)
        low.addWidget(self.wires)
        low.addLayout(self._tools())
        rows.addLayout(low)

    def _tools(self) -> QHBoxLayout:
        """The acts that a mouse wants, each with its key in its words."""
        row = QHBoxLayout()
        row.setSpacing(SPACE_1)
        for key, icon in _TOOLS.items():
            entry = next(one for one in outline_keys.TABLE if one.key == key)
            words = tr("{act} ({key})", act=tr(entry.words).rstrip("…"), key=entry.keys[0])
            button = IconButton(icon, words, size=BUTTON)
            button.setObjectName(f"outline.{key}")
            button.clicked.connect(lambda _on=False, act=entry.act: act(self))
            self.buttons[key] = button
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _connect(self) -> None:
        self.tree.itemSelectionChanged.connect(self._on_chosen)
        self.tree.currentItemChanged.connect(self._on_current_changed)
        self.tree.itemDoubleClicked.connect(self._on_double_clicked)
        self.tree.clicked_alone.connect(self._on_clicked_alone)
        self.tree.renamed.connect(self.edits.rename)
        self.first.clicked.connect(self.ask_layer)
        for part in (self.tree, self.first, *self.buttons.values()):
            part.installEventFilter(self)
        self.installEventFilter(self)
        self._document.changed.connect(self.refresh)
        self._document.changed.connect(self._on_changed)
        self._selection.changed.connect(self._on_selection_changed)

    def _show_selection(self) -> None:
        """Selects as the canvas does; a block is selected where all that it holds is."""
        graph, nodes = self._document.project.graph, self._selection.nodes
        blocks = {b for b in graph.blocks if nodes.issuperset(contents(graph, b))}
        self.tree.choose(nodes | blocks, self._selection.only or "")
        self._show_current()

    def _show_current(self) -> None:
        self.wires.show_node(self._node)
        for key, button in self.buttons.items():
            button.setEnabled(key == "add" or bool(self._node))

    @Slot()
    def _on_selection_changed(self) -> None:
        if self.isVisible():
            self._show_selection()

    @Slot()
    def _on_chosen(self) -> None:
        """What the person selected here; a block is all that it holds."""
        graph = self._document.project.graph
        chosen: set[str] = set()
        for row in self.tree.chosen_rows():
            chosen.update(contents(graph, row.key) if row.is_block else (row.key,))
        self._selection.choose(chosen)

    @Slot()
    def _on_current_changed(self) -> None:
        self._show_current()
        if self._node:
            self.node_shown.emit(self._node)

    @Slot(str)
    def _on_clicked_alone(self, key: str) -> None:
        if key in self._document.project.graph.nodes:
            self.node_taken.emit(key)

    @Slot()
    def _on_double_clicked(self) -> None:
        self.rename_current()

    def _step_out(self, watched: QObject) -> None:
        """From a button or a list to the rows, from the rows to the canvas."""
        if watched is self.tree or watched is self.first:
            self.left.emit()
        else:
            self.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _ask(self, words: str, find: Finder, place: Callable[[str], object]) -> None:
        def take(key: str) -> None:
            if key in LAYERS:
                self._recent.use(key)
            place(key)

        self._open(words, find, take)

    def _open(self, words: str, find: Finder, take: Callable[[str], object]) -> None:
        """The box lies over the window, beside the row: the panel is narrower than it."""
        window = self.window()
        if self._box is None or self._box.parentWidget() is not window:
            self._box = ChoiceBox(window)
            self._box.setObjectName("outline.choices")
            self._box.chosen.connect(self._on_taken)
            self._box.closed.connect(self._on_closed)
        self._take = take
        corner = self.tree.corner_of_current()
        below = self.first.mapTo(window, QPoint(0, self.first.height()))
        self._box.ask(below if corner is None else self.tree.mapTo(window, corner), words, find)

    @Slot(object, object)
    def _on_changed(self, before: Project, now: Project) -> None:
        """The box offered what the network before could take."""
        if self._box is not None and before.graph is not now.graph:
            self._box.close_box()

    def _on_taken(self, key: str) -> None:
        self._take(key)

    def _on_closed(self) -> None:
        self._take = _nothing
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _ground(self) -> Ground:
        return Ground(self._document.project, self._document.report, self._recent.keys)

    def _name(self, node_id: str) -> str:
        return self._document.project.graph.nodes[node_id].name


def _not_taken(_event: QKeyEvent) -> bool:
    return False


def _nothing(_key: str) -> None:
    """What is done with a row when nothing was asked."""


_TOOLS = {
    "add": "plus",
    "connect": "link",
    "replace": "refresh",
    "earlier": "chevron-up",
    "later": "chevron-down",
    "delete_and_reconnect": "trash",
}
