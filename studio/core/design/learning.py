"""Learning: how the weights of one node begin, change, or are those of another node."""

from dataclasses import dataclass, field
from types import MappingProxyType

from studio.core.catalogue.initializations import DEFAULT
from studio.core.params import Values


@dataclass(frozen=True, slots=True)
class Learning:
    """What a person set for the weights of one node.

    `start` is a key of INITIALIZATIONS; a frozen node keeps its weights, and its running
    figures, as they are. `l1` and `l2` are added to the loss, times the sum of the sizes
    or of half the squares of its weights. `shares` is the id of the node whose weights
    these are ("" where they are its own): then all the rest is set there.
    """

    start: str = DEFAULT
    start_params: Values = field(default_factory=lambda: MappingProxyType({}))
    is_frozen: bool = False
    l1: float = 0.0
    l2: float = 0.0
    shares: str = ""

    @property
    def is_plain(self) -> bool:
        """True where nothing was set."""
        return self == PLAIN


PLAIN = Learning()
