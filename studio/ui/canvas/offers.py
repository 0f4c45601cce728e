"""What is wanted where a layer is asked for on the canvas, and the layers offered there."""

from dataclasses import dataclass

from studio.core.catalogue.entry import Signal
from studio.core.design.block_fitting import Spot, spot_after, spot_before
from studio.core.design.graph import Edge, Position
from studio.core.design.way import Way
from studio.ui import layer_offers
from studio.ui.canvas.geometry import CARD_HEIGHT, CARD_WIDTH, Port
from studio.ui.layer_offers import Finder, Ground


@dataclass(frozen=True, slots=True)
class Wanted:
    """A layer is wanted here, with its middle at `position`, or its port where it has a `port`.

    `port` is the loose end that it is to be wired to, `signal` what comes out of that end,
    `onto` the edge it is to be put into, `way` where the drawing leads.
    """

    position: Position
    port: Port | None = None
    signal: Signal | None = None
    onto: Edge | None = None
    way: Way = "right"

    @property
    def middle(self) -> Position:
        """Where the middle of the layer's card goes."""
        x, y = self.position
        if self.port is None:
            return x, y
        onward = 1 if self.port.side == "output" else -1
        if self.way == "down":
            return x, y + onward * CARD_HEIGHT / 2
        return x + onward * CARD_WIDTH / 2, y


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


def spot_for(wanted: Wanted, ground: Ground) -> Spot:
    """The same place, for a block."""
    port = wanted.port
    if wanted.onto is not None:
        return spot_after(wanted.signal, leads_on=True)
    if port is None:
        return Spot()
    if port.side == "output":
        return spot_after(wanted.signal)
    return spot_before(ground.graph, port.node, port.index, ground.signals())
