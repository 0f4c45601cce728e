"""Heads: what the heads of a table's columns show, worked out for those that come into sight."""

from dataclasses import dataclass, replace

from studio.core.design.dataset import ColumnChoice, ColumnKind, ColumnSummary, DatasetSpec
from studio.core.words import tr
from studio.ui.panels.column_words import KINDS, ROLES, Words, count_of
from studio.ui.panels.histogram import Bars, bars_of


@dataclass(frozen=True, slots=True)
class Head:
    """One head. While a table is being read its kind and role are not known yet."""

    choice: ColumnChoice
    bars: Bars
    foot: str
    has_missing: bool

    def words(self, what: str) -> Words:
        """The words of a chip: "kind" or "role"."""
        return KINDS[self.choice.kind] if what == "kind" else ROLES[self.choice.role]


class Heads:
    """The heads of all columns; each is made when it is first asked for."""

    def __init__(self, dataset: DatasetSpec | None = None, *, are_known: bool = True) -> None:
        """With `are_known` unset, kinds and roles are still to come."""
        summary = dataset.summary if dataset else None
        columns = {column.name: column for column in summary.columns} if summary else {}
        choices = dataset.columns if dataset else ()
        self.choices = tuple(choice for choice in choices if choice.name in columns)
        self.are_known = are_known
        self._places = {choice.name: place for place, choice in enumerate(self.choices)}
        self._columns = [columns[choice.name] for choice in self.choices]
        self._made: dict[int, Head] = {}

    def __len__(self) -> int:
        return len(self.choices)

    def __getitem__(self, place: int) -> Head:
        if place not in self._made:
            self._made[place] = _head_of(self.choices[place], self._columns[place])
        return self._made[place]

    def found_kind(self, place: int) -> ColumnKind:
        """What the column was found to hold, whatever it is read as."""
        return self._columns[place].kind

    def place(self, name: str) -> int:
        """Which column has that name; -1 where none has."""
        return self._places.get(name, -1)

    def fill(self, column: ColumnSummary) -> int:
        """What is known of a column meanwhile; gives its place."""
        place = self.place(column.name)
        if place >= 0:
            kind = "category" if column.categories and column.kind == "text" else column.kind
            self._columns[place] = column
            self._made[place] = _head_of(replace(self.choices[place], kind=kind), column)
        return place


def _head_of(choice: ColumnChoice, column: ColumnSummary) -> Head:
    if column.missing:
        foot = tr("{count} missing", count=count_of(column.missing))
    elif column.distinct:
        foot = tr("{count} different", count=count_of(column.distinct))
    else:
        foot = ""  # nothing is known of it yet
    return Head(choice, bars_of(column, choice.kind), foot, column.missing > 0)
