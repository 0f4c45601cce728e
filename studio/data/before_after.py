"""What one step of a recipe changes: rows, histograms, categories and cells before and after."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from studio.core.catalogue import CLEANING
from studio.core.design.dataset import ColumnChoice, DatasetSpec, Feature
from studio.core.design.previews import Cell
from studio.core.design.profile import BeforeAfter, ColumnChange
from studio.core.design.shaping import Step
from studio.core.patience import go_on
from studio.core.problems import Place, refuse
from studio.core.words import tr
from studio.data.arrays import Positions
from studio.data.column_profile import frequent_categories, numbers_of
from studio.data.material import Material
from studio.data.recipe import (
    columns_of,
    prints_for,
    read_column,
    read_steps,
    repaired,
    values_of,
    without_outliers,
)
from studio.data.row_sample import RowSample, rows_to_look_at
from studio.data.spreads import spread_of
from studio.data.step_values import (
    ORDER,
    InOrder,
    Numbers,
    fitted_column,
    grouped_names,
    numbers_through,
    parts_of_date,
    training_rows,
)
from studio.data.tables import Table, is_text_column

SHOWN_CELLS = 8
SHOWN_ROWS = 100

Values: TypeAlias = "pd.Series[Any]"


@dataclass(frozen=True, slots=True, eq=False)
class _Look:
    """A step, the dataset before and after it, and the rows as they are read before it."""

    number: int
    step: Step
    before: DatasetSpec
    after: DatasetSpec
    material: Material
    sample: RowSample | None

    @property
    def table(self) -> Table:
        """All rows."""
        return self.material.table

    @property
    def numbers(self) -> Positions:
        """The number of each row in the data, from 0."""
        count = len(self.table.frame)
        known = np.arange(count) if self.sample is None else self.table.frame.index
        return np.asarray(known, np.int64)

    def names(self) -> tuple[str, ...]:
        """The columns that the step works on."""
        return columns_of(self.after, self.step, self.table.frame)

    def choice(self, name: str) -> ColumnChoice:
        """What a column is."""
        found = self.after.choice(name)
        assert found is not None
        return found


def before_after(spec: DatasetSpec, step: int) -> BeforeAfter:
    """What the step of that number (from 0) changes, the steps before it being done.

    A step that is off is shown as if it were on. Steps on values come after those on rows
    and in the order in which the model takes them, whatever their place in the recipe; of
    a series they are fitted on its rows here, not on its windows. Of a table larger than a
    million rows or 512 MB a sample is looked at. StudioError for a step that there is not.
    """
    if not 0 <= step < len(spec.recipe) or spec.recipe[step].key not in CLEANING:
        raise refuse(
            tr("There is no step {number} in the recipe.", number=step + 1),
            tr("Choose one of the steps."),
            place=Place("recipe", str(step)),
            code="no-step",
        )
    shown = replace(spec.recipe[step], is_on=True)
    before = replace(spec, recipe=spec.recipe[:step])
    after = replace(spec, recipe=(*spec.recipe[:step], shown))
    material, sample = rows_to_look_at(after)
    look = _Look(step, shown, before, after, material, sample)
    found = _LOOKS[CLEANING[shown.key].stage](look)
    is_part = sample is not None and sample.kept < sample.rows
    return replace(found, sampled=len(material)) if is_part else found


def _reading(look: _Look) -> BeforeAfter:
    """Texts that become numbers or dates."""
    count, changes = len(look.table.frame), []
    for name in look.names():
        go_on()
        old = read_column(look.table, look.before, name)[0]
        new = read_column(look.table, look.after, name)[0]
        changes.append(_changed(look.choice(name), look.table, old, new))
    return BeforeAfter(look.number, count, count, tuple(changes))


def _rows(look: _Look) -> BeforeAfter:
    """Rows that are left out; outliers of the training part alone."""
    prints = prints_for(look.material, look.after)
    before = repaired(look.table, look.before, prints).kept
    after = repaired(look.table, look.after, prints).kept
    if look.step.key == "drop_outliers":
        after = _without_outliers(look, before)
    table, changes = read_steps(look.table, look.after), []
    for name in look.names():
        go_on()
        values, choice = table.frame[name], look.choice(name)
        old, new = (_described(choice, table, values.iloc[kept]) for kept in (before, after))
        changes.append(_change(old, new))
    gone = tuple((look.numbers[np.setdiff1d(before, after)[:SHOWN_ROWS]] + 1).tolist())
    return BeforeAfter(look.number, len(before), len(after), tuple(changes), gone)


def _without_outliers(look: _Look, kept: Positions) -> Positions:
    table = read_steps(look.table, look.before)
    training = np.intersect1d(training_rows(look.before, look.numbers), kept)
    alone = replace(look.after, recipe=(look.step,))
    return np.setdiff1d(kept, np.setdiff1d(training, without_outliers(table, training, alone)[0]))


def _values(look: _Look) -> BeforeAfter:
    """What the model is given in the place of a value."""
    done = repaired(look.table, look.before, prints_for(look.material, look.before))
    training = np.flatnonzero(np.isin(done.kept, training_rows(look.before, look.numbers)))
    table, count = done.table, len(done.kept)
    if look.step.key == "smooth":
        return BeforeAfter(look.number, count, count, _smoothed(look, table))
    changes: list[ColumnChange] = []
    added: list[Feature] = []
    for feature in look.after.features():
        if feature.source not in look.names():
            continue
        go_on()
        if look.step.key == "date_parts":
            added.append(feature)
        elif feature.kind == "category":
            changes.append(_renamed(look, feature, table, training))
        elif feature.kind == "number" and not feature.part:
            changes.append(_prepared(look, feature, table, training))
    parts = _parts(look, table, added)
    names = tuple(feature.name for feature in added)
    return BeforeAfter(look.number, count, count, (*changes, *parts), added=names)


def _prepared(look: _Look, feature: Feature, table: Table, training: Positions) -> ColumnChange:
    """A number before and after its step."""
    choice, values = look.choice(feature.source), table.frame[feature.source]
    numbers = numbers_of(choice, values, table)
    fitted = fitted_column(look.after, feature, numbers, training)
    present = {
        s.key
        for s in look.after.recipe
        if s.is_on and s.key in ORDER and choice.name in columns_of(look.after, s)
    }
    place = ORDER.index(look.step.key)
    earlier = [key for key in ORDER[:place] if key in present]
    old = numbers_through(numbers, fitted, earlier)
    new = numbers_through(numbers, fitted, [*earlier, look.step.key])
    return _numbers_changed(choice, table, old, new)


def _renamed(look: _Look, feature: Feature, table: Table, training: Positions) -> ColumnChange:
    values = table.frame[feature.source]
    old, new = (
        grouped_names(spec, found, values, training, table.notation)
        for spec in (look.before, look.after)
        for found in spec.features()
        if found.name == feature.name
    )
    return _changed(look.choice(feature.source), table, old, new)


def _parts(look: _Look, table: Table, features: Sequence[Feature]) -> list[ColumnChange]:
    changes = []
    for feature in features:
        (numbers,) = parts_of_date(feature.source, table.frame[feature.source], table, [feature])
        missing = int(np.isnan(numbers).sum())
        changes.append(
            ColumnChange(feature.name, "number", after=spread_of(numbers), missing_after=missing)
        )
    return changes


def _smoothed(look: _Look, table: Table) -> tuple[ColumnChange, ...]:
    window = int(str(values_of(look.step)["window"]))
    in_order, changes = InOrder.of(table, look.after), []
    for feature in look.after.features():
        if feature.kind == "number" and not feature.part:
            choice = look.choice(feature.source)
            numbers = numbers_of(choice, table.frame[feature.source], table)
            new = in_order.smoothed(numbers, window)
            changes.append(_numbers_changed(choice, table, numbers, new))
    return tuple(changes)


_LOOKS: Mapping[str, Callable[[_Look], BeforeAfter]] = MappingProxyType(
    {"read": _reading, "rows": _rows, "values": _values}
)


def _numbers_changed(
    choice: ColumnChoice, table: Table, old: Numbers, new: Numbers
) -> ColumnChange:
    index = table.frame.index
    return _changed(choice, table, pd.Series(old, index), pd.Series(new, index))


def _changed(choice: ColumnChoice, table: Table, old: Values, new: Values) -> ColumnChange:
    """The same rows before and after, with the cells that differ."""
    change = _change(_described(choice, table, old), _described(choice, table, new))
    left, right = old.to_numpy(object), new.to_numpy(object)
    gaps = pd.isna(left), pd.isna(right)
    differs = np.flatnonzero((left != right) & ~(gaps[0] & gaps[1]))
    shown = differs[:SHOWN_CELLS]
    return replace(
        change,
        cells=tuple((_cell(left[i]), _cell(right[i])) for i in shown),
        cell_rows=tuple(int(old.index[i]) + 1 for i in shown),
        changed=len(differs),
    )


def _described(choice: ColumnChoice, table: Table, values: Values) -> ColumnChange:
    """One side: a histogram of numbers and dates, frequent values of texts and categories."""
    missing = int(values.isna().sum())
    is_amount = choice.kind in ("number", "date") and not is_text_column(values)
    if not is_amount:
        frequent = frequent_categories(values, table)
        return ColumnChange(
            choice.name, choice.kind, missing_after=missing, frequent_after=frequent
        )
    spread = spread_of(
        numbers_of(choice, values, table), "time" if choice.kind == "date" else "value"
    )
    return ColumnChange(choice.name, choice.kind, after=spread, missing_after=missing)


def _change(old: ColumnChange, new: ColumnChange) -> ColumnChange:
    """Two descriptions as one change."""
    return replace(
        new,
        before=old.after,
        missing_before=old.missing_after,
        frequent_before=old.frequent_after,
    )


def _cell(value: object) -> Cell:
    if value is pd.NaT:  # no Timestamp, and no number either
        return None
    if isinstance(value, pd.Timestamp):
        return str(value)
    if isinstance(value, str):
        return value
    number = float(str(value))
    return None if np.isnan(number) else number
