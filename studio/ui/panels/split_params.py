"""How rows are dealt to the parts, as Params, and in words what a choice does."""

from collections.abc import Mapping
from dataclasses import replace

from studio.core.design.dataset import ColumnChoice, DatasetSpec, SplitSpec
from studio.core.design.shaping import SplitMethod
from studio.core.params import Param, choice, switch, whole
from studio.core.words import tr
from studio.ui.sample_words import row_noun
from studio.ui.time_scale import place_words

MOST_FOLDS = 20
METHODS: Mapping[SplitMethod, str] = {
    "random": "At random",
    "group": "By group",
    "time": "By time",
    "column": "By a column",
}
_KINDS: Mapping[SplitMethod, tuple[str, ...]] = {
    "random": (),
    "group": ("identifier", "category", "text", "date", "number"),
    "time": ("date", "number"),
    "column": ("category", "text", "number"),
}
METHOD = choice(
    "split_method",
    "How the parts are dealt",
    "random",
    {str(key): words for key, words in METHODS.items()},
    help="By group keeps all rows of one machine or person in one part. By time tests on the "
    "latest rows. By a column takes the parts that the data name.",
)
FOLDS = whole(
    "folds",
    "Folds",
    0,
    at_least=0,
    at_most=MOST_FOLDS,
    help="0 or 1: one validation part. With more, what is not test is cut into so many folds, "
    "and each can be the validation part once.",
)
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


def column_param(dataset: DatasetSpec) -> Param:
    """The columns that the method can go by; for time the order of the file, too."""
    method = dataset.split.method
    names = {column.name: column.name for column in columns_for(dataset, method)}
    known = dataset.split.column
    choices = {"": tr("Order of the file") if method == "time" else tr("None"), **names}
    if known and known not in choices:
        choices[known] = known
    title = {"group": "Same part for each", "time": "Ordered by"}.get(method, "Column of the parts")
    return choice(
        "split_column", title, "", choices, help="The column that decides where a row belongs."
    )


def together_param(dataset: DatasetSpec) -> Param:
    """The columns whose rows can be drawn to one part as a whole; or none."""
    names = {column.name: column.name for column in columns_for(dataset, "group")}
    known = dataset.split.together
    choices = {"": tr("Nothing"), **names, **({known: known} if known else {})}
    return choice(
        "split_together",
        "Keep together",
        "",
        choices,
        help="Rows with the same value of this column are never in two parts: choose what "
        "names the machine or person that they are from.",
    )


def can_keep_together(dataset: DatasetSpec) -> bool:
    """False where others decide what belongs together: the group, or time."""
    method = dataset.split.method
    return method == "column" or (method == "random" and dataset.series is None)


def fold_param(dataset: DatasetSpec) -> Param:
    """Which of the folds is the validation part."""
    folds = range(max(1, dataset.split.folds))
    choices = {str(fold): tr("Fold {number}", number=fold + 1) for fold in folds}
    return choice("fold", "Validation is", "0", choices, help="The other folds are for training.")


def columns_for(dataset: DatasetSpec, method: SplitMethod) -> list[ColumnChoice]:
    """The columns that the method can go by, the likeliest kinds first. Never the target."""
    kinds = _KINDS[method]
    fitting = [c for c in dataset.columns if c.kind in kinds and c.role != "target"]
    return sorted(fitting, key=lambda column: kinds.index(column.kind))


def with_method(dataset: DatasetSpec, method: SplitMethod) -> SplitSpec:
    """The split by another method, with a column that it can go by where there is one."""
    fitting = [column.name for column in columns_for(dataset, method)]
    together = dataset.split.together if method == "group" else ""
    kept = together or dataset.split.column
    likely = kept if kept in fitting else next(iter(fitting), "")
    if method == "time" and dataset.series is not None:
        likely = dataset.series.time
    return replace(dataset.split, method=method, column="" if method == "random" else likely)


def split_words(
    dataset: DatasetSpec, borders: tuple[float, ...] = (), *, is_time: bool = False
) -> str:
    """What the split does, in a sentence."""
    split = dataset.split
    parts = [_method_words(dataset, borders, is_time=is_time)]
    if split.keeps_together and can_keep_together(dataset):
        words = "{samples} with the same {column} stay together"
        parts.append(tr(words, samples=row_noun(dataset), column=split.together))
    if split.folds > 1:
        parts.append(
            tr("fold {fold} of {folds} is validation", fold=split.fold + 1, folds=split.folds)
        )
    if dataset.summary is not None and dataset.summary.own_test_rows:
        parts.append(tr("the test part comes with the data"))
    return tr("{how}.", how="; ".join(parts))


def _method_words(dataset: DatasetSpec, borders: tuple[float, ...], *, is_time: bool) -> str:
    split = dataset.split
    match split.method:
        case "group":
            words = "By group: {samples} with the same {column} stay together"
            return tr(words, samples=row_noun(dataset), column=split.column)
        case "column":
            return tr("By column: {column} names the part of each row", column=split.column)
        case "time":
            return _time_words(split, borders, is_time=is_time)
    if dataset.task() == "classes" and split.is_stratified:
        return tr("At random, with the share of each class kept")
    return tr("At random")


def _time_words(split: SplitSpec, borders: tuple[float, ...], *, is_time: bool) -> str:
    if len(borders) == 2:  # noqa: PLR2004 - where validation and where test begin
        ends = [place_words(border, is_time=is_time) for border in borders]
        words = "By time: training until {first}, validation until {last}"
        return tr(words, first=ends[0], last=ends[1])
    if split.column:
        return tr("By time: the latest rows by {column} are the test part", column=split.column)
    return tr("By time: the last rows of the file are the test part")
