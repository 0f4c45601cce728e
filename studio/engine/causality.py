"""Causality: a network that writes may not see what it is to write."""

import torch
from torch import Tensor, fx

from studio.core.design.graph import Graph
from studio.core.problems import Place, refuse
from studio.core.words import tr
from studio.engine.build import written_count
from studio.engine.loaders import Part

CLOSE = 1e-3  # of the largest score: what two ways of adding up may differ


def check_causal(graph: Graph, model: fx.GraphModule, part: Part) -> None:
    """StudioError where what comes later in a text changes what is said before it.

    It would learn to copy, and know nothing once it writes by itself. Found with one row, since
    any layer may look ahead. Takes no random numbers.
    """
    written = written_count(graph)
    if not written or not len(part):
        return
    inputs = part.take(torch.zeros(1, dtype=torch.int64, device=part.device))
    begun = inputs[-1]
    middle = begun.shape[1] // 2
    later = torch.arange(begun.shape[1], device=begun.device) >= middle
    changed = torch.where(later, (begun + 4) % 5 + 1, begun)
    was_training = model.training
    model.eval()
    with torch.inference_mode():
        first: Tensor = model(*inputs)
        second: Tensor = model(*inputs[:-written], *[changed] * written)
    model.train(was_training)
    gap = (first - second)[:, :middle].abs().amax() if middle else torch.zeros(())
    if float(gap) > CLOSE * max(1.0, float(first.abs().amax())):
        raise refuse(
            tr("The network sees what it is to write: later words change what it says before."),
            tr(
                "Use layers that only look back behind the Input of what was written so far: an "
                "LSTM in one direction, attention with the causal switch on."
            ),
            place=Place("project", "graph"),
            code="looks-ahead",
        )
