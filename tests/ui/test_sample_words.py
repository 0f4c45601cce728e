"""What samples are called: a text to be written on is one, two pictures compared are a pair."""

import pytest

from studio import jobs
from studio.ui.sample_words import counted_rows, sample_noun


@pytest.mark.parametrize(
    ("sample", "one", "counted"),
    [
        ("phrases", "pair", "2 pairs"),
        ("remarks", "text", "2 texts"),
        ("pairs", "pair", "2 pairs"),
        ("shapes", "image", "2 images"),
        ("parts", "image", "2 images"),
        ("demand", "window", "2 rows"),
    ],
)
def test_samples_are_called_what_a_person_calls_them(sample: str, one: str, counted: str) -> None:
    dataset = jobs.open_sample(sample)
    assert sample_noun(dataset, 1) == one
    assert counted_rows(dataset, 2) == counted
