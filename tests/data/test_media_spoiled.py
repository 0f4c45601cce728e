"""Files spoiled at random places: read, or broken as one of the errors that say so."""

import contextlib
import random

import numpy as np
import pytest
from PIL import Image

from studio.core.design.shaping import SoundSpec
from studio.core.problems import StudioError
from studio.data.listing import list_media
from studio.data.pixels import BROKEN, read_header, read_pixels
from studio.data.sound import read_sound, sound_facts
from studio.data.video import clip_facts, read_clip
from tests.data.media_files import archive, clip, sine, sound

TIMES = 60
PICTURES = ("png", "jpg", "bmp", "tiff", "webp", "gif", "ppm")
SOUNDS = ("wav", "flac", "ogg", "aiff")
CLIPS = {"mp4": ("mpeg4", "yuv420p"), "avi": ("mjpeg", "yuvj420p"), "mkv": ("mpeg4", "yuv420p")}
NOISE = np.random.default_rng(0).integers(0, 256, (20, 25, 3), np.uint8)


def spoiled(path):
    """The path again and again, each time with other bytes wrong, and now and then cut."""
    draw, whole = random.Random(path.suffix), path.read_bytes()
    for _ in range(TIMES):
        data = bytearray(whole)
        for _ in range(draw.choice((1, 2, 5, 20))):
            reach = draw.choice((len(data), min(200, len(data))))
            data[draw.randrange(reach)] = draw.choice((0, 255, draw.randrange(256)))
        path.write_bytes(data[: draw.randrange(len(data))] if draw.random() < 0.2 else data)
        yield str(path)


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
@pytest.mark.parametrize("suffix", PICTURES)
def test_spoiled_pictures(tmp_path, suffix):
    Image.fromarray(NOISE).save(tmp_path / f"x.{suffix}")
    for reference in spoiled(tmp_path / f"x.{suffix}"):
        with contextlib.suppress(*BROKEN):
            assert read_header(reference, is_thorough=True).height > 0
        with contextlib.suppress(*BROKEN):
            assert read_pixels(reference, 8, 9, 3).shape == (3, 8, 9)


@pytest.mark.parametrize("suffix", SOUNDS)
def test_spoiled_sounds(tmp_path, suffix, capfd):
    for reference in spoiled(sound(tmp_path / f"x.{suffix}", sine(440, 0.2))):
        with contextlib.suppress(*BROKEN):
            assert sound_facts(reference).seconds > 0
        with contextlib.suppress(*BROKEN):
            assert np.isfinite(read_sound(reference, SoundSpec(8000, 0.1))).all()
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("suffix", CLIPS)
def test_spoiled_clips(tmp_path, suffix):
    for reference in spoiled(clip(tmp_path / f"x.{suffix}", range(0, 60, 10), *CLIPS[suffix])):
        with contextlib.suppress(*BROKEN):
            assert clip_facts(reference).frames > 0
        with contextlib.suppress(*BROKEN):
            assert read_clip(reference, (4, 3, 8, 9)).shape == (4, 3, 8, 9)


def test_spoiled_archives(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("a_1.png", "a_2.png", "b_1.png", "b_2.png"):
        Image.fromarray(NOISE).save(folder / name)
    for reference in spoiled(archive(tmp_path / "x.zip", folder)):
        with contextlib.suppress(StudioError):
            for member in list_media(tmp_path / "x.zip").references():
                with contextlib.suppress(*BROKEN):
                    assert read_pixels(member, 8, 9, 3).shape == (3, 8, 9)
        assert reference.endswith("x.zip")
