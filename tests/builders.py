"""Small projects in one line, for tests."""

from dataclasses import replace

from studio.core.design.dataset import (
    ColumnChoice,
    ColumnSummary,
    DatasetSpec,
    DatasetSummary,
)
from studio.core.design.edits import add_node, connect
from studio.core.design.graph import Edge, Graph
from studio.core.design.project import Project


def table(
    numbers: int = 4,
    classes: int = 3,
    categories: dict[str, int] | None = None,
    rows: int = 200,
    targets: int = 1,
) -> DatasetSpec:
    """A described table: number columns, category columns, and a target of classes or numbers."""
    columns = [
        ColumnSummary(
            f"n{i}", "number", "input", distinct=rows, low=0.0, high=1.0, mean=0.5, deviation=0.3
        )
        for i in range(numbers)
    ]
    for name, count in (categories or {}).items():
        columns.append(_category(name, count, rows, "input"))
    if classes:
        columns.append(_category("kind", classes, rows, "target"))
    else:
        columns += [
            ColumnSummary(
                f"y{i}",
                "number",
                "target",
                distinct=rows,
                low=0.0,
                high=9.0,
                mean=4.0,
                deviation=2.0,
            )
            for i in range(targets)
        ]
    choices = tuple(ColumnChoice(c.name, c.kind, c.role) for c in columns)
    return DatasetSpec(
        "table",
        "/data/rows.csv",
        columns=choices,
        summary=DatasetSummary("table", rows, tuple(columns)),
    )


def images(channels: int = 1, height: int = 28, width: int = 28, classes: int = 10) -> DatasetSpec:
    """A described folder of images."""
    rows = 100 * classes
    columns = (
        ColumnSummary("picture", "image", "input", distinct=rows, shape=(channels, height, width)),
        _category("class", classes, rows, "target"),
    )
    choices = tuple(ColumnChoice(c.name, c.kind, c.role) for c in columns)
    summary = DatasetSummary("images", rows, columns)
    return DatasetSpec("files", "/data/images", columns=choices, summary=summary)


def chain(dataset: DatasetSpec, *layers: str | tuple[str, dict[str, object]]) -> Project:
    """Input, the layers in a row, Output. A layer is its key, or its key with params."""
    graph, previous = Graph(), ""
    for number, layer in enumerate(("input", *layers, "output")):
        key, params = (layer, {}) if isinstance(layer, str) else layer
        graph, added = add_node(graph, key, (220.0 * number, 0.0), params)  # type: ignore[arg-type]
        if previous:
            graph = connect(graph, Edge(previous, added))
        previous = added
    return Project(dataset, graph)


def with_graph(project: Project, graph: Graph) -> Project:
    """The project with another graph."""
    return replace(project, graph=graph)


def _category(name: str, count: int, rows: int, role: str) -> ColumnSummary:
    return ColumnSummary(
        name,
        "category",
        role,
        distinct=count,  # type: ignore[arg-type]
        categories=tuple(f"{name} {i}" for i in range(count)),
        counts=(rows // count,) * count,
    )
