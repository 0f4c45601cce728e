"""Program: what torch.export wrote, as a module that runs, and what it can be run with.

Runs in the child process alone: what it is given is somebody's own file.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import torch
from torch import Tensor, fx
from torch.utils._pytree import tree_leaves

from studio.export.reading.answer import Row
from studio.export.reading.rows import category_counts
from studio.export.reading.traced import BATCH


@dataclass(frozen=True, slots=True)
class Program:
    """A module with every argument of one call, in its order, and the rows among them."""

    module: fx.GraphModule
    given: tuple[object, ...]
    rows: tuple[Row, ...]


def opened(path: Path) -> Program:
    """The program in a file. Whatever torch raises is raised: it is damaged, or another's."""
    program = torch.export.load(BytesIO(path.read_bytes()))
    module = module_of(program)
    examples = program.example_inputs
    arguments = _given_by(module) if examples is None else tree_leaves(examples)
    counts = category_counts(module)
    torch.manual_seed(0)
    given = tuple(_tried(one, count) for one, count in zip(arguments, counts, strict=True))
    return Program(module, given, _rows(given, counts))


def module_of(program: torch.export.ExportedProgram) -> fx.GraphModule:
    """The program as a module, less what only guards the sizes that it was written with."""
    module = program.module(check_guards=False)
    assert isinstance(module, fx.GraphModule)
    return module


def _rows(given: Sequence[object], counts: Sequence[int]) -> tuple[Row, ...]:
    pairs = zip(given, counts, strict=True)
    return tuple(
        Row(tuple(one.shape[1:]), 0 if one.is_floating_point() else count or _count_in(one))
        for one, count in pairs
        if isinstance(one, Tensor)
    )


def _count_in(indices: Tensor) -> int:
    return int(indices.max()) + 1 if indices.numel() else 1


def _tried(example: object, count: int) -> object:
    """Noise where an example has numbers: a row of zeros would make all layers look alike."""
    if not isinstance(example, Tensor):
        return example
    if example.is_floating_point():
        return torch.rand(example.shape).to(example.dtype)
    if count:
        return torch.randint(0, count, example.shape, dtype=example.dtype)
    return example


def _given_by(module: fx.GraphModule) -> tuple[object, ...]:
    """What a program without examples says of its inputs."""
    places = [node for node in module.graph.nodes if node.op == "placeholder"]
    return tuple(_example(node.meta.get("val")) for node in places)


def _example(value: object) -> object:
    if not isinstance(value, Tensor):
        return value
    sizes = [one if isinstance(one, int) else BATCH for one in value.shape]
    return torch.zeros(sizes, dtype=value.dtype)
