"""A sample of the rows of a table of any length, taken block by block, with counts of all."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from studio.core.design.dataset import ColumnKind, DatasetSpec
from studio.core.patience import go_on
from studio.data.join import material_of
from studio.data.material import Material
from studio.data.recipe import as_written
from studio.data.tables import Table, blocks

MOST_ROWS = 1_000_000
MOST_BYTES = 512 << 20


@dataclass(slots=True)
class RowSample:
    """At most a million rows, or 512 MB, of those that are added; each is as likely to stay.

    `rows` counts all of them, `missing` the missing cells of each column, `kept` the rows of
    the sample. Rows are drawn with a fixed seed: each gets a number at random, and those with
    the smallest stay.
    """

    rows: int = 0
    missing: Counter[str] = field(default_factory=Counter)
    kept: int = 0
    _bytes: int = 0
    _parts: list[tuple[pd.DataFrame, NDArray[np.float64]]] = field(default_factory=list)
    _limit: float = 1.0
    _generator: np.random.Generator = field(default_factory=lambda: np.random.default_rng(0))

    def add(self, frame: pd.DataFrame) -> None:
        """The next rows."""
        self.rows += len(frame)
        for name in frame.columns:
            self.missing[name] += int(frame[name].isna().sum())
        self._keep(frame, self._generator.random(len(frame)))
        while self.kept > MOST_ROWS or (self.kept > 1 and self._bytes > MOST_BYTES):
            self._limit /= 2
            parts, self._parts, self.kept, self._bytes = self._parts, [], 0, 0
            for part, luck in parts:
                self._keep(part, luck)

    def columns(self) -> Iterator[tuple[str, "pd.Series[Any]"]]:
        """The sample column by column, in the order of the table; each is let go of."""
        parts = [part for part, _ in self._parts]
        self._parts = []
        for name in list(parts[0].columns) if parts else []:
            yield name, pd.concat([part.pop(name) for part in parts])

    def _keep(self, frame: pd.DataFrame, luck: NDArray[np.float64]) -> None:
        """Of these rows those with the smallest numbers; a first part stays for its columns."""
        stays = luck < self._limit
        part = frame if stays.all() else frame[stays]
        if len(part) or not self._parts:
            self._parts.append((part, luck[stays]))
            self.kept += len(part)
            self._bytes += int(part.memory_usage(index=False).sum())


def rows_to_look_at(spec: DatasetSpec) -> tuple[Material, RowSample | None]:
    """All rows of a dataset before its recipe; of a file with a table a sample, with its counts.

    Rows of a sample keep their numbers, from 0, as the index of the frame.
    """
    if not is_plain_table(spec):
        return material_of(spec), None
    path, sample = Path(spec.path), RowSample()
    for block in blocks(path, spec.settings, kinds_to_read(spec)):
        sample.add(block.frame)
        go_on()
    columns = {}
    for name, values in sample.columns():
        columns[name] = values
        go_on()
    settings = {key: value for key, value in spec.settings.items() if not isinstance(value, float)}
    frame = pd.DataFrame(columns, copy=False)
    table = Table(path.name, frame, settings)  # type: ignore[arg-type]  # holds no tuples
    return Material(table, root=path.parent), sample


def is_plain_table(spec: DatasetSpec) -> bool:
    """True for one file with a table, which can be read block by block."""
    return spec.source == "table" and not spec.joined


def kinds_to_read(spec: DatasetSpec) -> dict[str, ColumnKind]:
    """Every column with what it is to be read as."""
    return as_written(spec, {c.name: c.kind for c in spec.columns})
