"""What opens on top of the canvas for a moment: quick-add, wires by key, a new name, a hint."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, QPointF, QRectF, Qt, Signal, Slot

from studio.core.catalogue import LAYERS
from studio.core.design.block_fitting import Spot
from studio.core.design.project import Project
from studio.core.words import tr
from studio.ui.block_offers import with_blocks
from studio.ui.canvas.block_editor import BlockEditor
from studio.ui.canvas.camera import Camera
from studio.ui.canvas.drawn_wire import LooseWire
from studio.ui.canvas.editor import Editor
from studio.ui.canvas.geometry import CARD_HEIGHT, CARD_WIDTH
from studio.ui.canvas.offers import Wanted, layers_for, spot_for
from studio.ui.canvas.rename_box import RenameBox
from studio.ui.canvas.wire_preview import WirePreview
from studio.ui.choice_box import ChoiceBox
from studio.ui.controls import Tag
from studio.ui.layer_offers import Finder, Ground, behind, instead, spot_behind, spot_of
from studio.ui.recent_layers import RecentLayers
from studio.ui.theme import SPACE_1, SPACE_4
from studio.ui.wire_rows import DRAW, wire_of, wire_rows


class Boxes(QObject):
    """The boxes of one canvas. Each closes without a trace, or makes one edit.

    Signals:
        parameters_wanted(node_id): the settings of a node are to have the keyboard.
    """

    parameters_wanted = Signal(str)

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
        self._recent = RecentLayers()
        self._blocks: BlockEditor | None = None
        self._preview = WirePreview(camera)
        self._loose = LooseWire(camera.picture)
        self._look: Callable[[str], object] = _take_nothing
        self._choice.chosen.connect(self._on_chosen)
        self._choice.pointed.connect(self._on_pointed)
        self._choice.passed.connect(self._on_passed)
        self._choice.closed.connect(self._on_closed)
        self._rename.renamed.connect(editor.rename)
        self._rename.closed.connect(self._on_closed)
        editor.document.changed.connect(self._on_changed)

    def remember_in(self, recent: RecentLayers) -> None:
        """Where it is kept which layers were placed lately."""
        self._recent = recent

    def offer_blocks(self, blocks: BlockEditor) -> None:
        """From where blocks are placed that are offered beside the layers."""
        self._blocks = blocks

    def ask_layer(self, wanted: Wanted) -> None:
        """Offers the layers for a place; the chosen one is placed and wired there."""

        def place(key: str) -> None:
            placing = self._placing(key)
            placing.place(key, wanted.middle, onto=wanted.onto, source=wanted.port)

        ground = self._ground()
        find = self._with_blocks(layers_for(wanted, ground), spot_for(wanted, ground))
        self._ask(QPointF(*wanted.position), self._words_for(wanted), find, place)
        self._loose.hang(wanted)

    def ask_parameters(self) -> None:
        """Asks for the settings of the selected node."""
        if self._editor.selection.only is not None:
            self.parameters_wanted.emit(self._editor.selection.only)

    def ask_behind_chosen(self) -> None:
        """`ask_behind` the selected node."""
        if self._editor.selection.only is not None:
            self.ask_behind(self._editor.selection.only)

    def ask_replacement_of_chosen(self) -> None:
        """`ask_replacement` of the selected node."""
        if self._editor.selection.only is not None:
            self.ask_replacement(self._editor.selection.only)

    def ask_behind(self, node_id: str) -> None:
        """Offers the layers and blocks that go between a node and all that it feeds."""
        if not self._editor.graph.outgoing(node_id):
            return

        def place(key: str) -> None:
            self._placing(key).place_behind(key, node_id)

        ground = self._ground()
        words = tr("Insert a layer behind {name}", name=self._name_of(node_id))
        find = self._with_blocks(behind(ground, node_id), spot_behind(ground, node_id))
        self._ask(self._corner(node_id), words, find, place)

    def ask_replacement(self, node_id: str) -> None:
        """Offers the layers and blocks for the place of a node."""

        def replace(key: str) -> None:
            self._placing(key).replace(node_id, key)

        ground = self._ground()
        words = tr("Replace {name} by", name=self._name_of(node_id))
        find = self._with_blocks(instead(ground, node_id), spot_of(ground, node_id))
        self._ask(self._corner(node_id), words, find, replace)

    def ask_wire(self, node_id: str) -> None:
        """Offers the wires that a node can get or lose; the one looked at is shown meanwhile."""
        editor, ground = self._editor, self._ground()

        def draw_or_cut(key: str) -> None:
            act, edge = wire_of(key)
            editor.connect(edge) if act == DRAW else editor.disconnect(edge)

        words = tr("Connect or disconnect {name}", name=self._name_of(node_id))
        self._open(draw_or_cut, self._preview.look)
        at = self._camera.mapFromScene(self._corner(node_id))
        self._choice.ask(at, words, lambda typed: wire_rows(ground, node_id, typed))

    def ask_name(self, node_id: str) -> None:
        """Opens a field over the title of a node or a block."""
        frames = self._camera.picture.frames
        if node_id in frames:
            area = self._camera.on_canvas(frames[node_id].title_area)
            self._rename.ask(node_id, frames[node_id].block.name, area)
            return
        item = self._camera.picture.node_items.get(node_id)
        if item is None:
            return  # a block in one that is closed
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
            free = self._camera.size() - self._hint.size()
            where = at + QPoint(SPACE_4, SPACE_1 - self._hint.height())
            left = max(SPACE_1, min(where.x(), free.width() - SPACE_1))
            lift = SPACE_4 if left < where.x() else 0  # not over what is pointed at
            self._hint.move(left, max(SPACE_1, where.y() - lift))
            self._hint.raise_()

    def _ask(self, at: QPointF, words: str, find: Finder, place: Callable[[str], object]) -> None:
        """Opens the box; a layer that is taken is remembered as used."""

        def take(layer: str) -> None:
            if layer in LAYERS:
                self._recent.use(layer)
            place(layer)

        self._open(take, _take_nothing)
        self._choice.ask(self._camera.mapFromScene(at), words, find)

    def _with_blocks(self, find: Finder, spot: Spot) -> Finder:
        return with_blocks(find, self._blocks.shelf, spot) if self._blocks is not None else find

    def _placing(self, key: str) -> Editor | BlockEditor:
        """Who places what has that key: a layer, or a block."""
        return self._editor if key in LAYERS or self._blocks is None else self._blocks

    def _open(self, take: Callable[[str], object], look: Callable[[str], object]) -> None:
        """What is done with a row, and while it is looked at; what was asked before is over."""
        self._look("")
        self._loose.clear()
        self._take, self._look = take, look

    def _ground(self) -> Ground:
        document = self._editor.document
        return Ground(document.project, document.report, self._recent.keys)

    def _words_for(self, wanted: Wanted) -> str:
        if wanted.onto is not None:
            source, target = self._name_of(wanted.onto.source), self._name_of(wanted.onto.target)
            return tr("Add a layer between {source} and {target}", source=source, target=target)
        if wanted.port is None:
            return tr("Add a layer")
        name = self._name_of(wanted.port.node)
        if wanted.port.side == "output":
            return tr("Add a layer after {name}", name=name)
        return tr("Add a layer before {name}", name=name)

    def _name_of(self, node_id: str) -> str:
        return self._editor.graph.nodes[node_id].name

    def _corner(self, node_id: str) -> QPointF:
        return self._camera.picture.content((node_id,)).topRight()

    @Slot(object, object)
    def _on_changed(self, before: Project, after: Project) -> None:
        """What the box offers was for the network before: of a node that is gone, perhaps."""
        if before.graph is not after.graph:
            self._choice.close_box()

    def _on_chosen(self, key: str) -> None:
        self._loose.clear()
        self._take(key)

    def _on_pointed(self, key: str) -> None:
        self._look(key)

    def _on_passed(self, is_onward: bool) -> None:
        """Tab opens the box, and once more leads on: the canvas is no trap."""
        self._camera.focusNextPrevChild(is_onward)

    def _on_closed(self) -> None:
        self._take = _take_nothing
        self._look = _take_nothing
        self._loose.clear()
        self._camera.setFocus(Qt.FocusReason.OtherFocusReason)


def _take_nothing(_key: str) -> None:
    """What is done with a row when nothing was asked."""
