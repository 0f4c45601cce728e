"""SaveDrawing: asks where the drawing of the network goes, and writes it as SVG or PNG."""

from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QFileDialog

from studio.core.design.storage import write_atomically
from studio.core.problems import StudioError
from studio.core.words import tr
from studio.ui.canvas.drawing_file import PICTURES
from studio.ui.canvas.view import CanvasView
from studio.ui.context import Context
from studio.ui.dialogs.file_dialog import FileDialog

USUAL = ".svg"


class SaveDrawing(QObject):
    """The drawing as a file, in the format that its name says."""

    def __init__(self, context: Context, canvas: CanvasView) -> None:
        super().__init__(canvas)
        self._context, self._canvas = context, canvas
        self._folder = Path.home()
        context.actions["save_drawing"].triggered.connect(self._on_wanted)

    @Slot()
    def _on_wanted(self) -> None:
        path = self._context.document.path
        folder = path.parent if path else self._folder
        dialog = FileDialog(tr("Save the drawing"), folder, self.save, self._canvas.window())
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setFileMode(QFileDialog.FileMode.AnyFile)
        filters = [tr("Drawing that can be scaled (*.svg)"), tr("Picture (*.png)")]
        dialog.setNameFilters(filters)
        dialog.filterSelected.connect(
            lambda chosen: dialog.setDefaultSuffix("png" if "png" in chosen else "svg")
        )
        dialog.setDefaultSuffix(USUAL.removeprefix("."))
        dialog.selectFile(self._context.files.name + USUAL)
        dialog.open()

    def save(self, path: Path) -> None:
        """Writes the drawing; what prevents it is said."""
        self._folder = path.parent
        if path.suffix.lower() not in PICTURES:
            path = path.with_name(path.name + USUAL)
        made = PICTURES[path.suffix.lower()](self._canvas, self._context.files.name)
        try:
            write_atomically(path, made)
        except StudioError as refusal:
            self._context.navigation.say_problem(refusal.problem)
            return
        self._context.navigation.say(tr("The drawing is saved as {name}.", name=path.name), "good")
