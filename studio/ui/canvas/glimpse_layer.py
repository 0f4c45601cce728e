"""GlimpseLayer: the pictures on the cards of a scene, kept true while cards come and go."""

from collections.abc import Mapping

from PySide6.QtCore import QObject, QSizeF, Slot
from PySide6.QtGui import QPixmap

from studio.core.run.glimpse import Glimpse
from studio.ui.canvas.geometry import TEXT_WIDTH
from studio.ui.canvas.node_item import STRIP_GAP, STRIP_HEIGHT
from studio.ui.canvas.scene import CanvasScene
from studio.ui.document import Document
from studio.ui.glimpse_painting import pixmap_of
from studio.ui.theme import Theme

SIZE = QSizeF(TEXT_WIDTH, STRIP_HEIGHT - STRIP_GAP)


class GlimpseLayer(QObject):
    """Puts pictures on the cards of a scene; a card without a glimpse has none."""

    def __init__(self, scene: CanvasScene, document: Document, parent: QObject) -> None:
        super().__init__(parent)
        self._scene, self._document = scene, document
        self._glimpses: Mapping[str, Glimpse] = {}
        self._painted: dict[str, tuple[Glimpse, QPixmap]] = {}
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
        view = self._scene.view
        resized = {}
        for card_id, item in self._scene.node_items.items():
            if item.node_id != card_id:  # a node inside a closed block
                continue
            picture = self._picture(view.exits.get(card_id, card_id))
            if item.show_picture(picture):
                place = item.pos()
                resized[card_id] = (place.x(), place.y())
        for gone in set(self._painted) - set(self._glimpses):
            del self._painted[gone]
        if resized:
            self._scene.show_at(resized)

    def _picture(self, node_id: str) -> QPixmap | None:
        glimpse = self._glimpses.get(node_id)
        if glimpse is None:
            return None
        known = self._painted.get(node_id)
        if known is None or known[0] != glimpse:
            known = (glimpse, pixmap_of(glimpse, SIZE))
            self._painted[node_id] = known
        return known[1]
