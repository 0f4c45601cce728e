"""Exact duplicates: which rows are the same, that they stay in one part, what is said of them."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from studio.core.patience import go_on
from studio.core.problems import Fix, Place, Problem, Severity
from studio.core.words import tr
from studio.data.arrays import Held, Positions, Rows
from studio.data.fit_columns import blocks_of
from studio.data.pixels import BROKEN
from studio.data.references import entries_of, open_reference, parted

Prints = NDArray[np.uint64]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)  # of Knuth's multiplicative hashing
_SHIFT = np.uint64(29)
_CHUNK = 1 << 20
_SHOWN = 5
_NOWHERE = (-1, 0)


def alike(prints: Sequence[Prints]) -> Positions:
    """A number for each row that its exact duplicates share, from prints of what it holds."""
    return pd.factorize(together(prints))[0].astype(np.int64)


def together(prints: Sequence[Prints]) -> Prints:
    """One print for each row from those of its parts."""
    mixed = np.zeros(len(prints[0]), np.uint64)
    for one in prints:
        mixed = _mixed(mixed, one)
    return mixed


def prints_of_rows(rows: Rows) -> Prints:
    """64 bits for each row, the same for rows of the same values; taken in blocks.

    Two different rows have the same ones by chance in one of 10^19 pairs.
    """
    count = rows.shape[0]
    prints = np.zeros(count, np.uint64)
    row_bytes = 8 * int(np.prod(rows.shape[1:]))
    for block in blocks_of(np.arange(count, dtype=np.int64), row_bytes):
        go_on()
        prints[block] = _prints_of_block(rows.take(block))
    return prints


def prints_of_values(values: NDArray[Any]) -> Prints:
    """The same of a block in memory, such as the targets."""
    return prints_of_rows(Held(values))


def prints_of_files(references: Sequence[str]) -> Prints:
    """64 bits for each file, the same for files of the same bytes.

    Only files of one size are read, and of archives only members of one checksum, too. A
    missing one is like all missing ones; one that cannot be read is like no other.
    """
    keys = _keys(references)
    often = Counter(keys)
    names = (
        _digest(reference) if reference and often[key] > 1 else f"{reference} {key}"
        for reference, key in zip(references, keys, strict=True)
    )
    return np.fromiter(map(_number, names), np.uint64, len(references))


def prints_of_cells(values: "pd.Series[Any]") -> Prints:
    """64 bits for each cell of a column, the same for equal cells; missing ones are equal."""
    codes, uniques = pd.factorize(values)
    if pd.api.types.is_numeric_dtype(values.dtype):
        known = np.asarray(uniques, np.float64) + 0.0  # minus nought is nought
        numbers = known.view(np.uint64)
    else:
        numbers = np.asarray(pd.util.hash_array(np.asarray(uniques, object)), np.uint64)
    return np.append(numbers, _GOLDEN)[codes]


def repeated(prints: Sequence[Prints]) -> NDArray[np.bool_]:
    """Which rows are copies of an earlier one."""
    codes = alike(prints)
    again = np.ones(len(codes), bool)
    again[np.unique(codes, return_index=True)[1]] = False
    return again


def duplicate_problems(
    codes: Positions, parts: Mapping[str, Positions], rows: Positions
) -> tuple[Problem, ...]:
    """What is said of rows that occur more than once, those in two parts named.

    `codes` are of `alike`; `rows` are the numbers of the rows in the file, from 1.
    """
    copies = len(codes) - len(np.unique(codes))
    if not copies:
        return ()
    part = np.full(len(codes), -1)
    for place, positions in enumerate(parts.values()):
        part[positions] = place
    first = np.full(int(codes.max()) + 1, -1)
    dealt = np.flatnonzero(part >= 0)
    first[codes[dealt[::-1]]] = part[dealt[::-1]]
    strays = dealt[part[dealt] != first[codes[dealt]]]
    split = np.isin(codes, codes[strays])
    return (_across(strays, rows, split) if len(strays) else _together(copies),)


def _across(strays: Positions, rows: Positions, split: NDArray[np.bool_]) -> Problem:
    """The warning for copies in two parts."""
    shown = ", ".join(str(row) for row in rows[np.flatnonzero(split)][:_SHOWN])
    return Problem(
        tr(
            "{count} {count|row is an exact copy|rows are exact copies} of rows in another part, "
            "so that what is tested was "
            "learnt by heart (rows {rows}). Expected each row in one part.",
            count=len(strays),
            rows=shown + (" …" if int(split.sum()) > _SHOWN else ""),
        ),
        tr("Remove repeated rows, or split at random: then copies stay in one part."),
        Severity.WARNING,
        Place("field", "split"),
        "duplicates-across",
        _removing(),
    )


def _together(copies: int) -> Problem:
    said = tr(
        "{count} rows are exact copies of others. Copies are kept in the same part.", count=copies
    )
    if copies == 1:
        said = tr("One row is an exact copy of another. Both are kept in the same part.")
    return Problem(
        said,
        tr("Remove repeated rows where the same record was written more than once."),
        Severity.NOTE,
        Place("data"),
        "duplicates",
        _removing(),
    )


def _removing() -> Fix:
    return Fix("add_step", tr("Remove repeated rows"), {"key": "remove_duplicates"})


def _prints_of_block(block: NDArray[Any]) -> Prints:
    flat = block.reshape(len(block), -1)
    if flat.dtype == object:
        words = np.column_stack([_prints_of_texts(flat[:, i]) for i in range(flat.shape[1])])
    else:
        words = _as_words(flat)
    prints = np.zeros(len(flat), np.uint64)
    for column in np.ascontiguousarray(words.T):
        prints = _mixed(prints, column)
    return prints


def _prints_of_texts(texts: NDArray[np.object_]) -> Prints:
    return prints_of_cells(pd.Series(texts, dtype=object))


def _as_words(flat: NDArray[Any]) -> Prints:
    """Rows of numbers as rows of 64 bits each, filled up with noughts."""
    if flat.dtype.kind == "f":
        flat = np.where(np.isnan(flat), np.array(np.nan, flat.dtype), flat + 0)
    raw = np.ascontiguousarray(flat).view(np.uint8).reshape(len(flat), -1)
    missing = -raw.shape[1] % 8
    return np.ascontiguousarray(np.pad(raw, ((0, 0), (0, missing)))).view(np.uint64)


def _mixed(prints: Prints, more: Prints) -> Prints:
    mixed = (prints ^ more) * _GOLDEN
    return mixed ^ (mixed >> _SHIFT)


def _keys(references: Sequence[str]) -> list[tuple[int, int]]:
    """Size and checksum of each file, as far as both are known without reading it."""
    places = [parted(reference) if reference else (Path(), "") for reference in references]
    archives = {path for path, member in places if member}
    listed = {path: {e.name: (e.size, e.check) for e in entries_of(path)} for path in archives}
    keys = [
        listed[path].get(member, _NOWHERE) if member else (_size(path), 0)
        for path, member in places
    ]
    if all(member for _, member in places):
        return keys
    return [(size, 0) for size, _ in keys]  # files have no checksum to compare


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1


def _digest(reference: str) -> str:
    go_on()
    digest = hashlib.blake2b(digest_size=8)
    try:
        with open_reference(reference) as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
    except BROKEN:
        return reference
    return digest.hexdigest()


def _number(text: str) -> np.uint64:
    return np.uint64(int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest()))
