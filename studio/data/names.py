"""Names of columns: read from the first line, made unique, empty columns without one left out."""

from collections.abc import Sequence

import pandas as pd

from studio.core.problems import Place, Problem, Severity, StudioError, refuse
from studio.core.words import tr

# Each column is looked at by itself, so that millions of them would take minutes and gigabytes.
MOST_COLUMNS = 25_000
_MOST_NOTES = 20


def unique_names(
    header: Sequence[str], file: str, has_header: bool
) -> tuple[tuple[str, ...], tuple[Problem, ...]]:
    """Names that are all different; an empty one becomes ``column 3``.

    Raises StudioError where they are more than `MOST_COLUMNS`.
    """
    if len(header) > MOST_COLUMNS:
        raise too_many_columns(len(header), file)
    taken: set[str] = {name for name in header if name}
    seen: set[str] = set()
    next_number: dict[str, int] = {}
    names, changed = [], []
    for number, given in enumerate(header, 1):
        name = wanted = given or tr("column {number}", number=number)
        again = next_number.get(wanted, 2)
        while name in seen or (name != given and name in taken):
            name, again = f"{wanted} ({again})", again + 1
        next_number[wanted] = again
        seen.add(name)
        names.append(name)
        if given and name != given:
            changed.append((number, given, name))
    problems = [_renamed(*change, file) for change in changed[:_MOST_NOTES]]
    if len(changed) > _MOST_NOTES:
        problems.append(_renamed_more(len(changed) - _MOST_NOTES, file))
    return tuple(names), tuple(problems) if has_header else ()


def too_many_columns(count: int, file: str) -> StudioError:
    """What to raise for a table of more than `MOST_COLUMNS` columns."""
    return refuse(
        tr(
            "{file} has {count} {count|column|columns}. Expected {most} at most.",
            file=file,
            count=f"{count:,}",
            most=f"{MOST_COLUMNS:,}",
        ),
        tr(
            "Check that each row stands on a line of its own. If they do, keep only the columns "
            "that are needed."
        ),
        place=Place("file", file),
        code="too-many-columns",
    )


def _renamed(number: int, given: str, name: str, file: str) -> Problem:
    return Problem(
        tr(
            "The name {given} stands twice in {file}. Column {number} is called {name} here.",
            given=given,
            file=file,
            number=number,
            name=name,
        ),
        tr("Give each column its own name in the first line."),
        Severity.NOTE,
        Place("column", name),
        "duplicate-name",
    )


def _renamed_more(count: int, file: str) -> Problem:
    return Problem(
        tr("{count} more columns of {file} have a name that stands twice.", count=count, file=file),
        tr("Give each column its own name in the first line."),
        Severity.NOTE,
        Place("data"),
        "duplicate-name",
    )


def _nameless(names: Sequence[str], file: str) -> Problem:
    return Problem(
        tr(
            "{count} {count|column|columns} of {file} {count|has|have} no name in the first line. "
            "{count|It is|They are} called {names}.",
            count=len(names),
            file=file,
            names=", ".join(names[:5]),
        ),
        tr("Give each column a name in the first line."),
        Severity.NOTE,
        Place("column", names[0]),
        "empty-name",
    )


def without_nameless(
    frame: pd.DataFrame, unnamed: Sequence[str], file: str
) -> tuple[pd.DataFrame, tuple[Problem, ...]]:
    """Without the empty columns that a spreadsheet leaves at the right."""
    empty = [name for name in unnamed if frame[name].isna().all()]
    if len(empty) == len(frame.columns):
        empty = []
    kept = [name for name in unnamed if name not in empty]
    notes = (_nameless(kept, file),) if kept else ()
    if not empty:
        return frame, notes
    note = Problem(
        tr(
            "{count} {count|column|columns} of {file} {count|has|have} neither a name nor a "
            "value. {count|It is|They are} left out.",
            count=len(empty),
            file=file,
        ),
        tr("Nothing needs to be done."),
        Severity.NOTE,
        Place("data"),
        "empty-columns",
    )
    return frame.drop(columns=empty), (*notes, note)
