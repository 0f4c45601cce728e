"""Selection: which nodes are chosen, shared by canvas and panels. Never undone, never saved."""

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from studio.core.design.blocks import block_of_all
from studio.core.design.project import Project
from studio.core.design.shown import nodes_of
from studio.ui.document import Document


class Selection(QObject):
    """The chosen nodes, by id.

    Signals:
        changed(): other nodes are chosen.
    """

    changed = Signal()

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._nodes: frozenset[str] = frozenset()
        self._document = document
        self._is_of_another = False
        document.replaced.connect(self._on_replaced)
        document.changed.connect(self._on_document_changed)

    @property
    def nodes(self) -> frozenset[str]:
        """The ids of the chosen nodes."""
        return self._nodes

    @property
    def only(self) -> str | None:
        """The chosen node where it is the only one."""
        return next(iter(self._nodes)) if len(self._nodes) == 1 else None

    @property
    def block(self) -> str | None:
        """The block of which just all is chosen."""
        return block_of_all(self._document.project.graph, self._nodes) or None

    def choose(self, nodes: Iterable[str]) -> None:
        """Chooses these and no others; the id of a block stands for all that is in it."""
        chosen = frozenset(nodes)
        graph = self._document.project.graph
        if graph.blocks and not chosen.isdisjoint(graph.blocks):
            chosen = nodes_of(graph, chosen)
        if chosen != self._nodes:
            self._nodes = chosen
            self.changed.emit()

    def _on_replaced(self) -> None:
        """Nodes of another project may have the same ids; nobody chose them."""
        self._is_of_another = True

    def _on_document_changed(self, _before: Project, after: Project) -> None:
        kept = () if self._is_of_another else self._nodes
        self._is_of_another = False
        self.choose(node for node in kept if node in after.graph.nodes)
