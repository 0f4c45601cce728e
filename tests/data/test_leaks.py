"""What makes a score too good to be true is found when data are opened or dealt."""

import numpy as np
import pandas as pd
import pytest

from studio.core.design.dataset_check import dataset_problems
from studio.core.design.fixes import apply_fix
from studio.core.design.project import Project
from studio.data.sources import load, open_data

DAYS = pd.date_range("2023-01-01", periods=300, freq="D").strftime("%Y-%m-%d")


@pytest.fixture
def random():
    return np.random.default_rng(0)


def opened(tmp_path, **columns):
    pd.DataFrame(columns).to_csv(tmp_path / "t.csv", index=False)
    return open_data(str(tmp_path / "t.csv"))


def codes(spec):
    return [problem.code for problem in dataset_problems(spec)]


def state(random):
    """Stretches of the same class."""
    return np.repeat(random.choice(["well", "worn"], 20), 15)


def test_classes_that_last_over_time_are_not_dealt_at_random(tmp_path, random):
    noise = {"a": random.normal(size=300).round(3), "b": random.normal(size=300).round(3)}
    spec = opened(tmp_path, day=DAYS, **noise, state=state(random))
    assert spec.series is None
    assert "leakage-by-time" in codes(spec)
    [problem] = [p for p in dataset_problems(spec) if p.code == "leakage-by-time"]
    fixed = apply_fix(Project(spec), problem.fix).dataset
    assert (fixed.split.method, fixed.split.column) == ("time", "day")
    assert "leakage-by-time" not in codes(fixed)
    parts = load(fixed).parts
    assert parts["training"].max() < parts["validation"].min() < parts["test"].min()
    assert "leakage-by-time" not in codes(spec.with_column("state", role="ignore"))
    mixed = random.permutation(300)
    shuffled = opened(
        tmp_path, day=[DAYS[i] for i in mixed], **noise, state=[*state(random)[mixed]]
    )
    assert "leakage-by-time" in codes(shuffled)


def test_what_changes_from_row_to_row_may_be_dealt_at_random(tmp_path, random):
    spec = opened(
        tmp_path,
        day=DAYS,
        a=random.normal(size=300).round(3),
        state=random.choice(["well", "worn"], 300),
    )
    assert "leakage-by-time" not in codes(spec)
    events = random.permutation(300)
    prices = opened(
        tmp_path,
        sold=[DAYS[i] for i in events],
        size=random.normal(size=300).round(3),
        kind=random.choice(["a", "b"], 300),
        price=random.normal(100, 9, 300).round(2),
    )
    assert "leakage-by-time" not in codes(prices)


def test_categories_that_only_the_test_part_has_are_named(tmp_path, random):
    kinds = [*random.choice(["a", "b"], 80), *["new"] * 20]
    spec = opened(
        tmp_path,
        n=random.normal(size=100).round(3),
        kind=kinds,
        part=["train"] * 80 + ["test"] * 20,
        label=random.choice(["x", "y"], 100),
    )
    [problem] = [p for p in load(spec).problems if p.code == "only-in-test"]
    assert (problem.place.key, "new" in problem.message) == ("kind", True)
    without = load(spec.with_column("kind", role="ignore"))
    assert "only-in-test" not in {problem.code for problem in without.problems}


def test_copies_across_parts_are_named_and_never_dealt_apart(tmp_path, random):
    half = {"n": random.normal(size=60).round(3), "label": random.choice(["x", "y"], 60)}
    twice = {name: [*values, *values] for name, values in half.items()}
    spec = opened(tmp_path, m=[1.5, 2.5] * 60, **twice)
    arrays = load(spec)
    part = np.full(120, -1)
    for number, positions in enumerate(arrays.parts.values()):
        part[positions] = number
    assert (part[:60] == part[60:]).all()
    assert "duplicates" in {p.code for p in arrays.problems}
    told = opened(tmp_path, m=[1.5, 2.5] * 60, part=["train"] * 60 + ["test"] * 60, **twice)
    [problem] = [p for p in load(told).problems if p.code == "duplicates-across"]
    assert "60" in problem.message
