"""ConfusionMatrix: which class was taken for which, as a heat table whose cells lead to rows."""

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)
from typing_extensions import override

from studio.core.run.results import Evaluation
from studio.core.run.wording import count_words
from studio.core.words import tr
from studio.ui.theme import Theme, font

# The chosen cell has a ring of its own: the frame that other lists get with the focus is left out.
SHEET = (
    "QTableView { border: 0; } QHeaderView::section { border: 0; } "
    "QTableCornerButton::section { border: 0; }"
)
LEAST_CELL_WIDTH, LEAST_CELL_HEIGHT = 30, 22
MOST_CELL_WIDTH, MOST_CELL_HEIGHT = 168, 88
MOST_LABEL_WIDTH, LABEL_ROOM = 144, 32
HEADER_HEIGHT = 32
GAP = 1.0
CORNER = 5.0
FAINTEST, STRONGEST = 0.10, 0.92  # how much colour the rarest and the commonest cell have
LEAST_CONTRAST = 4.5
FLARE = 0.05  # of the screen, as WCAG counts it
AnyIndex = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
ShareRole = Qt.ItemDataRole.UserRole


class ConfusionMatrix(QTableView):
    """A cell for each pair of truth and answer; arrows move, a click or Enter opens.

    Signals:
        cell_chosen(truth, answer): a person wants to see the rows of that cell.
    """

    cell_chosen = Signal(int, int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("matrix")
        self.setAccessibleName(tr("Confusion matrix"))
        self.setStyleSheet(SHEET)
        self._model = _MatrixModel()
        self.setModel(self._model)
        self.setItemDelegate(_HeatDelegate(theme, self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            header.setMinimumSectionSize(LEAST_CELL_HEIGHT)
            header.setHighlightSections(False)
            header.setTextElideMode(Qt.TextElideMode.ElideRight)
            header.setFont(font("small"))
            header.setProperty("kind", "matrix")
        self.horizontalHeader().setFixedHeight(HEADER_HEIGHT)
        self.clicked.connect(self._on_opened)
        self.activated.connect(self._on_opened)
        theme.changed.connect(self.viewport().update)

    def show_evaluation(self, evaluation: Evaluation) -> None:
        """Another matrix."""
        self._model.show_evaluation(evaluation)
        metrics = self.verticalHeader().fontMetrics()
        widest = max((metrics.horizontalAdvance(name) for name in evaluation.labels), default=0)
        self.verticalHeader().setFixedWidth(min(widest + LABEL_ROOM, MOST_LABEL_WIDTH))
        self._fit()

    def choose(self, truth: int, answer: int) -> None:
        """Marks a cell; nothing is sent."""
        self.setCurrentIndex(self._model.index(truth, answer))

    @override
    def sizeHint(self) -> QSize:
        count = max(2, self._model.rowCount())
        return QSize(
            self.verticalHeader().width() + count * LEAST_CELL_WIDTH,
            HEADER_HEIGHT + count * LEAST_CELL_HEIGHT,
        )

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        count = self._model.rowCount()
        if not count:
            return
        wide = (self.width() - self.verticalHeader().width() - 4) // count
        high = (self.height() - HEADER_HEIGHT - 4) // count
        self.horizontalHeader().setDefaultSectionSize(
            min(max(wide, LEAST_CELL_WIDTH), MOST_CELL_WIDTH)
        )
        self.verticalHeader().setDefaultSectionSize(
            min(max(high, LEAST_CELL_HEIGHT), MOST_CELL_HEIGHT)
        )

    @Slot(QModelIndex)
    def _on_opened(self, index: QModelIndex) -> None:
        self.cell_chosen.emit(index.row(), index.column())


class _MatrixModel(QAbstractTableModel):
    """Counts, with the labels as headers."""

    def __init__(self) -> None:
        super().__init__()
        self._labels: tuple[str, ...] = ()
        self._counts: tuple[tuple[int, ...], ...] = ()

    def show_evaluation(self, evaluation: Evaluation) -> None:
        self.beginResetModel()
        self._labels, self._counts = evaluation.labels, evaluation.matrix
        self.endResetModel()

    @override
    def rowCount(self, parent: AnyIndex = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._labels)

    @override
    def columnCount(self, parent: AnyIndex = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._labels)

    @override
    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self._counts[index.row()]
        count = row[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return count_words(count)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return tr(
                "{count} of {total} that are {truth} were taken for {answer}",
                count=count,
                total=sum(row),
                truth=self._labels[index.row()],
                answer=self._labels[index.column()],
            )
        return count / max(1, sum(row)) if role == ShareRole else None

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = (
                Qt.AlignmentFlag.AlignHCenter
                if orientation == Qt.Orientation.Horizontal
                else Qt.AlignmentFlag.AlignRight
            )
            return side | Qt.AlignmentFlag.AlignVCenter
        known = role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole)
        return self._labels[section] if known else None


class _HeatDelegate(QStyledItemDelegate):
    """A cell: the fuller its colour, the larger its share of the row. Right is not wrong."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._font, self._strong = font(is_tabular=True), font(is_strong=True, is_tabular=True)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        color, share = self._theme.color, float(index.data(ShareRole))
        is_right = index.row() == index.column()
        ground = cell_ground(self._theme, share, is_right=is_right)
        area = QRectF(option.rect).adjusted(GAP, GAP, -GAP, -GAP)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(area, CORNER, CORNER)
        self._paint_ring(painter, option, area)
        painter.setPen(cell_ink(self._theme, ground) if share else color("text_soft"))
        painter.setFont(self._strong if is_right else self._font)
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, str(index.data()))
        painter.restore()

    def _paint_ring(self, painter: QPainter, option: QStyleOptionViewItem, area: QRectF) -> None:
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if is_chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._theme.color("text" if is_chosen else "line_strong"), 2))
            painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), CORNER, CORNER)


def cell_ground(theme: Theme, share: float, *, is_right: bool) -> QColor:
    """The colour of a cell that holds this share of its row."""
    if not share:
        return theme.color("sunken")
    amount = FAINTEST + (STRONGEST - FAINTEST) * share
    return _blend(
        theme.color("surface"), theme.color("accent" if is_right else "attention"), amount
    )


def cell_ink(theme: Theme, ground: QColor) -> QColor:
    """What can be read on it: a colour of the theme, black or white on a middle colour.

    One of the last two always has a contrast of 4.5 to 1 or more.
    """
    ink = _readable(ground, theme.color("text"), theme.color("on_accent"))
    if contrast(ground, ink) >= LEAST_CONTRAST:
        return ink
    return _readable(ground, QColor("black"), QColor("white"))


def _blend(ground: QColor, ink: QColor, amount: float) -> QColor:
    parts = (
        (a + (b - a) * amount)
        for a, b in (
            (ground.red(), ink.red()),
            (ground.green(), ink.green()),
            (ground.blue(), ink.blue()),
        )
    )
    return QColor(*(round(part) for part in parts))


def _readable(ground: QColor, *inks: QColor) -> QColor:
    """The ink that stands out best from the ground."""
    return max(inks, key=lambda ink: contrast(ground, ink))


def contrast(one: QColor, other: QColor) -> float:
    """The contrast of two colours as WCAG counts it, from 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + FLARE) / (dark + FLARE)


def _luminance(color: QColor) -> float:
    parts = (color.redF(), color.greenF(), color.blueF())
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
