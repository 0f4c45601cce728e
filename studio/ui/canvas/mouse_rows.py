"""What the mouse does on the canvas, told in the overview of keys: nothing is there to be guessed.

Held keys and gestures are told here and done by `pointing`, `gestures`, `moving`, `connecting`.
"""

from collections.abc import Iterator

from studio.core.words import tr
from studio.ui.deeds import Deed

GROUP = "Canvas: with the mouse"
# What is done, and how, each way as one cap.
ROWS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Add a layer there", ("Double click",)),
    ("Layer for a loose wire", ("Let go anywhere",)),
    ("Layer into a wire", ("Double click on it",)),
    ("Loose card into a wire", ("Drag it there",)),
    ("Card out of its wires", ("Alt+Drag",)),
    ("Take a wire away", ("Alt+Click",)),
    ("Move a wire's end", ("Drag at the input",)),
    ("Rename a card", ("Double click",)),
    ("Move without grid and lines", ("Ctrl+Drag",)),
    ("Select several", ("Drag on the ground",)),
    ("Select more", ("Shift+Click", "Shift+Drag")),
    ("Select or not", ("Ctrl+Click", "Ctrl+Drag")),
    ("Move the view", ("Middle button", "Space+Drag")),
    ("Zoom to the pointer", ("Ctrl+Wheel", "Pinch")),
    ("Move sideways", ("Shift+Wheel",)),
    ("What can be done to it", ("Right click",)),
)


def mouse_deeds() -> Iterator[Deed]:
    """The rows as the overview of keys wants them; *find anything* has nothing to do there."""
    for words, ways in ROWS:
        how = tuple(tr(way) for way in ways)
        yield Deed(f"mouse.{words}", tr(GROUP), tr(words), how=how, is_listed=False)
