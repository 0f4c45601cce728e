"""Learning: how the weights of one node begin, change, or are those of another node."""

from dataclasses import dataclass, field
from types import MappingProxyType

from studio.core.catalogue.initializations import DEFAULT
from studio.core.params import Values, number


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
PENALTIES = (
    number(
        "l1",
        "L1 decay",
        0.0,
        at_least=0.0,
        at_most=1000.0,
        help="Adds the sizes of the weights to the loss, times this: pushes weights that are of "
        "no use to exactly 0. Try 0.0001.",
    ),
    number(
        "l2",
        "L2 decay",
        0.0,
        at_least=0.0,
        at_most=1000.0,
        help="Adds half the squares of the weights to the loss, times this: keeps all of them "
        "small. Try 0.001.",
    ),
)
