"""Fixes: the edits that a Problem can offer, applied from their plain description."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from studio.core.backbone import backbone_of
from studio.core.catalogue import LAYERS
from studio.core.catalogue.ends import AS_INDEX, AS_VALUES, OUTPUT_TARGET
from studio.core.catalogue.linear import LINEAR
from studio.core.catalogue.pretrained_texts import USE_TOKENIZER
from studio.core.design import edits
from studio.core.design.dataset import COLUMN_KINDS, COLUMN_ROLES
from studio.core.design.gaps import RECONNECT, reconnected
from studio.core.design.graph import Edge, Graph
from studio.core.design.inputs import outputs_of
from studio.core.design.project import Project
from studio.core.design.replacing import replaced
from studio.core.design.shaping import Step
from studio.core.design.sharing import sharing, with_learning
from studio.core.design.training_edits import with_schedule
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


def _set_roles(project: Project, arguments: Mapping[str, object]) -> Project:
    """Gives several columns the same role."""
    columns = arguments["columns"]
    assert isinstance(columns, tuple)
    for name in columns:
        project = _set_role(project, {"column": name, "role": arguments["role"]})
    return project


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


def _replace_node(project: Project, arguments: Mapping[str, object]) -> Project:
    """Puts another layer in the place of a node."""
    node_id, layer = str(arguments["node"]), str(arguments["layer"])
    if node_id not in project.graph.nodes:
        return project
    return replace(project, graph=replaced(project.graph, node_id, layer))


def _add_end(project: Project, arguments: Mapping[str, object]) -> Project:
    """Adds a layer at the end of what stands furthest right, and wires it where it can.

    One that takes nothing goes before what stands furthest left and waits for something.
    """
    graph = project.graph
    if LAYERS[str(arguments["layer"])].arity[1] == 0:
        return replace(project, graph=_with_start(graph, str(arguments["layer"])))
    last = edits.last_open_node(graph)
    right = max((x for x, _y in graph.positions.values()), default=-STEP)
    y = graph.positions.get(last, (0.0, 0.0))[1] if last else 0.0
    graph, added = edits.add_node(graph, str(arguments["layer"]), (right + STEP, y))
    if last:
        graph = edits.connect(graph, Edge(last, added, 0))
    return replace(project, graph=graph)


def _with_start(graph: Graph, layer: str) -> Graph:
    """The graph with a layer that takes nothing in front, feeding the first that waits for it."""
    first = edits.first_open_node(graph)
    left = min((x for x, _y in graph.positions.values()), default=STEP)
    y = graph.positions[first][1] if first else 0.0
    graph, added = edits.add_node(graph, layer, (left - STEP, y))
    return edits.connect(graph, Edge(added, first)) if first else graph


def _add_output(project: Project, arguments: Mapping[str, object]) -> Project:
    """Adds an Output for a target beside the first one, fed by what feeds the head of that."""
    wanted = str(arguments["target"])
    output = next((one for one in project.dataset.model_outputs() if one.name == wanted), None)
    first = next(iter(outputs_of(project.graph)), None)
    if output is None or first is None:
        return project
    graph, (x, y) = project.graph, project.graph.positions[first.id]
    y += edits.NODE_SIZE[1] + edits.GAP
    params = {OUTPUT_TARGET: wanted}
    graph, added = edits.add_node(graph, first.layer, (x, y), params, wanted[:24])
    source = _branching_point(project.graph, first.id)
    if source and len(output.shape) == 1:
        units = {LINEAR.units_param: output.shape[0]}
        graph, head = edits.add_node(graph, LINEAR.key, (x - STEP, y), units)
        graph = edits.connect(graph, Edge(source, head))
        graph = edits.connect(graph, Edge(head, added))
    return replace(project, graph=graph)


def _branching_point(graph: Graph, output: str) -> str:
    """What stands before the layer that gives an Output its size; "" where nothing leads there."""
    into = {edge.target: edge.source for edge in graph.edges if edge.port == 0}
    last = into.get(output, "")
    is_head = last and LAYERS[graph.nodes[last].layer].units_param
    return into.get(last, "") if is_head else last


def _set_training(project: Project, arguments: Mapping[str, object]) -> Project:
    key, value = str(arguments["key"]), arguments["value"]
    if isinstance(value, Mapping):  # values of an entry: those not named stay
        value = {**getattr(project.training, key), **value}
    if key == "schedule":
        return replace(project, training=with_schedule(project.training, str(value)))
    return replace(project, training=replace(project.training, **{key: value}))  # type: ignore[arg-type]


def _add_inputs(project: Project, arguments: Mapping[str, object]) -> Project:
    """Gives each input of the model, and each identifier, an Input that names it.

    The Input that stood there takes the first; the others stand beneath all nodes. What they
    feed is for the person to draw.
    """
    graph, node_id = project.graph, str(arguments["node"])
    if node_id not in graph.nodes:
        return project
    left = graph.positions[node_id][0]
    lowest = max(y for _x, y in graph.positions.values())
    for number, (names, form) in enumerate(_inputs_wanted(project)):
        if number == 0:
            graph = edits.set_param(graph, node_id, "columns", names)
            graph = edits.set_param(graph, node_id, "form", form)
            continue
        place = (left, lowest + number * (edits.NODE_SIZE[1] + edits.GAP))
        params: Mapping[str, Value] = {"columns": names, "form": form}
        graph, _ = edits.add_node(graph, graph.nodes[node_id].layer, place, params)
    return replace(project, graph=graph)


def _inputs_wanted(project: Project) -> Iterator[tuple[tuple[str, ...], str]]:
    for source in project.dataset.model_inputs():
        values = tuple(f.source for f in source.features if f.kind != "identifier")
        if values:
            yield tuple(dict.fromkeys(values)), AS_VALUES
        for feature in source.features:
            if feature.kind == "identifier":
                yield (feature.source,), AS_INDEX


def _add_step(project: Project, arguments: Mapping[str, object]) -> Project:
    """Adds a step to the recipe that repairs the data."""
    params, columns = arguments.get("params") or {}, arguments.get("columns") or ()
    assert isinstance(params, Mapping)
    assert isinstance(columns, tuple)
    step = Step(str(arguments["key"]), columns, {str(k): _value(v) for k, v in params.items()})
    dataset = replace(project.dataset, recipe=(*project.dataset.recipe, step))
    return replace(project, dataset=dataset)


def _set_split(project: Project, arguments: Mapping[str, object]) -> Project:
    """Changes fields of the split: `method` and the like."""
    split = replace(project.dataset.split, **arguments)  # type: ignore[arg-type]
    return replace(project, dataset=replace(project.dataset, split=split))


def _set_text(project: Project, arguments: Mapping[str, object]) -> Project:
    """Changes how texts become tokens: `tokenizer`, `length`."""
    text = replace(project.dataset.text, **arguments)  # type: ignore[arg-type]
    return replace(project, dataset=replace(project.dataset, text=text))


def _value(given: object) -> Value:
    assert isinstance(given, bool | int | float | str | tuple)
    return given


def _set_learning(project: Project, arguments: Mapping[str, object]) -> Project:
    """Changes what was set for the weights of a node."""
    changes = {key: value for key, value in arguments.items() if key != "node"}
    node = project.graph.nodes.get(str(arguments["node"]))
    if node is None:
        return project
    learning = replace(node.learning, **changes)  # type: ignore[arg-type]
    return replace(project, graph=with_learning(project.graph, node.id, learning))


def _share_weights(project: Project, arguments: Mapping[str, object]) -> Project:
    """Gives a node the settings of another, whose weights it shares."""
    nodes = project.graph.nodes
    node, owner = nodes.get(str(arguments["node"])), nodes.get(str(arguments["with"]))
    if node is None or owner is None:
        return project
    nodes = {**nodes, node.id: replace(node, params=owner.params)}
    return replace(project, graph=sharing(replace(project.graph, nodes=nodes), node.id, owner.id))


def _use_tokenizer(project: Project, arguments: Mapping[str, object]) -> Project:
    """Lets the tokenizer of the network in a node split all texts that are read.

    It has more tokens than words, and some of its own, so the texts get half as much room more.
    """
    node = project.graph.nodes.get(str(arguments["node"]))
    known = backbone_of(str(node.params.get("backbone", ""))) if node is not None else None
    if known is None or not known.tokenizer:
        return project
    text = project.dataset.text
    is_other = text.tokenizer != "file"
    length = min(3 * text.length // 2 + 2 if is_other else text.length, known.length)
    text = replace(
        text,
        tokenizer="file",
        folder=known.folder,
        digest=known.tokenizer,
        vocabulary=known.vocabulary,
        length=length,
    )
    return replace(project, dataset=replace(project.dataset, text=text))


FIXES: Mapping[str, Callable[[Project, Mapping[str, object]], Project]] = {
    "set_role": _set_role,
    "set_roles": _set_roles,
    "set_kind": _set_kind,
    "set_param": _set_param,
    "insert_before": _insert_before,
    "remove_node": _remove_node,
    "replace_node": _replace_node,
    "add_layer": _add_end,
    "add_output": _add_output,
    "set_training": _set_training,
    "add_inputs": _add_inputs,
    "add_step": _add_step,
    "set_split": _set_split,
    "set_text": _set_text,
    "set_learning": _set_learning,
    "share_weights": _share_weights,
    USE_TOKENIZER: _use_tokenizer,
    RECONNECT: reconnected,
}
