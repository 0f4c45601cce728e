"""Windows hold rows that follow each other, in one group, in one part, whatever the table."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core.design.dataset import SplitSpec
from studio.core.design.shaping import SeriesSpec
from studio.core.problems import StudioError
from studio.data.windows import series_arrays, series_to_judge
from tests.data.series_tables import dates, spec, table

PLAIN = SplitSpec(method="time", column="time", validation=0.2, test=0.2)


def counted(rows=40, **more):
    """Hourly rows whose value is the number of the row."""
    return table(time=dates(range(rows)), value=list(range(1, rows + 1)), **more)


def windows_of(arrays):
    return arrays.taken(np.arange(len(arrays)))[0]


def codes(arrays):
    return [problem.code for problem in arrays.problems]


def refused(call, *arguments, **more):
    with pytest.raises(StudioError) as caught:
        call(*arguments, **more)
    assert caught.value.problem.hint
    return caught.value.problem


def test_a_window_and_what_follows_it():
    data = counted()
    series = SeriesSpec("time", window=4, horizon=2)
    arrays = series_arrays(data, spec(data, series))
    assert arrays.kind == "series"
    assert arrays.task == "numbers"
    assert arrays.target_names == ("value +1", "value +2")
    assert windows_of(arrays)[0].tolist() == [[1], [2], [3], [4]]
    assert arrays.targets[0][0].tolist() == [5, 6]
    assert arrays.rows[0] == 4
    assert arrays.inputs[0].shape == (len(arrays), 4, 1)
    assert arrays.inputs[0].held is None
    assert codes(arrays) == []


def test_several_targets_stand_step_by_step():
    data = counted(other=[10.0 * i for i in range(40)])
    made = spec(data, SeriesSpec("time", window=3, horizon=2)).with_column("other", role="target")
    arrays = series_arrays(data, made)
    assert arrays.target_names == ("value +1", "other +1", "value +2", "other +2")
    assert arrays.targets[0][0].tolist() == [4, 30, 5, 40]
    assert windows_of(arrays)[0].tolist() == [[1, 0], [2, 10], [3, 20]]


def test_a_window_is_rebuilt_from_its_first_row_to_its_last():
    data = counted(other=[10.0 * i for i in range(40)])
    made = spec(data, SeriesSpec("time", purpose="rebuild", window=3))
    made = made.with_column("other", role="target")
    arrays = series_arrays(data, made)
    assert arrays.target_names[:2] == ("value -2", "other -2")
    assert arrays.targets[0][0].tolist() == [1, 0, 2, 10, 3, 20]
    np.testing.assert_array_equal(arrays.targets[0], windows_of(arrays).reshape(len(arrays), -1))


def test_a_window_is_classified_by_its_last_row():
    data = counted(label=["bad" if i % 3 else "good" for i in range(40)])
    made = spec(data, SeriesSpec("time", purpose="classify", window=3), target="label")
    arrays = series_arrays(data, made)
    assert arrays.task == "classes"
    assert arrays.labels == ("bad", "good")
    expected = [0 if (row - 1) % 3 else 1 for row in arrays.rows]
    assert arrays.targets[0].tolist() == expected
    assert windows_of(arrays)[0].tolist() == [[1], [2], [3]]


def test_each_next_window_starts_a_stride_later():
    data = counted()
    arrays = series_arrays(data, spec(data, SeriesSpec("time", window=4, stride=5), PLAIN))
    training = arrays.parts["training"]
    assert arrays.rows[training].tolist() == [4, 9, 14, 19]


def test_rows_are_put_in_the_order_of_time_and_steps_back_are_said():
    hours = [0, 1, 2, 3, 10, 11, 4, 5, 6, 7, 8, 9, *range(12, 40)]
    data = table(time=dates(hours), value=[float(h) for h in hours])
    arrays = series_arrays(data, spec(data))
    taken = windows_of(arrays)[..., 0]
    assert (np.diff(taken) == 1).all()
    assert codes(arrays) == ["time-backward"]
    assert "row 7" in str(arrays.problems[0])
    assert arrays.rows[taken[:, -1] == 4].tolist() == [7]


def test_equal_times_are_said_and_keep_the_order_of_the_file():
    hours = [0, 1, 2, 2, *range(3, 39)]
    data = table(time=dates(hours), value=list(range(40)))
    arrays = series_arrays(data, spec(data))
    assert codes(arrays) == ["time-equal"]
    assert "row 4" in str(arrays.problems[0])
    assert windows_of(arrays)[0][:, 0].tolist() == [0, 1, 2, 3]


def test_reversed_rows_are_the_same_series():
    data = counted()
    turned = table(time=list(data.frame["time"])[::-1], value=list(data.frame["value"])[::-1])
    straight, back = series_arrays(data, spec(data)), series_arrays(turned, spec(turned))
    np.testing.assert_array_equal(windows_of(straight), windows_of(back))
    assert codes(back) == ["time-backward"]
    assert (back.rows == 41 - straight.rows).all()


def test_rows_without_a_time_are_in_no_window():
    hours = [*range(10), None, *range(10, 39)]
    data = table(time=dates(hours), value=[-1.0 if h is None else float(h) for h in hours])
    arrays = series_arrays(data, spec(data))
    assert codes(arrays) == ["no-time"]
    assert windows_of(arrays).min() == 0
    assert 11 not in arrays.rows


def test_no_times_at_all_are_refused():
    data = table(time=[np.nan] * 40, value=list(range(40)))
    assert refused(series_arrays, data, spec(data)).code == "no-times"


def test_a_time_that_never_changes_leaves_nothing_for_later_parts():
    data = table(time=dates([0] * 40), value=list(range(40)))
    arrays = series_arrays(data, spec(data))
    assert codes(arrays) == ["time-equal", "empty-part", "empty-part"]
    assert len(arrays.parts["training"]) == len(arrays) == 36


def test_gaps_are_not_bridged_and_what_they_cost_is_said():
    hours = [*range(20), *range(30, 60)]
    data = table(time=dates(hours), value=[float(h) for h in hours])
    arrays = series_arrays(data, spec(data, SeriesSpec("time", window=4)))
    taken = windows_of(arrays)[..., 0]
    assert (np.diff(taken) == 1).all()
    [problem] = arrays.problems
    assert problem.code == "time-gaps"
    assert "at 1 place of" in problem.message
    assert "before row 21" in problem.message
    assert "4 of " in problem.message


def test_working_days_are_no_gaps():
    hours = [24 * day for day in range(200) if day % 7 < 5]
    data = table(time=dates(hours), value=list(range(len(hours))))
    arrays = series_arrays(data, spec(data, SeriesSpec("time", window=20)))
    assert codes(arrays) == ["irregular-times"]
    assert len(arrays.parts["training"]) > 50


def test_groups_are_never_mixed():
    hours = [h for h in range(60) for _ in range(2)]
    machine = ["ab"[i % 2] for i in range(120)]
    value = [h + (1000 if m == "b" else 0) for h, m in zip(hours, machine, strict=True)]
    data = table(time=dates(hours), machine=machine, value=value)
    arrays = series_arrays(data, spec(data, SeriesSpec("time", "machine", window=5)))
    taken = windows_of(arrays)[..., 0]
    assert (np.diff(taken) == 1).all()
    assert codes(arrays) == []
    np.testing.assert_array_equal(arrays.targets[0][:, 0], taken[:, -1] + 1)


def test_missing_inputs_stay_and_missing_targets_leave_a_window_out():
    value = [float(i) for i in range(40)]
    value[10] = np.nan
    other = [float(i) for i in range(40)]
    other[2] = np.nan
    data = counted()
    data = table(time=list(data.frame["time"]), value=value, other=other)
    arrays = series_arrays(data, spec(data, SeriesSpec("time", window=4)))
    assert np.isnan(windows_of(arrays)[0]).sum() == 1
    assert not np.isnan(arrays.targets[0]).any()
    assert 10 not in arrays.rows  # the one whose next value is missing
    assert 11 in arrays.rows  # the one that ends in it
    assert codes(arrays) == ["target-missing"]
    assert "1 of " in str(arrays.problems[0])


def test_a_window_longer_than_the_data_says_how_long_the_longest_group_is():
    data = table(
        time=dates([*range(30), *range(12)]),
        machine=["a"] * 30 + ["b"] * 12,
        value=list(range(42)),
    )
    problem = refused(series_arrays, data, spec(data, SeriesSpec("time", "machine", window=60)))
    assert problem.code == "window-too-long"
    assert "61 rows" in problem.message
    assert "group a" in problem.message
    assert "has 30" in problem.message


@pytest.mark.parametrize("rows", [1, 2, 3])
def test_a_series_of_hardly_any_rows_is_refused_in_words(rows):
    data = counted(rows)
    assert refused(series_arrays, data, spec(data)).code == "window-too-long"
    assert refused(series_to_judge, data, spec(data), needs_target=False).code == "window-too-long"


@pytest.mark.parametrize(("needs_target", "need"), [(False, 4), (True, 5)])
def test_a_file_too_short_to_judge_is_told_how_many_rows_it_needs(needs_target, need):
    """The split and the window are settled by then: the advice is about the file."""
    made = spec(counted(), SeriesSpec("time", window=4))
    problem = refused(series_to_judge, counted(3), made, needs_target=needs_target)
    assert problem.code == "window-too-long"
    assert f"{need} rows" in problem.message
    assert f"{need} rows" in problem.hint
    assert "share" not in problem.hint
    enough = series_to_judge(counted(need), made, needs_target=needs_target)
    assert len(enough.parts["test"]) == 1


def test_parts_too_short_for_a_window_are_said():
    data = counted()
    arrays = series_arrays(data, spec(data, SeriesSpec("time", window=12), PLAIN))
    assert codes(arrays) == ["empty-part", "empty-part"]
    assert len(arrays.parts["validation"]) == len(arrays.parts["test"]) == 0
    problem = refused(series_arrays, data, spec(data, SeriesSpec("time", window=30), PLAIN))
    assert problem.code == "window-too-long"
    assert "training part has 24" in problem.message


def test_no_known_target_at_all_is_refused():
    data = table(time=dates(range(40)), value=[1.0, np.nan] * 20)
    made = spec(data, SeriesSpec("time", purpose="rebuild", window=4))
    assert refused(series_arrays, data, made).code == "all-missing"
    assert refused(series_to_judge, data, made, needs_target=True).code == "all-missing"


def test_what_is_no_value_of_a_row_cannot_be_in_a_window():
    data = counted(note=["a text"] * 40)
    made = spec(data).with_column("note", kind="text")
    assert refused(series_arrays, data, made).code == "series-input"


def test_a_column_that_is_gone_is_named():
    data = counted()
    for series in (SeriesSpec("gone", window=4), SeriesSpec("time", "gone", window=4)):
        problem = refused(series_arrays, data, spec(data, series))
        assert (problem.code, problem.place.key) == ("missing-column", "gone")


# Parts


def test_later_parts_are_later():
    data = counted(50)
    arrays = series_arrays(data, spec(data, SeriesSpec("time", window=3), PLAIN))
    last = {name: arrays.rows[part] for name, part in arrays.parts.items()}
    assert last["training"].max() < last["validation"].min()
    assert last["validation"].max() < last["test"].min()
    assert last["training"].tolist() == list(range(3, 30))
    assert last["validation"].tolist() == list(range(33, 40))
    assert last["test"].tolist() == list(range(43, 50))


def test_a_random_split_of_a_series_is_one_by_time():
    data = counted(50)
    by_time = series_arrays(data, spec(data, split=PLAIN))
    at_random = series_arrays(data, spec(data, split=replace(PLAIN, method="random", column="")))
    for name, part in by_time.parts.items():
        assert part.tolist() == at_random.parts[name].tolist()


def test_dates_have_one_border_for_all_groups():
    # Machine b runs only in the second half: all that it tells is later than the training.
    data = table(
        time=dates([*range(100), *range(50, 100)]),
        machine=["a"] * 100 + ["b"] * 50,
        value=[*range(100), *range(1050, 1100)],
    )
    arrays = series_arrays(data, spec(data, SeriesSpec("time", "machine", window=2), PLAIN))
    hour = {name: arrays.targets[0][part, 0] % 1000 for name, part in arrays.parts.items()}
    assert hour["training"].max() < hour["validation"].min()
    assert hour["validation"].max() < hour["test"].min()
    assert (arrays.targets[0][arrays.parts["test"]] > 1000).any()


def test_counters_have_a_border_in_each_group():
    data = table(
        time=[*range(100), *range(20)],
        machine=["a"] * 100 + ["b"] * 20,
        value=[*range(100), *range(1000, 1020)],
    )
    arrays = series_arrays(data, spec(data, SeriesSpec("time", "machine", window=2), PLAIN))
    test = arrays.targets[0][arrays.parts["test"], 0]
    assert test.tolist() == [*range(82, 100), 1018, 1019]


def test_whole_groups_are_dealt():
    machine = [name for name in "abcdefghij" for _ in range(10)]
    data = table(time=dates(range(100)), machine=machine, value=list(range(100)))
    split = SplitSpec(method="group", column="machine", validation=0.2, test=0.2)
    arrays = series_arrays(data, spec(data, SeriesSpec("time", "machine", window=3), split))
    groups = [
        {machine[row - 1] for row in arrays.rows[arrays.parts[name]]}
        for name in ("training", "validation", "test")
    ]
    assert [len(some) for some in groups] == [6, 2, 2]
    assert len(set.union(*groups)) == 10


def test_a_column_names_the_parts_and_windows_stay_inside():
    part = ["train"] * 30 + ["test"] * 10 + ["train"] * 10
    data = table(time=dates(range(50)), part=part, value=list(range(50)))
    split = SplitSpec(method="column", column="part", validation=0.2)
    arrays = series_arrays(data, spec(data, SeriesSpec("time", window=3), split))
    assert arrays.rows[arrays.parts["test"]].tolist() == list(range(33, 40))
    assert arrays.rows[arrays.parts["validation"]].tolist() == [45, 46, 47, 48, 49]
    assert arrays.rows[arrays.parts["training"]].max() <= 42
    problem = refused(series_arrays, data, spec(data, split=replace(split, column="gone")))
    assert problem.code == "split-column"


def test_folds_are_trained_on_what_is_earlier():
    data = counted(60)
    for fold in range(3):
        split = replace(PLAIN, folds=3, fold=fold)
        arrays = series_arrays(data, spec(data, SeriesSpec("time", window=3), split))
        training, validation = (arrays.rows[arrays.parts[n]] for n in ("training", "validation"))
        assert training.max() < validation.min() - 3
        assert len(arrays) == sum(len(part) for part in arrays.parts.values())


@given(
    hours=st.lists(st.integers(0, 40), min_size=12, max_size=60),
    machines=st.lists(st.sampled_from("abc"), min_size=60, max_size=60),
    series=st.builds(
        SeriesSpec,
        time=st.sampled_from(["time", "count", ""]),
        group=st.sampled_from(["machine", ""]),
        purpose=st.sampled_from(["forecast", "rebuild"]),
        window=st.integers(1, 4),
        horizon=st.integers(1, 3),
        stride=st.integers(1, 3),
    ),
    shares=st.tuples(st.floats(0.0, 0.4), st.floats(0.0, 0.4)),
    method=st.sampled_from(["time", "random", "group"]),
)
def test_no_window_mixes_parts_groups_or_times(hours, machines, series, shares, method):
    count = len(hours)
    data = table(
        time=dates(hours),
        count=[float(h) for h in hours],
        machine=machines[:count],
        value=[float(i) for i in range(count)],
    )
    split = SplitSpec(shares[0], shares[1], method=method, column="machine")
    made = spec(data, series, split, ignored=("time", "machine", "count"))
    try:
        arrays = series_arrays(data, made)
    except StudioError as error:
        if error.problem.code != "window-too-long":
            raise
        return
    seen = {}
    for name, part in arrays.parts.items():
        taken = arrays.inputs[0].take(part)[..., 0].astype(int)
        if series.purpose == "forecast":
            taken = np.concatenate([taken, arrays.targets[0][part].astype(int)], axis=1)
        for rows in taken:
            assert {seen.setdefault(row, name) for row in rows} == {name}
            if series.group:
                assert len({machines[row] for row in rows}) == 1
            if series.time:
                times = [hours[row] for row in rows]
                assert times == sorted(times)
        assert (arrays.rows[part] == taken[:, series.window - 1] + 1).all()
    dealt = np.concatenate([*arrays.parts.values()])
    assert sorted(dealt.tolist()) == list(range(len(arrays)))
    if method == "time" and series.group == "" and series.time:
        latest = -1
        for name in ("training", "validation", "test"):
            times = [hours[row] for row, part in seen.items() if part == name]
            assert not times or min(times) > latest
            latest = max([latest, *times])


# Other data


def test_every_row_with_enough_rows_before_it_is_answered():
    data = counted()
    made = spec(data, SeriesSpec("time", window=4, horizon=3, stride=5))
    arrays = series_to_judge(data, made, needs_target=False)
    assert arrays.rows.tolist() == list(range(4, 41))
    assert windows_of(arrays)[-1][:, 0].tolist() == [37, 38, 39, 40]
    assert arrays.targets[0].shape == (37, 3)
    assert np.isnan(arrays.targets[0]).all()
    assert arrays.parts["test"].tolist() == list(range(37))
    assert len(arrays.parts["training"]) == 0


def test_only_what_can_be_judged_is_judged():
    data = counted()
    made = spec(data, SeriesSpec("time", window=4, horizon=3, stride=5))
    arrays = series_to_judge(data, made, needs_target=True)
    assert arrays.rows.tolist() == [4, 9, 14, 19, 24, 29, 34]
    assert arrays.targets[0][-1].tolist() == [35, 36, 37]


def test_other_data_may_lack_the_time_and_the_classes():
    data = counted(label=["a", "b"] * 20)
    made = spec(data, SeriesSpec("time", "machine", "classify", 4), target="label")
    other = table(value=[1.0, 2.0, 3.0, 4.0, 5.0])
    arrays = series_to_judge(other, made, needs_target=False)
    assert arrays.rows.tolist() == [4, 5]
    assert arrays.targets[0].tolist() == [-1, -1]
    assert windows_of(arrays)[1][:, 0].tolist() == [2, 3, 4, 5]


def test_taking_windows_needs_no_more_memory_than_they_do():
    count = 200_000
    data = table(value=[float(i) for i in range(count)])
    made = spec(data, SeriesSpec(window=1000), SplitSpec(method="time"))
    arrays = series_arrays(data, made)
    assert arrays.inputs[0].base.nbytes == 4 * count
    some = arrays.inputs[0].take(np.array([5, 0, 5]))
    assert some.shape == (3, 1000, 1)
    assert some[1, :3, 0].tolist() == [0, 1, 2]
    some[:] = 0
    assert arrays.inputs[0].take(np.array([5]))[0, 0, 0] == 5
    assert arrays.inputs[0].take(np.zeros(0, np.int64)).shape == (0, 1000, 1)
