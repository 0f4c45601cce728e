"""IDX files: pairs, their own test part, names for classes, what does not fit."""

import gzip

import numpy as np
import pytest

from studio.core.problems import StudioError
from studio.data.sources import load, load_rows, open_data
from tests.data.media_files import idx


@pytest.fixture
def digits(tmp_path):
    random = np.random.default_rng(0)
    for part, count in (("train", 40), ("t10k", 10)):
        pictures, labels = random.integers(0, 256, (count, 5, 4)), np.arange(count) % 10
        (tmp_path / f"{part}-images-idx3-ubyte.gz").write_bytes(gzip.compress(idx(pictures)))
        (tmp_path / f"{part}-labels-idx1-ubyte").write_bytes(idx(labels))
    return tmp_path


@pytest.mark.parametrize("name", ["", "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte"])
def test_idx_pairs_bring_their_own_test_part(digits, name):
    spec = open_data(str(digits / name))
    assert spec.source == "idx"
    assert spec.summary.own_test_rows == 10
    assert spec.labels() == tuple("0123456789")
    arrays = load(spec)
    [rows] = arrays.inputs
    assert rows.shape == (50, 1, 5, 4)
    assert rows.held.flags.writeable
    assert arrays.parts["test"].tolist() == list(range(40, 50))
    assert len(arrays.parts["validation"]) == 6
    assert len(arrays.parts["training"]) == 34


def test_idx_classes_can_be_named(digits):
    names = ",".join("abcdefghij")
    assert open_data(str(digits), {"labels": names}).labels() == tuple("abcdefghij")
    wrong = open_data(str(digits), {"labels": "a,b"})
    assert wrong.labels() == tuple("0123456789")
    assert [p.code for p in wrong.summary.problems] == ["bad-labels"]


def test_idx_files_are_judged_alone(digits):
    spec = open_data(str(digits), {"labels": ",".join("abcdefghij")})
    path = str(digits / "t10k-images-idx3-ubyte.gz")
    assert load_rows(spec, path, needs_target=True).targets[0].tolist() == list(range(10))
    (digits / "t10k-labels-idx1-ubyte").unlink()
    assert set(load_rows(spec, path).targets[0].tolist()) == {-1}


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda d: (d / "train-labels-idx1-ubyte").unlink(), "no-labels"),
        (lambda d: (d / "train-labels-idx1-ubyte").write_bytes(idx(np.zeros(39))), "counts-differ"),
        (lambda d: (d / "train-labels-idx1-ubyte").write_bytes(idx(np.zeros(40))[:-3]), "damaged"),
        (
            lambda d: (d / "train-images-idx3-ubyte.gz").write_bytes(
                (d / "train-images-idx3-ubyte.gz").read_bytes()[:-30]
            ),
            "damaged",
        ),
        (
            lambda d: (d / "t10k-images-idx3-ubyte.gz").write_bytes(idx(np.zeros((10, 4, 4)))),
            "sizes-differ",
        ),
    ],
)
def test_idx_files_that_do_not_fit_are_refused(digits, spoil, code):
    spoil(digits)
    with pytest.raises(StudioError) as caught:
        open_data(str(digits))
    assert caught.value.problem.code == code
