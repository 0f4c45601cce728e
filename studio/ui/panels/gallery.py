"""Gallery: tiles beside and below each other, spread over the whole width at any width."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QListView, QWidget
from typing_extensions import override

from studio.core.words import tr
from studio.ui.panels.thumbnail_model import ThumbnailModel
from studio.ui.panels.tiles import TileDelegate
from studio.ui.theme import SPACE_1


class Gallery(QListView):
    """As many columns as have room; what is left over goes between them, not behind the last."""

    def __init__(self, model: ThumbnailModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pictures")
        self.setAccessibleName(tr("Pictures"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setLayoutMode(QListView.LayoutMode.Batched)
        self.setBatchSize(2_000)
        self.setSpacing(SPACE_1)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        # A bar that comes and goes would change how many columns have room.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setModel(model)

    def show_tiles(self, tiles: TileDelegate) -> None:
        """Draws the samples in another way."""
        self.setItemDelegate(tiles)
        self._spread()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._spread()
        super().resizeEvent(event)

    def _spread(self) -> None:
        tiles = self.itemDelegate()
        if isinstance(tiles, TileDelegate):
            tiles.fill(self.viewport().width() - 2 * SPACE_1, SPACE_1)
            self.scheduleDelayedItemsLayout()
