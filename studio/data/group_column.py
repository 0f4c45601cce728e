"""The column that tells whose each row is: rows of one machine, person or place are alike."""

from collections.abc import Sequence
from dataclasses import replace

from studio.core.design.dataset import ColumnSummary, DatasetSpec
from studio.core.problems import Fix, Place, Problem, Severity
from studio.core.words import tr
from studio.data.material import is_media
from studio.data.roles import IDENTIFIER_WORDS, names_parts, words_of

CODE = "leakage-by-group"
_OWNERS = frozenset(
    {
        "group",
        "subject",
        "patient",
        "person",
        "participant",
        "speaker",
        "singer",
        "writer",
        "author",
        "user",
        "customer",
        "client",
        "driver",
        "student",
        "pupil",
        "animal",
        "household",
        "machine",
        "device",
        "engine",
        "vehicle",
        "unit",
        "specimen",
        "batch",
        "lot",
        "recording",
        "session",
        "scene",
        "site",
    }
)
_BESIDE = IDENTIFIER_WORDS | {"name", "number", "num", "code"}
_FEWEST = 3  # one for each part
_OFTEN = 0.8  # of the rows: where more are different, hardly any belong together


def group_among(spec: DatasetSpec) -> str:
    """The first column that is no input and names, again and again, whose a row is; or ""."""
    columns = spec.summary.columns if spec.summary else ()
    return next((c.name for c in columns if _is_owner(c) and _repeats(spec, c)), "")


def without_owners(spec: DatasetSpec) -> DatasetSpec:
    """Beside pictures, sounds and clips the number of a person or machine is no input."""
    columns = spec.summary.columns if spec.summary else ()
    if any(map(is_media, columns)):
        for column in columns:
            is_counted = bool(column.categories) and all(map(str.isdigit, column.categories))
            if (
                column.kind == "number"
                and column.role == "input"
                and is_counted
                and _is_owner(column)
            ):
                spec = spec.with_column(column.name, role="ignore")
    return spec


def with_group_notes(spec: DatasetSpec) -> DatasetSpec:
    """With a note for words beside pictures, sounds and clips that come again and again.

    They may be names of persons. Nothing says so for sure, so rows are dealt at random until
    somebody chooses.
    """
    summary = spec.summary
    if summary is None or not any(map(is_media, summary.columns)):
        return spec
    named = [c for c in summary.columns if _is_wordy(c) and _repeats(spec, c)]
    others = [problem for problem in summary.problems if problem.code != CODE]
    is_drawn = spec.split.method == "random" and not spec.split.together
    notes = [_note(column) for column in named] if is_drawn else []
    return replace(spec, summary=replace(summary, problems=(*others, *notes)))


def _is_owner(column: ColumnSummary) -> bool:
    words = [word for word in words_of(column.name) if word not in _BESIDE]
    owner = words[-1] if words else ""
    return owner in _OWNERS or owner.removesuffix("s") in _OWNERS


def _repeats(spec: DatasetSpec, column: ColumnSummary) -> bool:
    chosen = spec.choice(column.name)
    known = spec.summary.rows - column.missing if spec.summary else 0
    is_free = chosen is not None and chosen.role == "ignore" and column.kind != "date"
    is_told = is_media(column) or names_parts(column)
    return is_free and not is_told and _FEWEST <= column.distinct <= _OFTEN * known


def _is_wordy(column: ColumnSummary) -> bool:
    """True for a category of words: numbers in the names of files mostly count takes."""
    return column.kind == "category" and _are_words(column.categories)


def _are_words(texts: Sequence[str]) -> bool:
    return bool(texts) and all(any(sign.isalpha() for sign in text) for text in texts)


def _note(column: ColumnSummary) -> Problem:
    return Problem(
        tr(
            "Column {name} tells {count} apart: {values}. If these are persons, machines or "
            "places, a random split has the same ones in training and test.",
            name=column.name,
            count=column.distinct,
            values=", ".join(text[:30] for text in column.categories[:4])
            + (" …" if column.distinct > 4 else ""),
        ),
        tr("Split by it to be tested on new ones."),
        Severity.NOTE,
        Place("column", column.name),
        CODE,
        Fix(
            "set_split",
            tr("Split by {name}", name=column.name),
            {"method": "group", "column": column.name},
        ),
    )
