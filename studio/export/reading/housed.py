"""Housed: the parts of which somebody's network is made become blocks of the drawing."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from torch import fx

from studio.core.catalogue import LAYERS
from studio.core.design.arrange import arranged
from studio.core.design.block_edits import grouped, opened
from studio.core.design.graph import Graph
from studio.core.problems import StudioError

LEAST = 3  # fewer are read as quickly without a frame
MOST_OPEN = 48  # nodes; a larger drawing is read by its closed blocks
_PLAIN = "torch.nn.modules."
_HOLDING = ("Sequential", "ModuleList", "ModuleDict")


def home_of(node: fx.Node) -> str:
    """The part of the network in which a call stands: ``stage.0``; empty in the network itself."""
    found = ""
    for path, kind in node.meta.get("nn_module_stack", {}).values():
        name = kind if isinstance(kind, str) else f"{kind.__module__}.{kind.__qualname__}"
        if not name.startswith(_PLAIN) or name.endswith(_HOLDING):
            found = path
    return found


def housed(graph: Graph, nodes: Mapping[str, Sequence[str]], homes: Mapping[str, str]) -> Graph:
    """The graph with a block for each part of several layers; the innermost are made first.

    `nodes` are those of each step, `homes` the parts in which the steps stand. A part that is
    no block, as more than one thing comes out of it, is left as it is.
    """
    members: dict[str, list[str]] = {}
    for step, home in homes.items():
        words = home.split(".") if home else []
        for count in range(1, len(words) + 1):
            members.setdefault(".".join(words[:count]), []).extend(nodes.get(step, ()))
    inner = sum(LAYERS[node.layer].end is None for node in graph)
    names: dict[frozenset[str], str] = {}
    for path in sorted(members, key=len):  # of two with the same layers the outer one counts
        names.setdefault(frozenset(members[path]), path)
    for chosen in sorted(names, key=len):
        if LEAST <= len(chosen) < inner:
            graph = _with_block(graph, members[names[chosen]], names[chosen])
    return replace(graph, positions=arranged(graph)) if graph.blocks else graph


def _with_block(graph: Graph, members: Sequence[str], name: str) -> Graph:
    try:
        made, block_id = grouped(graph, members, name)
    except StudioError:
        return graph
    return opened(made, block_id, is_open=False) if len(graph) > MOST_OPEN else made
