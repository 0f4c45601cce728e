"""Keys for frames and notes."""

from studio.ui.canvas.key_rows import ADD, CanvasKey

REMARKING = (
    CanvasKey(
        "frame",
        ADD,
        "Add a frame, around what is selected",
        ("Shift+F",),
        lambda canvas: canvas.add_frame(),
    ),
    CanvasKey("note", ADD, "Add a note", ("Shift+N",), lambda canvas: canvas.add_note()),
)
