"""Param: one tunable value of a catalogue entry, and how to check what a person gave for it."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from studio.core.backbone import LARGEST_TEXT, name_of
from studio.core.problems import Place, Problem
from studio.core.words import tr

Value: TypeAlias = bool | int | float | str | tuple[int, ...] | tuple[str, ...]
Values: TypeAlias = Mapping[str, Value]
Kind = Literal[
    "whole",
    "number",
    "switch",
    "choice",
    "sizes",
    "shape",
    "columns",
    "text",
    "formula",
    "backbone",
]

LARGEST_WHOLE = 1_000_000


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the values of a param of kind choice: what files hold, and what a person reads."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Param:
    """One tunable value: what it is called, what it may be, and what it is for.

    `kind` decides the editor and the check:
    whole, number (between `at_least` and `at_most`), switch, choice (one of `choices`),
    sizes (`length` whole numbers, one for each direction), shape (whole numbers, one of
    them may be -1: "what is left over"), columns (names of columns), text,
    formula (a text that `core.expression` reads), backbone (what
    `Backbone.as_text` gives, or nothing).
    """

    key: str
    label: str
    kind: Kind
    default: Value
    help: str = ""
    at_least: float | None = None
    at_most: float | None = None
    choices: tuple[Choice, ...] = ()
    length: int = 0
    unit: str = ""
    above: float | None = None

    def check(self, given: object) -> Value:
        """The value in its own type, or ValueError with what was expected, in plain words."""
        return _CHECKS[self.kind](self, given)

    def show(self, value: Value) -> str:
        """The value as a person reads it: ``3 × 3``, ``0.001``, a choice's label."""
        if self.kind == "choice":
            return next((tr(c.label) for c in self.choices if c.key == value), str(value))
        if self.kind == "backbone":
            return name_of(str(value)) or tr("none chosen")
        if isinstance(value, tuple):
            joiner = ", " if self.kind == "columns" else " × "
            return joiner.join(str(part) for part in value)
        return f"{value:g}" if isinstance(value, float) else str(value)

    def as_json(self) -> dict[str, object]:
        """Kind, default and range, for `studio layers --json`."""
        return {
            "key": self.key,
            "label": self.label,
            "kind": self.kind,
            "default": list(self.default) if isinstance(self.default, tuple) else self.default,
            "at_least": self.at_least,
            "at_most": self.at_most,
            "above": self.above,
            "choices": [choice.key for choice in self.choices] or None,
            "help": self.help,
        }


def whole(
    key: str,
    label: str,
    default: int,
    *,
    at_least: int = 1,
    at_most: int = LARGEST_WHOLE,
    help: str = "",
    unit: str = "",
) -> Param:  # noqa: A002
    """A whole number."""
    return Param(key, label, "whole", default, help, at_least, at_most, unit=unit)


def number(
    key: str,
    label: str,
    default: float,
    *,
    at_least: float | None = None,
    at_most: float | None = None,
    above: float | None = None,
    help: str = "",
) -> Param:  # noqa: A002
    """A finite number; `above` is a bound that is itself not allowed."""
    return Param(key, label, "number", default, help, at_least, at_most, above=above)


def switch(key: str, label: str, default: bool, *, help: str = "") -> Param:  # noqa: A002
    """Yes or no."""
    return Param(key, label, "switch", default, help)


def choice(
    key: str, label: str, default: str, choices: Mapping[str, str], *, help: str = ""
) -> Param:  # noqa: A002
    """One of several named values; `choices` maps key to label."""
    options = tuple(Choice(k, words) for k, words in choices.items())
    return Param(key, label, "choice", default, help, choices=options)


def sizes(
    key: str,
    label: str,
    default: int,
    length: int,
    *,
    at_least: int = 1,
    at_most: int = 1024,
    help: str = "",
    unit: str = "",
) -> Param:  # noqa: A002
    """A size for each of `length` directions; one number given stands for all of them."""
    return Param(
        key, label, "sizes", (default,) * length, help, at_least, at_most, length=length, unit=unit
    )


def checked(
    params: tuple[Param, ...], given: Mapping[str, object], place: Place, owner: str
) -> tuple[dict[str, Value], tuple[Problem, ...]]:
    """All values, defaults where none was given, and a Problem for each that is not allowed.

    A refused value is replaced by the default, so what is returned can always be used.
    """
    values: dict[str, Value] = {}
    problems: list[Problem] = []
    for param in params:
        try:
            values[param.key] = param.check(given.get(param.key, param.default))
        except ValueError as expected:
            values[param.key] = param.default
            problems.append(_refused(param, given[param.key], str(expected), place, owner))
    unknown = sorted(set(given) - {param.key for param in params})
    problems.extend(_unknown(key, place, owner) for key in unknown)
    return values, tuple(problems)


def defaults(params: tuple[Param, ...]) -> dict[str, Value]:
    """The default of each param, by key."""
    return {param.key: param.default for param in params}


def _refused(param: Param, given: object, expected: str, place: Place, owner: str) -> Problem:
    message = tr(
        "{label} of {owner} is {given}. Expected: {expected}.",
        label=tr(param.label),
        owner=owner,
        given=_shortened(given),
        expected=expected,
    )
    return Problem(
        message,
        tr("Set {label} to a value in that range.", label=tr(param.label)),
        place=place,
        code="bad-value",
    )


def _unknown(key: str, place: Place, owner: str) -> Problem:
    return Problem(
        tr("{owner} has no setting called {key}.", owner=owner, key=_shortened(key)),
        tr("Remove it from the file."),
        place=place,
        code="unknown-setting",
    )


def _shortened(given: object) -> str:
    text = str(given)
    return text if len(text) <= 60 else text[:57] + "..."


def _check_whole(param: Param, given: object) -> Value:
    if isinstance(given, bool) or not isinstance(given, int):
        raise ValueError(tr("a whole number {range}", range=_range_of(param)))
    return _within(param, given, tr("a whole number {range}", range=_range_of(param)))


def _check_number(param: Param, given: object) -> Value:
    expected = tr("a number {range}", range=_range_of(param))
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise ValueError(expected)
    try:
        value = float(given)
    except OverflowError:
        raise ValueError(expected) from None
    if not math.isfinite(value) or (param.above is not None and value <= param.above):
        raise ValueError(expected)
    _within(param, value, expected)
    return value


def _check_switch(_param: Param, given: object) -> Value:
    if not isinstance(given, bool):
        raise ValueError(tr("yes or no"))
    return given


def _check_choice(param: Param, given: object) -> Value:
    if not isinstance(given, str) or given not in {c.key for c in param.choices}:
        raise ValueError(tr("one of {choices}", choices=", ".join(c.key for c in param.choices)))
    return given


def _check_sizes(param: Param, given: object) -> Value:
    expected = tr("{length} whole numbers {range}", length=param.length, range=_range_of(param))
    if isinstance(given, int) and not isinstance(given, bool):
        given = (given,) * param.length
    if not isinstance(given, list | tuple) or len(given) != param.length:
        raise ValueError(expected)
    return _whole_numbers(param, given, expected)


def _check_shape(param: Param, given: object) -> Value:
    if param.at_least is None or param.at_least < 0:
        expected = tr("one to six whole numbers, of which one may be -1")
    else:
        expected = tr("one to six whole numbers {range}", range=_range_of(param))
    if not isinstance(given, list | tuple) or not 1 <= len(given) <= 6:
        raise ValueError(expected)
    parts = _whole_numbers(param, given, expected)
    if parts.count(-1) > 1 or any(part == 0 or part < -1 for part in parts):
        raise ValueError(expected)
    return parts


def _check_columns(_param: Param, given: object) -> Value:
    if not isinstance(given, list | tuple) or not all(isinstance(name, str) for name in given):
        raise ValueError(tr("a list of column names"))
    return tuple(str(name) for name in given)


def _check_text(_param: Param, given: object) -> Value:
    if not isinstance(given, str) or len(given) > 10_000:
        raise ValueError(tr("text"))
    return given


def _check_backbone(_param: Param, given: object) -> Value:
    is_one = isinstance(given, str) and len(given) <= LARGEST_TEXT
    if not is_one or (given and not name_of(str(given))):
        raise ValueError(tr("a folder with a pretrained network"))
    return str(given)


def _whole_numbers(
    param: Param, given: list[object] | tuple[object, ...], expected: str
) -> tuple[int, ...]:
    parts: list[int] = []
    for part in given:
        if isinstance(part, bool) or not isinstance(part, int):
            raise ValueError(expected)
        _within(param, part, expected)
        parts.append(part)
    return tuple(parts)


def _within(param: Param, value: float, expected: str) -> Value:
    too_low = param.at_least is not None and value < param.at_least
    too_high = param.at_most is not None and value > param.at_most
    if too_low or too_high:
        raise ValueError(expected)
    return value


def _range_of(param: Param) -> str:
    low = param.at_least if param.above is None else param.above
    if low is None and param.at_most is None:
        return ""
    if param.at_most is None:
        words = tr("above {low}") if param.above is not None else tr("of {low} or more")
        return words.format(low=_plain_number(low or 0))
    words = (
        tr("above {low}, up to {high}") if param.above is not None else tr("from {low} to {high}")
    )
    lowest = "-∞" if low is None else _plain_number(low)
    return words.format(low=lowest, high=_plain_number(param.at_most))


def _plain_number(value: float) -> str:
    """65536 as 65536, and no million as 1e+06."""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else f"{value:g}"


_CHECKS: dict[str, Callable[[Param, object], Value]] = {
    "whole": _check_whole,
    "number": _check_number,
    "switch": _check_switch,
    "choice": _check_choice,
    "sizes": _check_sizes,
    "shape": _check_shape,
    "columns": _check_columns,
    "text": _check_text,
    "formula": _check_text,
    "backbone": _check_backbone,
}
