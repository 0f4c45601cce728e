"""Layers that keep a network from learning by heart: dropout."""

from studio.core.catalogue.entry import Arguments, LayerCall, LayerEntry
from studio.core.params import number


def _dropout_arguments(call: LayerCall) -> Arguments:
    return {"p": call.values["p"]}


DROPOUT = LayerEntry(
    key="dropout",
    title="Dropout",
    family="regularization",
    help="Leaves out some numbers at random while training, none afterwards. "
    "Use it where training goes better than validation.",
    params=(
        number(
            "p",
            "Share",
            0.5,
            at_least=0.0,
            at_most=0.95,
            help="How much to leave out: 0.5 is half.",
        ),
    ),
    arguments=_dropout_arguments,
    torch="Dropout",
    badge="share {p}",
)

ENTRIES = (DROPOUT,)
