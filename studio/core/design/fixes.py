"""Fixes: the edits that a Problem can offer, applied from their plain description."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from studio.core.design import edits
from studio.core.design.dataset import COLUMN_KINDS, COLUMN_ROLES
from studio.core.design.graph import Edge
from studio.core.design.project import Project
from studio.core.params import Value
from studio.core.problems import Fix

STEP = edits.NODE_SIZE[0] + edits.GAP


def apply_fix(project: Project, fix: Fix) -> Project:
    """The project with the fix applied; unchanged where it no longer fits."""
    return FIXES[fix.key](project, fix.arguments)


def _set_role(project: Project, arguments: Mapping[str, object]) -> Project:
    role = next(role for role in COLUMN_ROLES if role == arguments["role"])
    dataset = project.dataset.with_column(str(arguments["column"]), role=role)
    return replace(project, dataset=dataset)


def _set_kind(project: Project, arguments: Mapping[str, object]) -> Project:
    kind = next(kind for kind in COLUMN_KINDS if kind == arguments["kind"])
    dataset = project.dataset.with_column(str(arguments["column"]), kind=kind)
    return replace(project, dataset=dataset)


def _set_param(project: Project, arguments: Mapping[str, object]) -> Project:
    node_id = str(arguments["node"])
    if node_id not in project.graph.nodes:
        return project
    graph = edits.set_param(
        project.graph, node_id, str(arguments["key"]), _value(arguments["value"])
    )
    return replace(project, graph=graph)


def _insert_before(project: Project, arguments: Mapping[str, object]) -> Project:
    """Puts a layer into the wire at `port` (0) of `node`, and makes room for it."""
    node_id, port = str(arguments["node"]), arguments.get("port", 0)
    edge = next((e for e in project.graph.edges if e.target == node_id and e.port == port), None)
    if edge is None:
        return project
    params = arguments.get("params") or {}
    assert isinstance(params, Mapping)
    values = {str(key): _value(value) for key, value in params.items()}
    return replace(
        project, graph=edits.insert_layer(project.graph, edge, str(arguments["layer"]), values)
    )


def _remove_node(project: Project, arguments: Mapping[str, object]) -> Project:
    node_id = str(arguments["node"])
    return replace(project, graph=edits.remove_and_reconnect(project.graph, (node_id,)))


def _add_end(project: Project, arguments: Mapping[str, object]) -> Project:
    """Adds a layer at the end of what stands furthest right, and wires it where it can."""
    graph = project.graph
    last = edits.last_open_node(graph)
    right = max((x for x, _y in graph.positions.values()), default=-STEP)
    y = graph.positions.get(last, (0.0, 0.0))[1] if last else 0.0
    graph, added = edits.add_node(graph, str(arguments["layer"]), (right + STEP, y))
    if last:
        graph = edits.connect(graph, Edge(last, added, 0))
    return replace(project, graph=graph)


def _set_training(project: Project, arguments: Mapping[str, object]) -> Project:
    key, value = str(arguments["key"]), arguments["value"]
    if key == "optimizer_params":
        assert isinstance(value, Mapping)
        merged = {**project.training.optimizer_params, **value}
        return replace(project, training=replace(project.training, optimizer_params=merged))
    return replace(project, training=replace(project.training, **{key: value}))  # type: ignore[arg-type]


def _value(given: object) -> Value:
    assert isinstance(given, bool | int | float | str | tuple)
    return given


FIXES: Mapping[str, Callable[[Project, Mapping[str, object]], Project]] = {
    "set_role": _set_role,
    "set_kind": _set_kind,
    "set_param": _set_param,
    "insert_before": _insert_before,
    "remove_node": _remove_node,
    "add_layer": _add_end,
    "set_training": _set_training,
}
