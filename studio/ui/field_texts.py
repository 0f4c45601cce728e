"""How what a person types becomes a value, what was expected instead, and what one step is."""

import math
import re
from collections.abc import Callable

from studio.core.params import Param

_PARTS = re.compile(r"[\s×xX*,;]+")


def read_whole(text: str) -> object:
    """A whole number; ValueError where it is none. Spaces between its digits do no harm."""
    return int(text.replace(" ", "").replace("\u202f", ""))


def read_number(text: str) -> object:
    """A number with a point or a comma, or as 1e-3."""
    return float(text.replace(" ", "").replace("\u202f", "").replace(",", "."))


def read_sizes(text: str) -> object:
    """One size for each direction, or one for all of them: 3, 3x3, 3 × 3, 3 3."""
    parts = [int(part) for part in _PARTS.split(text.strip()) if part]
    return parts[0] if len(parts) == 1 else parts


def read_shape(text: str) -> object:
    """Sizes in a row; -1 stands for what is left over."""
    return [int(part) for part in _PARTS.split(text.strip()) if part]


def stepped(param: Param, value: float, direction: int) -> float | int:
    """One more or one less; for a number, of its first figure that counts."""
    if isinstance(value, int):
        low = int(param.at_least) if param.at_least is not None else -1_000_000
        high = int(param.at_most) if param.at_most is not None else 1_000_000
        return min(max(value + direction, low), high)
    if not value:
        return 0.1 * direction
    figure = 10.0 ** math.floor(math.log10(abs(value)))
    if direction < 0 and math.isclose(abs(value), figure):
        figure /= 10
    return round(value + direction * figure, 12)


def expectation(param: Param, read: Callable[[str], object], text: str) -> str:
    """What was expected instead of the text, in the param's own words; empty where it will do."""
    try:
        given = read(text)
    except ValueError:
        given = None  # no number at all: what Python says of it helps nobody
    try:
        param.check(given)
    except ValueError as expected:
        return str(expected)
    return ""
