"""A table of plain text: columns aligned as they are seen, numbers to the right."""

import re
import unicodedata
from collections.abc import Iterator, Sequence

WIDEST = 28
_NUMBER = re.compile(r"[-+]?[\d,]*\.?\d+(e[-+]?\d+)?|", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


def table_lines(
    head: Sequence[str], rows: Sequence[Sequence[str]], *, widest: int = WIDEST
) -> Iterator[str]:
    """The lines of the table; cells that are wider than `widest` are cut short."""
    cells = [[_one_line(cell) for cell in row] for row in (head, *rows)]
    columns = list(zip(*cells, strict=True))
    widths = [min(widest, max(map(seen_width, column))) for column in columns]
    to_right = [_are_numbers(column[1:]) for column in columns]
    for row in cells:
        placed = (_placed(*cell) for cell in zip(row, widths, to_right, strict=True))
        yield "  ".join(placed).rstrip()


def seen_width(text: str) -> int:
    """How many places of a terminal the text takes."""
    return sum(_width_of(letter) for letter in text)


def _width_of(letter: str) -> int:
    if unicodedata.combining(letter) or unicodedata.category(letter) == "Cf":
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def _one_line(cell: str) -> str:
    return " ".join(_CONTROL.sub(" ", cell).split())


def _are_numbers(column: Sequence[str]) -> bool:
    return any(column) and all(_NUMBER.fullmatch(cell) for cell in column)


def _placed(cell: str, width: int, is_right: bool) -> str:  # noqa: FBT001 - from a zip
    cell = cell if seen_width(cell) <= width else _cut(cell, width - 1) + "…"
    room = " " * (width - seen_width(cell))
    return room + cell if is_right else cell + room


def _cut(cell: str, width: int) -> str:
    taken = 0
    for place, letter in enumerate(cell):
        taken += _width_of(letter)
        if taken > width:
            return cell[:place]
    return cell
