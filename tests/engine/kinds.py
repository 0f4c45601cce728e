"""A tiny task of each kind of data, and one of several kinds at once, for engine and export."""

from dataclasses import replace

import numpy as np

from studio.core.design.dataset import ColumnChoice, ColumnSummary, DatasetSpec, DatasetSummary
from studio.core.design.edits import add_node, connect
from studio.core.design.graph import Edge, Graph
from studio.core.design.project import Project
from studio.core.design.shaping import ClipSpec, SeriesSpec, SoundSpec, TextSpec
from studio.core.design.training import TrainingSpec
from studio.data.prepare import fit, ready
from tests.builders import chain
from tests.engine.material import Task, arrays_of

ROWS = 60
WORDS = ("good", "bad", "warm", "cold", "day", "night", "red", "blue")
TEXT = TextSpec(vocabulary=16, length=5)
TRAINING = TrainingSpec(epochs=1, batch_size=16, learning_rate=0.01, device="cpu")


def described(*columns: ColumnSummary, kind="table", **more) -> DatasetSpec:
    choices = tuple(ColumnChoice(c.name, c.kind, c.role) for c in columns)
    summary = DatasetSummary(kind, ROWS, columns)
    return DatasetSpec("table", "/data/rows.csv", columns=choices, summary=summary, **more)


def number(name, role="input"):
    return ColumnSummary(name, "number", role, distinct=ROWS, low=0.0, high=1.0)


def category(name, role="input", count=3):
    categories = tuple(f"{name} {i}" for i in range(count))
    return ColumnSummary(
        name,
        "category",
        role,
        distinct=count,
        categories=categories,
        counts=(ROWS // count,) * count,
    )


def column(name, kind, role="input", shape=()):
    return ColumnSummary(name, kind, role, distinct=ROWS, shape=shape)


KIND = category("kind", "target")


def task_of(project: Project, inputs, targets) -> Task:
    """As a run takes it: fitted on the raw rows, and then with texts as token numbers."""
    arrays = arrays_of(project.dataset, inputs, targets)
    fitted = fit(project.dataset, arrays)
    return Task(replace(project, training=TRAINING), ready(arrays, fitted), fitted)


def sentences(draw, empty: float = 0.1):
    found = [" ".join(draw.choice(WORDS, draw.integers(1, 8))) for _ in range(ROWS)]
    return np.array([None if draw.random() < empty else text for text in found], dtype=object)


def kinds(draw):
    return draw.permutation(np.arange(ROWS) % 3)


def sounds() -> Task:
    draw = np.random.default_rng(1)
    spec = described(column("sound", "sound"), KIND, kind="sound", sound=SoundSpec(100, 0.4))
    project = chain(
        spec,
        ("reshape", {"shape": (1, 40)}),
        ("conv1d", {"out_channels": 4, "kernel_size": (5,)}),
        "relu",
        "flatten",
        ("linear", {"out_features": 3}),
    )
    return task_of(project, draw.normal(0, 0.2, (ROWS, 40)).astype(np.float32), kinds(draw))


def clips() -> Task:
    draw = np.random.default_rng(2)
    clip = column("clip", "video", shape=(3, 6, 5))
    spec = described(clip, KIND, kind="video", clips=ClipSpec(4))
    project = chain(
        spec,
        ("conv3d", {"out_channels": 2, "kernel_size": (2, 3, 3)}),
        "batch_norm",
        "flatten",
        ("linear", {"out_features": 3}),
    )
    return task_of(project, draw.integers(0, 256, (ROWS, 4, 3, 6, 5)).astype(np.uint8), kinds(draw))


def texts() -> Task:
    draw = np.random.default_rng(3)
    spec = described(column("text", "text"), KIND, text=TEXT)
    project = chain(
        spec,
        ("embedding", {"embedding_dim": 4}),
        ("gru", {"hidden_size": 6}),
        ("linear", {"out_features": 3}),
    )
    return task_of(project, sentences(draw), kinds(draw))


def attentive() -> Task:
    """Texts whose padding is left out, read by attention and by a memory that is handed in."""
    draw = np.random.default_rng(3)
    spec = described(column("text", "text"), KIND, text=TEXT)
    graph, tokens = add_node(Graph(), "input", (0.0, 0.0))
    graph, words = add_node(graph, "embedding", (200.0, 0.0), {"embedding_dim": 4})
    settings = {"heads": 2, "hidden": 8, "num_layers": 1, "positions": "rotary"}
    graph, read = add_node(graph, "transformer_encoder", (400.0, 0.0), settings)
    graph, pooled = add_node(graph, "attention_pooling", (400.0, 200.0), {"units": 3})
    graph, memory = add_node(graph, "lstm", (600.0, 0.0), {"hidden_size": 4})
    graph, last = add_node(graph, "linear", (800.0, 0.0), {"out_features": 3})
    graph, output = add_node(graph, "output", (1000.0, 0.0))
    for source, target, port in (
        (tokens, words, 0),
        (words, read, 0),
        (tokens, read, 1),
        (words, pooled, 0),
        (tokens, pooled, 1),
        (read, memory, 0),
        (tokens, memory, 1),
        (pooled, memory, 2),
        (memory, last, 0),
        (last, output, 0),
    ):
        graph = connect(graph, Edge(source, target, port))
    return task_of(Project(spec, graph), sentences(draw), kinds(draw))


def pairs() -> Task:
    """Every sentence is its own translation."""
    draw = np.random.default_rng(4)
    spec = described(column("from", "text"), column("to", "text", "target"), text=TEXT)
    project = chain(
        spec,
        ("embedding", {"embedding_dim": 8}),
        ("gru", {"hidden_size": 12, "gives": "sequence"}),
        ("linear", {"out_features": TEXT.vocabulary}),
    )
    written = sentences(draw, empty=0.0)
    return task_of(project, written, written)


def windows() -> Task:
    """Two numbers and a category each hour; the next two hours of the first are asked for."""
    draw = np.random.default_rng(5)
    spec = described(
        number("load", "target"),
        number("heat"),
        category("shift"),
        series=SeriesSpec(window=6, horizon=2),
    )
    project = chain(spec, ("gru", {"hidden_size": 6}), ("linear", {"out_features": 2}))
    raw = draw.normal(20, 5, (ROWS, 6, 3)).astype(np.float32)
    raw[..., 2] = draw.integers(-1, 3, (ROWS, 6))
    raw[draw.random(raw.shape) < 0.05] = np.nan
    return task_of(project, raw, draw.normal(20, 5, (ROWS, 2)).astype(np.float32))


def ratings() -> Task:
    """A user and an item, each by an embedding of its own."""
    draw = np.random.default_rng(6)
    users, items = (
        ColumnSummary(name, "identifier", "input", distinct=count)
        for name, count in (("user", 7), ("item", 9))
    )
    spec = described(users, items, number("score", "target"))
    graph, ends = Graph(), []
    for place, name in enumerate(("user", "item")):
        graph, source = add_node(
            graph, "input", (0.0, 200.0 * place), {"columns": (name,), "form": "index"}
        )
        graph, learnt = add_node(graph, "embedding", (200.0, 200.0 * place), {"embedding_dim": 4})
        graph, flat = add_node(graph, "flatten", (400.0, 200.0 * place))
        graph = connect(connect(graph, Edge(source, learnt)), Edge(learnt, flat))
        ends.append(flat)
    graph = joined(graph, ends, 1)
    raw = np.stack([draw.integers(-1, 7, ROWS), draw.integers(-1, 9, ROWS)], axis=1)
    scores = draw.integers(1, 6, (ROWS, 1)).astype(np.float32)
    return task_of(Project(spec, graph), raw.astype(np.float32), scores)


def everything() -> Task:
    """A table row, a picture and a text of the same thing, in one network."""
    draw = np.random.default_rng(7)
    spec = described(
        number("weight"),
        category("colour"),
        column("picture", "image", shape=(1, 8, 8)),
        column("text", "text"),
        KIND,
        text=TEXT,
    )
    graph, ends = Graph(), []
    branches = {
        "weight": (("linear", {"out_features": 4}),),
        "colour": (("linear", {"out_features": 2}),),
        "picture": (("conv2d", {"out_channels": 2, "kernel_size": (3, 3)}), ("flatten", {})),
        "text": (("embedding", {"embedding_dim": 3}), ("gru", {"hidden_size": 4})),
    }
    for place, (name, layers) in enumerate(branches.items()):
        graph, last = add_node(graph, "input", (0.0, 200.0 * place), {"columns": (name,)})
        for step, (layer, params) in enumerate(layers, 1):
            graph, added = add_node(graph, layer, (200.0 * step, 200.0 * place), params)
            graph, last = connect(graph, Edge(last, added)), added
        ends.append(last)
    graph = joined(graph, ends, 3)
    table = np.stack([draw.normal(60, 9, ROWS), draw.integers(-1, 3, ROWS)], axis=1)
    pictures = draw.integers(0, 256, (ROWS, 1, 8, 8)).astype(np.uint8)
    inputs = (table.astype(np.float32), pictures, sentences(draw))
    return task_of(Project(spec, graph), inputs, kinds(draw))


def joined(graph: Graph, ends, outputs: int) -> Graph:
    graph, both = add_node(graph, "concatenate", (800.0, 0.0))
    for port, end in enumerate(ends):
        graph = connect(graph, Edge(end, both, port))
    graph, last = add_node(graph, "linear", (1000.0, 0.0), {"out_features": outputs})
    graph, output = add_node(graph, "output", (1200.0, 0.0))
    return connect(connect(graph, Edge(both, last)), Edge(last, output))


EVERY_KIND = {
    "sounds": sounds,
    "clips": clips,
    "texts": texts,
    "texts with attention": attentive,
    "pairs": pairs,
    "windows": windows,
    "ratings": ratings,
    "row, picture and text": everything,
}
