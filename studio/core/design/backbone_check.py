"""Backbone check: whether pretrained networks are in their folders, and get what they know."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from studio.core.backbone import Backbone, backbone_of
from studio.core.backbone_files import folder_problem, tokenizer_digest
from studio.core.catalogue import LAYERS
from studio.core.catalogue.entry import LayerCall, placed
from studio.core.catalogue.pretrained import other_size
from studio.core.catalogue.pretrained_texts import other_tokens
from studio.core.design.dataset import DatasetSpec
from studio.core.design.graph import Graph
from studio.core.design.inputs import place_of
from studio.core.problems import Place, Problem
from studio.core.words import tr

MUCH = 1.5  # times larger or smaller: what a network learnt to see is found there no more


def backbone_problems(graph: Graph) -> tuple[Problem, ...]:
    """What is wrong with their folders; this looks at the disk."""
    found = (folder_problem(known, Place("node", node_id)) for node_id, known in _networks(graph))
    return tuple(problem for problem in found if problem is not None)


def tokenizer_problems(dataset: DatasetSpec) -> Iterator[Problem]:
    """A tokenizer that is gone from its folder or has changed there; this looks at the disk."""
    text = dataset.text
    is_used = any(one.kind == "text" for one in dataset.model_inputs())
    if (
        text.tokenizer != "file"
        or not is_used
        or tokenizer_digest(Path(text.folder)) == text.digest
    ):
        return
    yield Problem(
        tr("The tokenizer in {folder} is gone or has changed.", folder=text.folder),
        tr("Put it back, or choose the folder of the pretrained network once more."),
        place=Place("data"),
        code="tokenizer-changed",
    )


def fed_problems(
    graph: Graph, dataset: DatasetSpec, calls: Mapping[str, LayerCall]
) -> Iterator[Problem]:
    """Texts in other tokens than a network learnt, and pictures of quite another size."""
    for node_id, known in _networks(graph):
        if node_id not in calls:
            continue
        place = place_of(graph.nodes[node_id])
        if known.kind == "text" and _reads_otherwise(known, dataset):
            yield placed(other_tokens(graph.nodes[node_id].name, known), place=place, node=node_id)
        elif known.kind == "picture" and _is_far(known, calls[node_id].shape):
            yield placed(other_size(calls[node_id], known), place=place, node=node_id)


def _networks(graph: Graph) -> Iterator[tuple[str, Backbone]]:
    for node in graph:
        if node.layer in LAYERS and LAYERS[node.layer].is_pretrained:
            known = backbone_of(str(node.params.get("backbone", "")))
            if known is not None:
                yield node.id, known


def _reads_otherwise(known: Backbone, dataset: DatasetSpec) -> bool:
    text = dataset.text
    return (text.tokenizer, text.digest) != ("file", known.tokenizer)


def _is_far(known: Backbone, shape: tuple[int, ...]) -> bool:
    sides = zip(shape[1:], (known.trained_height, known.trained_width), strict=False)
    return any(trained and not trained / MUCH <= side <= trained * MUCH for side, trained in sides)
