"""Params: what each kind takes, what it refuses, and in which words."""

import json
import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core.params import Param, checked, choice, defaults, number, sizes, switch, whole
from studio.core.problems import Place, Severity

UNITS = whole("units", "Units", 64, at_most=100)
RATE = number("rate", "Rate", 0.1, above=0.0, at_most=1.0)
SHARE = number("share", "Share", 0.5, at_least=0.0, at_most=0.95)
ANY_NUMBER = number("shift", "Shift", 0.0)
FROM_ONE = number("gain", "Gain", 1.0, at_least=1.0)
ABOVE_ZERO = number("scale", "Scale", 1.0, above=0.0)
BIAS = switch("bias", "Bias", True)
MODE = choice("mode", "Mode", "last", {"last": "Last step", "all": "Whole sequence"})
KERNEL = sizes("kernel", "Kernel", 3, 2, at_most=9)
SHAPE = Param("shape", "Shape", "shape", (1, -1))
COLUMNS = Param("columns", "Columns", "columns", ())
TEXT = Param("note", "Note", "text", "")
ALL = (UNITS, RATE, SHARE, BIAS, MODE, KERNEL, SHAPE, COLUMNS, TEXT)
PLACE = Place("node", "linear_1")

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=8) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=10,
)


@pytest.mark.parametrize(
    ("param", "given_value", "taken"),
    [
        (UNITS, 1, 1),
        (UNITS, 100, 100),
        (RATE, 1, 1.0),
        (RATE, 1e-300, 1e-300),
        (SHARE, 0, 0.0),
        (ANY_NUMBER, -1e9, -1e9),
        (BIAS, False, False),
        (MODE, "all", "all"),
        (KERNEL, 5, (5, 5)),
        (KERNEL, [1, 9], (1, 9)),
        (SHAPE, [2, -1, 3], (2, -1, 3)),
        (COLUMNS, ["a", "b"], ("a", "b")),
        (TEXT, "words", "words"),
    ],
)
def test_what_is_allowed_comes_back_in_its_own_type(
    param: Param, given_value: object, taken: object
) -> None:
    found = param.check(given_value)
    assert found == taken
    assert type(found) is type(taken)


@pytest.mark.parametrize(
    ("param", "given_value", "expected"),
    [
        (UNITS, 0, "a whole number from 1 to 100"),
        (UNITS, 2.0, "a whole number from 1 to 100"),
        (UNITS, True, "a whole number from 1 to 100"),
        (RATE, 0, "a number above 0, up to 1"),
        (RATE, math.nan, "a number above 0, up to 1"),
        (SHARE, 1, "a number from 0 to 0.95"),
        (ABOVE_ZERO, -1, "a number above 0"),
        (FROM_ONE, 0, "a number of 1 or more"),
        (BIAS, 1, "yes or no"),
        (MODE, "first", "one of last, all"),
        (KERNEL, [3], "2 whole numbers from 1 to 9"),
        (KERNEL, 10, "2 whole numbers from 1 to 9"),
        (SHAPE, [-1, -1], "one to six whole numbers, of which one may be -1"),
        (COLUMNS, "a", "a list of column names"),
        (TEXT, 3, "text"),
    ],
)
def test_what_is_refused_says_what_was_expected(
    param: Param, given_value: object, expected: str
) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(expected)}$"):
        param.check(given_value)


@given(st.sampled_from(ALL), json_values)
def test_any_value_is_taken_whole_or_refused(param: Param, value: object) -> None:
    if not _is_taken(param, value):
        return
    taken = param.check(value)
    assert param.check(json.loads(json.dumps(taken))) == taken
    assert isinstance(param.show(taken), str)


@given(st.dictionaries(st.sampled_from([*(p.key for p in ALL), "other"]), json_values))
def test_checking_all_gives_usable_values_and_a_problem_for_each_refusal(
    values: dict[str, object],
) -> None:
    found, problems = checked(ALL, values, PLACE, "Linear 1")
    refused = [p for p in ALL if p.key in values and not _is_taken(p, values[p.key])]
    assert len(problems) == len(refused) + ("other" in values)
    assert all(found[param.key] == param.default for param in refused)
    assert all(param.check(found[param.key]) == found[param.key] for param in ALL)
    assert all(p.place == PLACE and p.severity is Severity.ERROR for p in problems)
    assert all(len(str(p)) < 400 for p in problems)


def _is_taken(param: Param, value: object) -> bool:
    try:
        param.check(value)
    except ValueError:
        return False
    return True


def test_a_refused_value_is_told_with_owner_and_range() -> None:
    found, problems = checked((UNITS,), {"units": 1000}, PLACE, "Linear 1")
    assert found == {"units": 64}
    [problem] = problems
    assert problem.message == ("Units of Linear 1 is 1000. Expected: a whole number from 1 to 100.")
    assert problem.code == "bad-value"


def test_an_unknown_setting_is_named() -> None:
    [problem] = checked((UNITS,), {"unitz": 3}, PLACE, "Linear 1")[1]
    assert problem.message == "Linear 1 has no setting called unitz."


def test_a_huge_value_is_shortened_where_it_is_told() -> None:
    [problem] = checked((TEXT,), {"note": ["x" * 100_000]}, PLACE, "Linear 1")[1]
    assert len(problem.message) < 200


@pytest.mark.parametrize(
    ("param", "value", "words"),
    [
        (KERNEL, (3, 5), "3 × 5"),
        (RATE, 0.001, "0.001"),
        (MODE, "last", "Last step"),
        (COLUMNS, ("a", "b"), "a, b"),
        (UNITS, 64, "64"),
    ],
)
def test_values_are_shown_as_a_person_reads_them(param: Param, value: object, words: str) -> None:
    assert param.show(param.check(value)) == words


def test_defaults_stand_for_what_was_not_given() -> None:
    assert defaults(ALL) == checked(ALL, {}, PLACE, "Linear 1")[0]
