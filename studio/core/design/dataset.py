"""A dataset without its bytes: what the person chose (DatasetSpec) and what was found (summary)."""

from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal

from studio.core.catalogue.entry import TaskKind as TaskKind
from studio.core.design.answers import ModelOutput as ModelOutput
from studio.core.design.answers import Target, outputs_for
from studio.core.design.features import COLUMN_KINDS as COLUMN_KINDS
from studio.core.design.features import ColumnKind as ColumnKind
from studio.core.design.features import Feature as Feature
from studio.core.design.features import ModelInput, grouped, repaired
from studio.core.design.previews import Cell as Cell
from studio.core.design.previews import ImagePreview as ImagePreview
from studio.core.design.previews import TablePreview as TablePreview
from studio.core.design.shaping import ClipSpec, Joined, SeriesSpec, SoundSpec, Step, TextSpec
from studio.core.design.shaping import SplitSpec as SplitSpec
from studio.core.params import Values
from studio.core.problems import Problem
from studio.core.shapes import Shape

ColumnRole = Literal["input", "target", "both", "ignore"]
DataKind = Literal["table", "images", "sound", "text", "pairs", "series", "video"]

Scaling = Literal["standard", "min-max", "robust", "none"]

COLUMN_ROLES: tuple[ColumnRole, ...] = ("input", "target", "both", "ignore")
_MOST_REMEMBERED = 4
USABLE_KINDS: tuple[ColumnKind, ...] = ("number", "category")  # as values of a row, as target
MOST_CATEGORIES = 200


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """What a person decided about one column. A `both` is input and target: it is rebuilt."""

    name: str
    kind: ColumnKind
    role: ColumnRole


@dataclass(frozen=True, slots=True)
class ColumnSummary:
    """What was found in one column.

    `categories` are its values in order and `counts` how often each occurs: for every
    column with at most `MOST_CATEGORIES` distinct values, so that a kind can be changed
    without reading again (numbers in order of size, text in alphabetical order); `edges`
    and `bars` are the histogram of a number (bars are one fewer than edges); `low`, `high`,
    `mean`, `deviation` describe a number's known values, the lengths of texts in
    characters, and of sounds in seconds. `shape` is that of a picture or clip as it is
    used: (channels, height, width); `unread` are the rows (from 0) whose picture, sound or clip
    is missing or cannot be read: no other column counts them among its categories.
    `kind` and `role` are the program's guesses; a person's own are in the DatasetSpec.
    """

    name: str
    kind: ColumnKind
    role: ColumnRole
    missing: int = 0
    distinct: int = 0
    categories: tuple[str, ...] = ()
    counts: tuple[int, ...] = ()
    edges: tuple[float, ...] = ()
    bars: tuple[int, ...] = ()
    low: float | None = None
    high: float | None = None
    mean: float | None = None
    deviation: float | None = None
    shape: tuple[int, ...] = ()
    unread: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class DatasetSummary:
    """What the data turned out to be: everything that shapes, checks and panels need.

    `kind` says what a row is shown as: table, images, sound or video. `own_test_rows`
    counts the rows of a test part that the source itself brings (0 where it has none).
    """

    kind: DataKind
    rows: int
    columns: tuple[ColumnSummary, ...] = ()
    own_test_rows: int = 0
    problems: tuple[Problem, ...] = ()

    @property
    def sample_shape(self) -> tuple[int, ...]:
        """The shape of the first column that has one: of pictures, (channels, height, width)."""
        return next((column.shape for column in self.columns if column.shape), ())

    def column(self, name: str) -> ColumnSummary | None:
        """The column of that name."""
        return next((column for column in self.columns if column.name == name), None)


@dataclass(frozen=True, slots=True)
class DatasetSpec:
    """What the person chose: where the data is, how it is read, what each column is for.

    `source` is a key of the sources ("table", "files", "idx", "sample", ...);
    `path` is absolute while the project is open and relative to the project file on
    disk (a sample's key for source "sample"); `settings` are the import settings of
    the source; `columns` holds a choice for each column. `scaling` is how numbers are
    scaled; `scales_target` whether a number target is, too. `series` is None unless rows
    are read as a time series. `recipe` repairs, `augmentation` varies the training part.
    `size` (bytes) and `sha256` say which bytes the summary was made from.
    """

    source: str = ""
    path: str = ""
    settings: Values = field(default_factory=lambda: MappingProxyType({}))
    columns: tuple[ColumnChoice, ...] = ()
    split: SplitSpec = SplitSpec()
    scaling: Scaling = "standard"
    scales_target: bool = True
    size: int = 0
    sha256: str = ""
    summary: DatasetSummary | None = None
    text: TextSpec = TextSpec()
    sound: SoundSpec = SoundSpec()
    clips: ClipSpec = ClipSpec()
    series: SeriesSpec | None = None
    recipe: tuple[Step, ...] = ()
    augmentation: tuple[Step, ...] = ()
    joined: tuple[Joined, ...] = ()

    @property
    def is_empty(self) -> bool:
        """True before any data was opened."""
        return not self.source

    def inputs(self) -> tuple[ColumnChoice, ...]:
        """The columns that are inputs, in the order of the file."""
        return tuple(c for c in self.columns if c.role in ("input", "both"))

    def targets(self) -> tuple[ColumnChoice, ...]:
        """The columns that are targets, in the order of the file."""
        return tuple(c for c in self.columns if c.role in ("target", "both"))

    def choice(self, name: str) -> ColumnChoice | None:
        """What was decided about the column of that name."""
        return next((c for c in self.columns if c.name == name), None)

    def with_column(
        self, name: str, *, kind: ColumnKind | None = None, role: ColumnRole | None = None
    ) -> "DatasetSpec":
        """The same dataset with one column's kind or role changed."""
        columns = tuple(
            replace(c, kind=kind or c.kind, role=role or c.role) if c.name == name else c
            for c in self.columns
        )
        return replace(self, columns=columns)

    def found(self, name: str) -> ColumnSummary | None:
        """What was found in the column of that name."""
        return self.summary.column(name) if self.summary else None

    def features(self) -> tuple[Feature, ...]:
        """What the model takes of the columns, in the order of the file.

        Where a series is forecast or rebuilt, its numeric targets are taken too. The last
        few answers are remembered by identity: ten views ask, and it works once.
        """
        known = _remembered.get(id(self))
        if known is None or known[0] is not self:
            known = (self, self._features())
            _remembered[id(self)] = known
            for key in list(_remembered)[:-_MOST_REMEMBERED]:
                _remembered.pop(key, None)
        return known[1]

    def _features(self) -> tuple[Feature, ...]:
        taken = [c for c in self.columns if c.role in ("input", "both") or self._is_own_past(c)]
        # By name at once: of ten thousand columns each would be looked for among all others.
        found = {column.name: column for column in self.summary.columns} if self.summary else {}
        return tuple(
            feature
            for choice in taken
            for feature in repaired(self._feature(choice, found.get(choice.name)), self.recipe)
        )

    def model_inputs(self) -> tuple[ModelInput, ...]:
        """The tensors that the model takes, in their order."""
        return grouped(self.features(), (self.series.window,) if self.series else None)

    @property
    def kind(self) -> DataKind:
        """What kind of data it is, by what the model takes: what `look` and templates go by."""
        if self.series is not None:
            return "series"
        if {column.kind for column in self.inputs()} == {"text"}:
            return "pairs" if self.task() == "sequences" else "text"
        return self.summary.kind if self.summary else "table"

    def model_outputs(self) -> tuple[ModelOutput, ...]:
        """What is asked of the model, in the order of the targets; empty where that is unclear.

        All number targets together are one output, each other target is its own. The last few
        answers are remembered by identity, as those of `features` are.
        """
        known = _asked.get(id(self))
        if known is None or known[0] is not self:
            known = (self, self._outputs())
            _asked[id(self)] = known
            for key in list(_asked)[:-_MOST_REMEMBERED]:
                _asked.pop(key, None)
        return known[1]

    def _outputs(self) -> tuple[ModelOutput, ...]:
        targets = self.targets()
        is_series = self.series is not None
        is_class = self.series is not None and self.series.purpose == "classify"
        kinds = {column.kind for column in targets}
        if is_series and kinds != ({"category"} if is_class else {"number"}):
            return ()
        if is_class and len(targets) > 1:
            return ()
        can_tell = any(column.kind in WORDY_KINDS for column in self.inputs())
        text: Shape = (self.text.length, self.text.vocabulary) if can_tell else ()
        found = {column.name: column for column in self.summary.columns} if self.summary else {}
        known = tuple(_target(choice, found.get(choice.name)) for choice in targets)
        return outputs_for(known, self._number_names(), text)

    def task(self) -> TaskKind | None:
        """What the first output asks of the model, or None while there is no usable target."""
        outputs = self.model_outputs()
        return outputs[0].task if outputs else None

    def labels(self) -> tuple[str, ...]:
        """The classes of the first output in their order; empty for another task."""
        outputs = self.model_outputs()
        return outputs[0].labels if self.task() == "classes" else ()

    def label_counts(self) -> tuple[int, ...]:
        """How many rows each class of the first output has."""
        outputs = self.model_outputs()
        return outputs[0].counts if self.task() == "classes" else ()

    def target_names(self) -> tuple[str, ...]:
        """What each number of the first answer is: a target, or one at a step of a window."""
        outputs = self.model_outputs()
        return outputs[0].names if outputs else tuple(c.name for c in self.targets())

    def _number_names(self) -> tuple[str, ...]:
        names = tuple(c.name for c in self.targets() if c.kind == "number")
        if self.series is None or self.series.purpose == "classify":
            return names
        if self.series.purpose == "forecast":
            steps = range(1, self.series.horizon + 1)
            return tuple(f"{name} +{step}" for step in steps for name in names)
        return tuple(
            f"{name} -{step}" for step in reversed(range(self.series.window)) for name in names
        )

    def outputs(self) -> int:
        """How many values the model must give for a sample; 0 while that is unknown."""
        return self.output_shape()[-1] if self.output_shape() else 0

    def output_shape(self) -> Shape:
        """The shape of the first answer to one sample; empty while that is unknown.

        (classes,), (numbers,), or for sequences (tokens, vocabulary).
        """
        outputs = self.model_outputs()
        return outputs[0].shape if outputs else ()

    def _is_own_past(self, choice: ColumnChoice) -> bool:
        is_target = choice.role == "target" and choice.kind == "number"
        return is_target and self.series is not None and self.series.purpose != "classify"

    def _feature(self, choice: ColumnChoice, found: ColumnSummary | None) -> Feature:
        """The column as a feature, before the recipe."""
        column = found or ColumnSummary(choice.name, choice.kind, choice.role)
        shape, size = column.shape, 0
        if choice.kind == "text":
            shape, size = (self.text.length,), self.text.vocabulary
        elif choice.kind == "sound":
            shape = (self.sound.samples,)
        elif choice.kind == "video":
            shape = (self.clips.frames, *column.shape)
        elif choice.kind == "identifier":
            size = column.distinct
        categories = column.categories if choice.kind == "category" else ()
        return Feature(choice.name, choice.kind, categories, size, shape)


# What a text can be told from.
WORDY_KINDS: tuple[ColumnKind, ...] = ("text", "sound", "image", "video")


def _target(choice: ColumnChoice, found: ColumnSummary | None) -> Target:
    """The target as what is asked for is made of."""
    column = found or ColumnSummary(choice.name, choice.kind, choice.role)
    known = (column.categories, column.counts, column.shape)
    return Target(choice.name, choice.kind, choice.role == "both", *known)


def leak_detail(target: str) -> str:
    """The detail of a leakage Problem: it holds for this target only."""
    return f"compared with the target {target}"


def split_counts(
    rows: int, split: SplitSpec, *, has_own_test: bool = False
) -> tuple[int, int, int]:
    """How many rows the training, validation and test part get, exactly.

    A share above 0 gets at least one row where there are three or more; where the source
    brings its own test part the test count is 0 and `rows` are the others.
    """
    wanted = (split.validation, 0.0 if has_own_test else split.test)
    least = 1 if rows >= 3 else 0
    validation, test = (max(round(rows * share), least) if share > 0 else 0 for share in wanted)
    validation = min(validation, rows)
    test = min(test, rows - validation)
    return rows - validation - test, validation, test


# The kept dataset guarantees that its id was not given to another.
_remembered: dict[int, tuple[DatasetSpec, tuple[Feature, ...]]] = {}
_asked: dict[int, tuple[DatasetSpec, tuple[ModelOutput, ...]]] = {}
