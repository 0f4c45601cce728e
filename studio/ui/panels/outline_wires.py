"""OutlineWires: what the chosen node takes from, one list to choose from for each input."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.core.catalogue import LAYERS
from studio.core.catalogue.entry import MANY
from studio.core.design.graph import Edge, Graph
from studio.core.design.wiring import wires_into
from studio.core.words import tr
from studio.ui.controls import label, put_away
from studio.ui.editors import Combo
from studio.ui.layer_offers import Ground
from studio.ui.panels.outline_edits import OutlineEdits
from studio.ui.theme import SPACE_1

MOST_INPUTS = 4  # more are wired with C, where they can be searched


class OutlineWires(QWidget):
    """Follows one node. A choice is an edit of the document, which then shows it."""

    def __init__(self, ground: Callable[[], Ground], edits: OutlineEdits) -> None:
        super().__init__()
        self._ground, self._edits = ground, edits
        self._node = ""
        self._shown: object = None
        self.inputs: list[Combo] = []
        self._title = label(tr("Takes from"), size="small", tone="soft")
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(SPACE_1)
        self._rows.addWidget(self._title)

    def show_node(self, node_id: str) -> None:
        """Shows the inputs of a node; none for ""."""
        ground = self._ground()
        graph = ground.graph
        ports = _ports(graph, node_id) if node_id in graph.nodes else ()
        self.setVisible(bool(ports))
        shown = (node_id, ports, graph.nodes, graph.edges, id(ground.report))
        if self._shown is not None and shown == self._shown:
            return
        self._node, self._shown = node_id, shown
        while len(self.inputs) > len(ports):
            put_away(self.inputs.pop())
        while len(self.inputs) < len(ports):
            self._add_input(len(self.inputs))
        for port, combo in zip(ports, self.inputs, strict=True):
            self._fill(combo, ground, port, is_only=len(ports) == 1)

    def _add_input(self, number: int) -> None:
        combo = Combo()
        combo.setObjectName(f"outline.input.{number}")
        combo.activated.connect(lambda row, combo=combo: self._on_activated(combo, row))
        self.inputs.append(combo)
        self._rows.addWidget(combo)
        combo.show()  # at once: the keyboard may be on its way

    def _fill(self, combo: Combo, ground: Ground, port: int, *, is_only: bool) -> None:
        """Nothing, what is wired, what fits, and last what does not, with the reason."""
        graph, node = ground.graph, ground.graph.nodes[self._node]
        combo.clear()
        words = tr("Takes from") if is_only else tr("Input {number} takes from", number=port + 1)
        combo.setAccessibleName(tr("{name}: {words}", name=node.name, words=words))
        combo.addItem(tr("Nothing"), None)
        there = next((e for e in graph.incoming(self._node) if e.port == port), None)
        if there is not None:
            combo.addItem(graph.nodes[there.source].name, there)
            combo.setCurrentIndex(1)
        choices = list(wires_into(graph, self._node, ground.signals(), port))
        choices.sort(key=lambda choice: (bool(choice.reason), bool(choice.doubt)))
        for choice in choices:
            name = graph.nodes[choice.other].name
            combo.addItem(
                tr("{name} (does not fit)", name=name) if choice.doubt else name, choice.edge
            )
            self._explain(combo, choice.reason, choice.doubt)

    def _explain(self, combo: Combo, reason: str, doubt: str) -> None:
        """The last row says what speaks against it; with a reason it cannot be chosen."""
        row, model = combo.count() - 1, combo.model()
        combo.setItemData(row, reason or doubt, Qt.ItemDataRole.ToolTipRole)
        if reason and isinstance(model, QStandardItemModel):
            model.item(row).setEnabled(False)
            said = tr("{name}, not possible: {reason}", name=combo.itemText(row), reason=reason)
            combo.setItemData(row, said, Qt.ItemDataRole.AccessibleTextRole)

    def _on_activated(self, combo: Combo, row: int) -> None:
        graph = self._ground().graph
        if combo not in self.inputs or self._node not in graph.nodes:
            return  # its list was still open when the node, or that input, went
        edge = combo.itemData(row)
        port = _ports(graph, self._node)[self.inputs.index(combo)]
        there = next((e for e in graph.incoming(self._node) if e.port == port), None)
        if isinstance(edge, Edge) and edge != there:
            self._edits.connect(edge)
        elif edge is None and there is not None:
            self._edits.disconnect(there)


def _ports(graph: Graph, node_id: str) -> tuple[int, ...]:
    """The inputs to show: all of a layer with few, of one with many those wired and one more."""
    entry = LAYERS.get(graph.nodes[node_id].layer)
    wired = max((edge.port + 1 for edge in graph.incoming(node_id)), default=0)
    if entry is None:
        return tuple(range(wired))
    most = min(max(entry.arity[0], wired + 1), MANY) if entry.arity[1] == MANY else entry.arity[1]
    return tuple(range(min(most, MOST_INPUTS)))
