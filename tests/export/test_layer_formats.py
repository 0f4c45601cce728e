"""Every layer leaves as ONNX and as an exported program, or says beforehand that it cannot.

An export costs a second whatever its size, so that many layers leave in one network, each in a
branch of its own. Where that fails, the network is halved until the layer is found.
"""

import io
from dataclasses import dataclass
from functools import lru_cache

import onnxruntime
import pytest
import torch
from torch import Tensor, fx

from studio.core.catalogue import LAYERS
from studio.core.catalogue.entry import LayerCall
from studio.core.catalogue.formats import FORMATS
from studio.core.problems import StudioError
from studio.export.captured import REFUSALS, captured, silenced
from studio.export.onnx_file import opset_of, written
from studio.export.source import code_of
from tests.calls import is_many, placed_at_ports
from tests.engine.test_contract import REAL_CALLS, _inputs, _module

TOGETHER = 40
OPSET = 18
CLOSE = 1e-5


@dataclass(frozen=True, eq=False)
class Branch:
    name: str
    layer: str
    call: LayerCall


BRANCHES = [Branch(case.id.replace("-", "_"), *case.values) for case in REAL_CALLS]


def network(branches) -> fx.GraphModule:
    """All of them side by side; the answers are a tuple."""
    torch.manual_seed(5)
    graph, parts, answers = fx.Graph(), {}, []
    names = {branch.name: inputs_of(branch) for branch in branches}
    places = {name: graph.placeholder(name) for group in names.values() for name in group}
    for branch in branches:
        given = [places[name] for name in names[branch.name]]
        takes = (given,) if is_many(branch.layer) else tuple(placed_at_ports(branch.call, given))
        parts[branch.name] = _module(branch.layer, branch.call)
        answers.append(graph.call_module(branch.name, takes))
    graph.output(tuple(answers))
    return fx.GraphModule(parts, graph).requires_grad_(False).eval()


def inputs_of(branch):
    return [f"{branch.name}_{place}" for place in range(len(branch.call.inputs))]


def rows_of(branches, batch) -> tuple[Tensor, ...]:
    torch.manual_seed(batch)
    return tuple(tensor for branch in branches for tensor in _inputs(branch.call, batch))


@lru_cache(maxsize=1)
def program_of(branches):
    rows = rows_of(branches, 2)
    with silenced():
        return captured(network(branches), rows, ["table"] * len(rows))


def onnx_of(branches):
    names = [name for branch in branches for name in inputs_of(branch)]
    answers = [f"{branch.name}_answer" for branch in branches]
    data = written(program_of(branches), names, answers, OPSET)
    assert opset_of(data) == OPSET
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])

    def ask(rows):
        given = {name: row.numpy() for name, row in zip(names, rows, strict=True)}
        wanted = {one.name for one in session.get_inputs()}
        found = session.run(None, {name: row for name, row in given.items() if name in wanted})
        return [torch.from_numpy(one) for one in found]

    return ask


def pt2_of(branches):
    buffer = io.BytesIO()
    with silenced():
        torch.export.save(program_of(branches), buffer)
        buffer.seek(0)
        again = torch.export.load(buffer).module()
    return lambda given: again(*given)


def source_of(branches):
    """The code stands alone; its names are those of the network's parts."""
    asked = network(branches)
    known = {"__file__": "model.py"}
    exec(compile(code_of(asked, "Layers."), "model.py", "exec"), known)  # noqa: S102 - our own
    made = known["GraphModule"]()
    made.load_state_dict(asked.state_dict())
    return lambda rows: made.requires_grad_(False).eval()(*rows)


def faults_of(branches, make):
    """What each layer says that this format does not carry as it is."""
    try:
        ask = make(branches)
        pairs = [(ask(rows), network(branches)(*rows)) for rows in map_rows(branches)]
    except (*REFUSALS, StudioError, onnxruntime.capi.onnxruntime_pybind11_state.Fail) as reason:
        if len(branches) == 1:
            detail = reason.problem.detail if isinstance(reason, StudioError) else str(reason)
            return {branches[0].name: detail.strip().split("\n")[-1][:300]}
        half = len(branches) // 2
        return faults_of(branches[:half], make) | faults_of(branches[half:], make)
    found = {}
    for got, wanted in pairs:
        for branch, one, other in zip(branches, got, wanted, strict=True):
            if one.shape != other.shape or not torch.allclose(one, other, rtol=CLOSE, atol=CLOSE):
                found[branch.name] = f"{tuple(one.shape)} {tuple(other.shape)}"
    return found


def map_rows(branches):
    return [rows_of(branches, batch) for batch in (1, 2, 5)]


MAKERS = {"onnx": onnx_of, "pt2": pt2_of, "source": source_of}
FIRST = [*{branch.layer: branch for branch in reversed(BRANCHES)}.values()]
FURTHER = [branch for branch in BRANCHES if branch not in FIRST]
GROUPS = [
    pytest.param(tuple(cases[at : at + TOGETHER]), key, id=f"{name}-{at}-{key}", marks=marks)
    for name, cases, marks in (("first", FIRST, ()), ("further", FURTHER, (pytest.mark.slow,)))
    for at in range(0, len(cases), TOGETHER)
    for key in MAKERS
]
CANNOT = [
    (key, branch)
    for key in MAKERS
    for branch in {one.layer: one for one in BRANCHES if key in LAYERS[one.layer].cannot}.values()
]


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("branches", "key"), GROUPS)
def test_layers_leave_and_answer_the_same(branches, key):
    carried = tuple(one for one in branches if key not in LAYERS[one.layer].cannot)
    assert faults_of(carried, MAKERS[key]) == {}


def test_what_a_format_cannot_carry_it_truly_cannot():
    """A layer that can leave must not be refused."""
    refused = [(key, branch.layer) for key, branch in CANNOT if faults_of((branch,), MAKERS[key])]
    assert refused == [(key, branch.layer) for key, branch in CANNOT]


def test_formats_that_are_named_are_there_and_say_why():
    named = {key for entry in LAYERS.values() for key in entry.cannot}
    assert named <= set(FORMATS)
    assert all(FORMATS[key].why for key in named)
