"""Keys that set the selected cards in line or at equal gaps."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from studio.core.design.arranging import LEAST_TO_ALIGN, LEAST_TO_DISTRIBUTE, Axis, Line
from studio.core.design.way import Way
from studio.core.words import tr
from studio.ui.canvas.key_rows import CHANGE, Act, CanvasKey, any_node

if TYPE_CHECKING:
    from studio.ui.canvas.view import CanvasView

# A, D, W and S lie on the keyboard as the four sides lie about a card.
_LINES: tuple[tuple[Line, str, str], ...] = (
    ("left", "Align left", "Shift+A"),
    ("centre", "Align centres", "Shift+C"),
    ("right", "Align right", "Shift+D"),
    ("top", "Align top", "Shift+W"),
    ("middle", "Align middles", "Shift+M"),
    ("bottom", "Align bottom", "Shift+S"),
)
_AXES: tuple[tuple[Axis, str, str], ...] = (
    ("across", "Distribute across", "Shift+H"),
    ("down", "Distribute down", "Shift+V"),
)


_WAYS: tuple[tuple[Way, str, str], ...] = (
    ("right", "Arrange from left to right", "Ctrl+Shift+Right"),
    ("down", "Arrange from top to bottom", "Ctrl+Shift+Down"),
)


def two_nodes(canvas: "CanvasView") -> str:
    """At least two nodes are needed."""
    has_enough = len(canvas.selection.nodes) >= LEAST_TO_ALIGN
    return "" if has_enough else tr("Select two nodes or more first.")


def three_nodes(canvas: "CanvasView") -> str:
    """At least three nodes are needed."""
    has_enough = len(canvas.selection.nodes) >= LEAST_TO_DISTRIBUTE
    return "" if has_enough else tr("Select three nodes or more first.")


def _rows() -> Iterator[CanvasKey]:
    for way, words, keys in _WAYS:
        yield CanvasKey(f"arrange_{way}", CHANGE, words, (keys,), _arrange(way), any_node)
    for line, words, keys in _LINES:
        act = _align(line, words)
        yield CanvasKey(f"align_{line}", CHANGE, words, (keys,), act, two_nodes)
    for axis, words, keys in _AXES:
        act = _distribute(axis, words)
        yield CanvasKey(f"distribute_{axis}", CHANGE, words, (keys,), act, three_nodes)


def _arrange(way: Way) -> Act:
    return lambda canvas: canvas.arrange(way=way)


def _align(line: Line, words: str) -> Act:
    return lambda canvas: canvas.align(line, tr(words))


def _distribute(axis: Axis, words: str) -> Act:
    return lambda canvas: canvas.distribute(axis, tr(words))


ARRANGING = tuple(_rows())
