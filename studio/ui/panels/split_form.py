"""SplitForm: everything that decides how rows are dealt, in a popup above the bar of the parts."""

from dataclasses import replace

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from studio.core.design.dataset import DatasetSpec, SplitSpec
from studio.core.params import Param, Value
from studio.core.words import tr
from studio.ui.controls import put_away
from studio.ui.fields import Field, field_for
from studio.ui.panels.split_params import (
    FOLDS,
    METHOD,
    METHODS,
    SEED,
    STRATIFIED,
    can_keep_together,
    column_param,
    fold_param,
    together_param,
    with_method,
)
from studio.ui.theme import SPACE_1, SPACE_3, SPACE_4

WIDTH = 300


class SplitForm(QFrame):
    """Closes on Escape and on a click elsewhere.

    Signals:
        chosen(split, words, merge_key): the person chose another split; what undo calls it.
        left(): a field was left.
    """

    chosen = Signal(object, str, str)
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("split.form")
        self.setProperty("card", "popup")
        self.setFixedWidth(WIDTH)
        self._dataset = DatasetSpec()
        self._fields: dict[str, Field] = {}
        self._foot = QPoint()
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(SPACE_4, SPACE_3, SPACE_4, SPACE_4)
        self._rows.setSpacing(SPACE_3)
        self._place(METHOD)
        for param in _depending(self._dataset):
            self._place(param)
        for param in (FOLDS, fold_param(self._dataset), STRATIFIED, SEED):
            self._place(param)

    def open_above(self, button: QWidget) -> None:
        """Shows the fields above the button, right ends together."""
        corner = QPoint(button.width() - self.width(), -SPACE_1)
        self._foot = button.mapToGlobal(corner)
        self._stand()
        self.show()
        self._fields[METHOD.key].setFocus()

    def show_dataset(self, dataset: DatasetSpec) -> None:
        """Shows the split of a dataset, and why some of it cannot be chosen."""
        self._dataset, split = dataset, dataset.split
        for param in (*_depending(dataset), fold_param(dataset)):
            if self._fields[param.key].param != param:
                self._place(param)
        is_drawn = split.method in ("random", "group")
        drawn: tuple[Value, ...] = (split.method, split.column, split.together)
        shown = (*drawn, split.folds, str(split.fold), split.is_stratified, split.seed)
        for field, value in zip(self._fields.values(), shown, strict=True):
            field.show_value(value)
        self._fields["split_column"].setVisible(split.method != "random")
        self._fields["split_together"].setVisible(can_keep_together(dataset))
        self._fields["fold"].setVisible(split.folds > 1)
        why = "" if is_drawn else tr("Only parts that are drawn have folds.")
        self._fields[FOLDS.key].set_reason(why)
        self._fields[STRATIFIED.key].set_reason(_why_not_stratified(dataset))
        self._fields[SEED.key].set_reason("" if is_drawn else tr("Nothing is drawn by lot here."))
        self._stand()

    def _stand(self) -> None:
        """As high as its fields need, on the same foot: the button below stays in sight."""
        self.adjustSize()
        self.move(self._foot - QPoint(0, self.height()))

    def _place(self, param: Param) -> None:
        """A field for the param, in the place of the one before it."""
        made, before = field_for(param), self._fields.get(param.key)
        place = self._rows.count() if before is None else self._rows.indexOf(before)
        if before is not None:
            put_away(before)
        self._fields[param.key] = made
        self._rows.insertWidget(place, made)
        made.edited.connect(lambda value: self._on_edited(param.key, value))
        made.finished.connect(self.left)

    def _on_edited(self, key: str, value: object) -> None:
        split = self._dataset.split
        if key == METHOD.key:
            method = next(known for known in METHODS if known == value)
            self._choose(with_method(self._dataset, method), tr("Deal the parts in another way"))
        elif key == "split_column":
            self._choose(
                replace(split, column=str(value)), tr("Deal the parts by {name}", name=value)
            )
        elif key == "split_together":
            words = tr("Keep {name} together", name=value) if value else tr("Keep nothing together")
            self._choose(replace(split, together=str(value)), words)
        elif key == "fold":
            self._choose(replace(split, fold=int(str(value))), tr("Take another fold"))
        elif key == STRATIFIED.key:
            words = tr("Keep the shares of classes") if value else tr("Leave the shares to chance")
            self._choose(replace(split, is_stratified=bool(value)), words)
        elif isinstance(value, int) and key == FOLDS.key:
            folds = value if value > 1 else 0
            fold = min(split.fold, max(0, folds - 1))
            self._choose(replace(split, folds=folds, fold=fold), tr("Change the folds"), "folds")
        elif isinstance(value, int):
            words = tr("Change the seed of the parts")
            self._choose(replace(split, seed=value), words, "split seed")

    def _choose(self, split: SplitSpec, words: str, merge_key: str = "") -> None:
        self.chosen.emit(split, words, merge_key)


def _depending(dataset: DatasetSpec) -> tuple[Param, Param]:
    """The fields whose choices are columns."""
    return column_param(dataset), together_param(dataset)


def _why_not_stratified(dataset: DatasetSpec) -> str:
    if dataset.task() != "classes":
        return tr("Only classes have shares to keep.")
    return "" if dataset.split.method == "random" else tr("Only parts dealt at random keep them.")
