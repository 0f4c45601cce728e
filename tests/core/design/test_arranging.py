"""Aligned cards share a line, distributed ones have equal gaps; the rest stays."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core.design.arranging import Box, Line, aligned, around, distributed

_NUMBERS = st.integers(-4000, 4000).map(float)
_LENGTHS = st.integers(1, 400).map(float)
_BOXES = st.lists(st.builds(Box, _NUMBERS, _NUMBERS, _LENGTHS, _LENGTHS), min_size=1, max_size=9)
BOXES = _BOXES.map(lambda found: {f"n{i}": box for i, box in enumerate(found)})
LINES = {
    "left": lambda box: box.left,
    "centre": lambda box: box.left + box.width / 2,
    "right": lambda box: box.right,
    "top": lambda box: box.top,
    "middle": lambda box: box.top + box.height / 2,
    "bottom": lambda box: box.bottom,
}


def moved(boxes: dict[str, Box], places: Mapping[str, tuple[float, float]]) -> dict[str, Box]:
    assert list(places) == list(boxes)
    return {i: box._replace(left=places[i][0], top=places[i][1]) for i, box in boxes.items()}


@pytest.mark.parametrize("line", LINES)
@given(boxes=BOXES)
def test_aligned_cards_share_the_line_of_what_they_took_together(
    line: Line, boxes: dict[str, Box]
) -> None:
    after = moved(boxes, aligned(boxes, line))
    assert {LINES[line](box) for box in after.values()} == {LINES[line](around(boxes.values()))}
    kept = "top" if line in ("left", "centre", "right") else "left"
    assert all(getattr(after[i], kept) == getattr(boxes[i], kept) for i in boxes)


@given(boxes=BOXES)
def test_distributed_cards_have_equal_gaps_and_the_outermost_stay(boxes: dict[str, Box]) -> None:
    after = moved(boxes, distributed(boxes, "across"))
    assert all(after[i].top == boxes[i].top for i in boxes)
    names = sorted(boxes, key=lambda i: (boxes[i].left + boxes[i].width / 2, i))
    row = [after[i] for i in names]
    gaps = [right.left - left.right for left, right in zip(row, row[1:], strict=False)]
    if len(boxes) > 2:
        assert max(gaps) - min(gaps) < 1e-6
        assert (row[0], row[-1]) == (boxes[names[0]], boxes[names[-1]])
    else:
        assert after == boxes


@given(boxes=BOXES)
def test_down_is_across_turned(boxes: dict[str, Box]) -> None:
    turned = {i: box.turned() for i, box in boxes.items()}
    across = distributed(turned, "across")
    assert distributed(boxes, "down") == {i: (x, y) for i, (y, x) in across.items()}


def test_three_cards_of_different_width_get_one_gap() -> None:
    boxes = {"a": Box(0, 0, 100, 60), "b": Box(130, 20, 40, 60), "c": Box(300, 40, 60, 60)}
    assert distributed(boxes, "across") == {"a": (0, 0), "b": (180, 20), "c": (300, 40)}
