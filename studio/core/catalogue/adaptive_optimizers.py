"""The optimizers that fit the step to each weight by the slopes that it has seen."""

from types import MappingProxyType

from studio.core.catalogue.entry import OptimizerEntry
from studio.core.catalogue.optimizer_params import (
    BETA_PAIR,
    BETAS,
    FUSED,
    epsilon,
    remembered,
    weight_decay,
)
from studio.core.params import number, switch

_AMSGRAD = switch(
    "amsgrad",
    "AMSGrad",
    False,
    help="Never lets the remembered size shrink. Use it where the loss swings late in a run.",
)
_DECOUPLED = switch(
    "decoupled_weight_decay",
    "Decay apart",
    False,
    help="Shrinks the weights beside the step, as AdamW does, and not through the slope.",
)

ADAM = OptimizerEntry(
    key="adam",
    title="Adam",
    torch="Adam",
    learning_rate=0.001,
    is_fused_on=FUSED,
    pairs=BETA_PAIR,
    help="Fits the step to each weight. Use it first: it works well without tuning.",
    params=(*BETAS, epsilon(), weight_decay(), _AMSGRAD),
)
ADAMW = OptimizerEntry(
    key="adamw",
    title="AdamW",
    torch="AdamW",
    learning_rate=0.001,
    is_fused_on=FUSED,
    pairs=BETA_PAIR,
    help="Adam with a cleaner weight decay. Use it for larger networks and attention.",
    params=(*BETAS, epsilon(), weight_decay(0.01), _AMSGRAD),
)
NADAM = OptimizerEntry(
    key="nadam",
    title="NAdam",
    torch="NAdam",
    learning_rate=0.002,
    pairs=BETA_PAIR,
    help="Adam that looks ahead along its momentum. Use it where Adam is slow to begin.",
    params=(
        *BETAS,
        epsilon(),
        weight_decay(),
        number(
            "momentum_decay",
            "Momentum decay",
            0.004,
            at_least=0.0,
            at_most=1.0,
            help="How slowly the looking ahead sets in.",
        ),
        _DECOUPLED,
    ),
)
RADAM = OptimizerEntry(
    key="radam",
    title="RAdam",
    torch="RAdam",
    learning_rate=0.001,
    pairs=BETA_PAIR,
    help="Adam that is careful until it knows enough. Use it instead of a warm-up.",
    params=(*BETAS, epsilon(), weight_decay(), _DECOUPLED),
)
ADAMAX = OptimizerEntry(
    key="adamax",
    title="Adamax",
    torch="Adamax",
    learning_rate=0.002,
    pairs=BETA_PAIR,
    help="Adam that goes by the largest slope seen. Use it for embeddings and rare words.",
    params=(*BETAS, epsilon(), weight_decay()),
)
ADAGRAD = OptimizerEntry(
    key="adagrad",
    title="Adagrad",
    torch="Adagrad",
    learning_rate=0.01,
    help="Gives weights that are seldom used larger steps. Use it for rare features.",
    params=(
        number(
            "lr_decay",
            "Rate decay",
            0.0,
            at_least=0.0,
            at_most=1.0,
            help="How fast the learning rate falls by itself.",
        ),
        number(
            "initial_accumulator_value",
            "Begins with",
            0.0,
            at_least=0.0,
            at_most=1000.0,
            help="The size of slopes that is assumed at first; more makes the first steps smaller.",
        ),
        epsilon(1e-10),
        weight_decay(),
    ),
)
ADADELTA = OptimizerEntry(
    key="adadelta",
    title="Adadelta",
    torch="Adadelta",
    learning_rate=1.0,
    help="Finds the size of its steps by itself. Use it when no learning rate seems right.",
    params=(
        remembered("rho", "Smoothing", 0.9, "How long the size of steps is remembered."),
        epsilon(1e-6),
        weight_decay(),
    ),
)
ADAFACTOR = OptimizerEntry(
    key="adafactor",
    title="Adafactor",
    torch="Adafactor",
    learning_rate=0.01,
    pairs=MappingProxyType({"eps": ("", "eps")}),
    help="Like Adam with far less memory. Use it for networks that hardly fit.",
    params=(
        number(
            "beta2_decay",
            "Beta 2 decay",
            -0.8,
            at_least=-10.0,
            at_most=0.0,
            help="How the memory of slopes grows with the steps.",
        ),
        number(
            "d",
            "Longest step",
            1.0,
            at_least=1.0,
            at_most=100.0,
            help="Steps that are larger than this beside the usual ones are shortened.",
        ),
        number(
            "eps",
            "Least size",
            0.001,
            above=0.0,
            at_most=1.0,
            help="The size that weights have at least when steps are measured by them.",
        ),
        weight_decay(),
    ),
)
