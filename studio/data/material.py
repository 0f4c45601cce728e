"""Material: what a source of data gives, a table with what its cells stand for beside it."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd
from numpy.typing import NDArray

from studio.core.design.dataset import ColumnKind, ColumnSummary, DataKind
from studio.core.design.features import MEDIA_KINDS
from studio.core.design.shaping import SplitSpec
from studio.data.tables import Table

Kinds = Mapping[str, ColumnKind]
Blocks = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """The rows of a source, as they are before any repair.

    `kind` is how a row is shown. `media` says which columns hold references to pictures,
    sounds or clips, and of which kind. `blocks` holds the samples of those that lie in
    memory (one for each row; their cells are row numbers), `rates` how many numbers a
    second the sounds among them have. `orders` names the classes of a column in an order of
    their own, `target` the likeliest class where the source tells. The last `own_test` rows
    are a test part that the source brings, and `split` is set where it brings a validation
    part, too. References are relative to `root`. `ignored` columns are there for a person
    to choose, and are no inputs of themselves.
    """

    table: Table
    kind: DataKind = "table"
    media: Kinds = field(default_factory=lambda: MappingProxyType({}))
    blocks: Blocks = field(default_factory=lambda: MappingProxyType({}))
    rates: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    orders: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    own_test: int = 0
    root: Path | None = None
    ignored: tuple[str, ...] = ()
    target: str = ""
    split: SplitSpec | None = None

    @property
    def frame(self) -> pd.DataFrame:
        """The columns and their values."""
        return self.table.frame

    def __len__(self) -> int:
        return len(self.table.frame)

    def references(self, name: str) -> list[str]:
        """The files that the cells of a column stand for; an empty text where it is missing."""
        cells = self.frame[name].to_numpy(object)
        return [_whole(cell, self.root) if isinstance(cell, str) else "" for cell in cells]


def is_media(column: ColumnSummary) -> bool:
    """True for a column of pictures, sounds or clips."""
    return column.kind in MEDIA_KINDS


def _whole(cell: str, root: Path | None) -> str:
    """A reference with its folder, where it was given without."""
    # Not by Path, which takes seconds for a hundred thousand of them.
    return cell if root is None else os.path.join(root, cell)
