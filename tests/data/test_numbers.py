"""Texts as numbers: few texts and many are judged alike."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.data.numbers import Notation, has_long_whole, is_mostly_numbers, parsed

NOTATIONS = [Notation(), Notation(","), Notation(".", ","), Notation(",", "."), Notation(".", "'")]
CELLS = st.text("0123456789.,-+eE' ", max_size=8) | st.sampled_from(
    ["inf", "-Infinity", "NA", "?", "-", "", "007", "1" * 16, "1e400", "oops", "1.234,5", "1,234.5"]
)


def series(texts):
    return pd.Series([text.strip() or None for text in texts], dtype="str")


@pytest.mark.parametrize("notation", NOTATIONS, ids=str)
@given(texts=st.lists(CELLS, min_size=1, max_size=8))
def test_many_texts_are_read_as_few_are(notation, texts):
    few, many = parsed(series(texts), notation), parsed(series(texts * 300), notation)
    np.testing.assert_array_equal(np.tile(few.values, 300), many.values)
    np.testing.assert_array_equal(np.tile(few.is_text, 300), many.is_text)
    assert has_long_whole(series(texts)) == has_long_whole(series(texts * 300))


@pytest.mark.parametrize("notation", NOTATIONS, ids=str)
@given(texts=st.lists(CELLS, min_size=1, max_size=8))
def test_many_texts_are_judged_as_few_are(notation, texts):
    # From 40 texts on, the share of odd ones alone decides.
    few, many = series(texts * (60 // len(texts))), series(texts * 400)
    if len(few) >= 40:
        assert is_mostly_numbers(few, notation) == is_mostly_numbers(many, notation)


@pytest.mark.parametrize("count", [10, 1000])
@pytest.mark.parametrize(
    ("texts", "wanted"),
    [
        (["1.5", "2"], True),
        (["1.5", "007"], False),
        (["1.5", "oops"], False),
        (["1.5", "None"], True),
        (["1" * 16, "2" * 17], False),
    ],
)
def test_what_is_meant_as_numbers(texts, wanted, count):
    assert is_mostly_numbers(series(texts * count), Notation()) == wanted


@pytest.mark.parametrize("count", [1, 1000])
def test_numbers_are_the_nearest_there_are(count):
    texts = ["0.1", "1e-5", "123456789.123456789", "-.5", "+7", "1.", "4.9e-324"]
    values = parsed(series(texts * count), Notation()).values
    assert values.tolist() == [float(text) for text in texts] * count
