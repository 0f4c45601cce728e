"""The two ends of a network: input and output."""

from studio.core.catalogue.entry import LayerEntry
from studio.core.catalogue.losses import ENTRIES as LOSSES
from studio.core.params import Param, choice, whole

AS_VALUES = "values"
AS_INDEX = "index"
AS_ON_TRAIN = "auto"
OUTPUT_TARGET, OUTPUT_LOSS, OUTPUT_WEIGHT = "target", "loss", "weight"
OUTPUT_BEAMS = "beams"
AS_PREVIOUS = "previous"

INPUT = LayerEntry(
    key="input",
    title="Input",
    family="ends",
    help="Where the data come in. Its shape follows from the data; use several to treat "
    "groups of columns apart.",
    params=(
        Param(
            "columns",
            "Columns",
            "columns",
            (),
            "Which columns come in here. None named: all that no other input names.",
        ),
        choice(
            "form",
            "Gives",
            AS_VALUES,
            {
                AS_VALUES: "Values, one for each category",
                AS_INDEX: "Number of the category",
                AS_PREVIOUS: "What was written so far",
            },
            help="The number of a category is what an Embedding needs. What was written so far is "
            "for texts that are written token by token: while training the right ones (teacher "
            "forcing), later those that the model chose.",
        ),
    ),
    torch="Identity",
    arity=(0, 0),
    end="input",
)

OUTPUT = LayerEntry(
    key="output",
    title="Output",
    family="ends",
    help="Where the answer goes out. It needs one number for each class, or for each target.",
    params=(
        Param(
            OUTPUT_TARGET,
            "Target",
            "text",
            "",
            "Which target is answered here. Empty: the only one, or the next that no other "
            "Output names.",
        ),
        choice(
            OUTPUT_LOSS,
            "Loss",
            AS_ON_TRAIN,
            {AS_ON_TRAIN: "As on the Train page", **{one.key: one.title for one in LOSSES}},
            help="How answers are compared with the target. As on the Train page where that fits, "
            "else what is usual.",
        ),
        Param(
            OUTPUT_WEIGHT,
            "Weight",
            "number",
            1.0,
            "How much its loss counts beside those of other Outputs.",
            above=0.0,
            at_most=1e6,
        ),
        whole(
            OUTPUT_BEAMS,
            "Beams",
            1,
            at_most=16,
            help="For texts that are written token by token: how many beginnings are kept at "
            "once. 1 takes the likeliest token each time; 4 often finds a better text.",
        ),
    ),
    torch="Identity",
    end="output",
)

ENTRIES = (INPUT, OUTPUT)
