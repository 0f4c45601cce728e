"""Preflight: one real batch through the network and back, before a run: time, memory, refusals."""

import statistics
import time
from contextlib import closing
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor, fx
from typing_extensions import override

from studio.core.design.effective import Effective, effective_project, unrolled
from studio.core.design.graph import Graph
from studio.core.design.lifting import lifted_problem
from studio.core.design.project import Project
from studio.core.patience import go_on
from studio.core.problems import Fix, Place, Problem
from studio.core.run.rehearsal import NodeCost, Rehearsal
from studio.core.words import tr
from studio.data.arrays import Arrays, Fitted
from studio.engine.backbone_folder import begin_pretrained
from studio.engine.build import node_of_part, node_parts
from studio.engine.devices import CPU, CUDA, devices, random_states, set_random_states
from studio.engine.given import as_tuple
from studio.engine.judging import answered
from studio.engine.loaders import Batch
from studio.engine.run_state import RunState
from studio.engine.trainer import memory_told

PASSES_TIMED = 3
STEPS_TIMED = 4  # after one that warms up
LONGEST = 4.0  # seconds, then what was timed has to do


def rehearse(project: Project, arrays: Arrays, fitted: Fitted) -> Rehearsal:
    """What a run would take, from a few steps on its first batches; nothing of them is kept.

    Torch's random numbers stand afterwards where they stood. StudioError where memory is full.
    """
    states = random_states(torch.device(CPU))
    try:
        with memory_told():
            found = _rehearsed(effective_project(project), arrays, fitted)
            return _of_drawn(found, unrolled(project.graph))
    finally:
        set_random_states(torch.device(CPU), states)


def _of_drawn(found: Rehearsal, network: Effective) -> Rehearsal:
    """The same told of the nodes that are drawn: what all copies of one take together."""
    nodes: dict[str, NodeCost] = {}
    for node_id, cost in found.nodes.items():
        drawn = network.origin(node_id).node
        known = nodes.get(drawn, NodeCost(0.0, 0))
        nodes[drawn] = NodeCost(known.seconds + cost.seconds, known.bytes + cost.bytes)
    problems = tuple(lifted_problem(problem, network) for problem in found.problems)
    return replace(found, nodes=nodes, problems=problems)


def _rehearsed(project: Project, arrays: Arrays, fitted: Fitted) -> Rehearsal:
    fitted = answered(project, fitted)
    few = _few(arrays, project.training.batch_size * (STEPS_TIMED + 1))
    state = RunState(project, few, fitted)
    begin_pretrained(node_parts(project.graph, state.model))
    state.begin_epoch()
    batches = _batches(state)
    size = state.batches.batch_size
    rows = len(arrays.parts["training"])
    device = next(one.title for one in devices() if one.key == state.device.type)
    found = Rehearsal(device, size, -(-rows // size))
    nodes, problem = _node_by_node(state, batches[0])
    if problem is not None:
        return replace(found, problems=(problem,))
    memory, loss = _memory(state, batches[0])
    forward, whole = _timed(state, batches)
    tested = len(arrays.parts["validation"])
    an_epoch = whole * found.steps + forward * (tested / size)
    return replace(
        found,
        seconds_forward=forward,
        seconds_a_step=whole,
        seconds_an_epoch=an_epoch,
        memory=memory,
        loss=loss,
        nodes=nodes,
    )


def _few(arrays: Arrays, most: int) -> Arrays:
    """The first rows of the training part alone: the others would only be waited for."""
    parts = {name: rows[: most if name == "training" else 0] for name, rows in arrays.parts.items()}
    return replace(arrays, parts=parts)


def _batches(state: RunState) -> list[Batch]:
    order = state.batches.order(1)
    with closing(state.batches.blocks(1, order)) as blocks:
        return [batch for block in blocks for batch in block]


def _node_by_node(state: RunState, batch: Batch) -> tuple[dict[str, NodeCost], Problem | None]:
    """What each node takes; the first that the device refuses to run, forward or back."""
    watch = _Watch(state.model, state.device)
    *inputs, target = batch
    try:
        loss = state.loss.forward(watch.run(*inputs), target)
        loss.backward()
        for _ in range(PASSES_TIMED):  # the first one paid for what torch gets ready
            watch.start()
            watch.run(*inputs)
    except (RuntimeError, TypeError, ValueError) as reason:
        if isinstance(reason, torch.OutOfMemoryError) or "allocate memory" in str(reason):
            raise
        return {}, _cannot_run(state, watch.now, reason)
    finally:
        state.stepper.clear()
    by_node = {}
    for name, cost in watch.best.items():
        node = node_of_part(state.project.graph, name)
        if node is not None:
            by_node[node.id] = cost
    return by_node, None


def _cannot_run(state: RunState, part: str, reason: Exception) -> Problem:
    graph: Graph = state.project.graph
    node = node_of_part(graph, part) if part else None
    name = node.name if node else tr("The way back")
    fix = None
    if state.device.type != CPU:
        fix = Fix("set_training", tr("Train on the processor"), {"key": "device", "value": CPU})
    return Problem(
        tr("This device cannot run {name}.", name=name),
        tr("Choose another device, or another layer in its place."),
        place=Place("node", node.id) if node else Place("field", "device"),
        code="device-cannot",
        fix=fix,
        detail=str(reason),
    )


def _memory(state: RunState, batch: Batch) -> tuple[int, float]:
    """Bytes that a step holds at its fullest, and the loss of the first batch.

    On CUDA as its allocator counted; elsewhere weights, slopes and what the optimizer remembers
    by their sizes, and what autograd kept by asking it.
    """
    if state.device.type == CUDA:
        torch.cuda.reset_peak_memory_stats(state.device)
    kept: dict[int, int] = {}

    def keep(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        kept[storage.data_ptr()] = storage.nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        loss = _step(state, batch)[1]
    own = {p.untyped_storage().data_ptr() for p in state.model.parameters()}
    if state.device.type == CUDA:
        return int(torch.cuda.max_memory_allocated(state.device)), loss
    weights = _bytes(state.model.state_dict().values())
    slopes = _bytes(p.grad for p in state.model.parameters() if p.grad is not None)
    remembered = _bytes(state.stepper.state().values())
    activations = sum(size for place, size in kept.items() if place not in own)
    return weights + slopes + remembered + activations, loss


def _bytes(tensors: Any) -> int:  # noqa: ANN401 - any run of tensors
    return sum(tensor.numel() * tensor.element_size() for tensor in tensors)


def _timed(state: RunState, batches: list[Batch]) -> tuple[float, float]:
    """The middle seconds of a pass forward, and of a whole step."""
    forwards, steps, began = [], [], time.perf_counter()
    for batch in (batches * STEPS_TIMED)[:STEPS_TIMED]:
        forward, _loss, whole = _step(state, batch)
        forwards.append(forward)
        steps.append(whole)
        go_on()
        if time.perf_counter() - began > LONGEST:
            break
    return statistics.median(forwards), statistics.median(steps)


def _step(state: RunState, batch: Batch) -> tuple[float, float, float]:
    """One step as the trainer takes it: seconds forward, the loss, seconds in all."""
    forward, loss_of, take_step = state.stepper.ways(state.loss.forward)
    *inputs, target = batch
    began = _clock(state.device)
    output = forward(*inputs)
    between = _clock(state.device)
    loss = loss_of(output, target)
    state.stepper.clear()
    loss.backward()
    take_step()
    ended = _clock(state.device)
    return between - began, float(loss.detach()), ended - began


def _clock(device: torch.device) -> float:
    """The time once the device has done what it was given."""
    if device.type == CUDA:
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()
    return time.perf_counter()


class _Watch(fx.Interpreter):
    """Runs a model part by part and takes the time of each; `now` is the part at work.

    `best` holds the shortest of each: whatever else the machine does only adds to it.
    """

    def __init__(self, model: fx.GraphModule, device: torch.device) -> None:
        super().__init__(model)
        self._passes: list[dict[str, NodeCost]] = [{}]
        self.now = ""
        self._device = device

    def start(self) -> None:
        """The next pass is timed on its own."""
        self._passes.append({})

    @property
    def best(self) -> dict[str, NodeCost]:
        """What each part took at its fastest."""
        timed = self._passes[1:]
        return {name: min((one[name] for one in timed), key=_seconds) for name in timed[0]}

    @override
    def run_node(self, n: fx.Node) -> object:
        if n.op != "call_module":
            return super().run_node(n)
        go_on()
        self.now = str(n.target)
        began = _clock(self._device)
        result = super().run_node(n)
        seconds = _clock(self._device) - began
        costs = self._passes[-1]
        known = costs.get(self.now, NodeCost(0.0, 0))  # a shared part is called again
        costs[self.now] = NodeCost(known.seconds + seconds, known.bytes + _bytes(as_tuple(result)))
        self.now = ""
        return result


def _seconds(cost: NodeCost) -> float:
    return cost.seconds
