"""A sound is drawn, and heard where the machine can; where it cannot, the button says why."""

import array
import io
import math
import sys

import pytest
import soundfile
from PySide6.QtCore import Qt

from studio.core.design.previews import SoundClip
from studio.ui import player
from studio.ui.panels.sound_drawing import drawing_of, spectrogram
from studio.ui.panels.sound_view import SoundView, scale_of
from studio.ui.player import Player, wav_of

RATE = 8000


def clip(seconds=0.5, loud=1.0):
    count = round(RATE * seconds)
    values = [loud * math.sin(n / 5) if n > count // 2 else 0.0 for n in range(count)]
    levels = array.array("f", [-60.0, -60.0, -60.0, -3.0])  # the low bin first, two frames
    return SoundClip(
        "a.wav", "vowel", RATE, array.array("f", values).tobytes(), 2, 2, levels.tobytes()
    )


def test_silence_is_flat_and_what_sounds_is_high():
    drawing = drawing_of(clip(loud=0.8), 10)
    assert drawing.highs[:5] == (0.0,) * 5
    assert min(drawing.highs[5:]) > 0.7
    assert max(drawing.lows[5:]) < -0.7


def test_the_loudest_frequency_stands_out_and_high_ones_are_at_the_top(dressed):
    drawing = drawing_of(clip(), 10)
    assert tuple(drawing.levels) == (0, 255, 0, 0)
    image = spectrogram(drawing)
    assert image.pixelColor(1, 0) == dressed.color("validation")
    assert image.pixelColor(0, 0) == dressed.color("sunken")


def test_a_long_sound_is_drawn_from_some_of_its_frames():
    values = array.array("f", [float(n % 7) for n in range(4 * 5000)])
    made = drawing_of(SoundClip("a", "", RATE, b"", 4, 5000, values.tobytes()), 10)
    assert len(made.levels) == made.bins * made.frames
    assert made.frames <= 360
    assert made.lows == ()


def test_what_is_played_is_a_sound_file():
    values, rate = soundfile.read(io.BytesIO(wav_of(clip().samples, RATE)), dtype="float32")
    assert rate == RATE
    assert values.tobytes() == clip().samples


@pytest.fixture
def view(qtbot, dressed, monkeypatch):
    def made(command):
        monkeypatch.setattr(player, "command_here", lambda: command)
        view = SoundView(Player())
        qtbot.addWidget(view)
        view.resize(600, 160)
        with qtbot.waitExposed(view):
            view.show()
        return view

    return made


def test_without_a_player_the_button_says_so(view):
    shown = view(None)
    shown.show_clip(clip())
    assert not shown.button.isEnabled()
    assert "no program that plays sounds" in shown.button.toolTip()


def test_a_sound_plays_and_stops_by_the_same_button(qtbot, view):
    shown = view((sys.executable, "-c", "import sys; sys.stdin.read()"))
    assert shown.button.toolTip() == "Choose a sound first."
    shown.show_clip(clip())
    qtbot.mouseClick(shown.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: shown.button.text() == "Stop")
    qtbot.mouseClick(shown.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not shown.player.is_playing)
    assert shown.button.text() == "Play"
    assert shown.button.isEnabled()


def test_a_machine_without_loudspeakers_is_found_out_once(qtbot, view):
    shown = view((sys.executable, "-c", "raise SystemExit(1)"))
    shown.show_clip(clip())
    qtbot.mouseClick(shown.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not shown.button.isEnabled())
    assert "no sound output" in shown.button.toolTip()


def test_the_sound_is_seen_with_its_length(view):
    shown = view(None)
    before = shown.grab().toImage()
    shown.show_clip(clip(0.5))
    assert "0.50 s, 8 kHz" in shown.facts.text()
    assert shown.grab().toImage() != before


def test_the_moments_under_a_sound_are_round():
    assert [words for _, words in scale_of(0.298, 320)] == ["0.0 s", "0.1 s", "0.2 s"]
    assert [words for _, words in scale_of(4.7, 320)] == ["0 s", "2 s", "4 s"]
