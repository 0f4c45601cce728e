"""Feed: reads rows or pictures in the background as a view comes to them, one chunk at a time."""

from PySide6.QtCore import QObject, Qt

from studio import jobs
from studio.core.design.dataset import DatasetSpec, ImagePreview, TablePreview
from studio.core.design.previews import Preview
from studio.core.problems import Problem
from studio.ui.background import Background
from studio.ui.navigation import Navigation
from studio.ui.panels.table_model import TableModel
from studio.ui.panels.thumbnail_model import ThumbnailModel, Wanted


class Feed(QObject):
    """Fills a model. Only what is wanted last is read: a long scroll leaves no queue."""

    def __init__(
        self,
        model: TableModel | ThumbnailModel,
        background: Background,
        navigation: Navigation,
    ) -> None:
        super().__init__(model)
        self._model, self._background, self._navigation = model, background, navigation
        self._dataset = DatasetSpec()
        self._is_reading = False
        # Queued: it is sent while the view paints.
        model.chunk_wanted.connect(self._on_wanted, Qt.ConnectionType.QueuedConnection)

    def show(self, dataset: DatasetSpec) -> None:
        """What is wanted is read from here from now on."""
        self._dataset = dataset

    def _on_wanted(self) -> None:
        wanted = self._model.wanted
        if self._is_reading or wanted is None:
            return
        self._is_reading = True
        dataset = self._dataset
        rows, start = self._span(wanted)
        self._background.run(
            jobs.preview,
            dataset,
            rows,
            start,
            done=lambda preview: self._on_read(dataset, wanted, preview),
            failed=lambda problem: self._on_failed(dataset, wanted, problem),
        )

    def _span(self, wanted: Wanted | int) -> tuple[int, int]:
        """How many rows, and from which on."""
        if isinstance(wanted, Wanted):
            return wanted.rows, wanted.start
        assert isinstance(self._model, TableModel)
        return self._model.chunk, wanted

    def _on_read(self, dataset: DatasetSpec, wanted: Wanted | int, preview: Preview) -> None:
        self._is_reading = False
        if dataset is self._dataset:
            # Each model gets what it asked for, and a preview of its own kind.
            self._model.take(wanted, preview)  # type: ignore[arg-type]
        self._on_wanted()

    def _on_failed(self, dataset: DatasetSpec, wanted: Wanted | int, problem: Problem) -> None:
        if dataset is self._dataset:
            self._navigation.say_problem(problem)
        nothing = ImagePreview() if isinstance(wanted, Wanted) else TablePreview()
        self._on_read(dataset, wanted, nothing)
