"""ColumnFacts: one column in figures, large, with its kind and role to choose."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from studio.core.design.dataset import (
    COLUMN_KINDS,
    COLUMN_ROLES,
    ColumnChoice,
    ColumnKind,
    ColumnSummary,
    DatasetSpec,
)
from studio.core.design.profile import ColumnProfile
from studio.core.design.project import Project
from studio.core.params import choice
from studio.core.words import tr
from studio.ui.cards import Card
from studio.ui.controls import label
from studio.ui.document import Document
from studio.ui.editors import Combo
from studio.ui.fields import ChoiceField, field_for
from studio.ui.panels.column_words import KINDS, ROLES, count_of, kind_refusal, share_of
from studio.ui.panels.column_words import figure as as_figure
from studio.ui.panels.dataset_edits import with_kind, with_role
from studio.ui.panels.facts import Facts
from studio.ui.panels.frequencies import Frequencies
from studio.ui.panels.histogram import Bars, Histogram, bars_of, most_frequent
from studio.ui.panels.profile_words import profile_facts, profile_remark, spread_bars
from studio.ui.sample_words import looking_words
from studio.ui.theme import SPACE_2, SPACE_3

KIND = choice(
    "kind",
    "Kind",
    "number",
    {key: words.title for key, words in KINDS.items()},
    help="What the values of the column are.",
)
ROLE = choice(
    "role",
    "Role",
    "input",
    {key: words.title for key, words in ROLES.items()},
    help="What the column is for.",
)
# "Input and target" is longer than any kind.
KIND_STRETCH, ROLE_STRETCH = 7, 10


class ColumnFacts(Card):
    """The chosen column; nothing is shown while none is chosen.

    Signals:
        column_chosen(name): another column was chosen from the list of their names.
    """

    column_chosen = Signal(str)

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setAccessibleName(tr("Column"))
        self.setObjectName("column")
        self._document = document
        self._name = ""
        self._kind, self._role = field_for(KIND), field_for(ROLE)
        self._help = label("", size="small", tone="soft", wraps=True)
        self.names = Combo()
        self.names.setObjectName("field.column")
        self.names.setAccessibleName(tr("Column"))
        self.histogram, self.frequencies = Histogram(), Frequencies()
        self.facts = Facts()
        self._remark = label("", size="small", tone="soft", wraps=True)
        self._state = label("", size="small", tone="soft", wraps=True)
        self._profiles: dict[str, ColumnProfile] = {}
        self._refused: dict[ColumnKind, str] = {}
        self.is_profiled = False
        self._lay_out()
        self._kind.edited.connect(self._on_kind_edited)
        self._role.edited.connect(self._on_role_edited)
        self.names.activated.connect(self._on_name_activated)
        document.changed.connect(self.refresh)
        self.choose("")

    @property
    def name(self) -> str:
        """The column that is shown; empty for none."""
        return self._name

    def choose(self, name: str) -> None:
        """Shows another column."""
        self._name = name
        self._show(self._document.project.dataset)

    def forget_profiles(self) -> None:
        """Other profiles are on their way."""
        self._profiles.clear()
        self.is_profiled = False
        self._state.setText(looking_words(self._document.project.dataset))
        self._show(self._document.project.dataset)

    def take_profile(self, profile: ColumnProfile) -> None:
        """What a column holds; a later profile of the same column says more."""
        self._profiles[profile.name] = profile
        if profile.name == self._name:
            self._show(self._document.project.dataset)

    def end_profile(self, trouble: str = "") -> None:
        """All columns were looked at, or why not."""
        self.is_profiled = not trouble
        self._state.setText(trouble)
        self._state.setVisible(bool(trouble))

    def refresh(self, before: Project, after: Project) -> None:
        """Shows what has changed."""
        if before.dataset is not after.dataset:
            self._show(after.dataset)

    def _lay_out(self) -> None:
        fields = QHBoxLayout()
        fields.setSpacing(SPACE_2)
        for field, stretch in ((self._kind, KIND_STRETCH), (self._role, ROLE_STRETCH)):
            fields.addWidget(field, stretch)
        self.body.setSpacing(SPACE_3)
        self.body.addWidget(self.names)
        self.body.addLayout(fields)
        self._trait = label("", size="smallest", tone="soft")
        for part in (
            self._help,
            self._trait,
            self.histogram,
            self.frequencies,
            self.facts,
            self._remark,
            self._state,
        ):
            self.body.addWidget(part)

    def _show(self, dataset: DatasetSpec) -> None:
        choice_made = next((c for c in dataset.columns if c.name == self._name), None)
        column = dataset.summary.column(self._name) if dataset.summary else None
        self.setVisible(choice_made is not None and column is not None)
        if choice_made is None or column is None or dataset.summary is None:
            return
        self._show_names(dataset)
        refusals = {kind: kind_refusal(kind, column.kind) for kind in COLUMN_KINDS}
        self._show_kinds({kind: why for kind, why in refusals.items() if why})
        self._kind.show_value(choice_made.kind)
        self._role.show_value(choice_made.role)
        self._help.setText(tr(KINDS[choice_made.kind].help))
        profile = self._profiles.get(self._name)
        self._show_pictures(choice_made, column, profile)
        facts = _facts_of(choice_made, column, dataset.summary.rows)
        self.facts.show_facts([*facts, *(profile_facts(profile) if profile else ())])
        remark = profile_remark(profile) if profile else ""
        self._remark.setText(remark)
        self._remark.setVisible(bool(remark))
        self._state.setVisible(bool(self._state.text()))

    def _show_kinds(self, refused: dict[ColumnKind, str]) -> None:
        """What the column cannot be is disabled, and says why."""
        assert isinstance(self._kind, ChoiceField)
        if refused != self._refused:
            self._refused = refused
            titles = {str(kind): tr(KINDS[kind].title) for kind in COLUMN_KINDS}
            self._kind.set_choices(titles, {str(kind): why for kind, why in refused.items()})

    def _show_names(self, dataset: DatasetSpec) -> None:
        names = [c.name for c in dataset.columns]
        if names != [self.names.itemText(i) for i in range(self.names.count())]:
            self.names.clear()
            self.names.addItems(names)
        self.names.setCurrentIndex(names.index(self._name))

    def _show_pictures(
        self, chosen: ColumnChoice, column: ColumnSummary, profile: ColumnProfile | None
    ) -> None:
        spread = profile.spread if profile else None
        is_number = chosen.kind == "number"
        bars = bars_of(column, chosen.kind) if is_number else Bars()
        if spread is not None and spread.bars and not bars.counts:
            bars = spread_bars(spread)
        # Of a number the bars are its values; of a text, say, they are how many words it has.
        is_other = spread is not None and spread.trait not in ("value", "time")
        self._trait.setText(spread.label if spread and is_other else "")
        self._trait.setVisible(bool(bars.counts) and is_other)
        self.histogram.setVisible(bool(bars.counts))
        self.histogram.show_bars(bars)
        pairs = most_frequent(column) if not is_number else []
        if profile is not None and profile.frequent and not is_number and not pairs:
            pairs = list(profile.frequent)
        self.frequencies.setVisible(bool(pairs))
        self.frequencies.show_counts(pairs, counted_among(chosen, column, self._rows()))

    def _rows(self) -> int:
        summary = self._document.project.dataset.summary
        return summary.rows if summary else 0

    def _on_name_activated(self, index: int) -> None:
        self.column_chosen.emit(self.names.itemText(index))

    def _on_kind_edited(self, value: object) -> None:
        kind = next(key for key in COLUMN_KINDS if key == value)
        self._document.apply(with_kind(self._name, kind), kind_text(self._name, kind))

    def _on_role_edited(self, value: object) -> None:
        role = next(key for key in COLUMN_ROLES if key == value)
        self._document.apply(with_role(self._name, role), role_text(self._name, role))


def counted_among(chosen: ColumnChoice, column: ColumnSummary, rows: int) -> int:
    """How many of all the counts of a column's values are shares; 0 where they are of nothing.

    The classes of masks are counted in pixels. A token may occur several times in a row: it has
    no share of the rows.
    """
    if chosen.kind == "image":
        return sum(column.counts)
    return rows if chosen.kind != "text" or column.categories else 0


def kind_text(name: str, kind: str) -> str:
    """What undo calls a change of kind."""
    words = next(words for key, words in KINDS.items() if key == kind)
    return tr("Read {name} as {kind}", name=name, kind=tr(words.title).lower())


def role_text(name: str, role: str) -> str:
    """What undo calls a change of role."""
    words = next(words for key, words in ROLES.items() if key == role)
    if role == "ignore":
        return tr("Ignore {name}", name=name)
    if role == "both":
        return tr("Make {name} input and target", name=name)
    return tr("Make {name} the {role}", name=name, role=tr(words.title).lower())


def _facts_of(chosen: ColumnChoice, column: ColumnSummary, rows: int) -> list[tuple[str, str]]:
    facts = [
        (tr("Different values"), count_of(column.distinct)),
        (
            tr("Missing"),
            tr(
                "{count}  ({share})",
                count=count_of(column.missing),
                share=share_of(column.missing, rows),
            )
            if column.missing
            else tr("none"),
        ),
    ]
    if chosen.kind == "number" and column.low is not None:
        facts += [
            (tr("Lowest"), as_figure(column.low)),
            (tr("Highest"), as_figure(column.high)),
            (tr("Mean"), as_figure(column.mean)),
            (tr("Deviation"), as_figure(column.deviation)),
        ]
    return facts
