"""Dates written as text, as seconds or as dates: when they are, and their parts."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from studio.core.problems import Place, Problem, Severity
from studio.core.words import tr
from studio.data.tables import is_text_column

_DAY_MONTH = re.compile(r"\s*(\d{1,2})[-/.](\d{1,2})[-/.]\d{2,4}")
_MONTHS = 12
_SAMPLE = 2000
# Seconds since 1970 of about 1973 to 2096, and how many of their units a second has.
_EARLIEST, _LATEST = 1e8, 4e9
_UNITS: Mapping[Literal["s", "ms", "us", "ns"], float] = MappingProxyType(
    {"s": 1.0, "ms": 1e3, "us": 1e6, "ns": 1e9}
)


def as_dates(
    name: str, values: "pd.Series[Any]", file: str, *, day_first: bool | None = None
) -> tuple["pd.Series[Any]", list[Problem]]:
    """The column as datetime64; what is no date is missing, with a Problem.

    Without `day_first`, 13/02 shows that days come first and 02/13 that they do not;
    where nothing shows it, dots mean that they do and slashes that they do not.
    """
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        return _without_zone(values), []
    if not is_text_column(values):
        return _from_numbers(values), []
    codes, uniques = pd.factorize(values.to_numpy(object))
    texts = pd.Series([str(text).strip() for text in uniques], dtype=object)
    first = _is_day_first(texts[:_SAMPLE]) if day_first is None else day_first
    whens = _counted(texts)
    if whens.isna().all():
        whens = _parsed(texts, first)
    odd = np.flatnonzero(np.isin(codes, np.flatnonzero(whens.isna().to_numpy())))
    placed = np.append(whens.to_numpy("datetime64[ns]"), np.datetime64("NaT"))[codes]
    problems = []
    if len(odd):
        first_odd = (int(values.index[odd[0]]) + 1, texts[codes[odd[0]]][:40])
        problems.append(_no_dates(name, file, len(odd), first_odd))
    return pd.Series(placed, index=values.index), problems


def date_part(whens: "pd.Series[Any]", part: str) -> NDArray[np.float32]:
    """year, month (1 to 12), day, weekday (Monday is 0), hour or minute; NaN where missing."""
    name = "day_of_week" if part == "weekday" else part
    values: NDArray[np.float32] = getattr(whens.dt, name).to_numpy(np.float32, na_value=np.nan)
    return values


def _counted(texts: "pd.Series[Any]") -> "pd.Series[Any]":
    """Seconds since 1970, or parts of them, kept as texts; nothing where they are no such."""
    numbers = pd.to_numeric(texts, errors="coerce")
    return _from_numbers(numbers if numbers.notna().all() else numbers * np.nan)


def _parsed(texts: "pd.Series[Any]", day_first: bool) -> "pd.Series[Any]":
    """All of one way of writing are read at once, which is fast; mixed ones each on its own."""
    try:
        whens = pd.to_datetime(texts, errors="raise", dayfirst=day_first, format="ISO8601")
    except (ValueError, TypeError):
        # Year first is never read as year, day, month, whatever comes first elsewhere.
        zoned = _has_zone(texts)
        whens = pd.to_datetime(texts, errors="coerce", format="ISO8601", utc=zoned)
        others = pd.to_datetime(
            texts[whens.isna()], errors="coerce", dayfirst=day_first, format="mixed", utc=zoned
        )
        whens = whens.fillna(others) if len(others) else whens
    return _without_zone(whens)


def _has_zone(texts: "pd.Series[Any]") -> bool:
    return bool(texts.str.contains(r":\d{2}.*(?:Z|[+-]\d{2}:?\d{2})$", regex=True).any())


def _without_zone(whens: "pd.Series[Any]") -> "pd.Series[Any]":
    return whens.dt.tz_convert("UTC").dt.tz_localize(None) if whens.dt.tz is not None else whens


def _is_day_first(texts: "pd.Series[Any]") -> bool:
    found = [match for text in texts if (match := _DAY_MONTH.match(text))]
    if any(int(match[1]) > _MONTHS for match in found):
        return True
    if any(int(match[2]) > _MONTHS for match in found):
        return False
    return any("." in match[0] for match in found)


def _from_numbers(values: "pd.Series[Any]") -> "pd.Series[Any]":
    numbers = np.asarray(values, np.float64)
    known = np.abs(numbers[~np.isnan(numbers)])
    middle = float(np.median(known)) if len(known) else 0.0
    for unit, each in _UNITS.items():
        if _EARLIEST <= middle / each < _LATEST:
            whens = pd.to_datetime(pd.Series(numbers, values.index), unit=unit, errors="coerce")
            return whens.astype("datetime64[ns]")
    return pd.Series(np.full(len(numbers), np.datetime64("NaT"), "datetime64[ns]"), values.index)


def _no_dates(name: str, file: str, count: int, example: tuple[int, str]) -> Problem:
    row, text = example
    return Problem(
        tr(
            "Column {name} of {file} holds {count} "
            "{count|value that is no date|values that are no dates}, such as {text} in "
            "row {row}. They count as missing.",
            name=name,
            file=file,
            count=count,
            text=text,
            row=row,
        ),
        tr("Correct them in the file, or say with a repair step how dates are written."),
        Severity.WARNING,
        Place("column", name),
        "text-in-dates",
    )
