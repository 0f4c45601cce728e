"""The two ends of a network: input and output."""

from studio.core.catalogue.entry import LayerEntry
from studio.core.params import Param, choice

AS_VALUES = "values"
AS_INDEX = "index"
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
    torch="Identity",
    end="output",
)

ENTRIES = (INPUT, OUTPUT)
