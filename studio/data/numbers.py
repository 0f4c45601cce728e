"""Numbers written as text: what counts as one, and how a column of texts becomes numbers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from studio.core.params import Values
from studio.core.problems import Place, Problem, Severity
from studio.core.words import tr

MISSING = (
    "",
    "NA",
    "N/A",
    "n/a",
    "NaN",
    "nan",
    "-nan",
    "null",
    "NULL",
    "?",
    "#N/A",
    "#NA",
    "<NA>",
    "NaT",
)
MISSING_NUMBERS = (*MISSING, "None", "none", "-", "--", ".", "#DIV/0!", "#VALUE!", "#NULL!")
LARGEST = float(np.finfo(np.float32).max)
WHOLE_DIGITS = 15
_FIRST_LONG = 10.0**WHOLE_DIGITS
_SHARE = 0.95
_SMALL = 8
_FEW, _SAMPLE = 256, 500
_MISSING_NUMBERS = frozenset(MISSING_NUMBERS)
_LEADING_ZERO = re.compile(r"[+-]?0[0-9]+")
_LONG_WHOLE = re.compile(rf"[+-]?[0-9]{{{WHOLE_DIGITS + 1},}}")
_ZERO_PATTERN, _LONG_PATTERN = r"^[+-]?0\d+$", rf"^[+-]?\d{{{WHOLE_DIGITS + 1},}}$"
_HUGE_PATTERN = r"(?i)^[+-]?inf(?:inity)?$"
_HUGE = re.compile(_HUGE_PATTERN)


@dataclass(frozen=True, slots=True)
class Notation:
    """How numbers are written: the decimal mark, and what may stand between thousands."""

    decimal: str = "."
    thousands: str = ""

    @classmethod
    def of(cls, settings: Values) -> "Notation":
        """The notation that import settings say."""
        return cls(str(settings.get("decimal", ".")), str(settings.get("thousands", "")))

    def is_number(self, text: str) -> bool:
        """True for a number in this notation."""
        return _pattern(self.decimal, self.thousands).fullmatch(text) is not None

    def plain(self, text: str) -> str:
        """The same number with a decimal point and nothing between thousands."""
        bare = text.replace(self.thousands, "") if self.thousands else text
        return bare.replace(self.decimal, ".") if self.decimal != "." else bare


@dataclass(frozen=True, slots=True, eq=False)
class Parsed:
    """A column of texts as numbers; `is_text` marks the values that are no numbers."""

    values: NDArray[np.float64]
    is_text: NDArray[np.bool_]


def is_code(text: str) -> bool:
    """True for ``007`` and for whole numbers too long to be counted with: never a number."""
    return bool(_LEADING_ZERO.fullmatch(text) or _LONG_WHOLE.fullmatch(text))


def number_text(value: float) -> str:
    """A number as a category is called: ``1`` for 1.0, ``0.5``."""
    number = float(value)
    return str(int(number)) if number.is_integer() and abs(number) < _FIRST_LONG else repr(number)


def number_texts(values: NDArray[np.float64]) -> tuple[str, ...]:
    """The same of many."""
    has_wholes = bool((values == np.floor(values)).any())
    return tuple(map(number_text if has_wholes else repr, values.tolist()))


def parsed(texts: "pd.Series[str]", notation: Notation) -> Parsed:
    """Every text that is a number as that number, NaN for the others."""
    if len(texts) <= _FEW:
        return _parsed_few(texts.tolist(), notation)
    cells = pc.utf8_trim_whitespace(arrow_texts(texts))
    is_finite = pc.match_substring_regex(cells, _whole_pattern(notation))
    numbers = pc.if_else(is_finite, cells, None)
    if notation.thousands:
        numbers = pc.replace_substring(numbers, notation.thousands, "")
    if notation.decimal != ".":
        numbers = pc.replace_substring(numbers, notation.decimal, ".")
    values = np.array(pc.cast(numbers, pa.float64()).to_numpy(zero_copy_only=False))
    is_huge = _flags(pc.match_substring_regex(cells, _HUGE_PATTERN))
    is_below = _flags(pc.starts_with(cells, "-"))
    values[is_huge] = np.where(is_below[is_huge], -np.inf, np.inf)
    is_known = _flags(pc.or_kleene(is_finite, _are_missing(cells)))
    return Parsed(values, ~(is_known | is_huge))


def arrow_texts(texts: "pd.Series[str]") -> Any:  # noqa: ANN401
    """A column of texts as one Arrow array of large strings."""
    array = pa.array(texts, pa.large_string(), from_pandas=True)
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def is_mostly_numbers(texts: "pd.Series[str]", notation: Notation) -> bool:
    """True for a column that is meant as numbers, though a few texts may stand in it.

    One ``007`` makes it a column of codes; so do whole numbers of more than 15 digits,
    unless they are few.
    """
    known = arrow_texts(texts).drop_null()
    sample = known[:_SAMPLE].to_pylist()
    looks = sum(notation.is_number(text) for text in sample)
    if not sample or looks < 0.5 * len(sample):
        return False
    odd = _odd_among_few(sample, notation) if len(known) <= _FEW else _odd(known, notation)
    return odd <= max((1 - _SHARE) * len(known), 1 if len(known) >= _SMALL else 0)


def _odd(cells: Any, notation: Notation) -> int:  # noqa: ANN401
    """How many texts are neither numbers nor missing; all where one is like ``007``."""
    if pc.any(pc.match_substring_regex(cells, _ZERO_PATTERN)).as_py():
        return len(cells)
    is_number = pc.and_not(
        pc.match_substring_regex(cells, _whole_pattern(notation)),
        pc.match_substring_regex(cells, _LONG_PATTERN),
    )
    return len(cells) - int(_flags(pc.or_kleene(is_number, _are_missing(cells))).sum())


def _odd_among_few(texts: list[str], notation: Notation) -> int:
    """The same without the start-up time of Arrow's patterns: for tables of many columns."""
    if any(_LEADING_ZERO.fullmatch(text) for text in texts):
        return len(texts)
    return sum(
        not (
            text in _MISSING_NUMBERS or notation.is_number(text) and not _LONG_WHOLE.fullmatch(text)
        )
        for text in texts
    )


def _parsed_few(texts: Sequence[object], notation: Notation) -> Parsed:
    values, is_text = np.full(len(texts), np.nan), np.zeros(len(texts), bool)
    for i, given in enumerate(texts):
        text = given.strip() if isinstance(given, str) else ""
        if text in _MISSING_NUMBERS:
            continue
        if notation.is_number(text):
            values[i] = float(notation.plain(text))
        elif _HUGE.fullmatch(text):
            values[i] = -np.inf if text.startswith("-") else np.inf
        else:
            is_text[i] = True
    return Parsed(values, is_text)


def within_reach(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """The values with those too large for the model as NaN, and which those are."""
    with np.errstate(invalid="ignore"):
        too_large = np.abs(values) > LARGEST
    return (
        (np.where(too_large, np.nan, values), too_large) if too_large.any() else (values, too_large)
    )


def texts_problem(
    name: str, file: str, texts: "pd.Series[str]", is_text: NDArray[np.bool_]
) -> Problem:
    """The warning for texts where numbers should be, naming column and rows."""
    where = np.flatnonzero(is_text)
    first = ", ".join(
        tr("row {row} ({text})", row=int(texts.index[i]) + 1, text=_short(texts.iloc[i]))
        for i in where[:5]
    )
    return Problem(
        tr(
            "Column {name} of {file} holds {count} {count|text|texts} where numbers were "
            "expected: {first}. "
            "They count as missing.",
            name=name,
            file=file,
            count=len(where),
            first=first,
        ),
        tr("Correct them in the file, or make the column a category."),
        Severity.WARNING,
        Place("column", name),
        "text-in-numbers",
    )


def too_large_problem(name: str, file: str, too_large: NDArray[np.bool_]) -> Problem:
    """The warning for numbers beyond what a model can hold, naming column and rows."""
    where = np.flatnonzero(too_large)
    rows = ", ".join(str(i + 1) for i in where[:5])
    return Problem(
        tr(
            "Column {name} of {file} holds {count} numbers that are too large to be computed "
            "with (row {rows}). Expected numbers up to 3.4e38. They count as missing.",
            name=name,
            file=file,
            count=len(where),
            rows=rows,
        ),
        tr("Correct them in the file, or set the column to ignore."),
        Severity.WARNING,
        Place("column", name),
        "too-large-number",
    )


def rounded_problem(name: str, file: str) -> Problem:
    """The note for whole numbers with more digits than can be kept."""
    return Problem(
        tr(
            "Column {name} of {file} holds whole numbers of more than {digits} digits. "
            "They are rounded.",
            name=name,
            file=file,
            digits=WHOLE_DIGITS,
        ),
        tr("If they are codes, make the column an identifier."),
        Severity.NOTE,
        Place("column", name),
        "rounded-numbers",
    )


def has_long_whole(texts: "pd.Series[str]") -> bool:
    """True where a whole number has more digits than a float keeps."""
    if len(texts) <= _FEW:
        return any(isinstance(t, str) and _LONG_WHOLE.fullmatch(t) for t in texts.tolist())
    return bool(pc.any(pc.match_substring_regex(arrow_texts(texts), _LONG_PATTERN)).as_py())


def _are_missing(cells: Any) -> Any:  # noqa: ANN401
    """Which cells hold nothing, or a mark that says so."""
    return pc.or_kleene(
        pc.is_null(cells), pc.is_in(cells, pa.array(MISSING_NUMBERS, pa.large_string()))
    )


def _flags(booleans: Any) -> NDArray[np.bool_]:  # noqa: ANN401
    """An Arrow array of booleans for numpy, with nothing as no."""
    return np.array(pc.fill_null(booleans, False).to_numpy(zero_copy_only=False), bool)


def _short(text: object) -> str:
    words = str(text)
    return words if len(words) <= 30 else words[:29] + "…"


def _whole_pattern(notation: Notation) -> str:
    return f"^(?:{_pattern(notation.decimal, notation.thousands).pattern})$"


@lru_cache(maxsize=32)
def _pattern(decimal: str, thousands: str) -> re.Pattern[str]:
    mark, power = re.escape(decimal), r"(?:[eE][+-]?[0-9]+)?"
    plain = rf"(?:[0-9]+(?:{mark}[0-9]*)?|{mark}[0-9]+){power}"
    if not thousands:
        return re.compile(rf"[+-]?{plain}")
    grouped = rf"[0-9]{{1,3}}(?:{re.escape(thousands)}[0-9]{{3}})+(?:{mark}[0-9]*)?"
    return re.compile(rf"[+-]?(?:{grouped}|{plain})")
