"""Tables larger than memory: read and encoded block by block, the rows kept on the disk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from studio.core.design.dataset import DatasetSpec, TaskKind
from studio.core.design.features import ModelInput
from studio.core.problems import Problem
from studio.data.arrays import Arrays, Held, Positions, Rows
from studio.data.columns import vocabulary
from studio.data.disk_rows import DiskRows
from studio.data.duplicates import (
    Prints,
    alike,
    duplicate_problems,
    prints_of_cells,
    prints_of_rows,
    prints_of_values,
    repeated,
)
from studio.data.encode import dealing_values, require_columns
from studio.data.inputs import chosen, kinds_needed, values_of
from studio.data.material import Material
from studio.data.recipe import as_written, columns_of, repaired, steps_at, without_outliers
from studio.data.room import block_rows
from studio.data.split import deal
from studio.data.tables import Table, blocks
from studio.data.targets import Targets, refuse_no_targets, refuse_one_class, targets_of, task_of

_COPIES = "remove_duplicates"
_OUTLIERS = "drop_outliers"
_AT_ONCE = 65_536


def arrays_of_blocks(spec: DatasetSpec, memory: int = 0) -> Arrays:
    """What `encode.arrays_of` gives, with the inputs on the disk instead of in memory.

    `memory` MB bound how much is read at a time. Targets, the number of each row and 64 bits
    that tell duplicates are in memory: some forty bytes a row. Gaps are left out of a block at
    a time, copies at the end.
    """
    task = task_of(spec)
    model_inputs = _learnt(spec, memory)
    gathered = _Gathered(DiskRows((len(model_inputs[0].features),), np.float32))
    kinds = as_written(spec, kinds_needed(spec))
    for block in blocks(Path(spec.path), spec.settings, kinds, block_rows(kinds, memory)):
        gathered.add(block, spec, task, model_inputs[0])
    return _dealt(gathered, spec, task, model_inputs)


@dataclass(slots=True, eq=False)
class _Gathered:
    """What the blocks have given so far: rows on the disk, all else one entry a row."""

    inputs: DiskRows
    targets: list[NDArray[Any]] = field(default_factory=list)
    numbers: list[Positions] = field(default_factory=list)
    prints: list[Prints] = field(default_factory=list)
    copies: list[Prints] = field(default_factory=list)
    known: list[NDArray[np.bool_]] = field(default_factory=list)
    values: list[NDArray[Any]] = field(default_factory=list)
    problems: dict[tuple[str, str], Problem] = field(default_factory=dict)
    name: str = ""

    def add(self, table: Table, spec: DatasetSpec, task: TaskKind, one: ModelInput) -> None:
        """One block more, after the steps of the recipe that look at single rows."""
        self.name = table.name
        require_columns(Material(table), [*kinds_needed(spec)])
        self._say(table.problems)
        done = repaired(table, _without(spec, _COPIES))
        self._say(done.problems)
        found = targets_of(Material(done.table), spec, task, is_part=True)
        rows = np.flatnonzero(found.known)
        values, problems = values_of(done.table, one.features, rows)
        self._say(problems)
        self.inputs.append(values)
        self.targets.append(found.values[rows])
        self.numbers.append(np.asarray(table.frame.index)[done.kept[rows]] + 1)
        together = (prints_of_rows(Held(values)), prints_of_values(found.values[rows]))
        self.prints.append(_mixed(together))
        copies = [prints_of_cells(done.table.frame[name]) for name in _compared(spec)]
        self.copies.append(_mixed(copies) if copies else np.zeros(0, np.uint64))
        self.known.append(found.known)
        dealing = dealing_values(Material(done.table), spec, rows)
        self.values.append(np.zeros(0) if dealing is None else dealing)

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
    gathered: _Gathered, spec: DatasetSpec, task: TaskKind, model_inputs: tuple[ModelInput, ...]
) -> Arrays:
    targets = _together(gathered.targets)
    kept = _first_ones(gathered, spec, len(targets))
    targets, numbers = targets[kept], _together(gathered.numbers)[kept]
    _refuse_unusable(targets, spec, task, gathered.name)
    rows = chosen(gathered.inputs, kept)
    codes = alike([_together(gathered.prints)[kept]])
    values = _together(gathered.values)
    dealt = deal(
        len(kept),
        spec.split,
        targets if task == "classes" else None,
        values=values[kept] if len(values) else None,
        alike=codes,
    )
    parts, left = _without_outliers(dealt.parts, rows, model_inputs[0], spec)
    said = (*dealt.problems, *left, *duplicate_problems(codes, parts, numbers))
    return Arrays(
        spec.kind,
        task,
        model_inputs,
        (rows,),
        targets,
        parts,
        numbers,
        spec.labels(),
        spec.target_names(),
        problems=(*gathered.problems.values(), *said),
    )


def _together(parts: Sequence[NDArray[Any]]) -> NDArray[Any]:
    """What the blocks gave, one after the other; nothing where there was no block."""
    return np.concatenate(parts) if parts else np.zeros(0, np.int64)


def _refuse_unusable(targets: NDArray[Any], spec: DatasetSpec, task: TaskKind, file: str) -> None:
    """StudioError where there is nothing to learn from."""
    known = Targets(targets, np.ones(len(targets), bool))
    refuse_no_targets(known, spec, Table(file or spec.path, pd.DataFrame(), {}))
    if task == "classes":
        refuse_one_class(targets, spec, file)


def _first_ones(gathered: _Gathered, spec: DatasetSpec, count: int) -> Positions:
    """The rows that are no copies of an earlier one, where the recipe asks for that."""
    if not _compared(spec):
        return np.arange(count, dtype=np.int64)
    again = repeated([_together(gathered.copies)])
    return np.flatnonzero(~again[_together(gathered.known)])


def _without_outliers(
    parts: Mapping[str, Positions], rows: Rows, one: ModelInput, spec: DatasetSpec
) -> tuple[Mapping[str, Positions], tuple[Problem, ...]]:
    """As for tables in memory, with only the columns that are looked at brought back."""
    steps = [step for step in steps_at(spec, "rows") if step.key == _OUTLIERS]
    names = {name for step in steps for name in columns_of(spec, step)}
    places = [i for i, f in enumerate(one.features) if f.source in names and f.kind == "number"]
    training = parts["training"]
    if not places:
        return parts, ()
    some = np.array_split(training, max(1, len(training) // _AT_ONCE))
    values = np.concatenate([rows.take(positions)[:, places] for positions in some])
    frame = pd.DataFrame(
        {one.features[place].source: values[:, i] for i, place in enumerate(places)}
    )
    table = Table("", frame.astype(np.float64), {})
    kept, problems = without_outliers(table, np.arange(len(training)), spec)
    return {**parts, "training": training[kept]}, problems


def _compared(spec: DatasetSpec) -> tuple[str, ...]:
    """The columns by which copies are told."""
    steps = [step for step in steps_at(spec, "rows") if step.key == _COPIES]
    return columns_of(spec, steps[0]) if steps else ()


def _without(spec: DatasetSpec, key: str) -> DatasetSpec:
    return replace(spec, recipe=tuple(step for step in spec.recipe if step.key != key))


def _mixed(prints: Sequence[Prints]) -> Prints:
    """One print for each row, from those of its parts."""
    together = np.zeros(len(prints[0]), np.uint64)
    for one in prints:
        together = (together ^ one) * np.uint64(0x9E3779B97F4A7C15)
        together ^= together >> np.uint64(29)
    return together
