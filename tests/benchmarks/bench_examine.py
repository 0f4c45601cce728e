"""How long an edit of a large network takes to be examined: prints milliseconds.

    python tests/benchmarks/bench_examine.py [--edits 40]

ResNet-152 drawn flat (516 nodes). Each edit gives a new project, which is examined at once: a
name, a setting in the middle, one at the very beginning that changes all that follows, a wire
cut. Reaches its aim where the slowest middle of these is at most 50 ms.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from studio.core.design.edits import rename, set_param
from studio.core.design.graph import Graph
from studio.core.design.picture_networks import resnet152
from studio.core.design.project import Project
from studio.core.design.report import examine
from studio.core.design.shape_flow import OUTCOMES
from tests.builders import images

AIM = 50.0


def edits(graph: Graph) -> dict[str, Callable[[int], Graph]]:
    filters = [node.id for node in graph if node.layer == "conv2d"]
    first, middle = filters[0], filters[len(filters) // 2]
    return {
        "a name": lambda number: rename(graph, middle, f"Middle {number}"),
        "a setting in the middle": lambda number: set_param(
            graph, middle, "out_channels", 300 + number
        ),
        "the first setting": lambda number: set_param(graph, first, "out_channels", 65 + number),
        "a wire": lambda number: replace(
            graph, edges=tuple(edge for edge in graph.edges if edge != graph.edges[-1 - number])
        ),
    }


def milliseconds(project: Project) -> float:
    began = time.perf_counter()
    examine(project)
    return (time.perf_counter() - began) * 1e3


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--edits", type=int, default=40)
    count = parser.parse_args().edits
    dataset = images(3, 224, 224)
    project = Project(dataset, resnet152(dataset))
    print(f"{len(project.graph)} nodes, from scratch: {milliseconds(project):.1f} ms")
    middles = []
    for text, edit in edits(project.graph).items():
        taken = [milliseconds(replace(project, graph=edit(n))) for n in range(count)]
        middles.append(statistics.median(taken))
        print(f"{text}: {middles[-1]:.1f} ms, at most {max(taken):.1f}")
    print(f"{len(OUTCOMES)} outcomes remembered; slowest middle {max(middles):.1f} ms, aim {AIM}")
    return 0 if max(middles) <= AIM else 1


if __name__ == "__main__":
    raise SystemExit(main())
