"""Networks for pictures that have a name: residual, VGG, MobileNet, U-Net, vision transformer."""

from collections.abc import Callable, Iterator
from typing import TypeAlias

from studio.core.design.block import PLAIN_TINT, Tint
from studio.core.design.dataset import DatasetSpec
from studio.core.design.drawing import Drawing
from studio.core.design.graph import Graph
from studio.core.design.u_shape import as_a_u
from studio.core.params import Value
from studio.core.words import tr

Draw: TypeAlias = Callable[[DatasetSpec], Graph]
SMALL_SIDE = 64  # a picture up to here is not halved at once
_TINTS: tuple[Tint, ...] = ("series.1", "series.2", "series.3", "series.5")  # of stages
_LEARNT = frozenset({"conv2d", "linear"})  # what two pictures are looked at with
SMALLEST_MAP = 2  # what is smaller is not pooled any more


def classic(dataset: DatasetSpec) -> Graph:
    """Convolution 32, max pooling, dropout, and a line of 64: the network of every course."""
    drawing = Drawing()
    x = drawing.add("conv2d", drawing.input(), out_channels=32, kernel_size=3)
    x = drawing.add("relu", x)
    x = drawing.add("max_pool2d", x)
    x = drawing.add("dropout", x, p=0.25)
    x = drawing.add("relu", drawing.add("linear", drawing.add("flatten", x), out_features=64))
    return _ended(drawing, x, dataset)


def residual(*, filters: tuple[int, ...] = (16, 32, 64), blocks: int = 1) -> Draw:
    """A small residual network (He et al. 2015): a block or more at each size."""

    def draw(dataset: DatasetSpec) -> Graph:
        drawing = Drawing()
        x = _convolved(drawing, drawing.input(), filters[0])
        given = filters[0]
        for stage, wide in enumerate(filters):
            for block in range(blocks):
                stride = 2 if stage and not block else 1
                title = tr("Residual {filters}", filters=wide)
                with drawing.block(title, color=_TINTS[stage % len(_TINTS)]):
                    x = _residual(drawing, x, given, wide, stride)
                given = wide
        return _ended(drawing, drawing.add("global_pool", x, keeps="mean"), dataset)

    return draw


def resnet18(dataset: DatasetSpec) -> Graph:
    """ResNet-18 (He et al. 2015) in blocks; a small picture is not made smaller at once."""
    drawing = Drawing()
    x = _stem(drawing, dataset)
    given = 64
    for stage, wide in enumerate((64, 128, 256, 512)):
        with drawing.block(tr("Stage {number}", number=stage + 1), color=_TINTS[stage]):
            x = _stage(drawing, x, (given, wide), 2, 2 if stage else 1)
        given = wide
    return _ended(drawing, drawing.add("global_pool", x, keeps="mean"), dataset)


def resnet50(dataset: DatasetSpec) -> Graph:
    """ResNet-50 (He et al. 2015) in blocks; a small picture is not made smaller at once."""
    drawing = Drawing()
    x = _stem(drawing, dataset)
    given = 64
    for stage, (wide, count) in enumerate(((64, 3), (128, 4), (256, 6), (512, 3))):
        stride = 2 if stage else 1
        with drawing.block(tr("Stage {number}", number=stage + 1), color=_TINTS[stage]):
            with drawing.block(tr("Bottleneck, wider"), color=_TINTS[stage]):
                x = _bottleneck(drawing, x, given, wide, stride)
            with drawing.block(tr("Bottleneck"), count - 1, color=_TINTS[stage]):
                x = _bottleneck(drawing, x, 4 * wide, wide, 1)
        given = 4 * wide
    return _ended(drawing, drawing.add("global_pool", x, keeps="mean"), dataset)


def _stem(drawing: Drawing, dataset: DatasetSpec) -> str:
    """How a residual network begins: a large picture is made four times smaller."""
    x = drawing.input()
    with drawing.block(tr("Stem")):
        if _side(dataset) > SMALL_SIDE:
            x = _convolved(drawing, x, 64, kernel=7, stride=2)
            x = drawing.add("max_pool2d", x, kernel_size=3, stride=2, padding=1)
        else:
            x = _convolved(drawing, x, 64)
    return x


def _stage(drawing: Drawing, x: str, sizes: tuple[int, int], count: int, stride: int) -> str:
    """Residual steps of one size; the first is another one where the size changes."""
    given, wide = sizes
    if given != wide or stride > 1:
        with drawing.block(tr("Residual, smaller"), color=PLAIN_TINT):
            x = _residual(drawing, x, given, wide, stride)
        count -= 1
    with drawing.block(tr("Residual"), count, color=PLAIN_TINT):
        return _residual(drawing, x, wide, wide, 1)


def resnet152(dataset: DatasetSpec) -> Graph:
    """ResNet-152 (He et al. 2015), drawn flat."""
    drawing = Drawing()
    x = _convolved(drawing, drawing.input(), 64, kernel=7, stride=2)
    x = drawing.add("max_pool2d", x, kernel_size=3, stride=2, padding=1)
    given = 64
    for stage, (wide, count) in enumerate(((64, 3), (128, 8), (256, 36), (512, 3))):
        for block in range(count):
            x = _bottleneck(drawing, x, given, wide, 2 if stage and not block else 1)
            given = 4 * wide
    return _ended(drawing, drawing.add("global_pool", x, keeps="mean"), dataset)


def vgg11(dataset: DatasetSpec) -> Graph:
    """VGG-11 with batch normalization (Simonyan and Zisserman 2014).

    It pools as often as the picture allows, and its two wide lines fit the picture too.
    """
    drawing, side = Drawing(), _side(dataset)
    x = drawing.input()
    for number, stage in enumerate(((64,), (128,), (256, 256), (512, 512), (512, 512)), 1):
        with drawing.block(tr("Stage {number}", number=number), color=_TINTS[number % 4]):
            for filters in stage:
                x = _convolved(drawing, x, filters)
            if side >= SMALLEST_MAP:
                x, side = drawing.add("max_pool2d", x), side // 2
    x = drawing.add("flatten", x)
    for number in (1, 2):
        with drawing.block(tr("Wide layer {number}", number=number)):
            x = drawing.add("linear", x, out_features=4096 if side > SMALLEST_MAP else 512)
            x = drawing.add("dropout", drawing.add("relu", x), p=0.5)
    return _ended(drawing, x, dataset)


def mobilenet(dataset: DatasetSpec) -> Graph:
    """MobileNetV2 (Sandler et al. 2018): narrow, wide, narrow, with a way past."""
    drawing = Drawing()
    is_large = _side(dataset) > SMALL_SIDE
    x = drawing.input()
    with drawing.block(tr("Stem")):
        x = _convolved(drawing, x, 32, stride=2 if is_large else 1, act="relu6")
    given = 32
    for stage, (widen, wide, count, stride) in enumerate((
        (1, 16, 1, 1), (6, 24, 2, 2 if is_large else 1), (6, 32, 3, 2), (6, 64, 4, 2),
        (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1),
    )):  # fmt: skip
        with drawing.block(tr("Narrow, wide, {filters}", filters=wide), color=_TINTS[stage % 4]):
            x = _inverted(drawing, x, given, wide, widen, stride)
        if count > 1:
            with drawing.block(
                tr("Inverted residual {filters}", filters=wide), count - 1, color=_TINTS[stage % 4]
            ):
                x = _inverted(drawing, x, wide, wide, widen, 1)
        given = wide
    with drawing.block(tr("Head")):
        x = _convolved(drawing, x, 1280, kernel=1, act="relu6")
        x = drawing.add("dropout", drawing.add("global_pool", x, keeps="mean"), p=0.2)
    return _ended(drawing, x, dataset)


def vision_transformer(dataset: DatasetSpec) -> Graph:
    """A tiny vision transformer (Dosovitskiy et al. 2020): patches are read like words."""
    side = _side(dataset)
    patch = next((size for size in (16, 8, 7, 4, 2, 1) if side % size == 0 and side > size), 1)
    drawing = Drawing()
    x = drawing.input()
    with drawing.block(tr("Patches as words"), color=_TINTS[0]):
        x = drawing.add("patch_embedding", x, patch=patch, width=192)
        x = drawing.add("learnt_positions", drawing.add("class_token", x))
    with drawing.block(tr("Encoder layer"), 6 if side <= SMALL_SIDE else 12, color=_TINTS[1]):
        x = drawing.add("transformer_encoder_layer", x, heads=3, hidden=768)
    x = drawing.add("layer_norm", x)
    with drawing.block(tr("Class token"), color=_TINTS[2]):
        x = drawing.add("slice", x, axis=1, start=1, stop=1)
        x = drawing.add("layer_norm", drawing.add("flatten", x))
    return _ended(drawing, x, dataset)


def unet(dataset: DatasetSpec) -> Graph:
    """U-Net (Ronneberger et al. 2015): down and up again, each height looking across.

    It halves the picture as often as its sides can be halved evenly, at most four times.
    """
    shape = next(one.shape for one in dataset.model_inputs() if one.kind == "image")
    depth = next((d for d in (4, 3, 2, 1) if not any(size % 2**d for size in shape[1:])), 0)
    drawing, across, up = Drawing(), list[str](), list[str]()
    x = drawing.input()
    for level in range(depth + 1):
        with drawing.block(tr("Down {number}", number=level + 1), color=_TINTS[0]):
            x = _twice(drawing, drawing.add("max_pool2d", x) if level else x, 16 * 2**level)
        across.append(x)
    for level in reversed(range(depth)):
        with drawing.block(tr("Up {number}", number=level + 1), color=_TINTS[1]):
            filters = 16 * 2**level
            x = drawing.add("conv_transpose2d", x, out_channels=filters, kernel_size=2, stride=2)
            x = _twice(drawing, drawing.add("concatenate", across[level], x), filters)
        up.append(x)
    x = drawing.add("conv2d", x, out_channels=max(1, dataset.output_shape()[0]), kernel_size=1)
    drawing.output(x)
    return as_a_u(drawing.graph(), across, up)


def rebuilding(dataset: DatasetSpec) -> Graph:
    """Convolutions down to a narrow place and up again: what is usual comes out once more.

    It halves the picture as often as its sides can be halved evenly, at most three times.
    """
    channels, *sides = dataset.output_shape()
    depth = next((d for d in (3, 2, 1) if not any(size % 2**d for size in sides)), 0)
    drawing = Drawing()
    x = drawing.input()
    for level in range(depth):
        x = drawing.add("max_pool2d", _convolved(drawing, x, 16 * 2**level))
    x = _convolved(drawing, x, 8)
    for level in reversed(range(depth)):
        x = drawing.add("conv_transpose2d", x, out_channels=16 * 2**level, kernel_size=2, stride=2)
        x = drawing.add("relu", x)
    x = drawing.add("conv2d", x, out_channels=channels, kernel_size=3, padding=1)
    drawing.output(x)
    return drawing.graph()


def twins(dataset: DatasetSpec) -> Graph:
    """Two pictures through the same weights (Bromley et al. 1993), and how far apart they are."""
    drawing = Drawing()
    first, second = [one for one in dataset.model_inputs() if one.kind == "image"][:2]
    here, there = (drawing.input(one.feature.source) for one in (first, second))
    layers = list(_looking(min(*first.shape[1:], *second.shape[1:])))
    seen: list[str] = []
    with drawing.block(tr("Looks at {name}", name=first.feature.source), color=_TINTS[0]):
        for layer, params in layers:
            seen.append(here := drawing.add(layer, here, name="", **params))
    with drawing.block(tr("Looks at {name}", name=second.feature.source), color=_TINTS[0]):
        for (layer, params), known in zip(layers, seen, strict=True):
            if layer in _LEARNT:
                there = drawing.again(known, there)
            else:
                there = drawing.add(layer, there, name="", **params)
    apart = drawing.add("subtract", here, there)
    x = drawing.add("multiply", apart, apart)
    x = drawing.add("relu", drawing.add("linear", x, out_features=32))
    return _ended(drawing, x, dataset)


def _looking(side: int) -> Iterator[tuple[str, dict[str, Value]]]:
    """The layers that make a line of numbers of a picture."""
    yield "layer_norm", {"over": "all", "elementwise_affine": False}
    for filters in (16, 32, 64):
        yield "conv2d", {"out_channels": filters, "kernel_size": 3, "padding": 1}
        yield "relu", {}
        if side >= SMALLEST_MAP:
            yield "max_pool2d", {}
            side //= 2
    yield "flatten", {}
    yield "linear", {"out_features": 32}


def _twice(drawing: Drawing, x: str, filters: int) -> str:
    return _convolved(drawing, _convolved(drawing, x, filters), filters)


def _convolved(
    drawing: Drawing, x: str, filters: int, *, kernel: int = 3, stride: int = 1, act: str = "relu"
) -> str:
    x = drawing.add(
        "conv2d",
        x,
        out_channels=filters,
        kernel_size=kernel,
        stride=stride,
        padding=kernel // 2,
        bias=False,
    )
    x = drawing.add("batch_norm", x)
    return drawing.add(act, x) if act else x


def _residual(drawing: Drawing, x: str, given: int, wide: int, stride: int) -> str:
    inner = _convolved(drawing, x, wide, stride=stride)
    inner = _convolved(drawing, inner, wide, act="")
    return _past(drawing, x, inner, is_same=given == wide and stride == 1, to=(wide, stride))


def _bottleneck(drawing: Drawing, x: str, given: int, wide: int, stride: int) -> str:
    inner = _convolved(drawing, x, wide, kernel=1)
    inner = _convolved(drawing, inner, wide, stride=stride)
    inner = _convolved(drawing, inner, 4 * wide, kernel=1, act="")
    is_same = given == 4 * wide and stride == 1
    return _past(drawing, x, inner, is_same=is_same, to=(4 * wide, stride))


def _past(drawing: Drawing, x: str, inner: str, *, is_same: bool, to: tuple[int, int]) -> str:
    """What was led past a block comes back in, brought to its size where that changed."""
    past = x if is_same else _convolved(drawing, x, to[0], kernel=1, stride=to[1], act="")
    return drawing.add("relu", drawing.add("add", inner, past))


def _inverted(drawing: Drawing, x: str, given: int, wide: int, widen: int, stride: int) -> str:
    inner = x if widen == 1 else _convolved(drawing, x, given * widen, kernel=1, act="relu6")
    inner = drawing.add(
        "depthwise_conv2d", inner, kernel_size=3, stride=stride, padding=1, bias=False
    )
    inner = drawing.add("relu6", drawing.add("batch_norm", inner))
    inner = _convolved(drawing, inner, wide, kernel=1, act="")
    return drawing.add("add", inner, x) if given == wide and stride == 1 else inner


def _ended(drawing: Drawing, x: str, dataset: DatasetSpec) -> Graph:
    drawing.output(drawing.add("linear", x, out_features=max(1, dataset.outputs())))
    return drawing.graph()


def _side(dataset: DatasetSpec) -> int:
    shape = next(one.shape for one in dataset.model_inputs() if one.kind == "image")
    return min(shape[1:])
