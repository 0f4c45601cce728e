"""Numbers with words beside them are read as what they say, or not at all."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.data.units import numbers_with_units


def read(*texts, decimal=".", strips=True):
    column = pd.Series(list(texts), dtype="str")
    numbers, problems = numbers_with_units("weight", column, "data.csv", decimal, strips=strips)
    return numbers.tolist(), problems


@pytest.mark.parametrize(
    ("text", "decimal", "number"),
    [
        ("12,5 kg", ",", 12.5),
        ("12.5kg", ".", 12.5),
        ("1.200,50 €", ",", 1200.5),
        ("$1,200.50", ".", 1200.5),
        ("-$5", ".", -5.0),
        ("$-5", ".", -5.0),
        ("\u22125 °C", ".", -5.0),
        ("(5)", ".", -5.0),
        ("12\u00a0345,6 km", ",", 12345.6),
        ("1'000 CHF", ".", 1000.0),
        ("40 %", ".", 0.4),
        ("about 7.", ".", 7.0),
        ("1e5", ".", 1e5),
        ("+.5", ".", 0.5),
    ],
)
def test_units_marks_and_signs_are_understood(text, decimal, number):
    numbers, problems = read(text, decimal=decimal)
    assert numbers == [pytest.approx(number)]
    assert problems == []


@pytest.mark.parametrize(
    "text", ["12-15 kg", "3/4", "2024-01-31", "heavy", "1,2", "1.2.3", "7" * 200]
)
def test_what_is_no_single_number_is_missing_and_told(text):
    numbers, (problem,) = read("1", text)
    assert np.isnan(numbers[1])
    assert problem.code == "text-in-numbers"
    assert "row 2" in problem.message


def test_without_stripping_only_bare_numbers_count():
    numbers, (problem,) = read("5", "5 kg", "40 %", strips=False)
    assert numbers[0] == 5
    assert np.isnan(numbers[1:]).all()
    assert "2 texts" in problem.message


def test_gaps_are_no_mistakes_and_different_units_are_told():
    numbers, problems = read("n/a", "-", None)
    assert np.isnan(numbers).all()
    assert problems == []
    _, (problem,) = read("5 kg", "7 g")
    assert problem.code == "mixed-units"
    assert "g, kg" in problem.message


@given(st.floats(-1e9, 1e9), st.sampled_from(["", " kg", "%", " €", " m"]), st.sampled_from(".,"))
def test_a_number_survives_being_written(number, unit, decimal):
    text = f"{number:.3f}".replace(".", decimal) + unit
    (found,), problems = read(text, decimal=decimal)
    assert problems == []
    assert found == pytest.approx(round(number, 3) * (0.01 if unit == "%" else 1), abs=1e-6)
