"""The canvas under the mouse: which gesture is on, what is hovered, what is dropped on it."""

from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QHideEvent,
    QMouseEvent,
)
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from studio.core.catalogue import LAYERS
from studio.ui.canvas.block_editor import BlockEditor
from studio.ui.canvas.block_gestures import (
    DropBlock,
    DropFiles,
    PressFold,
    block_files_of,
    block_ghost,
    file_ghost,
)
from studio.ui.canvas.boxes import Boxes
from studio.ui.canvas.camera import Camera
from studio.ui.canvas.connecting import Connect, PressEdge, picked_up
from studio.ui.canvas.edge_pan import EdgePan
from studio.ui.canvas.editor import LAYER_MIME, Editor
from studio.ui.canvas.gestures import Band, DropLayer, Gesture, Pan, Pointer, PressLink
from studio.ui.canvas.hovering import Hovering
from studio.ui.canvas.moving import MoveNodes
from studio.ui.canvas.node_item import ghost_of
from studio.ui.canvas.offers import Wanted
from studio.ui.canvas.remark_box import RemarkBox
from studio.ui.canvas.remark_editor import RemarkEditor
from studio.ui.canvas.remarking import MoveRemarks, ResizeRemark
from studio.ui.canvas.scene import CanvasScene
from studio.ui.document import Document
from studio.ui.selection import Selection

_Button = Qt.MouseButton


class PointedCanvas(Camera):
    """A canvas that can be edited with the mouse. One gesture is on at a time, or none.

    Signals:
        carried(is_on): something is being carried in from elsewhere, or no longer.
    """

    carried = Signal(bool)

    def __init__(
        self, document: Document, selection: Selection, parent: QWidget | None = None
    ) -> None:
        super().__init__(CanvasScene(document, selection), parent)
        self.picture.setParent(self)
        self.selection = selection
        self.editor = Editor(document, selection)
        self.boxes = Boxes(self, self.editor)
        self.remark_editor = RemarkEditor(document)
        self._remark_box = RemarkBox(self)
        self._remark_box.written.connect(self.remark_editor.write)
        self._remark_box.closed.connect(self._on_remark_closed)
        self.editor.chosen_remarks = lambda: self.picture.remarks.chosen
        self.editor.choose_remarks = lambda ids: self.picture.remarks.choose(ids)
        self.block_editor = BlockEditor(document, selection)
        self._gesture: Gesture | None = None
        self._is_panning_key_held = False
        self._hovering = Hovering(self.picture)
        self._edge_pan = EdgePan(self)
        self._edge_pan.moved.connect(self._on_border_panned)
        self._last_at, self._held = QPoint(), Qt.KeyboardModifier.NoModifier
        self.setMouseTracking(True)
        self.setAcceptDrops(True)

    def ask_layer(self, wanted: Wanted) -> None:
        """Opens the quick-add box."""
        self.boxes.ask_layer(wanted)

    def wanted_at(self, point: QPointF) -> Wanted:
        """What is wanted where a layer is asked for: one in the edge that is there, or just one."""
        edge, place = self.picture.edge_at(point), (point.x(), point.y())
        if edge is None:
            return Wanted(place)
        return Wanted(place, onto=edge, signal=self.picture.signal_of(edge.source))

    def write_remark(self, remark_id: str) -> None:
        """Opens the title of a frame or the text of a note in its place."""
        remark = self.remark_editor.remarks[remark_id]
        self._remark_box.ask(remark, self.on_canvas(self.picture.remarks[remark_id].area))

    def say(self, text: str, *, is_refusal: bool = True) -> None:
        """Shows a sentence beside the pointer; an empty one hides it."""
        self.boxes.say(text, self._last_at, is_refusal=is_refusal)

    @property
    def is_in_gesture(self) -> bool:
        """True between the press and the release of a button."""
        return self._gesture is not None

    def cancel_gesture(self) -> None:
        """Ends the gesture without a trace."""
        if self._gesture is not None:
            gesture = self._gesture
            self._end_gesture()
            gesture.cancel()

    def hold_panning_key(self, is_held: bool) -> None:
        """While it is held, the left button pans."""
        self._is_panning_key_held = is_held
        self._show_cursor()

    @property
    def pointed_at(self) -> QPointF | None:
        """Where the pointer is in the scene, or None while it is not on the canvas."""
        return self.in_scene(QPointF(self._last_at)) if self.viewport().underMouse() else None

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()
        if self._gesture is not None:
            return
        at = self._pointer(event)
        gesture = self._gesture_for(event, at)
        if gesture is not None:
            self._begin(gesture, at)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = self._pointer(event)
        if self._gesture is not None:
            self._gesture.move(at)
            if self._gesture.pans_at_border:
                self._edge_pan.follow(at.view, QRectF(self.viewport().rect()))
            return
        super().mouseMoveEvent(event)
        self._show_cursor(self._hovering.look(at.scene))

    @override
    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hovering.clear()

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()
        gesture = self._gesture
        if gesture is not None and event.button() in (_Button.LeftButton, _Button.MiddleButton):
            self._end_gesture()
            gesture.finish(self._pointer(event))

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        at = self._pointer(event)
        node_id = self.picture.node_at(at.scene)
        if event.button() != _Button.LeftButton or self._is_busy_at(at):
            self.mousePressEvent(event)
        elif node_id is not None and node_id in self.editor.graph.blocks:
            self.block_editor.fold(node_id, is_open=True)
        elif node_id is not None:
            self.boxes.ask_name(node_id)
        elif (block_id := self.picture.frames.at(at.scene)) is not None:
            self.block_editor.fold(block_id, is_open=False)
        elif (remark_id := self.picture.remarks.at(at.scene)) is not None:
            self.write_remark(remark_id)
        else:
            self.ask_layer(self.wanted_at(at.scene))

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        layer = bytes(event.mimeData().data(LAYER_MIME).data()).decode("utf-8", "replace")
        files = block_files_of(event.mimeData())
        gesture = self._drop_of_files(files) if files else self._drop_of(layer)
        if gesture is None:
            event.ignore()
            return
        event.acceptProposedAction()
        self._begin(gesture, self._dragged(event.position()))

    def _drop_of(self, key: str) -> DropLayer | None:
        """What carries in a layer, or a block of the palette."""
        if key in LAYERS:
            return DropLayer(self, key, lambda: ghost_of(LAYERS[key], self.picture.style_in_use))
        shelf = self.block_editor.shelf
        offer = shelf.offer(key) if shelf is not None else None
        if offer is None:
            return None
        return DropBlock(
            self, self.block_editor, key, lambda: block_ghost(offer, self.picture.style_in_use)
        )

    def _drop_of_files(self, paths: tuple[Path, ...]) -> DropLayer:
        """What carries in blocks from outside the window."""
        return DropFiles(
            self, self.block_editor, paths, lambda: file_ghost(paths[0], self.picture.style_in_use)
        )

    @override
    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if isinstance(self._gesture, DropLayer):
            event.acceptProposedAction()
            self._gesture.move(self._dragged(event.position()))

    @override
    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        if isinstance(self._gesture, DropLayer):
            self.cancel_gesture()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        gesture = self._gesture
        if isinstance(gesture, DropLayer):
            event.acceptProposedAction()
            self._end_gesture()
            gesture.finish(self._dragged(event.position()))
            self.setFocus(Qt.FocusReason.MouseFocusReason)

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.cancel_gesture()
        self.picture.stop_moving()

    def _gesture_for(self, event: QMouseEvent, at: Pointer) -> Gesture | None:
        if event.button() == _Button.MiddleButton:
            return Pan(self)
        if event.button() != _Button.LeftButton:
            return None
        if self._is_panning_key_held:
            return Pan(self)
        port = self.picture.port_at(at.scene)
        if port is not None:
            return Connect(self, *picked_up(self, port))
        note = self.picture.note_link_at(at.scene)
        if note is not None:
            return PressLink(self, note.node_id)
        node_id = self.picture.mark_at(at.scene) or self.picture.node_at(at.scene)
        if node_id is not None:
            return MoveNodes(self, node_id)
        return self._block_gesture(at) or self._remark_gesture(at) or self._ground_gesture(at)

    def _block_gesture(self, at: Pointer) -> Gesture | None:
        """What is done to an open block by its frame."""
        frames = self.picture.frames
        folding = frames.fold_at(at.scene)
        if folding is not None:
            return PressFold(self, self.block_editor, folding)
        block_id = frames.at(at.scene)
        return MoveNodes(self, block_id) if block_id is not None else None

    def _remark_gesture(self, at: Pointer) -> Gesture | None:
        corner = self.picture.remarks.corner_at(at.scene)
        if corner is not None:
            return ResizeRemark(self, self.remark_editor, *corner)
        remark_id = self.picture.remarks.at(at.scene)
        return MoveRemarks(self, remark_id) if remark_id is not None else None

    def _ground_gesture(self, at: Pointer) -> Gesture:
        edge = self.picture.edge_at(at.scene)
        return PressEdge(self, edge) if edge is not None else Band(self)

    def _begin(self, gesture: Gesture, at: Pointer) -> None:
        self.cancel_gesture()  # a layer may be carried in while a card is being dragged
        self._hovering.clear()
        self._gesture = gesture
        if isinstance(gesture, DropLayer):
            self.carried.emit(True)
        gesture.start(at)
        self._show_cursor()

    def _end_gesture(self) -> None:
        was_carried = isinstance(self._gesture, DropLayer)
        self._gesture = None
        if was_carried:
            self.carried.emit(False)
        self._edge_pan.stop()
        self._show_cursor()

    def _on_border_panned(self, across: float, down: float) -> None:
        if self._gesture is not None:
            self.pan_by(across, down)
            at = QPointF(self._last_at)
            self._gesture.move(Pointer(self.in_scene(at), at, self._held))

    def _on_remark_closed(self) -> None:
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_cursor(self, over: Qt.CursorShape | None = None) -> None:
        cursor = self._gesture.cursor if self._gesture is not None else None
        if cursor is None and self._is_panning_key_held:
            cursor = Qt.CursorShape.OpenHandCursor
        self.viewport().setCursor(cursor or over or Qt.CursorShape.ArrowCursor)

    def _is_busy_at(self, at: Pointer) -> bool:
        """True where a double click means no more than two clicks."""
        return (
            self.picture.port_at(at.scene) is not None
            or self._is_panning_key_held
            or self.picture.note_link_at(at.scene) is not None
        )

    def _pointer(self, event: QMouseEvent) -> Pointer:
        self._last_at, self._held = event.position().toPoint(), event.modifiers()
        return Pointer(self.in_scene(event.position()), event.position(), event.modifiers())

    def _dragged(self, at: QPointF) -> Pointer:
        return Pointer(self.in_scene(at), at)

    def in_scene(self, at: QPointF) -> QPointF:
        """A point of the canvas, in the scene."""
        return self.viewportTransform().inverted()[0].map(at)
