"""Deployed: preparation, model and decoding as one module that takes raw values and gives answers.

Section 3 of the contract says what goes in and what comes out. The module runs on the
processor, in evaluation mode, and carries no gradients.
"""

import ctypes
import hashlib
import keyword
import operator
import re
from collections.abc import Callable, Iterable
from pathlib import Path

from torch import fx, nn

from studio.core.design.features import ModelInput
from studio.core.design.project import Project
from studio.data.arrays import Fitted
from studio.engine.predict import Predictor
from studio.export.raw_inputs import raw_input

# What the parts that take raw batches, and those that give answers, are called, with a number.
RAW, DECODING = "raw", "decoding"


def deployed(
    project: Project,
    fitted: Fitted,
    folder: Path,
    *,
    takes: Callable[[ModelInput], nn.Module] = raw_input,
) -> fx.GraphModule:
    """The best weights in a run's folder, made ready to stand alone.

    It takes a tensor for each of `fitted.inputs`, in their order, and gives the answer of the
    only output or a tuple of those of all. `takes` makes what is to take each raw batch.
    """
    predictor = Predictor(project, fitted, folder)
    parts: dict[str, nn.Module] = {
        f"{RAW}_{place}": takes(known.input) for place, known in enumerate(fitted.inputs)
    }
    for place, part in enumerate(predictor.preparation.parts):
        parts[f"preparation_{place}"] = part
    parts["network"] = predictor.writer or predictor.model
    for place, part in enumerate(predictor.decodings):
        parts[f"{DECODING}_{place}"] = part
    names = argument_names(known.input.name for known in fitted.inputs)
    takes_list = predictor.writer is not None
    answers = len(predictor.decodings)
    drawn = _drawn(names, predictor.preparation.takes, answers, takes_list=takes_list)
    return fx.GraphModule(parts, drawn, class_name="Deployed").requires_grad_(False).eval()


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


def _drawn(names: tuple[str, ...], takes: list[int], answers: int, *, takes_list: bool) -> fx.Graph:
    graph = fx.Graph()
    given = [graph.placeholder(name) for name in names]
    raws = [graph.call_module(f"{RAW}_{place}", (raw,)) for place, raw in enumerate(given)]
    prepared = tuple(
        graph.call_module(f"preparation_{place}", (raws[taken],))
        for place, taken in enumerate(takes)
    )
    found = graph.call_module("network", (list(prepared),) if takes_list else prepared)
    each = [found]
    if answers > 1:
        each = [graph.call_function(operator.getitem, (found, place)) for place in range(answers)]
    decoded = [graph.call_module(f"{DECODING}_{n}", (one,)) for n, one in enumerate(each)]
    graph.output(decoded[0] if answers == 1 else tuple(decoded))
    return graph
