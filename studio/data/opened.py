"""What every table reader hands out: a table whose names are known and whose values wait."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, TypeAlias

from studio.core.problems import Problem
from studio.data.cells import Piece
from studio.data.numbers import Notation

Settings: TypeAlias = Mapping[str, str | bool | int]
Pieces: TypeAlias = Iterator[dict[str, Piece]]


class Misread(Exception):
    """A guessed setting turned out wrong further down; the table can be read with another."""


@dataclass(frozen=True, slots=True, eq=False)
class OpenedTable(ABC):
    """A table before its values are read.

    `unnamed` are the columns that have no name in the file. `is_typed` says that the format
    itself tells numbers from texts; where it does not, a column that was read as numbers can
    be had as its texts by asking again.
    """

    path: Path
    name: str
    settings: Settings
    names: tuple[str, ...]
    unnamed: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    is_typed: ClassVar[bool] = True

    @property
    def notation(self) -> Notation:
        """How numbers are written in its texts."""
        return Notation.of(self.settings)

    @abstractmethod
    def pieces(self, columns: Sequence[str], texts: Collection[str] = (), rows: int = 0) -> Pieces:
        """The columns, some rows at a time; those of `texts` as written where that is known.

        `rows` is how many are wanted at a time (0: what is fastest); pieces may be larger.
        Raises StudioError, and Misread where `corrected` may help.
        """

    def reached(self, row: int) -> "tuple[OpenedTable, int] | None":
        """The table from a row on, not far before this one, and which that is (both from 0).

        None where all rows before it must be read.
        """
        return None

    def corrected(self, error: Misread) -> "OpenedTable":
        """The table opened with other guesses; raises StudioError where there are none."""
        raise error

    def expected_rows(self) -> int:
        """About how many rows it has, never far too few where that can be told; else 0."""
        return 0
