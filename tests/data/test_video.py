"""Clips, as files or folders of pictures, become frames spread evenly over them."""

import numpy as np
import pytest
from PIL import Image

from studio.data.pixels import BROKEN, TooManyPixelsError
from studio.data.video import clip_facts, frames_of, look_at_clips, read_clip
from tests.data.media_files import archive, bomb, clip, picture, sine, sound

FILES = {
    "a.mp4": ("mpeg4", "yuv420p"),
    "b.avi": ("mjpeg", "yuvj420p"),
    "c.mov": ("mpeg4", "yuv420p"),
    "d.mkv": ("mpeg4", "yuv420p"),
    "e.gif": ("gif", "rgb8"),
}


@pytest.mark.parametrize("name", FILES)
def test_frames_are_spread_from_the_first_to_the_last(tmp_path, name):
    path = clip(tmp_path / name, range(0, 210, 10), *FILES[name])
    facts = clip_facts(str(path))
    assert (facts.height, facts.width, facts.frames) == (48, 64, 21)
    read = read_clip(str(path), (5, 3, 12, 16))
    assert (read.shape, read.dtype) == ((5, 3, 12, 16), np.uint8)
    shades = read.mean(axis=(1, 2, 3))
    assert np.abs(shades - [0, 50, 100, 150, 200]).max() < (20 if name == "e.gif" else 4)


def test_a_short_clip_shows_frames_again(tmp_path):
    path = clip(tmp_path / "x.mp4", (50, 150))
    shades = read_clip(str(path), (4, 1, 8, 8)).mean(axis=(1, 2, 3))
    assert np.abs(shades - [50, 50, 150, 150]).max() < 4
    assert read_clip(str(path), (1, 1, 8, 8)).mean() == pytest.approx(50, abs=4)


def frames(folder, count=12):
    for i in range(count):
        picture(folder / f"f{i}.png", i * 10, (10, 8), "L")
    return folder


def test_a_folder_of_pictures_is_a_clip_in_the_order_of_its_numbers(tmp_path):
    folder = frames(tmp_path / "clip")
    (folder / "notes.txt").write_text("x")
    names = [name.rsplit("/", 1)[1] for name in frames_of(f"{folder}/")]
    assert names == [f"f{i}.png" for i in range(12)]
    read = read_clip(f"{folder}/", (3, 1, 8, 10))
    assert read[:, 0, 0, 0].tolist() == [0, 60, 110]


def test_a_folder_of_pictures_in_an_archive_is_a_clip(tmp_path):
    frames(tmp_path / "in" / "a" / "one")
    packed = archive(tmp_path / "all.zip", tmp_path / "in")
    reference = f"{packed}!/a/one/"
    assert clip_facts(reference).frames == 12
    assert read_clip(reference, (3, 1, 8, 10))[:, 0, 0, 0].tolist() == [0, 60, 110]


def error_of(path, read=clip_facts):
    with pytest.raises(BROKEN) as caught:
        read(str(path))
    return caught.value


@pytest.mark.parametrize(
    "data",
    [
        b"",
        np.random.default_rng(0).bytes(4000),
        b"#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:1,\n/etc/hostname\n",
        b"ffconcat version 1.0\nfile /etc/hostname\n",
        b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom",
    ],
    ids=["nothing", "noise", "playlist", "list", "no frames"],
)
def test_what_is_no_clip_is_broken(tmp_path, data):
    (tmp_path / "x.mp4").write_bytes(data)
    error_of(tmp_path / "x.mp4")
    error_of(tmp_path / "x.mp4", lambda reference: read_clip(reference, (2, 3, 8, 8)))


def test_cut_clips_are_broken(tmp_path):
    for name in ("a.mp4", "b.avi"):
        path = clip(tmp_path / name, range(0, 210, 10), *FILES[name])
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        error_of(path)


def test_empty_and_gone_folders_and_bombs_are_broken(tmp_path):
    (tmp_path / "empty").mkdir()
    assert "no pictures" in str(error_of(f"{tmp_path}/empty/"))
    assert isinstance(error_of(f"{tmp_path}/gone/"), FileNotFoundError)
    bomb(tmp_path / "huge" / "1.png")
    assert isinstance(error_of(f"{tmp_path}/huge/"), TooManyPixelsError)
    bomb(tmp_path / "still.gif")
    error_of(tmp_path / "still.gif")


def test_a_sound_is_no_clip(tmp_path):
    path = sound(tmp_path / "x.ogg", sine(440))
    assert "no pictures" in str(error_of(path))


def test_sizes_are_found_and_broken_ones_left_out(tmp_path):
    files = [clip(tmp_path / f"{i}.mp4") for i in range(2)]
    files.append(clip(tmp_path / "small.mp4", size=(32, 32)))
    (tmp_path / "bad.mp4").write_bytes(b"")
    references = [*map(str, files), str(tmp_path / "bad.mp4")]
    column, problems = look_at_clips(references, {})
    assert (column.shape, column.missing) == ((3, 48, 64), 1)
    assert [problem.code for problem in problems] == ["broken-clip", "resized"]
    assert look_at_clips(references, {"height": 16, "width": 20})[0].shape == (3, 16, 20)


def test_grey_folders_stay_grey_and_large_frames_are_made_smaller(tmp_path):
    frames(tmp_path / "grey", 2)
    assert look_at_clips([f"{tmp_path}/grey/"], {})[0].shape == (1, 8, 10)
    for number, size in enumerate(((400, 200), (400, 200), (300, 300))):
        picture(tmp_path / "big" / str(number) / "1.png", 0, size)
        Image.new("RGB", size).save(tmp_path / "big" / str(number) / "2.png")
    both = [f"{tmp_path}/big/{number}/" for number in range(3)]
    assert look_at_clips(both, {})[0].shape == (3, 32, 64)
