"""What is wanted where a layer is asked for on the canvas, and the layers offered there."""

from dataclasses import dataclass

from studio.core.catalogue.entry import Signal
from studio.core.design.graph import Edge, Position
from studio.ui import layer_offers
from studio.ui.canvas.geometry import CARD_WIDTH, Port
from studio.ui.layer_offers import Finder, Ground


@dataclass(frozen=True, slots=True)
class Wanted:
    """A layer is wanted here, with its middle at `position`, or its port where it has a `port`.

    `port` is the loose end that it is to be wired to, `signal` what comes out of that end,
    `onto` the edge it is to be put into.
    """

    position: Position
    port: Port | None = None
    signal: Signal | None = None
    onto: Edge | None = None

    @property
    def middle(self) -> Position:
        """Where the middle of the layer's card goes."""
        x, y = self.position
        if self.port is None:
            return x, y
        return (x + CARD_WIDTH / 2 if self.port.side == "output" else x - CARD_WIDTH / 2), y


def layers_for(wanted: Wanted, ground: Ground) -> Finder:
    """What the box shows for what is typed, where a layer is wanted."""
    port = wanted.port
    if wanted.onto is not None:
        return layer_offers.between(ground, wanted.onto.source, wanted.onto.target)
    if port is None:
        return layer_offers.anywhere(ground)
    if port.side == "output":
        return layer_offers.after(ground, port.node)
    return layer_offers.before(ground, port.node, port.index)
