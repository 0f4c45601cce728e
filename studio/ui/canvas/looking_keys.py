"""Keys that change what is seen, beside those of the zoom."""

from typing import TYPE_CHECKING

from studio.core.words import tr
from studio.ui.canvas.key_rows import LOOK, CanvasKey

if TYPE_CHECKING:
    from studio.ui.canvas.view import CanvasView


def _anything(canvas: "CanvasView") -> str:
    has_any = canvas.selection.nodes or canvas.picture.remarks.chosen
    return "" if has_any else tr("Select a node, frame or note first.")


LOOKING_AT = (
    CanvasKey(
        "show_chosen",
        LOOK,
        "Zoom to what is selected",
        ("Z",),
        lambda canvas: canvas.show_chosen(),
        _anything,
    ),
)
