"""Backbone check: whether the files of the pretrained networks in a graph are still there."""

from collections.abc import Iterator

from studio.core.backbone import backbone_of
from studio.core.backbone_files import folder_problem
from studio.core.catalogue import LAYERS
from studio.core.design.graph import Graph
from studio.core.problems import Place, Problem


def backbone_problems(graph: Graph) -> tuple[Problem, ...]:
    """What is wrong with their folders; this looks at the disk."""
    return tuple(_problems(graph))


def _problems(graph: Graph) -> Iterator[Problem]:
    for node in graph:
        if node.layer in LAYERS and LAYERS[node.layer].is_pretrained:
            known = backbone_of(str(node.params.get("backbone", "")))
            problem = folder_problem(known, Place("node", node.id)) if known else None
            if problem is not None:
                yield problem
