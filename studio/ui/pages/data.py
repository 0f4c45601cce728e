"""DataPage: see the data, say what each column is for, and deal the rows to three parts."""

from dataclasses import replace

from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget
from typing_extensions import override

from studio import jobs
from studio.core.design.dataset import COLUMN_KINDS, COLUMN_ROLES, ColumnChoice, DatasetSpec
from studio.core.design.fixes import apply_fix
from studio.core.design.project import Project
from studio.core.design.templates import template_for
from studio.core.params import Values
from studio.core.problems import Fix, Place, Problem, StudioError
from studio.core.words import tr
from studio.ui.context import Context
from studio.ui.pages.data_empty import DataEmpty
from studio.ui.pages.data_feed import Feed
from studio.ui.pages.data_join import Joining
from studio.ui.pages.data_looks import DataLooks
from studio.ui.pages.data_opening import OpeningLook
from studio.ui.pages.data_profile import ProfileFeed
from studio.ui.pages.data_reading import Reading
from studio.ui.pages.data_steps import StepLooks
from studio.ui.pages.waiting import Waiting
from studio.ui.panels.column_facts import kind_text, role_text
from studio.ui.panels.data_side import DataSide
from studio.ui.panels.data_views import DataViews
from studio.ui.panels.dataset import DatasetPanel
from studio.ui.panels.dataset_edits import (
    own_choices,
    read_again,
    with_dataset,
    with_kind,
    with_other_inputs,
    with_role,
)
from studio.ui.panels.split import SplitCard
from studio.ui.theme import SPACE_3, SPACE_4

KEY = "data.read_again"
NARROW = 1080


class DataPage(QWidget):
    """The first stage. Everything on it is an edit of the dataset, or news of one."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page.data")
        self.setAccessibleName(tr("Data"))
        self._context, self._document = context, context.document
        self._dataset = DatasetSpec()
        self.waiting = Waiting()
        self.empty = DataEmpty(context)
        self.panel = DatasetPanel(self._document)
        self.views = DataViews()
        self.table, self.thumbnails = self.views.table, self.views.thumbnails
        self.split = SplitCard(self._document)
        self.side = DataSide(self._document)
        self.problems, self.facts, self.offer = (
            self.side.problems,
            self.side.facts,
            self.side.offer,
        )
        self._rows = Feed(self.table.rows, context.background, context.navigation)
        self._pictures = Feed(self.thumbnails.model, context.background, context.navigation)
        self._looks = DataLooks(self.views, context.background)
        self._reading = Reading(self.panel, self.table, context.background)
        self._profiles = ProfileFeed(self.facts, self.problems, context.background)
        self._steps = StepLooks(self.side, context.background)
        self._joining = Joining(self.panel, self.waiting, context)
        self._lay_out()
        self.first_look = OpeningLook(context.opening, self.waiting, self._stack, self._show_open)
        self._connect()
        self._show(self._document.project)
        self.offer.show_project(self._document.project, self._document.report)

    def refresh(self, before: Project, after: Project) -> None:
        """Shows what has changed."""
        if before.dataset is not after.dataset:
            self._show(after)
        self.offer.show_project(after, self._document.report)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._profiles.show(self._dataset, is_seen=True)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        was_narrow = event.oldSize().width() < NARROW
        if was_narrow != (self.width() < NARROW) or event.oldSize().width() < 0:
            self._fold(is_folded=self.width() < NARROW)

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._profiles.leave()
        self.thumbnails.leave()

    def choose_column(self, name: str, *, scrolls: bool = True) -> None:
        """Shows a column's facts, and the column."""
        self.table.choose(name, scrolls=scrolls)
        self.facts.choose(name)
        self.side.recipe.choose_column(name)

    def _fold(self, *, is_folded: bool) -> None:
        """In a narrow window the data have the room; file and settings are one click away."""
        self.panel.setVisible(not is_folded)
        self._edge.setVisible(is_folded)
        self.views.show_fold(is_folded=is_folded)

    def _lay_out(self) -> None:
        content = QWidget()
        row = QHBoxLayout(content)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._edge = QWidget()
        self._edge.setFixedWidth(SPACE_4)
        self._edge.hide()
        row.addWidget(self._edge)
        row.addWidget(self.panel)
        row.addWidget(self._middle(), 1)
        row.addSpacing(SPACE_3)
        row.addWidget(self.side)
        stack = QWidget()
        self._stack = QStackedLayout(stack)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(content)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.waiting)
        rows.addWidget(stack, 1)

    def _middle(self) -> QWidget:
        middle = QWidget()
        rows = QVBoxLayout(middle)
        rows.setContentsMargins(0, SPACE_4, 0, SPACE_4)
        rows.setSpacing(SPACE_3)
        rows.addWidget(self.views, 1)
        rows.addWidget(self.split)
        return middle

    def _connect(self) -> None:
        self._document.changed.connect(self.refresh)
        self.offer.network_wanted.connect(self._on_network_wanted)
        self.offer.fix_wanted.connect(self._on_fix_wanted)
        self.panel.open_wanted.connect(lambda: self._context.actions.trigger("open_data"))
        self._looks.series_read.connect(self.split.show_borders)
        self.views.fold.clicked.connect(lambda: self._fold(is_folded=self.panel.isVisible()))
        self.panel.settings_chosen.connect(self._on_settings_chosen)
        self.panel.reading_chosen.connect(self._on_reading_chosen)
        self.table.column_chosen.connect(self._on_column_chosen)
        self.problems.column_wanted.connect(self._on_column_chosen)
        self.problems.file_wanted.connect(lambda: self._context.actions.trigger("open_data"))
        self.facts.column_chosen.connect(self._on_column_chosen)
        self.table.head.kind_chosen.connect(self._on_kind_chosen)
        self.table.head.role_chosen.connect(self._on_role_chosen)
        self.waiting.cancelled.connect(self._on_cancelled)
        self._context.navigation.place_wanted.connect(self._on_place_wanted)

    def _show(self, project: Project) -> None:
        dataset, before = project.dataset, self._dataset
        self._dataset = dataset
        self._show_open()
        is_anew = (dataset.summary, dataset.path) != (before.summary, before.path)
        if is_anew:
            self._rows.show(dataset)
            self._pictures.show(dataset)
            self._reading.show(dataset)
        self.views.show_dataset(dataset, is_read_anew=is_anew)
        self._looks.show(dataset)
        self._profiles.show(dataset, is_seen=self.isVisible())
        self._steps.show(dataset)
        if is_anew:
            self.choose_column(_first_column(dataset, self.facts.name), scrolls=False)
            self.side.show_first()

    def _show_open(self) -> None:
        """What is open is in front, or the empty page, unless something is being opened."""
        if self._context.opening.look is not None:
            return
        self._stack.setCurrentIndex(0 if self._dataset.is_empty else 1)

    def _on_column_chosen(self, name: str) -> None:
        self.choose_column(name)
        if self.side.tab != "recipe":
            self.side.show_tab("column")

    def _on_kind_chosen(self, name: str, key: str) -> None:
        kind = next(kind for kind in COLUMN_KINDS if kind == key)
        self._document.apply(with_kind(name, kind), kind_text(name, kind))

    def _on_role_chosen(self, name: str, key: str) -> None:
        role = next(role for role in COLUMN_ROLES if role == key)
        self._document.apply(with_role(name, role), role_text(name, role))

    def _on_settings_chosen(self, settings: Values) -> None:
        dataset = self._document.project.dataset
        chosen = tuple(ColumnChoice(*parts) for parts in own_choices(dataset))
        self.waiting.show_waiting(tr("Reading {path} again…", path=dataset.path))
        self._reading.look(dataset, settings)
        self._context.background.run(
            jobs.open_data,
            dataset.path,
            settings,
            chosen,
            key=KEY,
            done=lambda found: self._on_read_again(dataset, found),
            failed=self._on_read_failed,
        )

    def _on_reading_chosen(self, key: str) -> None:
        dataset = self._document.project.dataset
        words = tr("Read as a time series") if key == "series" else tr("Read as a table")
        self._context.background.run(
            jobs.read_as,
            dataset,
            key,
            key=KEY,
            done=lambda found: self._on_read_as(dataset, found, words),
            failed=self._on_read_failed,
        )

    def _on_read_as(self, before: DatasetSpec, found: DatasetSpec, words: str) -> None:
        if self._document.project.dataset is before:
            self._document.apply(with_other_inputs(found), words)

    def _on_read_again(self, before: DatasetSpec, found: DatasetSpec) -> None:
        self.waiting.show_nothing()
        self._reading.end()
        if self._document.project.dataset.path == before.path:
            self._document.apply(
                with_dataset(read_again(self._document.project.dataset, found)),
                tr("Change import settings"),
            )
        self.panel.show_import()

    def _on_read_failed(self, problem: Problem) -> None:
        self._reading.end()
        self.waiting.show_problem(problem)
        self.panel.show_import()

    def _on_cancelled(self) -> None:
        self._context.background.cancel(KEY)
        self._reading.end()
        self._context.opening.cancel()
        self.waiting.show_nothing()
        self.panel.show_import()

    def _on_network_wanted(self) -> None:
        dataset = self._document.project.dataset
        try:
            made = jobs.new_project(template_for(dataset), dataset)
        except StudioError as error:
            self._context.navigation.say_problem(error.problem)
            return
        self._document.apply(
            lambda project: replace(project, graph=made.graph, training=made.training),
            tr("Use a network that fits"),
        )
        self._context.navigation.go_to("model")

    def _on_fix_wanted(self, fix: Fix) -> None:
        self._document.apply(lambda project: apply_fix(project, fix), fix.label)

    def _on_place_wanted(self, place: Place) -> None:
        if place.kind == "column":
            self.choose_column(place.key)
            self.side.show_tab("column")
        elif place.kind in ("recipe", "augmentation"):
            self.side.show_tab("recipe" if place.kind == "recipe" else "augmentation")


def _first_column(dataset: DatasetSpec, shown: str) -> str:
    """The column to begin with: the one that was shown, the target, or the first."""
    names = [c.name for c in dataset.columns]
    if shown in names:
        return shown
    targets = [c.name for c in dataset.targets()]
    return next(iter((*targets, *names)), "")
