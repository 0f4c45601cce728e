"""The optimizers of torch.optim that are offered: all that take weights as networks have them."""

from types import MappingProxyType

from studio.core.catalogue.adaptive_optimizers import (
    ADADELTA,
    ADAFACTOR,
    ADAGRAD,
    ADAM,
    ADAMAX,
    ADAMW,
    NADAM,
    RADAM,
)
from studio.core.catalogue.entry import OptimizerEntry
from studio.core.catalogue.optimizer_params import FUSED, epsilon, remembered, weight_decay
from studio.core.params import choice, number, switch, whole

_MOMENTUM_HELP = "How much of the last step is kept. 0 keeps nothing."

SGD = OptimizerEntry(
    key="sgd",
    title="SGD",
    torch="SGD",
    learning_rate=0.01,
    is_fused_on=FUSED,
    help="Plain steps down the slope, with momentum if wanted. Use it when you can tune "
    "the learning rate; it often generalizes well.",
    params=(
        remembered("momentum", "Momentum", 0.9, "How much of the last step is kept. 0 is plain."),
        remembered("dampening", "Dampening", 0.0, "How much less a new slope counts."),
        switch(
            "nesterov",
            "Nesterov",
            False,
            help="Looks ahead along the momentum. Needs a momentum above 0 and no dampening.",
        ),
        weight_decay(),
    ),
)
ASGD = OptimizerEntry(
    key="asgd",
    title="Averaged SGD",
    torch="ASGD",
    learning_rate=0.01,
    help="Plain steps that become smaller and smaller. Use it for long runs on noisy data.",
    params=(
        number(
            "lambd",
            "Decay",
            0.0001,
            at_least=0.0,
            at_most=1.0,
            help="How fast weights and steps shrink.",
        ),
        number(
            "alpha",
            "Power",
            0.75,
            at_least=0.0,
            at_most=1.0,
            help="How the steps shrink as they are counted.",
        ),
        number(
            "t0",
            "Averages after",
            1_000_000.0,
            at_least=0.0,
            at_most=1e9,
            help="After how many steps it begins to average.",
        ),
        weight_decay(),
    ),
)
RMSPROP = OptimizerEntry(
    key="rmsprop",
    title="RMSprop",
    torch="RMSprop",
    learning_rate=0.001,
    help="Divides each step by its usual size. Use it for recurrent networks.",
    params=(
        remembered("alpha", "Smoothing", 0.99, "How long the size of steps is remembered."),
        remembered("momentum", "Momentum", 0.0, _MOMENTUM_HELP),
        epsilon(),
        weight_decay(),
        switch(
            "centered",
            "Centred",
            False,
            help="Takes the usual direction off before it measures the size.",
        ),
    ),
)
RPROP = OptimizerEntry(
    key="rprop",
    title="Rprop",
    torch="Rprop",
    learning_rate=0.01,
    sets_own_steps=True,
    pairs=MappingProxyType(
        {"etas": ("eta_minus", "eta_plus"), "step_sizes": ("step_least", "step_most")}
    ),
    help="Looks at the direction of the slope alone. Use it for small data where one batch "
    "holds all rows.",
    params=(
        number(
            "eta_minus",
            "Shorter by",
            0.5,
            above=0.0,
            at_most=0.9999,
            help="What a step is multiplied by when the direction turned.",
        ),
        number(
            "eta_plus",
            "Longer by",
            1.2,
            at_least=1.0001,
            at_most=10.0,
            help="What a step is multiplied by when the direction stayed.",
        ),
        number(
            "step_least",
            "Least step",
            1e-6,
            above=0.0,
            at_most=1.0,
            help="No step is shorter.",
        ),
        number(
            "step_most",
            "Longest step",
            50.0,
            above=0.0,
            at_most=1e6,
            help="No step is longer.",
        ),
    ),
)
LBFGS = OptimizerEntry(
    key="lbfgs",
    title="L-BFGS",
    torch="LBFGS",
    learning_rate=1.0,
    looks_again=True,
    help="Bends its way down with what it remembers of the slope, and looks at each batch "
    "several times. Use it for small networks and small data, with a batch that holds all rows.",
    params=(
        whole(
            "max_iter",
            "Looks per step",
            10,
            at_most=1000,
            help="How often a batch is looked at for one step, at most.",
        ),
        whole(
            "history_size",
            "Remembers",
            10,
            at_most=1000,
            help="How many earlier slopes are kept, each as large as all weights.",
        ),
        choice(
            "line_search_fn",
            "Line search",
            "strong_wolfe",
            {"strong_wolfe": "Careful", "none": "None"},
            help="Careful tries how far each step may go; without it the learning rate decides.",
        ),
        number(
            "tolerance_grad",
            "Flat below",
            1e-7,
            at_least=0.0,
            at_most=1.0,
            help="A slope smaller than this ends the step.",
        ),
    ),
)
MUON = OptimizerEntry(
    key="muon",
    title="Muon",
    torch="Muon",
    learning_rate=0.001,
    matrices_only=True,
    help="Turns the step of each weight matrix so that all directions count alike; AdamW "
    "takes biases, norms, convolutions and embeddings. Use it for transformers and large "
    "linear layers.",
    params=(
        remembered("momentum", "Momentum", 0.95, _MOMENTUM_HELP),
        switch("nesterov", "Nesterov", True, help="Looks ahead along the momentum."),
        weight_decay(0.1),
        whole(
            "ns_steps",
            "Turning steps",
            5,
            at_most=20,
            help="How exactly the step is turned. More is slower.",
        ),
        choice(
            "adjust_lr_fn",
            "Learning rate",
            "match_rms_adamw",
            {"match_rms_adamw": "As for AdamW", "original": "As in the paper"},
            help="What the learning rate means for the matrices.",
        ),
    ),
)

ENTRIES = (
    ADAM,
    ADAMW,
    SGD,
    RMSPROP,
    NADAM,
    RADAM,
    ADAMAX,
    ADAGRAD,
    ADADELTA,
    ADAFACTOR,
    ASGD,
    RPROP,
    LBFGS,
    MUON,
)
