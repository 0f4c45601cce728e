"""The steps of a repair recipe: how values are read, which rows stay, what numbers become."""

from studio.core.catalogue.entry import CleaningEntry
from studio.core.params import Param, choice, number, switch, whole

FILLS = {
    "median": "The median",
    "mean": "The mean",
    "most_frequent": "The most frequent value",
    "constant": "A value of my own",
}
OUTLIERS = {
    "iqr": "Far outside the middle half",
    "deviation": "Many standard deviations away",
    "quantile": "The lowest and highest percent",
}
SCALINGS = {
    "standard": "Mean 0, deviation 1",
    "min-max": "From 0 to 1",
    "robust": "By the middle half",
    "none": "As they are",
}
USUAL_DATE_PARTS = ("month", "weekday", "hour")


def _outliers() -> tuple[Param, ...]:
    """How far away an outlier is."""
    return (
        choice(
            "method",
            "What counts as an outlier",
            "iqr",
            OUTLIERS,
            help="By the range of the middle half of the values, by standard deviations from "
            "the mean, or a percentage at each end.",
        ),
        number(
            "amount",
            "Amount",
            1.5,
            above=0.0,
            at_most=49.0,
            help="How many times that range (1.5 is usual), how many deviations (3 is usual), "
            "or what percentage at each end (1 is usual).",
        ),
    )


TO_NUMBER = CleaningEntry(
    key="to_number",
    title="Text to number",
    help="Reads texts as numbers, such as 12,5 kg or 40 %. Use it where a column of amounts "
    "was taken for text.",
    stage="read",
    kinds=("number",),
    params=(
        choice(
            "decimal",
            "Decimal mark",
            ".",
            {".": "Point", ",": "Comma"},
            help="What stands before the decimals; the other mark may stand between thousands.",
        ),
        switch(
            "strip_text",
            "Leave out units",
            True,
            help="Leaves out words and signs beside the number; a percentage is divided by 100.",
        ),
    ),
)
TO_DATE = CleaningEntry(
    key="to_date",
    title="Text to date",
    help="Reads texts as dates and times, also where they are written in several ways. Use it "
    "where 3/4 may be March or April.",
    stage="read",
    kinds=("date",),
    params=(
        switch(
            "day_first",
            "Day before month",
            False,
            help="Reads 3/4/2024 as the 3rd of April rather than the 4th of March.",
        ),
    ),
)
DROP_MISSING = CleaningEntry(
    key="drop_missing",
    title="Leave out rows with gaps",
    help="Leaves out the rows in which a value is missing. Use it where few rows have gaps and "
    "a filled value would mislead.",
    stage="rows",
    kinds=("number", "category", "text", "date", "identifier", "image", "sound", "video"),
)
REMOVE_DUPLICATES = CleaningEntry(
    key="remove_duplicates",
    title="Remove repeated rows",
    help="Keeps the first of rows that are the same in every chosen column. Use it where the "
    "same record was written more than once.",
    stage="rows",
    kinds=("number", "category", "text", "date", "identifier", "image", "sound", "video"),
)
DROP_OUTLIERS = CleaningEntry(
    key="drop_outliers",
    title="Leave out rows with outliers",
    help="Leaves out training rows with a number far from the others; validation, test and new "
    "rows stay. Use it where such rows are mistakes of measuring.",
    stage="rows",
    kinds=("number",),
    params=_outliers(),
)
FILL_MISSING = CleaningEntry(
    key="fill_missing",
    title="Fill gaps",
    help="Puts a value in the place of missing numbers. Use it to choose that value yourself; "
    "without this step it is the median.",
    stage="values",
    kinds=("number",),
    params=(
        choice(
            "method",
            "Filled with",
            "median",
            FILLS,
            help="What stands for a missing value, taken from the training rows.",
        ),
        number(
            "value",
            "Value of my own",
            0.0,
            at_least=-1e15,
            at_most=1e15,
            help="What is filled in where the choice above is a value of your own.",
        ),
        switch(
            "flag",
            "Tell that it was missing",
            False,
            help="Gives the network one number more, which is 1 where the value was missing.",
        ),
    ),
)
CLIP_OUTLIERS = CleaningEntry(
    key="clip_outliers",
    title="Limit outliers",
    help="Brings numbers far from the others back to a limit. Use it where extreme values are "
    "real but should not rule the training.",
    stage="values",
    kinds=("number",),
    params=_outliers(),
)
LOG = CleaningEntry(
    key="log",
    title="Logarithm",
    help="Replaces a number by the logarithm of its size plus one, with its sign. Use it for "
    "amounts where a few are a thousand times the others.",
    stage="values",
    kinds=("number",),
)
SCALE = CleaningEntry(
    key="scale",
    title="Scale",
    help="Brings numbers, pixels or sounds to a common size. Use it to scale some columns in "
    "another way than the rest.",
    stage="values",
    kinds=("number", "date", "image", "sound", "video"),
    params=(
        choice(
            "method",
            "Scaled to",
            "standard",
            SCALINGS,
            help="By the median and the middle half is steadier where there are outliers.",
        ),
    ),
)
RARE_CATEGORIES = CleaningEntry(
    key="rare_categories",
    title="Put rare categories together",
    help="Treats all categories with few training rows as one. Use it where too few rows stand "
    "behind a category to learn from.",
    stage="values",
    kinds=("category",),
    params=(
        whole(
            "least",
            "Fewest rows",
            10,
            help="A category with fewer training rows than this is rare.",
            unit="rows",
        ),
    ),
)
MERGE_CATEGORIES = CleaningEntry(
    key="merge_categories",
    title="Merge categories",
    help="Treats several categories as one. Use it where the same thing was written in "
    "different ways, such as yes and Y.",
    stage="values",
    kinds=("category",),
    params=(
        Param("from", "Categories", "columns", (), "The categories that become one."),
        Param("into", "Become", "text", "", "What they are called together."),
    ),
)
DATE_PARTS = CleaningEntry(
    key="date_parts",
    title="Parts of a date",
    help="Gives the network parts of a date as numbers of their own. Use it to choose those "
    "that the answer may depend on.",
    stage="values",
    kinds=("date",),
    params=(
        Param(
            "parts",
            "Parts",
            "columns",
            USUAL_DATE_PARTS,
            "Some of year, month, day, weekday, hour and minute.",
        ),
    ),
)
SMOOTH = CleaningEntry(
    key="smooth",
    title="Smooth noise",
    help="Replaces each value of a series by the mean of the rows up to it. Use it where the "
    "sensor is noisy and short spikes mean nothing.",
    stage="values",
    is_for_series=True,
    params=(
        whole(
            "window",
            "Rows",
            5,
            at_least=2,
            at_most=1000,
            help="How many rows are averaged, the row itself and those before it.",
            unit="rows",
        ),
    ),
)

ENTRIES: tuple[CleaningEntry, ...] = (
    TO_NUMBER,
    TO_DATE,
    DROP_MISSING,
    REMOVE_DUPLICATES,
    DROP_OUTLIERS,
    FILL_MISSING,
    CLIP_OUTLIERS,
    LOG,
    SCALE,
    RARE_CATEGORIES,
    MERGE_CATEGORIES,
    DATE_PARTS,
    SMOOTH,
)
