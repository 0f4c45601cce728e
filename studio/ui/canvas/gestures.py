"""One object for each gesture: it starts, moves, finishes or is cancelled without a trace.

A gesture shows what it would do on the scene alone; the edit is made once, on finish.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtWidgets import QGraphicsRectItem
from typing_extensions import override

from studio.core.design.graph import Edge
from studio.ui.canvas.editor import Editor
from studio.ui.canvas.geometry import CARD_HEIGHT, CARD_WIDTH, GRID, Port, centred
from studio.ui.canvas.offers import Wanted
from studio.ui.canvas.scene import CanvasScene
from studio.ui.selection import Selection

Modifier = Qt.KeyboardModifier
ADDING = Modifier.ShiftModifier | Modifier.ControlModifier
BAND_Z = 10.0


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where the pointer is, in the scene and on the canvas, and which keys are held."""

    scene: QPointF
    view: QPointF
    held: Qt.KeyboardModifier = Modifier.NoModifier

    @property
    def is_adding(self) -> bool:
        """True while Shift or Ctrl is held."""
        return bool(self.held & ADDING)

    @property
    def is_toggling(self) -> bool:
        """True while Ctrl is held: what is selected already is let go."""
        return bool(self.held & Modifier.ControlModifier)


class Stage(Protocol):
    """What a gesture needs of the canvas it happens on."""

    picture: CanvasScene
    editor: Editor
    selection: Selection

    @property
    def zoom(self) -> float:
        """1.0 is life size."""

    @property
    def seen(self) -> QRectF:
        """The part of the scene that is in sight."""

    def pan_by(self, across: float, down: float) -> None:
        """Moves what is seen."""

    def ask_layer(self, wanted: Wanted) -> None:
        """Opens the quick-add box."""

    def say(self, text: str, *, is_refusal: bool = True) -> None:
        """Shows a sentence beside the pointer, a refusal or a doubt; an empty one hides it."""


class Gesture:
    """The base: does nothing. `cursor` is what the pointer looks like meanwhile.

    One that `pans_at_border` moves what is seen along where it is dragged there.
    """

    cursor: Qt.CursorShape | None = None
    pans_at_border = False

    def __init__(self, stage: Stage) -> None:
        self.stage = stage

    def start(self, at: Pointer) -> None:
        """The button went down, or the drag came in."""

    def move(self, at: Pointer) -> None:
        """The pointer is elsewhere."""

    def finish(self, at: Pointer) -> None:
        """The button went up: the edit is made."""

    def cancel(self) -> None:
        """Escape, or another reason: everything looks as before."""


class Pan(Gesture):
    """Moves the canvas under the pointer."""

    cursor = Qt.CursorShape.ClosedHandCursor

    @override
    def start(self, at: Pointer) -> None:
        self._last = at.view

    @override
    def move(self, at: Pointer) -> None:
        by = at.view - self._last
        self._last = at.view
        self.stage.pan_by(by.x(), by.y())


class Band(Gesture):
    """Selects the cards that a rectangle touches, and the remarks that it holds.

    Shift adds them to what is selected; Ctrl adds them, or lets them go where they were.
    """

    pans_at_border = True

    @override
    def start(self, at: Pointer) -> None:
        selection = self.stage.selection
        self._from = at.scene
        self._before = selection.nodes
        self._edges_before = self.stage.picture.chosen_edges
        self._remarks_before = self.stage.picture.remarks.chosen
        self._kept = selection.nodes if at.is_adding else frozenset()
        self._is_toggling = at.is_toggling
        self._rectangle = QGraphicsRectItem()
        self._rectangle.setBrush(self.stage.picture.style_in_use.band)
        self._rectangle.setPen(self.stage.picture.style_in_use.band_pen)
        self._rectangle.setZValue(BAND_Z)
        self.stage.picture.addItem(self._rectangle)
        self.stage.picture.choose_edges(())
        selection.choose(self._kept)
        self._kept_remarks = self._remarks_before if at.is_adding else frozenset()
        self.stage.picture.remarks.choose(self._kept_remarks)

    @override
    def move(self, at: Pointer) -> None:
        area = QRectF(self._from, at.scene).normalized()
        self._rectangle.setRect(area)
        touched = self.stage.picture.cards_in(area)
        kept = self._kept
        self.stage.selection.choose(kept ^ touched if self._is_toggling else kept | touched)
        remarks = self.stage.picture.remarks
        remarks.choose(self._kept_remarks | remarks.within(area))

    @override
    def finish(self, at: Pointer) -> None:
        self.stage.picture.removeItem(self._rectangle)

    @override
    def cancel(self) -> None:
        self.stage.picture.removeItem(self._rectangle)
        self.stage.selection.choose(self._before & set(self.stage.editor.graph.nodes))
        self.stage.picture.choose_edges(self._edges_before)
        remarks = self.stage.editor.graph.remarks
        self.stage.picture.remarks.choose(self._remarks_before & set(remarks))


class DropLayer(Gesture):
    """A layer comes in from the palette: a pale card shows where it would stand."""

    def __init__(self, stage: Stage, layer: str, ghost: Callable[[], QGraphicsRectItem]) -> None:
        super().__init__(stage)
        self._layer = layer
        self._make_ghost = ghost
        self._target = EdgeTarget(stage)

    @override
    def start(self, at: Pointer) -> None:
        self._ghost = self._make_ghost()
        self.stage.picture.addItem(self._ghost)
        self.move(at)

    @override
    def move(self, at: Pointer) -> None:
        edge = self.stage.picture.edge_at(at.scene)
        self._target.look(edge)
        self._ghost.setPos(
            self._below(edge)
            if edge is not None
            else QPointF(*centred((at.scene.x(), at.scene.y())))
        )

    def _below(self, edge: Edge) -> QPointF:
        """Under the edge it would go into, so that edge and neighbours stay in sight."""
        middle = self.stage.picture.edge_items[edge].path().pointAtPercent(0.5)
        return middle + QPointF(-CARD_WIDTH / 2, CARD_HEIGHT / 2 + GRID / 2)

    @override
    def finish(self, at: Pointer) -> None:
        self.stage.picture.removeItem(self._ghost)
        onto = self._target.take()
        self.stage.editor.place(self._layer, (at.scene.x(), at.scene.y()), onto=onto)

    @override
    def cancel(self) -> None:
        self._target.take()
        self.stage.picture.removeItem(self._ghost)


class PressLink(Gesture):
    """Presses the fix of a note; it is applied where the button goes up on it again."""

    cursor = Qt.CursorShape.PointingHandCursor

    def __init__(self, stage: Stage, node_id: str) -> None:
        super().__init__(stage)
        self._node = node_id

    @override
    def finish(self, at: Pointer) -> None:
        note = self.stage.picture.note_link_at(at.scene)
        if note is not None and note.node_id == self._node and note.problem.fix is not None:
            self.stage.editor.fix(note.problem.fix)


class EdgeTarget:
    """The edge that lights up under what is dragged, and that it would be inserted into."""

    def __init__(self, stage: Stage) -> None:
        self._picture = stage.picture
        self._edge: Edge | None = None

    def look(self, edge: Edge | None) -> None:
        """Lights up another edge, or none."""
        if edge != self._edge:
            self._light(False)
            self._edge = edge
            self._light(True)

    def take(self) -> Edge | None:
        """The edge; it is no longer lit."""
        edge = self._edge
        self.look(None)
        return edge

    def _light(self, is_on: bool) -> None:
        if self._edge is not None and self._edge in self._picture.edge_items:
            self._picture.edge_items[self._edge].highlight(is_on)


def loose_end(port: Port, at: QPointF, stage: Stage) -> Wanted:
    """What is wanted where an edge was let go on empty space: a layer for its loose end."""
    signal = stage.picture.signal_of(port.node) if port.side == "output" else None
    return Wanted((at.x(), at.y()), port, signal, way=stage.picture.way)
