"""Tables as a source of data: opened with guesses, loaded by choice, another file judged."""

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from studio.core.design.dataset import (
    ColumnChoice,
    ColumnSummary,
    DatasetSpec,
    DatasetSummary,
    TablePreview,
)
from studio.core.params import Values
from studio.core.problems import Problem, StudioError
from studio.data.arrays import Arrays
from studio.data.columns import summarised
from studio.data.encode import arrays_of, arrays_to_judge, kinds_needed
from studio.data.files import size_and_hash
from studio.data.leaks import leaks
from studio.data.preview import preview_of_file, preview_of_frame
from studio.data.roles import guess, notes
from studio.data.samples import SAMPLES, sample_table
from studio.data.tables import Table, read_columns, read_table

_PLAIN: Mapping[str, str | bool] = MappingProxyType({"decimal": ".", "thousands": ""})


def open_table(path: Path, settings: Values, chosen: tuple[ColumnChoice, ...]) -> DatasetSpec:
    """A text table with its settings as found and its columns as guessed."""
    size, digest = size_and_hash([path])
    table = read_table(path, settings)
    return _spec("table", os.path.abspath(path), table, chosen, size, digest)


def open_sample_table(key: str, chosen: tuple[ColumnChoice, ...]) -> DatasetSpec:
    """A built-in table."""
    spec = _spec("sample", key, _sample(key), chosen)
    target = SAMPLES[key].target
    return spec if chosen else _aimed_at(spec, target)


def load_table(spec: DatasetSpec) -> Arrays:
    """All rows that have a target, dealt to the parts."""
    if spec.source == "sample":
        return arrays_of(_sample(spec.path), spec)
    kinds = kinds_needed(spec)
    return arrays_of(read_columns(Path(spec.path), spec.settings, kinds), spec)


def judge_table(spec: DatasetSpec, path: Path, *, needs_target: bool) -> Arrays:
    """Another file's rows by the names of the columns; their order does not matter."""
    kinds = kinds_needed(spec, targets=needs_target)
    header = spec.settings.get("header", True)
    alike = {key: value for key, value in spec.settings.items() if key != "encoding"}
    best: Table | None = None
    for settings in (alike, {"header": header}):
        try:
            table = read_columns(path, settings, kinds)
        except StudioError:
            if best is None and settings is not alike:
                raise
            continue
        if best is None or _trouble(table, kinds) < _trouble(best, kinds):
            best = table
        if not _trouble(best, kinds):
            break
    assert best is not None
    return arrays_to_judge(best, spec, needs_target=needs_target)


def preview_table(spec: DatasetSpec, rows: int, start: int) -> TablePreview:
    """Some rows as plain values."""
    if spec.source == "sample":
        return preview_of_frame(sample_table(spec.path), rows, start)
    return preview_of_file(spec, rows, start)


def _sample(key: str) -> Table:
    return Table(SAMPLES[key].title, sample_table(key), _PLAIN)


def _spec(
    source: str,
    path: str,
    table: Table,
    chosen: tuple[ColumnChoice, ...],
    size: int = 0,
    digest: str = "",
) -> DatasetSpec:
    columns = guess(table.frame, summarised(table), chosen)
    choices = tuple(ColumnChoice(c.name, c.kind, c.role) for c in columns)
    settings = MappingProxyType(dict(table.settings)) if source == "table" else MappingProxyType({})
    summary = DatasetSummary("table", len(table.frame), columns, problems=_problems(table, columns))
    return DatasetSpec(source, path, settings, choices, size=size, sha256=digest, summary=summary)


def _problems(table: Table, columns: tuple[ColumnSummary, ...]) -> tuple[Problem, ...]:
    return (*table.problems, *notes(columns, len(table.frame)), *leaks(table.frame, columns))


def _aimed_at(spec: DatasetSpec, target: str) -> DatasetSpec:
    """With the sample's own target, should a guess ever miss it."""
    for column in spec.targets():
        if column.name != target:
            spec = spec.with_column(column.name, role="input")
    return replace(spec.with_column(target, role="target"))


def _trouble(table: Table, kinds: Mapping[str, object]) -> int:
    """How badly settings fit a file: columns that are absent, columns with texts as numbers."""
    absent = sum(name not in table.frame.columns for name in kinds)
    return 1000 * absent + sum(p.code == "text-in-numbers" for p in table.problems)
