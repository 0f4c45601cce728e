"""What the two ends of a network say on their cards: what comes in, and what is asked for."""

from collections.abc import Mapping

from studio.core.design.dataset import DatasetSpec, DatasetSummary, Feature
from studio.core.design.graph import Graph
from studio.core.design.inputs import input_features, inputs_of, outputs_of
from studio.core.shapes import show
from studio.core.words import tr

_COLOURS = {1: "{size}, grey", 3: "{size}, RGB"}


def end_words(graph: Graph, dataset: DatasetSpec) -> Mapping[str, str]:
    """A line for each Input and Output; none while no data are open."""
    if dataset.summary is None:
        return {}
    features = input_features(graph, dataset)
    taken = {node.id: _taken(dataset.summary, features[node.id]) for node in inputs_of(graph)}
    return {**taken, **dict.fromkeys((node.id for node in outputs_of(graph)), _asked(dataset))}


def _taken(summary: DatasetSummary, features: tuple[Feature, ...]) -> str:
    if summary.kind == "images":
        channels, *size = summary.sample_shape
        words = _COLOURS.get(channels, "{size}, {channels} channels")
        return tr(words, size=show(tuple(size)), channels=channels)
    if len(features) == 1:
        return features[0].name
    return tr("{count} columns", count=len(features)) if features else ""


def _asked(dataset: DatasetSpec) -> str:
    task, count = dataset.task(), dataset.outputs()
    if task == "classes":
        return tr("{count} classes", count=count)
    if task == "numbers":
        return tr("1 number") if count == 1 else tr("{count} numbers", count=count)
    return ""
