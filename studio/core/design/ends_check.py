"""What can be wrong at the ends of a network: none, several, loose nodes, a wrong last size."""

from collections.abc import Collection, Iterator, Mapping

from studio.core.catalogue import LAYERS, LOSSES
from studio.core.catalogue.ends import INPUT, OUTPUT
from studio.core.catalogue.entry import same_shape
from studio.core.catalogue.linear import LINEAR
from studio.core.design.aims import Aim, aims_of
from studio.core.design.aims_check import aim_problems
from studio.core.design.graph import Edge, Graph, Node
from studio.core.design.inputs import inputs_of, outputs_of, place_of
from studio.core.design.project import Project
from studio.core.design.shape_flow import Flow
from studio.core.problems import Fix, Place, Problem, Severity
from studio.core.shapes import Shape, show
from studio.core.words import tr

MODEL = Place("project", "graph")


def end_problems(project: Project, flow: Flow, named: Collection[str] = ()) -> Iterator[Problem]:
    """All that is wrong with the ends of the graph, given its shapes.

    Of the nodes in `named` it is known already that they lead nowhere: a gap behind them is told.
    """
    graph = project.graph
    if not len(graph):
        yield Problem(
            tr("The network is empty."),
            tr("Drag an Input from the palette, or start from a template."),
            place=MODEL,
            code="empty-graph",
        )
        return
    if not inputs_of(graph):
        yield Problem(
            tr("The network has no Input, so no data come in."),
            tr("Add an Input and draw a wire from it."),
            place=MODEL,
            code="no-input",
            fix=Fix("add_layer", tr("Add Input"), {"layer": INPUT.key}),
        )
    yield from _output_count(graph)
    yield from _loose_ends(graph, flow, named)
    yield from aim_problems(project)
    for aim in aims_of(graph, project.dataset):
        yield from _answer_problems(project, flow, aim)


def _output_count(graph: Graph) -> Iterator[Problem]:
    outputs = outputs_of(graph)
    if not outputs:
        yield Problem(
            tr("The network has no Output, so no answer goes out."),
            tr("Add an Output behind the last layer."),
            place=MODEL,
            code="no-output",
            fix=Fix("add_layer", tr("Add Output"), {"layer": OUTPUT.key}),
        )


def _loose_ends(graph: Graph, flow: Flow, named: Collection[str]) -> Iterator[Problem]:
    """One Problem where a way ends before the Output, and none for each layer on that way."""
    outputs = outputs_of(graph)
    if not outputs:
        return
    leading = graph.ancestors(node.id for node in outputs)
    feeding, sources = {edge.source for edge in graph.edges}, graph.sources()
    for node in graph:
        if node.id in leading or node.id in feeding:
            continue
        if node.id not in flow.problems and node.id not in named:
            loose = _before(sources, node.id, leading)
            yield _left_out(node, sum(1 for i in loose if not LAYERS[graph.nodes[i].layer].end))


def _before(
    sources: Mapping[str, tuple[Edge, ...]], node_id: str, leading: Collection[str]
) -> set[str]:
    """The nodes that lead to that one, and not to the Output."""
    found: set[str] = set()
    waiting = [node_id]
    while waiting:
        for edge in sources[waiting.pop()]:
            if edge.source not in leading and edge.source not in found:
                found.add(edge.source)
                waiting.append(edge.source)
    return found


def _left_out(node: Node, before: int) -> Problem:
    if before:
        message = tr(
            "{name} does not lead to the Output, so it is left out, with {count} "
            "{count|layer|layers} before it.",
            name=node.name,
            count=before,
        )
    else:
        message = tr("{name} does not lead to the Output, so it is left out.", name=node.name)
    hint = tr("Draw a wire from it, or delete it.")
    return Problem(message, hint, Severity.WARNING, place_of(node), LEFT_OUT)


def _answer_problems(project: Project, flow: Flow, aim: Aim) -> Iterator[Problem]:
    output, wanted = aim.node, aim.wanted(project.training)
    signal = flow.signals.get(output.id)
    if signal is None or not wanted:
        return
    if aim.training(project.training).loss in _ALIGNING and _has_steps_enough(signal.shape, wanted):
        return
    if len(wanted) > 1 and signal.shape[:-1] != wanted[:-1] and aim.output.task == "sequences":
        yield _wrong_length(output, signal.shape, wanted, _align_fix(signal.shape, wanted))
        return
    if signal.shape != wanted:
        yield _wrong_size(project, flow, aim, signal.shape)
        return
    last = _last_layer(project.graph, output)
    if (
        last is not None
        and LAYERS[last.layer].gives_probabilities
        and (aim.output.task == "classes")
    ):
        yield Problem(
            tr(
                "{name} stands before the Output, but the loss and the export already turn "
                "scores into probabilities.",
                name=last.name,
            ),
            tr("Remove it: training goes faster and further without."),
            Severity.WARNING,
            place_of(last),
            "double-softmax",
            Fix("remove_node", tr("Remove {name}", name=last.name), {"node": last.id}),
        )


LEFT_OUT = "left-out"
_ALIGNING = frozenset(key for key, loss in LOSSES.items() if loss.aligns)


def _has_steps_enough(shape: Shape, wanted: Shape) -> bool:
    """True where there is a step for each token at least, and a number for each word."""
    return len(shape) == len(wanted) and shape[0] >= wanted[0] and shape[1:] == wanted[1:]


def _align_fix(shape: Shape, wanted: Shape) -> Fix | None:
    """A loss that finds by itself what each step says, where the steps are enough for it."""
    if not _has_steps_enough(shape, wanted):
        return None
    key = next(key for key, loss in LOSSES.items() if loss.aligns)
    label = tr("Use {loss}", loss=tr(LOSSES[key].title))
    return Fix("set_training", label, {"key": "loss", "value": key})


def _wrong_length(output: Node, shape: Shape, wanted: Shape, fix: Fix | None) -> Problem:
    return Problem(
        tr(
            "{name} expects {wanted}: for each of {tokens} {tokens|token|tokens} how likely each "
            "word is. It "
            "gets {shape}.",
            name=output.name,
            wanted=show(wanted),
            tokens=wanted[0],
            shape=show(shape),
        ),
        tr("End with a layer that gives a whole sequence of that length, and a Linear."),
        place=place_of(output),
        code="wrong-outputs",
        fix=fix,
    )


def _wrong_size(project: Project, flow: Flow, aim: Aim, shape: Shape) -> Problem:
    if aim.output.task in ("images", "masks"):
        return _wrong_picture(aim, shape)
    expected = aim.wanted(project.training)[-1]
    loss = LOSSES.get(aim.training(project.training).loss)
    said = {"name": aim.node.name, "count": expected, "shape": show(shape)}
    if aim.output.task == "sequences":
        message = tr(
            "{name} expects {count} numbers for each token, one for each word, but gets {shape}.",
            **said,
        )
    elif loss is not None and loss.compares:
        message = tr("{name} expects one number, how near two are, but gets {shape}.", **said)
    elif loss is not None and loss.spreads:
        message = tr(
            "{name} expects {count} numbers, each target and how far it may be off, but gets "
            "{shape}.",
            **said,
        )
    elif aim.output.task == "classes":
        message = tr(
            "{name} expects {count} numbers, one for each class, but gets {shape}.", **said
        )
    elif expected == 1:
        message = tr("{name} expects one number, the target, but gets {shape}.", **said)
    else:
        message = tr(
            "{name} expects {count} numbers, one for each target, but gets {shape}.", **said
        )
    return Problem(
        message,
        tr("Let the layer before it give {count}.", count=expected),
        place=place_of(aim.node),
        code="wrong-outputs",
        fix=_size_fix(project, flow, aim, expected),
    )


def _wrong_picture(aim: Aim, shape: Shape) -> Problem:
    said = {"name": aim.node.name, "wanted": show(aim.output.shape), "shape": show(shape)}
    if aim.output.task == "masks":
        message = tr(
            "{name} expects {wanted}: for each pixel how likely each class is. It gets {shape}.",
            **said,
        )
        hint = tr("End with a convolution with one filter for each class, at the picture's size.")
    else:
        message = tr("{name} expects {wanted}, the picture again, but gets {shape}.", **said)
        hint = tr("End with a layer that gives as many channels, rows and columns as came in.")
    return Problem(message, hint, place=place_of(aim.node), code="wrong-outputs")


def _size_fix(project: Project, flow: Flow, aim: Aim, expected: int) -> Fix:
    """Sets the nearest layer that decides the size, or else adds a Linear."""
    output = aim.node
    signal = flow.signals[output.id]
    node = _deciding_layer(project.graph, output)
    if node is not None and len(signal.shape) == len(aim.output.shape):
        return Fix(
            "set_param",
            tr("Set {name} to 1 unit", name=node.name)
            if expected == 1
            else tr("Set {name} to {count} {count|unit|units}", name=node.name, count=expected),
            {"node": node.id, "key": LAYERS[node.layer].units_param, "value": expected},
        )
    return Fix(
        "insert_before",
        tr("Insert Linear with 1 unit")
        if expected == 1
        else tr("Insert Linear with {count} {count|unit|units}", count=expected),
        {
            "layer": LINEAR.key,
            "node": output.id,
            "port": 0,
            "params": {LINEAR.units_param: expected},
        },
    )


def _deciding_layer(graph: Graph, output: Node) -> Node | None:
    node = _last_layer(graph, output)
    while node is not None:
        entry = LAYERS[node.layer]
        if entry.units_param:
            return node if len(graph.outgoing(node.id)) == 1 else None
        if entry.shape is not same_shape or entry.arity != (1, 1) or entry.end:
            return None
        node = _last_layer(graph, node)
    return None


def _last_layer(graph: Graph, node: Node) -> Node | None:
    incoming = graph.incoming(node.id)
    return graph.nodes[incoming[0].source] if incoming else None
