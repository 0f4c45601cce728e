"""What the networks of the templates are made of: a branch for each kind of input, and a head."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from types import MappingProxyType
from typing import TypeAlias

from studio.core.catalogue import LAYERS
from studio.core.catalogue.ends import AS_INDEX, AS_VALUES
from studio.core.design.arrange_blocks import arranged_in_blocks
from studio.core.design.block_edits import grouped, with_block
from studio.core.design.dataset import DatasetSpec
from studio.core.design.drawing import CANVAS, card_size
from studio.core.design.edits import add_node, connect, move
from studio.core.design.features import InputKind, ModelInput
from studio.core.design.graph import Edge, Graph
from studio.core.design.inputs import is_end
from studio.core.params import Value
from studio.core.words import tr

MOST_MELS, WINDOW_SECONDS, HOP_SECONDS = 40, 0.032, 0.016
MOST_FRAMES = 256  # of a spectrogram, before it is summed up along time
MOST_BESIDE = 4  # layers that each of several inputs can have side by side in a window
LARGE_SIDE, SMALLEST_SIDE = 64, 2  # of a picture: from where it is halved at once, to be pooled


@dataclass(frozen=True, slots=True)
class Placed:
    """One layer, with params that are not the default."""

    layer: str
    params: Mapping[str, Value] = field(default_factory=lambda: MappingProxyType({}))


Layers: TypeAlias = tuple[Placed, ...]
Branch: TypeAlias = Callable[[DatasetSpec, ModelInput], Layers]
Head: TypeAlias = Callable[[DatasetSpec], Layers]


def dense(*units: int, dropout: float = 0.0) -> Head:
    """Linear and ReLU for each size, then a Linear that gives what the data ask for."""

    def head(dataset: DatasetSpec) -> Layers:
        hidden = [
            part
            for size in units
            for part in (Placed("linear", {"out_features": size}), Placed("relu"))
        ]
        rest = (Placed("dropout", {"p": dropout}),) if dropout else ()
        return (*hidden, *rest, Placed("linear", {"out_features": max(1, dataset.outputs())}))

    return head


def narrowing(dataset: DatasetSpec) -> Layers:
    """Through a place a third as wide as what is to be given again, and out once more."""
    narrow = max(1, dataset.outputs() // 3)
    return (
        Placed("linear", {"out_features": 32}),
        Placed("relu"),
        Placed("linear", {"out_features": narrow}),
        *dense(32)(dataset),
    )


def nothing(_dataset: DatasetSpec, _source: ModelInput) -> Layers:
    """The values as they come."""
    return ()


def flat(_dataset: DatasetSpec, _source: ModelInput) -> Layers:
    """All numbers in one line."""
    return (Placed("flatten"),)


def seen(_dataset: DatasetSpec, source: ModelInput) -> Layers:
    """Convolutions over a picture, whatever its light, and what was found anywhere in it."""
    side = min(source.shape[1:])
    found: list[Placed] = [Placed("layer_norm", {"over": "all", "elementwise_affine": False})]
    for place, filters in enumerate((16, 32, 64, 64)):
        is_wide = place == 0 and side >= LARGE_SIDE
        found += _convolved(filters, is_wide=is_wide, is_pooled=place < 3 and side >= SMALLEST_SIDE)
        side //= 4 if is_wide else 2
    return (*found, Placed("global_pool", {"keeps": "max"}), Placed("dropout", {"p": 0.3}))


def heard(dataset: DatasetSpec, _source: ModelInput) -> Layers:
    """A mel spectrogram as a picture, convolutions, and when what was to be heard."""
    rate = dataset.sound.rate
    window = _power_of_two(rate * WINDOW_SECONDS)
    hop = max(1, min(round(rate * HOP_SECONDS), window // 2))
    mels = min(MOST_MELS, window // 8 or 1)
    frames = dataset.sound.samples // hop + 1
    size = min(mels, frames)
    layers: list[Placed] = []
    for filters in (16, 32, 32):
        layers += _convolved(filters, is_pooled=size >= 2)
        size //= 2
    if frames > MOST_FRAMES:
        layers.append(Placed("adaptive_avg_pool2d", {"output_size": (4, 16)}))
    return (
        Placed("mel_spectrogram", {"n_fft": window, "hop": hop, "mels": mels, "rate": rate}),
        Placed("logarithm"),
        Placed("batch_norm"),
        *layers,
        Placed("flatten"),
        Placed("dropout", {"p": 0.3}),
    )


def read(_dataset: DatasetSpec, _source: ModelInput) -> Layers:
    """Words as numbers, three words at a time, and how much of each kind there is."""
    return (
        Placed("embedding", {"embedding_dim": 64}),
        Placed("transpose"),
        Placed("conv1d", {"out_channels": 64, "kernel_size": (3,), "padding": (1,)}),
        Placed("relu"),
        Placed("global_pool", {"keeps": "mean"}),
        Placed("dropout", {"p": 0.5}),
    )


def followed(_dataset: DatasetSpec, _source: ModelInput) -> Layers:
    """A memory that reads the window step by step."""
    return (Placed("lstm", {"hidden_size": 64}),)


def squeezed(_dataset: DatasetSpec, source: ModelInput) -> Layers:
    """The window through a narrow place: what is usual comes out again, what is not does not."""
    narrow = max(2, min(16, source.shape[0] // 8))
    return (
        Placed("flatten"),
        Placed("linear", {"out_features": 64}),
        Placed("relu"),
        Placed("linear", {"out_features": narrow}),
    )


def watched(_dataset: DatasetSpec, _source: ModelInput) -> Layers:
    """Convolutions over height, width and time."""
    cube: dict[str, Value] = {"kernel_size": (3, 3, 3), "padding": (1, 1, 1)}
    return (
        Placed("conv3d", {"out_channels": 16, **cube}),
        Placed("relu"),
        Placed("max_pool3d", {"kernel_size": (1, 2, 2), "stride": (1, 2, 2)}),
        Placed("conv3d", {"out_channels": 32, **cube}),
        Placed("relu"),
        Placed("global_pool", {"keeps": "max"}),
    )


BRANCHES: Mapping[InputKind, Branch] = MappingProxyType(
    {
        "table": nothing,
        "image": seen,
        "sound": heard,
        "text": read,
        "series": followed,
        "video": watched,
    }
)
IDENTIFIER = (Placed("embedding", {"embedding_dim": 32}), Placed("flatten"))


def network(dataset: DatasetSpec, branches: Mapping[InputKind, Branch], head: Head) -> Graph:
    """An Input and a branch for each thing that the model takes, joined before the head.

    One Input alone where no column is used yet: the report says what is missing.
    """
    graph, ends = Graph(), []
    rows = _inputs(dataset, branches) or [((), AS_VALUES, ())]
    for names, form, layers in rows:
        params: dict[str, Value] = {} if len(rows) == 1 else {"columns": names}
        if form == AS_INDEX:
            params["form"] = form
            params["columns"] = names
        name = tr(LAYERS["input"].title) if len(rows) == 1 else ", ".join(names)[:24]
        before = graph.nodes.keys()
        graph, end = _chained(graph, (Placed("input", params), *layers), name)
        if len(rows) > 1 and len(layers) > MOST_BESIDE:
            graph = _in_a_block(graph, [*(graph.nodes.keys() - before)], name)
        ends.append(end)
    if len(ends) > 1:
        graph, joined = add_node(graph, "concatenate", _ANYWHERE)
        for port, end in enumerate(ends):
            graph = connect(graph, Edge(end, joined, port))
        ends = [joined]
    for placed in (*head(dataset), Placed("output")):
        name = tr(LAYERS["output"].title) if placed.layer == "output" else ""
        graph, added = add_node(graph, placed.layer, _ANYWHERE, placed.params, name)
        graph = connect(graph, Edge(ends[-1], added))
        ends = [added]
    return move(graph, arranged_in_blocks(graph, partial(card_size, graph), room=CANVAS))


_ANYWHERE = (0.0, 0.0)  # until all is there and can be arranged


def _in_a_block(graph: Graph, members: list[str], name: str) -> Graph:
    """What reads one of several inputs as a closed block: two long branches fit no window."""
    inner = [i for i in members if not is_end(graph.nodes[i], "input")]
    graph, block_id = grouped(graph, inner, tr("Reads {name}", name=name))
    return with_block(graph, replace(graph.blocks[block_id], is_open=False))


def _inputs(
    dataset: DatasetSpec, branches: Mapping[InputKind, Branch]
) -> "list[tuple[tuple[str, ...], str, Layers]]":
    """For each Input its columns, what it gives, and the layers behind it."""
    found: list[tuple[tuple[str, ...], str, Layers]] = []
    for source in dataset.model_inputs():
        values = tuple(dict.fromkeys(f.source for f in source.features if f.kind != "identifier"))
        if values:
            found.append((values, AS_VALUES, branches[source.kind](dataset, source)))
        for feature in source.features:
            if feature.kind == "identifier":
                found.append(((feature.source,), AS_INDEX, IDENTIFIER))
    return found


def _chained(graph: Graph, layers: Layers, name: str) -> tuple[Graph, str]:
    previous = ""
    for placed in layers:
        first = "" if previous else name
        graph, added = add_node(graph, placed.layer, _ANYWHERE, placed.params, first)
        if previous:
            graph = connect(graph, Edge(previous, added))
        previous = added
    return graph, previous


def _convolved(filters: int, *, is_wide: bool = False, is_pooled: bool = True) -> Layers:
    """A convolution that keeps the size, or halves it where `is_wide`, and what belongs to it."""
    narrow: dict[str, Value] = {"kernel_size": (3, 3), "padding": (1, 1)}
    wide: dict[str, Value] = {"kernel_size": (5, 5), "padding": (2, 2), "stride": (2, 2)}
    return (
        Placed("conv2d", {"out_channels": filters, **(wide if is_wide else narrow)}),
        Placed("batch_norm"),
        Placed("relu"),
        *((Placed("max_pool2d"),) if is_pooled else ()),
    )


def _power_of_two(size: float) -> int:
    """The power of two nearest to a size, at least 16."""
    return max(16, 1 << (max(1, round(size)) - 1).bit_length())
