"""Which columns each Input of a graph takes, and the signal it gives."""

from collections.abc import Mapping

from studio.core.catalogue import LAYERS
from studio.core.catalogue.ends import AS_INDEX, AS_PREVIOUS, AS_VALUES
from studio.core.catalogue.entry import Signal, set_param
from studio.core.design.dataset import DatasetSpec, Feature
from studio.core.design.features import InputKind, ModelInput
from studio.core.design.graph import Graph, Node
from studio.core.problems import Fix, Place, Problem
from studio.core.shapes import Shape
from studio.core.words import tr

# How many sizes a picture and a clip have; fewer where none were found.
_LEAST_SIZES: Mapping[InputKind, int] = {"image": 3, "video": 4}


def inputs_of(graph: Graph) -> tuple[Node, ...]:
    """The Input nodes, in the order in which they were placed."""
    return tuple(node for node in graph if is_end(node, "input"))


def outputs_of(graph: Graph) -> tuple[Node, ...]:
    """The Output nodes."""
    return tuple(node for node in graph if is_end(node, "output"))


def is_end(node: Node, end: str) -> bool:
    """True where the node's layer is that end of a network."""
    entry = LAYERS.get(node.layer)
    return entry is not None and entry.end == end


def gives_index(node: Node) -> bool:
    """True for an Input that hands on the number of a category, for an embedding."""
    return node.params.get("form") == AS_INDEX


def follows_answer(node: Node) -> bool:
    """True for an Input that hands on what was written of the answer so far."""
    return node.params.get("form") == AS_PREVIOUS


def node_inputs(
    graph: Graph, dataset: DatasetSpec
) -> Mapping[str, tuple[ModelInput, tuple[Feature, ...]]]:
    """For each Input, what the model takes there, and which of its columns this Input hands on.

    An Input that names columns gets those. The others share what is left: where there are
    as many as there are inputs of the model left, one each in their order; where only one is
    left, each takes all of it. An Input for which nothing can be said is absent, and so is
    one that takes the answer so far and none of the data.
    """
    model = dataset.model_inputs()
    nodes = tuple(node for node in inputs_of(graph) if not follows_answer(node))
    named = {node.id: _by_names(model, _names(node)) for node in nodes if _names(node)}
    found = {key: taken for key, taken in named.items() if taken is not None}
    claimed = {feature for _source, features in found.values() for feature in features}
    open_nodes = [node for node in nodes if node.id not in named]
    left = _left(model, claimed)
    if len(left) == 1:
        left *= len(open_nodes)
    if len(left) == len(open_nodes):
        for node, (source, features) in zip(open_nodes, left, strict=True):
            found[node.id] = (source, _of_form(node, features))
    return {node.id: found[node.id] for node in nodes if node.id in found}


def input_features(graph: Graph, dataset: DatasetSpec) -> Mapping[str, tuple[Feature, ...]]:
    """For each Input, the columns it takes; none where that cannot be said."""
    taken = node_inputs(graph, dataset)
    return {node.id: taken[node.id][1] if node.id in taken else () for node in inputs_of(graph)}


def input_signal(
    node: Node, taken: tuple[ModelInput, tuple[Feature, ...]] | None, dataset: DatasetSpec
) -> Signal | Problem:
    """What one Input gives for a sample, or why that cannot be said."""
    if dataset.summary is None:
        return Problem(
            tr("{name} has no data yet.", name=node.name),
            tr("Open a file or a sample on the Data page."),
            code="no-data",
        )
    if follows_answer(node):
        return _written_signal(node, dataset)
    source, features = taken or (None, ())
    missing = _unknown_names(node, dataset)
    if missing:
        return Problem(
            tr(
                "{name} takes the column {column}, which is no input of the data.",
                name=node.name,
                column=missing[0],
            ),
            tr("Choose other columns here, or make it an input on the Data page."),
            code="unknown-column",
        )
    if source is None:
        return _unclear(node, dataset)
    if not features:
        return _nothing_left(node, source)
    if len(source.shape) < _LEAST_SIZES.get(source.kind, 1):
        return _nothing_in_it(node, source)
    if source.kind not in ("table", "series"):
        return Signal(_given_shape(source), source.feature.size)
    if gives_index(node):
        return _index_signal(node, source, features)
    return Signal((*source.shape[:-1], sum(feature.width for feature in features)))


def _written_signal(node: Node, dataset: DatasetSpec) -> Signal | Problem:
    """The tokens of the target, each one place later."""
    if dataset.task() == "sequences":
        return Signal(dataset.output_shape()[:1], categories=dataset.outputs())
    return Problem(
        tr("{name} gives what was written so far, but the target is no text.", name=node.name),
        tr("Choose a text as the target, or let it give values."),
        code="nothing-written",
        fix=set_param("form", AS_VALUES, tr("Let it give values")),
    )


def _nothing_in_it(node: Node, source: ModelInput) -> Problem:
    return Problem(
        tr(
            "{name} takes {column}, in which no pictures or clips were found.",
            name=node.name,
            column=source.feature.name,
        ),
        tr("Give the column another kind on the Data page, or set it to ignore."),
        code="nothing-found",
    )


def _given_shape(source: ModelInput) -> Shape:
    """Clips come with their channels first, as convolutions want them."""
    if source.kind != "video":
        return source.shape
    frames, channels, *size = source.shape
    return (channels, frames, *size)


def _by_names(
    model: tuple[ModelInput, ...], names: tuple[str, ...]
) -> tuple[ModelInput, tuple[Feature, ...]] | None:
    """The named columns, where they all belong to one input of the model."""
    for source in model:
        chosen = tuple(
            feature
            for name in names
            for feature in source.features
            if name in (feature.name, feature.column)
        )
        if chosen:
            return source, chosen
    return None


def _left(
    model: tuple[ModelInput, ...], claimed: set[Feature]
) -> list[tuple[ModelInput, tuple[Feature, ...]]]:
    free = [(one, tuple(f for f in one.features if f not in claimed)) for one in model]
    left = [(one, features) for one, features in free if features]
    return left or [(one, ()) for one in model[:1]]


def _of_form(node: Node, features: tuple[Feature, ...]) -> tuple[Feature, ...]:
    """An identifier cannot be told by values: only its number goes in."""
    if gives_index(node):
        return features
    return tuple(feature for feature in features if feature.kind != "identifier")


def _unclear(node: Node, dataset: DatasetSpec) -> Problem:
    model = dataset.model_inputs()
    if not model:
        return _nothing_left(node, None)
    kinds = ", ".join(one.name for one in model)
    return Problem(
        tr(
            "{name} cannot take all the inputs of the data at once: {kinds}.",
            name=node.name,
            kinds=kinds,
        ),
        tr("Give each its own Input: name its columns there."),
        code="mixed-inputs",
        fix=Fix("add_inputs", tr("Add an Input for each"), {}),
    )


def _nothing_left(node: Node, source: ModelInput | None) -> Problem:
    identifiers = [f.name for f in source.features if f.kind == "identifier"] if source else []
    if identifiers:
        return Problem(
            tr(
                "{name} gives values, but what is left are identifiers: {columns}.",
                name=node.name,
                columns=", ".join(identifiers[:3]),
            ),
            tr("Let it give the number of the category, one column for each Input."),
            code="only-identifiers",
            fix=Fix("add_inputs", tr("Add an Input for each"), {}),
        )
    return Problem(
        tr("{name} has no columns left to take.", name=node.name),
        tr("Make columns inputs on the Data page, or remove this node."),
        code="no-columns",
    )


def _index_signal(
    node: Node, source: ModelInput, features: tuple[Feature, ...]
) -> Signal | Problem:
    is_one = len(features) == 1 and features[0].kind in ("category", "identifier")
    if not is_one:
        return Problem(
            tr(
                "{name} gives the number of a category, and so takes exactly one category "
                "column; it has {count} {count|column|columns}.",
                name=node.name,
                count=len(features),
            ),
            tr("Choose one category column, or let it give values."),
            code="one-category",
        )
    return Signal((*source.shape[:-1], 1), categories=features[0].count + 1)


def _names(node: Node) -> tuple[str, ...]:
    names = node.params.get("columns", ())
    return tuple(str(name) for name in names) if isinstance(names, tuple) else ()


def _unknown_names(node: Node, dataset: DatasetSpec) -> tuple[str, ...]:
    features = dataset.features()
    known = {feature.name for feature in features} | {feature.column for feature in features}
    return tuple(name for name in _names(node) if name not in known)


def place_of(node: Node) -> Place:
    """Where a Problem of that node stands."""
    return Place("node", node.id)
