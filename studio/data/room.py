"""How much memory data may fill, and whether a table fits into it."""

from pathlib import Path

import psutil

from studio.core.design.dataset import DatasetSpec
from studio.data.columnar import cells_in
from studio.data.inputs import kinds_needed
from studio.data.listing import KINDS
from studio.data.material import Kinds
from studio.data.tables import BLOCK_ROWS

SHARE_OF_FREE = 0.4
MEGABYTE = 1024**2
# What a value of a table takes while it is read: as float64, and then as float32.
_NUMBER, _TEXT = 12, 80
_PACKED_GROWTH = 6
_PACKED = (".gz", ".bz2", ".xz", ".zst", ".zip", ".parquet", ".pq", ".feather", ".arrow")
_FEWEST_ROWS = 4096
# A value in a table whose columns are summarised; what a small file may take beside its growth.
_WHILE_SUMMARISED, _GROWTH, _BESIDE = 16, 3, 300 * MEGABYTE
STREAMED = ("table", "sql")


def room(memory: int = 0) -> int:
    """So many MB in bytes; 0 is 40 % of what is free now."""
    return memory * MEGABYTE if memory else int(psutil.virtual_memory().available * SHARE_OF_FREE)


def fits(spec: DatasetSpec, memory: int = 0) -> bool:
    """True where the columns that are needed fit into memory while they are read.

    Only the values of rows can be kept on the disk instead: for all else this is True.
    """
    rows = spec.summary.rows if spec.summary else 0
    if spec.source not in STREAMED or spec.joined or spec.series is not None or not rows:
        return True
    kinds = kinds_needed(spec)
    if any(kind in KINDS or kind == "text" for kind in kinds.values()):
        return True
    each = sum(_NUMBER if kind == "number" else _TEXT for kind in kinds.values())
    return rows * each <= room(memory)


def block_rows(kinds: Kinds, memory: int = 0) -> int:
    """How many rows of such columns are read at a time: a small part of what may be filled."""
    each = sum(_NUMBER if kind == "number" else _TEXT for kind in kinds.values())
    return min(BLOCK_ROWS, max(_FEWEST_ROWS, room(memory) // (16 * max(1, each))))


def may_fit(path: Path, memory: int = 0) -> bool:
    """True where a table of that size on the disk fits into memory, as far as that tells.

    A Parquet file of kilobytes may hold many million rows: what it says of them counts, too.
    """
    size = path.stat().st_size if path.is_file() else 0
    if cells_in(path) * _WHILE_SUMMARISED > _GROWTH * size + _BESIDE:
        return False
    growth = _PACKED_GROWTH if path.suffix.lower() in _PACKED else 2
    return size * growth <= room(memory)
