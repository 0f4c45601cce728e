"""Sounds of every coding come out as the same numbers; broken ones are named."""

import struct

import numpy as np
import pytest
from scipy.signal import resample_poly

from studio.core.design.shaping import SoundSpec
from studio.core.problems import StudioError
from studio.data.pixels import BROKEN
from studio.data.sound import read_mono, read_sound, resampled, sound_facts, spectrogram
from studio.data.sound_facts import clip_of, level_of, look_at_sounds, suggested_sound
from tests.data.media_files import archive, sine, sound

WAVE = sine(440)
CODINGS = {
    "u8.wav": ({"subtype": "PCM_U8"}, 1 / 127),
    "16.wav": ({"subtype": "PCM_16"}, 1 / 32_000),
    "24.wav": ({"subtype": "PCM_24"}, 1e-6),
    "32.wav": ({"subtype": "PCM_32"}, 1e-6),
    "float.wav": ({"subtype": "FLOAT"}, 0),
    "double.wav": ({"subtype": "DOUBLE"}, 1e-7),
    "x.flac": ({}, 1 / 32_000),
    "x.ogg": ({}, 0.03),
    "x.mp3": ({}, 0.03),
    "x.aiff": ({}, 1 / 32_000),
}


@pytest.mark.parametrize("name", CODINGS)
def test_every_coding_gives_the_wave(tmp_path, name):
    options, error = CODINGS[name]
    path = sound(tmp_path / name, WAVE, **options)
    read = read_sound(str(path), SoundSpec(16_000, 1.0))
    assert read.dtype == np.float32
    middle = slice(1000, -1000)  # coders that lose something do so at the ends most
    assert np.abs(read[middle] - WAVE[middle]).max() <= error
    facts = sound_facts(str(path))
    assert (facts.rate, facts.channels) == (16_000, 1)
    assert facts.seconds == pytest.approx(1.0, abs=0.1)


def test_channels_are_mixed(tmp_path):
    both = np.stack([WAVE, -WAVE / 2], axis=1)
    path = str(sound(tmp_path / "two.wav", both, subtype="FLOAT"))
    assert np.allclose(read_sound(path, SoundSpec()), WAVE / 4, atol=1e-6)


def test_a_sound_is_kept_from_its_start_and_followed_by_silence(tmp_path):
    path = str(sound(tmp_path / "x.wav", WAVE, subtype="FLOAT"))
    short = read_sound(path, SoundSpec(16_000, 0.25))
    assert np.array_equal(short, WAVE[:4000])
    long = read_sound(path, SoundSpec(16_000, 1.5))
    assert np.array_equal(long[:16_000], WAVE)
    assert not long[16_000:].any()
    assert len(long) == 24_000


@pytest.mark.parametrize("rate", [8000, 11_025, 22_050, 44_100, 44_101, 48_000, 96_000])
def test_another_rate_is_the_same_wave(rate):
    found = resampled(sine(440, 1.0, rate), rate, 16_000)
    assert len(found) == 16_000
    assert np.abs(found - WAVE)[300:-300].max() < 1e-4


@pytest.mark.parametrize(("rate", "wanted"), [(44_100, 16_000), (16_000, 8000), (48_000, 8000)])
def test_what_the_lower_rate_cannot_hold_is_not_folded_back(rate, wanted):
    high = sine(0.54 * wanted, 1.0, rate, size=1.0)
    assert np.abs(resampled(high, rate, wanted))[300:-300].max() < 2e-3
    higher = sine(0.75 * wanted, 1.0, rate, size=1.0)
    assert np.abs(resampled(higher, rate, wanted))[300:-300].max() < 2e-4


def test_noise_is_resampled_as_by_scipy():
    noise = np.random.default_rng(0).normal(0, 0.1, 20_000)
    low = resample_poly(resample_poly(noise, 1, 8), 8, 1).astype(np.float32)
    found, wanted = resampled(low, 44_100, 16_000), resample_poly(low, 160, 441)
    assert np.abs(found - wanted[: len(found)])[300:-300].max() < 2e-3


def test_only_what_is_needed_of_a_long_sound_is_read(tmp_path):
    path = str(sound(tmp_path / "long.wav", np.tile(WAVE, 60)))
    mono, rate = read_mono(path, 0.5)
    assert rate == 16_000
    assert 8000 <= len(mono) < 2 * 16_000


def broken(path):
    """What is raised for the header, and for the numbers."""
    said = []
    for read in (sound_facts, lambda reference: read_sound(reference, SoundSpec())):
        try:
            read(str(path))
            said.append(None)
        except BROKEN as error:
            said.append(error)
    return said


@pytest.mark.parametrize("name", CODINGS)
@pytest.mark.parametrize("kept", [0.0, 0.002, 0.5])
def test_a_cut_sound_is_broken(tmp_path, name, kept, capfd):
    path = sound(tmp_path / name, WAVE, **CODINGS[name][0])
    data = path.read_bytes()
    path.write_bytes(data[: int(kept * len(data))])
    assert broken(path)[1] is not None


def wav(rate=16_000, channels=1, claimed=None, data=b"\1\0" * 100):
    fmt = struct.pack("<HHIIHH", 1, channels, rate, rate * 2 * channels, 2 * channels, 16)
    length = len(data) if claimed is None else claimed
    body = b"WAVEfmt " + struct.pack("<I", 16) + fmt + b"data" + struct.pack("<I", length) + data
    return b"RIFF" + struct.pack("<I", min(0xFFFFFFFF, len(body))) + body


@pytest.mark.parametrize(
    "data",
    [
        wav(claimed=0xFFFFFFF0),
        wav(rate=3_000_000_000 // 2),
        wav(rate=1),
        wav(data=b""),
        b"RIFF" + bytes(2000),
        np.random.default_rng(0).bytes(5000),
        b"ID3\4\0\0\0\0\0\0" + np.random.default_rng(1).bytes(5000),
    ],
    ids=["claims 4 GB", "rate of GHz", "rate of 1", "no samples", "zeros", "noise", "mp3 noise"],
)
def test_odd_sounds_are_broken(tmp_path, data):
    path = tmp_path / "x.wav"
    path.write_bytes(data)
    assert None not in broken(path)


def test_a_length_that_was_never_filled_in_is_read_to_the_end(tmp_path):
    (tmp_path / "x.wav").write_bytes(wav(claimed=0xFFFFFFFF, data=b"\0\x40" * 100))
    assert read_sound(str(tmp_path / "x.wav"), SoundSpec())[:99].tolist() == [0.5] * 99


def test_numbers_that_are_none_make_a_sound_broken(tmp_path):
    path = sound(
        tmp_path / "x.wav", np.array([[np.inf, -np.inf], [0.1, np.nan]] * 50), subtype="FLOAT"
    )
    assert "no numbers" in str(broken(path)[1])


def test_what_is_no_file_is_broken(tmp_path):
    (tmp_path / "folder.wav").mkdir()
    assert None not in broken(tmp_path / "folder.wav")
    assert isinstance(broken(tmp_path / "gone.wav")[0], FileNotFoundError)
    assert None not in broken("nul\0.wav")


def test_lengths_rates_and_broken_ones_are_found(tmp_path):
    files = [sound(tmp_path / f"{i}.wav", sine(300, 0.5 + i / 10, 8000), 8000) for i in range(9)]
    files.append(sound(tmp_path / "stereo.wav", np.zeros((44_100, 2)), 44_100))
    (tmp_path / "bad.wav").write_bytes(b"RIFF")
    references = [*map(str, files), str(tmp_path / "bad.wav"), ""]
    column, problems = look_at_sounds(references, {})
    assert (column.low, column.high) == (0.5, pytest.approx(1.3))
    assert (column.missing, sum(column.bars), len(column.edges)) == (2, 10, 25)
    assert [problem.code for problem in problems] == ["broken-sound", "converted"]
    assert "1 of 11 sounds" in problems[0].message
    assert "1 with several channels" in problems[1].message
    assert suggested_sound(references) == SoundSpec(8000, 1.3)


def test_high_rates_are_not_suggested(tmp_path):
    files = [str(sound(tmp_path / f"{i}.wav", np.zeros(44_100), 44_100)) for i in range(3)]
    assert suggested_sound(files) == SoundSpec(16_000, 1.0)


def test_broken_sounds_are_an_error_where_none_may_be_left_out(tmp_path):
    good = str(sound(tmp_path / "good.wav", WAVE))
    (tmp_path / "bad.wav").write_bytes(b"")
    with pytest.raises(StudioError) as caught:
        look_at_sounds([good, str(tmp_path / "bad.wav")], {"skip_broken": False})
    assert caught.value.problem.code == "broken-sound"
    with pytest.raises(StudioError) as caught:
        look_at_sounds([str(tmp_path / "bad.wav")], {})
    assert caught.value.problem.code == "unreadable"


def test_a_clip_has_the_wave_and_where_its_power_lies(tmp_path):
    path = sound(tmp_path / "x.wav", sine(2000, 1.0, 16_000, size=1.0), subtype="FLOAT")
    shown = clip_of(str(path), "high")
    assert (shown.name, shown.label, shown.rate, shown.seconds) == ("x.wav", "high", 16_000, 1.0)
    levels = np.frombuffer(shown.levels, np.float32).reshape(shown.bins, shown.frames)
    assert levels.mean(axis=1).argmax() * 8000 / (shown.bins - 1) == 2000
    assert levels.max() == pytest.approx(0, abs=0.1)
    assert levels.min() >= -100


def test_the_picture_of_a_long_sound_stays_small():
    assert spectrogram(np.zeros(16_000 * 60, np.float32)).shape[1] <= 1001
    assert spectrogram(np.zeros(10, np.float32)).shape == (257, 1)


def test_a_broken_clip_is_named(tmp_path):
    (tmp_path / "bad.ogg").write_bytes(b"OggS")
    with pytest.raises(StudioError) as caught:
        clip_of(str(tmp_path / "bad.ogg"))
    assert "bad.ogg" in caught.value.problem.message


def test_levels_are_below_full_scale():
    assert level_of(sine(440, size=1.0)) == pytest.approx(-3.01, abs=0.01)
    assert level_of(np.zeros(10, np.float32)) == level_of(np.zeros(0, np.float32)) == -100


def test_a_sound_in_an_archive_is_the_same(tmp_path):
    path = sound(tmp_path / "in" / "x.wav", WAVE)
    packed = archive(tmp_path / "all.zip", tmp_path / "in")
    inside = read_sound(f"{packed}!/x.wav", SoundSpec())
    assert np.array_equal(inside, read_sound(str(path), SoundSpec()))
