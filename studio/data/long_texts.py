"""Values of more than a megabyte are refused with their place before anything looks at them."""

import pyarrow as pa
import pyarrow.compute as pc

from studio.core.problems import Place, StudioError, refuse
from studio.core.words import tr
from studio.data.opened import OpenedTable, Pieces
from studio.data.unpack import shown

LONGEST_TEXT = 1024**2  # bytes; as long as a line of a text table may be


def without_long_texts(opened: OpenedTable, pieces: Pieces) -> Pieces:
    """The same pieces; StudioError for the first value that is longer than `LONGEST_TEXT`."""
    row = 0
    for found in pieces:
        for name, piece in found.items():
            if isinstance(piece, pa.Array | pa.ChunkedArray) and piece.nbytes > LONGEST_TEXT:
                lengths = pc.binary_length(piece)
                if (pc.max(lengths).as_py() or 0) > LONGEST_TEXT:
                    at = pc.index(pc.greater(lengths, LONGEST_TEXT), True).as_py()
                    raise _too_long(opened, name, row + at + 1)
        row += len(next(iter(found.values()), ()))
        yield found


def _too_long(opened: OpenedTable, name: str, row: int) -> StudioError:
    return refuse(
        tr(
            "Column {name} of {file} holds a value of more than {size} MB (row {row}). Expected "
            "shorter ones.",
            name=name,
            file=opened.name,
            size=LONGEST_TEXT // 1024**2,
            row=row,
        ),
        tr("Shorten the value, or leave that row out."),
        place=Place("file", shown(opened.path)),
        code="long-value",
    )
