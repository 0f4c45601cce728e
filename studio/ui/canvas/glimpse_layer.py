"""GlimpseLayer: the pictures on the cards of a scene, kept true while cards come and go."""

from collections.abc import Mapping

from PySide6.QtCore import QObject, QSizeF, Slot
from PySide6.QtGui import QPixmap

from studio.core.run.glimpse import Glimpse
from studio.ui.canvas.geometry import TEXT_WIDTH
from studio.ui.canvas.node_item import STRIP_GAP, NodeItem
from studio.ui.canvas.picture_room import strips_of
from studio.ui.canvas.scene import CanvasScene
from studio.ui.document import Document
from studio.ui.glimpse_painting import pixmap_of
from studio.ui.theme import Theme


class GlimpseLayer(QObject):
    """Puts pictures on the cards of a scene; a card without a glimpse, or room for it, has none."""

    def __init__(self, scene: CanvasScene, document: Document, parent: QObject) -> None:
        super().__init__(parent)
        self._scene, self._document = scene, document
        self._glimpses: Mapping[str, Glimpse] = {}
        self._painted: dict[str, tuple[Glimpse, float, QPixmap]] = {}
        self._asked: object = None
        self._room: dict[str, float] = {}
        document.changed.connect(self._on_changed)  # the scene has heard of it before
        Theme.current().changed.connect(self._on_theme_changed)

    @property
    def glimpses(self) -> Mapping[str, Glimpse]:
        """What is shown, by node."""
        return self._glimpses

    def show(self, glimpses: Mapping[str, Glimpse]) -> None:
        """Shows these and no others."""
        self._glimpses = glimpses
        self._apply()

    @Slot()
    def _on_changed(self, *_projects: object) -> None:
        self._apply()

    @Slot()
    def _on_theme_changed(self) -> None:
        self._painted.clear()
        self._apply()

    def _apply(self) -> None:
        """Cards that grew or shrank are put where they are once more, with their wires."""
        exits = self._scene.view.exits
        cards = {i: one for i, one in self._scene.node_items.items() if one.node_id == i}
        strips = self._strips([i for i in cards if exits.get(i, i) in self._glimpses])
        resized = [
            card_id
            for card_id, item in cards.items()
            if self._show(item, exits.get(card_id, card_id), strips.get(card_id, 0.0))
        ]
        for gone in set(self._painted) - set(self._glimpses):
            del self._painted[gone]
        if resized:
            self._scene.show_grown(resized)

    def _strips(self, wanted: list[str]) -> dict[str, float]:
        """How much each card may grow by, where all of them stand now."""
        if not wanted:
            return {}
        scene, cards = self._scene, self._scene.plain_cards()
        frames = scene.frames.areas_around(cards.__getitem__)
        asked = wanted, cards, frames, tuple(scene.remarks.areas)
        if asked != self._asked:  # most edits move nothing
            self._asked, self._room = asked, strips_of(*asked)
        return self._room

    def _show(self, item: NodeItem, node_id: str, strip: float) -> bool:
        glimpse = self._glimpses.get(node_id)
        if glimpse is None or not strip:
            return item.show_picture(None, 0.0)
        known = self._painted.get(node_id)
        if known is None or known[:2] != (glimpse, strip):
            picture = pixmap_of(glimpse, QSizeF(TEXT_WIDTH, strip - STRIP_GAP))
            known = self._painted[node_id] = (glimpse, strip, picture)
        return item.show_picture(known[2], strip)
