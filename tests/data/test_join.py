"""Columns of a second source stand beside those of the first, each in its right row."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from studio.core.design.dataset_check import dataset_problems
from studio.core.design.shaping import Joined
from studio.core.problems import StudioError
from studio.data.behind import samples_at
from studio.data.join import beside, join, material_of
from studio.data.material import Material
from studio.data.sources import check_data, load, open_data, preview
from studio.data.tables import Table

KEYS = ["k1", "k2", "k3", "k4", "k5", "k6"]


@pytest.fixture
def parts(tmp_path):
    frame = pd.DataFrame(
        {
            "serial": KEYS,
            "weight": [1.5, 2.5, 3.5, 4.5, 5.5, 6.5],
            "fault": ["no", "yes"] * 3,
        }
    )
    frame.to_csv(tmp_path / "parts.csv", index=False)
    return tmp_path


@pytest.fixture
def photos(tmp_path):
    folder = tmp_path / "photos"
    folder.mkdir()
    for i, key in enumerate(KEYS):
        Image.new("L", (5, 4), 10 * i).save(folder / f"{key}.png")
    return folder


def material(**columns):
    frame = pd.DataFrame(columns)
    for name in frame:
        if frame[name].dtype == object:
            frame[name] = frame[name].astype("str")
    return Material(Table("t", frame, {}))


def test_pictures_are_matched_by_the_name_of_their_file(parts, photos):
    (photos / "k3.png").unlink()
    spec = join(open_data(str(parts / "parts.csv")), str(photos), "serial")
    assert spec.choice("picture").role == "input"
    assert {p.code for p in dataset_problems(spec)} >= {"unmatched-rows"}
    spec = spec.with_column("weight", role="input")
    arrays = load(spec)
    assert [one.kind for one in arrays.model_inputs] == ["table", "image"]
    assert arrays.inputs[0].held[:, 0].tolist() == [1.5, 2.5, 4.5, 5.5, 6.5]
    assert arrays.inputs[1].held[:, 0, 0, 0].tolist() == [0, 10, 30, 40, 50]
    assert arrays.targets[0].tolist() == [0, 1, 1, 0, 1]
    assert arrays.rows.tolist() == [1, 2, 4, 5, 6]
    assert len(samples_at(spec, arrays, [4, 0]).pixels) == 2


def test_a_second_table_is_matched_by_key_whatever_its_order(parts):
    other = pd.DataFrame({"id": KEYS[::-1], "age": [6, 5, 4, 3, 2, 1], "fault": list("uvwxyz")})
    other.to_csv(parts / "other.csv", index=False)
    spec = join(open_data(str(parts / "parts.csv")), str(parts / "other.csv"), "serial", "id")
    assert [c.name for c in spec.columns] == ["serial", "weight", "fault", "age", "fault (2)"]
    assert [c.name for c in spec.targets()] == ["fault"]
    shown = preview(spec, 2)
    assert shown.columns == ("serial", "weight", "fault", "age", "fault (2)")
    assert shown.rows == (("k1", 1.5, "no", 1, "z"), ("k2", 2.5, "yes", 2, "y"))
    arrays = load(spec.with_column("age", role="input"))
    assert arrays.inputs[0].held[:, :2].tolist() == [[w, i + 1] for i, w in enumerate(_WEIGHTS)]


_WEIGHTS = [1.5, 2.5, 3.5, 4.5, 5.5, 6.5]


def test_tables_stand_side_by_side_row_by_row_where_they_are_as_long(parts):
    pd.DataFrame({"age": range(6)}).to_csv(parts / "other.csv", index=False)
    spec = join(open_data(str(parts / "parts.csv")), str(parts / "other.csv"))
    assert material_of(spec).frame["age"].tolist() == list(range(6))
    pd.DataFrame({"age": range(5)}).to_csv(parts / "other.csv", index=False)
    for call in (load, lambda s: join(s, str(parts / "other.csv"))):
        with pytest.raises(StudioError) as caught:
            call(spec)
        assert caught.value.problem.code == "lengths-differ"


def test_what_was_joined_is_watched_too(parts):
    pd.DataFrame({"age": range(6)}).to_csv(parts / "other.csv", index=False)
    spec = join(open_data(str(parts / "parts.csv")), str(parts / "other.csv"))
    assert check_data(spec) == ()
    pd.DataFrame({"age": range(1, 7)}).to_csv(parts / "other.csv", index=False)
    assert [p.code for p in check_data(spec)] == ["changed"]
    (parts / "other.csv").unlink()
    assert [p.code for p in check_data(spec)] == ["no-file"]


def test_nothing_in_common_is_refused_and_repeats_are_said():
    first, other = material(key=["a", "b"]), material(key=["x", "y"], n=[1.0, 2.0])
    with pytest.raises(StudioError) as caught:
        beside(first, other, Joined("table", "", {}, "key", "key"), 1)
    assert caught.value.problem.code == "no-match"
    with pytest.raises(StudioError) as caught:
        beside(first, other, Joined("table", "", {}, "key", "gone"), 1)
    assert caught.value.problem.code == "missing-key"
    twice = beside(
        first,
        material(key=["a", "a", "z"], n=[1.0, 2.0, 3.0]),
        Joined("table", "", {}, "key", "key"),
        1,
    )
    assert [p.code for p in twice.table.problems] == [
        "unmatched-rows",
        "unused-rows",
        "repeated-keys",
    ]
    assert twice.frame["n"].tolist()[0] == 1.0
    assert np.isnan(twice.frame["n"].tolist()[1])


@given(st.permutations(list(range(12))), st.sets(st.integers(0, 11), max_size=11))
def test_every_row_gets_the_cells_of_its_own_key(order, gone):
    kept = [i for i in order if i not in gone]
    first = material(key=[f"k{i}" for i in range(12)])
    other = material(
        key=[f"k{i}" for i in kept], n=[float(i) for i in kept], t=[f"t{i}" for i in kept]
    )
    both = beside(first, other, Joined("table", "", {}, "key", "key"), 1).frame
    for i in range(12):
        assert (both["n"].isna()[i], both["t"].isna()[i]) == (i in gone, i in gone)
        if i not in gone:
            assert (both["n"][i], both["t"][i]) == (i, f"t{i}")


@given(st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=20, unique=True))
def test_numbers_match_texts_that_say_the_same(numbers):
    first = material(key=[float(n) for n in numbers])
    other = material(
        key=[str(n) for n in reversed(numbers)], n=[float(n) for n in reversed(numbers)]
    )
    both = beside(first, other, Joined("table", "", {}, "key", "key"), 1).frame
    assert both["n"].tolist() == [float(n) for n in numbers]
