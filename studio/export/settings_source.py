"""Settings source: what a layer is made with, as arguments in Python, without the usual ones."""

import inspect
from collections.abc import Mapping

from torch import nn

from studio.engine import modules

_KNOWN: dict[type[nn.Module], Mapping[str, inspect.Parameter]] = {}  # asked for very often
NO_SETTINGS = frozenset({"device", "dtype"})
# Where one number may stand for the same in each direction.
_DIRECTED = frozenset({"kernel_size", "stride", "padding", "dilation", "output_padding"})
_SINGLE = "normalized_shape"
_AS_KERNEL = "stride"  # which is the kernel where a pooling is told none


def kind_of(name: str) -> type[nn.Module]:
    """The class of that name, of torch or of the house."""
    found: type[nn.Module] = getattr(nn, name, None) or getattr(modules, name)
    return found


def is_of_torch(name: str) -> bool:
    """Whether torch has a layer of that name."""
    return hasattr(nn, name)


def settings_of(kind: type[nn.Module]) -> Mapping[str, inspect.Parameter]:
    """Its settings; recurrent layers hand them on to what they come from."""
    found = _KNOWN.get(kind)
    if found is None:
        found = _KNOWN[kind] = _settings_of(kind)
    return found


def _settings_of(kind: type[nn.Module]) -> Mapping[str, inspect.Parameter]:
    for one in kind.__mro__:
        known = inspect.signature(one).parameters
        if not any(setting.kind is setting.VAR_POSITIONAL for setting in known.values()):
            is_handed_on = one is not kind
            return {k: v for k, v in known.items() if not (is_handed_on and k == "mode")}
    return {}


def arguments_source(name: str, arguments: Mapping[str, object]) -> str:
    """``in_channels=1, out_channels=32, kernel_size=3``: what is not as it is by default."""
    known = settings_of(kind_of(name))
    parts = []
    for key, value in arguments.items():
        setting = known.get(key)
        default = setting.default if setting is not None else inspect.Parameter.empty
        if key == _AS_KERNEL and default is None:
            default = arguments.get("kernel_size")
        if alike(value, default):
            continue
        parts.append(f"{key}={shown(_short(name, key, value))}")
    return ", ".join(parts)


def alike(value: object, other: object) -> bool:
    """Whether two settings mean the same: 3 is (3, 3), and 0 is no False."""
    if isinstance(value, list | tuple) or isinstance(other, list | tuple):
        first, second = _spread(value), _spread(other)
        length = max(len(first), len(second))
        return _filled(first, length) == _filled(second, length)
    if isinstance(value, bool) != isinstance(other, bool):
        return False
    return value == other


def shown(value: object) -> str:
    """A plain value as Python; floats that are not finite too."""
    if isinstance(value, float) and not abs(value) < float("inf"):
        return f'float("{value}")'
    if isinstance(value, list | tuple):
        parts = [shown(one) for one in value]
        if isinstance(value, list):
            return f"[{', '.join(parts)}]"
        return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"
    return f'"{value}"' if isinstance(value, str) and '"' not in value else repr(value)


def _short(name: str, key: str, value: object) -> object:
    """One number for the same in each direction, where torch takes that."""
    if not isinstance(value, tuple) or not is_of_torch(name):
        return value
    if key == _SINGLE and len(value) == 1:
        return value[0]
    return value[0] if key in _DIRECTED and len(set(value)) == 1 else value


def _spread(value: object) -> tuple[object, ...]:
    return tuple(value) if isinstance(value, list | tuple) else (value,)


def _filled(value: tuple[object, ...], length: int) -> tuple[object, ...]:
    return value * length if len(value) == 1 else value
