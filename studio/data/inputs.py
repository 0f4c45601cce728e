"""The values of a row, texts and references of a table become the raw rows of model inputs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from studio.core.design.dataset import ColumnKind, DatasetSpec, Feature
from studio.core.design.features import ALONE, MEDIA_KINDS, ModelInput
from studio.core.design.shaping import SoundSpec
from studio.core.problems import Place, Problem, Severity
from studio.core.words import tr
from studio.data.arrays import Fitted, Held, Positions, Rows
from studio.data.columns import category_indices, moment_texts, vocabulary
from studio.data.dates import as_dates, date_part
from studio.data.material import Material
from studio.data.tables import Table, as_numbers


@dataclass(frozen=True, slots=True, eq=False)
class Encoded:
    """The inputs of some rows; `kept` are those of the asked rows that could be read."""

    model_inputs: tuple[ModelInput, ...]
    inputs: tuple[Rows, ...]
    kept: Positions
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """Some of the rows of another, wherever they lie."""

    rows: Rows
    positions: Positions

    @property
    def shape(self) -> tuple[int, ...]:
        """(rows, then the shape of a sample)."""
        return (len(self.positions), *self.rows.shape[1:])

    @property
    def held(self) -> None:
        """They are chosen because they are not all in memory."""
        return None

    def take(self, positions: Positions) -> NDArray[Any]:
        """Those of the chosen rows."""
        return self.rows.take(self.positions[positions])


def chosen(rows: Rows, positions: Positions) -> Rows:
    """Some rows, as one block where they lie in memory."""
    if len(positions) == rows.shape[0] and bool((np.diff(positions) == 1).all()):
        return rows
    return Chosen(rows, positions) if rows.held is None else Held(rows.held[positions])


def kinds_needed(spec: DatasetSpec, *, targets: bool = True) -> dict[str, ColumnKind]:
    """The columns to read, and as what: those that the model takes, and the targets.

    The columns by which rows are dealt or put in order are read as well.
    """
    taken = {feature.source for feature in spec.features()}
    if targets:
        taken |= {c.name for c in spec.targets()} | _dealing(spec)
    if spec.series is not None:  # other data must be put in order, too
        taken |= {spec.series.time, spec.series.group}
    return {c.name: c.kind for c in spec.columns if c.name in taken}


def learnt(
    model_inputs: Sequence[ModelInput], table: Table, fitted: Fitted | None = None
) -> tuple[ModelInput, ...]:
    """The inputs with every identifier that stands in the table, or that was `fitted`."""
    known = {} if fitted is None else {c.feature.name: c.feature for c in fitted.columns}
    return tuple(
        replace(one, features=tuple(_learnt(f, table, known.get(f.name)) for f in one.features))
        for one in model_inputs
    )


def encoded(
    material: Material,
    model_inputs: Sequence[ModelInput],
    rows: Positions,
    spec: DatasetSpec,
    *,
    memory: int = 0,
) -> Encoded:
    """The inputs at some rows (from 0); a row whose file cannot be read is left out of all.

    Pictures, sounds and clips share `memory` bytes; 0 leaves it to what is free.
    """
    found: list[Rows] = []
    readable = np.ones(len(rows), bool)
    placed: list[Positions] = []
    problems: list[Problem] = []
    everything = np.arange(len(rows), dtype=np.int64)
    share = memory // max(1, sum(one.kind in MEDIA_KINDS for one in model_inputs))
    for one in model_inputs:
        taken, kept, said = _input(material, one, rows, spec, share)
        found.append(taken)
        placed.append(everything if kept is None else kept)
        problems.extend(said)
        if kept is not None:
            readable &= np.isin(everything, kept)
    kept = np.flatnonzero(readable)
    inputs = tuple(
        chosen(taken, np.searchsorted(where, kept))
        for taken, where in zip(found, placed, strict=True)
    )
    return Encoded(tuple(model_inputs), inputs, kept, tuple(problems))


def values_of(
    table: Table, features: Sequence[Feature], rows: Positions | None = None
) -> tuple[NDArray[np.float32], list[Problem]]:
    """Numbers, categories and identifiers as float32 [N, F]; what is unknown is NaN or -1."""
    frame = table.frame
    count = len(frame) if rows is None else len(rows)
    values, problems = np.empty((count, len(features)), np.float32), []
    parsed: dict[str, pd.Series[Any]] = {}
    for i, feature in enumerate(features):
        column = frame[feature.source] if rows is None else frame[feature.source].iloc[rows]
        if feature.part:
            if feature.source not in parsed:
                parsed[feature.source], said = as_dates(feature.source, column, table.name)
                problems.extend(said)
            values[:, i] = date_part(parsed[feature.source], feature.part)
            continue
        values[:, i], said = _values(column, feature, table)
        problems.extend(said)
    return values, problems


def _dealing(spec: DatasetSpec) -> set[str]:
    split = spec.split
    return ({split.column} if split.method in ("group", "time", "column") else set()) | (
        {split.together} if split.keeps_together else set()
    )


def _learnt(feature: Feature, table: Table, known: Feature | None) -> Feature:
    if feature.kind != "identifier":
        return feature
    if known is not None:
        return known
    names = vocabulary(table.frame[feature.source])
    return replace(feature, categories=names, size=len(names))


def _input(
    material: Material, one: ModelInput, rows: Positions, spec: DatasetSpec, memory: int
) -> tuple[Rows, Positions | None, Sequence[Problem]]:
    """The rows of one input, which of them could be read (None: all), and what was found."""
    if one.kind not in ALONE:
        values, problems = values_of(material.table, one.features, rows)
        return Held(values), None, problems
    name = one.feature.source
    if one.kind == "text":
        return Held(texts_of(material.frame[name].iloc[rows])), None, ()
    if name in material.blocks:
        known = np.flatnonzero(material.frame[name].iloc[rows].notna().to_numpy())
        kept = None if len(known) == len(rows) else known
        block = material.blocks[name][rows if kept is None else rows[known]]
        return Held(_of_shape(block, one.feature, material, spec)), kept, ()
    from studio.data.media import media_rows  # late: sound and video are slow to import

    every = material.references(name)
    references = [every[row] for row in rows]
    read = media_rows(references, one.feature, spec, memory=memory)
    return read.rows, read.kept, read.problems


def _of_shape(
    block: NDArray[Any], feature: Feature, material: Material, spec: DatasetSpec
) -> NDArray[Any]:
    """Clips with so many frames, sounds at such a rate and length, as were asked for."""
    if feature.kind == "video" and block.shape[1] != feature.shape[0]:
        places = np.linspace(0, block.shape[1] - 1, feature.shape[0]).round().astype(np.int64)
        return np.ascontiguousarray(block[:, places])
    if feature.kind == "sound":
        return _of_length(block, material.rates[feature.source], spec.sound)
    return block


def _of_length(block: NDArray[Any], rate: int, wanted: SoundSpec) -> NDArray[np.float32]:
    if rate != wanted.rate:
        from studio.data.sound import resampled

        block = np.stack([resampled(sound, rate, wanted.rate) for sound in block])
    cut = block[:, : wanted.samples]
    short = wanted.samples - cut.shape[1]
    sounds: NDArray[np.float32] = np.pad(cut, ((0, 0), (0, short))) if short else cut
    return sounds


def texts_of(values: "pd.Series[Any]") -> NDArray[np.object_]:
    """Texts as Python strings, None where missing; numbers as they are written."""
    if values.dtype.kind == "M":
        values = moment_texts(values)
    cells = values.to_numpy(object)
    missing = pd.isna(cells)
    texts = np.empty(len(cells), object)
    for i in np.flatnonzero(~missing):
        cell = cells[i]
        texts[i] = cell if isinstance(cell, str) else f"{cell:.15g}"
    return texts


def _values(
    column: "pd.Series[Any]", feature: Feature, table: Table
) -> tuple[NDArray[Any], list[Problem]]:
    if feature.kind in ("category", "identifier"):
        indices, unseen = category_indices(column, feature.categories, table.notation)
        return indices, [_unseen(table.name, feature, unseen)] if unseen else []
    numbers, problems = as_numbers(feature.source, column, table.name, table.notation)
    return numbers.to_numpy(), problems


def _unseen(file: str, feature: Feature, unseen: list[str]) -> Problem:
    return Problem(
        tr(
            "Column {name} of {file} holds {count} {count|value that was|values that were} not "
            "known before: {values}. "
            "They count as missing.",
            name=feature.source,
            file=file,
            count=len(unseen),
            values=", ".join(text[:30] for text in unseen[:5]),
        ),
        tr("Correct them, or look at the data again and train with them."),
        Severity.WARNING,
        Place("column", feature.source),
        "unseen-category",
    )
