"""Folders of pictures and IDX files: whole, broken, mixed, huge."""

import gzip
import os
import struct

import numpy as np
import pytest
from PIL import Image

from studio.core.design.dataset_check import dataset_problems
from studio.core.problems import StudioError
from studio.data.prepare import fit
from studio.data.sources import check_data, load, load_rows, open_data, preview


def save(path, colour, size=(10, 8), mode="RGB", **options):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new(mode, size, colour).save(path, **options)


@pytest.fixture
def folder(tmp_path):
    for i in range(10):
        save(tmp_path / "red" / f"{i}.png", (255, 0, 0))
        save(tmp_path / "blue" / f"{i}.jpg", (0, 0, 255))
    return tmp_path


def codes(spec):
    return sorted(p.code for p in spec.summary.problems)


def test_class_folders_become_arrays(folder):
    spec = open_data(str(folder))
    assert spec.source == "image_folder"
    assert spec.settings == {"height": 8, "width": 10, "channels": 3}
    assert spec.summary.sample_shape == (3, 8, 10)
    assert spec.labels() == ("blue", "red")
    assert spec.summary.label_counts == (10, 10)
    arrays = load(spec)
    assert arrays.inputs.shape == (20, 3, 8, 10)
    assert arrays.inputs.dtype == np.uint8
    assert arrays.names[10] == "red/0.png"
    assert arrays.inputs[10, :, 0, 0].tolist() == [255, 0, 0]
    assert arrays.targets[10] == 1
    assert {k: len(v) for k, v in arrays.parts.items()} == {
        "training": 14,
        "validation": 3,
        "test": 3,
    }
    assert fit(spec, arrays).sample_shape == (3, 8, 10)
    assert dataset_problems(spec) == ()


def test_broken_hidden_and_other_files_are_left_out_and_said(folder):
    (folder / "red" / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    whole = (folder / "blue" / "0.jpg").read_bytes()
    (folder / "blue" / "cut.jpg").write_bytes(whole[: len(whole) // 2])
    (folder / "red" / "empty.bmp").write_bytes(b"")
    (folder / "red" / "notes.txt").write_text("x")
    (folder / "readme.md").write_text("x")
    (folder / "red" / ".hidden.png").write_bytes(b"x")
    save(folder / "__MACOSX" / "0.png", (0, 0, 0))
    spec = open_data(str(folder))
    assert codes(spec) == ["broken-picture", "skipped-files"]
    [broken] = [p for p in spec.summary.problems if p.code == "broken-picture"]
    assert "3 pictures" in broken.message
    assert "red/broken.png" in broken.message
    assert spec.summary.rows == 20
    arrays = load(spec)
    assert len(arrays.inputs) == 20
    assert [p.code for p in arrays.problems] == ["broken-picture"]


def test_mixed_sizes_take_the_most_common(folder):
    save(folder / "red" / "big.png", (255, 0, 0), (50, 40))
    spec = open_data(str(folder))
    assert spec.summary.sample_shape == (3, 8, 10)
    assert codes(spec) == ["resized"]
    assert load(spec).inputs.shape == (21, 3, 8, 10)
    chosen = open_data(str(folder), {"height": 4, "width": 4, "channels": 1})
    assert chosen.summary.sample_shape == (1, 4, 4)
    assert load(chosen).inputs.shape == (21, 1, 4, 4)


def test_large_mixed_pictures_are_capped(tmp_path):
    for name in ("a", "b"):
        save(tmp_path / name / "0.png", 0, (400, 200), "L")
        save(tmp_path / name / "1.png", 0, (300, 300), "L")
        save(tmp_path / name / "2.png", 0, (400, 200), "L")
    assert open_data(str(tmp_path)).summary.sample_shape == (1, 64, 128)


@pytest.mark.parametrize(
    ("mode", "colour", "wanted"),
    [
        ("L", 100, 100),
        ("1", 1, 255),
        ("I;16", 257 * 100, 100),
        ("LA", (100, 255), 100),
    ],
)
def test_grey_stays_one_channel(tmp_path, mode, colour, wanted):
    for name in ("a", "b"):
        save(tmp_path / name / "0.png", colour, (6, 6), mode)
        save(tmp_path / name / "1.png", colour, (6, 6), mode)
    arrays = load(open_data(str(tmp_path)))
    assert arrays.inputs.shape == (4, 1, 6, 6)
    assert np.all(arrays.inputs == wanted)


def test_palette_alpha_and_rotation_are_put_right(tmp_path):
    Image.new("RGB", (6, 4), (0, 200, 0)).quantize(4).save(_made(tmp_path / "a" / "palette.png"))
    save(tmp_path / "a" / "clear.png", (0, 0, 0, 0), (6, 4), "RGBA")
    exif = Image.Exif()
    exif[274] = 6
    save(tmp_path / "b" / "turned.jpg", (0, 200, 0), (4, 6), exif=exif)
    save(tmp_path / "b" / "plain.tiff", (0, 200, 0), (6, 4))
    spec = open_data(str(tmp_path))
    assert spec.summary.sample_shape == (3, 4, 6)
    assert codes(spec) == []
    arrays = load(spec)
    pixels = dict(zip(arrays.names, arrays.inputs[:, :, 0, 0].tolist(), strict=True))
    assert pixels["a/clear.png"] == [255, 255, 255]
    assert pixels["a/palette.png"] == [0, 200, 0]
    assert pixels["b/turned.jpg"][1] > 190


def _made(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def test_a_huge_picture_is_refused_before_it_is_decoded(folder):
    header = b"\x89PNG\r\n\x1a\n" + _chunk(
        b"IHDR", struct.pack(">IIBBBBB", 90_000, 90_000, 8, 2, 0, 0, 0)
    )
    (folder / "red" / "bomb.png").write_bytes(header + _chunk(b"IDAT", b"") + _chunk(b"IEND", b""))
    spec = open_data(str(folder))
    assert codes(spec) == ["huge-picture"]
    assert spec.summary.rows == 20


def _chunk(kind, body):
    import zlib

    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def test_parts_are_not_taken_for_classes(tmp_path):
    save(tmp_path / "train" / "cat" / "0.png", 0, mode="L")
    save(tmp_path / "test" / "cat" / "0.png", 0, mode="L")
    with pytest.raises(StudioError) as caught:
        open_data(str(tmp_path))
    assert caught.value.problem.code == "parts-not-classes"


def test_one_class_is_said_and_not_loaded(tmp_path):
    for i in range(5):
        save(tmp_path / "only" / f"{i}.png", 0, mode="L")
    spec = open_data(str(tmp_path))
    assert "one-class" in [p.code for p in dataset_problems(spec)]
    with pytest.raises(StudioError) as caught:
        load(spec)
    assert caught.value.problem.code == "one-class"


def test_other_pictures_are_read_for_prediction(folder, tmp_path_factory):
    spec, other = open_data(str(folder)), tmp_path_factory.mktemp("other")
    save(other / "x.png", (255, 0, 0), (30, 30))
    one = load_rows(spec, str(other / "x.png"))
    assert (one.inputs.shape, one.targets.tolist(), one.names) == ((1, 3, 8, 10), [-1], ("x.png",))
    save(other / "red" / "y.png", (255, 0, 0))
    both = load_rows(spec, str(other))
    assert len(both.inputs) == 2
    judged = load_rows(spec, str(other), needs_target=True)
    assert (judged.targets.tolist(), judged.names) == ([1], ("red/y.png",))
    assert judged.parts["test"].tolist() == [0]


def test_previews_go_round_the_classes(folder):
    spec = open_data(str(folder))
    shown = preview(spec, 3)
    assert shown.labels == ("blue", "red", "blue")
    assert [len(p) for p in shown.pixels] == [8 * 10 * 3] * 3
    assert preview(spec, 5, 18).labels == ("blue", "red")


def test_a_changed_folder_is_noticed(folder):
    spec = open_data(str(folder))
    assert check_data(spec) == ()
    (folder / "red" / "0.png").unlink()
    assert [p.code for p in check_data(spec)] == ["changed"]


def idx(array):
    return (
        bytes((0, 0, 8, array.ndim))
        + struct.pack(f">{array.ndim}I", *array.shape)
        + array.astype(np.uint8).tobytes()
    )


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
    assert arrays.inputs.shape == (50, 1, 5, 4)
    assert arrays.inputs.flags.writeable
    assert arrays.parts["test"].tolist() == list(range(40, 50))
    assert len(arrays.parts["validation"]) == 6
    assert len(arrays.parts["training"]) == 34


def test_idx_classes_can_be_named(digits):
    names = ",".join("abcdefghij")
    assert open_data(str(digits), {"labels": names}).labels() == tuple("abcdefghij")
    wrong = open_data(str(digits), {"labels": "a,b"})
    assert wrong.labels() == tuple("0123456789")
    assert codes(wrong) == ["bad-labels"]


def test_idx_files_are_judged_alone(digits):
    spec = open_data(str(digits), {"labels": ",".join("abcdefghij")})
    path = str(digits / "t10k-images-idx3-ubyte.gz")
    assert load_rows(spec, path, needs_target=True).targets.tolist() == list(range(10))
    (digits / "t10k-labels-idx1-ubyte").unlink()
    assert set(load_rows(spec, path).targets.tolist()) == {-1}


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


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="POSIX pipes")
def test_a_pipe_among_pictures_is_left_out(tmp_path):
    for label in "ab":
        (tmp_path / label).mkdir()
        Image.new("RGB", (8, 8)).save(tmp_path / label / "x.png")
    os.mkfifo(tmp_path / "a" / "pipe.png")
    assert open_data(str(tmp_path)).summary.label_counts == (1, 1)
