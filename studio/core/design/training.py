"""TrainingSpec: how a network is trained, as one frozen value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from studio.core.params import Param, Value, Values, choice, number, switch, whole

AUTO = "auto"
CONSTANT = "none"  # the schedule that leaves the learning rate as it is
Balance = Literal["none", "weights", "resample"]
DEVICES: Mapping[str, str] = MappingProxyType(
    {"auto": "Fastest here", "cpu": "CPU", "cuda": "CUDA", "mps": "MPS"}
)


@dataclass(frozen=True, slots=True)
class TrainingSpec:
    """How to train: keys of the catalogue with their values, and the plain settings.

    `loss` is "auto" (what fits the target) or a key of LOSSES; `metrics` empty means those
    that fit the target. `patience` is how many epochs without a better validation loss end
    the run (0: never). `learning_rate` stands here and not in `optimizer_params`, so it
    survives a change of optimizer. `schedule` moves it as the run goes on. `clip` is how long
    the gradient of all weights together may be at most (0: as long as it is). `balance` is
    what is done for rare classes: more weight in the loss, or drawn more often. `memory` is
    how many MB of raw data may be held at once (0: a share of what is free); what does not
    fit is streamed from the disk. `threads` is how many threads of the processor compute (0:
    left to the program), `tries_ways` whether a long run begins by trying what is fastest.
    """

    optimizer: str = "adam"
    optimizer_params: Values = field(default_factory=lambda: MappingProxyType({}))
    learning_rate: float = 0.001
    schedule: str = CONSTANT
    schedule_params: Values = field(default_factory=lambda: MappingProxyType({}))
    clip: float = 0.0
    loss: str = AUTO
    loss_params: Values = field(default_factory=lambda: MappingProxyType({}))
    metrics: tuple[str, ...] = ()
    batch_size: int = 32
    epochs: int = 20
    patience: int = 0
    seed: int = 0
    device: str = AUTO
    balance: Balance = "none"
    memory: int = 0
    threads: int = 0
    tries_ways: bool = True

    def value(self, key: str) -> Value:
        """The plain setting of that key (one of TRAINING_PARAMS)."""
        value: Value = getattr(self, key)
        return value


TRAINING_PARAMS: tuple[Param, ...] = (
    number(
        "learning_rate",
        "Learning rate",
        0.001,
        above=0.0,
        at_most=100.0,
        help="How far each step goes. Too high: the loss jumps. Too low: it hardly falls.",
    ),
    whole(
        "batch_size",
        "Batch size",
        32,
        at_most=65_536,
        help="How many rows are looked at for one step.",
    ),
    whole(
        "epochs",
        "Epochs",
        20,
        at_most=100_000,
        help="How often the whole training part is gone through.",
    ),
    whole(
        "patience",
        "Stop early after",
        0,
        at_least=0,
        at_most=10_000,
        unit="epochs",
        help="Ends the run when the validation loss has not improved for so many epochs. "
        "0 never ends it early.",
    ),
    whole(
        "seed",
        "Seed",
        0,
        at_least=0,
        at_most=2**31 - 1,
        help="The same seed gives the same run on the CPU.",
    ),
    number(
        "clip",
        "Clip gradients at",
        0.0,
        at_least=0.0,
        at_most=1_000_000.0,
        help="The greatest length of the gradient; a longer one is shortened to it. Use 1 for "
        "recurrent networks and transformers, or where the loss jumps. 0 clips nothing.",
    ),
    choice("device", "Device", AUTO, DEVICES, help="What computes the run."),
    choice(
        "balance",
        "Rare classes",
        "none",
        {
            "none": "As they are",
            "weights": "Count more in the loss",
            "resample": "Are drawn more often",
        },
        help="What to do where some classes have far fewer rows than others.",
    ),
    whole(
        "memory",
        "Memory for data",
        0,
        at_least=0,
        at_most=1_000_000,
        unit="MB",
        help="How much of the data is held at once; the rest is read from the disk as it is "
        "needed. 0 takes a share of what is free.",
    ),
    whole(
        "threads",
        "Threads",
        0,
        at_least=0,
        at_most=256,
        help="How many threads of the processor compute. 0 leaves it to the program: one, or more "
        "where more were faster when they were tried.",
    ),
    switch(
        "tries_ways",
        "Try for speed",
        True,
        help="A long run on the processor begins with two seconds in which it tries how the work "
        "is best laid out and shared among the cores. Off for a run that is to give the same "
        "numbers to the last digit on every machine of this kind.",
    ),
)
