"""A dataset without its bytes: what the person chose (DatasetSpec) and what was found (summary)."""

from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal, TypeAlias

from studio.core.catalogue.entry import TaskKind as TaskKind
from studio.core.params import Values
from studio.core.problems import Problem

ColumnKind = Literal["number", "category", "text", "date", "identifier"]
ColumnRole = Literal["input", "target", "ignore"]
DataKind = Literal["table", "images"]

Scaling = Literal["standard", "min-max", "none"]
Cell: TypeAlias = str | float | int | bool | None

COLUMN_KINDS: tuple[ColumnKind, ...] = ("number", "category", "text", "date", "identifier")
COLUMN_ROLES: tuple[ColumnRole, ...] = ("input", "target", "ignore")
USABLE_KINDS: tuple[ColumnKind, ...] = ("number", "category")
MOST_CATEGORIES = 200


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """What a person decided about one column."""

    name: str
    kind: ColumnKind
    role: ColumnRole


@dataclass(frozen=True, slots=True)
class SplitSpec:
    """How rows are dealt to the three parts; training takes what the other two leave.

    `validation` and `test` are shares of all rows, from 0 to 0.9 together. Where the
    source brings a test part of its own (IDX), `test` is not used and that part stands.
    """

    validation: float = 0.15
    test: float = 0.15
    is_stratified: bool = True
    seed: int = 0

    @property
    def training(self) -> float:
        """The share of the training part."""
        return 1.0 - self.validation - self.test


@dataclass(frozen=True, slots=True)
class ColumnSummary:
    """What was found in one column.

    `categories` are its values in order and `counts` how often each occurs: for every
    column with at most `MOST_CATEGORIES` distinct values, so that a kind can be changed
    without reading again (numbers in order of size, text in alphabetical order); `edges`
    and `bars` are the histogram of a number (bars are one fewer than edges); `low`, `high`,
    `mean`, `deviation` describe a number's known values.
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


@dataclass(frozen=True, slots=True)
class DatasetSummary:
    """What the data turned out to be: everything that shapes, checks and panels need.

    For images `sample_shape` is (channels, height, width) and `labels` the classes with
    `label_counts`; for tables `columns` says it all. `own_test_rows` counts the rows of
    a test part that the source itself brings (0 where it has none).
    """

    kind: DataKind
    rows: int
    columns: tuple[ColumnSummary, ...] = ()
    sample_shape: tuple[int, ...] = ()
    labels: tuple[str, ...] = ()
    label_counts: tuple[int, ...] = ()
    own_test_rows: int = 0
    problems: tuple[Problem, ...] = ()

    def column(self, name: str) -> ColumnSummary | None:
        """The column of that name."""
        return next((column for column in self.columns if column.name == name), None)


@dataclass(frozen=True, slots=True)
class TablePreview:
    """The first rows as plain values (missing is None); `row_numbers` count from 1."""

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    row_numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ImagePreview:
    """Some samples as raw bytes: each of `pixels` holds height x width x channels bytes."""

    height: int = 0
    width: int = 0
    channels: int = 1
    pixels: tuple[bytes, ...] = ()
    labels: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Feature:
    """One input column as the model takes it: a number, or a category by its index."""

    name: str
    kind: ColumnKind
    categories: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        """How many numbers it becomes: a category is one-hot."""
        return len(self.categories) if self.kind == "category" else 1


@dataclass(frozen=True, slots=True)
class DatasetSpec:
    """What the person chose: where the data is, how it is read, what each column is for.

    `source` is a key of the sources ("table", "image_folder", "idx", "sample");
    `path` is absolute while the project is open and relative to the project file on
    disk (a sample's key for source "sample"); `settings` are the import settings of
    the source; `columns` holds a choice for each column (empty for images). `scaling`
    is how numbers are scaled; `scales_target` whether a number target is, too.
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

    @property
    def is_empty(self) -> bool:
        """True before any data was opened."""
        return not self.source

    def inputs(self) -> tuple[ColumnChoice, ...]:
        """The columns that are inputs, in the order of the file."""
        return tuple(c for c in self.columns if c.role == "input")

    def targets(self) -> tuple[ColumnChoice, ...]:
        """The columns that are targets, in the order of the file."""
        return tuple(c for c in self.columns if c.role == "target")

    def features(self) -> tuple[Feature, ...]:
        """The usable input columns as the model takes them, in the order of the file."""
        chosen = [c for c in self.inputs() if c.kind in USABLE_KINDS]
        return tuple(Feature(c.name, c.kind, self._categories_of(c)) for c in chosen)

    def _categories_of(self, choice: ColumnChoice) -> tuple[str, ...]:
        column = self.summary.column(choice.name) if self.summary else None
        return column.categories if column and choice.kind == "category" else ()

    def task(self) -> TaskKind | None:
        """What is asked of the model, or None while there is no usable target."""
        if self.summary is not None and self.summary.kind == "images":
            return "classes"
        kinds = {column.kind for column in self.targets()}
        if kinds == {"number"}:
            return "numbers"
        return "classes" if kinds == {"category"} and len(self.targets()) == 1 else None

    def labels(self) -> tuple[str, ...]:
        """The classes in their order; empty for numbers."""
        if self.summary is None or self.task() != "classes":
            return ()
        if self.summary.kind == "images":
            return self.summary.labels
        column = self.summary.column(self.targets()[0].name)
        return column.categories if column else ()

    def outputs(self) -> int:
        """How many values the model must give for a sample; 0 while that is unknown."""
        task = self.task()
        if task == "classes":
            return len(self.labels())
        return len(self.targets()) if task == "numbers" else 0

    def with_column(
        self, name: str, *, kind: ColumnKind | None = None, role: ColumnRole | None = None
    ) -> "DatasetSpec":
        """The same dataset with one column's kind or role changed."""
        columns = tuple(
            replace(c, kind=kind or c.kind, role=role or c.role) if c.name == name else c
            for c in self.columns
        )
        return replace(self, columns=columns)


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
