"""The learning-rate schedules: how far each step goes as a run goes on."""

from dataclasses import dataclass

from studio.core.catalogue import rates
from studio.core.catalogue.entry import Entry
from studio.core.catalogue.rates import Moment, Rate
from studio.core.params import Param, Values, choice, number, whole

LONGEST = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleEntry(Entry):
    """One schedule: `rate` gives the share of the learning rate at a moment.

    `is_per_batch` says that it moves with each step, else only between epochs. Where
    `watches_loss` is set it cannot be told beforehand: the share depends on the losses.
    `epochs_params` are those that count epochs, which a run should be longer than.
    """

    rate: Rate = rates.unchanged
    is_per_batch: bool = False
    watches_loss: bool = False
    epochs_params: tuple[str, ...] = ()

    def share(self, moment: Moment, values: Values) -> float:
        """The share of the learning rate with which a step is taken."""
        if not self.is_per_batch:
            moment = Moment(moment.epoch * moment.steps_each, moment.steps_each, moment.epochs)
        return self.rate(moment, values)


def _share(key: str, label: str, default: float, help: str) -> Param:  # noqa: A002
    return number(key, label, default, at_least=0.0, at_most=1.0, help=help)


def _gamma(default: float, help: str) -> Param:  # noqa: A002
    return number("gamma", "Times", default, above=0.0, at_most=1.0, help=help)


def _epochs(key: str, label: str, default: int, help: str) -> Param:  # noqa: A002
    return whole(key, label, default, at_most=LONGEST, unit="epochs", help=help)


_LAST = _share("last", "Last share", 0.0, "The share of the learning rate at the end.")
_WARM_UP = (
    _epochs("epochs", "Warm-up", 2, "How many epochs it takes to reach the learning rate."),
    _share("first", "First share", 0.1, "The share of the learning rate at the very first step."),
)

NONE = ScheduleEntry(
    key="none",
    title="Constant",
    help="The learning rate stays as it is. Use it first: it is the easiest to understand.",
)
LOW_START = ScheduleEntry(
    key="constant",
    title="Low start",
    help="A share of the learning rate for some epochs, then all of it. Use it where the first "
    "steps would be too wild.",
    rate=rates.low_start,
    epochs_params=("epochs",),
    params=(
        _share("factor", "Share", 0.3, "The share of the learning rate at first."),
        _epochs("epochs", "For", 2, "How many epochs the low rate lasts."),
    ),
)
STEP = ScheduleEntry(
    key="step",
    title="Steps down",
    help="Falls by the same factor every few epochs. Use it with SGD on images.",
    rate=rates.stepped,
    epochs_params=("every",),
    params=(
        _epochs("every", "Every", 5, "How many epochs lie between two falls."),
        _gamma(0.5, "What the rate is multiplied by at each fall."),
    ),
)
MULTI_STEP = ScheduleEntry(
    key="multi_step",
    title="Steps at chosen epochs",
    help="Falls by a factor after each of the epochs you name. Use it to repeat a recipe from "
    "a paper.",
    rate=rates.stepped_at,
    params=(
        Param(
            "after",
            "After epochs",
            "shape",
            (10, 15),
            "After which epochs the rate falls, one to six of them.",
            1,
            LONGEST,
        ),
        _gamma(0.1, "What the rate is multiplied by at each fall."),
    ),
)
EXPONENTIAL = ScheduleEntry(
    key="exponential",
    title="Exponential",
    help="Falls by the same factor after each epoch. Use it for a smooth fall that does not "
    "depend on how long the run is.",
    rate=rates.exponential,
    params=(_gamma(0.9, "What the rate is multiplied by after each epoch."),),
)
LINEAR = ScheduleEntry(
    key="linear",
    title="Straight line",
    help="Moves in a straight line over the whole run. Use it to fine-tune transformers.",
    rate=rates.straight,
    is_per_batch=True,
    params=(_share("first", "First share", 1.0, "The share of the learning rate at first."), _LAST),
)
WARM_UP = ScheduleEntry(
    key="warm_up",
    title="Warm-up",
    help="Rises in a straight line to the learning rate and stays there. Use it where the first "
    "steps break the training: large batches, attention.",
    rate=rates.warm_up,
    is_per_batch=True,
    epochs_params=("epochs",),
    params=_WARM_UP,
)
POLYNOMIAL = ScheduleEntry(
    key="polynomial",
    title="Polynomial",
    help="Falls to nothing at the end, the faster at first the higher the power. Use it for "
    "masks of pictures.",
    rate=rates.polynomial,
    is_per_batch=True,
    params=(
        number(
            "power",
            "Power",
            2.0,
            above=0.0,
            at_most=10.0,
            help="1 falls in a straight line; more falls faster at first.",
        ),
    ),
)
COSINE = ScheduleEntry(
    key="cosine",
    title="Cosine",
    help="Falls slowly, then fast, then slowly, over the whole run. Use it when you know how "
    "many epochs you want: it often gives the best result.",
    rate=rates.cosine,
    is_per_batch=True,
    params=(_LAST,),
)
COSINE_RESTARTS = ScheduleEntry(
    key="cosine_restarts",
    title="Cosine with restarts",
    help="Falls like the cosine and jumps back up, again and again. Use it when the training "
    "gets stuck.",
    rate=rates.cosine_with_restarts,
    is_per_batch=True,
    epochs_params=("epochs",),
    params=(
        _epochs("epochs", "First wave", 5, "How many epochs the first fall takes."),
        whole("growth", "Growth", 2, at_most=10, help="How much longer each wave is."),
        _LAST,
    ),
)
WARM_UP_COSINE = ScheduleEntry(
    key="warm_up_cosine",
    title="Warm-up, then cosine",
    help="Rises in a straight line, then falls like the cosine to the end of the run. Use it "
    "for transformers and large networks.",
    rate=rates.warm_up_then_cosine,
    is_per_batch=True,
    epochs_params=("epochs",),
    params=(*_WARM_UP, _LAST),
)
IN_SEQUENCE = ScheduleEntry(
    key="sequence",
    title="One after another",
    help="Begins in one way and goes on in another after some epochs. Use it to repeat a recipe "
    "from a paper, or where a rate is to stay for a while before it falls.",
    rate=rates.one_after_another,
    is_per_batch=True,
    epochs_params=("epochs",),
    params=(
        choice(
            "begins",
            "Begins",
            "whole",
            {"whole": "At the whole rate", "low": "Low", "rises": "Rising"},
            help="How the first epochs are taken.",
        ),
        _epochs("epochs", "For", 5, "After how many epochs it changes."),
        _share("first", "First share", 0.1, "The share of the learning rate at the very first."),
        choice(
            "goes_on",
            "Goes on",
            "cosine",
            {
                "cosine": "Falling like the cosine",
                "straight": "Falling in a straight line",
                "polynomial": "Falling with a power",
                "exponential": "Falling with each epoch",
                "steps": "Falling in steps",
                "whole": "At the whole rate",
            },
            help="How the rest of the run is taken.",
        ),
        _LAST,
        _gamma(0.9, "What the rate is multiplied by at each fall, by epoch or in steps."),
        _epochs("every", "Every", 5, "How many epochs lie between two steps."),
        number(
            "power",
            "Power",
            2.0,
            above=0.0,
            at_most=10.0,
            help="For falling with a power: more falls faster at first.",
        ),
    ),
)
INVERSE_ROOT = ScheduleEntry(
    key="inverse_square_root",
    title="Inverse square root",
    help="Rises in a straight line, then falls with the square root of the steps. Use it for "
    "transformers that learn from the beginning.",
    rate=rates.inverse_root,
    is_per_batch=True,
    epochs_params=("epochs",),
    params=(_epochs("epochs", "Warm-up", 2, "How many epochs it takes to reach the top."),),
)
CYCLIC = ScheduleEntry(
    key="cyclic",
    title="Up and down",
    help="Swings between a low share and the learning rate. Use it when no single rate works.",
    rate=rates.cyclic,
    is_per_batch=True,
    epochs_params=("epochs",),
    params=(
        _epochs("epochs", "Half a swing", 2, "How many epochs it takes from low to high."),
        _share("low", "Low share", 0.1, "The share of the learning rate at the lowest."),
        choice(
            "shape",
            "Swings",
            "even",
            {"even": "All alike", "halving": "Half as high each", "shrinking": "Shrink slowly"},
            help="How high each swing is beside the one before.",
        ),
        _gamma(0.9, "What the height is multiplied by in each epoch, where swings shrink slowly."),
    ),
)
ONE_CYCLE = ScheduleEntry(
    key="one_cycle",
    title="One cycle",
    help="Rises to the learning rate, then falls to nearly nothing. Use it for short runs with "
    "a high learning rate.",
    rate=rates.one_cycle,
    is_per_batch=True,
    params=(
        number(
            "rise", "Rise", 0.3, above=0.0, at_most=0.99, help="The share of the run that it rises."
        ),
        number(
            "start_divisor",
            "Begins at 1 /",
            25.0,
            at_least=1.0,
            at_most=1e6,
            help="The first rate is the learning rate divided by this.",
        ),
        number(
            "end_divisor",
            "Ends at 1 /",
            10_000.0,
            at_least=1.0,
            at_most=1e9,
            help="The last rate is the first one divided by this.",
        ),
        choice(
            "curve",
            "Curve",
            "cosine",
            {"cosine": "Smooth", "straight": "Straight"},
            help="How it moves between the rates.",
        ),
    ),
)
PLATEAU = ScheduleEntry(
    key="plateau",
    title="When it stops improving",
    help="Falls when the validation loss has not improved for some epochs. Use it when you do "
    "not know how many epochs are needed.",
    watches_loss=True,
    epochs_params=("patience",),
    params=(
        _gamma(0.5, "What the rate is multiplied by at each fall."),
        whole(
            "patience",
            "Waits for",
            3,
            at_least=0,
            at_most=LONGEST,
            unit="epochs",
            help="How many epochs without a better loss are borne.",
        ),
        number(
            "threshold",
            "Better by",
            0.0001,
            at_least=0.0,
            at_most=1.0,
            help="The share by which the loss must fall to count as better.",
        ),
        whole(
            "rest",
            "Rests for",
            0,
            at_least=0,
            at_most=LONGEST,
            unit="epochs",
            help="How many epochs after a fall are not counted.",
        ),
        _share("least", "Least share", 0.0, "The share of the learning rate below which none is."),
    ),
)

ENTRIES = (
    NONE,
    LOW_START,
    STEP,
    MULTI_STEP,
    EXPONENTIAL,
    LINEAR,
    POLYNOMIAL,
    COSINE,
    COSINE_RESTARTS,
    WARM_UP,
    WARM_UP_COSINE,
    IN_SEQUENCE,
    INVERSE_ROOT,
    CYCLIC,
    ONE_CYCLE,
    PLATEAU,
)
