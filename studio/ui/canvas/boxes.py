"""What opens on top of the canvas for a moment: quick-add, wires by key, a new name, a hint."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, QPointF, QRectF, Qt

from studio.core.words import tr
from studio.ui.canvas.camera import Camera
from studio.ui.canvas.choice_box import ChoiceBox
from studio.ui.canvas.editor import Editor
from studio.ui.canvas.geometry import CARD_HEIGHT, CARD_WIDTH, Port
from studio.ui.canvas.offers import Wanted, layer_offers, wire_of, wire_offers
from studio.ui.canvas.rename_box import RenameBox
from studio.ui.controls import Tag
from studio.ui.theme import SPACE_1, SPACE_4


class Boxes(QObject):
    """The boxes of one canvas. Each closes without a trace, or makes one edit."""

    def __init__(self, camera: Camera, editor: Editor) -> None:
        super().__init__(camera)
        self._camera, self._editor = camera, editor
        # Not of the viewport: Qt moves its children along when the canvas is panned.
        self._choice = ChoiceBox(camera)
        self._rename = RenameBox(camera)
        self._hint = Tag("", "problem", camera)
        self._hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._hint.hide()
        self._take: Callable[[str], object] = _take_nothing
        self._choice.chosen.connect(self._on_chosen)
        self._choice.closed.connect(self._on_closed)
        self._rename.renamed.connect(editor.rename)
        self._rename.closed.connect(self._on_closed)

    def ask_layer(self, wanted: Wanted) -> None:
        """Offers the layers for a place; the chosen one is placed and wired there."""

        def place(layer: str) -> None:
            self._editor.place(layer, wanted.middle, onto=wanted.onto, source=wanted.port)

        self._take = place
        words = (
            tr("Add a layer after {name}", name=self._name_of(wanted.port))
            if (wanted.port and wanted.port.side == "output")
            else tr("Add a layer")
        )
        self._choice.ask(
            self._on_viewport(QPointF(*wanted.position)),
            words,
            lambda typed: layer_offers(wanted, typed),
        )

    def ask_wire(self, node_id: str) -> None:
        """Offers the wires that a node can get or lose."""
        editor = self._editor

        def draw_or_cut(key: str) -> None:
            act, edge = wire_of(key)
            editor.connect(edge) if act == "draw" else editor.disconnect(edge)

        self._take = draw_or_cut
        corner = self._camera.picture.content((node_id,)).topRight()
        words = tr("Connect or disconnect {name}", name=editor.graph.nodes[node_id].name)
        self._choice.ask(
            self._on_viewport(corner),
            words,
            lambda typed: tuple(wire_offers(editor.graph, node_id, typed).values()),
        )

    def ask_name(self, node_id: str) -> None:
        """Opens a field over the title of a node."""
        item = self._camera.picture.node_items[node_id]
        title = QRectF(item.pos(), item.pos() + QPointF(CARD_WIDTH, CARD_HEIGHT / 2))
        area = self._camera.on_canvas(title)
        self._rename.ask(node_id, item.face.title, area)

    def say(self, text: str, at: QPoint, *, is_refusal: bool = True) -> None:
        """Shows a sentence beside a point, a refusal or a doubt; an empty one hides it."""
        self._hint.setVisible(bool(text))
        if text:
            self._hint.set_tone("problem" if is_refusal else "attention")
            self._hint.setText(text)
            self._hint.adjustSize()
            self._hint.move(at + QPoint(SPACE_4, SPACE_1 - self._hint.height()))
            self._hint.raise_()

    def _name_of(self, port: Port) -> str:
        return self._editor.graph.nodes[port.node].name

    def _on_viewport(self, point: QPointF) -> QPoint:
        return self._camera.mapFromScene(point)

    def _on_chosen(self, key: str) -> None:
        self._take(key)

    def _on_closed(self) -> None:
        self._take = _take_nothing
        self._camera.setFocus(Qt.FocusReason.OtherFocusReason)


def _take_nothing(_key: str) -> None:
    """What is done with a choice when nothing was asked."""
