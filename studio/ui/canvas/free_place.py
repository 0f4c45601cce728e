"""Where a card goes that nobody put anywhere: near what was meant, and on no other card."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QPointF, QRectF

from studio.core.design.way import Way
from studio.ui.canvas.geometry import CARD_HEIGHT, CARD_WIDTH, GRID

FURTHEST = 24  # steps of the grid to each side
MARGIN = GRID / 2
NOTE_ROOM = 100.0  # what is wired to nothing says so below itself
# Cards come in rows, so that there is room above and below sooner than beside.
_STEPS_BESIDE = 3


def free_middle(
    middle: QPointF, taken: Sequence[QRectF], seen: QRectF, *, behind: Way | None = None
) -> QPointF:
    """The nearest place where a card covers none, in sight if there is one; else the one meant.

    One `behind` another stays as far behind it and goes aside: a branch lies beside a branch.
    """
    below = NOTE_ROOM if behind is None else 0.0
    home = QRectF(0.0, 0.0, CARD_WIDTH, CARD_HEIGHT)
    home.moveCenter(middle)
    home.adjust(-MARGIN, -MARGIN, MARGIN, MARGIN + below)
    free = []
    for step in _steps(behind):
        card = home.translated(step)
        if any(card.intersects(other) for other in taken):
            continue
        if seen.contains(card):
            return middle + step
        free.append(middle + step)
    return free[0] if free else middle


def reach_of(middle: QPointF) -> QRectF:
    """All the room in which `free_middle` looks."""
    area = QRectF(0.0, 0.0, *(2 * (FURTHEST * GRID + side) for side in (CARD_WIDTH, CARD_HEIGHT)))
    area.moveCenter(middle)
    return area


def _steps(behind: Way | None) -> Iterator[QPointF]:
    """Steps from the place meant, the nearest first; below before above, right before left."""
    along = [step * side for step in range(1, FURTHEST + 1) for side in (1, -1)]
    if behind is not None:
        turned = behind == "down"
        aside = (QPointF(n, 0.0) if turned else QPointF(0.0, n) for n in (0, *along))
        yield from (step * GRID for step in aside)
        return
    beside = [0, *(n for n in along if n % _STEPS_BESIDE == 0)]
    both = [(x, y) for x in beside for y in (0, *along)]
    both.sort(key=lambda step: step[0] ** 2 + step[1] ** 2)
    yield from (QPointF(x, y) * GRID for x, y in both)
