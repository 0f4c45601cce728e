"""Layers: which entry of the catalogue, with which settings, a class of torch was made by.

The catalogue says for each entry what it becomes in torch. Here that is turned round, without a
list of its own: settings are tried until the entry asks torch for the very same thing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from inspect import Parameter
from itertools import islice, product
from typing import Any

import torch
from torch import nn

from studio.core.catalogue import LAYERS
from studio.core.catalogue.entry import LayerCall, LayerEntry, Signal
from studio.core.params import Param, Value, Values
from studio.core.problems import Problem
from studio.export.reading.steps import Settings, Wanted
from studio.export.settings_source import NO_SETTINGS, alike, kind_of, settings_of

MOST_CHOICES = 256
MOST_ROUNDS = 24
# How the numbers are kept, not what they are.
UNHEARD = NO_SETTINGS | {"inplace"}
_STRAY = (ValueError, IndexError, KeyError, ArithmeticError, AssertionError, TypeError)


@dataclass(frozen=True, slots=True)
class Found:
    """An entry with the values that differ from its defaults, and what it gives."""

    layer: str
    values: Values
    signal: Signal


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a layer stands: what comes in, and at which ports."""

    inputs: tuple[Signal, ...]
    ports: tuple[int, ...] = ()

    def call(self, values: Values) -> LayerCall:
        """The layer in that place, with these values."""
        return LayerCall("", self.inputs, values, self.ports)


def layer_for(
    wanted: Wanted, place: Setting, first: str = "", before: Values | None = None
) -> Found | Problem | None:
    """The entry that becomes what is wanted; `first` is tried before all others.

    Its values stay as `before` where that makes no difference, else as they are by default.
    A Problem says why an entry that would fit refuses what comes in; None that there is none.
    """
    refusal: Problem | None = None
    for entry in _candidates(place, first):
        usual = _usual(entry, wanted, (before or {}) if entry.key == first else {})
        for values in _beginnings(entry, wanted, place, usual):
            fitted = _fitted(entry, values, wanted, place)
            if fitted is None:
                continue
            fitted = _as_usual(entry, fitted, usual, wanted, place)
            said = _said(entry, place, fitted)
            if isinstance(said, Problem):
                refusal = refusal or said
            elif _is_same(entry, fitted, wanted, place):
                return Found(entry.key, _given(entry, fitted), said)
    return refusal


def signal_of(layer: str, params: Values, place: Setting) -> Signal | None:
    """What a layer gives there; None where it refuses what comes in."""
    entry = LAYERS[layer]
    said = _said(entry, place, {**entry.defaults(), **params})
    return None if isinstance(said, Problem) else said


def _usual(entry: LayerEntry, wanted: Wanted, before: Values) -> dict[str, Value]:
    """What is taken where it makes no difference: as it was, as the code says it, the default."""
    return {**entry.defaults(), **_of_the_same_name(entry, wanted.rather), **before}


def _candidates(place: Setting, first: str) -> Iterator[LayerEntry]:
    count = len(place.inputs)
    last = max(place.ports, default=count - 1)
    ordered = sorted(LAYERS.values(), key=lambda entry: entry.key != first)
    for entry in ordered:
        has_room = entry.arity[0] <= count and last < entry.arity[1]
        if entry.end is None and not entry.is_pretrained and has_room:
            yield entry


def _beginnings(
    entry: LayerEntry, wanted: Wanted, place: Setting, usual: Values
) -> Iterator[dict[str, Value]]:
    """Values with which the entry becomes the class that is wanted, one set for each way."""
    choices = [param for param in entry.params if param.kind in ("choice", "switch")]
    if entry.torch_for is None:
        if entry.torch == wanted.kind:
            yield dict(usual)
        return
    options = [_domain(param, ()) for param in choices]
    named = {**usual, **_of_the_same_name(entry, full(wanted.kind, wanted.settings))}
    for picked in islice(product(*options), MOST_CHOICES):
        values = {**named, **{p.key: v for p, v in zip(choices, picked, strict=True)}}
        if _torch_name(entry, place.call(values)) == wanted.kind:
            yield values


def _torch_name(entry: LayerEntry, call: LayerCall) -> str:
    try:
        return entry.torch_name(call)
    except _STRAY:
        return ""


def _fitted(
    entry: LayerEntry, values: dict[str, Value], wanted: Wanted, place: Setting
) -> dict[str, Value] | None:
    """The values with which the entry's arguments are the settings that are wanted."""
    target = full(wanted.kind, wanted.settings)
    numbers = tuple(_numbers_in(target.values()))
    values = {**values, **_of_the_same_name(entry, target)}
    best = _apart(entry, values, target, wanted.kind, place)
    for _ in range(MOST_ROUNDS):
        if best == 0:
            return values
        tried = [
            (_apart(entry, changed, target, wanted.kind, place), changed)
            for changed in _changes(entry, values, numbers)
        ]
        closest, changed = min(tried, key=lambda one: one[0], default=(best, values))
        if closest >= best:
            return None
        best, values = closest, changed
    return None


def _as_usual(
    entry: LayerEntry, values: dict[str, Value], usual: Values, wanted: Wanted, place: Setting
) -> dict[str, Value]:
    """The same with every value put back that makes no difference."""
    target = full(wanted.kind, wanted.settings)
    for key, value in usual.items():
        tried = {**values, key: value}
        if tried != values and _apart(entry, tried, target, wanted.kind, place) == 0:
            values = tried
    return values


def _changes(
    entry: LayerEntry, values: dict[str, Value], numbers: tuple[object, ...]
) -> Iterator[dict[str, Value]]:
    for param in entry.params:
        for value in _domain(param, numbers):
            if value != values[param.key]:
                yield {**values, param.key: value}


def _domain(param: Param, numbers: Sequence[object]) -> tuple[Value, ...]:
    """What a param may be: all of a switch or choice, else what occurs in the settings."""
    if param.kind == "switch":
        return True, False
    if param.kind == "choice":
        return tuple(choice.key for choice in param.choices)
    offered: list[object] = [*numbers]
    if param.kind == "whole":  # axes may be counted from another end, and sizes be divided
        wholes = [one for one in numbers if isinstance(one, int) and not isinstance(one, bool)]
        offered += [one + 1 for one in wholes] + [one - 1 for one in wholes]
        offered += [a // b for a in wholes for b in wholes if b > 1 and a % b == 0][:MOST_CHOICES]
    found = dict.fromkeys(filter(None, (_checked(param, one) for one in offered)))
    return tuple(one[0] for one in found)


def _checked(param: Param, value: object) -> tuple[Value] | None:
    try:
        return (param.check(value),)
    except ValueError:
        return None


def _of_the_same_name(entry: LayerEntry, target: Settings) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for param in entry.params:
        checked = _checked(param, target[param.key]) if param.key in target else None
        if checked is not None:
            found[param.key] = checked[0]
    return found


def _apart(entry: LayerEntry, values: Values, target: Settings, kind: str, place: Setting) -> float:
    """How many settings differ; none where it becomes the same."""
    call = place.call(values)
    if _torch_name(entry, call) != kind:
        return float("inf")
    try:
        arguments = full(kind, entry.arguments(call))
    except _STRAY:
        return float("inf")
    keys = (set(arguments) | set(target)) - UNHEARD
    missing = object()
    apart = [_differ(arguments.get(key, missing), target.get(key, missing)) for key in keys]
    return sum(apart, 0.0)


def _differ(value: Any, other: Any) -> float:  # noqa: ANN401 - settings of any kind
    """1 where they differ, and less where some directions are the same."""
    if alike(value, other):
        return 0.0
    if isinstance(value, tuple) and isinstance(other, tuple) and len(value) == len(other):
        return float(sum(a != b for a, b in zip(value, other, strict=True))) / len(value)
    return 1.0


def full(kind: str, settings: Settings) -> dict[str, object]:
    """The settings with those that were left as they are by default, in one way of writing."""
    known = settings_of(kind_of(kind))
    found: dict[str, object] = {
        name: one.default for name, one in known.items() if one.default is not Parameter.empty
    }
    found |= {key: tuple(v) if isinstance(v, list) else v for key, v in settings.items()}
    if found.get("stride", 0) is None:
        found["stride"] = found.get("kernel_size")
    if isinstance(found.get("padding"), str):
        found["padding"] = _padding_of(found)
    return found


def _padding_of(settings: Mapping[str, Any]) -> object:
    """Numbers for the words of a convolution."""
    if settings["padding"] == "valid":
        return 0
    kernel, dilation = settings["kernel_size"], settings["dilation"]
    kernels = kernel if isinstance(kernel, tuple) else (kernel,)
    dilations = dilation if isinstance(dilation, tuple) else (dilation,) * len(kernels)
    reaches = [d * (k - 1) for k, d in zip(kernels, dilations, strict=False)]
    if any(reach % 2 for reach in reaches):
        return settings["padding"]
    return tuple(reach // 2 for reach in reaches)


def _numbers_in(values: object) -> Iterator[object]:
    """Every plain value, each tuple, and what is in it."""
    for value in values if isinstance(values, tuple | list) else tuple(values):  # type: ignore[arg-type]
        if isinstance(value, tuple | list):
            yield tuple(value)
            yield tuple(reversed(value))
            yield tuple(value[::-2])  # borders: torch counts them in pairs, from the last
            yield tuple(value[-2::-2])
            yield from _numbers_in(tuple(value))
        elif isinstance(value, bool | int | float | str):
            yield value


def _said(entry: LayerEntry, place: Setting, values: Values) -> Signal | Problem:
    call = place.call(values)
    ports = place.ports or tuple(range(len(place.inputs)))
    for port, signal in zip(ports, place.inputs, strict=True):
        if signal.categories and not entry.takes_categories(port):
            return Problem("")
    shape = entry.shape(call)
    if isinstance(shape, Problem):
        return shape
    return Signal(shape, place.inputs[0].categories if entry.keeps_indices else 0)


def _given(entry: LayerEntry, values: Values) -> Values:
    """What is not as it is by default."""
    return {p.key: values[p.key] for p in entry.params if values[p.key] != p.default}


def _is_same(entry: LayerEntry, values: Values, wanted: Wanted, place: Setting) -> bool:
    """Builds both without any memory for their weights, and looks at them from all sides."""
    kind = kind_of(wanted.kind)
    settings = full(wanted.kind, wanted.settings)
    plain = _stripped(settings)
    if _stripped(full(wanted.kind, entry.arguments(place.call(values)))) == plain:
        return True  # the very same class, made in the very same way
    try:
        with torch.device("meta"):
            made = kind(**entry.arguments(place.call(values)))
            other = kind(**plain)
    except (*_STRAY, RuntimeError):
        return False
    return _looks(made) == _looks(other)


def _stripped(settings: Settings) -> dict[str, object]:
    return {key: value for key, value in settings.items() if key not in UNHEARD}


def _looks(module: nn.Module) -> list[object]:
    """Every part of a module: its class, its plain settings, and the sizes of its weights."""
    found: list[object] = []
    for name, part in module.named_modules():
        plain = {k: _steady(v) for k, v in vars(part).items() if not k.startswith("_")}
        found.append((name, type(part), sorted(plain.items())))
    sizes = {name: tuple(one.shape) for name, one in module.state_dict().items()}
    return [*found, sizes]


def _steady(value: object) -> str:
    """A setting as text in which 3 and (3, 3) are the same."""
    if isinstance(value, list | tuple):
        parts = tuple(value)
        return repr(parts[0] if len(set(map(repr, parts))) == 1 else parts)
    return repr(value)
