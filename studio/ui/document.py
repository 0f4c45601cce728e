"""Document: the open Project, its file and its undo stack. The only mutable one of its kind."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from studio.core.design.dataset_check import dataset_problems
from studio.core.design.graph import Graph
from studio.core.design.project import Project
from studio.core.design.report import Report, examine
from studio.core.problems import Problem, Severity
from studio.ui.commands import EditProject

Edit: TypeAlias = Callable[[Project], Project]
_ORDER = {severity: place for place, severity in enumerate(Severity)}


class Document(QObject):
    """The open project. Views send edits to `apply` and draw on `changed`.

    Signals:
        changed(before, after): the project is another one; both are Projects.
        replaced(): another project was opened; undo history is gone.
        file_changed(): the path, or whether everything is saved, is another.
        found_changed(): a look at all the data, or at their files, found other Problems.
    """

    changed = Signal(object, object)
    replaced = Signal()
    file_changed = Signal()
    found_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project = Project()
        self._path: Path | None = None
        self._is_pristine = True
        self._merges = 0
        self._found: tuple[Problem, ...] = ()
        self._of_files: tuple[Problem, ...] = ()
        self._left_out = 0
        self.undo_stack = QUndoStack(self)
        self.undo_stack.cleanChanged.connect(self._on_clean_changed)

    @property
    def project(self) -> Project:
        """The current value."""
        return self._project

    @property
    def path(self) -> Path | None:
        """The project's file, or None while it was never saved."""
        return self._path

    @property
    def is_saved(self) -> bool:
        """True where the file holds the current value."""
        return self.undo_stack.isClean() and self._is_pristine

    @property
    def report(self) -> Report:
        """What examine() says of the current value."""
        return examine(self._project)

    @property
    def found(self) -> tuple[Problem, ...]:
        """What was found by looking at all the data, beyond what reading them said."""
        return self._found

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Every Problem there is to show, errors first: the report's and those found since."""
        every = (*self._of_files, *self.report.problems, *self._found)
        return tuple(sorted(every, key=lambda problem: _ORDER[problem.severity]))

    @property
    def data_problems(self) -> tuple[Problem, ...]:
        """Those of `problems` that are about the data."""
        of_data = dataset_problems(self._project.dataset)
        since = (*self._of_files, *self._found)
        return tuple(p for p in self.problems if p in of_data or p in since)

    @property
    def left_out(self) -> int:
        """How many rows the repairs leave out, as far as all the data were looked at."""
        return self._left_out

    def take_found(self, problems: tuple[Problem, ...], left_out: int = 0) -> None:
        """All the data were looked at, or what was found then no longer holds."""
        if (problems, left_out) != (self._found, self._left_out):
            self._found, self._left_out = problems, left_out
            self.found_changed.emit()

    def take_of_files(self, problems: tuple[Problem, ...]) -> None:
        """The files of the project were read, or are others now."""
        if problems != self._of_files:
            self._of_files = problems
            self.found_changed.emit()

    def apply(self, edit: Edit, text: str, merge_key: str = "") -> None:
        """Replaces the project by `edit(project)` as one undo step called `text`.

        Nothing happens where the edit changes nothing. Steps with the same non-empty
        `merge_key` in a row become one.
        """
        before, after = self._project, edit(self._project)
        if after is before or after == before:
            return
        key = f"{self._merges} {merge_key}" if merge_key else ""
        self.undo_stack.push(EditProject(before, after, text, self._show, key))

    def apply_to_graph(
        self, edit: Callable[[Graph], Graph], text: str, merge_key: str = ""
    ) -> None:
        """`apply` for an edit of the graph alone."""
        self.apply(lambda project: replace(project, graph=edit(project.graph)), text, merge_key)

    def end_merge(self) -> None:
        """The next edit starts a step of its own, whatever its merge key (a field was left)."""
        self._merges += 1

    def open_project(
        self, project: Project, path: Path | None, *, is_pristine: bool = True
    ) -> None:
        """Shows another project; undo starts anew. A recovered one is not pristine: unsaved."""
        before = self._project
        self.undo_stack.clear()
        self._project, self._path = project, path
        self._is_pristine = is_pristine
        self._found = self._of_files = ()
        self._left_out = 0
        self.replaced.emit()
        self.changed.emit(before, project)
        self.file_changed.emit()

    def mark_saved(self, path: Path) -> None:
        """The current value now stands in `path`."""
        self._path = path
        self._is_pristine = True
        self.undo_stack.setClean()
        self.file_changed.emit()

    def close(self) -> None:
        """Nothing is told any more: Qt empties the stack while it takes the window apart."""
        self.undo_stack.blockSignals(True)

    def _show(self, project: Project) -> None:
        before, self._project = self._project, project
        self.changed.emit(before, project)

    def _on_clean_changed(self, _clean: bool) -> None:
        self.file_changed.emit()
