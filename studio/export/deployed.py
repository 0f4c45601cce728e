"""Deployed: preparation, model and decoding as one module that takes raw values and gives answers.

Section 3 of the contract says what goes in and what comes out. The module runs on the
processor, in evaluation mode, and carries no gradients.
"""

import ctypes
import hashlib
import keyword
import re
from collections.abc import Iterable
from pathlib import Path

from torch import fx, nn

from studio.core.design.project import Project
from studio.data.arrays import Fitted
from studio.engine.predict import Predictor
from studio.export.raw_inputs import raw_input

RAW = "raw"  # what the parts that take raw batches are called, with their number


def deployed(project: Project, fitted: Fitted, folder: Path) -> fx.GraphModule:
    """The best weights in a run's folder, made ready to stand alone.

    It takes a tensor for each of `fitted.inputs`, in their order.
    """
    predictor = Predictor(project, fitted, folder)
    parts: dict[str, nn.Module] = {
        f"{RAW}_{place}": raw_input(known.input) for place, known in enumerate(fitted.inputs)
    }
    for place, part in enumerate(predictor.preparation.parts):
        parts[f"preparation_{place}"] = part
    parts["network"], parts["decoding"] = predictor.model, predictor.decoding
    names = argument_names(known.input.name for known in fitted.inputs)
    module = fx.GraphModule(
        parts, _drawn(names, predictor.preparation.takes), class_name="Deployed"
    )
    return module.requires_grad_(False).eval()


def argument_names(names: Iterable[str]) -> tuple[str, ...]:
    """For each input the name of its argument: a word of Python, and each another one."""
    found: list[str] = []
    for name in names:
        word = re.sub(r"\W", "_", name, flags=re.ASCII).strip("_") or "input"
        word = f"input_{word}" if not word.isidentifier() or keyword.iskeyword(word) else word
        found.append(word if word not in found else f"{word}_{len(found)}")
    return tuple(found)


def weights_digest(module: nn.Module) -> str:
    """The sha256 of every tensor's name and bytes, in the order of their names.

    The fresh process of the proof works it out again from the file.
    """
    state = module.state_dict()
    found = hashlib.sha256()
    for name in sorted(state):
        tensor = state[name].detach().cpu().contiguous()
        found.update(name.encode("utf-8"))
        found.update(ctypes.string_at(tensor.data_ptr(), tensor.nbytes) if tensor.nbytes else b"")
    return found.hexdigest()


def _drawn(names: tuple[str, ...], takes: list[int]) -> fx.Graph:
    graph = fx.Graph()
    given = [graph.placeholder(name) for name in names]
    raws = [graph.call_module(f"{RAW}_{place}", (raw,)) for place, raw in enumerate(given)]
    prepared = tuple(
        graph.call_module(f"preparation_{place}", (raws[taken],))
        for place, taken in enumerate(takes)
    )
    graph.output(graph.call_module("decoding", (graph.call_module("network", prepared),)))
    return graph
