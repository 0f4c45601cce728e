"""DatasetPanel: which file the data are from, how it is read, what is to be learnt from it."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from studio.core.design.dataset import ColumnChoice, DatasetSpec, Scaling
from studio.core.design.project import Project
from studio.core.params import Param, Value, choice, switch
from studio.core.words import tr
from studio.ui.cards import Card
from studio.ui.controls import Button, Elided, label, put_away, set_ground
from studio.ui.document import Document
from studio.ui.fields import Field, Form, field_for, form
from studio.ui.panels.column_words import count_of
from studio.ui.panels.dataset_edits import with_scaled_target, with_scaling, with_target
from studio.ui.panels.import_params import import_params, shown_settings, with_setting
from studio.ui.panels.kind_card import KindCard
from studio.ui.panels.kind_params import Part
from studio.ui.sample_words import asked_words, form_words, readable_words
from studio.ui.scrolling import Scrolled
from studio.ui.switches import Segments
from studio.ui.theme import SPACE_2, SPACE_3, SPACE_4

DATASET_WIDTH = 260
SCROLL_WIDTH = SPACE_3
SAMPLE = "sample"
SEVERAL = "\x00several"

PARTS: tuple[Part, ...] = ("series", "text", "sound", "clips")

SCALING = choice(
    "scaling",
    "Scale numbers",
    "standard",
    {
        "standard": "Mean 0, deviation 1",
        "min-max": "From 0 to 1",
        "robust": "By the middle half",
        "none": "Leave as they are",
    },
    help="Networks learn faster from numbers of one size. Learnt from the training part alone.",
)
SCALED_TARGET = switch(
    "scales_target",
    "Scale the target too",
    True,
    help="The network learns the target with mean 0 and deviation 1; answers come in its own "
    "unit all the same.",
)


class DatasetPanel(QWidget):
    """The left side of the Data page.

    Signals:
        open_wanted(): other data are to be opened.
        join_wanted(): the columns of other data are to stand beside these.
        settings_chosen(settings): the file is to be read again with these import settings.
        reading_chosen(key): its rows are to be read as "table" or as "series".
    """

    open_wanted = Signal()
    join_wanted = Signal()
    settings_chosen = Signal(object)
    reading_chosen = Signal(str)

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dataset")
        self.setFixedWidth(DATASET_WIDTH + SCROLL_WIDTH)
        self._document = document
        self._form: Form | None = None
        self._params: tuple[Param, ...] = ()
        self._tables: tuple[str, ...] = ()
        self._target: Field | None = None
        self._target_names: tuple[str, ...] = ()
        self._file = Card(tr("File"))
        self._import = Card(tr("How it is read"))
        self._import.hide()
        self._learning = Card(tr("What is learnt"))
        self._fill_file()
        self._scaling, self._scaled_target = field_for(SCALING), field_for(SCALED_TARGET)
        self._learning.body.setSpacing(SPACE_3)
        self._learning.body.addWidget(self._scaling)
        self._learning.body.addWidget(self._scaled_target)
        self._scaling.edited.connect(self._on_scaling_edited)
        self._scaled_target.edited.connect(self._on_scaled_target_edited)
        self._lay_out()
        document.changed.connect(self.refresh)
        document.found_changed.connect(self._on_found)
        self._show(document.project.dataset)

    def refresh(self, before: Project, after: Project) -> None:
        """Shows what has changed."""
        if before.dataset is not after.dataset:
            self._show(after.dataset)

    def _on_found(self) -> None:
        self._show_facts(self._document.project.dataset)

    def show_tables(self, tables: tuple[str, ...]) -> None:
        """The sheets or tables of the file, to choose from."""
        self._tables = tables
        self.show_import()

    def show_import(self) -> None:
        """Shows the import settings in use, whatever stands in the fields."""
        self._show_import(self._document.project.dataset)

    def _lay_out(self) -> None:
        content = QWidget()
        content.setFixedWidth(DATASET_WIDTH)
        set_ground(content, "window")
        rows = QVBoxLayout(content)
        rows.setContentsMargins(SPACE_4, SPACE_4, 0, SPACE_4)
        rows.setSpacing(SPACE_3)
        forms = (KindCard(self._document, part) for part in PARTS)
        for card in (self._file, self._import, self._learning, *forms):
            rows.addWidget(card)
        rows.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(Scrolled(content))

    def _fill_file(self) -> None:
        self._name, self._where = Elided(), Elided(tone="soft", size="small")
        self.reading = Segments(
            [("table", tr("Table")), ("series", tr("Time series"))], tr("Read the rows as")
        )
        self.reading.setObjectName("field.reading")
        self.reading.chosen.connect(self.reading_chosen)
        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(SPACE_2)
        self._facts.setVerticalSpacing(SPACE_2)
        self._figures = [label("", size="small", tone="soft") for _ in range(3)]
        other = Button(tr("Open other data"), icon_name="folder")
        other.setObjectName("data.other")
        other.clicked.connect(self.open_wanted)
        for part in (self._name, self._where, *self._figures):
            self._file.body.addWidget(part)
        self._file.body.addSpacing(SPACE_2)
        self._file.body.addWidget(self.reading)
        self._file.body.addWidget(other)
        join = Button(tr("Add other columns"), icon_name="columns")
        join.setObjectName("data.join")
        join.setToolTip(
            tr("Such as pictures beside the rows of a table, matched by a column or row by row.")
        )
        join.clicked.connect(self.join_wanted)
        self._joined = label("", size="small", tone="soft", wraps=True)
        self._file.body.addWidget(join)
        self._file.body.addWidget(self._joined)

    def _show(self, dataset: DatasetSpec) -> None:
        if dataset.is_empty:
            return
        self._show_file(dataset)
        self._show_import(dataset)
        self._show_learning(dataset)

    def _show_file(self, dataset: DatasetSpec) -> None:
        is_sample = dataset.source == SAMPLE
        path = Path(dataset.path)
        self._name.set_text(dataset.path.capitalize() if is_sample else path.name)
        self._where.set_text(tr("A sample of this program") if is_sample else str(path.parent))
        names = ", ".join(Path(joined.path).name for joined in dataset.joined)
        self._joined.setText(tr("With the columns of {names}.", names=names) if names else "")
        self._joined.setVisible(bool(names))
        is_table = dataset.summary is not None and dataset.summary.kind == "table"
        self.reading.setVisible(is_table)
        self.reading.show_key("table" if dataset.series is None else "series")
        self._show_facts(dataset)

    def _show_facts(self, dataset: DatasetSpec) -> None:
        facts = _facts_of(dataset, self._document.left_out)
        for figure, words in zip(self._figures, facts, strict=True):
            figure.setText(words)
            figure.setVisible(bool(words))

    def _show_import(self, dataset: DatasetSpec) -> None:
        params = import_params(dataset, self._tables)
        if params != self._params:
            self._params = params
            self._fit_import(params)
        if self._form is not None:
            defaults = {key: field.param.default for key, field in self._form.fields.items()}
            self._form.show_values({**defaults, **shown_settings(dataset)})

    def _fit_import(self, params: tuple[Param, ...]) -> None:
        if self._form is not None:
            put_away(self._form)
        self._form = form(params) if params else None
        self._import.setVisible(self._form is not None)
        if self._form is not None:
            self._import.body.addWidget(self._form)
            self._form.finished.connect(self._on_import_finished)

    def _show_learning(self, dataset: DatasetSpec) -> None:
        self._learning.setVisible(bool(dataset.columns))
        self._fit_target(dataset)
        self._scaling.show_value(dataset.scaling)
        self._scaled_target.show_value(dataset.scales_target)
        self._scaled_target.setVisible(dataset.task() == "numbers")
        # Texts and identifiers have nothing to scale.
        kinds = {column.kind for column in dataset.inputs()}
        self._scaling.setVisible(bool(kinds - {"text", "identifier", "category"}))

    def _fit_target(self, dataset: DatasetSpec) -> None:
        """A field with the columns that can be the target; another one where they are others."""
        targets = dataset.targets()
        names = tuple(c.name for c in dataset.columns if c.kind in TARGET_KINDS or c in targets)
        several = ", ".join(c.name for c in targets) if len(targets) > 1 else ""
        if self._target is None or (*names, several) != self._target_names:
            self._target_names = (*names, several)
            self._replace_target(_target_param(names, several))
        assert self._target is not None
        self._target.show_value(SEVERAL if several else targets[0].name if targets else "")

    def _replace_target(self, param: Param) -> None:
        if self._target is not None:
            put_away(self._target)
        self._target = field_for(param)
        self._target.edited.connect(self._on_target_edited)
        self._learning.body.insertWidget(0, self._target)

    def _on_target_edited(self, value: object) -> None:
        if value == SEVERAL:
            return
        name = str(value)
        text = tr("Make {name} the target", name=name) if name else tr("Take the target away")
        self._document.apply(with_target(name), text)

    def _on_scaling_edited(self, value: object) -> None:
        scaling: Scaling = next(key for key in SCALINGS if key == value)
        self._document.apply(with_scaling(scaling), tr("Change scaling"))

    def _on_scaled_target_edited(self, value: object) -> None:
        words = tr("Scale the target") if value else tr("Leave the target unscaled")
        self._document.apply(with_scaled_target(bool(value)), words)

    def _on_import_finished(self, key: str) -> None:
        assert self._form is not None
        value: Value = self._form.fields[key].value()
        dataset = self._document.project.dataset
        settings = dataset.settings
        in_use = shown_settings(dataset).get(key, self._form.fields[key].param.default)
        if value != in_use:
            self.settings_chosen.emit(with_setting(settings, key, value))


SCALINGS: tuple[Scaling, ...] = ("standard", "min-max", "robust", "none")
TARGET_KINDS = ("number", "category", "text")


def _target_param(names: tuple[str, ...], several: str) -> Param:
    choices = {"": tr("None"), **{name: name for name in names}}
    if several:
        choices = {SEVERAL: several, **choices}
    return choice("target", "Target", "", choices, help="What the network learns to say.")


def _facts_of(dataset: DatasetSpec, left_out: int) -> tuple[str, str, str]:
    summary = dataset.summary
    if summary is None:
        return "", "", ""
    if form_words(dataset) and dataset.series is None:
        return readable_words(dataset, left_out), form_words(dataset), asked_words(dataset)
    return (
        readable_words(dataset, left_out),
        _columns_in_words(dataset, len(summary.columns)),
        size_in_words(dataset.size) if dataset.size else "",
    )


def _columns_in_words(dataset: DatasetSpec, count: int) -> str:
    inputs, targets = len(dataset.inputs()), len(dataset.targets())
    counted = count_of(count)
    if dataset.series is not None and not inputs:  # the target's own past is what is seen
        return tr(
            "{count} {count|column|columns}: {targets}",
            count=counted,
            targets=_targets_in_words(targets),
        )
    return tr(
        "{count} {count|column|columns}: {inputs}, {targets}",
        count=counted,
        inputs=_inputs_in_words(inputs),
        targets=_targets_in_words(targets),
    )


def _inputs_in_words(count: int) -> str:
    return tr("{count} {count|input|inputs}", count=count_of(count))


def _targets_in_words(count: int) -> str:
    return tr("{count} {count|target|targets}", count=count)


def size_in_words(size: int) -> str:
    """A file's size as a person reads it."""
    amount = float(size)
    for unit in ("bytes", "kB", "MB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}" if unit == "bytes" else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} GB"


def choice_of(dataset: DatasetSpec, name: str) -> ColumnChoice | None:
    """What the person decided about a column."""
    return next((c for c in dataset.columns if c.name == name), None)
