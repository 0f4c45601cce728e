"""A table larger than the memory that is allowed gives the same rows as one in memory."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from studio.core.design.shaping import SplitSpec, Step
from studio.core.problems import StudioError
from studio.data import room, sources, survey
from studio.data.disk_rows import DiskRows
from studio.data.prepare import fit
from studio.data.sources import load, open_data

ROWS = 6000


def frame_of(rows: int) -> pd.DataFrame:
    random = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "speed": random.normal(100, 9, rows).round(2),
            "load": np.where(random.random(rows) < 0.05, np.nan, random.normal(size=rows).round(3)),
            "kind": random.choice(["a", "b", "c"], rows),
            "unit_id": [f"u{i:04d}" for i in random.integers(0, 700, rows)],
            "label": random.choice(["good", "bad", None], rows, p=[0.6, 0.35, 0.05]),
        }
    )


@pytest.fixture(params=["parquet", "csv"])
def path(request, tmp_path):
    frame = frame_of(ROWS)
    file = tmp_path / f"rows.{request.param}"
    if request.param == "parquet":
        frame.to_parquet(file, row_group_size=1000)
    else:
        frame.to_csv(file, index=False)
    return file


@pytest.fixture
def small_blocks(monkeypatch):
    monkeypatch.setattr(room, "_FEWEST_ROWS", 700)
    monkeypatch.setattr(room, "BLOCK_ROWS", 1000)


RECIPES = [
    (),
    (Step("drop_missing", ("load",)),),
    (Step("remove_duplicates", ("kind", "unit_id")),),
    (Step("drop_outliers", ("speed",)),),
    (Step("remove_duplicates", ("unit_id",)), Step("drop_missing", ("load",))),
    (
        Step("drop_missing", ("load",)),
        Step("remove_duplicates", ("kind", "unit_id")),
        Step("remove_duplicates", ("load", "kind")),
    ),
]


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("recipe", RECIPES, ids=lambda steps: ", ".join(s.key for s in steps))
@pytest.mark.parametrize("split", [SplitSpec(), SplitSpec(method="group", column="unit_id")])
def test_rows_on_the_disk_are_those_in_memory(path, monkeypatch, recipe, split):
    spec = open_data(str(path)).with_column("unit_id", kind="identifier", role="input")
    spec = replace(spec, recipe=recipe, split=split)
    whole = load(spec)
    # Four times as much as is allowed.
    needed = ROWS * sum((12, 12, 80, 80, 80))
    monkeypatch.setattr(room, "MEGABYTE", needed // 4)
    parted = load(spec, memory=1)
    assert isinstance(getattr(parted.inputs[0], "rows", parted.inputs[0]), DiskRows)
    everything = np.arange(len(whole))
    np.testing.assert_array_equal(parted.inputs[0].take(everything), whole.inputs[0].held)
    np.testing.assert_array_equal(parted.targets[0], whole.targets[0])
    np.testing.assert_array_equal(parted.rows, whole.rows)
    for part, positions in whole.parts.items():
        np.testing.assert_array_equal(parted.parts[part], positions)
    assert parted.model_inputs == whole.model_inputs
    assert fit(spec, parted) == fit(spec, whole)
    left_out = [[p for p in one.problems if p.code == "rows-left-out"] for one in (parted, whole)]
    assert [p.hint for p in left_out[0]] == [p.hint for p in left_out[1]]
    assert [p.message for p in left_out[0]] == [p.message for p in left_out[1]]


@pytest.mark.usefixtures("small_blocks")
def test_rows_whose_target_is_an_outlier_are_left_out_of_a_large_table_too(tmp_path, monkeypatch):
    frame = frame_of(ROWS)[["load", "kind", "speed"]]
    frame.loc[::50, "speed"] = 9000.0
    frame.to_csv(tmp_path / "t.csv", index=False)
    spec = open_data(str(tmp_path / "t.csv"))
    for name, role in (("load", "input"), ("kind", "input"), ("speed", "target")):
        spec = spec.with_column(name, role=role)
    spec = replace(spec, recipe=(Step("drop_outliers", ()),))
    whole = load(spec)
    monkeypatch.setattr(room, "MEGABYTE", ROWS)
    parted = load(spec, memory=1)
    assert isinstance(parted.inputs[0], DiskRows)
    assert whole.targets[0][whole.parts["training"]].max() < 9000
    np.testing.assert_array_equal(parted.parts["training"], whole.parts["training"])


def test_what_fits_is_not_parted(path, monkeypatch):
    monkeypatch.setattr(sources, "arrays_of_blocks", None)
    assert load(open_data(str(path)), memory=64).inputs[0].held is not None


def test_a_large_table_is_opened_by_looking_at_its_blocks(path, monkeypatch):
    whole = open_data(str(path))
    monkeypatch.setattr(room, "MEGABYTE", 1000)
    monkeypatch.setattr(room, "_FEWEST_ROWS", 700)
    monkeypatch.setattr(survey, "SAMPLE", 1500 * 5)
    parted = open_data(str(path), memory=1)
    assert parted.columns == whole.columns
    assert parted.summary.rows == whole.summary.rows
    for column, again in zip(whole.summary.columns, parted.summary.columns, strict=True):
        exact = ("name", "kind", "role", "missing", "distinct", "categories", "counts", "low")
        assert [getattr(column, f) for f in exact] == [getattr(again, f) for f in exact]
        assert again.high == column.high
        if column.mean is not None:
            assert again.mean == pytest.approx(column.mean)
            assert again.deviation == pytest.approx(column.deviation)
            assert len(again.edges) == len(column.edges)
            assert sum(again.bars) == pytest.approx(sum(column.bars), abs=len(column.bars))


@pytest.mark.usefixtures("small_blocks")
def test_a_large_table_without_targets_is_refused_as_a_small_one_is(tmp_path, monkeypatch):
    frame = frame_of(3000)
    frame.to_csv(tmp_path / "t.csv", index=False)
    spec = open_data(str(tmp_path / "t.csv"))
    monkeypatch.setattr(room, "MEGABYTE", 1000)
    for label, code in ((None, "all-missing"), ("good", "one-class"), ("new", "unseen-class")):
        frame.assign(label=label).to_csv(tmp_path / "t.csv", index=False)
        for memory in (1, 10**9):
            with pytest.raises(StudioError) as caught:
                load(spec, memory=memory)
            assert caught.value.problem.code == code
    frame.drop(columns="speed").to_csv(tmp_path / "t.csv", index=False)
    with pytest.raises(StudioError) as caught:
        load(spec, memory=1)
    assert caught.value.problem.code == "missing-column"
