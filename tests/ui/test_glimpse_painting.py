"""Maps of a layer in the small frame of a card: as large as they fit, in even rows."""

import pytest
from PySide6.QtCore import QSizeF

from studio.core.run.glimpse import Glimpse, Plane
from studio.ui.glimpse_painting import GAP, SHARPNESS, pixmap_of
from studio.ui.theme import Theme

STRIP = QSizeF(116, 44)  # as on a card


def rows_of_maps(count: int) -> list[int]:
    """How many maps stand in each row, counted on the painted picture."""
    dark = Plane(2, 2, bytes((255,) * 4))
    image = pixmap_of(Glimpse("maps", (count, 2, 2), (dark,) * count), STRIP).toImage()
    ground = Theme.current().color("sunken").rgb()

    def runs(line: list[bool]) -> int:
        return sum(now and not before for before, now in zip([False, *line], line, strict=False))

    def is_inked(x: int, y: int) -> bool:
        return image.pixel(x, y) != ground

    inside = range(int(6 * SHARPNESS), image.width() - int(6 * SHARPNESS))
    found: list[int] = []
    was_inked = False
    for y in range(int(GAP * SHARPNESS), image.height() - int(GAP * SHARPNESS)):
        inked = runs([is_inked(x, y) for x in inside])
        if inked and not was_inked:
            found.append(inked)
        was_inked = bool(inked)
    return found


@pytest.mark.parametrize(
    ("count", "rows"), [(1, [1]), (2, [2]), (6, [3, 3]), (7, [4, 3]), (10, [5, 5]), (16, [5, 5])]
)
def test_maps_stand_in_even_rows(dressed, count, rows):
    assert rows_of_maps(count) == rows
