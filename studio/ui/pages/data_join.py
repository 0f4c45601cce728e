"""Joining: puts the columns of other data beside those that are open, as one edit."""

from pathlib import Path

from PySide6.QtCore import QObject

from studio import jobs
from studio.core.design.dataset import DatasetSpec, TablePreview
from studio.core.problems import Problem
from studio.core.words import tr
from studio.ui.context import Context
from studio.ui.dialogs.join import JoinDialog
from studio.ui.pages.waiting import Waiting
from studio.ui.panels.dataset import DatasetPanel
from studio.ui.panels.dataset_edits import with_other_inputs

KEY, LOOK_KEY = "data.join", "data.join.look"


class Joining(QObject):
    """Asks in a dialog, reads in the background, says on the page's strip how it goes."""

    def __init__(self, panel: DatasetPanel, waiting: Waiting, context: Context) -> None:
        super().__init__(panel)
        self._panel, self._waiting, self._context = panel, waiting, context
        self._dialog: JoinDialog | None = None
        panel.join_wanted.connect(self._on_join_wanted)
        waiting.cancelled.connect(lambda: context.background.cancel(KEY))

    def _on_join_wanted(self) -> None:
        dataset = self._context.document.project.dataset
        dialog = self._dialog = JoinDialog(dataset, self._panel.window())
        dialog.path_chosen.connect(self._on_path_chosen)
        dialog.wanted.connect(self._join)
        dialog.finished.connect(self._on_finished)
        dialog.open()

    def _on_finished(self) -> None:
        self._dialog = None
        self._context.background.cancel(LOOK_KEY)

    def _on_path_chosen(self, path: str) -> None:
        """A table has columns to choose from; of anything else the files have names."""
        self._context.background.run(
            jobs.first_look,
            path,
            key=LOOK_KEY,
            done=self._on_looked,
            failed=lambda _problem: self._on_looked(TablePreview()),
        )

    def _on_looked(self, preview: TablePreview) -> None:
        if self._dialog is not None:
            self._dialog.show_columns(preview.columns)

    def _join(self, path: str, key: str, other_key: str) -> None:
        dataset = self._context.document.project.dataset
        self._waiting.show_waiting(tr("Adding the columns of {name}…", name=Path(path).name))
        self._context.background.run(
            jobs.join_data,
            dataset,
            path,
            key,
            other_key,
            key=KEY,
            done=lambda found: self._on_joined(dataset, found, path),
            failed=self._on_failed,
        )

    def _on_joined(self, before: DatasetSpec, found: DatasetSpec, path: str) -> None:
        self._waiting.show_nothing()
        if self._context.document.project.dataset is before:
            words = tr("Add columns from {name}", name=Path(path).name)
            self._context.document.apply(with_other_inputs(found), words)

    def _on_failed(self, problem: Problem) -> None:
        self._waiting.show_problem(problem)
