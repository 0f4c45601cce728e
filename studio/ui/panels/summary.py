"""The whole network in the inspector: its layers in order with shapes, its size, what is wrong."""

import functools

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from studio.core.catalogue import LAYERS
from studio.core.design.graph import Graph, Node
from studio.core.design.project import Project
from studio.core.design.report import NodeReport, Report
from studio.core.shapes import show
from studio.core.words import tr
from studio.ui.controls import label
from studio.ui.counts import counted, to_mend, weights_in_bytes
from studio.ui.document import Document
from studio.ui.layer_rows import SQUARE, SQUARE_RADIUS
from studio.ui.panels.facts import Facts
from studio.ui.theme import ROW_HEIGHT, SPACE_1, SPACE_2, SPACE_3, Theme, font

NODE = Qt.ItemDataRole.UserRole
MOST_SHOWN_HIGH = 14
# The inspector is narrow: cells stand closer than in other tables, without lines between.
CLOSE = (
    "QTableView::item { padding: 0 4px; } QHeaderView::section { padding: 0 4px; border-right: 0; }"
)
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_NOTHING_KNOWN = NodeReport()
_TAKING = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space})


class NetworkSummary(QWidget):
    """What the inspector says while no node is selected.

    Signals:
        node_wanted(node_id): a row of the outline was clicked, or taken with Enter.
    """

    node_wanted = Signal(str)

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self.title = label(tr("Network"), size="heading", is_strong=True)
        self.task = label("", size="small", tone="soft", wraps=True)
        self.facts = Facts()
        self._below = QVBoxLayout()
        self.outline = Outline()
        self.hint = label(
            tr("Select a node to see and change its settings."),
            size="small",
            tone="soft",
            wraps=True,
        )
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(SPACE_3)
        words = QVBoxLayout()
        words.setContentsMargins(SPACE_2, 0, SPACE_2, 0)
        words.setSpacing(SPACE_3)
        for part in (self.title, self.task, self.facts):
            words.addWidget(part)
        words.addLayout(self._below)
        rows.addLayout(words)
        rows.addWidget(self.outline)
        below = QVBoxLayout()
        below.setContentsMargins(SPACE_2, 0, SPACE_2, 0)
        below.addWidget(self.hint)
        rows.addLayout(below)
        rows.addStretch(1)
        self.outline.node_wanted.connect(self.node_wanted)
        document.changed.connect(self._on_document_changed)
        document.found_changed.connect(self.refresh)
        self.refresh()

    def add_below(self, widget: QWidget) -> None:
        """Puts something else about the network under its figures."""
        self._below.addWidget(widget)

    def refresh(self) -> None:
        """Shows the document as it is."""
        graph, report = self._document.project.graph, self._document.report
        self.task.setText(_task_of(self._document.project))
        self.task.setVisible(bool(self.task.text()))
        self.facts.show_facts(
            (
                (tr("Layers"), counted(len(graph))),
                (tr("Parameters"), counted(report.parameters)),
                (tr("Size of the weights"), weights_in_bytes(report.parameters)),
                (tr("Problems"), counted(to_mend(self._document.problems))),
            )
        )
        self.outline.show_graph(graph, report)
        self.hint.setVisible(len(graph) > 0)

    def _on_document_changed(self, before: Project, after: Project) -> None:
        same = (
            before.graph.nodes is after.graph.nodes
            and before.graph.edges is after.graph.edges
            and before.dataset is after.dataset
            and before.training is after.training
        )
        if not same:
            self.refresh()


class Outline(QTableWidget):
    """The layers in the order in which data run through them.

    Signals:
        node_wanted(node_id): a row was clicked, or taken with Enter.
    """

    node_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, 3, parent)
        self.setObjectName("network.layers")
        self.setAccessibleName(tr("Layers of the network in order"))
        self.setAccessibleDescription(tr("Enter selects the layer on the canvas."))
        self._shown: list[tuple[Node, NodeReport]] = []
        self.setFont(font("smallest", is_tabular=True))
        self.setIconSize(QSize(SQUARE, SQUARE))
        self.setStyleSheet(CLOSE)
        self._set_up_headers()
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.itemClicked.connect(self._on_item_clicked)
        Theme.current().changed.connect(self._on_theme_changed)

    def show_graph(self, graph: Graph, report: Report) -> None:
        """One row for each node; those in a circle come last."""
        order = graph.order()
        rest = tuple(i for i in graph.nodes if i not in set(order))
        self.setVisible(bool(len(graph)))
        self.setRowCount(len(graph))
        wanted = [(graph.nodes[i], report.nodes.get(i, _NOTHING_KNOWN)) for i in (*order, *rest)]
        for row, pair in enumerate(wanted):
            if row >= len(self._shown) or self._shown[row] != pair:
                self._show_row(row, *pair)
        self._shown = wanted
        visible = min(self.rowCount(), MOST_SHOWN_HIGH)
        self.setFixedHeight((visible + 1) * ROW_HEIGHT + SPACE_1)

    def go_to(self, node_id: str) -> None:
        """Makes a node's row the current one."""
        for row, (node, _known) in enumerate(self._shown):
            if node.id == node_id:
                self.setCurrentCell(row, 0)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _TAKING and self.currentItem() is not None:
            self._on_item_clicked(self.currentItem())
        else:
            super().keyPressEvent(event)

    def _set_up_headers(self) -> None:
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        header = self.horizontalHeader()
        header.setFont(font("smallest"))
        header.setFixedHeight(ROW_HEIGHT)
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in (1, 2):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        for column, words in enumerate((tr("Layer"), tr("Shape"), tr("Parameters"))):
            item = QTableWidgetItem(words)
            item.setTextAlignment(_RIGHT if column else _LEFT)
            self.setHorizontalHeaderItem(column, item)
        header.setResizeContentsPrecision(0)

    def _show_row(self, row: int, node: Node, known: NodeReport) -> None:
        shape = show(known.signal.shape) if known.signal else "–"
        is_wrong = any(problem.is_error for problem in known.problems)
        texts = (node.name, shape, counted(known.weights) if known.weights else "–")
        for column, text in enumerate(texts):
            item = self.item(row, column)
            if item is None:
                item = QTableWidgetItem()
                self.setItem(row, column, item)
            _fill(item, text, column, node, known, is_wrong=is_wrong)

    def _on_item_clicked(self, item: QTableWidgetItem) -> None:
        self.node_wanted.emit(item.data(NODE))

    def _on_theme_changed(self) -> None:
        for row, pair in enumerate(self._shown):
            self._show_row(row, *pair)


def _fill(
    item: QTableWidgetItem, text: str, column: int, node: Node, known: NodeReport, *, is_wrong: bool
) -> None:
    item.setText(text)
    item.setData(NODE, node.id)
    color = Theme.current().color
    ink = "problem_text" if is_wrong else "text" if column == 0 else "text_soft"
    item.setForeground(color(ink))
    said = "; ".join(str(problem) for problem in known.problems)
    item.setToolTip(said or text)
    if column == 0:
        entry = LAYERS.get(node.layer)
        item.setIcon(_square(color(f"family.{entry.family if entry else 'ends'}").name()))
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{text}. {said}" if said else text)
    else:
        item.setTextAlignment(_RIGHT)


@functools.cache
def _square(color: str) -> QIcon:
    picture = QPixmap(QSize(SQUARE, SQUARE) * 2)
    picture.setDevicePixelRatio(2)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(color))
    painter.drawRoundedRect(0, 0, SQUARE, SQUARE, SQUARE_RADIUS, SQUARE_RADIUS)
    painter.end()
    return QIcon(picture)


def _task_of(project: Project) -> str:
    task = project.dataset.task()
    if len(project.dataset.model_outputs()) > 1:
        names = ", ".join(one.name for one in project.dataset.model_outputs())
        return tr("Tells {names}, each with an Output.", names=names)
    if task == "classes":
        return tr("Tells {count} classes apart.", count=project.dataset.outputs())
    if task == "numbers":
        names = ", ".join(column.name for column in project.dataset.targets())
        return tr("Predicts {names}.", names=names)
    if task == "masks":
        return tr("Tells {count} classes of pixels apart.", count=project.dataset.output_shape()[0])
    if task == "images":
        return tr("Gives pictures again; what it cannot is unusual.")
    if task == "sequences":
        names = ", ".join(column.name for column in project.dataset.targets())
        return tr("Writes {names}.", names=names)
    return ""
