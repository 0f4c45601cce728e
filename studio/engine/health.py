"""Health: looks at the nodes of a network while it learns, seldom enough to cost next to nothing.

The first look is after the first step: what is wrong from the start is told at the start.
Gradients are those that the latest step left. What nodes give is seen on some rows of the
training part, in a pass of its own that leaves weights, statistics and random numbers as they are.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from time import perf_counter

import torch
from torch import Tensor, fx, nn
from typing_extensions import override

from studio.core.design.effective import Effective
from studio.core.run.events import HealthSeen, NodeHealth
from studio.engine.build import part_name
from studio.engine.devices import random_states, set_random_states
from studio.engine.loaders import Inputs
from studio.engine.run_state import RunState

MOST_ROWS = 64
LEAST_GAP = 1.0  # seconds between two looks
SHARE = 0.015  # of the time that looking may take
SPREAD = 0.01  # of the run so far between two looks: a long run has hundreds, not thousands
NEAR = 0.02  # of the way from end to end: so close to one a value is saturated
_MAPS = 4  # axes of a batch of pictures
_WEIGHTS_OF_CONVOLUTION = 3  # axes, at least
_RECTIFIERS = (nn.ReLU, nn.ReLU6)
_ENDS: Mapping[type[nn.Module], tuple[float, float]] = {
    nn.Sigmoid: (0.0, 1.0),
    nn.Hardsigmoid: (0.0, 1.0),
    nn.Tanh: (-1.0, 1.0),
    nn.Softsign: (-1.0, 1.0),
}
_NOTHING = NodeHealth()


class HealthWatch:
    """Looks at a run's nodes when it is time, for a hundredth of the time that the run takes."""

    def __init__(self, state: RunState, network: Effective) -> None:
        self._state = state
        self._drawn = {part_name(i): network.origin(i).node for i in network.graph.nodes}
        self._inputs: Inputs | None = None
        self._began = self._next = perf_counter()

    @property
    def is_waiting(self) -> bool:
        """True until the first look: it is to be after the very next step."""
        return self._inputs is None

    def due(self) -> Iterator[HealthSeen]:
        """How the nodes are after the latest step, where it is time for a look; else nothing."""
        now = perf_counter()
        if now < self._next:
            return
        facts, nodes = self._state.facts, self.look()
        ended = perf_counter()
        gap = max(LEAST_GAP, (ended - now) / SHARE, SPREAD * (ended - self._began))
        self._next = ended + gap
        yield HealthSeen(facts.epoch, facts.step, nodes)

    def look(self) -> dict[str, NodeHealth]:
        """How the nodes are now, whatever the time."""
        model, found = self._state.model, dict[str, NodeHealth]()
        given = self._given()
        for name, part in model.named_children():
            learnt = _learning_of(part)
            health = given.get(name, _NOTHING)
            if learnt is not None:
                fault = learnt.fault or health.fault
                health = replace(health, slope=learnt.slope, fault=fault)
            drawn = self._drawn.get(name)
            if drawn is not None and health != _NOTHING:
                found[drawn] = _worse(found.get(drawn, _NOTHING), health)
        return found

    def _given(self) -> Mapping[str, NodeHealth]:
        """What the nodes gave for the rows that are looked at, each time the same ones."""
        state = self._state
        if self._inputs is None:
            part = state.parts.training
            most = min(MOST_ROWS, state.batches.batch_size, len(part))
            self._inputs = part.take(torch.arange(most, device=part.device))
        watch = _Watch(state.model)
        with _undisturbed(state), torch.no_grad():
            watch.run(*self._inputs)
        return watch.seen


class _Watch(fx.Interpreter):
    """Runs a model part by part and looks at what each gives."""

    def __init__(self, model: fx.GraphModule) -> None:
        super().__init__(model)
        self.seen: dict[str, NodeHealth] = {}
        self._is_broken = False

    @override
    def run_node(self, n: fx.Node) -> object:
        result = super().run_node(n)
        if n.op == "call_module" and isinstance(result, Tensor) and result.is_floating_point():
            self._see(n, result.detach())
        return result

    def _see(self, n: fx.Node, value: Tensor) -> None:
        if not self._is_broken and not bool(torch.isfinite(value).all()):
            self._is_broken = True  # what follows has it from there
            self.seen[str(n.target)] = NodeHealth(fault="values")
            return
        part = self.fetch_attr(str(n.target))
        if isinstance(part, _RECTIFIERS):
            dead = _dead_share(value, is_mapped=self._is_mapped(n, value))
            self.seen[str(n.target)] = NodeHealth(dead=_short(dead))
        ends = _ENDS.get(type(part))
        if ends is not None:
            self.seen[str(n.target)] = NodeHealth(saturated=_short(_share_at(value, *ends)))

    def _is_mapped(self, n: fx.Node, value: Tensor) -> bool:
        """True where the channels come first: behind a convolution, not behind a Linear."""
        if value.dim() >= _MAPS:
            return True
        before: object = n.args[0] if n.args else None
        while isinstance(before, fx.Node) and before.op == "call_module":
            weight = getattr(self.fetch_attr(str(before.target)), "weight", None)
            if isinstance(weight, Tensor) and weight.dim() > 1:
                return weight.dim() >= _WEIGHTS_OF_CONVOLUTION
            before = before.args[0] if before.args else None
        return False


def _dead_share(value: Tensor, *, is_mapped: bool) -> float:
    """The share of units that are 0 in every row and at every place."""
    units = value.movedim(1 if is_mapped else -1, 0).flatten(1)
    return float((units == 0).all(dim=1).float().mean())


def _share_at(value: Tensor, low: float, high: float) -> float:
    """The share of values close to one of the ends."""
    near = NEAR * (high - low)
    return float(((value < low + near) | (value > high - near)).float().mean())


def _learning_of(part: nn.Module) -> NodeHealth | None:
    """The gradient of a part beside its weights; None where nothing of it learns."""
    learnt = [p for p in part.parameters() if p.requires_grad and p.grad is not None]
    if not learnt:
        return None
    slopes = torch.stack([_length(p.grad) for p in learnt if p.grad is not None]).norm()
    weights = torch.stack([_length(p.detach()) for p in learnt]).norm()
    slope, weight = torch.stack((slopes, weights)).tolist()  # one wait for the device
    if not _is_number(weight):
        return NodeHealth(fault="weights")
    if not _is_number(slope):
        return NodeHealth(fault="slopes")
    return NodeHealth(slope=_short(slope / weight) if weight > 0 else None)


def _length(tensor: Tensor) -> Tensor:
    length: Tensor = torch.linalg.vector_norm(tensor.detach(), dtype=torch.float32)
    return length


def _is_number(value: float) -> bool:
    return value - value == 0.0


def _short(value: float) -> float:
    """Three digits say enough, and keep the archive small."""
    return float(f"{value:.3g}")


def _worse(one: NodeHealth, other: NodeHealth) -> NodeHealth:
    """What is told of a node that is repeated: the copy that learns least, and the worst shares."""
    if one is _NOTHING:
        return other
    slopes = [s for s in (one.slope, other.slope) if s is not None]
    return NodeHealth(
        min(slopes, default=None),
        _most(one.dead, other.dead),
        _most(one.saturated, other.saturated),
        one.fault or other.fault,
    )


def _most(one: float | None, other: float | None) -> float | None:
    return max((value for value in (one, other) if value is not None), default=None)


@contextmanager
def _undisturbed(state: RunState) -> Iterator[None]:
    """Answers as the network would now, and leaves it to learn on as if nothing had been asked."""
    learning = [part for part in state.model.modules() if part.training]
    random = random_states(state.device)
    for part in learning:
        part.training = False
    try:
        yield
    finally:
        for part in learning:
            part.training = True
        set_random_states(state.device, random)
