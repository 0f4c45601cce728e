"""Rows of files, held or streamed: the same values, and no wrong ones when files change."""

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image

from studio.core.design.dataset import DatasetSpec, Feature
from studio.core.design.shaping import SoundSpec
from studio.core.problems import StudioError
from studio.data import media
from studio.data.media import look_at, media_rows, previews_of
from studio.data.media_facts import facts_of
from tests.data.media_files import archive, bomb, clip, picture, sine, sound

SPEC = DatasetSpec(sound=SoundSpec(8000, 0.25))
PICTURE = Feature("picture", "image", shape=(3, 90, 60))
SOUND = Feature("sound", "sound", shape=(2000,))
CLIP = Feature("clip", "video", shape=(4, 3, 90, 60))


@pytest.fixture
def pictures(tmp_path):
    random = np.random.default_rng(0)
    for i in range(12):
        noise = random.integers(0, 256, (30, 20, 3), np.uint8)
        Image.fromarray(noise).save(tmp_path / f"{i:02}.png")
    return [str(path) for path in sorted(tmp_path.glob("*.png"))]


@pytest.fixture
def sounds(tmp_path):
    return [str(sound(tmp_path / f"{i}.wav", sine(100 * i + 100), 16_000)) for i in range(40)]


@pytest.fixture
def clips(tmp_path):
    return [str(clip(tmp_path / f"{i}.mp4", range(i, 100, 10))) for i in range(4)]


@pytest.mark.parametrize(
    ("name", "feature"), [("pictures", PICTURE), ("sounds", SOUND), ("clips", CLIP)]
)
@pytest.mark.parametrize("share", [0.0, 0.6, 0.99])
def test_streamed_rows_are_the_held_ones(request, name, feature, share):
    references = request.getfixturevalue(name)
    held = media_rows(references, feature, SPEC)
    memory = max(1, int(share * held.rows.held.nbytes))
    streamed = media_rows(references, feature, SPEC, memory=memory)
    assert held.rows.held is not None
    assert streamed.rows.held is None
    assert held.rows.shape == streamed.rows.shape == (len(references), *feature.shape)
    order = np.random.default_rng(1).permutation(len(references))
    for positions in (order[:3], order, order[::-1], order[[0, 0, 1]], order[:0]):
        found = streamed.rows.take(positions)
        assert found.dtype == held.rows.held.dtype
        assert np.array_equal(found, held.rows.take(positions))


@pytest.mark.parametrize("memory", [1, 12 * 3 * 90 * 60 - 1])
def test_many_threads_take_the_same_rows(pictures, memory):
    held = media_rows(pictures, PICTURE, SPEC).rows
    streamed = media_rows(pictures, PICTURE, SPEC, memory=memory).rows
    orders = [np.random.default_rng(i).permutation(len(pictures)) for i in range(16)]
    with ThreadPoolExecutor(8) as pool:
        for order, found in zip(orders, pool.map(streamed.take, orders), strict=True):
            assert np.array_equal(found, held.take(order))


def cut_inside(path):
    """Broken where the header does not show it: within the pixels."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(bytes(data))


@pytest.mark.parametrize("memory", [0, 1])
def test_what_cannot_be_read_is_left_out_named_and_counted(pictures, tmp_path, memory):
    (tmp_path / "03.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    os.truncate(tmp_path / "05.png", os.path.getsize(tmp_path / "05.png") // 2)
    bomb(tmp_path / "07.png")
    (tmp_path / "09.png").unlink()
    cut_inside(tmp_path / "10.png")
    found = media_rows([*pictures, ""], PICTURE, SPEC, memory=memory)
    assert found.kept.tolist() == [0, 1, 2, 4, 6, 8, 11]
    assert found.rows.shape[0] == 7
    assert [problem.code for problem in found.problems] == ["broken-picture", "huge-picture"]
    assert "4 of 12 pictures" in found.problems[0].message
    assert all(
        name in found.problems[0].message for name in ("03.png", "05.png", "09.png", "10.png")
    )
    whole = media_rows([pictures[11]], PICTURE, SPEC).rows.take(np.array([0]))
    assert np.array_equal(found.rows.take(np.array([6])), whole)


@pytest.mark.parametrize("memory", [0, 1])
def test_where_nothing_can_be_read_it_is_refused(tmp_path, memory):
    names = [str(tmp_path / f"{i}.png") for i in range(9)]
    with pytest.raises(StudioError) as caught:
        media_rows(names, PICTURE, SPEC, memory=memory)
    assert caught.value.problem.code == "unreadable"


def other_picture(path):
    picture(path, (1, 2, 3), (20, 30))


@pytest.mark.parametrize(
    "change", [os.unlink, other_picture, lambda path: path.write_bytes(b""), cut_inside]
)
def test_a_file_that_changes_while_training_stops_it_and_is_named(pictures, tmp_path, change):
    streamed = media_rows(pictures, PICTURE, SPEC, memory=1).rows
    first = streamed.take(np.arange(6))
    change(tmp_path / "02.png")
    change(tmp_path / "08.png")
    assert np.array_equal(streamed.take(np.arange(6)), first)
    with pytest.raises(StudioError) as caught:
        streamed.take(np.arange(12))
    assert "08.png" in caught.value.problem.message


def test_an_archive_that_changes_while_training_stops_it(pictures, tmp_path):
    packed = archive(tmp_path / "all.zip", tmp_path)
    references = [f"{packed}!/{i:02}.png" for i in range(12)]
    streamed = media_rows(references, PICTURE, SPEC, memory=1).rows
    streamed.take(np.arange(3))
    picture(tmp_path / "00.png", (1, 2, 3), (20, 30))
    archive(packed, tmp_path)
    with pytest.raises(StudioError) as caught:
        streamed.take(np.arange(6))
    assert "all.zip" in caught.value.problem.message


def test_what_is_free_decides_where_nothing_is_said(pictures, monkeypatch):
    assert media_rows(pictures, PICTURE, SPEC).rows.held is not None
    monkeypatch.setattr(media, "room", lambda: 12 * 3 * 90 * 60 - 1)
    assert media_rows(pictures, PICTURE, SPEC).rows.held is None


def test_previews_show_each_kind(pictures, sounds, clips, tmp_path):
    shown = previews_of(pictures[:2], ["a", "b"], PICTURE, SPEC)
    assert (shown.height, shown.width, shown.channels) == (90, 60, 3)
    assert (shown.labels, shown.names) == (("a", "b"), ("00.png", "01.png"))
    assert len(shown.pixels[0]) == 90 * 60 * 3
    heard = previews_of([sounds[0], str(tmp_path / "gone.wav")], ["a", "b"], SOUND, SPEC)
    [one] = heard.clips
    assert (one.name, one.label, one.rate) == ("0.wav", "a", 16_000)
    [moving] = previews_of(clips[:1], ["a"], CLIP, SPEC).clips
    assert (len(moving.pixels), moving.labels, moving.height) == (4, ("a",) * 4, 90)


def test_a_preview_of_nothing_that_can_be_read_is_empty(tmp_path):
    assert previews_of([str(tmp_path / "gone.png")], ["a"], PICTURE, SPEC).pixels == ()


def test_every_kind_is_looked_at(pictures, sounds, clips):
    assert look_at(pictures, "image", {})[0].shape == (3, 30, 20)
    assert look_at(clips, "video", {})[0].shape == (3, 48, 64)
    assert look_at(sounds, "sound", {})[0].mean == 1.0


def test_facts_for_a_profile(tmp_path, clips):
    seen = [
        str(picture(tmp_path / "grey.png", 51, (7, 5), "L")),
        str(picture(tmp_path / "red.png", (255, 0, 0), (4, 4))),
        str(tmp_path / "gone.png"),
    ]
    grey, red, gone = facts_of(seen, "image")
    assert (grey.width, grey.height, grey.brightness) == (7, 5, 51)
    assert red.brightness == pytest.approx(76, abs=1)
    assert gone is None
    loud = str(sound(tmp_path / "x.wav", sine(440, 0.5), 16_000))
    [heard] = facts_of([loud], "sound")
    assert heard.seconds == 0.5
    assert heard.level == pytest.approx(-9.03, abs=0.05)
    [moving] = facts_of(clips[:1], "video")
    assert (moving.width, moving.height, moving.frames) == (64, 48, 10)
