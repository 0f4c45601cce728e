"""Shape arithmetic against what it stands for: counting windows, numbers and rows one by one."""

from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core.shapes import (
    Shape,
    concatenated,
    convolved_size,
    flattened,
    reshaped,
    show,
    size_of,
)

small_shapes = st.lists(st.integers(1, 6), min_size=1, max_size=4).map(tuple)


@pytest.mark.parametrize(
    ("shape", "words"),
    [((10,), "10"), ((32, 14, 14), "32 × 14 × 14"), ((1_000_000,), "1\u2009000\u2009000")],
)
def test_a_shape_is_shown_as_a_person_writes_it(shape: Shape, words: str) -> None:
    assert show(shape) == words


@given(
    st.integers(1, 20),
    st.integers(1, 7),
    st.integers(1, 4),
    st.integers(0, 5),
    st.integers(1, 3),
)
def test_convolving_counts_the_places_of_the_window(
    size: int, kernel: int, stride: int, padding: int, dilation: int
) -> None:
    reach = dilation * (kernel - 1) + 1
    places = len(range(0, size + 2 * padding - reach + 1, stride))
    found = convolved_size(size, kernel=kernel, stride=stride, padding=padding, dilation=dilation)
    assert max(found, 0) == places


@given(small_shapes)
def test_flattening_keeps_every_number(shape: Shape) -> None:
    assert size_of(flattened(shape)) == size_of(shape) == prod(shape)
    assert len(flattened(shape)) == 1


@given(small_shapes, small_shapes)
def test_reshaping_keeps_the_count_or_says_no(shape: Shape, wanted: Shape) -> None:
    found = reshaped(shape, wanted)
    assert found == (wanted if prod(wanted) == prod(shape) else None)


@given(small_shapes, st.data())
def test_what_is_left_over_is_worked_out(shape: Shape, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(shape) - 1))
    wanted = (*shape[:place], -1, *shape[place + 1 :])
    assert reshaped(shape, wanted) == shape


@pytest.mark.parametrize(
    ("shape", "wanted"), [((7,), (2, -1)), ((7,), (8, -1)), ((2, 3), (5,)), ((1,), (2, 3))]
)
def test_counts_that_do_not_agree(shape: Shape, wanted: Shape) -> None:
    assert reshaped(shape, wanted) is None


@given(small_shapes, st.integers(1, 6), st.data())
def test_joining_adds_along_one_axis(shape: Shape, size: int, data: st.DataObject) -> None:
    axis = data.draw(st.integers(0, len(shape) - 1))
    other = (*shape[:axis], size, *shape[axis + 1 :])
    found = concatenated((shape, other), axis)
    assert found is not None
    assert size_of(found) == size_of(shape) + size_of(other)
    assert found == concatenated((other, shape), axis)
    assert found == concatenated((shape, other), axis - len(shape))


@pytest.mark.parametrize(
    ("shapes", "axis"),
    [(((2, 3), (3, 3)), 1), (((2, 3), (2,)), 0), (((2, 3), (2, 3)), 2), (((2,), (2,)), -2)],
)
def test_what_cannot_be_joined(shapes: tuple[Shape, ...], axis: int) -> None:
    assert concatenated(shapes, axis) is None
