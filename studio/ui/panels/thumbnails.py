"""Thumbnails: the pictures, clips or sounds of a dataset by class, as a gallery."""

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from studio.core.design.dataset import DatasetSpec
from studio.core.words import tr
from studio.ui.controls import Rule
from studio.ui.panels.class_list import ClassList
from studio.ui.panels.gallery import Gallery
from studio.ui.panels.sound_view import SoundView
from studio.ui.panels.thumbnail_model import ThumbnailModel
from studio.ui.panels.tiles import ClipDelegate, PictureDelegate, SoundDelegate, TileDelegate
from studio.ui.player import Player
from studio.ui.theme import Theme

LEAST_WITH_CLASSES = 440
_TITLES = {"images": "Pictures", "video": "Clips", "sound": "Sounds"}


class Thumbnails(QWidget):
    """A list of classes beside the samples of the chosen one, or of all.

    Signals:
        sample_chosen(thumbnail): a sample was chosen, a Thumbnail.
    """

    sample_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("thumbnails")
        self.model = ThumbnailModel(self)
        self.classes = ClassList()
        self.pictures = Gallery(self.model)
        self._clips = ClipDelegate(self.pictures)
        self._tiles: dict[str, TileDelegate] = {
            "images": PictureDelegate(self.pictures),
            "video": self._clips,
            "sound": SoundDelegate(self.pictures),
        }
        self.pictures.show_tiles(self._tiles["images"])
        self.sound = SoundView(Player(self))
        self._lay_out()
        self.classes.label_chosen.connect(self._on_label_chosen)
        self.pictures.selectionModel().currentChanged.connect(self._on_current_changed)
        self.pictures.activated.connect(self._on_activated)
        self.model.dataChanged.connect(self._on_samples_came)
        Theme.current().changed.connect(self.pictures.viewport().update)

    def show_dataset(self, dataset: DatasetSpec) -> None:
        """Shows another dataset, all of its classes."""
        kind = dataset.summary.kind if dataset.summary else "images"
        self.pictures.show_tiles(self._tiles.get(kind, self._tiles["images"]))
        self.pictures.setAccessibleName(tr(_TITLES.get(kind, "Samples")))
        self.model.show(dataset)
        self.classes.show_dataset(dataset)
        self._show_classes()
        for part in (self.sound, self._sound_rule):
            part.setVisible(kind == "sound")
        self.sound.show_clip(None)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_classes()

    def leave(self) -> None:
        """Silence and stillness."""
        self.sound.player.stop()
        self._clips.stop()

    def _show_classes(self) -> None:
        """Where there is little room, it belongs to the samples."""
        is_shown = self.classes.count() > 1 and self.width() >= LEAST_WITH_CLASSES
        self.classes.setVisible(is_shown)
        self._rule.setVisible(is_shown)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._rule = Rule(is_vertical=True)
        row.addWidget(self.classes)
        row.addWidget(self._rule)
        rows = QVBoxLayout()
        rows.setSpacing(0)
        rows.addWidget(self.pictures, 1)
        self._sound_rule = Rule()
        rows.addWidget(self._sound_rule)
        rows.addWidget(self.sound)
        row.addLayout(rows, 1)

    def _on_label_chosen(self, label: str) -> None:
        self.model.filter(label)
        self.pictures.scrollToTop()
        self.sound.show_clip(None)

    def _on_current_changed(self, current: QModelIndex) -> None:
        one = self.model.thumbnail(current.row()) if current.isValid() else None
        if one is not None:
            self.sound.show_clip(one.sound)
            self.sample_chosen.emit(one)

    def _on_samples_came(self) -> None:
        """The first sound is shown at once, so that the place below is never empty."""
        if not self.sound.isHidden() and not self.pictures.currentIndex().isValid():
            self.pictures.setCurrentIndex(self.model.index(0))

    def _on_activated(self, _index: QModelIndex) -> None:
        """Enter or a double click: a sound is heard."""
        self.sound.toggle()
