"""Runs that are ready to export, without a training: networks with weights as drawn."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from studio.core.design.edits import add_node, connect
from studio.core.design.graph import Edge, Graph
from studio.core.design.project import Project
from studio.core.run.results import RunRecord
from studio.data.arrays import Arrays, Fitted
from studio.data.prepare import fit
from studio.engine.build import build
from studio.engine.checkpoints import Keeper, write_fitted
from tests.builders import chain, images, table
from tests.engine.material import arrays_of

ROWS = 240


@dataclass(frozen=True)
class Ready:
    record: RunRecord
    folder: Path
    arrays: Arrays


def ready(project: Project, arrays: Arrays, folder: Path, fitted: Fitted | None = None) -> Ready:
    torch.manual_seed(0)
    model = build(project.graph, project.dataset, loss=project.training.loss)
    write_fitted(fitted or fit(project.dataset, arrays), folder)
    Keeper(folder).keep_best(model.state_dict(), 3)
    record = RunRecord(
        "run-1", 1, 0.0, 1.0, "completed", "cpu", 5, 3, project, test={"accuracy": 0.75}
    )
    return Ready(record, folder, arrays)


def mixed_rows(dataset, draw):
    """Numbers with gaps, and categories of which some are missing."""
    rows = draw.normal(50.0, 20.0, (ROWS, len(dataset.features()))).astype(np.float32)
    rows[draw.random(rows.shape) < 0.1] = np.nan
    for place, feature in enumerate(dataset.features()):
        if feature.kind == "category":
            rows[:, place] = draw.integers(-1, len(feature.categories), ROWS)
    return rows


def table_project(project, seed=0) -> tuple[Project, Arrays]:
    draw = np.random.default_rng(seed)
    dataset = project.dataset
    rows = mixed_rows(dataset, draw)
    if dataset.task() == "classes":
        return project, arrays_of(dataset, rows, draw.integers(0, dataset.outputs(), ROWS))
    targets = draw.normal(2_000_000.0, 30.0, (ROWS, dataset.outputs())).astype(np.float32)
    return project, arrays_of(dataset, rows, targets)


def mixed_table() -> tuple[Project, Arrays]:
    dataset = table(numbers=3, classes=4, categories={"colour": 5, "place": 3}, rows=ROWS)
    return table_project(
        chain(
            dataset,
            ("linear", {"out_features": 16}),
            "batch_norm",
            "relu",
            "dropout",
            ("linear", {"out_features": 4}),
        )
    )


def numbers_table() -> tuple[Project, Arrays]:
    dataset = table(numbers=3, classes=0, targets=2, rows=ROWS)
    return table_project(
        chain(dataset, ("linear", {"out_features": 8}), "gelu", ("linear", {"out_features": 2}))
    )


def sequence_table(layer: str) -> tuple[Project, Arrays]:
    dataset = table(numbers=8, classes=2, rows=ROWS)
    return table_project(
        chain(
            dataset,
            ("reshape", {"shape": (8, 1)}),
            (layer, {"hidden_size": 6, "num_layers": 2, "bidirectional": True}),
            ("linear", {"out_features": 2}),
        )
    )


def two_inputs() -> tuple[Project, Arrays]:
    """Numbers in one branch, the index of a category through an embedding in the other."""
    dataset = table(numbers=3, classes=3, categories={"colour": 5}, rows=ROWS)
    graph, numbers = add_node(Graph(), "input", (0.0, 0.0))
    graph, colour = add_node(
        graph, "input", (0.0, 200.0), {"columns": ("colour",), "form": "index"}
    )
    graph, embedding = add_node(graph, "embedding", (200.0, 200.0), {"embedding_dim": 4})
    graph, flat = add_node(graph, "flatten", (400.0, 200.0))
    graph, left = add_node(graph, "linear", (200.0, 0.0), {"out_features": 4})
    graph, both = add_node(graph, "concatenate", (600.0, 0.0))
    graph, around = add_node(graph, "linear", (700.0, 100.0), {"out_features": 8})
    graph, total = add_node(graph, "add", (800.0, 0.0))
    graph, last = add_node(graph, "linear", (900.0, 0.0), {"out_features": 3})
    graph, output = add_node(graph, "output", (1000.0, 0.0))
    for edge in (
        Edge(numbers, left),
        Edge(colour, embedding),
        Edge(embedding, flat),
        Edge(left, both, 0),
        Edge(flat, both, 1),
        Edge(both, around),
        Edge(both, total, 0),
        Edge(around, total, 1),
        Edge(total, last),
        Edge(last, output),
    ):
        graph = connect(graph, edge)
    return table_project(Project(dataset, graph))


def pictures(channels: int = 3) -> tuple[Project, Arrays]:
    draw = np.random.default_rng(5)
    dataset = images(channels, 12, 10, classes=3)
    project = chain(
        dataset,
        ("conv2d", {"out_channels": 4, "kernel_size": 3}),
        "batch_norm",
        "relu",
        "max_pool2d",
        "flatten",
        ("linear", {"out_features": 3}),
    )
    pixels = draw.integers(0, 256, (ROWS, channels, 12, 10)).astype(np.uint8)
    return project, arrays_of(dataset, pixels, np.arange(ROWS) % 3)
