"""Small datasets, written out, for the tests of the Data page's panels."""

from studio.core.design.dataset import (
    ColumnChoice,
    ColumnSummary,
    DatasetSpec,
    DatasetSummary,
    TablePreview,
)

COLUMNS = (
    ColumnSummary(
        "weight",
        "number",
        "input",
        2,
        40,
        low=1.0,
        high=9.0,
        mean=4.5,
        deviation=2.0,
        edges=(1.0, 5.0, 9.0),
        bars=(30, 68),
    ),
    ColumnSummary("colour", "category", "input", 0, 2, ("blue", "red"), (25, 75)),
    ColumnSummary(
        "price",
        "number",
        "target",
        4,
        50,
        low=10.0,
        high=90.0,
        mean=40.0,
        deviation=5.0,
        edges=(10.0, 90.0),
        bars=(96,),
    ),
    ColumnSummary("note", "text", "ignore", 0, 100),
)
ROWS = 100


def table(rows: int = ROWS, **changes) -> DatasetSpec:
    summary = DatasetSummary("table", rows, COLUMNS)
    choices = tuple(ColumnChoice(c.name, c.kind, c.role) for c in COLUMNS)
    given = {
        "source": "table",
        "path": "/somewhere/goods.csv",
        "columns": choices,
        "settings": {
            "delimiter": ",",
            "decimal": ".",
            "thousands": "",
            "encoding": "utf-8",
            "header": True,
        },
        "size": 1234,
        "summary": summary,
    }
    return DatasetSpec(**(given | changes))


def pictures(counts=(3, 1, 2)) -> DatasetSpec:
    labels = tuple("abcdefgh"[: len(counts)])
    columns = (
        ColumnSummary("picture", "image", "input", 0, sum(counts), shape=(1, 4, 4)),
        ColumnSummary("class", "category", "target", 0, len(labels), labels, counts),
    )
    choices = tuple(ColumnChoice(c.name, c.kind, c.role) for c in columns)
    summary = DatasetSummary("images", sum(counts), columns)
    return DatasetSpec("files", "/somewhere/pictures", columns=choices, summary=summary)


def rows_of(start: int, count: int) -> TablePreview:
    numbers = range(start, start + count)
    cells = tuple((float(n), "red", None if n % 10 == 0 else n, "x" * 300) for n in numbers)
    return TablePreview(tuple(c.name for c in COLUMNS), cells, tuple(n + 1 for n in numbers))
