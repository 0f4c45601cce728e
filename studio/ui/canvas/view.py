"""The canvas as a person uses it: keys, menu, and all that can be asked of it by name."""

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from studio.core.catalogue import LAYERS
from studio.core.design.arranging import Axis, Boxes, Line, aligned, around, distributed
from studio.core.design.edits import GAP
from studio.core.design.graph import Position
from studio.core.design.project import Project
from studio.core.design.way import Way
from studio.core.words import tr
from studio.ui.canvas import keys
from studio.ui.canvas.free_place import free_middle, reach_of
from studio.ui.canvas.geometry import CARD_HEIGHT, CARD_WIDTH, GRID, Port, bounds, free_area
from studio.ui.canvas.menu import open_menu
from studio.ui.canvas.moving import boxes_of
from studio.ui.canvas.node_item import NodeItem
from studio.ui.canvas.note_item import NoteItem
from studio.ui.canvas.offers import Wanted
from studio.ui.canvas.pointing import PointedCanvas
from studio.ui.canvas.remark_editor import NOTE_SIZE
from studio.ui.canvas.walking import Direction, nearest_node, next_node
from studio.ui.document import Document
from studio.ui.selection import Selection

STEP_ASIDE = CARD_WIDTH + GAP


class CanvasView(PointedCanvas):
    """The canvas. It hands every edit to the document and shows what the document says.

    Signals:
        refused(problem): something could not be done, and why.
        block_saved(name): a block is in the palette now.
        block_file_wanted(block_id): a block is to be written to a file.
    """

    refused = Signal(object)
    block_saved = Signal(str)
    block_file_wanted = Signal(str)

    def __init__(
        self, document: Document, selection: Selection, parent: QWidget | None = None
    ) -> None:
        super().__init__(document, selection, parent)
        self._walker: str | None = None
        self._left_at: Position | None = None  # where the last card was that was selected alone
        self._is_new = True
        self.block_editor.refuse = self.refused.emit
        self.setObjectName("canvas")
        self.setAccessibleName(tr("Network"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        document.replaced.connect(self._on_replaced)
        document.changed.connect(self._on_document_changed)
        selection.changed.connect(self._on_selection_changed)
        self._on_selection_changed()

    def place_layer(self, layer: str) -> None:
        """Places a layer: into the selected edge, after the selected node, or in the middle.

        The key may be that of a block.
        """
        wanted = self._wanted_by_key()
        if layer not in LAYERS:
            self.block_editor.place(layer, wanted.middle, onto=wanted.onto, source=wanted.port)
            return
        self.editor.place(layer, wanted.middle, onto=wanted.onto, source=wanted.port)

    def ask_layer_by_key(self) -> None:
        """Opens the quick-add box where a layer would be placed now."""
        self.boxes.ask_layer(self._wanted_by_key())

    def ask_wire(self) -> None:
        """Opens the box of wires for the selected node."""
        if self.selection.only is not None:
            self.boxes.ask_wire(self.selection.only)

    def group(self) -> None:
        """Makes a block of what is selected, and asks for its name."""
        problem = self.block_editor.group()
        if problem is not None:
            self.refused.emit(problem)
        elif self.block_editor.whole is not None:
            self.boxes.ask_name(self.block_editor.whole)

    def save_block(self) -> None:
        """Keeps the selected block in the palette; where none is selected, nothing."""
        block = self.editor.graph.blocks.get(self.block_editor.chosen)
        if block is None:
            return
        problem = self.block_editor.save()
        if problem is not None:
            self.refused.emit(problem)
        else:
            self.block_saved.emit(block.name)

    def ask_block_file(self) -> None:
        """Asks for a file for the selected block."""
        if self.block_editor.chosen:
            self.block_file_wanted.emit(self.block_editor.chosen)

    def fold_chosen(self) -> None:
        """Opens or closes the selected block, and keeps it in sight."""
        self.block_editor.toggle()
        self.ensureVisible(self.picture.content(self.selection.nodes), GRID, GRID)

    def enter_chosen(self) -> None:
        """Opens or closes the selected block; of a node it asks for the settings."""
        if self.block_editor.whole is not None:
            self.fold_chosen()
        else:
            self.boxes.ask_parameters()

    def rename_chosen(self) -> None:
        """Opens the name of the selected node or block."""
        remarks = self.picture.remarks.chosen
        if self.block_editor.whole is not None:
            self.boxes.ask_name(self.block_editor.whole)
        elif self.selection.only is not None:
            self.boxes.ask_name(self.selection.only)
        elif len(remarks) == 1:
            self.write_remark(next(iter(remarks)))

    def walk(self, direction: Direction, *, is_adding: bool = False) -> None:
        """Selects the next node that way, and brings it into sight.

        Where nothing is selected any more it goes on from where that was: what was deleted, say.
        """
        graph = self.picture.view.graph
        if self._left_at is not None and not self.selection.nodes:
            goal = nearest_node(graph, self._left_at)
        else:
            goal = next_node(graph, self._walked_from(), direction, self.picture.way)
        if goal is not None:
            kept = self.selection.nodes if is_adding else frozenset()
            self._walker = goal
            self.selection.choose((*kept, goal))
            self.ensureVisible(self.picture.content((goal,)), GRID, GRID)

    def delete(self, *, is_reconnected: bool = False) -> None:
        """Deletes what is selected."""
        self.editor.delete(self.picture.chosen_edges, is_reconnected=is_reconnected)

    def paste(self, at: QPointF | None = None) -> None:
        """Adds what is on the clipboard: there, or under the pointer, or a little aside."""
        where = self.pointed_at if at is None else at
        problem = self.editor.paste((where.x(), where.y()) if where is not None else None)
        if problem is not None:
            self.refused.emit(problem)

    def arrange(self, *, way: Way | None = None) -> None:
        """Lays the network out tidily, as one undo step, and shows it where it is out of sight.

        Without a `way` it leads where the person prefers; else that is preferred from now on.
        """
        if way is not None:
            self.prefer_way(way)
        area = self.viewport().rect()
        self.editor.arrange(
            self.picture.card_size,
            self.picture.room_below,
            (float(area.width()), float(area.height())),
            way=self.preferred_way,
        )
        if not self.seen.contains(self.picture.content()):
            self.show_beginning()

    def show_chosen(self) -> None:
        """Shows what is selected, as large as it can be up to life size."""
        remarks = self.picture.remarks
        areas = [remarks[i].area for i in remarks.chosen]
        if self.selection.nodes:
            areas.append(self.picture.content(self.selection.nodes))
        if areas:
            self.show_area(bounds(areas))

    def add_frame(self, at: QPointF | None = None) -> None:
        """Puts a frame around the selected cards, or where it is free, and asks for its title."""
        boxes = self._chosen_boxes()
        whole = around(boxes.values()) if boxes else None
        middle = self._pointed_or_middle() if at is None else at
        self._write_new(self.remark_editor.add_frame(whole, (middle.x(), middle.y())))

    def add_note(self, at: QPointF | None = None) -> None:
        """Puts a note there, or under the pointer, beside the cards, and asks for its text."""
        area = QRectF(QPointF(), QSizeF(*NOTE_SIZE))
        area.moveCenter(self._pointed_or_middle() if at is None else at)
        place = free_area(area, self.picture.cards_at_home().values()).center()
        self._write_new(self.remark_editor.add_note((place.x(), place.y())))

    def _write_new(self, remark_id: str) -> None:
        """It alone is selected: what is deleted next is it and not the cards."""
        self.selection.choose(())
        self.picture.choose_edges(())
        self.picture.remarks.choose((remark_id,))
        self.write_remark(remark_id)

    def _pointed_or_middle(self) -> QPointF:
        pointed = self.pointed_at
        middle = QPointF(self.viewport().rect().center())
        return self.in_scene(middle) if pointed is None else pointed

    def align(self, line: Line, words: str) -> None:
        """Sets the selected cards in line, as one undo step with that name."""
        self._put(aligned(self._chosen_boxes(), line), words)

    def distribute(self, axis: Axis, words: str) -> None:
        """Gives the selected cards equal gaps, as one undo step with that name."""
        self._put(distributed(self._chosen_boxes(), axis), words)

    def _chosen_boxes(self) -> Boxes:
        self.picture.stop_moving()
        return boxes_of(self.picture, self.picture.view.cards_of(self.selection.nodes))

    def _put(self, places: Mapping[str, Position], words: str) -> None:
        # In halves: sums of other fractions would differ from place to place by a rounding error.
        even = {i: (round(2 * x) / 2, round(2 * y) / 2) for i, (x, y) in places.items()}
        self.editor.move(even, words=words)

    def let_go(self) -> None:
        """Escape: ends the gesture without a trace, else selects nothing."""
        if self.is_in_gesture:
            self.cancel_gesture()
        else:
            self.picture.choose_edges(())
            self.picture.remarks.choose(())
            self.selection.choose(())

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if not self.is_in_gesture:
            open_menu(self, event)

    @override
    def event(self, event: QEvent) -> bool:
        # Tab comes here first, or it would only move the focus on; Shift+Tab still does.
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() == Qt.Key.Key_Tab
            and not event.modifiers()
        ):
            self.keyPressEvent(event)
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            self.hold_panning_key(True)
            return
        act = keys.act_for(event)
        if self.is_in_gesture and event.key() != Qt.Key.Key_Escape:
            return
        if act is None:
            event.ignore()
            return
        act(self)

    @override
    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.hold_panning_key(False)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.hold_panning_key(False)
        self.editor.document.end_merge()

    def _on_replaced(self) -> None:
        self._is_new, self._left_at = True, None

    def _on_document_changed(self, _before: Project, _after: Project) -> None:
        self.cancel_gesture()
        if self._is_new:
            self._is_new = False
            self.show_beginning()

    def _on_selection_changed(self) -> None:
        cards = self.picture.cards_chosen()
        only = self.selection.only or (cards[0] if len(cards) == 1 else None)
        self._left_at = self.picture.view.graph.positions.get(only or "", self._left_at)
        faces = self.picture.node_items
        said = (
            faces[only].face.spoken()
            if only is not None and only in faces
            else tr(
                "{count} {count|node|nodes}, {chosen} selected. Arrow keys go from node to node, "
                "Tab adds a layer, C connects.",
                count=len(faces),
                chosen=len(self.selection.nodes),
            )
        )
        self.setAccessibleDescription(said)
        if self.selection.nodes:
            self.picture.choose_edges(())
            self.picture.remarks.choose(())

    def _walked_from(self) -> str | None:
        cards = self.picture.cards_chosen()
        if len(cards) == 1:
            return cards[0]
        return self._walker if self._walker in self.selection.nodes else None

    def _wanted_by_key(self) -> Wanted:
        """Where a layer goes that was asked for by key: the selection says it."""
        edges, cards = self.picture.chosen_edges, self.picture.cards_chosen()
        if len(edges) == 1:
            (edge,) = edges
            middle = self.picture.edge_items[edge].boundingRect().center()
            return Wanted(
                (middle.x(), middle.y()), onto=edge, signal=self.picture.signal_of(edge.source)
            )
        face = self.picture.node_items[cards[0]].face if len(cards) == 1 else None
        if face is not None and face.has_output:
            return self._wanted_behind(cards[0], face.exit or cards[0])
        centre = self.in_scene(QPointF(self.viewport().rect().center()))
        middle = free_middle(centre, self._taken_around(centre), self.seen)
        return Wanted((middle.x(), middle.y()))

    def _wanted_behind(self, card: str, source: str) -> Wanted:
        """A layer to be fed by a card: behind it, and aside where a branch is already."""
        way, (x, y) = self.picture.way, self.picture.view.graph.positions[card]
        behind = (x + STEP_ASIDE, y + CARD_HEIGHT / 2)
        below = (x + CARD_WIDTH / 2, y + CARD_HEIGHT + GAP)
        signal, port = self.picture.signal_of(source), Port(source, "output")
        meant = Wanted(below if way == "down" else behind, port, signal, way=way)
        middle = QPointF(*meant.middle)
        free = free_middle(middle, self._taken_around(middle), self.seen, behind=way)
        aside = free - middle
        place = (meant.position[0] + aside.x(), meant.position[1] + aside.y())
        return replace(meant, position=place)

    def _taken_around(self, middle: QPointF) -> tuple[QRectF, ...]:
        """Where cards and their notes lie, as far as a place is looked for."""
        found = self.picture.items(reach_of(middle))
        cards = (item for item in found if isinstance(item, NodeItem | NoteItem))
        return tuple(item.sceneBoundingRect() for item in cards)
