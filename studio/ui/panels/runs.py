"""RunList: the project's runs with what sets each apart, its figure and the colour of its curve."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)
from typing_extensions import override

from studio.core.run.results import RunRecord
from studio.core.run.wording import differences, figure_words, headline, headline_words
from studio.core.words import tr
from studio.ui.cards import Card
from studio.ui.controls import Button, label
from studio.ui.icons import pixmap
from studio.ui.past_runs import PastRuns
from studio.ui.run_controller import RunController
from studio.ui.theme import ROW_HEIGHT, SMALL_ICON_SIZE, SPACE_2, SPACE_3, SPACE_4, Theme, font

COLOURS = 7  # series.2 to series.8; series.1 is the colour of training
DOT = 9
NUMBER_WIDTH = 62
FIGURE_WIDTH = 58
ROW = ROW_HEIGHT + 4
LIVE_TOKEN = "training"
STATES = {
    "running": "running",
    "interrupted": "interrupted",
    "failed": "failed",
    "stopped": "stopped",
}
TONES = {"interrupted": "attention_text", "failed": "problem_text"}
AnyIndex = QModelIndex | QPersistentModelIndex
RunRole = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class RunRow:
    """What one row shows."""

    record: RunRecord
    token: str
    words: str
    figure: str
    is_in_use: bool
    is_live: bool = False

    @property
    def title(self) -> str:
        """Run and its number."""
        return tr("Run {number}", number=self.record.number)

    @property
    def in_words(self) -> str:
        """The whole row as one sentence, for the tooltip and those who do not see."""
        parts = (
            self.title,
            self.words,
            headline_words(self.record),
            tr("in use") if self.is_in_use else "",
        )
        return " · ".join(part for part in parts if part)


class RunList(Card):
    """The runs, newest first. Chosen rows are drawn over the curves.

    Signals:
        chosen(runs): other rows are chosen; a tuple of run names.
        resume_wanted(record): a person wants a run to go on.
    """

    chosen = Signal(object)
    resume_wanted = Signal(object)

    def __init__(
        self, past: PastRuns, runs: RunController, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(tr("Runs"), parent)
        self._past, self._runs = past, runs
        self._model = _RunModel()
        self.view = _RunView()
        self.view.setModel(self._model)
        self.view.setItemDelegate(_RunDelegate(theme, self.view))
        self.use_button = Button(tr("Use this one"))
        self.use_button.setObjectName("runs.use")
        self.nothing = label(
            tr("Each run is kept here, to compare and to use."),
            size="small",
            tone="soft",
            wraps=True,
        )
        self.resume_button = Button(tr("Resume"), icon_name="play")
        self.resume_button.setObjectName("runs.resume")
        self._lay_out()
        self.use_button.clicked.connect(self._on_use_clicked)
        self.resume_button.clicked.connect(self._on_resume_clicked)
        self.view.selectionModel().selectionChanged.connect(self._on_selection_changed)
        past.changed.connect(self.refresh)
        runs.state_changed.connect(self.refresh)
        theme.changed.connect(self.view.viewport().update)
        self.refresh()

    @property
    def rows(self) -> list[RunRow]:
        """What is shown, newest first."""
        return self._model.rows

    def token_of(self, run: str) -> str:
        """The colour of a run's curve."""
        record = self._past.record(run)
        return _token(record) if record else LIVE_TOKEN

    @property
    def selected(self) -> tuple[str, ...]:
        """The chosen runs."""
        indexes = self.view.selectionModel().selectedIndexes()
        return tuple(self._model.rows[index.row()].record.run for index in indexes)

    @Slot()
    def refresh(self) -> None:
        """Shows the records as they are now; what was chosen stays chosen."""
        kept = set(self.selected)
        self._model.show_rows(self._rows())
        self.view.setMaximumHeight(max(1, len(self._model.rows)) * ROW + 2)
        for part in (self.view, self.use_button):
            part.setVisible(bool(self._model.rows))
        is_awaited = self._runs.is_running and not any(row.is_live for row in self._model.rows)
        self.nothing.setText(
            tr("A run is starting.")
            if is_awaited
            else tr("Each run is kept here, to compare and to use.")
        )
        self.nothing.setVisible(is_awaited or not self._model.rows)
        selection, keep = self.view.selectionModel(), QItemSelectionModel.SelectionFlag.Select
        for number, row in enumerate(self._model.rows):
            if row.record.run in kept:
                selection.select(self._model.index(number), keep)
        self._show_buttons()

    def _rows(self) -> list[RunRow]:
        in_use = self._past.in_use
        live = self._runs.history.run if self._runs.is_running else ""
        return [
            self._row(
                record,
                is_live=record.run == live,
                is_in_use=in_use is not None and in_use.run == record.run,
            )
            for record in reversed(self._past.records)
        ]

    def _row(self, record: RunRecord, *, is_live: bool, is_in_use: bool) -> RunRow:
        before = self._past.before(record)
        words = differences(record.project, before.project if before else None)
        state = STATES.get(record.outcome)
        if is_live:
            words = tr("running")
        elif state and record.outcome != "running":
            words = f"{tr(state)} · {words}"
        _key, value = headline(record.figures)
        return RunRow(
            record,
            LIVE_TOKEN if is_live else _token(record),
            words,
            figure_words(value),
            is_in_use,
            is_live,
        )

    def _lay_out(self) -> None:
        self._outer.setContentsMargins(1, SPACE_3, 1, SPACE_3)
        self.header.setContentsMargins(SPACE_4 - 1, 0, SPACE_4 - 1, 0)
        row = QHBoxLayout()
        row.setContentsMargins(SPACE_4 - 1, 0, SPACE_4 - 1, 0)
        row.setSpacing(SPACE_2)
        row.addWidget(self.use_button)
        row.addWidget(self.resume_button)
        row.addStretch(1)
        self.body.addWidget(self.view, 100)
        words = QHBoxLayout()
        words.setContentsMargins(SPACE_4 - 1, 0, SPACE_4 - 1, 0)
        words.addWidget(self.nothing)
        self.body.addLayout(words)
        self.body.addLayout(row)
        self.body.addStretch(0)

    def _current(self) -> RunRecord | None:
        chosen = self.selected
        return self._past.record(chosen[-1]) if len(chosen) == 1 else None

    def _show_buttons(self) -> None:
        record, in_use = self._current(), self._past.in_use
        self.use_button.set_reason(_why_not_use(record, in_use))
        self.resume_button.setVisible(
            record is not None and record.is_resumable and not self._is_live(record)
        )
        self.resume_button.set_reason(
            tr("A run is going on, and there is one at a time.") if self._runs.is_running else ""
        )

    def _is_live(self, record: RunRecord) -> bool:
        return self._runs.is_running and self._runs.history.run == record.run

    @Slot()
    def _on_selection_changed(self) -> None:
        self._show_buttons()
        self.chosen.emit(self.selected)

    @Slot()
    def _on_use_clicked(self) -> None:
        record = self._current()
        if record is not None:
            self._past.use(record.run)

    @Slot()
    def _on_resume_clicked(self) -> None:
        record = self._current()
        if record is not None:
            self.resume_wanted.emit(record)


class _RunView(QListView):
    """The list itself: several rows may be chosen, and a click on empty ground chooses none."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("runs")
        self.setAccessibleName(tr("Runs"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)

    @override
    def sizeHint(self) -> QSize:
        return QSize(200, ROW * 3)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(160, ROW)


class _RunModel(QAbstractListModel):
    """The rows as a list model."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[RunRow] = []

    def show_rows(self, rows: Sequence[RunRow]) -> None:
        """Other rows."""
        if [row.record.run for row in rows] == [row.record.run for row in self.rows]:
            self.rows = list(rows)
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    @override
    def rowCount(self, parent: AnyIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    @override
    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return row.in_words
        return row if role == RunRole else None


class _RunDelegate(QStyledItemDelegate):
    """Paints a row: dot, number, words, and the figure at the right."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._plain, self._soft = font(), font("small")
        self._figure = font(is_strong=True, is_tabular=True)

    @override
    def sizeHint(self, _option: QStyleOptionViewItem, _index: AnyIndex) -> QSize:
        return QSize(0, ROW)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        row = index.data(RunRole)
        assert isinstance(row, RunRow)
        area, color = option.rect, self._theme.color
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, color("accent_soft"))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, color("hover"))
        painter.setPen(color("line"))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        self._paint_dot(painter, area, row)
        self._paint_words(painter, area.adjusted(SPACE_4 + DOT + SPACE_2, 0, -SPACE_4, 0), row)
        painter.restore()

    def _paint_dot(self, painter: QPainter, area: QRect, row: RunRow) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color(row.token))
        top = area.top() + (area.height() - DOT) / 2
        painter.drawEllipse(QRectF(area.left() + SPACE_4, top, DOT, DOT))

    def _paint_words(self, painter: QPainter, area: QRect, row: RunRow) -> None:
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(self._plain)
        painter.setPen(self._theme.color("text"))
        painter.drawText(area, middle, row.title)
        painter.setFont(self._figure)
        painter.drawText(area, middle | Qt.AlignmentFlag.AlignRight, row.figure)
        room = area.adjusted(NUMBER_WIDTH, 0, -FIGURE_WIDTH, 0)
        if row.is_in_use:
            left = room.right() - SMALL_ICON_SIZE
            top = area.top() + (area.height() - SMALL_ICON_SIZE) // 2
            painter.drawPixmap(left, top, pixmap("flag", "accent", SMALL_ICON_SIZE))
            room.setRight(left - SPACE_2)
        painter.setFont(self._soft)
        painter.setPen(self._theme.color(TONES.get(row.record.outcome, "text_soft")))
        words = painter.fontMetrics().elidedText(
            row.words, Qt.TextElideMode.ElideRight, room.width()
        )
        painter.drawText(room, middle, words)


def _token(record: RunRecord) -> str:
    return f"series.{2 + (record.number - 1) % COLOURS}"


def _why_not_use(record: RunRecord | None, in_use: RunRecord | None) -> str:
    if record is None:
        return tr("Choose one run in the list first.")
    if not record.has_weights:
        return tr("This run ended before any weights were kept.")
    if in_use is not None and in_use.run == record.run:
        return tr("Evaluation and export take this run already.")
    return ""
