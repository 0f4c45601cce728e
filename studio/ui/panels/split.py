"""SplitCard: how the rows are dealt to training, validation and test, and by which seed."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from studio.core.design.dataset import DatasetSpec, SplitSpec
from studio.core.design.project import Project
from studio.core.params import switch, whole
from studio.core.words import tr
from studio.ui.cards import Card
from studio.ui.controls import label
from studio.ui.document import Document
from studio.ui.fields import field_for
from studio.ui.panels.dataset_edits import with_split
from studio.ui.panels.split_bar import SplitBar
from studio.ui.sample_words import row_noun
from studio.ui.theme import SPACE_4

STRATIFIED = switch(
    "stratified",
    "Keep class shares",
    True,
    help="Each part gets as many rows of a class, in proportion, as the whole.",
)
SEED = whole(
    "split_seed",
    "Seed",
    0,
    at_least=0,
    at_most=2**31 - 1,
    help="The same seed deals the same rows to the same parts.",
)
SEED_WIDTH = 88


class SplitCard(Card):
    """The three parts as one bar, with what decides how rows are dealt to them."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(tr("Parts"), parent)
        self._document = document
        self.bar = SplitBar()
        self._note = label("", size="small", tone="soft")
        self._stratified, self._seed = field_for(STRATIFIED), field_for(SEED)
        self._seed.setFixedWidth(SEED_WIDTH)
        self.header.addWidget(self._note)
        row = QHBoxLayout()
        row.setSpacing(SPACE_4)
        row.addWidget(self.bar, 1, Qt.AlignmentFlag.AlignBottom)
        row.addWidget(self._seed)
        self.body.addLayout(row)
        self.header.addWidget(self._stratified)
        self.bar.chosen.connect(self._on_split_chosen)
        self.bar.left.connect(document.end_merge)
        self._stratified.edited.connect(self._on_stratified_edited)
        self._seed.edited.connect(self._on_seed_edited)
        self._seed.finished.connect(document.end_merge)
        document.changed.connect(self.refresh)
        self._show(document.project.dataset)

    def refresh(self, before: Project, after: Project) -> None:
        """Shows what has changed."""
        if before.dataset is not after.dataset:
            self._show(after.dataset)

    def _show(self, dataset: DatasetSpec) -> None:
        summary = dataset.summary
        if summary is None:
            return
        own = summary.own_test_rows
        split = replace(dataset.split, test=0.0) if own else dataset.split
        self.bar.sample = row_noun(dataset)
        self.bar.show_split(split, usable_rows(dataset), own)
        self._note.setText(tr("The test part comes with the data.") if own else "")
        self._stratified.show_value(dataset.split.is_stratified)
        self._stratified.set_reason(
            "" if dataset.task() == "classes" else tr("Only classes have shares to keep.")
        )
        self._seed.show_value(dataset.split.seed)

    def _on_split_chosen(self, split: SplitSpec, merge_key: str) -> None:
        dataset = self._document.project.dataset
        if dataset.summary is not None and dataset.summary.own_test_rows:
            split = replace(split, test=dataset.split.test)
        self._document.apply(with_split(split), tr("Change the parts"), merge_key)

    def _on_stratified_edited(self, value: object) -> None:
        split = replace(self._document.project.dataset.split, is_stratified=bool(value))
        words = tr("Keep the shares of classes") if value else tr("Deal rows without classes")
        self._document.apply(with_split(split), words)

    def _on_seed_edited(self, value: object) -> None:
        assert isinstance(value, int)
        split = replace(self._document.project.dataset.split, seed=value)
        self._document.apply(with_split(split), tr("Change the seed of the parts"), "split seed")


def usable_rows(dataset: DatasetSpec) -> int:
    """The rows that have a value in each target: the others are left out."""
    if dataset.summary is None:
        return 0
    names = {c.name for c in dataset.targets()}
    missing = (c.missing for c in dataset.summary.columns if c.name in names)
    return dataset.summary.rows - max(missing, default=0)
