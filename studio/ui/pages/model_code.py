"""The code in the Model page's drawer: written anew behind the window when the network changes."""

from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog, QWidget
from typing_extensions import override

from studio import jobs
from studio.core.design.network_code import NetworkCode
from studio.core.design.project import Project
from studio.core.design.storage import write_atomically
from studio.core.problems import Problem, StudioError
from studio.core.words import tr
from studio.ui.context import Context
from studio.ui.dialogs.file_dialog import FileDialog
from studio.ui.panels.code import CodePanel

KEY = "code"
PYTHON = ".py"


class CodeOfNetwork(CodePanel):
    """The panel, kept true while it can be seen; torch is loaded when it is first opened."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._written: Project | None = None
        self._is_writing = self._is_own_choice = False
        context.document.changed.connect(self._on_changed)
        context.selection.changed.connect(self._on_selection_changed)
        self.save_wanted.connect(self._on_save_wanted)
        self.place_wanted.connect(context.navigation.show_place)
        self.node_wanted.connect(self._on_node_wanted)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._write()

    @Slot(object, object)
    def _on_changed(self, _before: Project, _after: Project) -> None:
        if self.isVisible():
            self._write()

    def _write(self) -> None:
        """Writes the code of what is drawn now; of what changes meanwhile once that is done."""
        project = self._context.document.project
        if self._is_writing or _is_alike(self._written, project):
            return
        self._is_writing, self._written = True, project
        self._context.background.run(
            jobs.network_code, project, key=KEY, done=self._on_written, failed=self._on_refused
        )

    @Slot(object)
    def _on_written(self, code: NetworkCode) -> None:
        self._is_writing = False
        if self._is_of_now():
            was_empty = not self.is_showing_code
            self.show_code(code)
            self.mark(self._context.selection.nodes, scrolls=was_empty)
        else:
            self._written = None
        self._on_idle()

    @Slot(object)
    def _on_refused(self, problem: Problem) -> None:
        self._is_writing = False
        if self._is_of_now():
            self.show_obstacle(problem)
        else:
            self._written = None
        self._on_idle()

    def _is_of_now(self) -> bool:
        return _is_alike(self._written, self._context.document.project)

    def _on_idle(self) -> None:
        if self.isVisible():
            self._write()

    @Slot()
    def _on_selection_changed(self) -> None:
        self.mark(self._context.selection.nodes, scrolls=not self._is_own_choice)

    @Slot(str)
    def _on_node_wanted(self, node_id: str) -> None:
        self._is_own_choice = True
        try:
            self._context.selection.choose((node_id,))
        finally:
            self._is_own_choice = False

    @Slot()
    def _on_save_wanted(self) -> None:
        path = self._context.document.path
        dialog = FileDialog(
            tr("Save the code"), path.parent if path else Path.home(), self._save_to, self
        )
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setFileMode(QFileDialog.FileMode.AnyFile)
        dialog.setNameFilter(tr("Python ({pattern})", pattern=f"*{PYTHON}"))
        dialog.setDefaultSuffix(PYTHON.removeprefix("."))
        dialog.selectFile(f"model{PYTHON}")
        dialog.open()

    def _save_to(self, path: Path) -> None:
        try:
            write_atomically(path, self.code.whole.encode("utf-8"))
        except StudioError as error:
            self._context.navigation.say_problem(error.problem)
            return
        self._context.navigation.say(
            tr("{name} is written. It opens here as this drawing again.", name=path.name), "good"
        )


def _is_alike(first: Project | None, second: Project) -> bool:
    """Whether their code is the same: where nodes stand, and how they are trained, is not in it."""
    if first is None:
        return False
    one, other = first.graph, second.graph
    same_drawing = one.nodes is other.nodes and one.edges is other.edges
    same_blocks = one.blocks == other.blocks
    same_aim = first.dataset is second.dataset and first.training.loss == second.training.loss
    return same_drawing and same_blocks and same_aim
