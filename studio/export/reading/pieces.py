"""Pieces: what is left of a module of torch in a program: its weights, and the calls it made."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from torch import Tensor, fx, nn

from studio.export.reading.stacks import stands_in
from studio.export.reading.traced import name_of


@dataclass(frozen=True, slots=True)
class Pieces:
    """What is left of a module at `path`: its weights by their names in it, and its calls.

    `seen` is what each call gave when it ran.
    """

    path: str
    weights: Mapping[str, Tensor]
    calls: tuple[fx.Node, ...]
    seen: Mapping[fx.Node, object]

    def inner(self, name: str) -> "Pieces":
        """Those of a module in it."""
        path = f"{self.path}.{name}"
        start = f"{name}."
        weights = {k.removeprefix(start): v for k, v in self.weights.items() if k.startswith(start)}
        calls = tuple(one for one in self.calls if stands_in(one, path))
        return Pieces(path, weights, calls, self.seen)

    def first(self, *names: str) -> fx.Node | None:
        """The first call of these."""
        return next((one for one in self.calls if name_of(one) in names), None)

    def has(self, name: str) -> bool:
        """Whether there is a weight of that name."""
        return name in self.weights

    def sizes(self, name: str) -> tuple[int, ...]:
        """The sizes of a weight."""
        return tuple(self.weights[name].shape)


# Modules that they may have been; whatever torch raises means that they were none such.
Maker = Callable[[Pieces], Iterator[nn.Module]]
