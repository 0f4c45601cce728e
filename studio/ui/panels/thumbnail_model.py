"""ThumbnailModel: pictures, clips or sounds for Qt's view, read in chunks as they are looked at.

Previews go round the classes: first one of each, then the second of each, and so on. So the
pictures of one class are found by their rounds.
"""

from collections import OrderedDict
from dataclasses import dataclass
from typing import TypeAlias

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QImage, QPixmap
from typing_extensions import override

from studio.core.design.dataset import DatasetSpec, ImagePreview
from studio.core.design.previews import Preview, SoundClip, SoundPreview, VideoPreview
from studio.core.design.usable import unread_rows
from studio.core.words import tr

CHUNK = 96
MOST_CHUNKS = 40
MOST_IN_A_CHUNK = 960
# Sounds and clips are large: fewer are kept.
FEW, FEWEST_CHUNKS = 24, 8
SIDE = 72
RATIO = 2

Index: TypeAlias = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
SHOWN_ROLES = (
    Qt.ItemDataRole.DecorationRole,
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.AccessibleTextRole,
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Pictures to read: `rows` from `start` on, for the chunk that begins at item `chunk`."""

    chunk: int
    start: int
    rows: int
    label: str


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Thumbnail:
    """One sample as the views paint it: `frames` of a picture (one) or a clip, or a `sound`."""

    label: str
    name: str
    frames: tuple[QPixmap, ...] = ()
    sound: SoundClip | None = None


class ThumbnailModel(QAbstractListModel):
    """All samples, or those of one class.

    Signals:
        chunk_wanted(): `wanted` says which pictures are looked at and not here.
    """

    chunk_wanted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._labels: tuple[str, ...] = ()
        self._counts: tuple[int, ...] = ()
        self._label = ""
        self._rows = 0
        self._size, self._most = CHUNK, MOST_CHUNKS
        self._chunks: OrderedDict[int, tuple[Thumbnail, ...]] = OrderedDict()
        self.wanted: Wanted | None = None

    def show(self, dataset: DatasetSpec) -> None:
        """Shows another dataset, all of its classes."""
        summary = dataset.summary
        has_pictures = summary is not None and summary.kind != "table"
        is_large = dataset.kind in ("sound", "video")
        self._size, self._most = (FEW, FEWEST_CHUNKS) if is_large else (CHUNK, MOST_CHUNKS)
        rows = summary.rows if summary is not None and has_pictures else 0
        self._rows = max(0, rows - len(unread_rows(dataset)))
        self._labels = dataset.labels() if has_pictures else ()
        self._counts = dataset.label_counts() if has_pictures else ()
        self.filter("")

    def filter(self, label: str) -> None:
        """Shows the pictures of one class; of all, for no label."""
        self.beginResetModel()
        self._label = label if label in self._labels else ""
        self._chunks.clear()
        self.wanted = None
        self.endResetModel()

    @property
    def label(self) -> str:
        """The class that is shown alone; empty for all."""
        return self._label

    def take(self, wanted: Wanted, preview: Preview) -> None:
        """Shows samples that were read; those of another filter are dropped."""
        if wanted.label != self._label:
            return
        self._chunks[wanted.chunk] = tuple(
            one for one in thumbnails_of(preview) if wanted.label in ("", one.label)
        )
        while len(self._chunks) > self._most:
            self._chunks.popitem(last=False)
        if self.wanted == wanted:
            self.wanted = None
        last = min(wanted.chunk + self._chunk_size(), self.rowCount()) - 1
        if last >= wanted.chunk:
            self.dataChanged.emit(self.index(wanted.chunk), self.index(last))

    @override
    def rowCount(self, parent: Index = NOWHERE) -> int:
        if parent.isValid():
            return 0
        if self._label:
            return self._counts[self._labels.index(self._label)]
        return self._rows

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role not in SHOWN_ROLES:
            return None
        found = self.thumbnail(index.row())
        if found is None:
            return None
        if role == Qt.ItemDataRole.DecorationRole:
            return found.frames[0] if found.frames else None
        if role == Qt.ItemDataRole.DisplayRole:
            return found.label or found.name
        return tr("{label}, {name}", label=found.label, name=found.name)

    def thumbnail(self, row: int) -> Thumbnail | None:
        """The sample at that place; None while it is not here, and then it is wanted."""
        size = self._chunk_size()
        start = row - row % size
        chunk = self._chunks.get(start)
        if chunk is None:
            self._want(start)
            return None
        self._chunks.move_to_end(start)
        return chunk[row - start] if row - start < len(chunk) else None

    def _chunk_size(self) -> int:
        """Items to a chunk: with a class alone, few enough rounds to read them at once."""
        if not self._label:
            return self._size
        most = MOST_IN_A_CHUNK * self._size // CHUNK
        return max(4, min(self._size, most // max(1, len(self._labels))))

    def _want(self, chunk: int) -> None:
        size = self._chunk_size()
        start, end = chunk, chunk + size
        if self._label:
            start, end = (rounds_before(self._counts, n) for n in (start, end))
        wanted = Wanted(chunk, start, end - start, self._label)
        if wanted != self.wanted:
            self.wanted = wanted
            self.chunk_wanted.emit()


def rounds_before(counts: tuple[int, ...], rounds: int) -> int:
    """How many pictures come before that round, going round the classes."""
    return sum(min(count, rounds) for count in counts)


def thumbnails_of(preview: Preview) -> tuple[Thumbnail, ...]:
    """The samples of a preview of any kind; the rows of a table are none."""
    if isinstance(preview, ImagePreview):
        return tuple(
            Thumbnail(label, name, (pixmap_of(preview, place),))
            for place, (label, name) in enumerate(_titles(preview))
        )
    if isinstance(preview, VideoPreview):
        return tuple(_clip(clip) for clip in preview.clips)
    if isinstance(preview, SoundPreview):
        return tuple(Thumbnail(clip.label, clip.name, sound=clip) for clip in preview.clips)
    return ()


def _titles(preview: ImagePreview) -> list[tuple[str, str]]:
    """Label and name of each picture, empty where the preview brings none."""
    count = len(preview.pixels)
    labels = preview.labels or ("",) * count
    names = preview.names or ("",) * count
    return list(zip(labels, names, strict=True))


def _clip(frames: ImagePreview) -> Thumbnail:
    label, name = (next(iter(words), "") for words in (frames.labels, frames.names))
    pictures = (pixmap_of(frames, place) for place in range(len(frames.pixels)))
    return Thumbnail(label, name, tuple(pictures))


def pixmap_of(preview: ImagePreview, place: int) -> QPixmap:
    """One picture at the size of a thumbnail; small ones keep their pixels."""
    kind = (
        QImage.Format.Format_RGB888
        if preview.channels == 3
        # noqa: PLR2004 - colours
        else (QImage.Format.Format_Grayscale8)
    )
    image = QImage(
        preview.pixels[place], preview.width, preview.height, preview.width * preview.channels, kind
    )
    side = SIDE * RATIO
    is_small = max(preview.width, preview.height) < side
    how = (
        Qt.TransformationMode.FastTransformation
        if is_small
        else (Qt.TransformationMode.SmoothTransformation)
    )
    made = QPixmap.fromImage(image.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio, how))
    made.setDevicePixelRatio(RATIO)
    return made
