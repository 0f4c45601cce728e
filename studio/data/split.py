"""Deals rows to the training, validation and test parts: seeded, disjoint, without leaks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from studio.core.design.dataset import SplitSpec, split_counts
from studio.core.problems import Place, Problem, Severity, refuse
from studio.core.words import tr
from studio.data.split_column import named_parts
from studio.data.split_time import deal_in_time, instants
from studio.data.split_units import deal_units, unit_codes

_FEWEST_OF_A_CLASS = 3
Positions = NDArray[np.int64]
Cells: TypeAlias = NDArray[Any] | Sequence[object]


@dataclass(frozen=True, slots=True, eq=False)
class Dealt:
    """The positions of each part in ascending order, and what could not be done as asked."""

    parts: Mapping[str, Positions]
    problems: tuple[Problem, ...] = ()


def deal(
    count: int,
    split: SplitSpec,
    classes: Positions | None = None,
    own_test: Positions | None = None,
    values: Cells | None = None,
    *,
    alike: Positions | None = None,
    together: Cells | None = None,
) -> Dealt:
    """The parts of `count` rows, every row in exactly one of them.

    `classes` is the class of each row, for stratifying; `own_test` the positions of the test
    part that the source itself brings, which stands; `values` the cells of `split.column`;
    `alike` a number for each row that exact duplicates share (`duplicates.alike`): where they
    are drawn they come to one part. (By group and by time they do so by themselves; what a
    column or an own test part says stands.) `together` are the cells of `split.together`,
    whose rows are drawn to one part. Where rows are dealt by time in folds, those later than
    the validation part are in no part. StudioError where the column does not tell the parts.
    """
    has_own = own_test is not None and len(own_test) > 0
    rows = np.arange(count, dtype=np.int64)
    free = np.setdiff1d(rows, own_test) if own_test is not None and has_own else rows
    cells = None if values is None else np.asarray(values)[free]
    if split.method == "time":
        dealt = _by_time(len(free), split, cells, has_own)
    else:
        bound = alike if together is None else unit_codes(together)
        ties = _Ties.of(split, classes, free, cells, bound)
        is_named = split.method == "column"
        dealt = (
            _by_column(ties, split, cells, has_own) if is_named else _by_rows(ties, split, has_own)
        )
    parts = {name: np.sort(free[places]) for name, places in dealt.parts.items()}
    if own_test is not None and has_own:
        parts["test"] = np.union1d(parts["test"], own_test)
    apart = () if together is None else _apart(unit_codes(together), parts, split)
    return Dealt(parts, (*dealt.problems, *apart, *_empty(parts, split)))


@dataclass(frozen=True, slots=True, eq=False)
class _Ties:
    """What ties rows: the class of each for stratifying, the unit whose rows stay together."""

    count: int
    classes: Positions | None
    units: Positions | None
    problems: tuple[Problem, ...] = ()

    @classmethod
    def of(
        cls,
        split: SplitSpec,
        classes: Positions | None,
        free: Positions,
        cells: NDArray[Any] | None,
        bound: Positions | None,
    ) -> "_Ties":
        """The ties of the rows that are to be dealt; rows with one number are `bound`."""
        kinds, problems = _kinds(None if classes is None else classes[free], split)
        units = None
        if split.method == "group":
            units = unit_codes(_known(cells, split))
        elif bound is not None:
            units = np.unique(bound[free], return_inverse=True)[1].astype(np.int64)
            units = units if len(free) and units.max() + 1 < len(free) else None
        return cls(len(free), kinds, units, problems)


def _by_time(count: int, split: SplitSpec, cells: NDArray[Any] | None, has_own: bool) -> Dealt:
    _, validation, test = split_counts(count, split, has_own_test=has_own)
    when = instants(_known(cells, split)) if split.column else np.arange(count, dtype=np.float64)
    found = deal_in_time(when, validation, test, split.folds, split.fold)
    untimed = int(np.isnan(when).sum())
    problems = (
        *([_untimed(split.column, untimed)] if untimed else []),
        *([_later_unused(len(found.unused))] if len(found.unused) else []),
    )
    parts = {"training": found.training, "validation": found.validation, "test": found.test}
    return Dealt(parts, problems)


def _by_column(ties: _Ties, split: SplitSpec, cells: NDArray[Any] | None, has_own: bool) -> Dealt:
    """As the column says; a part that it never names is drawn from the training rows."""
    named = named_parts(split.column, _known(cells, split))
    training, validation, test = (np.flatnonzero(named == part) for part in range(3))
    if not len(training) and ties.count:
        raise _no_training(split.column)
    _, validation_count, test_count = split_counts(len(training), split, has_own_test=has_own)
    drawn = []
    if not len(test) and test_count:
        training, test = _cut(training, test_count, ties, split.seed)
        drawn.append(tr("test"))
    if split.folds >= 2:
        training, validation = _fold(np.union1d(training, validation), ties, split)
    elif not len(validation) and validation_count:
        training, validation = _cut(training, validation_count, ties, split.seed + 1)
        drawn.append(tr("validation"))
    problems = (*ties.problems, *([_unnamed(split.column, drawn)] if drawn else []))
    return Dealt({"training": training, "validation": validation, "test": test}, problems)


def _by_rows(ties: _Ties, split: SplitSpec, has_own: bool) -> Dealt:
    """At random or by group: test first, so that it does not depend on what else is asked."""
    _, count, test_count = split_counts(ties.count, split, has_own_test=has_own)
    rows = np.arange(ties.count, dtype=np.int64)
    rest, test = _cut(rows, test_count, ties, split.seed)
    if split.folds >= 2:
        training, validation = _fold(rest, ties, split)
    else:
        training, validation = _cut(rest, count, ties, split.seed + 1)
    return Dealt({"training": training, "validation": validation, "test": test}, ties.problems)


def _cut(rows: Positions, count: int, ties: _Ties, seed: int) -> tuple[Positions, Positions]:
    """The rows without, and the rows with, `count` drawn ones (about, where units are larger)."""
    if count <= 0 or count >= len(rows):
        return (rows, rows[:0]) if count <= 0 else (rows[:0], rows)
    if ties.units is None:
        return _drawn(rows, count, ties.classes, seed)
    part = _in_units(rows, (len(rows) - count, count), ties, seed)
    return rows[part == 0], rows[part == 1]


def _drawn(
    rows: Positions, count: int, classes: Positions | None, seed: int
) -> tuple[Positions, Positions]:
    # Late: it takes longer to import than everything that only looks at data.
    from sklearn.model_selection import train_test_split

    kinds = None if classes is None else classes[rows]
    if kinds is not None and not _can_stratify(kinds, len(rows), count):
        kinds = None
    rest, drawn = train_test_split(rows, test_size=count, random_state=seed % 2**32, stratify=kinds)
    return np.sort(rest), np.sort(drawn)


def _fold(rows: Positions, ties: _Ties, split: SplitSpec) -> tuple[Positions, Positions]:
    """The rows without, and the rows of, one of so many folds of equal size."""
    sizes = [len(part) for part in np.array_split(rows, split.folds)]
    part = _in_units(rows, sizes, ties, split.seed + 1)
    fold = split.fold % split.folds
    return rows[part != fold], rows[part == fold]


def _in_units(rows: Positions, sizes: Sequence[int], ties: _Ties, seed: int) -> Positions:
    """The part of each row; a row is a unit of its own where nothing ties it to others."""
    if not len(rows):
        return rows
    units = np.arange(len(rows), dtype=np.int64)
    if ties.units is not None:
        units = np.unique(ties.units[rows], return_inverse=True)[1].astype(np.int64)
    kinds = None if ties.classes is None else ties.classes[rows]
    return deal_units(units, sizes, kinds, np.random.default_rng(seed % 2**32))


def _known(cells: NDArray[Any] | None, split: SplitSpec) -> NDArray[Any]:
    """The cells of the column to split by; StudioError where none was chosen."""
    if cells is not None:
        return cells
    raise refuse(
        tr("No column to split by was chosen. Expected one for this way to split."),
        tr("Choose the column, or split at random."),
        place=Place("field", "split"),
        code="split-column",
    )


def _kinds(
    classes: Positions | None, split: SplitSpec
) -> tuple[Positions | None, tuple[Problem, ...]]:
    """The class of each row, classes too small for three parts put together."""
    if classes is None or not split.is_stratified or not len(classes):
        return None, ()
    often = np.bincount(classes)
    rare = np.flatnonzero((often > 0) & (often < _FEWEST_OF_A_CLASS))
    if not len(rare):
        return classes, ()
    together = int(rare[0] if often[rare].sum() >= _FEWEST_OF_A_CLASS else often.argmax())
    return np.where(np.isin(classes, rare), together, classes), (_rare_note(len(rare)),)


def _can_stratify(kinds: Positions, rows: int, count: int) -> bool:
    often = np.unique(kinds, return_counts=True)[1]
    return bool(often.min() >= 2 and min(count, rows - count) >= len(often))


def _rare_note(count: int) -> Problem:
    return Problem(
        tr(
            "{count} {count|class has|classes have} fewer than {least} {least|row|rows}, so they "
            "cannot be in every part.",
            count=count,
            least=_FEWEST_OF_A_CLASS,
        ),
        tr("Add rows of these classes, or leave them out."),
        Severity.NOTE,
        Place("field", "target"),
        "rare-class",
    )


def _empty(parts: Mapping[str, Positions], split: SplitSpec) -> tuple[Problem, ...]:
    """A warning where whole groups, copies or times left nothing for a part."""
    shares = {"validation": 1.0 if split.folds >= 2 else split.validation, "test": split.test}
    words = {"validation": tr("validation"), "test": tr("test")}
    if sum(map(len, parts.values())) < _FEWEST_OF_A_CLASS:
        return ()
    return tuple(
        Problem(
            tr("No rows are left for {part}.", part=words[name]),
            tr("Rows that belong together stay together: add some of another kind."),
            Severity.WARNING,
            Place("field", "split"),
            "empty-part",
        )
        for name, share in shares.items()
        if share > 0 and not len(parts[name])
    )


def _apart(
    units: Positions, parts: Mapping[str, Positions], split: SplitSpec
) -> tuple[Problem, ...]:
    """A warning where rows that belong together are in two parts, as the data themselves say."""
    if split.method not in ("random", "column"):
        return ()
    found = np.concatenate([np.unique(units[rows]) for rows in parts.values()])
    count = int((np.bincount(found) > 1).sum()) if len(found) else 0
    if not count:
        return ()
    return (
        Problem(
            tr(
                "{count} {count|value|values} of {name} {count|stands|stand} in more than one "
                "part, because the data name the parts. The score looks better than it will be.",
                count=count,
                name=split.together,
            ),
            tr("Split by group instead, so that new ones are told from known ones."),
            Severity.WARNING,
            Place("field", "split"),
            "groups-apart",
        ),
    )


def _no_training(column: str) -> Exception:
    return refuse(
        tr("Column {column} names no rows for training. Expected some.", column=column),
        tr("Choose another column, or split in another way."),
        place=Place("column", column),
        code="split-values",
    )


def _unnamed(column: str, parts: list[str]) -> Problem:
    return Problem(
        tr(
            "Column {column} names no rows for {parts}. They are drawn from its training rows.",
            column=column,
            parts=tr(" and ").join(parts),
        ),
        tr("Set the share of that part to 0 to have none."),
        Severity.NOTE,
        Place("field", "split"),
        "split-drawn",
    )


def _untimed(column: str, count: int) -> Problem:
    return Problem(
        tr(
            "{count} {count|row has|rows have} no time in column {column}. "
            "{count|It counts|They count} as the earliest.",
            count=count,
            column=column,
        ),
        tr("Correct the times, or leave these rows out with a repair step."),
        Severity.WARNING,
        Place("column", column),
        "no-time",
    )


def _later_unused(count: int) -> Problem:
    return Problem(
        tr(
            "{count} {count|row is|rows are} later than the validation part of this fold. They "
            "are not used, "
            "since nothing may be learnt from the future.",
            count=count,
        ),
        tr("The last fold uses all rows."),
        Severity.NOTE,
        Place("field", "split"),
        "fold-unused",
    )
