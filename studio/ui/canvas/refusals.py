"""Which cards would refuse the wire that is being drawn; they are pale as long as it is."""

from studio.core.design import edits
from studio.core.design.graph import Edge, Graph
from studio.ui.canvas.geometry import Port
from studio.ui.canvas.scene import CanvasScene

REFUSING_OPACITY = 0.4


def refusing(graph: Graph, port: Port) -> frozenset[str]:
    """The nodes, beside the port's own, to which no wire from the port may lead."""
    is_outgoing = port.side == "output"
    circle = graph.ancestors((port.node,)) if is_outgoing else graph.followers(port.node)
    return frozenset(
        node_id
        for node_id in graph.nodes
        if node_id != port.node
        if edits.why_not_connect(
            graph,
            Edge(port.node, node_id) if is_outgoing else Edge(node_id, port.node, port.index),
            is_circle=node_id in circle,
        )
    )


class PaleCards:
    """Shows cards pale, and all of them as before. Closed blocks stay: some input may do."""

    def __init__(self, picture: CanvasScene) -> None:
        self._picture = picture
        self._pale: frozenset[str] = frozenset()

    def show(self, node_ids: frozenset[str]) -> None:
        """These are pale, and no others."""
        self._picture.stop_moving()  # what lands just now would come out of it opaque
        cards = node_ids & set(self._picture.view.graph.nodes)
        for node_id in cards ^ self._pale:
            if node_id in self._picture.node_items:
                item = self._picture.node_items[node_id]
                item.setOpacity(REFUSING_OPACITY if node_id in cards else 1.0)
        self._pale = cards
