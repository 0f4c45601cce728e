"""Stepper: how the weights are moved after each batch, chosen once and not asked in each step."""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, fx, nn
from torch.optim import Optimizer

from studio.core.catalogue import OPTIMIZERS
from studio.core.design.training import TrainingSpec
from studio.engine.devices import random_states, set_random_states
from studio.engine.node_learning import Penalty
from studio.engine.optimizer_state import captured, restored
from studio.engine.optimizers import optimizers_of
from studio.engine.schedule import Schedule, Watched
from studio.engine.ways import Form, Forms, Forward

Action = Callable[[], object]


class Stepper:
    """The optimizer of a run with what goes along: schedule, clipping, penalties.

    `ways` gives the three functions of a step. The plain case is torch's own functions, so
    nothing is added to it. `form` is how the model is computed, one of those of `forms`.
    """

    def __init__(
        self,
        training: TrainingSpec,
        model: fx.GraphModule,
        device: torch.device,
        penalties: Sequence[Penalty] = (),
    ) -> None:
        self.optimizers: tuple[Optimizer, ...] = optimizers_of(training, model, device)
        self.schedule = Schedule(training, 1)
        self._training, self._model, self._device = training, model, device
        self.forms = Forms(model, device)
        self.form: Form = self.forms.usual
        self._penalties = tuple(penalties)
        self._looks_again = OPTIMIZERS[training.optimizer].looks_again
        self._next = 0

    def start(self, steps_each: int) -> None:
        """Learns how many steps an epoch has; goes to the first step."""
        watched = self.schedule.watched
        self.schedule = Schedule(self._training, steps_each)
        self.schedule.watched = watched
        self.go_to(0)

    def go_to(self, step: int) -> None:
        """The next step to be taken is that one of the whole run, from 0."""
        self._next = step
        self._set_rate()

    def ways(self, loss_of: Forward) -> tuple[Forward, Forward, Action]:
        """Forward, loss and step for the loop; the gradient is cleared before each backward."""
        forward = self.forms.forward(self.form)
        if not self._looks_again:
            return forward, loss_of, self._in_one(tuple(o.step for o in self.optimizers))
        again = _Again(self, forward, loss_of)
        return again.forward, again.loss, self._in_one((again.step,))

    def add_penalties(self) -> None:
        """Adds the slopes of the penalties to the gradient."""
        for penalty in self._penalties:
            penalty.add_slope()

    def penalty(self) -> float:
        """What the penalties add to the loss."""
        return sum(penalty.size() for penalty in self._penalties)

    def state(self) -> dict[str, Tensor]:
        """What the optimizers remember, as tensors."""
        return captured(self.optimizers)

    def restore(self, tensors: dict[str, Tensor], watched: Watched) -> None:
        """Puts back what was remembered."""
        restored(self.optimizers, tensors)
        self.schedule.watched = watched

    def random_states(self) -> dict[str, Tensor]:
        """Those of the device, which a batch that is looked at again has again."""
        return random_states(self._device)

    def set_random_states(self, states: dict[str, Tensor]) -> None:
        """Puts those back."""
        set_random_states(self._device, states)

    def clear(self) -> None:
        """Forgets the gradient."""
        self._model.zero_grad(set_to_none=True)

    def _in_one(self, steps: tuple[Action, ...]) -> Action:
        """One function that does all that a step needs: the optimizer's own where that is all."""
        actions: list[Action] = []
        if self._penalties:
            actions.append(self.add_penalties)
        if self._training.clip and not self._looks_again:
            actions.append(self._clip())
        actions.extend(steps)
        if self.schedule.moves_each_step:
            actions.append(self._move_on)
        if len(actions) == 1:
            return actions[0]

        def take_step() -> None:
            for action in actions:
                action()

        return take_step

    def _clip(self) -> Action:
        learnt = [p for p in self._model.parameters() if p.requires_grad]
        most = self._training.clip
        return lambda: nn.utils.clip_grad_norm_(learnt, most)

    def _move_on(self) -> None:
        self._next += 1
        self._set_rate()

    def _set_rate(self) -> None:
        rate = self.schedule.rate(self._next)
        for optimizer in self.optimizers:
            for group in optimizer.param_groups:
                group["lr"] = rate


class _Again:
    """For an optimizer that looks at a batch several times: remembers the batch of the step.

    Each look draws the same random numbers, or what it compares would differ by chance.
    """

    def __init__(self, stepper: Stepper, forward: Forward, loss_of: Forward) -> None:
        self._stepper, self._forward, self._loss_of = stepper, forward, loss_of
        self._random: dict[str, Tensor] = {}
        self._inputs: tuple[Tensor, ...] = ()
        self._targets: object = ()
        self._first: Tensor | None = None

    def forward(self, *inputs: Tensor) -> Any:  # noqa: ANN401 - one tensor, or several
        """The model's answer; keeps what it was asked."""
        self._random = self._stepper.random_states()
        self._inputs = inputs
        return self._forward(*inputs)

    def loss(self, output: Any, targets: Any) -> Tensor:  # noqa: ANN401 - one tensor, or several
        """The loss; keeps what it compared with."""
        self._targets = targets
        loss: Tensor = self._loss_of(output, targets)
        self._first = loss
        return loss

    def step(self) -> None:
        """One step of the optimizer, which looks as often as it wants."""
        for optimizer in self._stepper.optimizers:
            optimizer.step(self._look)

    def _look(self) -> float:
        """The loss of the batch, with its gradient left in place."""
        if self._first is not None:  # the look that the loop itself has taken
            first, self._first = float(self._first.detach()), None
            return first + self._stepper.penalty()
        with torch.enable_grad():
            self._stepper.set_random_states(self._random)
            self._stepper.clear()
            loss = self._loss_of(self._forward(*self._inputs), self._targets)
            loss.backward()
        self._stepper.add_penalties()
        return float(loss.detach()) + self._stepper.penalty()
