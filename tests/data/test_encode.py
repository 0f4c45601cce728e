"""Every value of a row reaches the model as itself, whatever stands beside it."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core.design.dataset import ColumnChoice, Feature
from studio.core.design.shaping import Step
from studio.core.problems import StudioError
from studio.data.arrays import Held
from studio.data.columns import vocabulary
from studio.data.encode import arrays_of, arrays_to_judge
from studio.data.inputs import Chosen, chosen, encoded, values_of
from studio.data.material import Material
from studio.data.opening import Origin, spec_of
from studio.data.samples import SAMPLES, sample_material
from studio.data.sources import load, open_sample
from studio.data.tables import Table

PLAIN = {"decimal": ".", "thousands": ""}
NAMES = ("ant", "bee", "cat")


def table(**columns):
    frame = pd.DataFrame(columns)
    for name in frame:
        if frame[name].dtype == object:
            frame[name] = frame[name].astype("str")
    return Table("t.csv", frame, PLAIN)


NUMBERS = st.one_of(st.none(), st.floats(-(2.0**60), 2.0**60, width=32))
KINDS = st.one_of(st.none(), st.sampled_from([*NAMES, "dog"]))


@given(st.lists(st.tuples(NUMBERS, KINDS, KINDS), min_size=1, max_size=40), st.data())
def test_values_are_themselves_and_categories_their_place(rows, data):
    numbers, kinds, names = zip(*rows, strict=True)
    made = table(
        n=pd.Series(numbers, dtype=np.float64),
        k=pd.Series(kinds, dtype="str"),
        i=pd.Series(names, dtype="str"),
    )
    known = vocabulary(made.frame["i"])
    features = [
        Feature("k", "category", NAMES),
        Feature("n", "number"),
        Feature("i", "identifier", known, len(known)),
    ]
    taken = np.array(data.draw(st.lists(st.integers(0, len(rows) - 1))), np.int64)
    values, _ = values_of(made, features, taken)
    assert values.dtype == np.float32
    for row, (kind, number, name) in zip(taken, values.tolist(), strict=True):
        wanted, category, identifier = rows[row]
        assert kind == (NAMES.index(category) if category in NAMES else -1)
        assert np.isnan(number) if wanted is None else number == wanted
        assert name == (known.index(identifier) if identifier else -1)


@given(
    st.lists(st.integers(-9, 9), min_size=1, max_size=12),
    st.lists(st.integers(0, 11), max_size=20),
    st.lists(st.integers(0, 19), max_size=20),
)
def test_chosen_rows_are_those_of_the_whole(values, places, positions):
    rows = Held(np.array(values, np.float32)[:, None])
    some = np.array([place % len(values) for place in places], np.int64)
    wanted = np.array([position for position in positions if position < len(some)], np.int64)
    for one in (chosen(rows, some), Chosen(rows, some)):
        assert one.shape == (len(some), 1)
        assert one.take(wanted)[:, 0].tolist() == [values[some[position]] for position in wanted]
    everything = np.arange(len(values))
    assert chosen(rows, everything) is rows


def test_what_lies_in_memory_stays_with_its_row_when_rows_are_left_out():
    material = sample_material("shapes")
    ages = np.arange(len(material), dtype=np.float64)
    ages[[1, 4, 7]] = np.nan
    frame = material.frame.assign(age=ages)
    material = replace(material, table=replace(material.table, frame=frame))
    spec = spec_of(material, Origin("sample", "shapes")).with_column("age", role="input")
    spec = replace(spec, recipe=(Step("drop_missing", ("age",)),))
    arrays = arrays_of(material, spec)
    table_rows, picture_rows = (rows.held for rows in arrays.inputs)
    assert len(arrays) == len(material) - 3
    assert arrays.rows[:6].tolist() == [1, 3, 4, 6, 7, 9]
    np.testing.assert_array_equal(table_rows[:, 0], arrays.rows - 1)
    np.testing.assert_array_equal(picture_rows, material.blocks["picture"][arrays.rows - 1])


@pytest.mark.parametrize("key", SAMPLES)
def test_all_rows_of_the_same_data_are_judged_as_they_were_learnt(key):
    spec = open_sample(key)
    if spec.series is not None:
        return
    arrays = load(spec)
    judged = arrays_to_judge(sample_material(key), spec, needs_target=True)
    everything = np.arange(len(arrays))
    for one, again in zip(arrays.inputs, judged.inputs, strict=True):
        np.testing.assert_array_equal(one.take(everything), again.take(everything))
    np.testing.assert_array_equal(arrays.targets[0], judged.targets[0])
    assert judged.model_inputs == arrays.model_inputs
    assert judged.parts["test"].tolist() == everything.tolist()


def test_sounds_and_clips_in_memory_follow_the_settings():
    spec = open_sample("sounds")
    longer = replace(spec, sound=replace(spec.sound, rate=4000, seconds=1.0))
    sounds = load(longer).inputs[0].held
    assert sounds.shape == (450, 4000)
    assert not sounds[:, 2001:].any()
    clips = open_sample("clips")
    fewer = load(replace(clips, clips=replace(clips.clips, frames=3))).inputs[0].held
    whole = load(clips).inputs[0].held
    np.testing.assert_array_equal(fewer, whole[:, [0, 4, 7]])


def test_rows_without_a_picture_are_left_out_of_the_values_too():
    pictures = sample_material("shapes")
    cells = pictures.frame["picture"].copy()
    cells[[0, 2]] = np.nan
    frame = pictures.frame.assign(picture=cells, n=np.arange(len(cells), dtype=np.float64))
    material = replace(pictures, table=replace(pictures.table, frame=frame))
    spec = spec_of(material, Origin("sample", "shapes"))
    spec = spec.with_column("n", kind="number", role="input")
    found = encoded(material, spec.model_inputs(), np.arange(5), spec)
    assert found.kept.tolist() == [1, 3, 4]
    assert found.inputs[0].held[:, 0].tolist() == [1, 3, 4]
    np.testing.assert_array_equal(found.inputs[1].held, pictures.blocks["picture"][[1, 3, 4]])


def test_a_text_target_without_text_is_left_out():
    made = table(
        a=[f"a sentence of {i} words" for i in range(9)],
        b=[f"ein Satz aus {i} Wörtern" if i != 4 else None for i in range(9)],
    )
    chosen_columns = (ColumnChoice("a", "text", "input"), ColumnChoice("b", "text", "target"))
    spec = spec_of(Material(made), Origin("table", "t.csv"), chosen_columns)
    arrays = arrays_of(Material(made), spec)
    assert (arrays.task, arrays.kind) == ("sequences", "pairs")
    assert arrays.rows.tolist() == [1, 2, 3, 4, 6, 7, 8, 9]
    assert arrays.targets[0][4] == "ein Satz aus 5 Wörtern"
    assert arrays.inputs[0].held[4] == "a sentence of 5 words"


def test_a_column_that_is_needed_and_gone_is_named():
    spec = open_sample("spirals")
    made = table(x=[1.0, 2.0], spiral=["red", "blue"])
    with pytest.raises(StudioError) as caught:
        arrays_to_judge(Material(made), spec, needs_target=True)
    problem = caught.value.problem
    assert (problem.code, problem.place.key) == ("missing-column", "y")
