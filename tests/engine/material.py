"""Small tasks with their arrays, and a run of them, for the tests of the engine."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from studio.core.design.dataset import DatasetSpec
from studio.core.design.graph import Graph
from studio.core.design.project import Project
from studio.core.design.training import TrainingSpec
from studio.core.run.control import RunControl
from studio.core.run.events import RunEvent
from studio.data.arrays import Arrays, Fitted, held
from studio.data.prepare import fit
from studio.engine.trainer import train
from tests.builders import chain, images, table


@dataclass(frozen=True)
class Task:
    project: Project
    arrays: Arrays
    known: Fitted | None = None  # what was fitted before texts became token numbers

    @property
    def fitted(self) -> Fitted:
        return self.known or fit(self.project.dataset, self.arrays)

    def with_training(self, **changes: object) -> "Task":
        training = replace(self.project.training, **changes)
        return replace(self, project=replace(self.project, training=training))

    def with_graph(self, graph: Graph) -> "Task":
        return replace(self, project=replace(self.project, graph=graph))

    def streamed(self) -> "Task":
        """The same with rows that do not lie in memory."""
        blocks = self.arrays.taken(np.arange(len(self.arrays)))
        inputs = tuple(Streamed(block) for block in blocks)
        return replace(self, arrays=replace(self.arrays, inputs=inputs), known=self.fitted)


class Streamed:
    """Rows that lie elsewhere; `taken` counts what was read."""

    held = None

    def __init__(self, rows) -> None:
        self._rows = rows
        self.shape = rows.shape
        self.taken: list[int] = []

    def take(self, positions):
        self.taken.append(len(positions))
        return self._rows[positions]


def run_events(task, folder: Path, control: RunControl | None = None, resume: Path | None = None):
    return train(
        task.project,
        task.arrays,
        control or RunControl(),
        fitted=task.fitted,
        run="run-1",
        folder=folder,
        resume=resume,
    )


def run_of(task, folder: Path, **more) -> list[RunEvent]:
    return list(run_events(task, folder, **more))


def of(kind, events):
    return [event for event in events if isinstance(event, kind)]


def parts_of(rows: int, seed: int = 0, validation: float = 0.2, test: float = 0.2):
    order = np.random.default_rng(seed).permutation(rows)
    first, second = int(rows * validation), int(rows * (validation + test))
    return {
        "validation": np.sort(order[:first]),
        "test": np.sort(order[first:second]),
        "training": np.sort(order[second:]),
    }


def arrays_of(dataset: DatasetSpec, inputs, targets, parts=None) -> Arrays:
    """Raw rows of one input of the model, or of several as a tuple, with their targets."""
    assert dataset.task() is not None
    blocks = inputs if isinstance(inputs, tuple) else (inputs,)
    rows = tuple(held(block)[0] if isinstance(block, np.ndarray) else block for block in blocks)
    count = rows[0].shape[0]
    return Arrays(
        dataset.kind,
        dataset.model_inputs(),
        rows,
        dataset.model_outputs(),
        targets if isinstance(targets, tuple) else (targets,),
        parts or parts_of(count),
        np.arange(1, count + 1),
    )


def spirals(rows: int = 240, epochs: int = 60) -> Task:
    """Two spirals that no straight line parts."""
    draw = np.random.default_rng(1)
    angle = np.sqrt(draw.random(rows)) * 6.0
    kind = np.arange(rows) % 2
    turned = angle + np.pi * kind
    inputs = np.stack([angle * np.cos(turned), angle * np.sin(turned)], axis=1)
    inputs = (inputs + draw.normal(0, 0.1, inputs.shape)).astype(np.float32)
    dataset = table(numbers=2, classes=2, rows=rows)
    project = chain(
        dataset,
        ("linear", {"out_features": 32}),
        "relu",
        ("linear", {"out_features": 32}),
        "relu",
        ("linear", {"out_features": 2}),
    )
    training = TrainingSpec(epochs=epochs, batch_size=16, learning_rate=0.01, device="cpu")
    return Task(replace(project, training=training), arrays_of(dataset, inputs, kind))


def line(rows: int = 200, epochs: int = 40) -> Task:
    """Two numbers that follow from three others, in units of their own."""
    draw = np.random.default_rng(2)
    inputs = draw.normal(5.0, 3.0, (rows, 3)).astype(np.float32)
    weights = np.array([[2.0, -100.0], [0.5, 300.0], [-1.0, 50.0]])
    targets = (inputs @ weights + [1000.0, -4.0]).astype(np.float32)
    dataset = table(numbers=3, classes=0, targets=2, rows=rows)
    project = chain(dataset, ("linear", {"out_features": 2}))
    training = TrainingSpec(epochs=epochs, batch_size=16, learning_rate=0.05, device="cpu")
    return Task(replace(project, training=training), arrays_of(dataset, inputs, targets))


def strokes(rows: int = 180, epochs: int = 12) -> Task:
    """Images of 8 by 8 with a row, a column or a diagonal."""
    draw = np.random.default_rng(3)
    kind = np.arange(rows) % 3
    inputs = draw.integers(0, 60, (rows, 1, 8, 8))
    for image, shape in zip(inputs, kind, strict=True):
        place = draw.integers(1, 7)
        cells = (place, slice(None)) if shape == 0 else (slice(None), place)
        image[0][cells if shape < 2 else np.diag_indices(8)] = 220
    dataset = images(1, 8, 8, classes=3)
    project = chain(
        dataset,
        ("conv2d", {"out_channels": 8, "kernel_size": 3}),
        "batch_norm",
        "relu",
        "max_pool2d",
        "flatten",
        ("linear", {"out_features": 3}),
    )
    training = TrainingSpec(epochs=epochs, batch_size=16, learning_rate=0.01, device="cpu")
    return Task(
        replace(project, training=training), arrays_of(dataset, inputs.astype(np.uint8), kind)
    )


def orders(rows: int = 240, epochs: int = 20) -> Task:
    """Eight numbers in a row: is the larger peak the first or the second?"""
    draw = np.random.default_rng(4)
    inputs = draw.normal(0, 0.2, (rows, 8)).astype(np.float32)
    kind = np.arange(rows) % 2
    places = np.sort(np.stack([draw.permutation(8)[:2] for _ in range(rows)]), axis=1)
    for row, (first, second), late in zip(inputs, places, kind, strict=True):
        row[first], row[second] = (1.0, 3.0) if late else (3.0, 1.0)
    dataset = table(numbers=8, classes=2, rows=rows)
    project = chain(
        dataset,
        ("reshape", {"shape": (8, 1)}),
        ("lstm", {"hidden_size": 16}),
        ("linear", {"out_features": 2}),
    )
    training = TrainingSpec(epochs=epochs, batch_size=16, learning_rate=0.02, device="cpu")
    return Task(replace(project, training=training), arrays_of(dataset, inputs, kind))
