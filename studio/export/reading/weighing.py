"""Weighing: functions of torch that take weights, as the layers that would hold those."""

from collections.abc import Callable, Mapping
from math import prod
from types import MappingProxyType

from studio.core.shapes import Shape
from studio.core.words import tr
from studio.export.reading.steps import Held, Taken, Unknown, Wanted

Given = Mapping[str, object]
Maker = Callable[[Given, Mapping[str, Shape]], list[Wanted]]
_MOVING = "stride padding dilation groups"


def _input(given: Given, key: str = "input") -> str:
    found = given[key]
    if isinstance(found, Taken):
        return found.name
    raise Unknown(tr("It takes something that is not worked out from the input."))


def _weight(given: Given, key: str = "weight") -> Held:
    found = given.get(key)
    if isinstance(found, Held):
        return found
    raise Unknown(tr("Its weights are worked out from other numbers."))


def _has(given: Given, key: str) -> bool:
    return isinstance(given.get(key), Held)


def _set(given: Given, names: str) -> dict[str, object]:
    return {key: given[key] for key in names.split() if given.get(key) is not None}


def _linear(given: Given, _shapes: Mapping[str, Shape]) -> list[Wanted]:
    wide = _weight(given).shape
    settings = {"in_features": wide[1], "out_features": wide[0], "bias": _has(given, "bias")}
    return [Wanted("Linear", settings, (_input(given),))]


def _bilinear(given: Given, _shapes: Mapping[str, Shape]) -> list[Wanted]:
    units, first, second = _weight(given).shape
    settings = {"in1_features": first, "in2_features": second, "out_features": units}
    sources = (_input(given, "input1"), _input(given, "input2"))
    return [Wanted("Bilinear", {**settings, "bias": _has(given, "bias")}, sources)]


def _convolution(directions: int) -> Maker:
    def made(given: Given, _shapes: Mapping[str, Shape]) -> list[Wanted]:
        filters, seen, *kernel = _weight(given).shape
        groups = given.get("groups", 1)
        assert isinstance(groups, int)
        settings = {
            "in_channels": seen * groups,
            "out_channels": filters,
            "kernel_size": tuple(kernel),
            "bias": _has(given, "bias"),
            **_set(given, _MOVING),
        }
        return [Wanted(f"Conv{directions}d", settings, (_input(given),))]

    return made


def _transposed(directions: int) -> Maker:
    def made(given: Given, _shapes: Mapping[str, Shape]) -> list[Wanted]:
        channels, filters, *kernel = _weight(given).shape
        groups = given.get("groups", 1)
        assert isinstance(groups, int)
        settings = {
            "in_channels": channels,
            "out_channels": filters * groups,
            "kernel_size": tuple(kernel),
            "bias": _has(given, "bias"),
            **_set(given, f"{_MOVING} output_padding"),
        }
        return [Wanted(f"ConvTranspose{directions}d", settings, (_input(given),))]

    return made


def _batch_norm(given: Given, shapes: Mapping[str, Shape]) -> list[Wanted]:
    name = _input(given)
    rank = max(1, len(shapes.get(name, ())) - 1)
    settings = {"num_features": shapes[name][0], "affine": _has(given, "weight")}
    return [Wanted(f"BatchNorm{rank}d", {**settings, **_set(given, "momentum eps")}, (name,))]


def _instance_norm(given: Given, shapes: Mapping[str, Shape]) -> list[Wanted]:
    name = _input(given)
    rank = max(1, len(shapes.get(name, ())) - 1)
    settings = {"num_features": shapes[name][0], "affine": _has(given, "weight")}
    return [Wanted(f"InstanceNorm{rank}d", {**settings, **_set(given, "eps")}, (name,))]


def _layer_norm(kind: str) -> Maker:
    def made(given: Given, _shapes: Mapping[str, Shape]) -> list[Wanted]:
        shape = given["normalized_shape"]
        settings = {"normalized_shape": shape, "elementwise_affine": _has(given, "weight")}
        return [Wanted(kind, {**settings, **_set(given, "eps")}, (_input(given),))]

    return made


def _group_norm(given: Given, shapes: Mapping[str, Shape]) -> list[Wanted]:
    name = _input(given)
    settings = {"num_channels": shapes[name][0], "affine": _has(given, "weight")}
    return [Wanted("GroupNorm", {**settings, **_set(given, "num_groups eps")}, (name,))]


def _embedding(given: Given, _shapes: Mapping[str, Shape]) -> list[Wanted]:
    first, second = given["input"], given["weight"]
    held, taken = (first, second) if isinstance(first, Held) else (second, first)
    if not isinstance(held, Held) or not isinstance(taken, Taken):
        raise Unknown(tr("Its weights are worked out from other numbers."))
    settings = {
        "num_embeddings": held.shape[0],
        "embedding_dim": held.shape[1],
        "has_padding": given.get("padding_idx") == 0,
    }
    return [Wanted("SpreadEmbedding", settings, (taken.name,))]


def _prelu(given: Given, _shapes: Mapping[str, Shape]) -> list[Wanted]:
    settings = {"num_parameters": _weight(given).shape[0]}
    return [Wanted("PReLU", settings, (_input(given),))]


def _learnt(kind: str, start: float) -> Maker:
    """A number added, or multiplied with, that is learnt."""

    def made(given: Given, shapes: Mapping[str, Shape]) -> list[Wanted]:
        both = given["input"], given["weight"]
        held = next(one for one in both if isinstance(one, Held))
        taken = next((one for one in both if isinstance(one, Taken)), None)
        if taken is None or set(given) - {"input", "weight"}:
            raise Unknown(tr("It takes something that is not worked out from the input."))
        shape = _without_ones(held.shape, len(shapes.get(taken.name, ())))
        return [Wanted(kind, {"shape": shape, "start": start}, (taken.name,))]

    return made


def _without_ones(shape: Shape, rank: int) -> Shape:
    """The sizes as the house's layer has them: one, the last axis alone, or all axes."""
    if len(shape) == rank + 1 and shape[0] == 1:
        shape = shape[1:]
    if prod(shape) == shape[-1] if shape else True:
        return shape[-1:] or (1,)
    return (1,) * (rank - len(shape)) + shape


# By function: the names of its arguments in their order, and what makes the layer of them.
WEIGHING: Mapping[str, tuple[str, Maker]] = MappingProxyType(
    {
        "linear": ("input weight bias", _linear),
        "bilinear": ("input1 input2 weight bias", _bilinear),
        **{f"conv{n}d": (f"input weight bias {_MOVING}", _convolution(n)) for n in (1, 2, 3)},
        **{
            f"conv_transpose{n}d": (
                "input weight bias stride padding output_padding groups dilation",
                _transposed(n),
            )
            for n in (1, 2, 3)
        },
        "batch_norm": (
            "input running_mean running_var weight bias training momentum eps",
            _batch_norm,
        ),
        "instance_norm": (
            "input running_mean running_var weight bias use_input_stats momentum eps",
            _instance_norm,
        ),
        "layer_norm": ("input normalized_shape weight bias eps", _layer_norm("LayerNorm")),
        "rms_norm": ("input normalized_shape weight eps", _layer_norm("RMSNorm")),
        "group_norm": ("input num_groups weight bias eps", _group_norm),
        "embedding": ("input weight padding_idx", _embedding),
        "prelu": ("input weight", _prelu),
        "add": ("input weight", _learnt("LearntShift", 0.0)),
        "mul": ("input weight", _learnt("LearntScale", 1.0)),
    }
)
