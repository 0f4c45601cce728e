"""How good a model is: its figures as cards, and each class with precision, recall and F1."""

import re

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QTableView,
    QWidget,
)
from typing_extensions import override

from studio.core.catalogue import METRICS
from studio.core.run.history import LOSS
from studio.core.run.results import Evaluation
from studio.core.run.wording import count_words, figure_words, metric_title
from studio.core.words import tr
from studio.ui.cards import Card, FigureCard
from studio.ui.theme import ROW_HEIGHT, SPACE_3, font

MOST_CARDS, MOST_NAMED = 5, 2
_STEP = re.compile(r" [+-]\d+$")  # how far ahead or back an answer of a series is
AnyIndex = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
SHARES = ("precision", "recall", "f1")


class EvaluationFigures(QWidget):
    """A card for each figure, with its unit; the last says how many rows were asked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("evaluation.figures")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_3)
        self.cards = [FigureCard("") for _ in range(MOST_CARDS)]
        for card in self.cards:
            row.addWidget(card, 1)

    def show_evaluation(self, evaluation: Evaluation, sample: str) -> None:
        """Other figures; `sample` is what was asked: rows or images."""
        shown = [
            (metric_title(key), figure_words(value), _remark(key, evaluation), _meaning(key))
            for key, value in _in_order(evaluation)
        ][: MOST_CARDS - 1]
        rows = count_words(len(evaluation.rows))
        shown.append((_part_title(evaluation.part), rows, sample, ""))
        for card, figure in zip(self.cards, shown, strict=False):
            title, value, remark, meaning = figure
            card.show_figure(value, remark, title=title)
            card.setToolTip(meaning)
        for number, card in enumerate(self.cards):
            card.setVisible(number < len(shown))


class ClassTable(Card):
    """Each class: how often it was right when it was said, how often it was found."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Classes"), parent)
        self._model = _ClassModel()
        self.view = QTableView()
        self.view.setObjectName("classes")
        self.view.setAccessibleName(tr("Classes"))
        self.view.setModel(self._model)
        self.view.setShowGrid(False)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.view.verticalHeader().hide()
        self.view.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.view.setFont(font("small", is_tabular=True))
        header = self.view.horizontalHeader()
        header.setFont(font("small"))
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setHighlightSections(False)
        self.body.addWidget(self.view, 1)

    def show_evaluation(self, evaluation: Evaluation) -> None:
        """Other classes."""
        self._model.show_evaluation(evaluation)
        self.view.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)


class _ClassModel(QAbstractTableModel):
    """Label, precision, recall, F1, rows."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[tuple[str, ...]] = []
        self._heads = (tr("Class"), tr("Precision"), tr("Recall"), tr("F1"), tr("Count"))
        self._help = (
            "",
            tr("Of those said to be this class, the share that is."),
            tr("Of those that are this class, the share that was found."),
            tr("Precision and recall in one."),
            tr("How many rows are this class."),
        )

    def show_evaluation(self, evaluation: Evaluation) -> None:
        self.beginResetModel()
        self._rows = [
            (name, *(figure_words(found[key]) for key in SHARES), count_words(found["support"]))
            for name, found in zip(evaluation.labels, evaluation.per_class, strict=True)
        ]
        self.endResetModel()

    @override
    def rowCount(self, parent: AnyIndex = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    @override
    def columnCount(self, parent: AnyIndex = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._heads)

    @override
    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._rows[index.row()][index.column()]
        return _side(index.column()) if role == Qt.ItemDataRole.TextAlignmentRole else None

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(section)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._help[section]
        return self._heads[section] if role == Qt.ItemDataRole.DisplayRole else None


def _side(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


def _in_order(evaluation: Evaluation) -> list[tuple[str, float]]:
    """Metrics in the order of the catalogue, the loss last; of texts their scores come first."""
    keys = [key for key in METRICS if key in evaluation.figures]
    keys.sort(key=lambda key: not METRICS[key].of_texts)
    return [(key, evaluation.figures[key]) for key in (*keys, LOSS) if key in evaluation.figures]


def _remark(key: str, evaluation: Evaluation) -> str:
    if key not in METRICS:
        return tr("what training made small")
    if METRICS[key].of_texts:
        return tr("of 100")
    unit = METRICS[key].unit
    if unit == "target" and evaluation.target_names:
        return tr("in the unit of {column}", column=_targets(evaluation.target_names))
    if unit == "share":
        return tr("of 1")
    return tr("1 is perfect") if METRICS[key].is_more_better else ""


def _meaning(key: str) -> str:
    """What a figure says, for who rests on it."""
    return tr(METRICS[key].help) if key in METRICS else ""


def _targets(names: tuple[str, ...]) -> str:
    """The columns that are told, each once however many steps ahead; many are not all named."""
    columns = list(dict.fromkeys(_STEP.sub("", name) for name in names))
    some = ", ".join(columns[:MOST_NAMED])
    return some if len(columns) <= MOST_NAMED else tr("{names} and others", names=some)


def _part_title(part: str) -> str:
    return {
        "test": tr("Test part"),
        "validation": tr("Validation part"),
        "training": tr("Training part"),
    }.get(part, tr("Rows"))
