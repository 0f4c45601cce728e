"""What is shown of data is what stands there: rows of every format, and samples behind places."""

import csv

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core.design.answers import ModelOutput
from studio.core.design.features import MEDIA_KINDS
from studio.data.answers import write_answers
from studio.data.arrays import Fitted, FittedOutput, Held
from studio.data.behind import samples_at
from studio.data.prepare import fit, ready
from studio.data.preview import mixed_order, preview_of_frame
from studio.data.samples import SAMPLES
from studio.data.sources import clip_at, load, load_rows, open_data, open_sample, preview

FORMATS = {
    "rows.csv": lambda frame, path: frame.to_csv(path, index=False),
    "rows.tsv.gz": lambda frame, path: frame.to_csv(path, index=False, sep="\t"),
    "rows.xlsx": lambda frame, path: frame.to_excel(path, index=False),
    "rows.parquet": lambda frame, path: frame.to_parquet(path),
    "rows.feather": lambda frame, path: frame.to_feather(path),
    "rows.jsonl": lambda frame, path: frame.to_json(path, orient="records", lines=True),
}


@pytest.mark.parametrize("name", FORMATS)
def test_rows_of_every_format_are_shown_from_anywhere(tmp_path, name):
    frame = pd.DataFrame(
        {
            "speed": [None if i % 7 == 3 else i / 4 for i in range(60)],
            "code": [f"{i:03d}" for i in range(60)],
            "kind": ["ab"[i % 2] for i in range(60)],
        }
    )
    FORMATS[name](frame, tmp_path / name)
    spec = open_data(str(tmp_path / name))
    shown = preview(spec, 4, 37)
    assert shown.columns == ("speed", "code", "kind")
    assert shown.row_numbers == (38, 39, 40, 41)
    assert shown.rows == (
        (9.25, "037", "b"),
        (None, "038", "a"),
        (9.75, "039", "b"),
        (10, "040", "a"),
    )
    assert preview(spec, 5, 58).row_numbers == (59, 60)
    assert preview(spec, 5, 60).rows == ()
    arrays = load(spec)
    assert samples_at(spec, arrays, [40, 3, 40]).row_numbers == (41, 4, 41)
    assert samples_at(spec, arrays, [40]).rows == preview(spec, 1, 40).rows


def test_a_column_is_shown_as_what_all_of_it_is(tmp_path):
    rows = [f"{i},{i if i < 30 else 'x' + str(i)}" for i in range(60)]
    (tmp_path / "a.csv").write_text("\n".join(["n,mixed", *rows]))
    shown = preview(open_data(str(tmp_path / "a.csv")), 2)
    assert shown.rows == ((0, "0"), (1, "1"))


@pytest.mark.parametrize("key", SAMPLES)
def test_the_samples_behind_places_are_those_that_were_loaded(key):
    spec = open_sample(key)
    arrays = load(spec)
    places = [5, 0, 5, len(arrays) - 1]
    shown = samples_at(spec, arrays, places)
    if spec.summary.kind == "table":
        assert shown.row_numbers == tuple(int(arrays.rows[place]) for place in places)
        assert samples_at(spec, arrays, []).rows == ()
        return
    kinds = [one.kind for one in arrays.model_inputs]
    place = next(i for i, kind in enumerate(kinds) if kind in MEDIA_KINDS)
    taken = arrays.inputs[place].take(np.array(places))
    if spec.kind == "images":
        if kinds.count("image") == 1:
            assert shown.pixels == tuple(np.moveaxis(p, 0, 2).tobytes() for p in taken)
        is_named = spec.task() == "classes"
        truths = [arrays.labels[arrays.targets[0][p]] if is_named else "" for p in places]
        assert shown.labels == tuple(truths)
    elif spec.kind == "sound":
        assert [np.frombuffer(c.samples, np.float32).tolist() for c in shown.clips] == [
            sound.tolist() for sound in taken
        ]
        assert clip_at(spec, 3).rate == spec.sound.rate
        if spec.task() == "sequences":
            assert [c.label for c in shown.clips] == [arrays.targets[0][p] for p in places]
    else:
        assert [len(clip.pixels) for clip in shown.clips] == [spec.clips.frames] * len(places)


def answers_of(tmp_path, answers, arrays, fitted):
    path = tmp_path / "answers.csv"
    write_answers(path, (answers,), arrays, fitted)
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def test_answers_to_texts_come_with_their_texts(tmp_path):
    spec = open_sample("reviews")
    (tmp_path / "new.csv").write_text("text\nA fine lamp.\n\nIt broke at once\n")
    fitted = fit(spec, load(spec))
    rows = load_rows(spec, str(tmp_path / "new.csv"), fitted=fitted)
    said = answers_of(tmp_path, np.array([[0.2, 0.8], [0.9, 0.1]]), rows, fitted)
    assert said == [
        ["row", "text", "opinion", "negative", "positive"],
        ["1", "A fine lamp.", "positive", "0.2", "0.8"],
        ["2", "It broke at once", "negative", "0.9", "0.1"],
    ]


def test_answers_that_are_sentences_are_written_as_sentences(tmp_path):
    spec = open_sample("phrases")
    raw = load(spec)
    fitted = fit(spec, raw)
    targets = ready(raw, fitted).targets[0][:3]
    few = load_rows(spec, _written(tmp_path, raw.inputs[0].held[:3]), fitted=fitted)
    said = answers_of(tmp_path, targets, few, fitted)
    assert said[0] == ["row", "text", "german"]
    likely = np.eye(int(targets.max()) + 1, dtype=np.float32)[targets]
    assert answers_of(tmp_path, likely, few, fitted) == said
    plain = [row[2].lower().replace(" .", ".") for row in said[1:]]
    assert plain == [text.lower() for text in raw.targets[0][:3]]


def test_forecasts_have_a_column_for_each_step(tmp_path):
    spec = open_sample("demand")
    arrays = load(spec)
    fitted = fit(spec, arrays)
    said = answers_of(tmp_path, np.zeros((len(arrays), 6), np.float32), arrays, fitted)
    assert said[0] == ["row", *(f"demand_mw +{step}" for step in range(1, 7))]
    assert [row[0] for row in said[1:4]] == [str(row) for row in arrays.rows[:3]]


def _written(tmp_path, texts):
    path = tmp_path / "texts.csv"
    path.write_text("\n".join(["english", *texts]), encoding="utf-8")
    return str(path)


@given(st.lists(st.integers(0, 4), max_size=40))
def test_the_order_of_pictures_goes_round_the_classes(classes):
    kinds = np.array(classes, np.int64)
    order = mixed_order(kinds)
    assert sorted(order.tolist()) == list(range(len(classes)))
    rounds = [int((kinds[:place] == kinds[place]).sum()) for place in order]
    assert rounds == sorted(rounds)


@given(
    st.lists(
        st.one_of(st.none(), st.floats(allow_nan=False, width=32), st.integers(-(10**9), 10**9)),
        max_size=20,
    ),
    st.integers(0, 25),
    st.integers(0, 25),
)
def test_frames_are_shown_as_plain_values(cells, rows, start):
    frame = pd.DataFrame({"a": pd.Series(cells, dtype=np.float64)})
    shown = preview_of_frame(frame, rows, start)
    wanted = cells[start : start + rows]
    assert shown.row_numbers == tuple(range(start + 1, start + 1 + len(wanted)))
    for (cell,), value in zip(shown.rows, wanted, strict=True):
        assert cell == value or cell == str(value)


def test_answers_of_classes_name_the_best(tmp_path):
    arrays = load(open_sample("spirals"))
    output = ModelOutput("spiral", "classes", labels=("a", "b", "c"), names=("spiral",))
    fitted = Fitted((), (FittedOutput(output),))
    assert isinstance(arrays.inputs[0], Held)
    said = answers_of(tmp_path, np.array([[0.1, 0.7, 0.2]]), arrays, fitted)
    assert said[1] == ["1", "b", "0.1", "0.7", "0.2"]


def test_a_pair_of_pictures_is_shown_as_both_with_white_between() -> None:
    spec = open_sample("pairs")
    arrays = load(spec)
    shown = samples_at(spec, arrays, [5])
    high, wide = arrays.model_inputs[0].shape[1:]
    pixels = np.frombuffer(shown.pixels[0], np.uint8).reshape(high, shown.width)
    left, right = (values.take(np.array([5]))[0, 0] for values in arrays.inputs[:2])
    assert (pixels[:, :wide] == left).all()
    assert (pixels[:, -wide:] == right).all()
    assert (pixels[:, wide:-wide] == 255).all()
    assert shown.width > 2 * wide
