"""Parquet and Feather (Arrow) files, read some rows at a time; fields of structures as columns."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.feather as feather
import pyarrow.parquet as parquet
from typing_extensions import override

from studio.core.params import Values
from studio.data.cells import Arrow, missing_marks, piece_of_array
from studio.data.files import broken, contents, unreadable
from studio.data.names import unique_names
from studio.data.opened import OpenedTable, Pieces
from studio.data.unpack import shown_name

_ROWS = 65_536
_NEAR = 200_000  # so many rows of a group are passed over in a moment
_PARQUET, _FEATHER, _OLD_FEATHER, _STREAM = b"PAR1", b"ARROW1", b"FEA1", b"\xff\xff\xff\xff"
_STREAM_SUFFIXES = (".arrow", ".arrows", ".feather", ".ipc")
Batches = Iterator[Arrow]


def is_parquet(_path: Path, head: bytes) -> bool:
    """By its first bytes."""
    return head.startswith(_PARQUET)


def is_feather(path: Path, head: bytes) -> bool:
    """By its first bytes; a stream of Arrow has none of its own and needs the suffix."""
    is_stream = head.startswith(_STREAM) and path.suffix.lower() in _STREAM_SUFFIXES
    return head.startswith((_FEATHER, _OLD_FEATHER)) or is_stream


def open_parquet(path: Path, _given: Values, _rows: int = 0) -> OpenedTable:
    """A Parquet file with the names of its columns."""
    with _troubles(path, "Parquet"), _source(path, _PARQUET) as source:
        file = parquet.ParquetFile(source)
        return _opened(path, "parquet", file.schema_arrow, (_parquet_batches, "Parquet"))


def cells_in(path: Path) -> int:
    """How many values a Parquet file says that it holds; 0 for any other file or a broken one."""
    try:
        with path.open("rb") as file:
            if file.read(len(_PARQUET)) != _PARQUET:
                return 0
        facts = parquet.read_metadata(path)
    except (pa.ArrowException, OSError):
        return 0
    return int(facts.num_rows * facts.num_columns)


def open_feather(path: Path, _given: Values, _rows: int = 0) -> OpenedTable:
    """A Feather or Arrow file with the names of its columns."""
    with _troubles(path, "Feather"), _source(path, _FEATHER) as source:
        return _opened(path, "feather", _feather(source).schema, (_feather_batches, "Feather"))


@dataclass(frozen=True, slots=True, eq=False)
class ColumnarTable(OpenedTable):
    """A file of columns; `places` says of which field each comes and which child of it."""

    places: tuple[tuple[int, int], ...] = ()
    batches: Callable[[Arrow, list[int], int], Batches] = lambda *_: iter(())
    kind: str = ""

    @override
    def reached(self, row: int) -> tuple[OpenedTable, int] | None:
        if self.kind != "Parquet":
            return None
        with _troubles(self.path, self.kind), _source(self.path, _PARQUET) as source:
            facts = parquet.ParquetFile(source).metadata
        first, group = 0, 0
        while group < facts.num_row_groups - 1 and first + facts.row_group(group).num_rows <= row:
            first, group = first + facts.row_group(group).num_rows, group + 1
        batches = partial(_parquet_batches, first_group=group)
        return (replace(self, batches=batches), first) if row - first <= _NEAR else None

    @override
    def pieces(self, columns: Sequence[str], texts: Collection[str] = (), rows: int = 0) -> Pieces:
        wanted = set(columns)
        places = {n: p for n, p in zip(self.names, self.places, strict=True) if n in wanted}
        fields = sorted({field for field, _ in places.values()})
        missing = missing_marks()
        magic = _PARQUET if self.kind == "Parquet" else _FEATHER
        with _troubles(self.path, self.kind), _source(self.path, magic) as source:
            for batch in self.batches(source, fields, rows or _ROWS):
                # Arrow takes offsets and texts as they come; those of a broken file lead astray.
                batch.validate(full=True)
                yield {
                    name: piece_of_array(_values(batch, fields.index(field), child), missing)
                    for name, (field, child) in places.items()
                }


def _opened(
    path: Path, key: str, schema: Arrow, how: tuple[Callable[[Arrow, list[int], int], Batches], str]
) -> OpenedTable:
    names, places = [], []
    for i, field in enumerate(schema):
        is_struct = pa.types.is_struct(field.type)
        for child in range(field.type.num_fields) if is_struct else (-1,):
            names.append(f"{field.name}.{field.type[child].name}" if is_struct else field.name)
            places.append((i, child))
    name = shown_name(path)
    known, problems = unique_names([n.strip() for n in names], name, has_header=True)
    if not places:
        raise broken(path, how[1], "no columns")
    return ColumnarTable(
        path, name, {"format": key}, known, (), problems, tuple(places), how[0], how[1]
    )


def _values(batch: Arrow, place: int, child: int) -> Arrow:
    column = batch.column(place)
    return pc.struct_field(column, [child]) if child >= 0 else column


def _parquet_batches(
    source: Arrow, fields: list[int], rows: int, *, first_group: int = 0
) -> Batches:
    file = parquet.ParquetFile(source, pre_buffer=False)
    names = file.schema_arrow.names
    are_unique = len(set(names)) == len(names)
    chosen = [names[i] for i in fields] if are_unique else None
    groups = range(first_group, file.num_row_groups)
    for batch in file.iter_batches(rows, groups, columns=chosen, use_threads=False):
        yield batch if are_unique and batch.schema.names == chosen else _selected(batch, fields)


def _selected(batch: Arrow, fields: list[int]) -> Arrow:
    return pa.RecordBatch.from_arrays([batch.column(i) for i in fields], [str(i) for i in fields])


def _feather_batches(source: Arrow, fields: list[int], rows: int) -> Batches:
    for batch in _batches_of(_feather(source)):
        for start in range(0, batch.num_rows, rows):
            yield _selected(batch.slice(start, rows), fields)


def _batches_of(reader: Arrow) -> Iterable[Arrow]:
    if isinstance(reader, pa.Table):
        return list(reader.to_batches())
    if isinstance(reader, pa.RecordBatchFileReader):
        return (reader.get_batch(i) for i in range(reader.num_record_batches))
    return (batch for batch in reader)


def _feather(source: Arrow) -> Arrow:
    start = source.read(6)
    source.seek(0)
    if start.startswith(_OLD_FEATHER):
        return feather.read_table(source)
    opener = pa.ipc.open_file if start == _FEATHER else pa.ipc.open_stream
    return opener(source)


@contextmanager
def _source(path: Path, magic: bytes) -> Iterator[Arrow]:
    """The file for Arrow to read, unpacked in memory where it is packed.

    Not mapped to memory: a mapped file that another program cuts short ends the process.
    """
    with path.open("rb") as file:
        start = file.read(len(magic))
        file.seek(0)
        is_plain = start == magic or start.startswith((_OLD_FEATHER, _STREAM))
        yield pa.PythonFile(file, "r") if is_plain else pa.BufferReader(contents(path))


@contextmanager
def _troubles(path: Path, kind: str) -> Iterator[None]:
    try:
        yield
    except pa.ArrowException as error:
        raise broken(path, kind, str(error)) from error
    except OSError as error:
        if error.errno is None:
            raise broken(path, kind, str(error)) from error
        raise unreadable(path, error) from error
    except (UnicodeDecodeError, EOFError) as error:
        raise broken(path, kind, str(error)) from error
