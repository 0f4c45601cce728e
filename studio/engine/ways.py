"""Ways: how the work of a step is laid out in memory and shared among the cores."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch import Tensor, fx, nn

from studio.engine.devices import CPU
from studio.engine.tuning import training_twin

Form = Literal["plain", "channels_last", "blocked"]
Forward = Callable[..., Any]
_PICTURES = 4  # the axes of a batch of pictures


@dataclass(frozen=True, slots=True)
class Way:
    """One way of computing: how pictures lie in memory, and how many threads share the work."""

    form: Form = "plain"
    threads: int = 1


class Forms:
    """The ways a model can be computed with the same weights; the numbers differ by rounding.

    plain is the model as it was built; channels_last the same with the channels of a pixel side
    by side; blocked the twin of `tuning`, some samples at a time.
    """

    def __init__(self, model: fx.GraphModule, device: torch.device) -> None:
        self._model, self._twin = model, training_twin(model, device)
        self._is_here = device.type == CPU

    @property
    def usual(self) -> Form:
        """The one by rule, where nothing was tried."""
        return "blocked" if self._twin is not self._model else "plain"

    @property
    def known(self) -> tuple[Form, ...]:
        """Those that may differ in speed for this model, the usual one first."""
        has_pictures = any(isinstance(part, nn.Conv2d) for part in self._model.modules())
        others: tuple[Form, ...] = ("plain", "channels_last") if has_pictures else ("plain",)
        found = (self.usual, *others) if self._is_here else (self.usual,)
        return tuple(dict.fromkeys(found))

    def forward(self, form: Form) -> Forward:
        """The model computed in that form; a form that it does not have is the usual one."""
        # Without the wrapper that a GraphModule puts round its call: it has no hooks.
        if form == "channels_last":
            return _channels_last(self._model.forward)
        if form == "blocked":
            return self._twin.forward
        return self._model.forward


def _channels_last(forward: Forward) -> Forward:
    def laid_out(*inputs: Tensor) -> Any:  # noqa: ANN401 - one tensor, or several
        return forward(*(_laid(one) for one in inputs))

    return laid_out


def _laid(given: Tensor) -> Tensor:
    if given.dim() != _PICTURES:
        return given
    return given.contiguous(memory_format=torch.channels_last)
