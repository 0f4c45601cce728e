"""Pictures: whole, broken, mixed, huge, of every mode, from folders to arrays."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image, ImageOps

from studio.core.design.dataset_check import dataset_problems
from studio.core.design.usable import broken_rows, readable_rows, unread_rows, usable_rows
from studio.core.problems import StudioError
from studio.data import pixels
from studio.data.images import look_at_pictures
from studio.data.listing import list_media
from studio.data.pixels import BROKEN, TooManyPixelsError, read_header, read_pixels
from studio.data.prepare import fit
from studio.data.sources import check_data, load, load_rows, open_data, preview
from tests.data.media_files import archive, bomb, picture


@pytest.fixture
def folder(tmp_path):
    for i in range(10):
        picture(tmp_path / "red" / f"{i}.png", (255, i, 0))
        picture(tmp_path / "blue" / f"{i}.jpg", (0, 9 * i, 255))
    return tmp_path


BAD = ("red/broken.png", "blue/cut.jpg", "red/empty.bmp")


def names_in(spec):
    return list_media(Path(spec.path)).table.frame["picture"].tolist()


def codes(spec):
    return sorted(p.code for p in spec.summary.problems)


def pixels_of(arrays):
    [rows] = arrays.inputs
    return rows.take(np.arange(len(arrays)))


def test_class_folders_become_arrays(folder):
    spec = open_data(str(folder))
    assert spec.source == "files"
    assert spec.kind == "images"
    assert spec.summary.sample_shape == (3, 8, 10)
    assert spec.labels() == ("blue", "red")
    assert spec.label_counts() == (10, 10)
    arrays = load(spec)
    block = pixels_of(arrays)
    assert block.shape == (20, 3, 8, 10)
    assert block.dtype == np.uint8
    assert arrays.names[10] == "red/0.png"
    assert block[10, :, 0, 0].tolist() == [255, 0, 0]
    assert arrays.targets[0][10] == 1
    assert {k: len(v) for k, v in arrays.parts.items()} == {
        "training": 14,
        "validation": 3,
        "test": 3,
    }
    [fitted] = fit(spec, arrays).inputs
    assert len(fitted.offsets) == 3
    assert dataset_problems(spec) == ()


def test_broken_hidden_and_other_files_are_left_out_and_said(folder):
    (folder / "red" / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    whole = (folder / "blue" / "0.jpg").read_bytes()
    (folder / "blue" / "cut.jpg").write_bytes(whole[: len(whole) // 2])
    (folder / "red" / "empty.bmp").write_bytes(b"")
    (folder / "red" / "notes.dat").write_text("x")
    (folder / "readme.md").write_text("x")
    (folder / "red" / ".hidden.png").write_bytes(b"x")
    picture(folder / "__MACOSX" / "0.png", (0, 0, 0))
    spec = open_data(str(folder))
    assert codes(spec) == ["broken-picture", "skipped-files"]
    [broken] = [p for p in spec.summary.problems if p.code == "broken-picture"]
    assert "3 of 23 pictures" in broken.message
    assert (readable_rows(spec), broken_rows(spec), usable_rows(spec)) == (20, 3, 20)
    assert "red/broken.png" in broken.message
    assert unread_rows(spec) == {i for i, name in enumerate(names_in(spec)) if name in BAD}
    assert dict(zip(spec.labels(), spec.label_counts(), strict=True)) == {"blue": 10, "red": 10}
    assert len(preview(spec, 40).names) == 20
    assert preview(spec, 4, 18).labels == ("blue", "red")
    arrays = load(spec)
    assert len(arrays) == len(arrays.inputs[0].held) == 20
    assert "broken-picture" in [p.code for p in arrays.problems]


def test_broken_pictures_are_an_error_where_none_may_be_left_out(folder):
    (folder / "red" / "broken.png").write_bytes(b"")
    with pytest.raises(StudioError) as caught:
        open_data(str(folder), {"skip_broken": False})
    assert caught.value.problem.code == "broken-picture"


def test_pictures_none_of_which_can_be_read_are_refused(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "1.png").write_bytes(b"\x89PNG")
    with pytest.raises(StudioError) as caught:
        open_data(str(tmp_path))
    assert caught.value.problem.code == "unreadable"
    assert "a/1.png" in caught.value.problem.message


def test_mixed_sizes_take_the_most_common(folder):
    picture(folder / "red" / "big.png", (255, 0, 0), (50, 40))
    spec = open_data(str(folder))
    assert spec.summary.sample_shape == (3, 8, 10)
    assert codes(spec) == ["resized"]
    assert load(spec).inputs[0].shape == (21, 3, 8, 10)
    chosen = open_data(str(folder), {"height": 4, "width": 4, "channels": 1})
    assert chosen.summary.sample_shape == (1, 4, 4)
    assert load(chosen).inputs[0].shape == (21, 1, 4, 4)


def test_large_mixed_pictures_are_capped(tmp_path):
    for name in ("a", "b"):
        picture(tmp_path / name / "0.png", 0, (400, 200), "L")
        picture(tmp_path / name / "1.png", 0, (300, 300), "L")
        picture(tmp_path / name / "2.png", 0, (400, 200), "L")
    assert open_data(str(tmp_path)).summary.sample_shape == (1, 64, 128)


MODES = {
    "grey": ("L", 100, {}, "png", 100, ()),
    "one bit": ("1", 1, {}, "png", 255, ()),
    "16 bits": ("I;16", 257 * 100, {}, "png", 100, ("deep",)),
    "16 bits, dark": ("I;16", 257, {}, "tiff", 1, ("deep",)),
    "32 bits": ("I", 65_535 * 1000, {}, "tiff", 255, ("deep",)),
    "floats": ("F", 0.5, {}, "tiff", 128, ("deep",)),
    "grey and alpha": ("LA", (100, 255), {}, "png", 100, ("alpha",)),
    "grey and clear": ("LA", (100, 0), {}, "png", 255, ("alpha",)),
    "colour": ("RGB", (10, 20, 30), {}, "bmp", [10, 20, 30], ()),
    "ppm": ("RGB", (10, 20, 30), {}, "ppm", [10, 20, 30], ()),
    "webp": ("RGB", (10, 20, 30), {"lossless": True}, "webp", [10, 20, 30], ()),
    "clear": ("RGBA", (10, 20, 30, 0), {}, "png", [255, 255, 255], ("alpha",)),
    "half clear": ("RGBA", (0, 0, 0, 128), {}, "png", [127, 127, 127], ("alpha",)),
    "a clear colour": ("RGB", (9, 9, 9), {"transparency": (9, 9, 9)}, "png", [255] * 3, ("alpha",)),
    "print": ("CMYK", (0, 255, 255, 0), {}, "tiff", [255, 0, 0], ("print",)),
}


@pytest.mark.parametrize("name", MODES)
def test_every_mode_comes_out_right_and_is_counted(tmp_path, name):
    mode, colour, options, suffix, wanted, changes = MODES[name]
    path = str(picture(tmp_path / f"x.{suffix}", colour, (6, 5), mode, **options))
    header = read_header(path)
    assert (header.height, header.width) == (5, 6)
    assert header.changes == set(changes)
    assert header.is_grey == isinstance(wanted, int)
    found = read_pixels(path, 5, 6, 1 if header.is_grey else 3)
    assert found[:, 2, 2].tolist() == np.ravel(wanted).tolist()
    assert (found == found[:, :1, :1]).all()


def test_palettes_rotation_and_moving_pictures_are_put_right(tmp_path):
    palette = tmp_path / "palette.png"
    Image.new("RGB", (6, 4), (0, 200, 0)).quantize(4).save(palette)
    exif = Image.Exif()
    exif[274] = 6
    half = Image.new("L", (4, 6))
    half.paste(255, (0, 0, 4, 3))  # white above, which is on the right once it is turned
    half.save(tmp_path / "turned.jpg", exif=exif)
    half.save(tmp_path / "turned.png", exif=exif)
    first, second = (Image.new("P", (6, 4), shade) for shade in (0, 1))
    for image in (first, second):
        image.putpalette([0, 0, 200, 200, 0, 0])
    first.save(tmp_path / "moving.gif", save_all=True, append_images=[second])
    assert read_pixels(str(palette), 4, 6, 3)[:, 0, 0].tolist() == [0, 200, 0]
    for name in ("turned.jpg", "turned.png"):
        assert read_header(str(tmp_path / name)).width == 6
        turned = read_pixels(str(tmp_path / name), 4, 6, 1)[0]
        assert turned[:, :2].max() < 20
        assert turned[:, 4:].min() > 235
    assert read_pixels(str(tmp_path / "moving.gif"), 4, 6, 3)[:, 0, 0].tolist() == [0, 0, 200]
    references = [str(path) for path in sorted(tmp_path.iterdir())]
    _, [note] = look_at_pictures(references, {})
    assert note.code == "converted"
    assert "2 turned" in note.message
    assert "2 with a palette" in note.message
    assert "1 moving" in note.message


@pytest.mark.parametrize("turn", range(1, 9))
def test_every_way_to_hold_a_camera_is_put_right(tmp_path, turn):
    exif = Image.Exif()
    exif[274] = turn
    random = np.random.default_rng(0).integers(0, 256, (6, 4, 3), np.uint8)
    Image.fromarray(random).save(tmp_path / "x.png", exif=exif)
    with Image.open(tmp_path / "x.png") as image:
        wanted = np.asarray(ImageOps.exif_transpose(image))
    header = read_header(str(tmp_path / "x.png"))
    assert (header.height, header.width) == wanted.shape[:2]
    found = read_pixels(str(tmp_path / "x.png"), *wanted.shape[:2], 3)
    assert np.array_equal(np.moveaxis(found, 0, 2), wanted)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "LA", "L", "P", "CMYK"])
def test_large_pictures_come_out_the_same_stripe_by_stripe(tmp_path, monkeypatch, mode):
    random = np.random.default_rng(0)
    size = 40 * 50 * len(Image.new(mode, (1, 1)).getbands())
    image = Image.frombytes(mode, (40, 50), random.bytes(size))
    if mode == "P":
        image.putpalette(random.bytes(768))
    path = tmp_path / ("x.tiff" if mode == "CMYK" else "x.png")
    image.save(path)
    whole = read_pixels(str(path), 17, 13, 3)
    monkeypatch.setattr(pixels, "_LARGE", 100)
    monkeypatch.setattr(pixels, "_STRIPE", 300)
    assert np.array_equal(read_pixels(str(path), 17, 13, 3), whole)
    assert len(np.unique(whole)) > 20


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("size", [(16, 16), (9, 30), (100, 80)])
def test_pictures_are_resized_as_the_exported_model_resizes(tmp_path, channels, size):
    random = np.random.default_rng(0).integers(0, 256, (40, 50, channels), np.uint8)
    Image.fromarray(random.squeeze()).save(tmp_path / "x.png")
    found = read_pixels(str(tmp_path / "x.png"), *size, channels)
    raw = torch.from_numpy(np.moveaxis(random, 2, 0).copy())[None]
    wanted = torch.nn.functional.interpolate(
        raw, size=list(size), mode="bilinear", align_corners=False, antialias=True
    )
    assert np.abs(found.astype(int) - wanted[0].numpy().astype(int)).max() <= 1


def test_a_huge_picture_is_refused_before_it_is_decoded(folder):
    bomb(folder / "red" / "bomb.png")
    spec = open_data(str(folder))
    assert codes(spec) == ["huge-picture"]
    arrays = load(spec)
    assert len(arrays) == 20
    with pytest.raises(TooManyPixelsError):
        read_pixels(str(folder / "red" / "bomb.png"), 8, 8, 3)


def cut(path, share):
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    return path


@pytest.mark.filterwarnings("ignore:Truncated File Read")
@pytest.mark.parametrize("suffix", ["png", "jpg", "bmp", "tiff", "webp", "gif"])
@pytest.mark.parametrize("share", [0.0, 0.01, 0.5])
def test_cut_pictures_are_broken(tmp_path, suffix, share):
    noise = np.random.default_rng(0).integers(0, 256, (40, 50, 3), np.uint8)
    Image.fromarray(noise).save(tmp_path / f"x.{suffix}")
    path = str(cut(tmp_path / f"x.{suffix}", share))
    for read in (read_header, lambda reference: read_pixels(reference, 40, 50, 3)):
        with pytest.raises(BROKEN):
            read(path)


def test_what_is_no_file_is_broken(tmp_path):
    (tmp_path / "folder.png").mkdir()
    (tmp_path / "text.png").write_text("a picture")
    for name in (str(tmp_path / "folder.png"), str(tmp_path / "text.png"), "gone.png", "nul\0.png"):
        with pytest.raises(BROKEN):
            read_header(name)


def test_train_and_test_folders_keep_their_parts(tmp_path):
    for part, count in (("train", 12), ("test", 4)):
        for i in range(count):
            picture(tmp_path / part / "ab"[i % 2] / f"{i}.png", i, mode="L")
    spec = open_data(str(tmp_path))
    assert spec.labels() == ("a", "b")
    assert spec.summary.own_test_rows == 4
    arrays = load(spec)
    assert {arrays.names[i].split("/")[0] for i in arrays.parts["test"]} == {"test"}
    assert len(arrays.parts["test"]) == 4


def test_one_class_is_said_and_not_loaded(tmp_path):
    for i in range(5):
        picture(tmp_path / "only" / f"{i}.png", 0, mode="L")
    spec = open_data(str(tmp_path))
    assert "one-class" in [p.code for p in dataset_problems(spec)]
    with pytest.raises(StudioError) as caught:
        load(spec)
    assert caught.value.problem.code == "one-class"


def test_other_pictures_are_read_for_prediction(folder, tmp_path_factory):
    spec, other = open_data(str(folder)), tmp_path_factory.mktemp("other")
    picture(other / "x.png", (255, 0, 0), (30, 30))
    one = load_rows(spec, str(other / "x.png"))
    assert (one.inputs[0].shape, one.targets[0].tolist(), one.names) == (
        (1, 3, 8, 10),
        [-1],
        ("x.png",),
    )
    picture(other / "red" / "y.png", (255, 0, 0))
    both = load_rows(spec, str(other))
    assert len(both) == 2
    judged = load_rows(spec, str(other), needs_target=True)
    assert (judged.targets[0].tolist(), judged.names) == ([1], ("red/y.png",))
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


def test_an_archive_trains_like_its_folder(folder, tmp_path_factory):
    packed = archive(tmp_path_factory.mktemp("packed") / "all.zip", folder, "all/")
    from_folder, from_archive = (load(open_data(str(path))) for path in (folder, packed))
    assert np.array_equal(pixels_of(from_folder), pixels_of(from_archive))
    assert np.array_equal(from_folder.targets[0], from_archive.targets[0])
    assert np.array_equal(from_folder.parts["test"], from_archive.parts["test"])
