"""The whole network in the inspector: its layers in order with shapes, its size, what is wrong."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QTreeWidgetItem, QVBoxLayout, QWidget

from studio.core.catalogue import LAYERS
from studio.core.catalogue.entry import Signal as NodeSignal
from studio.core.design.block import Block
from studio.core.design.blocks import contents, exits_of
from studio.core.design.branches import Branch, branches
from studio.core.design.graph import Graph
from studio.core.design.project import Project
from studio.core.design.report import NodeReport, Report
from studio.core.shapes import show
from studio.core.words import tr
from studio.ui.controls import label
from studio.ui.counts import counted, to_mend, weights_in_bytes
from studio.ui.document import Document
from studio.ui.panels.facts import Facts
from studio.ui.panels.layer_tree import Cell, LayerTree, TreeRow
from studio.ui.theme import ROW_HEIGHT, SPACE_1, SPACE_2, SPACE_3, font

MOST_SHOWN_HIGH = 14
# The inspector is narrow: cells stand closer than in other tables, without lines between.
CLOSE = (
    "QTreeView::item { padding: 0 3px; } QHeaderView::section { padding: 0 3px; border-right: 0; }"
)
_NOTHING_KNOWN = NodeReport()


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
            and before.graph.blocks is after.graph.blocks
            and before.dataset is after.dataset
            and before.training is after.training
        )
        if not same:
            self.refresh()


class Outline(LayerTree):
    """The layers in the order in which data run through them, each below its block.

    Signals:
        node_wanted(node_id): a layer was clicked, or taken with Enter.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("smallest", parent)
        self.setObjectName("network.layers")
        self.setAccessibleName(tr("Layers of the network in order"))
        self.setAccessibleDescription(
            tr("Enter selects the layer on the canvas, and opens or closes a block.")
        )
        self.setStyleSheet(CLOSE)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.header().setFont(font("smallest"))
        self.header().setFixedHeight(ROW_HEIGHT)
        # The whole word would leave the names of the layers too little room.
        self.set_titles((tr("Layer"), tr("Shape"), tr("Params")))
        self.headerItem().setToolTip(2, tr("Parameters"))
        self.header().setResizeContentsPrecision(0)
        self.itemClicked.connect(self._on_layer_clicked)
        self.folded.connect(self._fit)

    def show_graph(self, graph: Graph, report: Report) -> None:
        """One row for each node and block; nodes in a circle come last."""
        self.setVisible(bool(len(graph)))
        self.show_rows(layer_rows(graph, report))
        self._fit()

    def _fit(self) -> None:
        visible = min(len(self.seen_rows), MOST_SHOWN_HIGH)
        self.setFixedHeight((visible + 1) * ROW_HEIGHT + SPACE_1)

    def _on_layer_clicked(self, item: QTreeWidgetItem) -> None:
        if not item.childCount():
            self.take(item)


def layer_rows(graph: Graph, report: Report) -> tuple[TreeRow, ...]:
    """What is said of each node and block; of a block what comes out, and all its parameters."""
    return tuple(
        _block_row(graph, report, one) if one.is_block else _node_row(graph, report, one)
        for one in branches(graph)
    )


def _node_row(graph: Graph, report: Report, branch: Branch) -> TreeRow:
    node, known = graph.nodes[branch.key], report.nodes.get(branch.key, _NOTHING_KNOWN)
    entry = LAYERS.get(node.layer)
    return TreeRow(
        node.id,
        node.name,
        f"family.{entry.family if entry else 'ends'}",
        _cells(known.signal, known.weights),
        branch.parent,
        "; ".join(str(problem) for problem in known.problems),
        any(problem.is_error for problem in known.problems),
    )


def _block_row(graph: Graph, report: Report, branch: Branch) -> TreeRow:
    block, held = graph.blocks[branch.key], contents(graph, branch.key)
    known = [report.nodes.get(i, _NOTHING_KNOWN) for i in held]
    problems = [problem for one in known for problem in one.problems]
    exits = exits_of(graph, held)
    outcome = report.nodes.get(exits[0], _NOTHING_KNOWN).outcome if len(exits) == 1 else None
    return TreeRow(
        block.id,
        title_of(block),
        block.color,
        _cells(outcome, sum(one.weights for one in known)),
        branch.parent,
        "; ".join(str(problem) for problem in problems),
        any(problem.is_error for problem in problems),
        is_block=True,
        is_open=block.is_open,
    )


def _cells(signal: NodeSignal | None, weights: int) -> tuple[Cell, ...]:
    return Cell(show(signal.shape) if signal else "–"), Cell(counted(weights) if weights else "–")


def title_of(block: Block) -> str:
    """The name of a block with how often it is repeated, short: there is little room."""
    if block.repeats == 1:
        return block.name
    return f"{block.name} × {block.repeats}"  # noqa: RUF001 - the sign


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
