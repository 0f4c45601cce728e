"""Drawing: a network put down line by line, as templates do; its places come by themselves."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

from studio.core.catalogue import LAYERS
from studio.core.catalogue.ends import AS_VALUES, INPUT, OUTPUT
from studio.core.design.arrange_blocks import arranged_in_blocks
from studio.core.design.block import PLAIN_TINT, Tint
from studio.core.design.block_edits import grouped, with_block
from studio.core.design.edits import GRID, NODE_SIZE, PICTURE_HEIGHT, add_node, connect, port_count
from studio.core.design.graph import Edge, Graph
from studio.core.design.sharing import sharing
from studio.core.params import Param, Value
from studio.core.words import tr

CANVAS = (780.0, 640.0)  # what a window of usual size has for the drawing


def card_size(graph: Graph, card: str) -> tuple[float, float]:
    """How large a card may become: as high as its ports ask for, and with a picture in it."""
    ports = port_count(graph, card) if card in graph.nodes else 1
    return NODE_SIZE[0], max(NODE_SIZE[1], GRID * (ports + 1)) + PICTURE_HEIGHT


class Drawing:
    """Places layers one behind another; every call gives the id of what it placed.

    drawing = Drawing()
    x = drawing.input()
    x = drawing.add("linear", x, out_features=64)
    drawing.output(x)
    graph = drawing.graph()
    """

    def __init__(self) -> None:
        self._graph = Graph()

    def input(self, *columns: str, form: str = AS_VALUES, name: str = "") -> str:
        """An Input that takes the named columns; none named: all that are left."""
        params: dict[str, Value] = {"columns": columns} if columns else {}
        if form != AS_VALUES:
            params["form"] = form
        return self._placed(INPUT.key, params, name or ", ".join(columns)[:24] or tr(INPUT.title))

    def add(self, layer: str, *sources: str | None, name: str = "", **params: Value) -> str:
        """A layer that takes each source at the next port; None leaves a port open."""
        return self._wired(self._placed(layer, params, name), sources)

    def again(self, layer: str, *sources: str) -> str:
        """The layer with that id once more: its settings, and the very same weights."""
        first = self._graph.nodes[layer]
        added = self._wired(self._placed(first.layer, first.params, ""), sources)
        self._graph = sharing(self._graph, added, layer)
        return added

    def output(self, source: str, **params: Value) -> str:
        """An Output that gives what the source gives."""
        added = self._placed(OUTPUT.key, params, tr(OUTPUT.title) if not params else "")
        self._graph = connect(self._graph, Edge(source, added))
        return added

    @contextmanager
    def block(
        self, name: str, repeats: int = 1, *, color: Tint = PLAIN_TINT, is_open: bool = False
    ) -> Iterator[None]:
        """What is placed meanwhile is a block; those made inside it lie in it."""
        before = frozenset(self._graph.nodes)
        yield
        self._graph, block_id = grouped(self._graph, self._graph.nodes.keys() - before, name)
        made = self._graph.blocks[block_id]
        self._graph = with_block(
            self._graph, replace(made, repeats=repeats, color=color, is_open=is_open)
        )

    def graph(self) -> Graph:
        """The network, tidily arranged, in rows where it is long."""
        size_of = partial(card_size, self._graph)
        return replace(self._graph, positions=arranged_in_blocks(self._graph, size_of, room=CANVAS))

    def _wired(self, added: str, sources: Iterable[str | None]) -> str:
        for port, source in enumerate(sources):
            if source is not None:
                self._graph = connect(self._graph, Edge(source, added, port))
        return added

    def _placed(self, layer: str, params: Mapping[str, Value], name: str) -> str:
        entry = LAYERS[layer]
        known = {param.key for param in entry.params}
        assert set(params) <= known, f"{layer} has no {set(params) - known}"
        values = {key: _settled(entry.param(key), value) for key, value in params.items()}
        self._graph, added = add_node(self._graph, layer, (0.0, 0.0), values, name)
        return added


def _settled(param: Param, value: Value) -> Value:
    """As a file gives it back: one number for a size of several is that number for each.

    What the data ask for and no layer can be is drawn as it is, and told as a Problem.
    """
    try:
        return param.check(value)
    except ValueError:
        return value
