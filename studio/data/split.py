"""Deals rows to the training, validation and test parts: seeded, exact, stratified."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.core.design.dataset import SplitSpec, split_counts
from studio.core.problems import Place, Problem, Severity
from studio.core.words import tr

_FEWEST_OF_A_CLASS = 3
Positions = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Dealt:
    """The positions of each part in ascending order, and what could not be done as asked."""

    parts: Mapping[str, Positions]
    problems: tuple[Problem, ...] = ()


def deal(
    count: int, spec: SplitSpec, classes: Positions | None = None, own_test: Positions | None = None
) -> Dealt:
    """The parts of `count` rows; `classes` for stratifying, `own_test` the source's test part."""
    rows = np.arange(count, dtype=np.int64)
    has_own = own_test is not None and len(own_test) > 0
    free = np.setdiff1d(rows, own_test) if own_test is not None and has_own else rows
    _, validation, test = split_counts(len(free), spec, has_own_test=has_own)
    groups, problems = _groups(classes, free, spec)
    rest, dealt_test = _cut(free, test, groups, spec.seed)
    training, dealt_validation = _cut(rest, validation, groups, spec.seed + 1)
    parts = {
        "training": training,
        "validation": dealt_validation,
        "test": np.sort(own_test) if own_test is not None and has_own else dealt_test,
    }
    return Dealt(parts, problems)


def _groups(
    classes: Positions | None, free: Positions, spec: SplitSpec
) -> tuple[Positions | None, tuple[Problem, ...]]:
    """The class of each row, classes too small for three parts put together."""
    if classes is None or not spec.is_stratified or not len(free):
        return None, ()
    often = np.bincount(classes[free])
    rare = np.flatnonzero((often > 0) & (often < _FEWEST_OF_A_CLASS))
    if not len(rare):
        return classes, ()
    groups = np.where(np.isin(classes, rare), -1, classes)
    if (groups[free] == -1).sum() < _FEWEST_OF_A_CLASS:
        groups = np.where(groups == -1, int(often.argmax()), groups)
    return groups, (_rare_note(len(rare)),)


def _cut(
    rows: Positions, count: int, groups: Positions | None, seed: int
) -> tuple[Positions, Positions]:
    """The rows without, and the rows with, `count` drawn ones."""
    # Late: it takes longer to import than everything that only looks at data.
    from sklearn.model_selection import train_test_split

    if count <= 0 or count >= len(rows):
        return (rows, rows[:0]) if count <= 0 else (rows[:0], rows)
    kinds = None if groups is None else groups[rows]
    if kinds is not None and not _can_stratify(kinds, len(rows), count):
        kinds = None
    rest, drawn = train_test_split(rows, test_size=count, random_state=seed % 2**32, stratify=kinds)
    return np.sort(rest), np.sort(drawn)


def _can_stratify(kinds: Positions, rows: int, count: int) -> bool:
    often = np.unique(kinds, return_counts=True)[1]
    return bool(often.min() >= 2 and min(count, rows - count) >= len(often))


def _rare_note(count: int) -> Problem:
    return Problem(
        tr(
            "{count} classes have fewer than {least} rows, so they cannot be in every part.",
            count=count,
            least=_FEWEST_OF_A_CLASS,
        ),
        tr("Add rows of these classes, or leave them out."),
        Severity.NOTE,
        Place("field", "target"),
        "rare-class",
    )
