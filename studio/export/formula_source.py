"""Formula source: a formula as one line of Python over torch, with names for its inputs."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from studio.core.expression import KEEPING, REDUCING, Call, Name, Number, Part, parsed

_SIGNS: Mapping[str, tuple[str, int]] = MappingProxyType(
    {
        "add": ("+", 1),
        "subtract": ("-", 1),
        "multiply": ("*", 2),
        "divide": ("/", 2),
        "power": ("**", 4),
    }
)
_NEGATIVE, _WHOLE = 3, 5  # how tightly a minus binds, and what needs no brackets at all
_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "largest": "torch.amax",
        "smallest": "torch.amin",
        "softplus": "nn.functional.softplus",
    }
)


def formula_source(text: str, names: Sequence[str]) -> str:
    """The formula `text` as Python; `names` are the variables that stand for a, b, c."""
    return _written(parsed(text), names)[0]


def _written(tree: Part, names: Sequence[str]) -> tuple[str, int]:
    """The text, and how tightly it holds together."""
    if isinstance(tree, Number):
        return repr(tree.value), _WHOLE if tree.value >= 0 else _NEGATIVE
    if isinstance(tree, Name):
        return names[tree.port], _WHOLE
    if tree.function in _SIGNS:
        return _joined(tree, names)
    if tree.function == "negative":
        return f"-{_bracketed(tree.arguments[0], names, _NEGATIVE)}", _NEGATIVE
    return _called(tree, names), _WHOLE


def _joined(tree: Call, names: Sequence[str]) -> tuple[str, int]:
    sign, tightness = _SIGNS[tree.function]
    first, second = tree.arguments
    is_power = tree.function == "power"
    left = _bracketed(first, names, tightness + is_power)
    right = _bracketed(second, names, tightness + (not is_power))
    return f"{left} {sign} {right}", tightness


def _bracketed(tree: Part, names: Sequence[str], least: int) -> str:
    text, tightness = _written(tree, names)
    return text if tightness >= least else f"({text})"


def _called(tree: Call, names: Sequence[str]) -> str:
    parts = [_written(part, names)[0] for part in tree.arguments]
    if tree.function in ("min", "max"):
        return _bounded(tree, parts, is_min=tree.function == "min")
    if tree.function == "clip":
        value, low, high = tree.arguments
        inner = Call("max", (value, low))
        return _written(Call("min", (inner, high)), names)[0]
    name = _NAMES.get(tree.function, f"torch.{tree.function}")
    if tree.function in REDUCING:
        return f"{name}({parts[0]}, dim=-1, keepdim=True)"
    return f"{name}({parts[0]}, dim=-1)" if tree.function in KEEPING else f"{name}({parts[0]})"


def _bounded(tree: Call, parts: list[str], *, is_min: bool) -> str:
    """The smaller or larger of two, one of which may be a plain number."""
    first, second = tree.arguments
    if not isinstance(first, Number) and not isinstance(second, Number):
        return f"torch.{'minimum' if is_min else 'maximum'}({parts[0]}, {parts[1]})"
    value, bound = (parts[1], parts[0]) if isinstance(first, Number) else (parts[0], parts[1])
    return f"torch.clamp({value}, {'max' if is_min else 'min'}={bound})"
