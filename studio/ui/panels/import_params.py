"""Import settings as Params: how the bytes of each source of data are read."""

from studio.core.design.dataset import DatasetSpec
from studio.core.params import Param, Value, Values, choice, switch, whole

LARGEST_SIDE = 1024
GREY, COLOUR = "1", "3"

_TABLE = (
    choice(
        "delimiter",
        "Between columns",
        ",",
        {",": "Comma  ,", ";": "Semicolon  ;", "\t": "Tab", "|": "Bar  |"},
        help="What stands between two values of a row.",
    ),
    choice(
        "decimal",
        "Decimal mark",
        ".",
        {".": "Point  1.5", ",": "Comma  1,5"},
        help="What stands before the fraction of a number.",
    ),
    choice(
        "thousands",
        "Thousands",
        "",
        {"": "Nothing  1000", ",": "Comma  1,000", ".": "Point  1.000"},
        help="What stands between the thousands of a number.",
    ),
    choice(
        "encoding",
        "Encoding",
        "utf-8",
        {
            "utf-8": "UTF-8",
            "utf-16": "UTF-16",
            "utf-16-le": "UTF-16 LE",
            "utf-16-be": "UTF-16 BE",
            "gb18030": "GB 18030",
            "cp1252": "Windows 1252",
            "latin-1": "Latin 1",
        },
        help="How letters are written in the file. Choose another if umlauts look wrong.",
    ),
    switch(
        "header",
        "Names in first row",
        True,
        help="The first row of the file holds the names of the columns.",
    ),
)
_IMAGES = (
    whole(
        "height",
        "Height",
        28,
        at_most=LARGEST_SIDE,
        unit="pixels",
        help="All pictures are brought to this height.",
    ),
    whole(
        "width",
        "Width",
        28,
        at_most=LARGEST_SIDE,
        unit="pixels",
        help="All pictures are brought to this width.",
    ),
    choice(
        "channels",
        "Colour",
        GREY,
        {GREY: "Grey", COLOUR: "Red, green, blue"},
        help="Grey pictures need a third of the numbers.",
    ),
)
_IDX = (
    Param(
        "labels",
        "Names of the classes",
        "text",
        "",
        "One for each number in the files, in their order, with commas between them. "
        "Empty keeps the numbers.",
    ),
)
_QUERY = Param(
    "query",
    "Question",
    "text",
    "",
    "An SQL query whose rows are the data. Empty takes all rows of the table.",
)
_HEADER_ROW = whole(
    "header_row",
    "Row of the names",
    1,
    at_least=0,
    at_most=LARGEST_SIDE,
    help="The row that holds the names of the columns, counted from 1; 0 where there is none.",
)


def import_params(dataset: DatasetSpec, tables: tuple[str, ...] = ()) -> tuple[Param, ...]:
    """The params of the source that reads the dataset; `tables` are the sheets of its file."""
    match dataset.source:
        case "table":
            return _of_table(str(dataset.settings.get("format", "text")), dataset, tables)
        case "files" if dataset.summary is not None and dataset.summary.kind != "sound":
            return _IMAGES
        case "idx":
            return _IDX
        case "sql":
            return (_QUERY,)
    return ()


def _of_table(form: str, dataset: DatasetSpec, tables: tuple[str, ...]) -> tuple[Param, ...]:
    if form == "text":
        return _TABLE
    if form == "excel":
        return (_one_of("sheet", "Sheet", dataset, tables), _HEADER_ROW)
    if form == "sqlite":
        return (_one_of("table", "Table", dataset, tables), _QUERY)
    return ()


def _one_of(key: str, title: str, dataset: DatasetSpec, tables: tuple[str, ...]) -> Param:
    in_use = str(dataset.settings.get(key, ""))
    names = tables if in_use in tables else (in_use, *tables)
    choices = {name: name for name in names}
    return choice(key, title, in_use, choices, help="Which part of the file is read.")


def shown_settings(dataset: DatasetSpec) -> dict[str, Value]:
    """The settings in use as their fields show them; of pictures also the size that was found."""
    shape = dataset.summary.sample_shape[-3:] if dataset.summary else ()
    found = dict(zip(("channels", "height", "width"), shape, strict=False))
    in_use = {**found, **dataset.settings} if dataset.source == "files" else dataset.settings
    return {key: str(value) if key == "channels" else value for key, value in in_use.items()}


def with_setting(settings: Values, key: str, value: Value) -> dict[str, Value]:
    """The settings with one changed, in the type that the source reads."""
    kept = int(str(value)) if key == "channels" else value
    return {**settings, key: kept}
