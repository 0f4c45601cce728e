"""Which columns each Input of a graph takes, and the signal it gives."""

from collections.abc import Mapping

from studio.core.catalogue import LAYERS
from studio.core.catalogue.ends import AS_INDEX
from studio.core.catalogue.entry import Signal
from studio.core.design.dataset import DatasetSpec, Feature
from studio.core.design.graph import Graph, Node
from studio.core.problems import Place, Problem
from studio.core.words import tr


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


def input_features(graph: Graph, dataset: DatasetSpec) -> Mapping[str, tuple[Feature, ...]]:
    """For each Input, the columns it takes: those it names, or all that no other Input names.

    For images each Input takes the whole image and the tuples are empty.
    """
    nodes = inputs_of(graph)
    named = {name for node in nodes for name in _names(node)}
    features = dataset.features()
    left = tuple(feature for feature in features if feature.name not in named)
    by_name = {feature.name: feature for feature in features}
    return {
        node.id: tuple(by_name[name] for name in _names(node) if name in by_name)
        if _names(node)
        else left
        for node in nodes
    }


def input_signal(
    node: Node, features: tuple[Feature, ...], dataset: DatasetSpec
) -> Signal | Problem:
    """What one Input gives for a sample, or why that cannot be said."""
    if dataset.summary is None:
        return Problem(
            tr("{name} has no data yet.", name=node.name),
            tr("Open a file or a sample on the Data page."),
            code="no-data",
        )
    if dataset.summary.kind == "images":
        return Signal(dataset.summary.sample_shape)
    missing = _unknown_names(node, features)
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
    if not features:
        return Problem(
            tr("{name} has no columns left to take.", name=node.name),
            tr("Make columns inputs on the Data page, or remove this node."),
            code="no-columns",
        )
    return (
        _index_signal(node, features)
        if gives_index(node)
        else Signal((sum(feature.width for feature in features),))
    )


def _index_signal(node: Node, features: tuple[Feature, ...]) -> Signal | Problem:
    if len(features) != 1 or features[0].kind != "category":
        return Problem(
            tr(
                "{name} gives the number of a category, and so takes exactly one category "
                "column; it has {count} columns.",
                name=node.name,
                count=len(features),
            ),
            tr("Choose one category column, or let it give values."),
            code="one-category",
        )
    return Signal((1,), categories=len(features[0].categories) + 1)


def _names(node: Node) -> tuple[str, ...]:
    names = node.params.get("columns", ())
    return tuple(str(name) for name in names) if isinstance(names, tuple) else ()


def _unknown_names(node: Node, features: tuple[Feature, ...]) -> tuple[str, ...]:
    known = {feature.name for feature in features}
    return tuple(name for name in _names(node) if name not in known)


def place_of(node: Node) -> Place:
    """Where a Problem of that node stands."""
    return Place("node", node.id)
