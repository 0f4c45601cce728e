"""Guesses what each column is (number, category, text, date, identifier) and what it is for."""

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from studio.core.design.dataset import (
    USABLE_KINDS,
    ColumnChoice,
    ColumnKind,
    ColumnSummary,
)
from studio.core.problems import Place, Problem, Severity
from studio.core.words import tr
from studio.data.dialect import is_date
from studio.data.tables import is_text_column

# From the surest to the least sure; the last column of the surest word is taken.
TARGET_WORDS = (
    ("target", "label", "class", "outcome"),
    ("churn", "failure", "species", "diagnosis", "survived", "defect", "fault", "spam", "fraud"),
    (
        "income",
        "price",
        "quality",
        "response",
        "result",
        "output",
        "salary",
        "yield",
        "sales",
        "demand",
    ),
)
IDENTIFIER_WORDS = frozenset(
    {
        "id",
        "udi",
        "uid",
        "uuid",
        "guid",
        "serial",
        "index",
        "idx",
        "key",
        "nr",
        "no",
        "barcode",
        "rowid",
        "unnamed",
    }
)
FEW_CLASSES = 10
_FEW = 20
_LONG_TEXT = 40
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def guess(
    frame: pd.DataFrame, columns: Sequence[ColumnSummary], chosen: Sequence[ColumnChoice] = ()
) -> tuple[ColumnSummary, ...]:
    """The columns with kind and role guessed; what was `chosen` before stands where names match."""
    kept = {choice.name: choice for choice in chosen}
    kinds = [replace(c, kind=kind_of(frame[c.name], c)) for c in columns]
    if sum(_is_usable(c) for c in kinds) < 2:
        kinds = [_counting_as_number(c) for c in kinds]
    target = next(
        (c.name for c in chosen if c.role == "target" and c.name in set(frame.columns)), None
    ) or _target_of(kinds)
    guessed = [_with_role(c, target) for c in kinds]
    return tuple(
        replace(c, kind=kept[c.name].kind, role=kept[c.name].role) if c.name in kept else c
        for c in guessed
    )


def kind_of(values: "pd.Series[float] | pd.Series[str]", column: ColumnSummary) -> ColumnKind:
    """What a column holds, from its values and its name."""
    if is_text_column(values):
        known = values.dropna()
        return _kind_of_texts(known.astype("str"), column) if len(known) else "text"
    numbers = np.asarray(values, np.float64)
    return "identifier" if _counts_rows(numbers[~np.isnan(numbers)], column) else "number"


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name in small letters: customerID is customer, id."""
    return tuple(word.lower() for word in _WORD.findall(name))


def notes(columns: Sequence[ColumnSummary], rows: int) -> tuple[Problem, ...]:
    """What a person should know about the columns that were left out."""
    found = []
    for column in columns:
        if column.missing == rows:
            found.append(_empty(column))
        elif column.distinct == 1:
            found.append(_constant(column))
        elif column.kind in ("date", "text") and column.role == "ignore":
            found.append(_unused(column))
    return tuple(found)


def _kind_of_texts(known: "pd.Series[str]", column: ColumnSummary) -> ColumnKind:
    sample = known.iloc[:200]
    if sum(map(is_date, sample)) >= 0.95 * len(sample):
        return "date"
    distinct, count = column.distinct, len(known)
    has_spaces = sum(" " in text for text in sample) > 0.2 * len(sample)
    if _is_named(column) and distinct > 0.3 * count and distinct > 2 and not has_spaces:
        return "identifier"
    if column.categories and count < FEW_CLASSES and not has_spaces:
        return "category"
    if distinct == count and count >= FEW_CLASSES and not has_spaces:
        return "identifier"
    is_long = sample.str.len().mean() > _LONG_TEXT
    if (
        column.categories
        and distinct <= max(0.5 * count, min(_FEW, count - 1))
        and not (is_long and distinct > _FEW)
    ):
        return "category"
    return "text" if has_spaces or distinct < 0.9 * count else "identifier"


def _counts_rows(numbers: NDArray[np.float64], column: ColumnSummary) -> bool:
    if len(numbers) < 3 or (numbers != np.floor(numbers)).any():
        return False
    if _is_named(column) and column.distinct >= 0.9 * len(numbers):
        return True
    return len(numbers) >= FEW_CLASSES and bool((np.diff(numbers) == 1).all())


def _target_of(columns: Sequence[ColumnSummary]) -> str | None:
    usable = [c for c in columns if _is_usable(c)]
    if plain := [c for c in usable if c.name.lower() == "y"]:
        return plain[0].name
    for words in TARGET_WORDS:
        named = [c for c in usable if set(words) & set(words_of(c.name))]
        if named:
            return named[-1].name
    return usable[-1].name if len(usable) > 1 or len(columns) == 1 and usable else None


def _is_usable(column: ColumnSummary) -> bool:
    return column.kind in USABLE_KINDS and column.distinct > 1


def _with_role(column: ColumnSummary, target: str | None) -> ColumnSummary:
    if column.name == target:
        return replace(column, role="target", kind=_kind_of_target(column))
    return replace(column, role="input" if _is_usable(column) else "ignore")


def _kind_of_target(column: ColumnSummary) -> ColumnKind:
    """Few whole numbers, each often, are classes."""
    few = 1 < column.distinct <= FEW_CLASSES and sum(column.counts) >= 3 * column.distinct
    whole = all(text.lstrip("-").isdigit() for text in column.categories)
    return "category" if column.kind == "number" and few and whole else column.kind


def _counting_as_number(column: ColumnSummary) -> ColumnSummary:
    """Where little else is left, numbers that count up are what is learnt from."""
    is_plain = column.kind == "identifier" and column.low is not None
    return replace(column, kind="number") if is_plain and not _is_named(column) else column


def _is_named(column: ColumnSummary) -> bool:
    return bool(IDENTIFIER_WORDS & set(words_of(column.name)))


def _empty(column: ColumnSummary) -> Problem:
    return Problem(
        tr("Column {name} holds no values.", name=column.name),
        tr("It is of no use for learning; leave it on ignore."),
        Severity.NOTE,
        Place("column", column.name),
        "empty-column",
    )


def _constant(column: ColumnSummary) -> Problem:
    value = column.categories[0] if column.categories else ""
    return Problem(
        tr(
            "Column {name} holds the same value everywhere: {value}.",
            name=column.name,
            value=value[:40],
        ),
        tr("It says nothing about the target; leave it on ignore."),
        Severity.NOTE,
        Place("column", column.name),
        "constant-column",
    )


def _unused(column: ColumnSummary) -> Problem:
    kind = tr("dates") if column.kind == "date" else tr("texts")
    return Problem(
        tr(
            "Column {name} holds {kind}, which are not used for learning yet.",
            name=column.name,
            kind=kind,
        ),
        tr("Nothing needs to be done. If its values repeat, make it a category."),
        Severity.NOTE,
        Place("column", column.name),
        "unused-kind",
    )
