"""The two ends of a network: input and output."""

from studio.core.catalogue.entry import LayerEntry
from studio.core.params import Param, choice

AS_VALUES = "values"
AS_INDEX = "index"

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
            "Categories come as",
            AS_VALUES,
            {AS_VALUES: "Values, one for each category", AS_INDEX: "Number of the category"},
            help="The number of a category is what an Embedding needs.",
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
