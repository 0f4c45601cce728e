"""A folder of tables with the same columns, read as one table that names the file of each row."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from studio.core.params import Values
from studio.core.problems import StudioError
from studio.data.columns import summarised
from studio.data.material import Kinds, Material
from studio.data.roles import guess
from studio.data.series_suggestion import suggested_series
from studio.data.tables import Table, first_rows, is_text_column, read_columns, read_table

FILE = "file"
MOST_FILES = 500
_HEAD_ROWS = 50
_OWN = ("encoding", "quoting")  # found for each file: one may hold what another does not


def are_alike(files: Sequence[Path], settings: Values) -> bool:
    """True for two or more tables with the same columns that are no time series each.

    Series are told apart: rows of several machines or towns belong together only where a
    person says so.
    """
    if not 2 <= len(files) <= MOST_FILES:
        return False
    try:
        heads = [first_rows(file, settings, _HEAD_ROWS) for file in files]
    except StudioError:
        return False
    names = [tuple(str(name) for name in head.frame.columns) for head in heads]
    kinds = [tuple(is_text_column(head.frame[n]) for n in head.frame.columns) for head in heads]
    if len(set(names)) > 1 or len(set(kinds)) > 1 or FILE in names[0]:
        return False
    return not any(_is_series(file, settings) for file in files[:1])


def read_alike(files: Sequence[Path], settings: Values, kinds: Kinds | None = None) -> Material:
    """The rows of all files, one after the other, with the name of the file in a column."""
    shared = {key: value for key, value in settings.items() if key not in _OWN}
    tables = [_read(file, shared, kinds) for file in files]
    frames = [table.frame.assign(**{FILE: table.name}) for table in tables]
    whole = replace(
        tables[0],
        name=files[0].parent.name,
        frame=pd.concat(_of_one_kind(frames), ignore_index=True),
        problems=tuple(problem for table in tables for problem in table.problems),
    )
    return Material(whole, root=files[0].parent, ignored=(FILE,))


def _read(file: Path, settings: Values, kinds: Kinds | None) -> Table:
    if kinds is None:
        return read_table(file, settings)
    return read_columns(file, settings, {n: kind for n, kind in kinds.items() if n != FILE})


def _of_one_kind(frames: list[pd.DataFrame]) -> list[pd.DataFrame]:
    """A column that holds texts in one file is one of texts in all."""
    texts = {name for frame in frames for name in frame.columns if is_text_column(frame[name])}
    mixed = [name for name in texts if not all(is_text_column(frame[name]) for frame in frames)]
    return [frame.astype(dict.fromkeys(mixed, "str")) for frame in frames]


def _is_series(file: Path, settings: Values) -> bool:
    table = read_table(file, settings)
    return suggested_series(table.frame, guess(table.frame, summarised(table), (), {})) is not None
