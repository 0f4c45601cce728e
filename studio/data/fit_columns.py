"""What the training part teaches about the columns of a row: fills, limits, logs and scales."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.core.catalogue import CLEANING
from studio.core.design.dataset import DatasetSpec, Feature
from studio.core.design.features import ModelInput
from studio.core.design.shaping import Step
from studio.core.params import Values
from studio.data.arrays import FittedFeature, FittedInput, Positions, Rows

Numbers = NDArray[np.float64]
Steps = dict[str, Values]

SAMPLED_BYTES = 64 << 20
PASSED_BYTES = 256 << 20
BLOCK_BYTES = 16 << 20
_TINY = 1e-12


def fit_columns(spec: DatasetSpec, one: ModelInput, rows: Rows, training: Positions) -> FittedInput:
    """How each column of a row, or of a window, is prepared.

    Exact where the rows are held. Of streamed rows and of windows beyond 64 MB, medians,
    quantiles, means and deviations come from a seeded sample of that size; the smallest and
    largest number and the categories seen come from all of them, of windows from up to 256 MB
    spread evenly.
    """
    row_bytes = 4 * int(np.prod(rows.shape[1:]))
    sample = None
    if rows.held is None:
        sample = rows.take(drawn(training, SAMPLED_BYTES // row_bytes))
    passed = training if one.kind == "table" else _thinned(training, PASSED_BYTES // row_bytes)
    facts = _facts(one.features, (rows.take(b) for b in blocks_of(passed, row_bytes)))
    columns = []
    for i, (feature, fact) in enumerate(zip(one.features, facts, strict=True)):
        if rows.held is not None:
            values = rows.held[training, ..., i]
        elif sample is not None:
            values = sample[..., i]
        columns.append(_fitted(spec, feature, fact, values.ravel()))
    return FittedInput(one, tuple(columns), smooth=_smoothing(spec, one))


def steps_of(spec: DatasetSpec, feature: Feature) -> Steps:
    """The values of each step of the recipe that works on a feature, by the step's key."""
    choice = spec.choice(feature.source)
    kind = choice.kind if choice else feature.kind
    return {
        step.key: CLEANING[step.key].defaults() | dict(step.params)
        for step in spec.recipe
        if _works_on(step, feature.source, kind)
    }


def scaling_of(spec: DatasetSpec, feature: Feature) -> str:
    """How a feature is scaled: by its own step, else as the dataset says."""
    return str(steps_of(spec, feature).get("scale", {}).get("method", spec.scaling))


def scaled(values: Numbers, scaling: str) -> tuple[float, float]:
    """What to take off and to divide by; a constant column is divided by 1.

    robust: the median and the range of the middle half; where that range is 0, the
    deviation.
    """
    if scaling == "none" or not len(values):
        return 0.0, 1.0
    low, high = float(values.min()), float(values.max())
    if scaling == "min-max":
        return low, (high - low) or 1.0
    mean, deviation = float(values.mean()), float(values.std())
    if low == high or deviation <= _TINY * abs(mean):
        return mean, 1.0
    if scaling == "robust":
        quarter, half, three = (float(q) for q in np.quantile(values, (0.25, 0.5, 0.75)))
        spread = three - quarter
        return half, spread if spread > _TINY * abs(half) else deviation
    return mean, deviation


def limits_of(values: Numbers, step: Values) -> tuple[float, float]:
    """Below and above which a known value is an outlier, by a step's method and amount."""
    amount, method = float(str(step["amount"])), step["method"]
    if method == "deviation":
        mean, deviation = float(values.mean()), float(values.std())
        return mean - amount * deviation, mean + amount * deviation
    if method == "quantile":
        low, high = np.quantile(values, (amount / 100, 1 - amount / 100))
        return float(low), float(high)
    quarter, three = (float(q) for q in np.quantile(values, (0.25, 0.75)))
    return quarter - amount * (three - quarter), three + amount * (three - quarter)


def blocks_of(positions: Positions, row_bytes: int) -> Iterator[Positions]:
    """The positions in ascending order, so many at once that a block has about 16 MB."""
    count = max(1, BLOCK_BYTES // max(1, row_bytes))
    ordered = np.sort(positions)
    for start in range(0, len(ordered), count):
        yield ordered[start : start + count]


def drawn(positions: Positions, count: int) -> Positions:
    """At most so many of the positions, drawn with a fixed seed, in ascending order."""
    if len(positions) <= count:
        return np.sort(positions)
    generator = np.random.default_rng(0)
    return np.sort(generator.choice(positions, max(1, count), replace=False, shuffle=False))


@dataclass(slots=True)
class _Fact:
    """The range of a number over all rows looked at, or how often each category occurs."""

    often: NDArray[np.int64]
    low: float = np.inf
    high: float = -np.inf

    def add(self, values: NDArray[np.float32]) -> None:
        """Takes another block of values in."""
        if len(self.often):
            known = values[(values >= 0) & (values < len(self.often))].astype(np.int64)
            self.often += np.bincount(known, minlength=len(self.often))
        else:
            self.low = float(np.fmin.reduce(values, axis=None, initial=self.low))
            self.high = float(np.fmax.reduce(values, axis=None, initial=self.high))


def _facts(features: tuple[Feature, ...], blocks: Iterable[NDArray[np.float32]]) -> list[_Fact]:
    """One for each feature; numbers have no categories to count."""
    facts = [_Fact(np.zeros(_places(feature), np.int64)) for feature in features]
    for block in blocks:
        for i, fact in enumerate(facts):
            fact.add(block[..., i].ravel())
    return facts


def _places(feature: Feature) -> int:
    if feature.kind == "category":
        return len(feature.categories)
    return max(feature.size, len(feature.categories)) if feature.kind == "identifier" else 0


def _fitted(
    spec: DatasetSpec, feature: Feature, fact: _Fact, values: NDArray[np.float32]
) -> FittedFeature:
    if feature.kind == "category":
        return _fitted_category(feature, fact.often, steps_of(spec, feature))
    if feature.kind == "identifier":
        return FittedFeature(feature, seen=tuple((fact.often > 0).tolist()))
    if fact.low > fact.high:
        return FittedFeature(feature)
    steps = steps_of(spec, feature)
    return _fitted_number(
        feature, fact, values.astype(np.float64), steps, scaling_of(spec, feature)
    )


def _fitted_number(
    feature: Feature, fact: _Fact, values: Numbers, steps: Steps, scaling: str
) -> FittedFeature:
    missing = np.isnan(values)
    known = values[~missing]
    if not len(known):  # a sample of rows may hold none of the few known values
        known = np.array([fact.low, fact.high])
    fill = _fill(known, steps.get("fill_missing"))
    least, most = (
        limits_of(known, steps["clip_outliers"]) if "clip_outliers" in steps else (None,) * 2
    )
    prepared = np.where(missing, fill, values)
    if least is not None and most is not None:
        prepared = np.clip(prepared, least, most)
    if "log" in steps:
        prepared = np.sign(prepared) * np.log1p(np.abs(prepared))
    offset, scale = scaled(prepared, scaling)
    return FittedFeature(
        feature,
        fill,
        offset,
        scale,
        low=fact.low,
        high=fact.high,
        least=least,
        most=most,
        is_log="log" in steps,
    )


def _fill(known: Numbers, step: Values | None) -> float:
    method = step["method"] if step else "median"
    if method == "constant" and step:
        return float(str(step["value"]))
    if method == "mean":
        return float(known.mean())
    if method == "most_frequent":
        values, often = np.unique(known, return_counts=True)
        return float(values[often.argmax()])
    return float(np.median(known))


def _fitted_category(feature: Feature, often: NDArray[np.int64], steps: Steps) -> FittedFeature:
    """Categories merged into one are seen, and rare, together.

    One never seen counts as rare where there are rare ones to learn its place from.
    """
    groups = np.array(feature.groups or range(len(often)), np.int64)
    together = np.bincount(groups, often, len(often)).astype(np.int64)[groups]
    seen = together > 0
    if not feature.has_rare:
        return FittedFeature(feature, seen=tuple(seen.tolist()))
    rare = together < int(str(steps["rare_categories"]["least"]))
    seen |= bool((rare & seen).any())
    return FittedFeature(feature, seen=tuple(seen.tolist()), rare=tuple(rare.tolist()))


def _works_on(step: Step, column: str, kind: str) -> bool:
    entry = CLEANING.get(step.key)
    fits = entry is not None and kind in entry.kinds
    return step.is_on and fits and (not step.columns or column in step.columns)


def _smoothing(spec: DatasetSpec, one: ModelInput) -> int:
    """The window of the last smoothing step, 1 where there is none."""
    found = [s for s in spec.recipe if s.is_on and s.key == "smooth" and one.kind == "series"]
    return (
        int(str((CLEANING["smooth"].defaults() | dict(found[-1].params))["window"])) if found else 1
    )


def _thinned(positions: Positions, count: int) -> Positions:
    """At most so many of the positions, spread evenly."""
    step = -(-len(positions) // max(1, count))
    return positions[:: max(1, step)]
