"""Numbers with units beside them, such as 12,5 kg, $1,200 or 40 %, as plain numbers."""

import re
from typing import Any

import numpy as np
import pandas as pd

from studio.core.problems import Place, Problem, Severity
from studio.core.words import tr
from studio.data.numbers import MISSING_NUMBERS, Notation, texts_problem

# What may stand between thousands; the other one of the two marks is added to it.
_SPACES = " \u00a0\u202f'\u2019_"
_SIGNS = str.maketrans({"\u2212": "-", "\u2012": "-", "\u2013": "-"})
_LONGEST = 100
_EDGES = re.compile(r"^[^\d+\-.,]*|[^\d.,]*$")


def numbers_with_units(
    name: str, texts: "pd.Series[str]", file: str, decimal: str, *, strips: bool
) -> tuple["pd.Series[Any]", list[Problem]]:
    """The column as float64; what holds no number, or several, is missing, with a Problem.

    `decimal` stands before the decimals; the other mark, spaces and apostrophes may stand
    between thousands. With `strips` words and signs before and behind the number are left
    out; a percentage is divided by 100.
    """
    codes, uniques = pd.factorize(texts.to_numpy(object))
    read = [_number_of(str(text), decimal, strips) for text in uniques]
    numbers = np.array([*(np.nan if v is None else v for v in read), np.nan])[codes]
    odd = np.array([*(v is None for v in read), False])[codes]
    problems = [texts_problem(name, file, texts, odd)] if odd.any() else []
    known = [str(t) for t, v in zip(uniques, read, strict=True) if v is not None and strips]
    units = sorted({unit for text in known if (unit := _unit_of(text))})
    if len(units) > 1:
        problems.append(_mixed_units(name, file, units))
    return pd.Series(numbers, index=texts.index), problems


def _number_of(text: str, decimal: str, strips: bool) -> float | None:
    """The number, NaN where it is missing, None where there is none."""
    if len(text) > _LONGEST:
        return None
    bare = text.translate(_SIGNS).strip()
    if bare in MISSING_NUMBERS:
        return np.nan
    share = 0.01 if bare.endswith("%") and strips else 1.0
    if strips:
        bare = _stripped(bare)
    thousands = next((mark for mark in _SPACES if mark in bare), "." if decimal == "," else ",")
    notation = Notation(decimal, thousands)
    return float(notation.plain(bare)) * share if notation.is_number(bare) else None


def _stripped(text: str) -> str:
    """Without what stands before and behind the number; a bracketed one is below nought."""
    is_below = text.startswith("(") and text.endswith(")")
    bare = _EDGES.sub("", text)
    sign = re.match(r"([+-])[^\d.,]*", bare)  # -$5, - 5
    bare = (sign[1] if sign else "") + bare[sign.end() if sign else 0 :]
    return f"-{bare}" if is_below else bare.rstrip(".,")


def _unit_of(text: str) -> str:
    """The words beside a number: for 12,5 kg it is kg."""
    return "".join(char for char in text if char.isalpha() or char in "%€$£¥°µ").casefold()


def _mixed_units(name: str, file: str, units: list[str]) -> Problem:
    return Problem(
        tr(
            "Column {name} of {file} holds numbers with different words beside them: {units}. "
            "The numbers are taken as they are.",
            name=name,
            file=file,
            units=", ".join(unit[:20] for unit in units[:5]),
        ),
        tr("If they are different units, bring them to one in the file."),
        Severity.WARNING,
        Place("column", name),
        "mixed-units",
    )
