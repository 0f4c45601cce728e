"""Formulas: what they mean, what is refused and where, and that nothing in them is ever run."""

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from studio.core.catalogue import LAYERS
from studio.core.expression import (
    FUNCTIONS,
    BadExpression,
    Call,
    Name,
    Number,
    parsed,
    shape_of,
)


def test_operators_bind_as_at_school() -> None:
    a, b = Name(0), Name(1)
    assert parsed("a + b * a") == Call("add", (a, Call("multiply", (b, a))))
    assert parsed("a - b - a") == Call("subtract", (Call("subtract", (a, b)), a))
    assert parsed("-a ^ 2") == Call("negative", (Call("power", (a, Number(2))),))
    assert parsed("a ^ b ^ a") == Call("power", (a, Call("power", (b, a))))
    assert parsed("a ** -b") == Call("power", (a, Call("negative", (b,))))
    assert parsed("(a + b) / 2") == Call("divide", (Call("add", (a, b)), Number(2)))


def test_plain_numbers_are_worked_out_at_once() -> None:
    assert parsed("a * (2 * pi - 1e1)") == Call("multiply", (Name(0), Number(2 * math.pi - 10)))
    assert parsed("a + max(1, 3) ^ 2") == Call("add", (Name(0), Number(9.0)))
    assert parsed("clip(a, -1, exp(0))") == Call("clip", (Name(0), Number(-1), Number(1)))


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("", 0, "ends"),
        ("a +", 0, "ends"),
        ("a b", 3, "not expected"),
        ("a + foo", 5, "foo is not known"),
        ("foo(a)", 1, "no function"),
        ("relu", 1, "relu(…)"),
        ("max(a)", 1, "takes 2 values"),
        ("(a", 1, "never closed"),
        ("a / 0", 3, "divides by zero"),
        ("a / (1 - 1)", 3, "divides by zero"),
        ("a + log(0 - 1)", 5, "cannot be worked out"),
        ("a + 10 ^ 999", 8, "cannot be worked out"),
        ("a + 1e999", 5, "too large"),
        ("1 + 2", 0, "names none"),
        ("__import__('os')", 1, "no function"),
        ("a.shape", 2, "not expected"),
        ("a; b", 2, "not expected"),
        ("é + a", 1, "not known"),
        ("(" * 60 + "a" + ")" * 60, 41, "nested"),
        ("-" * 60 + "a", 41, "nested"),
        ("a" + "+a" * 200, 0, "401 letters"),
    ],
)
def test_what_is_no_formula_is_refused_with_its_place(text: str, place: int, words: str) -> None:
    with pytest.raises(BadExpression, match=words.replace("(", r"\(").replace(")", r"\)")) as found:
        parsed(text)
    assert found.value.place == place


@given(st.text(alphabet="abx12.+-*/^(), log_'\"[]é\n", max_size=60))
@example("+" * 1000)
@example("a" + "^a" * 190)
@example("a" + "+a" * 199)
def test_any_text_is_a_formula_or_refused(text: str) -> None:
    trouble = None
    try:
        assert shape_of(parsed(text), ((2,),) * 8) == (2,)
    except BadExpression as reason:
        trouble = reason
    assert trouble is None or (str(trouble) and trouble.place <= len(text) + 1)


def test_sizes_of_one_are_stretched_and_others_must_fit() -> None:
    inputs = ((3, 4), (3, 1), (4,))
    assert shape_of(parsed("a * b + 1"), inputs) == (3, 4)
    assert shape_of(parsed("mean(a)"), inputs) == (3, 1)
    assert shape_of(parsed("softmax(a) - mean(a)"), inputs) == (3, 4)
    with pytest.raises(BadExpression, match="do not fit"):
        shape_of(parsed("a + c"), inputs)


def test_the_help_names_every_function() -> None:
    words = LAYERS["expression"].param("expression").help
    assert not [name for name in FUNCTIONS if name not in words]


@pytest.mark.parametrize(
    ("text", "end"),
    [("sigmod(a)", "Was sigmoid meant?"), ("SQRT(a)", "Was sqrt meant?"), ("zzz(a)", "cumsum.")],
)
def test_a_function_that_is_not_known_is_answered_with_the_nearest(text, end):
    with pytest.raises(BadExpression) as found:
        parsed(text)
    assert str(found.value).endswith(end)
    assert found.value.place == 1
