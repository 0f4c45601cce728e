"""Another layer in the place of a node: its wires, name and settings of the same meaning stay."""

from dataclasses import replace

from studio.core.catalogue import LAYERS
from studio.core.catalogue.entry import LayerEntry
from studio.core.design.block import Block
from studio.core.design.edits import add_node, connect
from studio.core.design.graph import Graph, Node
from studio.core.design.sharing import sharers
from studio.core.params import Param, Value, Values
from studio.core.words import tr

# How much comes out, by the names that layers give it.
_WIDTHS = frozenset({"out_features", "out_channels", "hidden_size", "embedding_dim"})


def replaced(graph: Graph, node_id: str, layer: str) -> Graph:
    """The graph with another layer in the place of a node, under the same id.

    A name that a person gave stays; one that only says the layer says the new one. Wires stay
    at their inputs as far as the new layer has so many; an end of the network feeds nothing.
    Weights are another layer's, so what was set for them goes, and those that shared them
    have their own again.
    """
    node, entry = graph.nodes[node_id], LAYERS[layer]
    if node.layer == layer:
        return graph
    fresh, added = add_node(graph, layer, (0.0, 0.0), kept_params(node, entry))
    made = fresh.nodes[added]
    name = made.name if is_named_after_layer(node) else node.name
    nodes = {**graph.nodes, node_id: replace(made, id=node_id, name=name, state=node.state)}
    for other in sharers(graph.nodes, node_id):
        nodes[other] = replace(nodes[other], learning=made.learning)
    blocks = {i: _telling_of(block, node_id, entry) for i, block in graph.blocks.items()}
    return _rewired(replace(graph, nodes=nodes, blocks=blocks), node_id, entry)


def kept_params(node: Node, entry: LayerEntry) -> Values:
    """What was set for a node that means the same for another layer, and is allowed there.

    What nobody set is each layer's own: a pooling moves by its window, a convolution by one.
    """
    before = LAYERS.get(node.layer)
    given = [one for one in (before.params if before else ()) if one.key in node.params]
    kept: dict[str, Value] = {}
    for param in entry.params:
        meant = next((one for one in given if _is_same(one, param)), None)
        if meant is None:
            continue
        try:
            kept[param.key] = param.check(_as_wide(node.params[meant.key], param))
        except ValueError:
            continue  # a choice that the new layer does not have, say
    return kept


def is_named_after_layer(node: Node) -> bool:
    """True where the name is the layer's title with a number, as a new node gets it."""
    entry = LAYERS.get(node.layer)
    title = tr(entry.title) if entry is not None else node.layer
    rest = node.name.removeprefix(title).strip()
    return node.name.startswith(title) and (not rest or rest.isdigit())


def _telling_of(block: Block, node_id: str, entry: LayerEntry) -> Block:
    """A block tells of settings and inputs that there are: those the new layer lacks go."""
    keys = {param.key for param in entry.params}
    most = entry.arity[1]
    exposed = tuple(one for one in block.exposed if one.node != node_id or one.key in keys)
    groups = (
        tuple(one for one in group if one.node != node_id or one.port < most)
        for group in block.inlets
    )
    inlets = tuple(group for group in groups if group)
    is_same = (exposed, inlets) == (block.exposed, block.inlets)
    return block if is_same else replace(block, exposed=exposed, inlets=inlets)


def _is_same(one: Param, other: Param) -> bool:
    """True for the same words over the same kind of value, or for another count of what comes out.

    The window of a pooling is not the kernel of a convolution, though both have one key.
    """
    if one.kind != other.kind:
        return False
    is_named_alike = (one.key, one.label) == (other.key, other.label)
    return is_named_alike or {one.key, other.key} <= _WIDTHS


def _as_wide(value: Value, param: Param) -> Value:
    """Sizes for another number of directions, where all of them are the same."""
    is_even = isinstance(value, tuple) and len(set(value)) == 1
    if param.kind == "sizes" and is_even:
        return (int(value[0]),) * param.length  # type: ignore[index]
    return value


def _rewired(graph: Graph, node_id: str, entry: LayerEntry) -> Graph:
    """The wires of the node as the new layer can have them: the first of those that come in."""
    incoming = graph.incoming(node_id)
    gives = entry.end != "output"
    others = tuple(e for e in graph.edges if e.target != node_id and (gives or e.source != node_id))
    bare = replace(graph, edges=others)
    kept = [edge for edge in incoming if edge.port < entry.arity[1]]
    if not kept and incoming and entry.arity[1]:
        kept = [replace(incoming[0], port=0)]
    for edge in kept:
        bare = connect(bare, edge)
    return bare if set(bare.edges) != set(graph.edges) else graph
