"""Sizes in a project file that no machine holds are refused before anything is made of them."""

from dataclasses import replace

import pytest

from studio.core.design.dataset import ColumnSummary, DatasetSpec, DatasetSummary
from studio.core.design.shaping import ClipSpec, Joined, SeriesSpec, SoundSpec, TextSpec
from studio.core.design.summary_check import require_sound
from studio.core.problems import StudioError

HUGE = 10**9


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ({"text": TextSpec(length=HUGE)}, "length of texts"),
        ({"text": TextSpec(length=0)}, "length of texts"),
        ({"text": TextSpec(vocabulary=HUGE)}, "vocabulary"),
        ({"text": TextSpec(vocabulary=-1)}, "vocabulary"),
        ({"sound": SoundSpec(seconds=1e308)}, "length of sounds"),
        ({"sound": SoundSpec(seconds=-1.0)}, "length of sounds"),
        ({"sound": SoundSpec(rate=10**30)}, "rate of sounds"),
        ({"sound": SoundSpec(rate=384_000, seconds=80_000.0)}, "samples long"),
        ({"clips": ClipSpec(frames=HUGE)}, "frames of clips"),
        ({"clips": ClipSpec(frames=0)}, "frames of clips"),
        ({"series": SeriesSpec(window=HUGE)}, "rows in a window"),
        ({"series": SeriesSpec(horizon=HUGE)}, "rows to come"),
        ({"series": SeriesSpec(stride=-1)}, "next window"),
        ({"joined": (Joined("table", "a\0b"),)}, "no path can hold"),
    ],
)
def test_sizes_that_fill_the_memory_are_refused(part, said):
    with pytest.raises(StudioError, match=said):
        require_sound(replace(DatasetSpec(), **part))


def test_all_that_the_data_page_offers_is_sound():
    largest = {
        "text": TextSpec(vocabulary=200_000, length=4096),
        "sound": SoundSpec(rate=192_000, seconds=600.0),
        "clips": ClipSpec(frames=256),
    }
    require_sound(replace(DatasetSpec(), **largest))


def test_pictures_of_gigabytes_are_refused():
    column = ColumnSummary("p", "image", "input", shape=(3, 20_000, 20_000))
    summary = DatasetSummary("images", 10, (column,))
    with pytest.raises(StudioError, match="shape"):
        require_sound(replace(DatasetSpec(), summary=summary))
