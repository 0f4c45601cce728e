"""The inspector: the whole network, the selected node with its settings, or several nodes."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from studio.core.design.project import Project
from studio.core.run.glimpse import Glimpse
from studio.core.words import tr
from studio.ui.controls import label, set_ground
from studio.ui.counts import counted, share_in_words
from studio.ui.document import Document
from studio.ui.panels.block_form import BlockForm
from studio.ui.panels.facts import Facts
from studio.ui.panels.glimpse_view import GlimpseView
from studio.ui.panels.node_form import NodeForm
from studio.ui.panels.summary import NetworkSummary
from studio.ui.selection import Selection
from studio.ui.theme import INSPECTOR_WIDTH, SPACE_2, SPACE_3, SPACE_4

_AS_IT_WANTS, _ANY = QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored


class Inspector(QScrollArea):
    """Shows what is selected, and speaks of the whole network where nothing is.

    Signals:
        node_wanted(node_id): a node is to be selected and brought into sight.
    """

    node_wanted = Signal(str)

    def __init__(
        self, document: Document, selection: Selection, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._document, self._selection = document, selection
        self.setObjectName("inspector")
        self.setAccessibleName(tr("Inspector"))
        self.setFixedWidth(INSPECTOR_WIDTH)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.network = NetworkSummary(document)
        self.node = NodeForm(document)
        self.several = SeveralNodes(document)
        self.block = BlockForm(document)
        self._stack = _Fitting()
        for part in (self.network, self.node, self.several, self.block):
            self._stack.addWidget(part)
        content = QWidget()
        set_ground(content, "surface")
        rows = QVBoxLayout(content)
        rows.setContentsMargins(SPACE_2, SPACE_4, SPACE_2, SPACE_4)
        rows.addWidget(self._stack, 1)
        self.glimpse = GlimpseView()
        self._glimpses: Mapping[str, Glimpse] = {}
        rows.addWidget(self.glimpse)
        self.setWidget(content)
        self.network.node_wanted.connect(self.node_wanted)
        self.node.network_wanted.connect(self._on_network_wanted)
        selection.changed.connect(self.refresh)
        document.changed.connect(self._on_document_changed)
        self.refresh()

    def show_glimpses(self, glimpses: Mapping[str, Glimpse]) -> None:
        """What the sample in view looks like behind each node."""
        self._glimpses = glimpses
        self._show_glimpse()

    def _show_glimpse(self) -> None:
        only = self._selection.only
        self.glimpse.show_glimpse(self._glimpses.get(only) if only is not None else None)

    @Slot()
    def refresh(self) -> None:
        """Shows the selection as it is."""
        self._show_glimpse()
        only, nodes = self._selection.only, self._selection.nodes
        graph, block = self._document.project.graph, self._selection.block
        if block is not None and (only is None or not graph.blocks[block].is_open):
            self.block.show_block(block)
            self._stack.setCurrentWidget(self.block)
        elif only is not None and only in graph.nodes:
            self.node.show_node(only)
            self._stack.setCurrentWidget(self.node)
        elif nodes:
            self.several.show_nodes(nodes)
            self._stack.setCurrentWidget(self.several)
        else:
            self._stack.setCurrentWidget(self.network)

    @Slot(object, object)
    def _on_document_changed(self, _before: Project, after: Project) -> None:
        # The selection drops nodes that are gone, but perhaps only after this was told.
        if self._selection.nodes <= set(after.graph.nodes):
            self.refresh()

    @Slot()
    def _on_network_wanted(self) -> None:
        node_id = self._selection.only
        self._selection.choose(())
        self.network.outline.setFocus(Qt.FocusReason.OtherFocusReason)
        if node_id is not None:
            self.network.outline.go_to(node_id)


class SeveralNodes(QWidget):
    """What several selected nodes have in common."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self.title = label("", size="heading", is_strong=True)
        self.facts = Facts()
        self.hint = label(
            tr("Drag them together, Ctrl+C copies them, Del deletes them."),
            size="small",
            tone="soft",
            wraps=True,
        )
        rows = QVBoxLayout(self)
        rows.setContentsMargins(SPACE_2, 0, SPACE_2, 0)
        rows.setSpacing(SPACE_3)
        for part in (self.title, self.facts, self.hint):
            rows.addWidget(part)
        rows.addStretch(1)

    def show_nodes(self, nodes: frozenset[str]) -> None:
        """Shows their count, their parameters together, and what is wrong with them."""
        report = self._document.report
        known = [report.nodes[i] for i in nodes if i in report.nodes]
        weights = sum(node.weights for node in known)
        self.title.setText(tr("{count} {count|node|nodes}", count=counted(len(nodes))))
        self.facts.show_facts(
            (
                (tr("Parameters"), counted(weights)),
                (tr("Share of all"), share_in_words(weights, report.parameters)),
                (tr("Problems"), counted(sum(len(node.problems) for node in known))),
            )
        )


class _Fitting(QStackedWidget):
    """A stack as high as the page in front, so that a short page does not scroll."""

    def __init__(self) -> None:
        super().__init__()
        self.currentChanged.connect(self._on_current_changed)

    def _on_current_changed(self, _index: int) -> None:
        for number in range(self.count()):
            page = self.widget(number)
            is_front = page is self.currentWidget()
            if page is not None:
                page.setSizePolicy(_AS_IT_WANTS, _AS_IT_WANTS if is_front else _ANY)
