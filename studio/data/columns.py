"""What one column holds: counts, categories and histogram, from all of its values."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import numpy as np
import pandas as pd
import pyarrow.compute as pc
from numpy.typing import NDArray

from studio.core.design.dataset import MOST_CATEGORIES, ColumnSummary
from studio.core.patience import go_on
from studio.data.cells import Arrow
from studio.data.numbers import Notation, arrow_texts, number_text, number_texts
from studio.data.tables import Table, is_text_column
from studio.data.workers import mapped

BARS = 24
_HALF = 0.5  # what stands on both sides of the only value in a histogram
LONGEST_CATEGORY = 200


def summarised(table: Table) -> tuple[ColumnSummary, ...]:
    """A summary of each column; kind is number or text and role input until they are guessed."""
    frame, done = table.frame, list[ColumnSummary]()
    for column in mapped(lambda name: summary_of(str(name), frame[name]), list(frame.columns)):
        done.append(column)
        go_on(column)
    return tuple(done)


def with_lengths(
    column: ColumnSummary, values: "pd.Series[float] | pd.Series[str]"
) -> ColumnSummary:
    """With the shortest, longest and mean length of its texts in characters."""
    if not is_text_column(values):
        return column
    known = values.dropna()
    if not len(known):
        return column
    lengths = known.astype("str").str.len().to_numpy(np.float64)
    return replace(
        column,
        low=float(lengths.min()),
        high=float(lengths.max()),
        mean=float(lengths.mean()),
        deviation=float(lengths.std()),
    )


def summary_of(name: str, values: "pd.Series[float] | pd.Series[str]") -> ColumnSummary:
    """Missing and distinct values, categories with their counts, histogram of numbers.

    Moments are summarised as the texts that a person reads.
    """
    if values.dtype.kind == "M":
        values = moment_texts(values)
    if is_text_column(values):
        cells = arrow_texts(cast("pd.Series[str]", values))
        # Arrow counts without the lock that the window's thread needs, too.
        found = pc.value_counts(cells.drop_null())
        return ColumnSummary(name, "text", "input", cells.null_count, len(found), *_texts(found))
    return _of_numbers(name, np.asarray(values, np.float64))


def _of_numbers(name: str, values: NDArray[np.float64]) -> ColumnSummary:
    """All of it from one sorted copy, missing values behind the others."""
    ordered = np.sort(values)
    count = int(np.searchsorted(ordered, np.inf, side="right"))
    ordered, missing = ordered[:count], len(values) - count
    if not count:
        return ColumnSummary(name, "number", "input", missing)
    numbers = values[~np.isnan(values)] if missing else values
    distinct, categories, often = _different(ordered)
    edges, bars = histogram(ordered)
    return ColumnSummary(
        name,
        "number",
        "input",
        missing,
        distinct,
        categories,
        often,
        edges,
        bars,
        float(ordered[0]),
        float(ordered[-1]),
        float(numbers.mean()),
        float(numbers.std()),
    )


def histogram(ordered: NDArray[np.float64]) -> tuple[tuple[float, ...], tuple[int, ...]]:
    """Edges and heights of the bars, of numbers that ascend."""
    low, high = float(ordered[0]), float(ordered[-1])
    beside = _HALF if low == high else 0.0
    edges = np.linspace(low - beside, high + beside, BARS + 1)
    if not np.isfinite(edges).all() or (edges[1:] <= edges[:-1]).any():
        return (low, high), (len(ordered),)  # too many bars for so small a range
    ends = np.searchsorted(ordered, edges)
    ends[-1] = len(ordered)
    return tuple(edges.tolist()), tuple(np.diff(ends).tolist())


def category_indices(
    values: "pd.Series[float] | pd.Series[str]", categories: tuple[str, ...], notation: Notation
) -> tuple[NDArray[np.int64], list[str]]:
    """The index of each value in the categories, -1 for missing or unseen; and the unseen."""
    codes, uniques = pd.factorize(values)
    places = {category: i for i, category in enumerate(categories)}
    found, unseen = [], []
    for value in uniques:
        text = category_text(value, notation, places)
        found.append(places.get(text, -1))
        if found[-1] < 0:
            unseen.append(text)
    return np.array([*found, -1], np.int64)[codes], unseen


def category_text(value: object, notation: Notation, known: dict[str, int]) -> str:
    """How a value is called as a category: as written, else as a number is (``1.0`` is ``1``)."""
    if isinstance(value, str):
        if value in known or not notation.is_number(value):
            return value
        return number_text(float(notation.plain(value)))
    if isinstance(value, pd.Timestamp | np.datetime64):
        return moment_text(value)
    return number_text(float(str(value)))


def moment_text(when: pd.Timestamp | np.datetime64) -> str:
    """A moment as it is read: ``2024-05-31`` at midnight, else ``2024-05-31 14:30:00``."""
    text = str(pd.Timestamp(when))
    return text.removesuffix(" 00:00:00")


def moment_texts(values: "pd.Series[Any]") -> "pd.Series[str]":
    """Every moment as text, missing where it is."""
    codes, uniques = pd.factorize(values)
    texts = np.array([*(moment_text(when) for when in uniques), np.nan], object)
    return pd.Series(texts[codes], index=values.index, dtype="str")


def _texts(found: Arrow) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Categories and counts, of what Arrow counted."""
    if len(found) > MOST_CATEGORIES:
        return (), ()
    uniques: list[str] = found.field("values").to_pylist()
    if any(len(text) > LONGEST_CATEGORY for text in uniques):
        return (), ()
    counts: list[int] = found.field("counts").to_pylist()
    pairs = sorted(zip(uniques, counts, strict=True), key=_place_in_order(uniques))
    return tuple(text for text, _ in pairs), tuple(count for _, count in pairs)


def _place_in_order(uniques: list[str]) -> Callable[[tuple[str, int]], tuple[int, str]]:
    """Alphabetical, but whole numbers by their size: class 10 comes after class 9."""
    are_whole = all(text.isascii() and text.isdigit() for text in uniques)
    return lambda pair: (int(pair[0]) if are_whole else 0, pair[0])


def vocabulary(values: "pd.Series[float] | pd.Series[str]") -> tuple[str, ...]:
    """Every different value of identifiers as it is written, in alphabetical order."""
    uniques = pd.unique((moment_texts(values) if values.dtype.kind == "M" else values).dropna())
    return tuple(sorted(v if isinstance(v, str) else number_text(float(v)) for v in uniques))


def _different(ordered: NDArray[np.float64]) -> tuple[int, tuple[str, ...], tuple[int, ...]]:
    """How many different numbers ascending ones hold; which and how often, where they are few."""
    is_new = ordered[1:] != ordered[:-1]
    distinct = 1 + int(np.count_nonzero(is_new))
    if distinct > MOST_CATEGORIES:
        return distinct, (), ()
    starts = np.concatenate(([0], np.flatnonzero(is_new) + 1))
    often = np.diff(np.append(starts, len(ordered)))
    return distinct, number_texts(ordered[starts]), tuple(often.tolist())
