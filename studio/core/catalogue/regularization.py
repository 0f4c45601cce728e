"""Layers that keep a network from learning by heart: the dropout family."""

from studio.core.catalogue.entry import LayerCall, LayerEntry, passed
from studio.core.catalogue.expectations import wrong_rank
from studio.core.params import number
from studio.core.problems import Problem
from studio.core.shapes import Shape
from studio.core.words import tr

CHANNEL_DROPOUTS = {2: "Dropout1d", 3: "Dropout2d", 4: "Dropout3d"}
SHARE = number(
    "p",
    "Share",
    0.5,
    at_least=0.0,
    at_most=0.95,
    help="How much to leave out: 0.5 is half.",
)


def _channels(call: LayerCall) -> Shape | Problem:
    if len(call.shape) in CHANNEL_DROPOUTS:
        return call.shape
    wanted = tr("channels of a series, an image or a clip")
    return wrong_rank(call, wanted, (*call.shape, 1) if len(call.shape) == 1 else None)


def _channel_dropout_torch(call: LayerCall) -> str:
    return CHANNEL_DROPOUTS.get(len(call.shape), "Dropout2d")


DROPOUT = LayerEntry(
    key="dropout",
    title="Dropout",
    family="regularization",
    help="Leaves out some numbers at random while training, none afterwards. "
    "Use it where training goes better than validation.",
    params=(SHARE,),
    arguments=passed("p"),
    torch="Dropout",
    badge="share {p}",
)
CHANNEL_DROPOUT = LayerEntry(
    key="channel_dropout",
    title="Channel dropout",
    family="regularization",
    help="Leaves out whole channels of a series, an image or a clip at random while training, "
    "none afterwards. Use it after a Convolution, where neighbours say nearly the same.",
    params=(SHARE,),
    shape=_channels,
    arguments=passed("p"),
    torch="Dropout2d",
    torch_for=_channel_dropout_torch,
    badge="share {p}",
)
ALPHA_DROPOUT = LayerEntry(
    key="alpha_dropout",
    title="Alpha dropout",
    family="regularization",
    help="A Dropout that leaves mean and spread as they are. "
    "Use it after a SELU, which needs that.",
    params=(SHARE,),
    arguments=passed("p"),
    torch="AlphaDropout",
    badge="share {p}",
)
FEATURE_ALPHA_DROPOUT = LayerEntry(
    key="feature_alpha_dropout",
    title="Channel alpha dropout",
    family="regularization",
    help="Leaves out whole channels, and leaves mean and spread as they are. "
    "Use it after a Convolution with a SELU.",
    params=(SHARE,),
    shape=_channels,
    arguments=passed("p"),
    torch="FeatureAlphaDropout",
    badge="share {p}",
)

ENTRIES = (DROPOUT, CHANNEL_DROPOUT, ALPHA_DROPOUT, FEATURE_ALPHA_DROPOUT)
