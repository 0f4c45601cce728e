"""Windows with outliers are left out of training, and of training alone."""

from dataclasses import replace

import numpy as np
import pytest

from studio.core.design.shaping import SeriesSpec, SplitSpec, Step
from studio.data import fit_columns
from studio.data.sources import load, open_data


@pytest.fixture
def spec(tmp_path):
    values = [float(i % 7) for i in range(200)]
    values[50] = values[195] = 900.0
    file = tmp_path / "series.csv"
    file.write_text("time,value\n" + "\n".join(f"{i},{v}" for i, v in enumerate(values)) + "\n")
    found = open_data(str(file)).with_column("time", kind="number", role="ignore")
    found = found.with_column("value", kind="number", role="target")
    return replace(
        found, series=SeriesSpec("time", window=4), split=SplitSpec(0.1, 0.1, method="time")
    )


def with_outlier(arrays, name):
    return (arrays.inputs[0].take(arrays.parts[name]) > 100).any(axis=(1, 2)).sum()


def test_training_windows_with_an_outlier_are_left_out_and_counted(spec):
    plain = load(spec)
    assert (with_outlier(plain, "training"), with_outlier(plain, "test")) == (4, 4)
    arrays = load(replace(spec, recipe=(Step("drop_outliers", ("value",)),)))
    assert with_outlier(arrays, "training") == 0
    assert len(arrays.parts["training"]) == len(plain.parts["training"]) - 4
    assert arrays.parts["test"].tolist() == plain.parts["test"].tolist()
    assert any(": 4 of" in p.message for p in arrays.problems)


@pytest.mark.parametrize(
    "step",
    [
        Step("drop_outliers", ("time",)),
        Step("drop_outliers", is_on=False),
        Step("drop_outliers", (), {"method": "deviation", "amount": 49.0}),
    ],
)
def test_other_columns_and_wide_limits_leave_all_windows(spec, step):
    arrays = load(replace(spec, recipe=(step,)))
    assert arrays.parts["training"].tolist() == load(spec).parts["training"].tolist()


def test_many_windows_are_looked_at_block_by_block(spec, monkeypatch):
    step = Step("drop_outliers", ("value",))
    whole = load(replace(spec, recipe=(step,))).parts["training"]
    monkeypatch.setattr(fit_columns, "BLOCK_BYTES", 16 * 5)
    assert np.array_equal(load(replace(spec, recipe=(step,))).parts["training"], whole)
