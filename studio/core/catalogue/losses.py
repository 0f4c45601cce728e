"""Losses, and the tasks that each one fits. The first that fits is the one suggested."""

from studio.core.catalogue.entry import LossEntry
from studio.core.params import choice, number, switch

CROSS_ENTROPY = LossEntry(
    key="cross_entropy",
    title="Cross-entropy",
    torch="CrossEntropyLoss",
    fits=("classes", "sequences", "masks"),
    weighs_classes=True,
    help="How surprised the network is by the right class, by each right token of a text, or by "
    "the right class of each pixel. Use it to tell classes apart.",
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
    fits=("numbers", "images"),
    help="The squared distance to the right number. Use it unless outliers are common.",
)
MEAN_ABSOLUTE = LossEntry(
    key="mae",
    title="Mean absolute error",
    torch="L1Loss",
    fits=("numbers", "images"),
    help="The plain distance to the right number. Use it when outliers should count less.",
)
HUBER = LossEntry(
    key="huber",
    title="Huber",
    torch="HuberLoss",
    fits=("numbers", "images"),
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

SMOOTH_ABSOLUTE = LossEntry(
    key="smooth_l1",
    title="Smooth absolute error",
    torch="SmoothL1Loss",
    fits=("numbers", "images"),
    help="Like the absolute error, but round near the right number. Use it where boxes or "
    "places are to be found.",
    params=(
        number(
            "beta",
            "Beta",
            1.0,
            above=0.0,
            at_most=1000.0,
            help="Where round turns into straight, in scaled units.",
        ),
    ),
)
POISSON = LossEntry(
    key="poisson",
    title="Poisson",
    torch="PoissonNLLLoss",
    fits=("numbers", "images"),
    counts=True,
    help="How surprising a count is where that many are expected. Use it when the target "
    "counts something: calls, faults, visitors.",
    params=(
        number(
            "floor",
            "Least rate",
            0.1,
            above=0.0,
            at_most=1000.0,
            help="An answer below this many is treated as one that has to rise.",
        ),
        switch(
            "full",
            "Whole figure",
            False,
            help="Adds what depends on the data alone, so that losses can be compared with "
            "those of other programs.",
        ),
    ),
)
NEGATIVE_LOG = LossEntry(
    key="nll",
    title="Negative log-likelihood",
    torch="NLLLoss",
    fits=("classes",),
    weighs_classes=True,
    help="Cross-entropy for a network that ends with log-softmax; where it does not, that is "
    "done here. Use it to repeat a network from a paper.",
)
MULTI_MARGIN = LossEntry(
    key="multi_margin",
    title="Margin",
    torch="MultiMarginLoss",
    fits=("classes",),
    weighs_classes=True,
    help="Wants the right class to be ahead of each other by a margin, as a support vector "
    "machine does. Use it when only the choice matters: how sure it is says little.",
    params=(
        choice(
            "p",
            "Beyond the margin",
            "1",
            {"1": "Plain", "2": "Squared"},
            help="How much it costs to be further behind.",
        ),
        number(
            "margin",
            "Margin",
            1.0,
            above=0.0,
            at_most=1000.0,
            help="How far ahead the right class has to be.",
        ),
    ),
)
MULTI_LABEL_MARGIN = LossEntry(
    key="multi_label_margin",
    title="Margin, fixed",
    torch="MultiLabelMarginLoss",
    fits=("classes",),
    help="The margin loss with a margin of 1. Use it to repeat a network from a paper: how "
    "sure it is says little.",
)
ONE_AGAINST_ALL = LossEntry(
    key="bce",
    title="One against all",
    torch="BCEWithLogitsLoss",
    fits=("classes",),
    decoding="alone",
    weighs_classes=True,
    help="Asks yes or no for each class by itself. Use it with many classes that are alike, "
    "or with two.",
    params=(
        number(
            "smoothing",
            "Label smoothing",
            0.0,
            at_least=0.0,
            at_most=0.9,
            help="Keeps the network from being too sure.",
        ),
    ),
)
MULTI_LABEL_SOFT_MARGIN = LossEntry(
    key="multi_label_soft_margin",
    title="Soft margin over all classes",
    torch="MultiLabelSoftMarginLoss",
    fits=("classes",),
    decoding="alone",
    weighs_classes=True,
    help="Another name for one against all without smoothing. Use it to repeat a network from "
    "a paper.",
)
SOFT_MARGIN = LossEntry(
    key="soft_margin",
    title="Soft margin",
    torch="SoftMarginLoss",
    fits=("classes",),
    decoding="alone",
    weighs_classes=True,
    help="The logistic loss of yes and no. Use it with two classes to repeat a network from a "
    "paper.",
)
DIVERGENCE = LossEntry(
    key="kl_div",
    title="Divergence",
    torch="KLDivLoss",
    fits=("classes",),
    weighs_classes=True,
    help="How far the answer is from the right class with a little doubt. Use it where labels "
    "may be wrong.",
    params=(
        number(
            "smoothing",
            "Doubt",
            0.1,
            at_least=0.0,
            at_most=0.9,
            help="The share that all classes get together.",
        ),
    ),
)
ALIGNMENT = LossEntry(
    key="ctc",
    title="Connectionist temporal classification",
    torch="CTCLoss",
    fits=("sequences",),
    aligns=True,
    help="How surprised the network is by a text, whichever moments say its letters. Use it "
    "where a sound becomes a text and nobody knows when each letter is heard.",
)

ENTRIES = (
    CROSS_ENTROPY,
    NEGATIVE_LOG,
    ONE_AGAINST_ALL,
    MULTI_MARGIN,
    MULTI_LABEL_MARGIN,
    MULTI_LABEL_SOFT_MARGIN,
    SOFT_MARGIN,
    DIVERGENCE,
    MEAN_SQUARED,
    MEAN_ABSOLUTE,
    HUBER,
    SMOOTH_ABSOLUTE,
    POISSON,
    ALIGNMENT,
)
