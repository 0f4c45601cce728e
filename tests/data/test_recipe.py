"""Steps that read values and leave rows out: what stays, in which order, and what is said."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from studio.core.design.dataset import ColumnChoice, DatasetSpec
from studio.core.design.shaping import SeriesSpec, Step
from studio.core.problems import StudioError
from studio.data.recipe import as_written, read_steps, repaired, without_outliers
from studio.data.sources import load, open_data
from studio.data.tables import Table

KINDS = {"n": "number", "k": "category", "d": "date", "t": "text", "x": "number", "y": "category"}


def spec_of(*recipe, ignored=("x",)):
    roles = dict.fromkeys(KINDS, "input") | {"y": "target"} | dict.fromkeys(ignored, "ignore")
    choices = tuple(ColumnChoice(name, KINDS[name], roles[name]) for name in KINDS)
    return DatasetSpec("table", "data.csv", columns=choices, recipe=recipe)


def table_of(**columns):
    frame = pd.DataFrame(
        {n: pd.Series(v, dtype=None if n in "nx" else "str") for n, v in columns.items()}
    )
    return Table("data.csv", frame, {"decimal": "."})


TABLE = table_of(
    n=[1.0, np.nan, 1.0, 4.0, 1.0],
    k=["a", "b", "a", None, "a"],
    x=[1.0, 2.0, 3.0, np.nan, 5.0],
    y=["no", "yes", "no", "no", "yes"],
)


@pytest.mark.parametrize(
    ("steps", "kept"),
    [
        ([Step("drop_missing")], [0, 2, 4]),
        ([Step("drop_missing", ("n",))], [0, 2, 3, 4]),
        ([Step("drop_missing", ("x",))], [0, 1, 2, 4]),
        ([Step("drop_missing", is_on=False)], [0, 1, 2, 3, 4]),
        ([Step("drop_missing", ("gone",))], [0, 1, 2, 3, 4]),
        ([Step("remove_duplicates")], [0, 1, 3, 4]),
        ([Step("remove_duplicates", ("n", "k"))], [0, 1, 3]),
        ([Step("drop_missing"), Step("remove_duplicates")], [0, 4]),
        ([Step("drop_outliers")], [0, 1, 2, 3, 4]),
    ],
)
def test_rows_are_left_out_as_asked(steps, kept):
    done = repaired(TABLE, spec_of(*steps))
    assert done.kept.tolist() == kept
    assert done.table.frame.index.tolist() == kept
    np.testing.assert_array_equal(done.table.frame["n"], TABLE.frame["n"].iloc[kept])


def test_rows_of_a_series_are_told_apart_by_time_and_group():
    table = table_of(n=[5.0, 5.0, 5.0, 5.0], k=["a", "a", "b", "b"], x=[1.0, 2.0, 1.0, 1.0])
    spec = spec_of(Step("remove_duplicates"), ignored=("x", "k"))
    assert repaired(table, spec).kept.tolist() == [0]
    series = replace(spec, series=SeriesSpec(time="x", group="k"))
    assert repaired(table, series).kept.tolist() == [0, 1, 2]


def test_each_step_says_how_many_rows_it_leaves_out():
    steps = (Step("drop_missing"), Step("remove_duplicates"))
    said = [str(p) for p in repaired(TABLE, spec_of(*steps)).problems]
    assert "2 of 5 rows are left out" in said[0]
    assert "1 of 3 rows is left out" in said[1]


def test_steps_that_leave_nothing_are_refused_by_their_names(tmp_path):
    file = tmp_path / "data.csv"
    file.write_text("n,x,y\n" + "\n".join(f"{i},,{'ab'[i % 2]}" for i in range(20)) + "\n")
    spec = open_data(str(file)).with_column("x", kind="number", role="input")
    with pytest.raises(StudioError, match="No row of 20 is left by the steps: Leave out rows"):
        load(replace(spec, recipe=(Step("drop_missing", ("x",)),)))
    narrow = Step("drop_outliers", ("n",), {"method": "deviation", "amount": 0.001})
    with pytest.raises(StudioError, match="with outliers"):
        load(replace(spec.with_column("n", kind="number", role="input"), recipe=(narrow,)))


def test_copies_are_told_by_what_cells_stand_for_where_that_is_known():
    prints = {"k": np.arange(5, dtype=np.uint64)}
    spec = spec_of(Step("remove_duplicates"))
    assert repaired(TABLE, spec, prints).kept.tolist() == [0, 1, 2, 3, 4]


def test_texts_become_numbers_before_rows_are_left_out():
    table = Table(
        "data.csv",
        pd.DataFrame(
            {"n": pd.Series(["5 kg", "7", "none at all", "5"], dtype="str"), "y": list("abab")}
        ),
        {"decimal": "."},
    )
    steps = (Step("drop_missing"), Step("to_number", ("n",)))
    done = repaired(table, spec_of(*steps))
    assert done.table.frame["n"].tolist() == [5.0, 7.0, 5.0]
    assert [p.code for p in done.problems] == ["text-in-numbers", "rows-left-out"]
    assert "row 3" in done.problems[0].message
    bare = repaired(table, spec_of(Step("to_number", (), {"strip_text": False})))
    assert np.isnan(bare.table.frame["n"].to_numpy()[[0, 2]]).all()


def test_mixed_dates_are_read_by_day_or_month_and_what_is_none_is_named():
    table = table_of(d=["03/04/2024", "2024-05-06", "never", None], y=list("abab"))
    told = read_steps(table, spec_of(Step("to_date", ("d",), {"day_first": True})))
    assert told.frame["d"].dt.strftime("%d.%m.%Y").tolist()[:2] == ["03.04.2024", "06.05.2024"]
    assert told.frame["d"].isna().tolist() == [False, False, True, True]
    assert [p.code for p in told.problems] == ["text-in-dates"]
    other = read_steps(table, spec_of(Step("to_date")))
    assert other.frame["d"].dt.month.tolist()[0] == 3
    assert table.frame["d"].tolist()[0] == "03/04/2024"


def test_what_a_step_reads_is_asked_for_as_it_is_written():
    spec = spec_of(Step("to_number", ("n",)), Step("to_date", is_on=False))
    assert as_written(spec, KINDS) == {**KINDS, "n": "text"}
    assert as_written(spec, {"k": "category"}) == {"k": "category"}


def test_outliers_leave_the_training_part_alone_by_its_own_limits():
    table = table_of(n=[1.0, 2.0, 3.0, 2.0, 90.0, np.nan, 500.0], y=list("abababa"))
    training = np.array([0, 1, 2, 3, 4, 5])
    kept, (problem,) = without_outliers(table, training, spec_of(Step("drop_outliers")))
    assert kept.tolist() == [0, 1, 2, 3, 5]
    assert "1 of 6 rows is left out" in problem.message
    loose = Step("drop_outliers", ("n",), {"method": "deviation", "amount": 3.0})
    assert without_outliers(table, training, spec_of(loose))[0].tolist() == training.tolist()
    assert without_outliers(table, training, spec_of()) == (training, ())
