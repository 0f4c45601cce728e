"""Blocks that are ready to be placed: drawn for the size of what comes in, or a usual one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from studio.core.catalogue import LAYERS
from studio.core.catalogue.entry import Signal
from studio.core.design.block import Block, Exposed, Inlet, Tint
from studio.core.design.blocks import inlets_of
from studio.core.design.drawing import Drawing
from studio.core.design.graph import Graph
from studio.core.words import tr

Draw: TypeAlias = Callable[[Drawing, int], object]
Takes = Literal["image", "sequence"]
USUAL_WIDTH = 64
AXES: Mapping[Takes, int] = {"image": 3, "sequence": 2}
LEAST_INSIDE = 4  # filters in the narrow part of a block
SHRINKS = 16  # so many channels are one number where channels are weighed
HEAD_WIDTH = 32
WIDTHS = ("out_channels", "out_features")  # the params that say how wide a layer is


@dataclass(frozen=True, slots=True)
class ReadyBlock:
    """A block by its key: what it is called and for, what it takes, and how it is drawn."""

    key: str
    title: str
    help: str
    takes: Takes
    color: Tint
    draw: Draw


def fragment(ready: ReadyBlock, signal: Signal | None = None) -> Graph:
    """The block alone, closed, as wide as what will come in; all its open inputs take that.

    What is wider than its layers can be gets the block as where nothing is known.
    """
    fits = signal is not None and len(signal.shape) == AXES[ready.takes]
    width = _width(ready.takes, signal) if signal is not None and fits else USUAL_WIDTH
    try:
        graph = _drawn(ready, width)
    except ValueError:
        graph = _drawn(ready, USUAL_WIDTH)
    block = next(block for block in graph.blocks.values() if not block.parent)
    open_inputs = tuple(one for group in inlets_of(graph, block.id) for one in group)
    made = replace(block, inlets=(open_inputs,), exposed=_exposed(graph))
    inner = {i: _with_inlets(one, open_inputs) for i, one in graph.blocks.items()}
    return replace(graph, blocks={**inner, block.id: made})


def _drawn(ready: ReadyBlock, width: int) -> Graph:
    """ValueError where a layer cannot be so wide."""
    drawing = Drawing()
    with drawing.block(tr(ready.title), color=ready.color):
        ready.draw(drawing, width)
    graph = drawing.graph()
    for node in graph:
        for key, value in node.params.items():
            LAYERS[node.layer].param(key).check(value)
    return graph


def _with_inlets(block: Block, open_inputs: tuple[Inlet, ...]) -> Block:
    """A block inside takes the same thing where it is open."""
    own = tuple(one for one in open_inputs if one.node in block.members)
    return replace(block, inlets=(own,)) if own else block


def _width(takes: Takes, signal: Signal) -> int:
    return signal.shape[0] if takes == "image" else signal.shape[-1]


def _exposed(graph: Graph) -> tuple[Exposed, ...]:
    """How many filters or units each layer with some has: what is changed most often."""
    return tuple(
        Exposed(node.id, key, node.name) for node in graph for key in WIDTHS if key in node.params
    )


def _convolved(
    drawing: Drawing, x: str | None, filters: int, kernel: int = 1, act: str = "relu"
) -> str:
    x = drawing.add(
        "conv2d", x, out_channels=filters, kernel_size=kernel, padding=kernel // 2, bias=False
    )
    x = drawing.add("batch_norm", x)
    return drawing.add(act, x) if act else x


def _residual(drawing: Drawing, width: int) -> None:
    inner = _convolved(drawing, _convolved(drawing, None, width, 3), width, 3, act="")
    drawing.add("relu", drawing.add("add", inner, None))


def _bottleneck(drawing: Drawing, width: int) -> None:
    narrow = max(LEAST_INSIDE, width // 4)
    inner = _convolved(drawing, _convolved(drawing, None, narrow), narrow, 3)
    inner = _convolved(drawing, inner, width, act="")
    drawing.add("relu", drawing.add("add", inner, None))


def _inception(drawing: Drawing, width: int) -> None:
    each = max(LEAST_INSIDE, width // 4)
    small = _convolved(drawing, None, each)
    middle = _convolved(drawing, _convolved(drawing, None, each), each, 3)
    large = _convolved(drawing, _convolved(drawing, None, each), each, 5)
    pooled = drawing.add("max_pool2d", None, kernel_size=3, stride=1, padding=1)
    pooled = _convolved(drawing, pooled, each)
    drawing.add("concatenate", small, middle, large, pooled)


def _squeeze_and_excite(drawing: Drawing, width: int) -> None:
    """Each channel by itself is made stronger or weaker (Hu et al. 2017)."""
    x = drawing.add("adaptive_avg_pool2d", None, output_size=(1, 1))
    x = drawing.add("conv2d", x, out_channels=max(LEAST_INSIDE, width // SHRINKS), kernel_size=1)
    x = drawing.add("conv2d", drawing.add("relu", x), out_channels=width, kernel_size=1)
    drawing.add("expression", None, x, expression="a * sigmoid(b)", name=tr("Weigh channels"))


def _inverted_residual(drawing: Drawing, width: int) -> None:
    inner = _convolved(drawing, None, 6 * width, act="relu6")
    inner = drawing.add("depthwise_conv2d", inner, kernel_size=3, padding=1, bias=False)
    inner = drawing.add("relu6", drawing.add("batch_norm", inner))
    drawing.add("add", _convolved(drawing, inner, width, act=""), None)


def _dense(drawing: Drawing, width: int) -> None:
    """Each layer sees all that came before it (Huang et al. 2016)."""
    grown = max(LEAST_INSIDE, width // 2)
    seen: list[str | None] = [None]
    for _ in range(3):
        x = drawing.add("concatenate", *seen) if len(seen) > 1 else None
        seen.append(_convolved(drawing, x, grown, 3))
    drawing.add("concatenate", *seen)


def _unet_stage(drawing: Drawing, width: int) -> None:
    """Down, across at half the size, and up again beside what was (Ronneberger et al. 2015)."""
    across = _convolved(drawing, _convolved(drawing, None, width, 3), width, 3)
    with drawing.block(tr("Half the size")):
        x = drawing.add("max_pool2d", across)
        x = _convolved(drawing, _convolved(drawing, x, 2 * width, 3), 2 * width, 3)
        x = drawing.add("conv_transpose2d", x, out_channels=width, kernel_size=2, stride=2)
    x = drawing.add("concatenate", across, x)
    _convolved(drawing, _convolved(drawing, x, width, 3), width, 3)


def _transformer(drawing: Drawing, width: int) -> None:
    """Look around, then think, each led past (Vaswani et al. 2017; norms first)."""
    heads = max(n for n in range(1, max(1, width // HEAD_WIDTH) + 1) if width % n == 0)
    seen = drawing.add("self_attention", drawing.add("layer_norm", None), heads=heads)
    x = drawing.add("add", seen, None)
    inner = drawing.add("linear", drawing.add("layer_norm", x), out_features=4 * width)
    inner = drawing.add("linear", drawing.add("gelu", inner), out_features=width)
    drawing.add("add", inner, x)


READY_BLOCKS: Mapping[str, ReadyBlock] = {
    ready.key: ready
    for ready in (
        ReadyBlock(
            "residual",
            "Residual",
            "Two convolutions with a way past them, so that depth does not hinder learning. "
            "Repeat it for a deeper network.",
            "image",
            "series.1",
            _residual,
        ),
        ReadyBlock(
            "bottleneck",
            "Bottleneck",
            "Narrow, across, wide again, with a way past: the step of ResNet-50.",
            "image",
            "series.1",
            _bottleneck,
        ),
        ReadyBlock(
            "transformer_block",
            "Transformer block",
            "Each step looks at all others, then thinks by itself. Repeat it for more depth.",
            "sequence",
            "series.3",
            _transformer,
        ),
        ReadyBlock(
            "inception",
            "Inception",
            "Looks with filters of three sizes at once and puts side by side what they see.",
            "image",
            "series.2",
            _inception,
        ),
        ReadyBlock(
            "squeeze_and_excite",
            "Squeeze and excite",
            "Weighs the channels by what the whole picture shows. Use it behind other blocks.",
            "image",
            "series.3",
            _squeeze_and_excite,
        ),
        ReadyBlock(
            "inverted_residual",
            "Inverted residual",
            "Wide inside, narrow outside, filters of their own for each channel: the step of "
            "MobileNetV2, with few weights.",
            "image",
            "series.1",
            _inverted_residual,
        ),
        ReadyBlock(
            "dense_block",
            "Dense block",
            "Three convolutions that each see all that came before: the step of DenseNet.",
            "image",
            "series.4",
            _dense,
        ),
        ReadyBlock(
            "unet_stage",
            "U-Net stage",
            "Looks at half the size and comes back, beside what was there: put another one into "
            "its inner block for a deeper U-Net.",
            "image",
            "series.5",
            _unet_stage,
        ),
    )
}
