"""DataLooks: reads what the views of texts and of series show, anew when it would be another."""

from PySide6.QtCore import QObject, Signal

from studio import jobs
from studio.core.design.dataset import DatasetSpec
from studio.core.design.previews import SeriesPreview, TextPreview
from studio.core.problems import Problem
from studio.ui.background import Background
from studio.ui.panels.data_views import TIME, TOKENS, DataViews

KEY = "data.look"
TEXTS, POINTS = 60, 2000


class DataLooks(QObject):
    """Reads for the view that is shown, and only for that.

    Signals:
        series_read(preview): a stretch of the series was read, a SeriesPreview.
    """

    series_read = Signal(object)

    def __init__(self, views: DataViews, background: Background) -> None:
        super().__init__(views)
        self._views, self._background = views, background
        self._dataset = DatasetSpec()
        self._shown: object = None
        views.view_changed.connect(self.refresh)
        views.series.group_chosen.connect(self.refresh)

    def show(self, dataset: DatasetSpec) -> None:
        """What is wanted is read from here from now on."""
        self._dataset = dataset
        self.refresh()

    def refresh(self) -> None:
        """Reads what the shown view needs, unless it shows just that."""
        dataset, view = self._dataset, self._views.shown
        group = self._views.series.group.currentText()
        wanted = _relevant(dataset, view, group)
        if dataset.is_empty or wanted is None or wanted == self._shown:
            return
        self._shown = wanted
        if view == TOKENS:
            self._views.texts.show_waiting()
            self._run(dataset, jobs.text_preview, TEXTS)
        else:
            self._views.series.show_waiting()
            self._run(dataset, jobs.series_preview, group, POINTS)

    def _run(self, dataset: DatasetSpec, function: object, *arguments: object) -> None:
        self._background.run(
            function,  # type: ignore[arg-type]
            dataset,
            *arguments,
            key=KEY,
            done=lambda preview: self._on_read(dataset, preview),
            failed=self._on_failed,
        )

    def _on_read(self, dataset: DatasetSpec, preview: TextPreview | SeriesPreview) -> None:
        if isinstance(preview, TextPreview):
            self._views.texts.show_preview(dataset, preview)
        else:
            self._views.series.show_preview(dataset, preview)
            self.series_read.emit(preview)

    def _on_failed(self, problem: Problem) -> None:
        view = self._views.texts if self._views.shown == TOKENS else self._views.series
        view.show_trouble(str(problem))


def _relevant(dataset: DatasetSpec, view: str, group: str) -> object:
    """What the view depends on; None for a view that reads for itself."""
    origin = (dataset.source, dataset.path, dataset.sha256, str(dataset.settings), dataset.columns)
    if view == TOKENS:
        return (view, origin, dataset.text, dataset.split)
    if view == TIME:
        return (view, origin, dataset.series, dataset.split, group)
    return None
