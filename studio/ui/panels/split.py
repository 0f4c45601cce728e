"""SplitCard: how the rows are dealt to training, validation and test: a bar, and words for it."""

from dataclasses import replace

from PySide6.QtWidgets import QHBoxLayout, QWidget

from studio.core.design.dataset import DatasetSpec, SplitSpec
from studio.core.design.previews import SeriesPreview
from studio.core.design.project import Project
from studio.core.design.usable import usable_rows
from studio.core.words import tr
from studio.ui.cards import Card
from studio.ui.controls import Button, Elided, label
from studio.ui.document import Document
from studio.ui.panels.dataset_edits import with_split
from studio.ui.panels.split_bar import SplitBar
from studio.ui.panels.split_form import SplitForm
from studio.ui.panels.split_params import split_words
from studio.ui.sample_words import row_noun
from studio.ui.theme import SPACE_2


class SplitCard(Card):
    """The three parts as one bar, with what decides how rows are dealt to them."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setAccessibleName(tr("Parts"))
        self._document = document
        self._borders = SeriesPreview()
        self.bar = SplitBar()
        self.words = Elided(size="small", tone="soft")
        self.words.setObjectName("split.words")
        self.how = Button(tr("Deal in another way"), icon_name="split")
        self.how.setObjectName("split.how")
        self.form = SplitForm(self)
        self.form.hide()
        head = QHBoxLayout()
        head.setSpacing(SPACE_2)
        head.addWidget(label(tr("Parts"), is_strong=True))
        head.addWidget(self.words, 1)
        head.addWidget(self.how)
        self.body.addLayout(head)
        self.body.addWidget(self.bar)
        self.bar.chosen.connect(self._on_bar_moved)
        self.bar.left.connect(document.end_merge)
        self.how.clicked.connect(lambda: self.form.open_above(self.how))
        self.form.chosen.connect(self._on_split_chosen)
        self.form.left.connect(document.end_merge)
        document.changed.connect(self.refresh)
        document.found_changed.connect(self._on_found)
        self._show(document.project.dataset)

    def refresh(self, before: Project, after: Project) -> None:
        """Shows what has changed."""
        if before.dataset is not after.dataset:
            self._borders = SeriesPreview()
            self._show(after.dataset)

    def show_borders(self, preview: SeriesPreview) -> None:
        """When the parts of a series begin, as it was read for the screen."""
        self._borders = preview
        self._show(self._document.project.dataset)

    def _on_found(self) -> None:
        self._show(self._document.project.dataset)

    def _show(self, dataset: DatasetSpec) -> None:
        summary, split = dataset.summary, dataset.split
        if summary is None:
            return
        own = summary.own_test_rows
        if split.folds > 1:
            split = replace(split, validation=(1 - split.test) / split.folds)
        if own:
            split = replace(split, test=0.0)
        self.bar.sample = row_noun(dataset)
        rows = max(0, usable_rows(dataset) - self._document.left_out)
        self.bar.show_split(split, rows, own)
        self.bar.set_reason(_why_fixed(dataset))
        words = split_words(dataset, self._borders.borders, is_time=self._borders.is_time)
        self.words.set_text(words)
        self.form.show_dataset(dataset)

    def _on_bar_moved(self, split: SplitSpec, merge_key: str) -> None:
        dataset = self._document.project.dataset
        if dataset.summary is not None and dataset.summary.own_test_rows:
            split = replace(split, test=dataset.split.test)
        if split.folds > 1:
            split = replace(split, validation=dataset.split.validation)
        self._document.apply(with_split(split), tr("Change the parts"), merge_key)

    def _on_split_chosen(self, split: SplitSpec, words: str, merge_key: str) -> None:
        self._document.apply(with_split(split), words, merge_key)


def _why_fixed(dataset: DatasetSpec) -> str:
    """Why the borders cannot be moved; empty where they can."""
    if dataset.split.method == "column":
        return tr("The column {name} says which part a row is in.", name=dataset.split.column)
    if dataset.split.folds > 1:
        return tr("The folds decide how large the validation part is.")
    return ""
