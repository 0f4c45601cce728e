"""What can be wrong with what was set for the weights of nodes: how they begin, and sharing."""

from collections.abc import Iterator, Mapping

from studio.core.catalogue import INITIALIZATIONS, LAYERS
from studio.core.catalogue.entry import LayerCall
from studio.core.catalogue.initializations import DEFAULT
from studio.core.design.graph import Graph, Node
from studio.core.design.inputs import outputs_of, place_of
from studio.core.design.learning import PENALTIES
from studio.core.design.sharing import owner_of
from studio.core.params import checked
from studio.core.problems import Fix, Place, Problem
from studio.core.words import tr

NOTHING = "nothing-to-learn"
ALL_FROZEN = "all-frozen"
# What keeps a network from learning, and from nothing else: it answers all the same.
ONLY_LEARNING = frozenset({NOTHING, ALL_FROZEN})


def learning_problems(
    graph: Graph, calls: Mapping[str, LayerCall], weights: Mapping[str, int]
) -> Iterator[Problem]:
    """All that is wrong, each at its node. `weights` are the counts of the nodes' own weights."""
    for node in graph:
        if not node.learning.is_plain:
            yield from _start(node)
            yield from _penalties(node)
            if node.learning.shares:
                yield from _sharing(graph, node, calls)
    yield from _all_frozen(graph, weights)
    yield from _nothing_to_learn(graph, weights)


def _start(node: Node) -> Iterator[Problem]:
    learning = node.learning
    entry = INITIALIZATIONS.get(learning.start)
    if entry is None:
        yield Problem(
            tr(
                "{name} is to begin with {start}, which is not known.",
                name=node.name,
                start=learning.start[:60],
            ),
            tr("Choose another beginning."),
            place=place_of(node),
            code="unknown-start",
            fix=_fix(node, tr("Begin as the layer does"), start=DEFAULT),
        )
        return
    values, problems = checked(entry.params, learning.start_params, place_of(node), tr(entry.title))
    yield from problems
    low, high = values.get("a"), values.get("b")
    if isinstance(low, float) and isinstance(high, float) and low >= high:
        yield Problem(
            tr(
                "The weights of {name} are to begin from {low} to {high}, which leaves nothing.",
                name=node.name,
                low=low,
                high=high,
            ),
            tr("Make the first bound lower than the second."),
            place=place_of(node),
            code="bad-value",
            fix=_fix(node, tr("Use the usual bounds"), start_params={}),
        )


def _penalties(node: Node) -> Iterator[Problem]:
    given = {"l1": node.learning.l1, "l2": node.learning.l2}
    yield from checked(PENALTIES, given, place_of(node), node.name)[1]


def _sharing(graph: Graph, node: Node, calls: Mapping[str, LayerCall]) -> Iterator[Problem]:
    owner = graph.nodes.get(node.learning.shares)
    own = _fix(node, tr("Give it weights of its own"), shares="")
    if owner is None or owner.id == node.id or owner.learning.shares:
        yield _no(
            node,
            tr("{name} shares weights that are not there.", name=node.name),
            own,
        )
    elif owner.layer != node.layer:
        message = tr(
            "{name} shares the weights of {owner}, which is another kind of layer.",
            name=node.name,
            owner=owner.name,
        )
        yield _no(node, message, own)
    elif _values(owner) != _values(node):
        message = tr(
            "{name} shares the weights of {owner}, but its settings are others.",
            name=node.name,
            owner=owner.name,
        )
        label = tr("Use the settings of {owner}", owner=owner.name)
        yield _no(node, message, Fix("share_weights", label, {"node": node.id, "with": owner.id}))
    elif _takes_other_inputs(node, owner, calls):
        message = tr(
            "{name} shares the weights of {owner}, but what comes in has another size.",
            name=node.name,
            owner=owner.name,
        )
        yield _no(node, message, own)


def _takes_other_inputs(node: Node, owner: Node, calls: Mapping[str, LayerCall]) -> bool:
    """True where torch would make another module for one than for the other."""
    entry, here, there = LAYERS[node.layer], calls.get(node.id), calls.get(owner.id)
    if here is None or there is None:
        return False  # what is wrong there is said there
    return (entry.torch_name(here), entry.arguments(here)) != (
        entry.torch_name(there),
        entry.arguments(there),
    )


def _values(node: Node) -> dict[str, object]:
    entry = LAYERS.get(node.layer)
    return {**(entry.defaults() if entry else {}), **node.params}


def _all_frozen(graph: Graph, weights: Mapping[str, int]) -> Iterator[Problem]:
    learners = [graph.nodes[node_id] for node_id, count in weights.items() if count]
    if learners and all(node.learning.is_frozen for node in learners):
        last = learners[-1]
        yield Problem(
            tr("All weights are frozen, so nothing can be learnt."),
            tr("Let a layer learn again."),
            place=Place("project", "graph"),
            code=ALL_FROZEN,
            fix=_fix(last, tr("Let {name} learn", name=last.name), is_frozen=False),
        )


def _nothing_to_learn(graph: Graph, weights: Mapping[str, int]) -> Iterator[Problem]:
    """Said only where all that leads to an Output is known."""
    leading = graph.ancestors(node.id for node in outputs_of(graph))
    is_known = bool(leading) and all(node_id in weights for node_id in leading)
    if is_known and not any(weights[owner_of(graph.nodes, node_id)] for node_id in leading):
        yield Problem(
            tr("The network has no weights, so nothing can be learnt."),
            tr("Put a layer with weights into it, such as Linear."),
            place=Place("project", "graph"),
            code=NOTHING,
        )


def _no(node: Node, message: str, fix: Fix) -> Problem:
    return Problem(
        message,
        tr("Give it weights of its own, or make both nodes alike."),
        place=place_of(node),
        code="cannot-share",
        fix=fix,
    )


def _fix(node: Node, label: str, **changes: object) -> Fix:
    return Fix("set_learning", label, {"node": node.id, **changes})
