"""Import settings of tables: what a person may choose for each format, as Params."""

from collections.abc import Mapping

from studio.core.params import Param, choice, switch, whole

LAST_ROW = 1_048_576  # the last row of an Excel sheet

TEXT_TABLE: tuple[Param, ...] = (
    choice(
        "delimiter",
        "Between columns",
        ",",
        {
            ",": "Comma  ,",
            ";": "Semicolon  ;",
            "\t": "Tab",
            "|": "Bar  |",
            "::": "Two colons  ::",
        },
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
        {
            "": "Nothing  1000",
            ",": "Comma  1,000",
            ".": "Point  1.000",
            " ": "Space  1 000",
            "'": "Apostrophe  1'000",
        },
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
            "gb18030": "GB 18030 (GBK)",
            "cp1252": "Windows 1252",
            "latin-1": "Latin 1",
        },
        help="How letters are written in the file. Choose another if umlauts look wrong.",
    ),
    switch(
        "quoting",
        "Quotation marks hold values together",
        True,
        help="Switch it off where quotation marks are part of the text, as in chat messages.",
    ),
    Param(
        "missing",
        "Also missing",
        "text",
        "",
        "What else stands for a missing value, with commas between: -999, unknown. "
        "Empty values, NA, NaN, null and ? always do.",
    ),
    switch(
        "header",
        "Names in first row",
        True,
        help="The first row of the file holds the names of the columns.",
    ),
)
EXCEL: tuple[Param, ...] = (
    Param("sheet", "Sheet", "text", "", "Which sheet of the workbook is read."),
    whole(
        "header_row",
        "Row of names",
        1,
        at_least=0,
        at_most=LAST_ROW,
        help="The row of the sheet that holds the names of the columns. 0: there is none.",
    ),
)
SQL: tuple[Param, ...] = (
    Param("table", "Table", "text", "", "Which table of the database is read."),
    Param(
        "query",
        "Query",
        "text",
        "",
        "What to read instead of a whole table, for example SELECT * FROM measurements.",
    ),
)
COLUMNAR: tuple[Param, ...] = ()
JSON: tuple[Param, ...] = ()

# By the setting `format` that every table has.
READING: Mapping[str, tuple[Param, ...]] = {
    "text": TEXT_TABLE,
    "excel": EXCEL,
    "parquet": COLUMNAR,
    "feather": COLUMNAR,
    "json": JSON,
    "jsonl": JSON,
    "sqlite": SQL,
    "sql": SQL[1:],
}
