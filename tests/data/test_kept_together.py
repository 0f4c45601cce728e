"""Rows of one group come to one part, whatever else decides the parts."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from studio.core.design.dataset import SplitSpec
from studio.core.design.dataset_check import dataset_problems
from studio.core.design.fixes import apply_fix
from studio.core.design.project import Project
from studio.core.design.shaping import SeriesSpec
from studio.data import room
from studio.data.disk_rows import DiskRows
from studio.data.listing import KINDS
from studio.data.sources import load, material_of, open_data
from studio.data.split import deal


@pytest.fixture
def random():
    return np.random.default_rng(0)


def opened(folder, **columns):
    pd.DataFrame(columns).to_csv(folder / "t.csv", index=False)
    return open_data(str(folder / "t.csv"))


def groups_of(spec, arrays, name):
    """Which groups are in each part."""
    cells = material_of(spec).frame[name].to_numpy(object)
    return {part: set(cells[arrays.rows[where] - 1]) for part, where in arrays.parts.items()}


def codes(spec):
    return [problem.code for problem in dataset_problems(spec)]


def pictures(folder, random, parts=("train", "train", "train", "test"), group="group"):
    """Forty pictures at ten places, with a manifest that names their part."""
    lines = []
    for number in range(40):
        place = number // 4
        pixels = random.integers(0, 255, (8, 8), np.uint8)
        Image.fromarray(pixels).save(folder / f"{number:02}.png")
        part = parts[place % len(parts)]
        lines.append((f"{number:02}.png", "ab"[number % 2], part, f"p{place}"))
    frame = pd.DataFrame(lines, columns=["file", "label", "split", group])
    frame.to_csv(folder / "manifest.csv", index=False)
    return open_data(str(folder))


@pytest.mark.parametrize("parts", [("train", "train", "train", "test"), ("train", "val", "test")])
def test_no_training_group_of_a_manifest_is_in_validation(tmp_path, random, parts):
    spec = pictures(tmp_path, random, parts)
    assert spec.split.together == "group"
    assert spec.choice("group").role == "ignore"
    arrays = load(spec)
    found = groups_of(spec, arrays, "group")
    assert all(found.values())
    assert not found["training"] & found["validation"]
    assert not found["training"] & found["test"]
    assert not found["validation"] & found["test"]
    assert [p.code for p in arrays.problems if p.code == "groups-apart"] == []
    assert [feature.source for feature in spec.features()] == ["file"]


def test_a_table_with_split_and_group_draws_whole_groups(tmp_path, random):
    unit = np.repeat([f"u{i:03}" for i in range(250)], 2)
    spec = opened(
        tmp_path,
        size=random.normal(size=500).round(3),
        split=np.where(unit < "u200", "train", "test"),
        unit_id=unit,
        label=random.choice(["a", "b"], 500),
    )
    assert (spec.split.method, spec.split.together) == ("column", "unit_id")
    found = groups_of(spec, load(spec), "unit_id")
    assert found["validation"]
    assert not found["training"] & found["validation"]
    assert found["test"] == {f"u{i:03}" for i in range(200, 250)}


def test_copies_are_not_apart_where_a_column_leaves_validation_open():
    alike = np.repeat(np.arange(40), 5)
    cells = ["train"] * 150 + ["test"] * 50
    dealt = deal(200, SplitSpec(method="column", column="part"), values=cells, alike=alike)
    assert len(dealt.parts["validation"])
    assert not np.intersect1d(alike[dealt.parts["training"]], alike[dealt.parts["validation"]]).size


@pytest.mark.parametrize("folds", [0, 4])
@pytest.mark.parametrize("method", ["random", "column"])
def test_units_stay_whole_in_every_fold(method, folds):
    units = np.repeat([f"u{i}" for i in range(20)], 6)
    cells = ["train"] * 96 + ["test"] * 24
    for fold in range(max(1, folds)):
        split = SplitSpec(method=method, column="part", folds=folds, fold=fold, together="unit")
        dealt = deal(120, split, values=cells, together=units)
        parts = [set(units[rows]) for rows in dealt.parts.values()]
        assert sum(map(len, parts)) == 20
        assert all(parts)
        assert dealt.problems == () or [p.code for p in dealt.problems] == ["split-drawn"]


def test_a_group_that_the_data_themselves_tear_apart_is_told():
    units = np.repeat(["a", "b", "c", "d", "e"], 8)
    cells = (["train"] * 6 + ["test"] * 2) + ["train"] * 32
    split = SplitSpec(0.2, 0.1, method="column", column="part", together="unit")
    [problem] = [
        p
        for p in deal(40, split, values=cells, together=units).problems
        if p.code == "groups-apart"
    ]
    assert problem.message.startswith("1 value of unit stands in more than one part")
    own = deal(40, SplitSpec(0.2, together="unit"), own_test=np.arange(4), together=units)
    assert "groups-apart" in [p.code for p in own.problems]


def test_a_table_larger_than_memory_keeps_its_groups_whole(tmp_path, random, monkeypatch):
    monkeypatch.setattr(room, "_FEWEST_ROWS", 200)
    monkeypatch.setattr(room, "BLOCK_ROWS", 300)
    unit = random.choice([f"u{i:03}" for i in range(150)], 2000)
    spec = opened(
        tmp_path,
        speed=random.normal(size=2000),
        unit_id=unit,
        label=random.choice(["a", "b"], 2000),
    )
    spec = spec.with_column("unit_id", role="ignore")
    spec = replace(spec, split=SplitSpec(together="unit_id"))
    whole = load(spec)
    monkeypatch.setattr(room, "MEGABYTE", 2000)
    parted = load(spec, memory=1)
    assert isinstance(parted.inputs[0], DiskRows)
    found = groups_of(spec, parted, "unit_id")
    assert not found["training"] & found["validation"]
    for name, rows in whole.parts.items():
        np.testing.assert_array_equal(parted.parts[name], rows)


def test_series_with_named_parts_draw_whole_machines(tmp_path, random):
    machine = np.repeat([f"m{i}" for i in range(12)], 40)
    spec = opened(
        tmp_path,
        hour=np.tile(np.arange(40), 12),
        machine=machine,
        part=np.where(machine < "m7", "train", "test"),
        value=random.normal(size=480),
    )
    for name, role in (("hour", "ignore"), ("machine", "ignore"), ("value", "target")):
        spec = spec.with_column(name, role=role)
    split = SplitSpec(method="column", column="part", together="machine")
    spec = replace(spec, split=split, series=SeriesSpec("hour", "machine", window=4))
    found = groups_of(spec, load(spec), "machine")
    assert found["validation"]
    assert not found["training"] & found["validation"]


@pytest.mark.parametrize(
    ("name", "is_owner"),
    [("patient_id", True), ("Speaker", True), ("subject", True), ("group_size", False),
     ("colour", False)],
)  # fmt: skip
def test_rows_of_one_person_are_suggested_as_a_group(tmp_path, random, name, is_owner):
    cells = np.repeat([f"x{i:03}" for i in range(250)], 2)
    spec = opened(
        tmp_path,
        **{name: random.permutation(cells)},
        size=random.normal(size=500).round(3),
        label=random.choice(["a", "b"], 500),
    )
    assert spec.choice(name).role == "ignore"
    wanted = ("group", name) if is_owner else ("random", "")
    assert (spec.split.method, spec.split.column) == wanted


def test_a_number_that_names_a_person_is_no_input_beside_pictures(tmp_path, random):
    folder = tmp_path
    lines = []
    for number in range(40):
        pixels = random.integers(0, 255, (8, 8), np.uint8)
        Image.fromarray(pixels).save(folder / f"{number:02}.png")
        lines.append((f"{number:02}.png", "ab"[number % 2], number // 4 * 3, number / 7))
    frame = pd.DataFrame(lines, columns=["file", "label", "subject", "weight"])
    frame.to_csv(folder / "manifest.csv", index=False)
    spec = open_data(str(folder))
    assert (spec.split.method, spec.split.column) == ("group", "subject")
    assert [feature.source for feature in spec.features()] == ["file", "weight"]
    found = groups_of(spec, load(spec), "subject")
    assert not found["training"] & found["validation"]


def test_names_in_file_names_are_a_choice_of_one_click(tmp_path, random):
    for who in ("ann", "bob", "eve", "joe"):
        for take in range(6):
            pixels = random.integers(0, 255, (8, 8), np.uint8)
            Image.fromarray(pixels).save(tmp_path / f"{take % 2}_{who}_{take}.png")
    spec = open_data(str(tmp_path))
    assert spec.summary.kind == KINDS["image"]
    assert spec.split.method == "random"
    notes = [p for p in dataset_problems(spec) if p.code == "leakage-by-group"]
    [note] = [p for p in notes if "ann, bob, eve, joe" in p.message]
    chosen = apply_fix(Project(spec), note.fix).dataset
    assert chosen.split.method == "group"
    assert "leakage-by-group" not in codes(chosen)
    found = groups_of(chosen, load(chosen), chosen.split.column)
    assert len(set.union(*found.values())) == 4
    assert sum(map(len, found.values())) == 4


def test_a_column_that_cannot_keep_together_is_told_with_a_way_out(tmp_path, random):
    spec = opened(tmp_path, size=random.normal(size=60), label=["a", "b", "c"] * 20)
    for name in ("label", "gone"):
        wrong = replace(spec, split=SplitSpec(together=name))
        [problem] = [p for p in dataset_problems(wrong) if p.code == "split-together"]
        assert name in problem.message
        assert "split-together" not in codes(apply_fix(Project(wrong), problem.fix).dataset)
    assert "split-together" not in codes(replace(spec, split=SplitSpec(together="size")))
