"""A sample of the rows of a table of any length, taken block by block, with counts of all."""

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

MOST_ROWS = 1_000_000
MOST_BYTES = 512 << 20


@dataclass(slots=True)
class RowSample:
    """At most a million rows, or 512 MB, of those that are added; each is as likely to stay.

    `rows` counts all of them, `missing` the missing cells of each column. Rows are drawn
    with a fixed seed: each gets a number at random, and those with the smallest stay.
    """

    rows: int = 0
    missing: Counter[str] = field(default_factory=Counter)
    _parts: list[pd.DataFrame] = field(default_factory=list)
    _luck: list[NDArray[np.float64]] = field(default_factory=list)
    _limit: float = 1.0
    _generator: np.random.Generator = field(default_factory=lambda: np.random.default_rng(0))

    @property
    def kept(self) -> int:
        """How many rows there are in the sample."""
        return sum(len(luck) for luck in self._luck)

    def add(self, frame: pd.DataFrame) -> None:
        """The next rows."""
        self.rows += len(frame)
        for name in frame.columns:
            self.missing[name] += int(frame[name].isna().sum())
        luck = self._generator.random(len(frame))
        self._keep(frame, luck)
        while self.kept > MOST_ROWS or (self.kept > 1 and self._bytes() > MOST_BYTES):
            self._limit /= 2
            parts, lucks = self._parts, self._luck
            self._parts, self._luck = [], []
            for part, one in zip(parts, lucks, strict=True):
                self._keep(part, one)

    def frame(self) -> pd.DataFrame:
        """The sample, in the order of the table; the parts are let go of as it is made."""
        names = list(self._parts[0].columns) if self._parts else []
        columns = {name: pd.concat([part.pop(name) for part in self._parts]) for name in names}
        self._parts = []
        return pd.DataFrame(columns, copy=False)

    def _keep(self, frame: pd.DataFrame, luck: NDArray[np.float64]) -> None:
        stays = luck < self._limit
        self._parts.append(frame if stays.all() else frame[stays])
        self._luck.append(luck[stays])

    def _bytes(self) -> int:
        return sum(int(part.memory_usage(index=False).sum()) for part in self._parts)
