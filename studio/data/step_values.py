"""What a step on values makes of a column, as the model prepares it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from studio.core.design.dataset import DatasetSpec, Feature
from studio.core.design.features import ModelInput
from studio.core.design.shaping import Step
from studio.core.problems import StudioError
from studio.core.words import tr
from studio.data.arrays import FittedFeature, Held, Positions
from studio.data.columns import category_indices
from studio.data.dates import as_dates, date_part
from studio.data.fit_columns import fit_columns
from studio.data.numbers import Notation
from studio.data.recipe import values_of
from studio.data.sources import load
from studio.data.tables import Table, as_numbers

# The order in which the model takes these steps, whatever their place in the recipe.
ORDER = ("fill_missing", "clip_outliers", "log", "scale")
_HEAVY = ("image", "sound", "video", "text")

Values: TypeAlias = "pd.Series[Any]"
Numbers = NDArray[np.float64]


def training_rows(spec: DatasetSpec, numbers: Positions) -> Positions:
    """The places in `numbers` (of rows, from 0) of those that are in the training part.

    Pictures, sounds, clips and texts are not read for it, so that a broken one counts as
    a row. All of them where rows cannot be dealt yet, since a target is not chosen, say.
    """
    light = replace(
        spec,
        series=None,
        columns=tuple(
            replace(c, role="ignore") if c.kind in _HEAVY and c.role == "input" else c
            for c in spec.columns
        ),
    )
    try:
        arrays = load(light)
    except StudioError:
        return np.arange(len(numbers), dtype=np.int64)
    return np.flatnonzero(np.isin(numbers, arrays.rows[arrays.parts["training"]] - 1))


def numbers_through(numbers: Numbers, fitted: FittedFeature, steps: Sequence[str]) -> Numbers:
    """Numbers after some of the steps in ORDER; a gap stays one until it is filled."""
    values = numbers
    if "fill_missing" in steps:
        values = np.where(np.isnan(values), fitted.fill, values)
    if "clip_outliers" in steps and fitted.least is not None and fitted.most is not None:
        values = np.clip(values, fitted.least, fitted.most)
    if "log" in steps:
        values = np.sign(values) * np.log1p(np.abs(values))
    if "scale" in steps:
        values = (values - fitted.offset) / fitted.scale
    return values


def fitted_column(
    spec: DatasetSpec, feature: Feature, values: Numbers, training: Positions
) -> FittedFeature:
    """What the training rows teach about one column, its values as in `Arrays.inputs`."""
    one = ModelInput("", "table", (feature,), (1,))
    return fit_columns(spec, one, Held(values.astype(np.float32)[:, None]), training).columns[0]


def grouped_names(
    spec: DatasetSpec, feature: Feature, values: Values, training: Positions, notation: Notation
) -> Values:
    """The categories of a column by the names that they have once merged or found rare."""
    indices, _ = category_indices(values, feature.categories, notation)
    fitted = fitted_column(spec, feature, indices.astype(np.float64), training)
    names = list(feature.categories)
    merges = [s for s in spec.recipe if s.is_on and s.key == "merge_categories"]
    for step in merges:
        names = _merged(names, step, feature)
    for i, is_rare in enumerate(fitted.rare):
        names[i] = tr("(rare)") if is_rare else names[i]
    known = np.array([*names, None], object)[indices]
    return pd.Series(known, index=values.index, dtype="str")


def parts_of_date(
    name: str, values: Values, table: Table, features: Sequence[Feature]
) -> list[Numbers]:
    """The numbers of each part of a date."""
    whens, _ = as_dates(name, values, table.name)
    return [date_part(whens, feature.part).astype(np.float64) for feature in features]


@dataclass(frozen=True, slots=True, eq=False)
class InOrder:
    """The rows of a table as a series reads them: their order, and the series of each."""

    order: Positions
    groups: NDArray[np.int64]

    @classmethod
    def of(cls, table: Table, spec: DatasetSpec) -> "InOrder":
        """By the columns for time and group, where there are any."""
        frame, series = table.frame, spec.series
        groups = np.zeros(len(frame), np.int64)
        order = np.arange(len(frame), dtype=np.int64)
        if series is not None and series.time in frame.columns:
            order = np.argsort(_times(table, series.time), kind="stable").astype(np.int64)
        if series is not None and series.group in frame.columns:
            groups = pd.factorize(frame[series.group])[0].astype(np.int64)
        return cls(order, groups)

    def smoothed(self, numbers: Numbers, window: int) -> Numbers:
        """The mean of each number and those before it in its series, `window` in all."""
        ordered = pd.Series(numbers[self.order]).groupby(self.groups[self.order])
        means = ordered.rolling(window, min_periods=1).mean().droplevel(0).sort_index()
        result = np.empty(len(numbers))
        result[self.order] = means.to_numpy()
        return result


def _times(table: Table, name: str) -> Numbers:
    values = table.frame[name]
    whens, _ = as_dates(name, values, table.name)
    if whens.isna().all():
        return np.asarray(as_numbers(name, values, table.name, table.notation)[0], np.float64)
    return np.asarray((whens - pd.Timestamp(0)).dt.total_seconds(), np.float64)


def _merged(names: list[str], step: Step, feature: Feature) -> list[str]:
    values = values_of(step)
    if step.columns and feature.source not in step.columns:
        return names
    together = values["from"]
    assert isinstance(together, tuple)
    return [str(values["into"]) if name in together else name for name in names]
