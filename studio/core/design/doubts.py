"""Doubts: what is allowed and can be trained, but seldom meant; asked for by an analysis."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from studio.core.catalogue import LAYERS
from studio.core.catalogue.activation import RELU
from studio.core.catalogue.entry import LayerEntry
from studio.core.catalogue.normalization import BATCH_NORM
from studio.core.design.aims import aims_of
from studio.core.design.effective import unrolled
from studio.core.design.graph import Graph, Node
from studio.core.design.inputs import place_of
from studio.core.design.project import Project
from studio.core.design.reach import Reach, reaches
from studio.core.design.shape_flow import Flow, shape_flow
from studio.core.design.sharing import own_weights
from studio.core.problems import Fix, Place, Problem, Severity
from studio.core.shapes import show
from studio.core.words import tr

# A line of these one after another is no more than one of them, unless something bends between.
_STRAIGHT = frozenset({"linear", "convolution"})
_KEEPS_STRAIGHT = frozenset({"normalization", "regularization", "reshaping"})
DEEP = 12  # layers with weights, from where slopes fade without help
SHARE_OF_WEIGHTS = 0.8
MANY_WEIGHTS = 1_000_000
WEIGHTS_A_ROW = 1000
LEAST_OF_PICTURE = 0.5
SMALL_BATCH = 8


def doubts(project: Project) -> tuple[Problem, ...]:
    """What an experienced person would ask about, as notes and warnings, each at its node.

    It is asked about the network that is trained; of a repetition it is told once.
    """
    drawn = unrolled(project.graph)
    told: dict[tuple[str, str], Problem] = {}
    for problem in _doubts(replace(project, graph=drawn.graph)):
        if problem.place.kind == "node":
            place = Place("node", drawn.origin(problem.place.key).node)
            problem = replace(problem, place=place)
        told.setdefault((problem.code, problem.place.key), problem)
    return tuple(told.values())


def _doubts(project: Project) -> tuple[Problem, ...]:
    graph = project.graph
    flow = shape_flow(graph, project.dataset)
    weights = own_weights(graph, flow.weights)
    return (
        *_straight_lines(graph, flow),
        *_bent_answers(project, flow),
        *_short_sight(graph, flow),
        *_heavy_node(graph, weights),
        *_too_many_weights(project, weights),
        *_fading_slopes(graph, flow),
        *_small_batches(project, flow),
        *_dropped_answers(project),
    )


def _straight_lines(graph: Graph, flow: Flow) -> Iterator[Problem]:
    """Two straight layers with nothing that bends between them can do no more than one."""
    for node in graph:
        if not _is_straight(node) or node.id not in flow.calls:
            continue
        before = _only_source(graph, node)
        while before is not None and _entry(before).family in _KEEPS_STRAIGHT:
            before = _only_source(graph, before) if _feeds_one(graph, before) else None
        if before is None or not _is_straight(before) or not _feeds_one(graph, before):
            continue
        if _is_factored(before, node) or _is_narrow(before, node, flow):
            continue
        fix = Fix(
            "insert_before",
            tr("Insert {layer}", layer=tr(RELU.title)),
            {"layer": RELU.key, "node": node.id, "port": 0, "params": {}},
        )
        yield Problem(
            tr(
                "Nothing bends between {first} and {second}, so together they can do no more "
                "than one of them.",
                first=before.name,
                second=node.name,
            ),
            tr("Put an activation between them, or leave one out."),
            Severity.WARNING,
            place_of(node),
            "straight-line",
            fix,
        )


def _is_factored(first: Node, second: Node) -> bool:
    """Convolutions by depth and then by point are meant to be one, in fewer weights."""
    kinds = {_entry(first).family, _entry(second).family}
    return kinds == {"convolution"} and first.layer != second.layer


def _is_narrow(first: Node, second: Node, flow: Flow) -> bool:
    """A place narrower than both its sides is meant: what passes it has to be summed up."""
    narrow = flow.signals[first.id].shape
    before, behind = flow.calls[first.id].shape, flow.signals[second.id].shape
    axis = 0 if _entry(first).family == "convolution" else -1
    return narrow[axis] < min(before[axis], behind[axis])


def _bent_answers(project: Project, flow: Flow) -> Iterator[Problem]:
    """A number that may be anything should not come out of a layer that allows only some."""
    for aim in aims_of(project.graph, project.dataset):
        last = _only_source(project.graph, aim.node)
        if last is None or aim.output.task != "numbers" or last.id not in flow.calls:
            continue
        if _entry(last).family != "activation":
            continue
        yield Problem(
            tr(
                "{name} stands before the Output, so some numbers can never come out.",
                name=last.name,
            ),
            tr("Remove it, unless the target can only be what it gives."),
            Severity.WARNING,
            place_of(last),
            "bent-answer",
            Fix("remove_node", tr("Remove {name}", name=last.name), {"node": last.id}),
        )


def _short_sight(graph: Graph, flow: Flow) -> Iterator[Problem]:
    """Where places are given up, each number should have seen a good part of the picture."""
    seen = reaches(graph, flow)
    for node in graph:
        before = _only_source(graph, node)
        if before is None or before.id not in seen or node.id in seen or node.id not in flow.calls:
            continue
        if _entry(node).family != "pooling":  # else every place is still told apart
            continue
        whole = _whole_input(graph, flow, before)
        reach = seen[before.id]
        if not whole or len(whole) != len(reach.sizes) or max(reach.sizes) <= 1:
            continue
        share = max(size / side for size, side in zip(reach.sizes, whole, strict=True))
        if share < LEAST_OF_PICTURE:
            yield _sees_little(before, reach, whole)


def _sees_little(node: Node, reach: Reach, whole: tuple[int, ...]) -> Problem:
    return Problem(
        tr(
            "Behind {name} each number has seen only {seen} of {whole}: what is larger is "
            "recognized by its parts alone.",
            name=node.name,
            seen=show(reach.sizes),
            whole=show(whole),
        ),
        tr("Add a convolution with stride 2 or a pooling layer before it."),
        Severity.NOTE,
        place_of(node),
        "short-sight",
    )


def _heavy_node(graph: Graph, weights: Mapping[str, int]) -> Iterator[Problem]:
    total = sum(weights.values())
    if total < MANY_WEIGHTS or len(weights) < 4:
        return
    heaviest = max(weights, key=lambda one: weights[one])
    share = weights[heaviest] / total
    node = graph.nodes[heaviest]
    if share >= SHARE_OF_WEIGHTS and _entry(node).family == "linear":
        yield Problem(
            tr(
                "{name} alone holds {share} % of all parameters.",
                name=node.name,
                share=round(100 * share),
            ),
            tr("Make what comes into it smaller, with pooling or a global pool before it."),
            Severity.NOTE,
            place_of(node),
            "heavy-node",
        )


def _too_many_weights(project: Project, weights: Mapping[str, int]) -> Iterator[Problem]:
    summary = project.dataset.summary
    rows = summary.rows if summary is not None else 0
    total = sum(
        count for one, count in weights.items() if not project.graph.nodes[one].learning.is_frozen
    )
    if rows and total > WEIGHTS_A_ROW * rows:
        yield Problem(
            tr(
                "{weights} parameters are learnt from {rows} rows: the network can learn them by "
                "heart.",
                weights=f"{total:,}".replace(",", "\N{NARROW NO-BREAK SPACE}"),
                rows=rows,
            ),
            tr("Make it smaller, add dropout or augmentation, or stop early."),
            Severity.NOTE,
            Place("project", "graph"),
            "by-heart",
        )


def _fading_slopes(graph: Graph, flow: Flow) -> Iterator[Problem]:
    """Deep, and with neither normalization nor a way past: the first layers hardly learn."""
    families = [_entry(node).family for node in graph if node.id in flow.calls]
    deep = sum(1 for family in families if family in _STRAIGHT)
    if deep < DEEP or any(f in ("normalization", "merging", "attention") for f in families):
        return
    weighty = [i for i in graph.order() if flow.weights.get(i) and i in flow.calls]
    follower = next((e.target for e in graph.outgoing(weighty[0])), "")
    fix = None
    if follower:
        fix = Fix(
            "insert_before",
            tr("Insert {layer}", layer=tr(BATCH_NORM.title)),
            {"layer": BATCH_NORM.key, "node": follower, "port": 0, "params": {}},
        )
    yield Problem(
        tr(
            "{count} layers follow one another without normalization or a way past them, so the "
            "first ones hardly learn.",
            count=deep,
        ),
        tr("Put a normalization behind each convolution, or build it of residual blocks."),
        Severity.WARNING,
        place_of(graph.nodes[weighty[0]]),
        "fading-slopes",
        fix,
    )


def _small_batches(project: Project, flow: Flow) -> Iterator[Problem]:
    batch = project.training.batch_size
    if batch >= SMALL_BATCH:
        return
    for node in project.graph:
        if node.layer == BATCH_NORM.key and node.id in flow.calls:
            yield Problem(
                tr(
                    "{name} compares the rows of a batch, and {count} are few to compare.",
                    name=node.name,
                    count=batch,
                ),
                tr("Set a larger batch size, or use a group or layer normalization."),
                Severity.NOTE,
                place_of(node),
                "small-batch",
                Fix(
                    "set_training",
                    tr("Set the batch size to {count}", count=32),
                    {"key": "batch_size", "value": 32},
                ),
            )
            return


def _dropped_answers(project: Project) -> Iterator[Problem]:
    """Dropout right before the Output drops answers themselves."""
    for aim in aims_of(project.graph, project.dataset):
        last = _only_source(project.graph, aim.node)
        if last is not None and _entry(last).family == "regularization":
            yield Problem(
                tr("{name} stands before the Output and drops answers themselves.", name=last.name),
                tr("Put it before the last Linear instead."),
                Severity.WARNING,
                place_of(last),
                "dropped-answer",
                Fix("remove_node", tr("Remove {name}", name=last.name), {"node": last.id}),
            )


def _whole_input(graph: Graph, flow: Flow, node: Node) -> tuple[int, ...]:
    """The sides of the Input that leads to a node; nothing where there are several."""
    inputs = [
        one
        for one in graph.ancestors((node.id,))
        if _entry(graph.nodes[one]).end == "input" and one in flow.signals
    ]
    return flow.signals[inputs[0]].shape[1:] if len(inputs) == 1 else ()


def _only_source(graph: Graph, node: Node) -> Node | None:
    incoming = graph.incoming(node.id)
    return graph.nodes[incoming[0].source] if len(incoming) == 1 else None


def _feeds_one(graph: Graph, node: Node) -> bool:
    return len(graph.outgoing(node.id)) == 1


def _is_straight(node: Node) -> bool:
    entry = _entry(node)
    if entry.family == "linear":
        return entry.units_param != "" and entry.arity == (1, 1)
    return entry.family == "convolution"


def _entry(node: Node) -> LayerEntry:
    return LAYERS[node.layer]
