"""Tables larger than memory, looked at block by block: counts that are exact, and a sample."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from studio.core.design.dataset import MOST_CATEGORIES, ColumnKind, ColumnSummary
from studio.core.params import Values
from studio.core.problems import Problem
from studio.data.columns import BARS, summary_of
from studio.data.duplicates import prints_of_cells
from studio.data.room import block_rows
from studio.data.tables import Table, blocks, first_rows, is_text_column

SAMPLE = 2_000_000  # cells
_FIRST = 5_000
# Eight bytes each, of all columns together; beyond that their number is estimated.
_MOST_DISTINCT = 8_000_000
_MOST_NUMBERS = 20_000  # different numbers of one column: only texts must be known to the last


@dataclass(frozen=True, slots=True, eq=False)
class Survey:
    """`sample` holds rows from everywhere in the table, `columns` what all of it holds."""

    sample: Table
    facts: Mapping[str, "Facts"]
    rows: int

    def of_all(self, columns: Sequence[ColumnSummary]) -> tuple[ColumnSummary, ...]:
        """Summaries of the sample with what is known of all rows instead."""
        return tuple(self.facts[c.name].told(c, self.sample.frame[c.name]) for c in columns)


def survey(path: Path, settings: Values, memory: int = 0) -> Survey:
    """What a table holds, with only a block and the sample in memory.

    Counts, smallest, largest, mean and categories are of all rows; the histogram is that
    of the sample.
    """
    head = first_rows(path, settings, _FIRST)
    kinds: dict[str, ColumnKind] = {
        str(name): "text" if is_text_column(values) else "number"
        for name, values in head.frame.items()
    }
    texts = sum(kind == "text" for kind in kinds.values())
    most = {"text": _MOST_DISTINCT // max(1, texts), "number": _MOST_NUMBERS}
    facts = {name: Facts(most[kind]) for name, kind in kinds.items()}
    sampler = _Sampler(max(1, SAMPLE // max(1, len(kinds))))
    problems: dict[tuple[str, str], Problem] = {}
    for block in blocks(path, head.settings, kinds, block_rows(kinds, memory)):
        for name, fact in facts.items():
            fact.add(block.frame[name])
        sampler.add(block.frame)
        for problem in block.problems:
            problems.setdefault((problem.code, problem.place.key), problem)
    frame = sampler.frame.reset_index(drop=True)
    said = (*head.problems, *problems.values())
    return Survey(Table(head.name, frame, head.settings, said), facts, sampler.rows)


@dataclass(slots=True, eq=False)
class _Sampler:
    """Every so many-th row; when there are too many, every second of them stays."""

    most: int
    rows: int = 0
    _step: int = 1
    _parts: list[pd.DataFrame] = field(default_factory=list)
    _held: int = 0

    def add(self, frame: pd.DataFrame) -> None:
        first = -self.rows % self._step
        part = frame.iloc[first :: self._step].copy()  # a view would keep all of the block
        self._parts.append(part)
        self._held += len(part)
        self.rows += len(frame)
        if self._held > self.most:
            self._step *= 2
            whole = self.frame
            self._parts = [whole[whole.index % self._step == 0]]
            self._held = len(self._parts[0])

    @property
    def frame(self) -> pd.DataFrame:
        return pd.concat(self._parts) if self._parts else pd.DataFrame()


@dataclass(slots=True, eq=False)
class Facts:
    """What is known of a column after some blocks; `most` different values are told apart."""

    most: int
    count: int = 0
    missing: int = 0
    total: float = 0.0
    squares: float = 0.0
    low: float = np.inf
    high: float = -np.inf
    often: dict[Any, int] | None = field(default_factory=dict)
    prints: list[NDArray[np.uint64]] = field(default_factory=list)
    pending: int = 0
    is_countable: bool = True

    def add(self, values: "pd.Series[Any]") -> None:
        """One block more."""
        known = values.dropna()
        self.missing += len(values) - len(known)
        self.count += len(known)
        if not is_text_column(values) and values.dtype.kind != "M" and len(known):
            self._add_numbers(np.asarray(known, np.float64))
        self._count(known)
        if self.is_countable and len(known):
            self.prints.append(np.unique(prints_of_cells(known)))
            self.pending += len(self.prints[-1])
            if self.pending > 2 * self.most:
                self._merge()

    def told(self, column: ColumnSummary, sample: "pd.Series[Any]") -> ColumnSummary:
        """The summary of the sample, with what is known of all rows instead."""
        self._merge()
        categories, counts = self._categories(column.name, sample)
        column = replace(
            column,
            missing=self.missing,
            distinct=self.pending if self.is_countable else _estimated(column, self.count),
            categories=categories,
            counts=counts,
        )
        if not np.isfinite(self.low):
            return column
        mean = self.total / self.count
        edges, bars = self._bars(sample)
        return replace(
            column,
            low=self.low,
            high=self.high,
            mean=mean,
            deviation=float(np.sqrt(max(0.0, self.squares / self.count - mean**2))),
            edges=edges,
            bars=bars,
        )

    def _add_numbers(self, numbers: NDArray[np.float64]) -> None:
        self.low = min(self.low, float(numbers.min()))
        self.high = max(self.high, float(numbers.max()))
        self.total += float(numbers.sum())
        self.squares += float((numbers**2).sum())

    def _count(self, known: "pd.Series[Any]") -> None:
        """How often each value occurs, for as long as they are few."""
        if self.often is None:
            return
        for value, count in known.value_counts().items():
            self.often[value] = self.often.get(value, 0) + int(count)
        if len(self.often) > MOST_CATEGORIES:
            self.often = None

    def _merge(self) -> None:
        if self.prints:
            whole = np.unique(np.concatenate(self.prints))
            self.prints, self.pending = [whole], len(whole)
            self.is_countable = len(whole) <= self.most
            if not self.is_countable:
                self.prints = []

    def _categories(
        self, name: str, sample: "pd.Series[Any]"
    ) -> tuple[tuple[str, ...], tuple[int, ...]]:
        """Names and counts, in the order that `summary_of` gives them."""
        if not self.often:
            return (), ()
        every = pd.Series(list(self.often), dtype=sample.dtype)
        named = summary_of(name, every).categories
        if not named:
            return (), ()
        alone = (summary_of(name, every[[i]]).categories[0] for i in range(len(every)))
        counts = dict(zip(alone, self.often.values(), strict=True))
        return named, tuple(counts[text] for text in named)

    def _bars(self, sample: "pd.Series[Any]") -> tuple[tuple[float, ...], tuple[int, ...]]:
        known = np.asarray(sample.dropna(), np.float64)
        if not len(known) or self.low == self.high:
            return (self.low, self.high), (self.count,)
        bars, edges = np.histogram(known, BARS, range=(self.low, self.high))
        scaled = np.round(bars * (self.count / len(known))).astype(np.int64)
        return tuple(edges.tolist()), tuple(scaled.tolist())


def _estimated(column: ColumnSummary, count: int) -> int:
    """As large a share of all values as of those in the sample."""
    known = max(1, len(column.bars) and sum(column.bars) or SAMPLE)
    return max(column.distinct, round(count * min(1.0, column.distinct / known)))
