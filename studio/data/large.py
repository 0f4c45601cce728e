"""Tables larger than memory: read and encoded block by block, the rows kept on the disk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from studio.core.design.answers import ModelOutput
from studio.core.design.dataset import DatasetSpec
from studio.core.design.features import ModelInput
from studio.core.problems import Problem
from studio.data.arrays import Arrays, Held, Positions, Rows
from studio.data.columns import vocabulary
from studio.data.disk_rows import DiskRows
from studio.data.duplicates import (
    Prints,
    alike,
    duplicate_problems,
    prints_of_rows,
    prints_of_values,
    together,
)
from studio.data.encode import (
    classes_among,
    dealing_values,
    require_columns,
    together_values,
)
from studio.data.inputs import chosen, kinds_needed, values_of
from studio.data.material import Material
from studio.data.recipe import (
    Marks,
    as_written,
    columns_of,
    is_left_out,
    left_out,
    marks_of,
    read_steps,
    require_some,
    steps_at,
    without_outliers,
)
from studio.data.room import block_rows
from studio.data.split import deal
from studio.data.tables import Table, blocks
from studio.data.targets import Targets, asked_of, refuse_no_targets, refuse_one_class, targets_of

_OUTLIERS = "drop_outliers"
_AT_ONCE = 65_536


def arrays_of_blocks(spec: DatasetSpec, memory: int = 0) -> Arrays:
    """What `encode.arrays_of` gives, with the inputs on the disk instead of in memory.

    `memory` MB bound how much is read at a time. Targets, the number of each row and 64 bits
    that tell duplicates are in memory: some forty bytes a row. Gaps and copies are marked in
    each block and left out at the end, in the order of the recipe.
    """
    outputs = asked_of(spec)
    model_inputs = _learnt(spec, memory)
    gathered = _Gathered(DiskRows((len(model_inputs[0].features),), np.float32))
    kinds = as_written(spec, kinds_needed(spec))
    for block in blocks(Path(spec.path), spec.settings, kinds, block_rows(kinds, memory)):
        gathered.add(block, spec, outputs, model_inputs[0])
    return _dealt(gathered, spec, outputs, model_inputs)


@dataclass(slots=True, eq=False)
class _Gathered:
    """What the blocks have given so far: rows on the disk, all else one entry a row."""

    inputs: DiskRows
    targets: list[tuple[NDArray[Any], ...]] = field(default_factory=list)
    numbers: list[Positions] = field(default_factory=list)
    prints: list[Prints] = field(default_factory=list)
    marks: list[tuple[Marks | None, ...]] = field(default_factory=list)
    known: list[NDArray[np.bool_]] = field(default_factory=list)
    values: list[NDArray[Any]] = field(default_factory=list)
    units: list[NDArray[Any]] = field(default_factory=list)
    problems: dict[tuple[str, str], Problem] = field(default_factory=dict)
    name: str = ""

    def add(
        self, table: Table, spec: DatasetSpec, outputs: tuple[ModelOutput, ...], one: ModelInput
    ) -> None:
        """One block more; all rows with a target, whatever the steps will leave of them."""
        self.name = table.name
        require_columns(Material(table), [*kinds_needed(spec)])
        told = read_steps(table, spec)
        self._say(told.problems)
        found = targets_of(Material(told), spec, outputs, is_part=True)
        rows = np.flatnonzero(found.known)
        values, problems = values_of(told, one.features, rows)
        self._say(problems)
        self.inputs.append(values)
        targets = tuple(values[rows] for values in found.values)
        self.targets.append(targets)
        self.numbers.append(np.asarray(table.frame.index)[rows] + 1)
        self.prints.append(
            together((prints_of_rows(Held(values)), *map(prints_of_values, targets)))
        )
        self.marks.append(tuple(marks_of(told, spec, s) for s in steps_at(spec, "rows")))
        self.known.append(found.known)
        dealing = dealing_values(Material(told), spec, rows)
        self.values.append(np.zeros(0) if dealing is None else dealing)
        units = together_values(Material(told), spec, rows)
        self.units.append(np.zeros(0) if units is None else units)

    def _say(self, problems: Sequence[Problem]) -> None:
        """What is found in one block is found in many: it is said of the first."""
        for problem in problems:
            self.problems.setdefault((problem.code, problem.place.key), problem)


def _learnt(spec: DatasetSpec, memory: int) -> tuple[ModelInput, ...]:
    """The one input, with every identifier of the table in alphabetical order."""
    [one] = spec.model_inputs()
    names = [f.source for f in one.features if f.kind == "identifier"]
    known: dict[str, set[str]] = {name: set() for name in names}
    if names:
        kinds = {c.name: c.kind for c in spec.columns if c.name in known}
        for block in blocks(Path(spec.path), spec.settings, kinds, block_rows(kinds, memory)):
            for name in names:
                known[name].update(vocabulary(block.frame[name]))
    features = tuple(
        replace(f, categories=tuple(sorted(known[f.source])), size=len(known[f.source]))
        if f.kind == "identifier"
        else f
        for f in one.features
    )
    return (replace(one, features=features),)


def _dealt(
    gathered: _Gathered,
    spec: DatasetSpec,
    outputs: tuple[ModelOutput, ...],
    model_inputs: tuple[ModelInput, ...],
) -> Arrays:
    kept, lost = _repaired(gathered, spec)
    targets = tuple(_joined(blocks)[kept] for blocks in _by_output(gathered, outputs))
    numbers = _joined(gathered.numbers)[kept]
    _refuse_unusable(targets, spec, outputs, gathered.name)
    rows = chosen(gathered.inputs, kept)
    codes = alike([_joined(gathered.prints)[kept]])
    values, units = _joined(gathered.values), _joined(gathered.units)
    dealt = deal(
        len(kept),
        spec.split,
        classes_among(outputs, targets),
        values=values[kept] if len(values) else None,
        alike=codes,
        together=units[kept] if len(units) else None,
    )
    parts, left = _without_outliers(dealt.parts, rows, model_inputs[0], targets, spec)
    said = (*lost, *dealt.problems, *left, *duplicate_problems(codes, parts, numbers))
    return Arrays(
        spec.kind,
        model_inputs,
        (rows,),
        outputs,
        targets,
        parts,
        numbers,
        problems=(*gathered.problems.values(), *said),
    )


def _joined(parts: Sequence[NDArray[Any]]) -> NDArray[Any]:
    """What the blocks gave, one after the other; nothing where there was no block."""
    return np.concatenate(parts) if parts else np.zeros(0, np.int64)


def _by_output(
    gathered: _Gathered, outputs: tuple[ModelOutput, ...]
) -> Sequence[Sequence[NDArray[Any]]]:
    """The blocks of targets of each output."""
    return list(zip(*gathered.targets, strict=True)) or [()] * len(outputs)


def _refuse_unusable(
    targets: tuple[NDArray[Any], ...],
    spec: DatasetSpec,
    outputs: tuple[ModelOutput, ...],
    file: str,
) -> None:
    """StudioError where there is nothing to learn from."""
    known = Targets(targets, np.ones(len(targets[0]), bool))
    refuse_no_targets(known, spec, Table(file or spec.path, pd.DataFrame(), {}))
    refuse_one_class(targets, outputs, file)


def _repaired(gathered: _Gathered, spec: DatasetSpec) -> tuple[Positions, tuple[Problem, ...]]:
    """Which of the rows with a target the recipe leaves, and what it leaves out."""
    known = _joined(gathered.known).astype(bool)
    kept = np.arange(len(known), dtype=np.int64)
    steps, problems = steps_at(spec, "rows"), []
    for step, blocks_of_marks in zip(steps, zip(*gathered.marks, strict=True), strict=False):
        parts = [marks for marks in blocks_of_marks if marks is not None]
        if not parts:
            continue
        out = is_left_out(step, np.concatenate(parts)[kept])
        kept = kept[~out]
        problems.append(left_out(step, int(out.sum()), len(out)))
    require_some(kept, steps, len(known))
    place = np.cumsum(known) - 1
    return place[kept[known[kept]]], tuple(problems)


def _without_outliers(
    parts: Mapping[str, Positions],
    rows: Rows,
    one: ModelInput,
    targets: tuple[NDArray[Any], ...],
    spec: DatasetSpec,
) -> tuple[Mapping[str, Positions], tuple[Problem, ...]]:
    """As for tables in memory, with only the columns that are looked at brought back."""
    steps = [step for step in steps_at(spec, "rows") if step.key == _OUTLIERS]
    if not steps:
        return parts, ()
    names = {name for step in steps for name in columns_of(spec, step)}
    places = [i for i, f in enumerate(one.features) if f.source in names and f.kind == "number"]
    training = parts["training"]
    some = np.array_split(training, max(1, len(training) // _AT_ONCE))
    values = np.concatenate([rows.take(positions)[:, places] for positions in some])
    columns = {one.features[place].source: values[:, i] for i, place in enumerate(places)}
    for output, block in zip(spec.model_outputs(), targets, strict=True):
        if output.task == "numbers":
            columns |= {name: block[training, i] for i, name in enumerate(output.columns)}
    table = Table("", pd.DataFrame(columns).astype(np.float64), {})
    kept, problems = without_outliers(table, np.arange(len(training)), spec)
    return {**parts, "training": training[kept]}, problems
