"""Rows are dealt whole, once, by seed; what belongs together and what is later stays so."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core.design.dataset import SplitSpec, split_counts
from studio.core.problems import StudioError
from studio.data.split import deal
from studio.data.split_units import deal_units

NAMES = ("training", "validation", "test")
SHARES = st.floats(0, 0.45)


def sizes(dealt):
    return tuple(len(dealt.parts[name]) for name in NAMES)


def part_of(dealt, count):
    parts = np.full(count, -1)
    for place, name in enumerate(NAMES):
        assert (parts[dealt.parts[name]] == -1).all()
        parts[dealt.parts[name]] = place
    return parts


def problem_of(call, *args, **options):
    with pytest.raises(StudioError) as caught:
        call(*args, **options)
    return caught.value.problem


@given(st.integers(0, 300), SHARES, SHARES, st.integers(0, 5), st.booleans(), st.integers(0, 10))
def test_parts_are_exact_disjoint_and_seeded(count, validation, test, classes, stratified, seed):
    split = SplitSpec(validation, test, stratified, seed)
    kinds = np.random.default_rng(seed).integers(0, classes, count) if classes else None
    dealt = deal(count, split, kinds)
    assert sizes(dealt) == split_counts(count, split)
    assert (part_of(dealt, count) >= 0).all()
    again = deal(count, split, kinds)
    assert all(np.array_equal(again.parts[name], dealt.parts[name]) for name in NAMES)


def test_parts_are_stratified_and_rare_classes_do_not_break_them():
    kinds = np.array([0] * 80 + [1] * 20)
    dealt = deal(100, SplitSpec(0.2, 0.2), kinds)
    assert [int((kinds[p] == 1).sum()) for p in dealt.parts.values()] == [12, 4, 4]
    rare = deal(101, SplitSpec(0.2, 0.2), np.append(kinds, 2))
    assert [p.code for p in rare.problems] == ["rare-class"]
    own = deal(100, SplitSpec(0.1, 0.3), kinds, np.arange(90, 100))
    assert sizes(own) == (81, 9, 10)
    assert own.parts["test"].tolist() == list(range(90, 100))


@given(st.lists(st.integers(1, 40), min_size=1, max_size=60), SHARES, SHARES, st.integers(0, 5))
def test_groups_stay_whole_and_shares_are_met_to_within_a_group(lengths, validation, test, seed):
    groups = np.repeat(np.arange(len(lengths)), lengths)
    groups = np.random.default_rng(seed).permutation(groups)
    split = SplitSpec(validation, test, seed=seed, method="group", column="machine")
    dealt = deal(len(groups), split, values=[f"m{g}" for g in groups])
    parts = part_of(dealt, len(groups))
    assert (parts >= 0).all()
    assert all(len(np.unique(parts[groups == g])) == 1 for g in range(len(lengths)))
    wanted = split_counts(len(groups), split)
    assert all(
        abs(got - want) <= 2 * max(lengths) for got, want in zip(sizes(dealt), wanted, strict=True)
    )
    again = deal(len(groups), split, values=[f"m{g}" for g in groups])
    assert sizes(again) == sizes(dealt)


def test_each_part_gets_a_group_and_groups_are_dealt_by_class():
    groups = np.repeat(np.arange(12), 10)
    kinds = (groups % 3 == 0).astype(np.int64)
    split = SplitSpec(0.25, 0.25, method="group", column="g")
    dealt = deal(120, split, kinds, values=groups)
    assert [float(kinds[dealt.parts[name]].mean()) for name in NAMES] == pytest.approx([1 / 3] * 3)
    few = deal(120, SplitSpec(0.01, 0.01, method="group", column="g"), values=groups)
    assert sizes(few) == (100, 10, 10)
    assert problem_of(deal, 9, SplitSpec(method="group")).code == "split-column"


def test_rows_without_a_group_are_groups_of_their_own():
    groups = np.array(["a"] * 50 + [None] * 50, object)
    dealt = deal(100, SplitSpec(0.2, 0.2, method="group", column="g"), values=groups)
    assert sizes(dealt) == (60, 20, 20)


@given(st.integers(3, 120), st.integers(1, 30), SHARES, SHARES, st.integers(0, 3))
def test_copies_of_a_row_are_never_apart(count, different, validation, test, seed):
    alike = np.random.default_rng(seed).integers(0, different, count)
    split = SplitSpec(validation, test, seed=seed)
    dealt = deal(count, split, alike=alike)
    parts = part_of(dealt, count)
    assert (parts >= 0).all()
    assert all(len(np.unique(parts[alike == code])) == 1 for code in np.unique(alike))


def test_few_copies_leave_the_counts_exact():
    alike = np.arange(1000)
    alike[500:520] = alike[:20]
    kinds = alike % 2
    dealt = deal(1000, SplitSpec(), kinds, alike=alike)
    assert sizes(dealt) == (700, 150, 150)
    assert [int(kinds[dealt.parts[name]].sum()) for name in NAMES] == [350, 75, 75]


@given(st.lists(st.integers(0, 30), min_size=3, max_size=120), SHARES, SHARES, st.integers(0, 3))
def test_what_is_later_is_never_learnt_from(times, validation, test, seed):
    split = SplitSpec(validation, test, seed=seed, method="time", column="when")
    dealt = deal(len(times), split, values=times)
    parts = part_of(dealt, len(times))
    assert (parts >= 0).all()
    order = np.argsort(times, kind="stable")
    assert (np.diff(parts[order]) >= 0).all()
    assert all(len(np.unique(parts[np.array(times) == time])) == 1 for time in times)


@pytest.mark.parametrize(
    "cells",
    [
        [f"{i + 1:02}.03.2024" for i in range(20)],
        list(pd.date_range("2024-03-01", periods=20)),
        [str(i) for i in range(20)],
        np.arange(20, dtype=np.float64),
        [d.to_pydatetime() for d in pd.date_range("2024-03-01", periods=20)],
    ],
    ids=["texts", "timestamps", "numerals", "numbers", "datetimes"],
)
def test_times_are_told_however_they_are_written(cells):
    mixed = np.random.default_rng(0).permutation(20)
    split = SplitSpec(0.2, 0.2, method="time", column="when")
    dealt = deal(20, split, values=[cells[i] for i in mixed])
    assert [sorted(mixed[dealt.parts[name]].tolist()) for name in NAMES] == [
        list(range(12)),
        list(range(12, 16)),
        list(range(16, 20)),
    ]


def test_time_by_the_order_of_the_file_and_rows_without_a_time():
    dealt = deal(10, SplitSpec(0.2, 0.2, method="time"))
    assert dealt.parts["test"].tolist() == [8, 9]
    assert dealt.parts["validation"].tolist() == [6, 7]
    cells = ["2024-01-03", None, "2024-01-02", "never", "2024-01-01"]
    odd = deal(5, SplitSpec(0.2, 0.2, method="time", column="when"), values=cells)
    assert odd.parts["training"].tolist() == [1, 3, 4]
    assert [p.code for p in odd.problems] == ["no-time"]


@pytest.mark.parametrize(
    "cells",
    [
        ["train"] * 6 + ["valid"] * 2 + ["test"] * 2,
        ["Training "] * 6 + ["VAL"] * 2 + ["Test"] * 2,
        [0.0] * 6 + [1.0] * 2 + [2.0] * 2,
        ["0"] * 6 + ["1"] * 2 + ["2"] * 2,
    ],
)
def test_a_column_names_the_parts(cells):
    dealt = deal(10, SplitSpec(method="column", column="part"), values=cells)
    assert sizes(dealt) == (6, 2, 2)
    assert dealt.parts["test"].tolist() == [8, 9]
    assert dealt.problems == ()


@pytest.mark.parametrize(
    "cells", [[0] * 16 + [1] * 4, ["no"] * 16 + ["yes"] * 4, [False] * 16 + [True] * 4]
)
def test_what_a_column_leaves_open_is_drawn_from_its_training_rows(cells):
    dealt = deal(20, SplitSpec(0.25, 0.1, method="column", column="part"), values=cells)
    assert dealt.parts["test"].tolist() == [16, 17, 18, 19]
    assert sizes(dealt) == (12, 4, 4)
    assert [p.code for p in dealt.problems] == ["split-drawn"]
    assert "validation" in dealt.problems[0].message


def test_values_that_name_no_part_are_told():
    split = SplitSpec(method="column", column="part")
    problem = problem_of(deal, 3, split, values=["train", "perhaps", None])
    assert problem.code == "split-values"
    assert "perhaps" in problem.message
    assert "1 row" in problem.message


def test_a_column_without_training_rows_is_refused():
    split = SplitSpec(method="column", column="part")
    assert problem_of(deal, 3, split, values=["test"] * 3).code == "split-values"


@pytest.mark.parametrize("method", ["group", "time"])
def test_a_part_that_gets_nothing_is_told(method):
    dealt = deal(20, SplitSpec(method=method, column="c"), values=[1] * 20)
    assert sizes(dealt) == (20, 0, 0)
    assert [p.code for p in dealt.problems] == ["empty-part"] * 2
    assert deal(20, SplitSpec(0.2, 0.0)).problems == ()


@given(
    st.integers(10, 80),
    st.integers(2, 6),
    st.sampled_from(["random", "group", "column"]),
    st.booleans(),
    st.integers(0, 3),
)
def test_folds_are_disjoint_and_together_all_but_the_test_part(count, folds, method, has_own, seed):
    rng = np.random.default_rng(seed)
    cells = np.where(np.arange(count) % 5, "train", "test") if method == "column" else None
    cells = rng.integers(0, 12, count) if method == "group" else cells
    own = np.arange(3) if has_own else None
    kinds = rng.integers(0, 2, count)
    dealt = [
        deal(count, SplitSpec(0.1, 0.1, True, seed, method, "c", folds, fold), kinds, own, cells)
        for fold in range(folds)
    ]
    tests = {tuple(one.parts["test"]) for one in dealt}
    assert len(tests) == 1
    assert all((part_of(one, count) >= 0).all() for one in dealt)
    validated = np.concatenate([one.parts["validation"] for one in dealt])
    assert sorted([*validated, *tests.pop()]) == list(range(count))
    if method == "random":
        assert np.ptp([len(one.parts["validation"]) for one in dealt]) <= 1


def test_folds_in_time_never_learn_from_the_future():
    dealt = [deal(100, SplitSpec(0.1, 0.2, method="time", folds=3, fold=fold)) for fold in range(3)]
    assert [sizes(one) for one in dealt] == [(20, 20, 20), (40, 20, 20), (60, 20, 20)]
    assert all(one.parts["training"].max() < one.parts["validation"].min() for one in dealt)
    assert [[p.code for p in one.problems] for one in dealt] == [["fold-unused"]] * 2 + [[]]


@given(st.lists(st.integers(1, 3), min_size=1, max_size=40), st.integers(2, 5), st.integers(0, 9))
def test_units_of_one_row_fill_every_part_exactly(lengths, parts, seed):
    rng = np.random.default_rng(seed)
    units = np.repeat(np.arange(len(lengths)), lengths)
    units = np.concatenate([units, len(lengths) + np.arange(3 * len(units))])
    wanted = [len(part) for part in np.array_split(units, parts)]
    dealt = deal_units(units, wanted, rng.integers(0, 3, len(units)), rng)
    assert np.bincount(dealt, minlength=parts).sum() == len(units)
    single = deal_units(np.arange(len(units)), wanted, rng.integers(0, 3, len(units)), rng)
    assert np.bincount(single, minlength=parts).tolist() == wanted


def test_a_million_rows_are_dealt_at_once():
    groups = np.random.default_rng(0).integers(0, 5000, 1_000_000)
    dealt = deal(len(groups), SplitSpec(method="group", column="g"), groups % 3, values=groups)
    assert sum(sizes(dealt)) == 1_000_000
    wanted = split_counts(1_000_000, SplitSpec())
    assert max(abs(g - w) for g, w in zip(sizes(dealt), wanted, strict=True)) < 300
