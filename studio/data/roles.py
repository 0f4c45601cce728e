"""Guesses what each column is (number, category, text, date, identifier) and what it is for."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from studio.core.design.dataset import (
    MOST_CATEGORIES,
    USABLE_KINDS,
    ColumnChoice,
    ColumnKind,
    ColumnSummary,
)
from studio.core.problems import Place, Problem, Severity
from studio.core.words import tr
from studio.data.dialect import is_date
from studio.data.material import is_media
from studio.data.tables import is_text_column

# From the surest to the least sure; the last column of the surest word is taken.
TARGET_WORDS = (
    ("target", "label", "class", "outcome", "rating", "stars"),
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
# What a number names when it is the last word and comes again and again.
RATING_WORDS = frozenset({"id", "uid", "user", "item", "movie", "film", "product", "book", "song"})
# Numbers beside pictures that say where one was cut out, and nothing of what it shows.
PLACE_WORDS = frozenset(
    {"x", "y", "left", "top", "right", "bottom", "width", "height"}
    | {"crop", "frame", "index", "fold"}
)
TIME_WORDS = frozenset({"time", "timestamp", "date", "datetime", "created", "ts"})
NO_MEDIA: Mapping[str, ColumnKind] = MappingProxyType({})
FEW_CLASSES = 10
_TESTING = frozenset({"test", "testing"})
_PARTS = _TESTING | {"train", "training", "valid", "validation", "val", "dev"}
_FEW = 20
_LONG_TEXT = 40
_SAMPLE = 200
_FIRST = 1000  # numbers that mostly tell what all of them are
_OFTEN = 0.8  # identifiers that are different in more rows than that name the row itself
_EARLIEST, _LATEST = 3e8, 4e9  # seconds since 1970
# Chinese, Japanese, Thai, Lao and Khmer are written without spaces between words.
_SPACELESS = re.compile("[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_FEWEST_SIGNS = 4
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def guess(
    frame: pd.DataFrame,
    columns: Sequence[ColumnSummary],
    chosen: Sequence[ColumnChoice] = (),
    media: Mapping[str, ColumnKind] = NO_MEDIA,
) -> tuple[ColumnSummary, ...]:
    """The columns with kind and role guessed; what was `chosen` before stands where names match.

    `media` names the columns of pictures, sounds and clips.
    """
    kept = {choice.name: choice for choice in chosen}
    kinds = [
        replace(c, kind=media[c.name] if c.name in media else kind_of(frame[c.name], c))
        for c in columns
    ]
    kinds = _naming_pairs(kinds, len(frame))
    if not media and sum(_is_usable(c) for c in kinds) < 2 and not _are_texts(kinds):
        kinds = [_counting_as_number(c) for c in kinds]
    target = next(
        (c.name for c in chosen if c.role == "target" and c.name in set(frame.columns)), None
    ) or _target_of(kinds, len(frame))
    guessed = _with_roles(kinds, target, len(frame))
    return tuple(
        replace(c, kind=kept[c.name].kind, role=kept[c.name].role) if c.name in kept else c
        for c in guessed
    )


def kind_of(values: "pd.Series[float] | pd.Series[str]", column: ColumnSummary) -> ColumnKind:
    """What a column holds, from its values and its name."""
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        return "date"
    if is_text_column(values):
        known = values.dropna()
        return _kind_of_texts(known.astype("str"), column) if len(known) else "text"
    numbers = np.asarray(values, np.float64)
    is_missing = np.isnan(numbers)
    numbers = numbers[~is_missing] if is_missing.any() else numbers
    if _tells_time(numbers, column):
        return "date"
    return "identifier" if _counts_rows(numbers, column) else "number"


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name in small letters: customerID is customer, id."""
    return tuple(word.lower() for word in _WORD.findall(name))


def names_parts(column: ColumnSummary) -> bool:
    """True for a column that says of each row whether it is for training or for testing."""
    if len(column.categories) > 2 * len(_PARTS):
        return False
    values = {name.lower() for name in column.categories}
    return 2 <= len(values) <= len(_PARTS) and values <= _PARTS and bool(values & _TESTING)


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
    sample = known.iloc[:: max(1, len(known) // _SAMPLE)][:_SAMPLE]
    if sum(map(is_date, sample)) >= 0.95 * len(sample):
        return "date"
    distinct, count = column.distinct, len(known)
    has_spaces = sum(" " in text for text in sample) > 0.2 * len(sample) or _needs_none(sample)
    is_many = distinct > 0.3 * count or distinct > MOST_CATEGORIES
    if _is_named(column) and is_many and distinct > 2 and not has_spaces:
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


def _needs_none(sample: "pd.Series[str]") -> bool:
    """True for sentences in a language that is written without spaces."""
    return sum(len(_SPACELESS.findall(text)) >= _FEWEST_SIGNS for text in sample) > 0.5 * len(
        sample
    )


def _counts_rows(numbers: NDArray[np.float64], column: ColumnSummary) -> bool:
    if len(numbers) < 3 or not (_are_whole(numbers[:_FIRST]) and _are_whole(numbers)):
        return False
    if _is_named(column) and column.distinct >= 0.9 * len(numbers):
        return True
    if column.distinct > MOST_CATEGORIES and RATING_WORDS & set(words_of(column.name)[-1:]):
        return True
    counts_up = bool((np.diff(numbers[:_FIRST]) == 1).all())
    return len(numbers) >= FEW_CLASSES and counts_up and bool((np.diff(numbers) == 1).all())


def _are_whole(numbers: NDArray[np.float64]) -> bool:
    return not (numbers != np.floor(numbers)).any()


def _tells_time(numbers: NDArray[np.float64], column: ColumnSummary) -> bool:
    """True for seconds or milliseconds since 1970 in a column that is named so."""
    if not len(numbers) or not TIME_WORDS & set(words_of(column.name)):
        return False
    return any(
        numbers.min() / unit >= _EARLIEST and numbers.max() / unit < _LATEST for unit in (1, 1e3)
    )


def _target_of(columns: Sequence[ColumnSummary], rows: int) -> str | None:
    usable = [c for c in columns if _is_usable(c)]
    if plain := [c for c in usable if c.name.lower() == "y"]:
        return plain[0].name
    for words in TARGET_WORDS:
        named = [c for c in usable if set(words) & set(words_of(c.name))]
        if named:
            return named[-1].name
    if any(is_media(c) for c in columns):
        classes = (c.name for c in usable if c.kind == "category")
        return next(classes, None) or _written_beside(columns)
    if _are_texts(columns):
        return [c.name for c in columns if c.kind == "text"][1]
    has_other = len(usable) > 1 or any(c.kind == "text" for c in columns)
    return (
        usable[-1].name
        if usable and (has_other or len(columns) == 1 or _pair(columns, rows))
        else None
    )


def _written_beside(columns: Sequence[ColumnSummary]) -> str | None:
    """The only text beside sounds: what is said in them."""
    texts = [c.name for c in columns if c.kind == "text" and c.distinct > 1]
    is_heard = any(c.kind == "sound" for c in columns)
    return texts[0] if is_heard and len(texts) == 1 else None


def _with_roles(
    columns: Sequence[ColumnSummary], target: str | None, rows: int
) -> tuple[ColumnSummary, ...]:
    """Pictures, sounds and clips with the numbers beside them; texts where there is little else.

    A text that is alone is input and target: what is written on from its beginning.
    """
    used = {c.name for c in columns if is_media(c)}
    pair = _pair(columns, rows)
    if used:
        beside = (c for c in columns if c.kind == "number" and _is_usable(c))
        used |= {c.name for c in beside if not PLACE_WORDS & set(words_of(c.name))}
    else:
        used = {c.name for c in columns if _is_usable(c)} | pair
        texts = {c.name for c in columns if c.kind == "text" and c.distinct > 1}
        used |= texts if not used - {target} else set()
    if target is None and len(used) == 1 and used <= {c.name for c in columns if c.kind == "text"}:
        return tuple(replace(c, role="both" if c.name in used else "ignore") for c in columns)
    return tuple(
        replace(c, role="target", kind=c.kind if pair else _kind_of_target(c))
        if c.name == target
        else replace(c, role="input" if c.name in used else "ignore")
        for c in columns
    )


def _naming_pairs(columns: list[ColumnSummary], rows: int) -> list[ColumnSummary]:
    """Where two columns name who and what again and again, both are identifiers."""
    named = [
        c.name
        for c in columns
        if c.kind in ("identifier", "category", "number")
        and RATING_WORDS & set(words_of(c.name)[-1:])
        and _FEW < c.distinct < _OFTEN * (rows - c.missing)
        and (c.low is None or all(text.isdigit() for text in c.categories))
    ]
    if len(named) != 2:
        return columns
    return [replace(c, kind="identifier") if c.name in named else c for c in columns]


def _pair(columns: Sequence[ColumnSummary], rows: int) -> set[str]:
    """The two columns of identifiers that come again and again: who rated what."""
    again = [
        c.name
        for c in columns
        if c.kind == "identifier" and 1 < c.distinct < _OFTEN * (rows - c.missing)
    ]
    return set(again) if len(again) == 2 else set()


def _are_texts(columns: Sequence[ColumnSummary]) -> bool:
    """True for two columns of texts and nothing else: one is to be told from the other."""
    return len(columns) == 2 and all(c.kind == "text" and c.distinct > 1 for c in columns)


def _is_usable(column: ColumnSummary) -> bool:
    return column.kind in USABLE_KINDS and column.distinct > 1 and not names_parts(column)


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
        tr("Column {name} holds {kind}, which are not used.", name=column.name, kind=kind),
        tr("Set its role to input if they tell something about the target."),
        Severity.NOTE,
        Place("column", column.name),
        "unused-kind",
    )
