"""How the tokens of a text are laid out and painted as chips that fill the width."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from studio.core.words import tr
from studio.ui.theme import SPACE_1, SPACE_2, Theme

CHIP_HEIGHT, CHIP_RADIUS, GAP = 22, 5, 3
MOST_LINES = 4
WIDEST_CHIP = 180
UNKNOWN = 1
TINT = {"light": 0.14, "dark": 0.26}
TOKENS = tuple(f"series.{number}" for number in range(1, 9))
SPACES = {"\n": "⏎", "\t": "⇥", " ": "␣", "": "∅"}


@dataclass(frozen=True, slots=True)
class Chip:
    """One token in its place; `is_cut` ones are beyond the length, `number` is its token id."""

    area: QRectF
    words: str
    number: int
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Chips:
    """All chips of a text, how high they stand, and how many found no room."""

    chips: tuple[Chip, ...]
    height: float
    hidden: int


def laid_out(
    tokens: Sequence[str], ids: Sequence[int], cut: int, metrics: QFontMetricsF, width: float
) -> Chips:
    """Chips from left to right, line by line; the first `cut` tokens are beyond the length."""
    chips: list[Chip] = []
    x = y = 0.0
    for place, (token, number) in enumerate(zip(tokens, ids, strict=False)):
        words = SPACES.get(token, token)
        wide = min(metrics.horizontalAdvance(words) + 2 * SPACE_2, WIDEST_CHIP)
        if x and x + wide > width:
            x, y = 0.0, y + CHIP_HEIGHT + GAP
        if y >= MOST_LINES * (CHIP_HEIGHT + GAP):
            return Chips(tuple(chips), y - GAP, len(tokens) - place)
        chips.append(Chip(QRectF(x, y, wide, CHIP_HEIGHT), words, number, place < cut))
        x += wide + GAP
    return Chips(tuple(chips), y + CHIP_HEIGHT if chips else 0.0, 0)


def paint_chips(painter: QPainter, chips: Chips, left: float, top: float) -> None:
    """The chips; unknown tokens have a dashed edge, those beyond the length are pale."""
    metrics = QFontMetricsF(painter.font())
    for chip in chips.chips:
        _paint_chip(painter, chip, chip.area.translated(left, top), metrics)


def more_words(hidden: int) -> str:
    """How many tokens found no room."""
    return tr("and {count} more tokens", count=hidden) if hidden else ""


def _paint_chip(painter: QPainter, chip: Chip, area: QRectF, metrics: QFontMetricsF) -> None:
    theme = Theme.current()
    painter.setOpacity(0.4 if chip.is_cut else 1.0)
    if chip.number == UNKNOWN:
        painter.setPen(QPen(theme.color("attention"), 1.2, Qt.PenStyle.DashLine))
        painter.setBrush(theme.color("attention_soft"))
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_tinted(TOKENS[chip.number % len(TOKENS)]))
    painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), CHIP_RADIUS, CHIP_RADIUS)
    painter.setPen(theme.color("attention_text" if chip.number == UNKNOWN else "text"))
    room = area.adjusted(SPACE_1, 0, -SPACE_1, 0)
    words = metrics.elidedText(chip.words, Qt.TextElideMode.ElideRight, room.width())
    painter.drawText(room, Qt.AlignmentFlag.AlignCenter, words)
    painter.setOpacity(1.0)


def _tinted(token: str) -> QColor:
    theme = Theme.current()
    made = theme.color(token)
    made.setAlphaF(TINT[theme.name])
    return made
