"""BehindSamples: the sounds or clips behind a cell, with truth and answer, to hear and to see."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QFrame, QListView, QVBoxLayout, QWidget
from typing_extensions import override

from studio.core.design.previews import SoundPreview, VideoPreview
from studio.core.run.mistakes import answer_words
from studio.core.run.results import Evaluation
from studio.core.words import tr
from studio.ui.controls import label
from studio.ui.panels.thumbnail_model import Thumbnail, ThumbnailModel, thumbnails_of
from studio.ui.panels.tiles import ClipDelegate, SoundDelegate
from studio.ui.player import Player
from studio.ui.theme import SPACE_1

NOWHERE = QModelIndex()


class BehindSamples(QWidget):
    """A wall of tiles. A click plays a sound; clips play under the pointer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.player = Player(self)
        self.model = _Fixed(self)
        self.view = QListView()
        self.view.setObjectName("rows_behind.samples")
        self.view.setAccessibleName(tr("Sounds or clips"))
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setViewMode(QListView.ViewMode.IconMode)
        self.view.setResizeMode(QListView.ResizeMode.Adjust)
        self.view.setMovement(QListView.Movement.Static)
        self.view.setUniformItemSizes(True)
        self.view.setSpacing(SPACE_1)
        self.view.setMouseTracking(True)
        self.view.setModel(self.model)
        self._sounds, self._clips = SoundDelegate(self.view), ClipDelegate(self.view)
        self.view.setItemDelegate(self._sounds)
        self._words = label("", size="small", tone="soft")
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self._words)
        rows.addWidget(self.view, 1)
        self.view.clicked.connect(self._on_taken)
        self.view.activated.connect(self._on_taken)
        self.player.changed.connect(self._show_words)

    def leave(self) -> None:
        """Silence and stillness."""
        self.player.stop()
        self._clips.stop()

    def show_samples(
        self, evaluation: Evaluation, places: Sequence[int], samples: SoundPreview | VideoPreview
    ) -> None:
        """The samples at these places of the evaluation."""
        self.player.stop()
        made = []
        for place, one in zip(places, thumbnails_of(samples), strict=False):
            truth, answer, sure = answer_words(evaluation, place)
            words = (
                truth
                if truth == answer
                else tr("{truth} → {answer}", truth=truth, answer=answer or tr("nothing"))
            )
            made.append(replace(one, label=tr("{words}, {sure}", words=words, sure=sure)))
        is_sound = isinstance(samples, SoundPreview)
        self.view.setItemDelegate(self._sounds if is_sound else self._clips)
        self.model.show_fixed(tuple(made))
        self._words.setVisible(is_sound)
        self._show_words()

    def _show_words(self) -> None:
        self._words.setText(self.player.reason or tr("A click plays a sound."))

    def _on_taken(self, index: QModelIndex) -> None:
        one = self.model.thumbnail(index.row())
        if one is not None and one.sound is not None:
            self.player.play(one.sound.samples, one.sound.rate)


class _Fixed(ThumbnailModel):
    """Samples that are all here."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._samples: tuple[Thumbnail, ...] = ()

    def show_fixed(self, samples: tuple[Thumbnail, ...]) -> None:
        """Other samples."""
        self.beginResetModel()
        self._samples = samples
        self.endResetModel()

    @override
    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._samples)

    @override
    def thumbnail(self, row: int) -> Thumbnail | None:
        return self._samples[row] if 0 <= row < len(self._samples) else None

    @override
    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        one = self.thumbnail(index.row())
        if one is None or role not in (
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.AccessibleTextRole,
            Qt.ItemDataRole.ToolTipRole,
        ):
            return None
        is_tip = role == Qt.ItemDataRole.ToolTipRole
        return tr("{label}, {name}", label=one.label, name=one.name) if is_tip else one.label
