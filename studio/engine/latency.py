"""Latency: how long a network takes to answer one sample on this machine, by really asking it."""

import statistics
import time

import torch
from torch import Tensor

from studio.core.catalogue.entry import Signal
from studio.core.design.effective import effective
from studio.core.design.project import Project
from studio.core.design.shape_flow import shape_flow
from studio.core.patience import go_on
from studio.engine.build import OwnDraws, build, model_inputs

PASSES, LONGEST = 15, 1.5  # seconds, then what was timed has to do


def seconds_a_sample(project: Project) -> float:
    """The middle of several passes, after one that warms up; on the processor, in one thread.

    Weights are freshly drawn, and torch's random numbers left where they stand. StudioError
    where the network cannot be built.
    """
    graph = effective(project.graph)
    with OwnDraws(project.training.seed):
        model = build(graph, project.dataset, loss=project.training.loss).eval()
    signals = shape_flow(graph, project.dataset).signals
    inputs = tuple(_sample(signals[node.id]) for node in model_inputs(graph))
    timed: list[float] = []
    with torch.inference_mode():
        model(*inputs)
        began = time.perf_counter()
        while len(timed) < PASSES and (not timed or time.perf_counter() - began < LONGEST):
            go_on()
            start = time.perf_counter()
            model(*inputs)
            timed.append(time.perf_counter() - start)
    return statistics.median(timed)


def _sample(signal: Signal) -> Tensor:
    if signal.categories:
        return torch.zeros((1, *signal.shape), dtype=torch.int64)
    return torch.zeros((1, *signal.shape))
