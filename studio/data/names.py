"""Names of columns: read from the first line, made unique, empty columns without one left out."""

import io
from collections.abc import Mapping, Sequence

import pandas as pd

from studio.core.problems import Place, Problem, Severity
from studio.core.words import tr


def header_of(data: bytes, settings: Mapping[str, str | bool], width: int) -> list[str]:
    """The first line's values, an empty text where there is none."""
    frame = pd.read_csv(
        io.BytesIO(data),
        sep=str(settings["delimiter"]),
        header=None,
        names=list(range(width)),
        index_col=False,
        dtype=str,
        nrows=1,
        keep_default_na=False,
        skipinitialspace=True,
        encoding="utf-8",
        engine="c",
    )
    cells = [frame.iloc[0, i] for i in range(width)]
    return [str(cell).strip() if isinstance(cell, str) else "" for cell in cells]


def unique_names(
    header: Sequence[str], file: str, has_header: bool
) -> tuple[tuple[str, ...], tuple[Problem, ...]]:
    """Names that are all different; an empty one becomes ``column 3``."""
    taken: set[str] = {name for name in header if name}
    seen: set[str] = set()
    names, changed = [], []
    for number, given in enumerate(header, 1):
        name = wanted = given or tr("column {number}", number=number)
        again = 2
        while name in seen or (name != given and name in taken):
            name, again = f"{wanted} ({again})", again + 1
        seen.add(name)
        names.append(name)
        if given and name != given:
            changed.append((number, given, name))
    problems = [_renamed(*change, file) for change in changed] if has_header else []
    return tuple(names), tuple(problems)


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


def _nameless(names: Sequence[str], file: str) -> Problem:
    return Problem(
        tr(
            "{count} columns of {file} have no name in the first line. They are called {names}.",
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
            "{count} columns of {file} have neither a name nor a value. They are left out.",
            count=len(empty),
            file=file,
        ),
        tr("Nothing needs to be done."),
        Severity.NOTE,
        Place("data"),
        "empty-columns",
    )
    return frame.drop(columns=empty), (*notes, note)
