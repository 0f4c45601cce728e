"""Losses, and the tasks that each one fits. The first that fits is the one suggested."""

from studio.core.catalogue.entry import LossEntry
from studio.core.params import number

CROSS_ENTROPY = LossEntry(
    key="cross_entropy",
    title="Cross-entropy",
    torch="CrossEntropyLoss",
    fits=("classes", "sequences"),
    help="How surprised the network is by the right class, or by each right token of a text. "
    "Use it to tell classes apart.",
    params=(
        number(
            "label_smoothing",
            "Label smoothing",
            0.0,
            at_least=0.0,
            at_most=0.9,
            help="Keeps the network from being too sure.",
        ),
    ),
)
MEAN_SQUARED = LossEntry(
    key="mse",
    title="Mean squared error",
    torch="MSELoss",
    fits=("numbers",),
    help="The squared distance to the right number. Use it unless outliers are common.",
)
MEAN_ABSOLUTE = LossEntry(
    key="mae",
    title="Mean absolute error",
    torch="L1Loss",
    fits=("numbers",),
    help="The plain distance to the right number. Use it when outliers should count less.",
)
HUBER = LossEntry(
    key="huber",
    title="Huber",
    torch="HuberLoss",
    fits=("numbers",),
    help="Squared near the right number, plain far from it. Use it with a few outliers.",
    params=(
        number(
            "delta",
            "Delta",
            1.0,
            above=0.0,
            at_most=1000.0,
            help="Where squared turns into plain, in scaled units.",
        ),
    ),
)

ENTRIES = (CROSS_ENTROPY, MEAN_SQUARED, MEAN_ABSOLUTE, HUBER)
