"""StepsPanel: the steps of a recipe as cards, to add, open, switch off, move and remove."""

from collections.abc import Mapping

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from studio.core.design.dataset import DatasetSpec
from studio.core.design.project import Project
from studio.core.design.shaping import Step
from studio.core.words import tr
from studio.ui.cards import Card
from studio.ui.controls import Button, label, put_away
from studio.ui.document import Document
from studio.ui.panels.dataset_edits import with_dataset_changed
from studio.ui.panels.step_card import StepCard, StepFace
from studio.ui.panels.step_edits import (
    ENTRIES,
    Offer,
    Shelf,
    fitting_columns,
    offers_for_all,
    offers_for_column,
    steps_of,
    variations,
    with_step,
    with_step_added,
    with_step_moved,
    without_step,
)
from studio.ui.theme import SPACE_1, SPACE_2

TITLES: Mapping[Shelf, str] = {"recipe": "Repairs", "augmentation": "Variations"}
HELP: Mapping[Shelf, str] = {
    "recipe": "Done from top to bottom, and the same again when the model is used. What they "
    "need to know is learnt from the training part alone.",
    "augmentation": "Each time the network sees a sample of the training part, it is varied a "
    "little. Validation and test stay as they are.",
}
ADD: Mapping[Shelf, str] = {"recipe": "Add a repair", "augmentation": "Add a variation"}


class StepsPanel(Card):
    """The steps of one shelf. Every change is an edit of the document.

    Signals:
        step_opened(number): the step whose effect is to be shown; -1 for none.
    """

    step_opened = Signal(int)

    def __init__(self, document: Document, shelf: Shelf) -> None:
        super().__init__(tr(TITLES[shelf]))
        self.setObjectName(shelf)
        self._document, self._shelf = document, shelf
        self._column = ""
        self.open_step = -1
        self.cards: list[StepCard] = []
        self._list = QVBoxLayout()
        self._list.setSpacing(SPACE_1)
        self.add = Button(tr(ADD[shelf]), icon_name="plus")
        self.add.setObjectName(f"{shelf}.add")
        self.add.clicked.connect(self._on_add)
        self._effect = QVBoxLayout()
        self.body.setSpacing(SPACE_2)
        self.body.addWidget(label(tr(HELP[shelf]), size="small", tone="soft", wraps=True))
        self.body.addLayout(self._list)
        self.body.addLayout(self._effect)
        self.body.addWidget(self.add)
        document.changed.connect(self.refresh)
        self._show(document.project.dataset)

    def set_effect(self, effect: QWidget) -> None:
        """What stands below the steps and shows what they do."""
        self._effect.addWidget(effect)

    def choose_column(self, name: str) -> None:
        """The column for which repairs are offered first."""
        self._column = name

    def refresh(self, before: Project, after: Project) -> None:
        """Shows what has changed."""
        if before.dataset is not after.dataset:
            self._show(after.dataset)

    def open(self, number: int) -> None:
        """Opens a step, closes the others; the same again closes it."""
        self.open_step = -1 if number == self.open_step else number
        self._show(self._document.project.dataset)
        self.step_opened.emit(self.open_step)

    def offers(self) -> tuple[tuple[str, tuple[Offer, ...]], ...]:
        """What can be added, under headings."""
        dataset = self._document.project.dataset
        if self._shelf == "augmentation":
            return (("", variations(dataset)),)
        one = offers_for_column(dataset, self._column)
        for_one = ((tr("For {column}", column=self._column), one),) if one else ()
        return (*for_one, (tr("For all columns"), offers_for_all(dataset)))

    def _show(self, dataset: DatasetSpec) -> None:
        steps = steps_of(dataset, self._shelf)
        known = [(n, step) for n, step in enumerate(steps) if step.key in ENTRIES[self._shelf]]
        if self.open_step >= len(steps):
            self.open_step = -1
        while len(self.cards) > len(known):
            put_away(self.cards.pop())
        for place, (number, step) in enumerate(known):
            face = self._face(dataset, number, step, len(steps))
            if place == len(self.cards):
                self._add_card(face)
            else:
                self.cards[place].show_face(face)
        can_add = any(offers for _, offers in self.offers())
        self.add.set_reason("" if can_add else tr("Nothing that these data hold can be varied."))

    def _face(self, dataset: DatasetSpec, number: int, step: Step, count: int) -> StepFace:
        entry = ENTRIES[self._shelf][step.key]
        found = [dataset.found(name) for name in step.columns]
        categories = dict.fromkeys(c for column in found if column for c in column.categories)
        return StepFace(
            number,
            count,
            step,
            entry,
            fitting_columns(dataset, self._shelf, entry),
            tuple(categories),
            number == self.open_step,
        )

    def _add_card(self, face: StepFace) -> None:
        card = StepCard(face)
        card.changed.connect(self._on_changed)
        card.moved.connect(self._on_moved)
        card.removed.connect(self._on_removed)
        card.opened.connect(self.open)
        card.left.connect(self._document.end_merge)
        self.cards.append(card)
        self._list.addWidget(card)

    def _on_add(self) -> None:
        menu = QMenu(self)
        menu.setObjectName(f"{self._shelf}.menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        for heading, offers in self.offers():
            if heading:
                action = menu.addAction(heading)
                action.setEnabled(False)
            for offer in offers:
                action = menu.addAction(tr(offer.entry.title))
                action.setToolTip(tr(offer.entry.help))
                action.triggered.connect(lambda _on=False, offer=offer: self.add_step(offer))
        menu.popup(self.add.mapToGlobal(QPoint(0, self.add.height())))

    def add_step(self, offer: Offer) -> None:
        """One step more, opened at once."""
        words = tr("Add {step}", step=tr(offer.entry.title))
        count = len(steps_of(self._document.project.dataset, self._shelf))
        self.open_step = count
        self._document.apply(
            with_dataset_changed(lambda dataset: with_step_added(dataset, self._shelf, offer)),
            words,
        )
        self.step_opened.emit(self.open_step)

    def _on_changed(self, number: int, step: Step, field: str) -> None:
        title = tr(ENTRIES[self._shelf][step.key].title)
        words = tr("Change {step}", step=title)
        if field == "is_on":
            words = tr("Use {step}", step=title) if step.is_on else tr("Leave {step}", step=title)
        self._document.apply(
            with_dataset_changed(lambda dataset: with_step(dataset, self._shelf, number, step)),
            words,
            f"{self._shelf} {number} {field}" if field != "is_on" else "",
        )

    def _on_moved(self, number: int, to: int) -> None:
        count = len(steps_of(self._document.project.dataset, self._shelf))
        to = min(max(to, 0), count - 1)
        if self.open_step == number:
            self.open_step = to
        self._document.apply(
            with_dataset_changed(lambda dataset: with_step_moved(dataset, self._shelf, number, to)),
            tr("Move a step"),
        )
        self.cards[to].title.setFocus()

    def _on_removed(self, number: int) -> None:
        title = self.cards[number].face.entry.title
        self.open_step = -1
        self._document.apply(
            with_dataset_changed(lambda dataset: without_step(dataset, self._shelf, number)),
            tr("Remove {step}", step=tr(title)),
        )
        self.step_opened.emit(-1)
        self.add.setFocus()
