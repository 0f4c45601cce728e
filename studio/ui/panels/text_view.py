"""TextView: texts with the tokens that the network gets, and for pairs the text to be told."""

from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QFontMetricsF, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from studio.core.design.dataset import DatasetSpec
from studio.core.design.previews import TextPreview
from studio.core.words import tr
from studio.ui.controls import Elided, Rule
from studio.ui.panels.class_list import rect_of
from studio.ui.panels.column_words import share_of
from studio.ui.panels.token_layout import UNKNOWN, Chips, laid_out, more_words, paint_chips
from studio.ui.theme import SPACE_1, SPACE_2, SPACE_3, SPACE_4, Theme, font

TEXT_HEIGHT, MORE_HEIGHT = 20, 18
LABEL_WIDTH = 120
PAIR_SHARE = 0.42
PADDING = 0

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()


@dataclass(frozen=True, slots=True)
class TextRow:
    """A text, its tokens without padding, how many of the first are cut, and what is asked."""

    text: str
    tokens: tuple[str, ...]
    ids: tuple[int, ...]
    cut: int
    asked: str


class TextView(QWidget):
    """A line of figures, then one text below the other."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("texts")
        self.facts = Elided(size="small", tone="soft")
        self.facts.setObjectName("texts.facts")
        self.model = _TextModel(self)
        self.view = _TextList()
        self.view.setModel(self.model)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        self.facts.setContentsMargins(SPACE_4, SPACE_2, SPACE_4, SPACE_2)
        rows.addWidget(self.facts)
        rows.addWidget(Rule())
        rows.addWidget(self.view, 1)
        Theme.current().changed.connect(self.view.viewport().update)

    def show_waiting(self) -> None:
        """Other tokens are on their way; what is shown stays until they are here."""
        self.facts.set_text(tr("Making tokens…"))

    def show_preview(self, dataset: DatasetSpec, preview: TextPreview) -> None:
        """Other texts, or other tokens of the same."""
        rows = rows_of(preview, dataset.text.length)
        self.model.show_rows(rows, is_pair=dataset.kind == "pairs")
        self.facts.set_text(_facts_of(rows))

    def show_trouble(self, words: str) -> None:
        """Why there are no tokens."""
        self.model.show_rows((), is_pair=False)
        self.facts.set_text(words)


class _TextList(QListView):
    """Rows as high as their tokens need at the present width."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("texts.list")
        self.setAccessibleName(tr("Texts and their tokens"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QListView.SelectionMode.NoSelection)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setItemDelegate(_TextDelegate(self))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()


class _TextModel(QAbstractListModel):
    """The texts that were read."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: tuple[TextRow, ...] = ()
        self.is_pair = False

    def show_rows(self, rows: tuple[TextRow, ...], *, is_pair: bool) -> None:
        """Other rows; a view that is scrolled down stays there where they are as many."""
        if len(rows) == len(self.rows) and is_pair == self.is_pair and rows:
            self.rows = rows
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            self.layoutChanged.emit()
            return
        self.beginResetModel()
        self.rows, self.is_pair = rows, is_pair
        self.endResetModel()

    @override
    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.rows)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.text
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.text if len(row.text) > LABEL_WIDTH else None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            unknown = row.ids.count(UNKNOWN)
            return tr(
                "{text}: {count} {count|token|tokens}, {unknown} unknown. {asked}",
                text=row.text,
                count=len(row.ids),
                unknown=unknown,
                asked=row.asked,
            )
        return None


class _TextDelegate(QStyledItemDelegate):
    """What is asked at the left, the text and its chips at the right; pairs stand side by side."""

    def __init__(self, view: QListView) -> None:
        super().__init__(view)
        self._view = view
        self._text, self._chip = font("small"), font("small")
        self._label = font("small", is_strong=True)
        self._metrics = QFontMetricsF(self._chip)

    @override
    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        row, width = self._row(index), self._view.viewport().width()
        chips = self._chips(row, self._room(width).width())
        high = SPACE_2 + TEXT_HEIGHT + chips.height + (MORE_HEIGHT if chips.hidden else 0)
        return QSize(width, round(high + SPACE_3))

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, area, row = Theme.current(), rect_of(option), self._row(index)
        room = self._room(area.width()).translated(area.left(), area.top() + SPACE_2)
        chips = self._chips(row, room.width())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.color("line"))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        self._paint_asked(painter, area, row.asked)
        painter.setFont(self._text)
        painter.setPen(theme.color("text_soft"))
        flat = " ".join(row.text.split())
        words = self._metrics.elidedText(flat, Qt.TextElideMode.ElideRight, room.width())
        line = QRectF(room.left(), room.top(), room.width(), TEXT_HEIGHT)
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, words)
        painter.setFont(self._chip)
        paint_chips(painter, chips, room.left(), room.top() + TEXT_HEIGHT)
        if chips.hidden:
            painter.setPen(theme.color("text_soft"))
            below = room.top() + TEXT_HEIGHT + chips.height
            place = QRectF(room.left(), below, room.width(), MORE_HEIGHT)
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, more_words(chips.hidden))
        painter.restore()

    def _paint_asked(self, painter: QPainter, area: QRect, asked: str) -> None:
        painter.setPen(Theme.current().color("text"))
        painter.setFont(self._text if self._is_pair else self._label)
        if self._is_pair:
            room = area.adjusted(round(area.width() * (1 - PAIR_SHARE)), 0, -SPACE_4, 0)
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(room.adjusted(SPACE_2, SPACE_1, 0, -SPACE_1), flags, asked)
            return
        room = QRect(area.left() + SPACE_4, area.top() + SPACE_2, LABEL_WIDTH, TEXT_HEIGHT)
        words = painter.fontMetrics().elidedText(
            asked, Qt.TextElideMode.ElideRight, room.width() - SPACE_2
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)

    @property
    def _is_pair(self) -> bool:
        return self._model().is_pair

    def _room(self, width: int) -> QRectF:
        """Where the text stands in a row of that width, from the row's own corner."""
        if self._is_pair:
            return QRectF(SPACE_4, 0, width * (1 - PAIR_SHARE) - 2 * SPACE_4, 0)
        has_asked = any(row.asked for row in self._model().rows[:1])
        left = SPACE_4 + (LABEL_WIDTH if has_asked else 0)
        return QRectF(left, 0, max(1, width - left - SPACE_4), 0)

    def _model(self) -> _TextModel:
        model = self._view.model()
        assert isinstance(model, _TextModel)
        return model

    def _row(self, index: Index) -> TextRow:
        return self._model().rows[index.row()]

    def _chips(self, row: TextRow, width: float) -> Chips:
        return laid_out(row.tokens, row.ids, row.cut, self._metrics, width)


def rows_of(preview: TextPreview, length: int) -> tuple[TextRow, ...]:
    """The texts without padding; inputs are cut at the front, so their first tokens go."""
    labels = preview.labels or ("",) * len(preview.texts)
    rows = []
    for text, tokens, ids, asked in zip(
        preview.texts, preview.tokens, preview.ids, labels, strict=True
    ):
        known = [(t, i) for t, i in zip(tokens, ids, strict=False) if i != PADDING]
        rows.append(
            TextRow(
                text,
                tuple(t for t, _ in known),
                tuple(i for _, i in known),
                max(0, len(known) - length),
                asked,
            )
        )
    return tuple(rows)


def _facts_of(rows: tuple[TextRow, ...]) -> str:
    tokens = sum(len(row.ids) for row in rows)
    unknown = sum(row.ids.count(UNKNOWN) for row in rows)
    facts = [
        tr("The first {count} {count|text|texts}", count=len(rows)),
        tr("{count} {count|token|tokens} each on average", count=round(tokens / max(1, len(rows)))),
        tr("{share} unknown", share=share_of(unknown, tokens)),
    ]
    cut = sum(1 for row in rows if row.cut)
    if cut:
        facts.append(tr("{count} are longer than the length and lose their beginning", count=cut))
    return " · ".join(facts)
