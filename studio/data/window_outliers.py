"""Leaves windows with outliers out of the training part of a series."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from studio.core.design.dataset import DatasetSpec
from studio.core.design.shaping import Step
from studio.data.arrays import Arrays, Positions
from studio.data.fit_columns import SAMPLED_BYTES, blocks_of, drawn, limits_of
from studio.data.recipe import columns_of, left_out, require_some, steps_at, values_of


def without_outlier_windows(arrays: Arrays, spec: DatasetSpec) -> Arrays:
    """The same windows, those of the training part that hold an outlier in no part any more.

    By the recipe's `drop_outliers` steps, one after the other; limits come from the training
    windows that are left, of more than 64 MB from a sample drawn with a fixed seed.
    StudioError where none would be left.
    """
    training, said = arrays.parts["training"], []
    for step in [s for s in steps_at(spec, "rows") if s.key == "drop_outliers"]:
        out = _with_outliers(arrays, spec, step, training)
        training = require_some(training[~out], [step], len(out))
        said.append(left_out(step, int(out.sum()), len(out)))
    if not said:
        return arrays
    parts = {**arrays.parts, "training": training}
    return replace(arrays, parts=parts, problems=(*arrays.problems, *said))


def _with_outliers(
    arrays: Arrays, spec: DatasetSpec, step: Step, training: Positions
) -> NDArray[np.bool_]:
    """Which of the training windows hold an outlier."""
    names = columns_of(spec, step)
    features, rows = arrays.model_inputs[0].features, arrays.inputs[0]
    places = [i for i, f in enumerate(features) if f.source in names and f.kind == "number"]
    out = np.zeros(len(training), bool)
    row_bytes = 4 * int(np.prod(rows.shape[1:]))
    sample = rows.take(drawn(training, SAMPLED_BYTES // row_bytes))
    limits = np.array([_limits(sample[..., place], step) for place in places])
    for block in blocks_of(training, row_bytes):
        values = rows.take(block)[..., places]
        outside = (values < limits[:, 0]) | (values > limits[:, 1]) if len(places) else values > 0
        out[np.searchsorted(training, block)] = outside.reshape(len(block), -1).any(axis=1)
    return out


def _limits(values: NDArray[np.float32], step: Step) -> tuple[float, float]:
    known = values[~np.isnan(values)].astype(np.float64)
    return limits_of(known, values_of(step)) if len(known) else (-np.inf, np.inf)
