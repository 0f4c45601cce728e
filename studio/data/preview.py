"""The first rows or pictures as plain values, for a screen or a terminal."""

import csv
import io
import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from studio.core.design.dataset import Cell, ColumnSummary, DatasetSpec, ImagePreview, TablePreview
from studio.core.problems import Place, refuse
from studio.core.words import tr
from studio.data.files import open_text
from studio.data.names import unique_names
from studio.data.numbers import MISSING, MISSING_NUMBERS, Notation


def preview_of_file(spec: DatasetSpec, rows: int, start: int) -> TablePreview:
    """Some rows of a text table, read no further than they stand."""
    path = Path(spec.path)
    columns = spec.summary.columns if spec.summary else ()
    try:
        with open_text(path, str(spec.settings["encoding"])) as stream:
            lines = _records(stream, str(spec.settings["delimiter"]))
            places = _places(lines, spec, columns)
            taken = list(itertools.islice(lines, start, start + rows))
    except (csv.Error, UnicodeError) as error:
        raise refuse(
            tr(
                "{file} can no longer be read as it was. Expected the file that was opened.",
                file=path.name,
            ),
            tr("Open the data again."),
            place=Place("file", str(path)),
            code="changed",
            detail=str(error),
        ) from error
    notation = Notation.of(spec.settings)
    shown = tuple(
        tuple(
            _cell(row[place] if place < len(row) else "", column, notation)
            for place, column in zip(places, columns, strict=True)
        )
        for row in taken
    )
    return TablePreview(
        tuple(c.name for c in columns), shown, tuple(range(start + 1, start + 1 + len(shown)))
    )


def preview_of_frame(frame: pd.DataFrame, rows: int, start: int) -> TablePreview:
    """Some rows of a table in memory."""
    part = frame.iloc[start : start + rows]
    shown = tuple(
        tuple(_plain(value) for value in row) for row in part.itertuples(index=False, name=None)
    )
    return TablePreview(
        tuple(str(name) for name in frame.columns),
        shown,
        tuple(range(start + 1, start + 1 + len(shown))),
    )


def preview_of_pixels(
    pixels: NDArray[np.uint8], labels: Sequence[str], names: Sequence[str]
) -> ImagePreview:
    """Pictures [N, C, H, W] as bytes."""
    _, channels, height, width = pixels.shape
    rows_first = np.moveaxis(pixels, 1, 3)
    return ImagePreview(
        height,
        width,
        channels,
        tuple(picture.tobytes() for picture in rows_first),
        tuple(labels),
        tuple(names),
    )


def mixed_order(classes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Positions that go round the classes: the first of each, then the second of each."""
    rank = np.zeros(len(classes), np.int64)
    for kind in np.unique(classes):
        members = np.flatnonzero(classes == kind)
        rank[members] = np.arange(len(members))
    return np.lexsort((classes, rank)).astype(np.int64)


def _records(stream: io.TextIOBase, delimiter: str) -> Iterator[list[str]]:
    reader = csv.reader(stream, delimiter=delimiter, skipinitialspace=True)
    return (row for row in reader if row and not (len(row) == 1 and not row[0].strip()))


def _places(
    lines: Iterator[list[str]], spec: DatasetSpec, columns: Sequence[ColumnSummary]
) -> list[int]:
    if not spec.settings["header"]:
        return list(range(len(columns)))
    header = [name.strip() for name in next(lines, [])]
    names = unique_names(header, spec.path, has_header=True)[0]
    places = {name: i for i, name in enumerate(names)}
    return [places.get(column.name, i) for i, column in enumerate(columns)]


def _cell(text: str, column: ColumnSummary, notation: Notation) -> Cell:
    bare = text.strip()
    if bare in MISSING:
        return None
    if column.low is None:
        return bare
    if bare in MISSING_NUMBERS:
        return None
    return _number(float(notation.plain(bare))) if notation.is_number(bare) else bare


def _plain(value: object) -> Cell:
    if isinstance(value, str):
        return value
    number = float(str(value))
    return None if np.isnan(number) else _number(number)


def _number(value: float) -> Cell:
    if not np.isfinite(value):
        return str(value)
    return int(value) if value.is_integer() and abs(value) < 1e15 else value
