"""What a row of the canvas's keys is: words, keys, what it does, and why it cannot now."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from studio.core.words import tr

if TYPE_CHECKING:
    from studio.ui.canvas.view import CanvasView

Act: TypeAlias = "Callable[[CanvasView], object]"
WhyNot: TypeAlias = "Callable[[CanvasView], str]"
# The headings under which the rows stand in the overview of keys.
ADD, GO = "Canvas: add and wire", "Canvas: go and select"
CHANGE, BLOCKS, LOOK = "Canvas: change", "Canvas: blocks and states", "Canvas: look"


def always(_canvas: "CanvasView") -> str:
    """Nothing forbids it."""
    return ""


def one_node(canvas: "CanvasView") -> str:
    """Exactly one node is needed."""
    return "" if canvas.selection.only is not None else tr("Select one node first.")


def one_card(canvas: "CanvasView") -> str:
    """Exactly one node, or one block, is needed."""
    return "" if canvas.selection.block is not None else one_node(canvas)


def feeding_node(canvas: "CanvasView") -> str:
    """Exactly one node is needed, which feeds another."""
    only = canvas.selection.only
    if only is None:
        return one_node(canvas)
    return "" if canvas.editor.graph.outgoing(only) else tr("Nothing is wired to it; press Tab.")


def some_nodes(canvas: "CanvasView") -> str:
    """At least one node is needed."""
    return "" if canvas.selection.nodes else tr("Select a node first.")


def anything_chosen(canvas: "CanvasView") -> str:
    """A node, a wire, a frame or a note is needed."""
    picture = canvas.picture
    has_any = canvas.selection.nodes or picture.chosen_edges or picture.remarks.chosen
    return "" if has_any else tr("Select a node, a wire or a note first.")


def any_node(canvas: "CanvasView") -> str:
    """The network must not be empty."""
    return "" if len(canvas.editor.graph) else tr("The network has no layers yet.")


@dataclass(frozen=True, slots=True)
class CanvasKey:
    """One row: `keys` as QKeySequence reads them, `words` in the language of the source.

    Rows with the same words stand as one in the overview. Those not `is_listed` are not
    found by *find anything*: they say nothing without their key, or another action says it.
    """

    key: str
    group: str
    words: str
    keys: tuple[str, ...]
    act: Act
    why_not: WhyNot = always
    is_listed: bool = True
