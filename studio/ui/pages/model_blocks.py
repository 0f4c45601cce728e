"""BlockFiles: blocks go into the palette and out of it, and are shared as files."""

from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QFileDialog

from studio.core.design.block_files import SUFFIX, block_alone, name_of, read_block, write_block
from studio.core.design.graph import Graph
from studio.core.problems import StudioError
from studio.core.words import tr
from studio.ui.block_shelf import SAVED, BlockShelf
from studio.ui.canvas.view import CanvasView
from studio.ui.context import Context
from studio.ui.dialogs.file_dialog import FileDialog
from studio.ui.navigation import Answer
from studio.ui.panels.palette import Palette
from studio.ui.saved_blocks import file_name

FORGOTTEN = "forgotten block"


class BlockFiles(QObject):
    """Joins palette, canvas and files where blocks are concerned."""

    def __init__(
        self, context: Context, canvas: CanvasView, palette: Palette, shelf: BlockShelf
    ) -> None:
        super().__init__(canvas)
        self._context, self._canvas, self._shelf = context, canvas, shelf
        self._folder = Path.home()
        canvas.block_editor.shelf = shelf
        canvas.block_saved.connect(self._on_saved)
        canvas.block_file_wanted.connect(self._on_file_wanted)
        context.opening.block_wanted.connect(self._on_block_wanted)
        palette.block_files_wanted.connect(self._on_files_wanted)
        palette.forget_wanted.connect(self._on_forget_wanted)

    @Slot(str)
    def _on_saved(self, name: str) -> None:
        self._say(tr("{name} is in the palette, under Blocks.", name=name))

    @Slot(Path)
    def _on_block_wanted(self, path: Path) -> None:
        self.bring_in(path)

    @Slot(str)
    def _on_forget_wanted(self, key: str) -> None:
        saved, key = self._shelf.saved, key.removeprefix(SAVED)
        part = saved.blocks.get(key)
        if part is None:
            return
        try:
            saved.forget(key)
        except StudioError as refusal:
            self._context.navigation.say_problem(refusal.problem)
            return
        self._context.navigation.say(
            tr("{name} is no longer in the palette.", name=name_of(part)),
            "accent",
            (Answer(tr("Put it back"), lambda: self._keep(part)),),
            key=FORGOTTEN,
        )

    @Slot(str)
    def _on_file_wanted(self, block_id: str) -> None:
        graph = self._context.document.project.graph
        if block_id not in graph.blocks:
            return
        name = graph.blocks[block_id].name
        dialog = FileDialog(
            tr("Save the block"),
            self._folder,
            lambda path: self.write(block_id, path),
            self._canvas.window(),
        )
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setFileMode(QFileDialog.FileMode.AnyFile)
        dialog.setNameFilters([tr("Block (*{suffix})", suffix=SUFFIX)])
        dialog.setDefaultSuffix(SUFFIX.removeprefix("."))
        dialog.selectFile(file_name(name) + SUFFIX)
        dialog.open()

    @Slot()
    def _on_files_wanted(self) -> None:
        dialog = FileDialog(
            tr("Bring in a block"), self._folder, self.bring_in, self._canvas.window()
        )
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([tr("Block (*{suffix})", suffix=SUFFIX)])
        dialog.open()

    def write(self, block_id: str, path: Path) -> None:
        """Writes a block to a file; what prevents it is said."""
        self._folder, graph = path.parent, self._context.document.project.graph
        if block_id not in graph.blocks:
            return  # it went while the file was chosen
        try:
            write_block(block_alone(graph, block_id), path)
        except StudioError as refusal:
            self._context.navigation.say_problem(refusal.problem)
            return
        self._say(tr("The block is saved as {name}.", name=path.name))

    def bring_in(self, path: Path) -> None:
        """Puts the block of a file into the palette; what is wrong with it is said."""
        self._folder = path.parent
        try:
            part = read_block(path)
        except StudioError as refusal:
            self._context.navigation.say_problem(refusal.problem)
            return
        self._keep(part)

    def _keep(self, part: Graph) -> None:
        """Puts a block into the palette, beside another one of its name."""
        try:
            name = self._shelf.saved.save(part, replaces=False)
        except StudioError as refusal:
            self._context.navigation.say_problem(refusal.problem)
            return
        self._context.navigation.unsay(FORGOTTEN)
        self._on_saved(name)

    def _say(self, words: str) -> None:
        self._context.navigation.say(words, "good")
