"""How much a pretrained network multiplies and adds for one sample, out of its configuration.

The formulas are those of the networks as the transformers library builds them: ResNet (He et al.
2015), MobileNet (Howard et al. 2017; Sandler et al. 2018), ViT (Dosovitskiy et al. 2020), and the
encoder of BERT (Devlin et al. 2018), which the networks over texts share.
"""

import json
from collections.abc import Callable, Mapping
from math import prod
from types import MappingProxyType
from typing import Any, TypeAlias

from studio.core.backbone import Backbone
from studio.core.shapes import Shape

Config: TypeAlias = Mapping[str, Any]
# What a configuration may lack, or have of another kind than expected.
_STRANGE = (KeyError, TypeError, ValueError, IndexError, ArithmeticError)
_REDUCTION = 4  # of the narrow convolution in a bottleneck of a ResNet
_STRIDES_1 = (1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1)
_STRIDES_2 = (2, 1, 2, 1, 1, 2, 1, 1, 1, 1, 1, 1, 2, 1, 1, 1)
_CHANNELS_2 = (16, 24, 24, 32, 32, 32, 64, 64, 64, 64, 96, 96, 96, 160, 160, 160, 320)


def backbone_adds(known: Backbone, shape: Shape) -> int | None:
    """Multiply-adds for one sample of that shape; None where the configuration does not say."""
    rule = _RULES.get(known.architecture)
    try:
        return None if rule is None else rule(known, json.loads(known.config), shape)
    except _STRANGE:
        return None


class _Filters:
    """Convolutions one behind the other: what they do, and what comes out of the last.

    Borders are such that a stride of 2 halves a side, rounded up.
    """

    def __init__(self, channels: int, sides: Shape) -> None:
        self.channels, self.sides, self.total = channels, sides, 0

    def go(self, channels: int, kernel: int = 1, stride: int = 1, groups: int = 1) -> None:
        """Through one convolution."""
        self.halve(stride)
        seen = self.channels // groups * kernel * kernel
        self.total += prod(self.sides) * channels * seen
        self.channels = channels

    def halve(self, stride: int) -> None:
        """Through what makes the sides smaller and multiplies nothing."""
        self.sides = tuple(-(-side // stride) for side in self.sides)

    def past(self, channels: int, stride: int) -> None:
        """The way past a block that changes its sizes; what comes out stays as it is."""
        if channels != self.channels or stride != 1:
            beside = _Filters(self.channels, self.sides)
            beside.go(channels, 1, stride)
            self.total += beside.total


def _resnet(known: Backbone, config: Config, shape: Shape) -> int:
    filters = _Filters(known.channels, shape[1:])
    filters.go(config["embedding_size"], 7, 2)
    filters.halve(2)
    for place, (channels, depth) in enumerate(
        zip(config["hidden_sizes"], config["depths"], strict=True)
    ):
        is_halved = place > 0 or config["downsample_in_first_stage"]
        for layer in range(depth):
            _residual(filters, config, channels, 2 if is_halved and layer == 0 else 1)
    return filters.total


def _residual(filters: _Filters, config: Config, channels: int, stride: int) -> None:
    filters.past(channels, stride)
    if config["layer_type"] != "bottleneck":
        filters.go(channels, 3, stride)
        filters.go(channels, 3)
        return
    is_early = config["downsample_in_bottleneck"]
    narrow = channels // _REDUCTION
    filters.go(narrow, 1, stride if is_early else 1)
    filters.go(narrow, 3, 1 if is_early else stride)
    filters.go(channels)


def _mobilenet_1(known: Backbone, config: Config, shape: Shape) -> int:
    def wide(depth: int) -> int:
        return int(max(int(depth * config["depth_multiplier"]), config["min_depth"]))

    filters, depth = _Filters(known.channels, shape[1:]), 32
    filters.go(wide(depth), 3, 2)
    for place, stride in enumerate(_STRIDES_1):
        depth *= 2 if stride == 2 or place == 0 else 1  # noqa: PLR2004
        filters.go(filters.channels, 3, stride, filters.channels)
        filters.go(wide(depth))
    return filters.total


def _mobilenet_2(known: Backbone, config: Config, shape: Shape) -> int:
    share = config["depth_multiplier"]
    filters, reached = _Filters(known.channels, shape[1:]), 2
    filters.go(_even(32 * share, config), 3, 2)
    if not config["first_layer_is_expansion"]:
        filters.go(filters.channels)
    filters.go(filters.channels, 3, 1, filters.channels)
    filters.go(_even(_CHANNELS_2[0] * share, config))
    for channels, usual in zip(_CHANNELS_2[1:], _STRIDES_2, strict=True):
        stride = 1 if reached == config["output_stride"] else usual
        reached *= stride
        filters.go(_even(filters.channels * config["expand_ratio"], config))
        filters.go(filters.channels, 3, stride, filters.channels)
        filters.go(_even(channels * share, config))
    is_fine = config["finegrained_output"] and share < 1
    filters.go(1280 if is_fine else _even(1280 * share, config))
    return filters.total


def _even(channels: float, config: Config) -> int:
    """Brought to a whole multiple, and by no more than a tenth down."""
    wanted, divisor = round(channels), config["depth_divisible_by"]
    found = max(config["min_depth"], int(wanted + divisor / 2) // divisor * divisor)
    return int(found + divisor if found < 0.9 * wanted else found)


def _vit(known: Backbone, config: Config, shape: Shape) -> int:
    size = config["patch_size"]
    sides = size if isinstance(size, list) else (size, size)
    patches = prod(side // by for side, by in zip(shape[1:], sides, strict=True))
    cut = int(patches * known.channels * prod(sides) * known.features)
    return cut + _encoded(config["num_hidden_layers"], known.parts, known.features, config)


def _text(known: Backbone, config: Config, shape: Shape) -> int:
    """The encoder; some have narrow embeddings, which are widened first."""
    steps, wide = shape[0], known.features
    layers = config.get("num_hidden_layers", config.get("n_layers"))
    narrow = config.get("embedding_size", wide)
    is_widened = known.architecture == "albert" or narrow != wide
    inner_layers = config.get("inner_group_num", 1)
    widened = int(steps * narrow * wide) if is_widened else 0
    return widened + _encoded(layers * inner_layers, steps, wide, config)


def _encoded(layers: int, steps: int, wide: int, config: Config) -> int:
    """Four projections, all pairs of steps twice, and the two Linears of each layer."""
    inner = config.get("intermediate_size", config.get("hidden_dim"))
    each = 4 * steps * wide * wide + 2 * steps * steps * wide + 2 * steps * wide * inner
    return int(layers * each)


_RULES: Mapping[str, Callable[[Backbone, Config, Shape], int]] = MappingProxyType(
    {
        "resnet": _resnet,
        "mobilenet_v1": _mobilenet_1,
        "mobilenet_v2": _mobilenet_2,
        "vit": _vit,
        **dict.fromkeys(("bert", "distilbert", "roberta", "albert", "electra", "mpnet"), _text),
    }
)
