"""What a column of numbers, dates, categories or texts holds, and how it goes with targets."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from studio.core.design.dataset import ColumnChoice, ColumnKind, DatasetSpec
from studio.core.design.profile import ColumnProfile, Relation
from studio.core.design.shaping import TextSpec
from studio.data import relations
from studio.data.arrays import Positions
from studio.data.columns import category_text
from studio.data.dates import as_dates
from studio.data.fit_columns import drawn
from studio.data.numbers import number_text
from studio.data.recipe import read_column
from studio.data.spreads import spread_of, spread_of_ordered
from studio.data.tables import Table, as_numbers, is_text_column
from studio.data.text_facts import token_facts

MOST_ROWS = 1_000_000
MOST_DIFFERENT = 250_000
MOST_RELATED = 100_000
MOST_TEXTS = 5000
FREQUENT = 10
_MOST_TARGETS = 5

Values: TypeAlias = "pd.Series[Any]"


@dataclass(frozen=True, slots=True, eq=False)
class Related:
    """A column where it is compared with others: numbers, or the codes of categories."""

    name: str
    numbers: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    codes: NDArray[np.int64] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class _Column:
    """The values that are looked at, and what they are."""

    choice: ColumnChoice
    values: Values
    table: Table
    text: TextSpec

    def numbers(self) -> NDArray[np.float64]:
        """Numbers, or dates as seconds since 1970; NaN where missing."""
        return numbers_of(self.choice, self.values, self.table)

    def among(self, positions: Positions) -> "_Column":
        """Some of the values."""
        return replace(self, values=self.values.iloc[positions])


def profile_of(
    choice: ColumnChoice, table: Table, spec: DatasetSpec, targets: Sequence[Related] = ()
) -> ColumnProfile:
    """The profile of a column of values.

    Of more than a million rows a million drawn with a fixed seed are looked at; 250,000 of
    dates written as text and of columns of words in which most cells differ; of texts
    5,000. Relations are taken from 100,000 rows.
    """
    whole = _Column(choice, read_column(table, spec, choice.name)[0], table, spec.text)
    count = len(whole.values)
    is_slow = choice.kind == "date" and is_text_column(whole.values)
    some = drawn(np.arange(count, dtype=np.int64), MOST_DIFFERENT if is_slow else MOST_ROWS)
    profile = _MAKERS[choice.kind](whole if len(some) == count else whole.among(some))
    if len(some) < count:
        missing = int(whole.values.isna().sum())
        profile = replace(profile, missing=missing, sampled=profile.sampled or len(some))
    here = _related(whole)
    found = [_relation(here, other) for other in targets if other.name != choice.name and here]
    return replace(profile, rows=count, relations=tuple(one for one in found if one))


def targets_of(table: Table, spec: DatasetSpec) -> tuple[Related, ...]:
    """The first five targets, in the rows that relations are taken from."""
    chosen = [c for c in spec.targets() if c.name in table.frame.columns][:_MOST_TARGETS]
    columns = (_Column(c, read_column(table, spec, c.name)[0], table, spec.text) for c in chosen)
    return tuple(found for column in columns if (found := _related(column)))


def numbers_of(choice: ColumnChoice, values: Values, table: Table) -> NDArray[np.float64]:
    """A column's numbers, or its dates as seconds since 1970; NaN where missing."""
    if choice.kind == "date":
        whens = as_dates(choice.name, values, table.name)[0]
        return np.asarray((whens - pd.Timestamp(0)).dt.total_seconds(), np.float64)
    found, _ = as_numbers(choice.name, values, table.name, table.notation)
    return np.asarray(found, np.float64)


def frequent_categories(values: Values, table: Table) -> tuple[tuple[str, int], ...]:
    """The most frequent values as categories are called, with how often each occurs."""
    codes, uniques = pd.factorize(values)
    often = np.bincount(codes[codes >= 0], minlength=len(uniques))
    order = np.argsort(-often, kind="stable")[:FREQUENT]
    pairs = [(category_text(uniques[i], table.notation, {}), int(often[i])) for i in order]
    return tuple(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))


def _number(column: _Column) -> ColumnProfile:
    kind, numbers = column.choice.kind, column.numbers()
    ordered = np.sort(numbers[~np.isnan(numbers)])
    distinct, often = _counted(ordered)
    order = np.argsort(-often, kind="stable")[:FREQUENT]
    if len(distinct) > FREQUENT and often[order[0]] == 1:
        order = order[:0]  # nothing occurs more often than anything else
    names = _moments(distinct[order]) if kind == "date" else map(number_text, distinct[order])
    return ColumnProfile(
        column.choice.name,
        kind,
        len(numbers),
        len(numbers) - len(ordered),
        len(distinct),
        tuple(zip(names, often[order].tolist(), strict=True)),
        spreads=(spread_of_ordered(ordered, "time" if kind == "date" else "value"),),
    )


def _counted(ordered: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """The different numbers and how often each occurs."""
    starts = np.flatnonzero(np.diff(ordered, prepend=np.nan) != 0)
    return ordered[starts], np.diff(starts, append=len(ordered))


def _category(column: _Column) -> ColumnProfile:
    count, sampled = len(column.values), 0
    if count > MOST_DIFFERENT:
        part = column.among(drawn(np.arange(count, dtype=np.int64), MOST_DIFFERENT))
        if part.values.nunique() > MOST_DIFFERENT // 2:
            column, sampled = part, MOST_DIFFERENT
    return ColumnProfile(
        column.choice.name,
        column.choice.kind,
        count,
        int(column.values.isna().sum()),
        int(column.values.nunique()),
        frequent_categories(column.values, column.table),
        sampled=sampled,
    )


def _text(column: _Column) -> ColumnProfile:
    missing = column.values.isna().to_numpy(bool)
    known = np.flatnonzero(~missing)
    some = drawn(known, MOST_TEXTS)
    texts = [str(text) for text in column.values.iloc[some]]
    facts = token_facts(texts, column.text)
    pairs = zip(facts.tokens, facts.counts.tolist(), strict=True)
    return ColumnProfile(
        column.choice.name,
        "text",
        len(missing),
        int(missing.sum()),
        len(facts.tokens),
        tuple(pair for pair, _ in zip(pairs, range(FREQUENT), strict=False)),
        facts.rare[:FREQUENT],
        len(facts.rare),
        (spread_of(facts.lengths.astype(np.float64), "tokens"),),
        sampled=len(some) if len(some) < len(known) else 0,
    )


_MAKERS: Mapping[ColumnKind, Callable[[_Column], ColumnProfile]] = MappingProxyType(
    {
        "number": _number,
        "date": _number,
        "category": _category,
        "identifier": _category,
        "text": _text,
    }
)


def _related(column: _Column) -> Related | None:
    """The column in the rows that relations are taken from; None for texts and identifiers."""
    count = len(column.values)
    taken = column.among(drawn(np.arange(count, dtype=np.int64), MOST_RELATED))
    name, kind = column.choice.name, column.choice.kind
    if kind in ("number", "date"):
        return Related(name, taken.numbers())
    if kind == "category":
        return Related(name, codes=pd.factorize(taken.values)[0].astype(np.int64))
    return None


def _relation(one: Related, target: Related) -> Relation | None:
    if one.codes is None and target.codes is None:
        return relations.of_numbers(target.name, one.numbers, target.numbers)
    if one.codes is not None and target.codes is not None:
        return relations.of_categories(target.name, one.codes, target.codes)
    codes = one.codes if one.codes is not None else target.codes
    assert codes is not None
    numbers = target.numbers if one.codes is not None else one.numbers
    return relations.of_number_and_category(target.name, numbers, codes)


def _moments(seconds: NDArray[np.float64]) -> list[str]:
    """Times as they are written in order: 2024-01-31, or with hour and minute."""
    whens = pd.to_datetime(seconds, unit="s")
    is_day = bool((whens == whens.normalize()).all())
    return whens.strftime("%Y-%m-%d" if is_day else "%Y-%m-%d %H:%M").tolist()
