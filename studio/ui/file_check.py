"""FileCheck: a project that is opened again is told whether its data are still what they were."""

from PySide6.QtCore import QObject, Slot

from studio import jobs
from studio.core.design.dataset import DatasetSpec
from studio.core.design.project import Project
from studio.core.problems import Problem
from studio.ui.context import Context

KEY = "check files"


class FileCheck(QObject):
    """Reads the files of a project once it is open, off the window's thread.

    What it finds holds until the data are opened again; new data were read a moment ago.
    """

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context, self._document = context, context.document
        context.files.opened.connect(self._on_opened)
        context.document.changed.connect(self._on_changed)

    @Slot()
    def _on_opened(self) -> None:
        self._context.background.cancel(KEY)
        project = self._document.project
        if self._document.path is None or project.dataset.is_empty:
            return
        self._context.background.run(
            jobs.check_files,
            project,
            done=lambda problems: self._on_checked(project.dataset, problems),
            key=KEY,
        )

    def _on_checked(self, dataset: DatasetSpec, problems: tuple[Problem, ...]) -> None:
        if _are_same(dataset, self._document.project.dataset):
            known = self._document.report.problems
            self._document.take_of_files(tuple(p for p in problems if p not in known))

    @Slot(object, object)
    def _on_changed(self, before: Project, after: Project) -> None:
        if not _are_same(before.dataset, after.dataset):
            self._document.take_of_files(())


def _are_same(one: DatasetSpec, other: DatasetSpec) -> bool:
    """Whether both were read from the same bytes, whatever is done with them."""
    return (one.source, one.path, one.size, one.sha256, one.joined) == (
        other.source,
        other.path,
        other.size,
        other.sha256,
        other.joined,
    )
