"""ProfileFeed: profiles columns and rows in the background while the page is looked at."""

from PySide6.QtCore import QObject, QTimer

from studio import jobs
from studio.core.design.dataset import DatasetSpec
from studio.core.design.profile import ColumnProfile, DatasetProfile
from studio.core.problems import Problem
from studio.ui.background import Background
from studio.ui.panels.column_facts import ColumnFacts
from studio.ui.panels.data_problems import DataProblems

KEY = "data.profile"
PAUSE_MS = 250  # so that several edits in a row are one reading


class ProfileFeed(QObject):
    """Reads anew where what a column is read as has changed; leaves off when nobody looks."""

    def __init__(self, facts: ColumnFacts, problems: DataProblems, background: Background) -> None:
        super().__init__(facts)
        self._facts, self._problems, self._background = facts, problems, background
        self._dataset = DatasetSpec()
        self._profiled: object = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._begin)

    def show(self, dataset: DatasetSpec, *, is_seen: bool) -> None:
        """Profiles this dataset, unless its profile is there or nobody looks."""
        self._dataset = dataset
        if _relevant(dataset) != self._profiled:
            self._problems.take_found(())  # it no longer holds, and perhaps nobody looks again
        if not is_seen or dataset.is_empty:
            self.leave()
        elif _relevant(dataset) != self._profiled:
            self._timer.start()

    def leave(self) -> None:
        """Nobody looks any longer."""
        self._timer.stop()
        self._background.cancel(KEY)
        if not self._facts.is_profiled:
            self._profiled = None

    def _begin(self) -> None:
        self._profiled = _relevant(self._dataset)
        self._facts.forget_profiles()
        self._problems.take_found(())
        self._background.stream(
            jobs.profile,
            self._dataset,
            key=KEY,
            each=self._on_profile,
            done=self._on_columns_done,
            failed=self._on_failed,
        )

    def _on_profile(self, profile: ColumnProfile) -> None:
        self._facts.take_profile(profile)

    def _on_columns_done(self, _nothing: object) -> None:
        self._background.run(
            jobs.profile_of_rows,
            self._dataset,
            key=KEY,
            done=self._on_rows,
            failed=self._on_failed,
        )

    def _on_rows(self, profile: DatasetProfile) -> None:
        self._problems.take_found(profile.problems, profile.left_out)
        self._facts.end_profile()

    def _on_failed(self, problem: Problem) -> None:
        self._facts.end_profile(str(problem))


def _relevant(dataset: DatasetSpec) -> object:
    """What a profile depends on."""
    steps = tuple(step for step in dataset.recipe if step.is_on)
    where = (dataset.source, dataset.path, dataset.sha256, str(dataset.settings))
    return (where, dataset.columns, steps, dataset.joined)
