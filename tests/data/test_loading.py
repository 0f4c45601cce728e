"""Loading, dealing, preparing, judging another file; and the built-in samples."""

import os
from dataclasses import replace

import numpy as np
import pytest

from studio.core.design.dataset_check import dataset_problems
from studio.core.problems import Severity, StudioError
from studio.data.prepare import fit
from studio.data.samples import SAMPLES
from studio.data.sources import check_data, load, load_rows, open_data, open_sample, preview


@pytest.fixture
def path(tmp_path):
    lines = [
        f"{i * 0.5 if i % 10 else ''},{'ab'[i % 2]},{'yes' if i % 3 else 'no'}" for i in range(60)
    ]
    file = tmp_path / "data.csv"
    file.write_text("n,k,label\n" + "\n".join(lines) + "\n")
    return file


def code_of(call, *args, **options):
    with pytest.raises(StudioError) as caught:
        call(*args, **options)
    assert caught.value.problem.hint
    return caught.value.problem.code


def test_arrays_are_raw(path):
    arrays = load(open_data(str(path)))
    rows = arrays.inputs[0].held
    assert rows.dtype == np.float32
    assert np.isnan(rows[0, 0])
    assert rows[1].tolist() == [0.5, 1.0]
    assert arrays.labels == ("no", "yes")
    assert arrays.targets[0][:4].tolist() == [0, 1, 1, 0]
    assert [f.name for f in arrays.model_inputs[0].features] == ["n", "k"]
    assert arrays.rows[-1] == 60


def test_rows_without_target_are_left_out(path):
    path.write_text(path.read_text().replace("\n0.5,b,yes", "\n0.5,b,"))
    spec = open_data(str(path))
    assert [p.code for p in dataset_problems(spec)] == ["target-missing"]
    arrays = load(spec)
    assert len(arrays.targets[0]) == 59
    assert arrays.rows[:2].tolist() == [1, 3]


def test_what_cannot_be_learnt_is_refused(path):
    spec = open_data(str(path))
    assert code_of(load, spec.with_column("label", role="ignore")) == "no-target"
    bare = spec.with_column("n", role="ignore").with_column("k", role="ignore")
    assert code_of(load, bare) == "no-input"
    odd = spec.with_column("k", kind="identifier", role="target")
    assert code_of(load, odd) == "target-kind"
    path.write_text("n,label\n" + "\n".join(f"{i / 2},same" for i in range(20)))
    one = open_data(str(path)).with_column("label", role="target")
    assert code_of(load, one) == "one-class"
    path.write_text("n,m,label\n" + "\n".join(f"{i / 2},{i % 7},?" for i in range(20)))
    empty = (
        open_data(str(path))
        .with_column("m", role="input")
        .with_column("label", kind="number", role="target")
    )
    assert code_of(load, empty) in ("all-missing", "target-kind")


def test_a_changed_or_vanished_file_is_noticed(path):
    spec = open_data(str(path))
    assert check_data(spec) == ()
    path.write_text(path.read_text() + "1,a,yes\n")
    assert [p.code for p in check_data(spec)] == ["changed"]
    path.write_text("n,k,label\n1,a,perhaps\n2,b,yes\n")
    assert code_of(load, spec) == "unseen-class"
    path.unlink()
    assert [p.code for p in check_data(spec)] == ["no-file"]
    assert code_of(load, spec) == "no-file"


def test_texts_where_classes_stood_are_not_told_at_length(path):
    spec = open_data(str(path))
    path.write_text("n,k,label\n1,a," + "a long story " * 400 + "\n2,b,yes\n")
    with pytest.raises(StudioError) as caught:
        load(spec)
    assert caught.value.problem.code == "unseen-class"
    assert "a long story" in caught.value.problem.message
    assert len(caught.value.problem.message) < 300


def test_another_file_is_read_by_names(path, tmp_path):
    spec, other = open_data(str(path)), tmp_path / "other.csv"
    other.write_text("more;k;n\nx;b;1,5\ny;zzz;oops\nz;;\n")
    arrays = load_rows(spec, str(other))
    np.testing.assert_array_equal(
        arrays.inputs[0].held, np.array([[1.5, 1], [np.nan, -1], [np.nan, -1]], np.float32)
    )
    assert arrays.targets[0].tolist() == [-1, -1, -1]
    assert {p.code for p in arrays.problems} == {"text-in-numbers", "unseen-category"}
    assert code_of(load_rows, spec, str(other), needs_target=True) == "missing-column"
    other.write_text("label,k\nyes,a\n")
    assert code_of(load_rows, spec, str(other)) == "missing-column"
    other.write_text("label,k,n\nyes,a,1\n,b,2\n")
    judged = load_rows(spec, str(other), needs_target=True)
    assert (judged.targets[0].tolist(), judged.rows.tolist()) == ([1], [1])
    other.write_text("label,k,n\nYes.,a,1\n")
    assert code_of(load_rows, spec, str(other), needs_target=True) == "unseen-class"
    assert code_of(load_rows, spec, str(tmp_path / "gone.csv")) == "no-file"


@pytest.mark.parametrize("key", SAMPLES)
def test_samples_are_the_same_every_time_and_without_fault(key):
    spec = open_sample(key)
    assert spec == open_sample(key)
    assert [p for p in dataset_problems(spec) if p.severity is not Severity.NOTE] == []
    assert check_data(spec) == ()
    first, second = load(spec), load(spec)
    everything = np.arange(len(first))
    for one, again in zip(first.inputs, second.inputs, strict=True):
        np.testing.assert_array_equal(one.take(everything), again.take(everything))
    assert spec.kind == SAMPLES[key].kind
    assert tuple(c.name for c in spec.targets()) == SAMPLES[key].targets
    assert preview(spec, 3) == preview(spec, 3)
    fitted = fit(spec, first)
    assert all(np.isfinite(fitted.target_scales))
    assert len(fitted.inputs) == len(first.inputs)


def test_the_factory_sample_is_judged_from_a_file(tmp_path):
    spec, file = open_sample("factory"), tmp_path / "new.csv"
    names = [f.name for f in spec.features()]
    file.write_text(",".join(names) + "\nA," + ",".join("1" * (len(names) - 1)) + "\n")
    assert load_rows(spec, str(file)).inputs[0].shape == (1, len(names))


def test_the_samples_can_be_learnt():
    from sklearn.ensemble import RandomForestClassifier

    arrays = load(open_sample("factory"))
    train, test = arrays.parts["training"], arrays.parts["test"]
    inputs = np.nan_to_num(arrays.inputs[0].held)
    forest = RandomForestClassifier(50, random_state=0).fit(inputs[train], arrays.targets[0][train])
    score = forest.score(inputs[test], arrays.targets[0][test])
    assert score > np.bincount(arrays.targets[0][test]).max() / len(test) + 0.08


def test_unknown_samples_are_refused():
    assert code_of(open_sample, "nothing") == "unknown-sample"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="POSIX pipes")
def test_a_pipe_or_a_device_is_refused_at_once(path, tmp_path):
    spec = open_data(str(path))
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    for odd in (str(pipe), "/dev/zero"):
        assert code_of(open_data, odd) == "no-plain-file"
        moved = replace(spec, path=odd)
        assert [p.code for p in check_data(moved)] == ["no-plain-file"]
        assert code_of(load, moved) == "no-plain-file"
