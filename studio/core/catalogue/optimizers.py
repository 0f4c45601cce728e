"""The optimizers of torch.optim that are offered."""

from studio.core.catalogue.entry import OptimizerEntry
from studio.core.params import Param, number, switch

WEIGHT_DECAY = number(
    "weight_decay",
    "Weight decay",
    0.0,
    at_least=0.0,
    at_most=1.0,
    help="Pulls weights towards zero, against learning by heart.",
)
BETAS = (
    number(
        "beta1",
        "Beta 1",
        0.9,
        at_least=0.0,
        at_most=0.9999,
        help="How long the direction is remembered.",
    ),
    number(
        "beta2",
        "Beta 2",
        0.999,
        at_least=0.0,
        at_most=0.999999,
        help="How long the size of steps is remembered.",
    ),
)
FUSED = ("cpu", "cuda", "mps")


def _epsilon() -> Param:
    return number(
        "eps",
        "Epsilon",
        1e-8,
        above=0.0,
        at_most=1.0,
        help="A small number that keeps the division safe.",
    )


SGD = OptimizerEntry(
    key="sgd",
    title="SGD",
    torch="SGD",
    learning_rate=0.01,
    is_fused_on=FUSED,
    help="Plain steps down the slope, with momentum if wanted. Use it when you can tune "
    "the learning rate; it often generalizes well.",
    params=(
        number(
            "momentum",
            "Momentum",
            0.9,
            at_least=0.0,
            at_most=0.9999,
            help="How much of the last step is kept. 0 is plain SGD.",
        ),
        switch(
            "nesterov",
            "Nesterov",
            False,
            help="Looks ahead along the momentum. Needs a momentum above 0.",
        ),
        WEIGHT_DECAY,
    ),
)
ADAM = OptimizerEntry(
    key="adam",
    title="Adam",
    torch="Adam",
    learning_rate=0.001,
    is_fused_on=FUSED,
    help="Fits the step to each weight. Use it first: it works well without tuning.",
    params=(*BETAS, _epsilon(), WEIGHT_DECAY),
)
ADAMW = OptimizerEntry(
    key="adamw",
    title="AdamW",
    torch="AdamW",
    learning_rate=0.001,
    is_fused_on=FUSED,
    help="Adam with a cleaner weight decay. Use it for larger networks and attention.",
    params=(
        *BETAS,
        _epsilon(),
        number(
            "weight_decay",
            "Weight decay",
            0.01,
            at_least=0.0,
            at_most=1.0,
            help="Pulls weights towards zero, against learning by heart.",
        ),
    ),
)
RMSPROP = OptimizerEntry(
    key="rmsprop",
    title="RMSprop",
    torch="RMSprop",
    learning_rate=0.001,
    help="Divides each step by its usual size. Use it for recurrent networks.",
    params=(
        number(
            "alpha",
            "Smoothing",
            0.99,
            at_least=0.0,
            at_most=0.9999,
            help="How long the size of steps is remembered.",
        ),
        number(
            "momentum",
            "Momentum",
            0.0,
            at_least=0.0,
            at_most=0.9999,
            help="How much of the last step is kept.",
        ),
        _epsilon(),
        WEIGHT_DECAY,
    ),
)

ENTRIES = (ADAM, ADAMW, SGD, RMSPROP)
