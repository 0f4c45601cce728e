"""Keys for the wires of what is selected."""

from typing import TYPE_CHECKING

from studio.core.design.detaching import loose_edges
from studio.core.words import tr
from studio.ui.canvas.key_rows import CHANGE, CanvasKey, some_nodes

if TYPE_CHECKING:
    from studio.ui.canvas.view import CanvasView


def _why_not_detach(canvas: "CanvasView") -> str:
    if not loose_edges(canvas.editor.graph, canvas.selection.nodes):
        return some_nodes(canvas) or tr("No wire leads to what is selected.")
    return ""


WIRING = (
    CanvasKey(
        "detach",
        CHANGE,
        "Take out of its wires, which close behind it",
        ("Shift+X",),
        lambda canvas: canvas.editor.detach(),
        _why_not_detach,
    ),
)
