"""Losses, and the tasks that each one fits. The first that fits is the one suggested.

All of torch.nn but those that fit no target of ours:

- BCELoss is BCEWithLogitsLoss for a network that ends with a sigmoid of its own. Here that is
  part of the loss and of what leaves the house.
- TripletMarginLoss and TripletMarginWithDistanceLoss compare three answers to one row with each
  other and with no target; each answer here is held against a target.
- AdaptiveLogSoftmaxWithLoss and LinearCrossEntropyLoss are the last layer of a network as well:
  its weights would stand outside of the drawing.
"""

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

GAUSSIAN = LossEntry(
    key="gaussian_nll",
    title="Gaussian",
    torch="GaussianNLLLoss",
    fits=("numbers",),
    spreads=True,
    help="Learns for each number how far off it may be as well: the network gives twice as many "
    "numbers. Use it where an answer needs an interval around it.",
    params=(
        number(
            "interval",
            "Interval",
            0.9,
            at_least=0.5,
            at_most=0.999,
            help="The share of the right numbers that should lie in the interval around the "
            "answer.",
        ),
        switch(
            "full",
            "Whole figure",
            False,
            help="Adds what is the same for all answers, so that losses can be compared with "
            "those of other programs.",
        ),
    ),
)
_SAME = choice(
    "same",
    "Alike is",
    "second",
    {"second": "The second class", "first": "The first class"},
    help="Which of the two classes says that both are the same.",
)
HINGE_EMBEDDING = LossEntry(
    key="hinge_embedding",
    title="Distance of pairs",
    torch="HingeEmbeddingLoss",
    fits=("classes",),
    compares="distance",
    help="Draws what is the same together and pushes the rest apart, up to a margin. Use it for "
    "same or different, with a network that ends with one distance.",
    params=(
        number(
            "margin",
            "Margin",
            1.0,
            above=0.0,
            at_most=1000.0,
            help="How far apart is far enough for two that differ.",
        ),
        _SAME,
    ),
)
COSINE_EMBEDDING = LossEntry(
    key="cosine_embedding",
    title="Likeness of pairs",
    torch="CosineEmbeddingLoss",
    fits=("classes",),
    compares="likeness",
    help="Turns what is the same into one direction and the rest out of it. Use it for same or "
    "different, with a network that ends with one cosine similarity.",
    params=(
        number(
            "margin",
            "Margin",
            0.0,
            at_least=-1.0,
            at_most=0.95,
            help="How alike two that differ may be.",
        ),
        _SAME,
    ),
)
MARGIN_RANKING = LossEntry(
    key="margin_ranking",
    title="Ranking",
    torch="MarginRankingLoss",
    fits=("classes",),
    help="Wants the right class to rank before every other, by a margin. Use it to learn which "
    "of two is better: how sure it is says little.",
    params=(
        number(
            "margin",
            "Margin",
            1.0,
            at_least=0.0,
            at_most=1000.0,
            help="How far ahead the right one has to be.",
        ),
    ),
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
    MARGIN_RANKING,
    HINGE_EMBEDDING,
    COSINE_EMBEDDING,
    MEAN_SQUARED,
    MEAN_ABSOLUTE,
    HUBER,
    SMOOTH_ABSOLUTE,
    POISSON,
    GAUSSIAN,
    ALIGNMENT,
)
