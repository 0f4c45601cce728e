"""The pens, brushes and fonts of the canvas, made once for a theme so that painting makes none."""

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QFont, QPen, QStaticText

from studio.core.catalogue.entry import FAMILIES
from studio.core.design.block import TINTS
from studio.ui.theme import Theme, font

EDGE_WIDTH = 2.0
HAIRLINE = 1.0
PORT_LINE = 1.6
CHOSEN_WIDTH = 2.0
DOT_SIZE = 1.6
DASHES = (3.0, 2.4)
BAND_ALPHA = 40
SHADOW_SHARE = 0.06
NOTE_LINE_SHARE = 0.4
TINT_ALPHA = 20
PAPER_SHARE, TINT_LINE_SHARE = 0.1, 0.4
GHOST_OPACITY = 0.6


@dataclass(frozen=True, slots=True)
class TintStyle:
    """What a colour that a person chose looks like: behind cards, as paper, line and stripe."""

    ground: QBrush
    paper: QBrush
    line: QPen
    strong: QBrush


@dataclass(frozen=True, slots=True)
class CanvasStyle:
    """Everything the items paint with. Another theme is another style."""

    canvas: QBrush
    dots: QPen
    card: QBrush
    card_pen: QPen
    hovered_pen: QPen
    shadow: QBrush
    muted_pen: QPen
    chosen_pen: QPen
    faulty_pen: QPen
    text: QPen
    soft: QPen
    problem: QPen
    attention: QPen
    problem_card: QBrush
    attention_card: QBrush
    problem_line: QPen
    attention_line: QPen
    edge: QPen
    edge_hovered: QPen
    edge_chosen: QPen
    edge_target: QPen
    edge_faulty: QPen
    port_pen: QPen
    port_offered: QPen
    port_refused: QPen
    band: QBrush
    band_pen: QPen
    families: Mapping[str, QBrush]
    tints: Mapping[str, TintStyle]
    heading_font: QFont
    title_font: QFont
    body_font: QFont
    shape_font: QFont
    small_font: QFont
    link_font: QFont
    far_font: QFont
    mark: QStaticText  # of a note that is closed

    def family(self, family: str) -> QBrush:
        """The colour of a family of layers."""
        return self.families[family]


def style_from(theme: Theme) -> CanvasStyle:
    """The style of a theme."""
    color = theme.color
    return CanvasStyle(
        canvas=QBrush(color("canvas")),
        dots=_square(color("grid"), DOT_SIZE),
        card=QBrush(color("surface")),
        card_pen=_cosmetic(color("line"), HAIRLINE),
        hovered_pen=_cosmetic(color("edge"), HAIRLINE),
        shadow=QBrush(_mixed(color("shadow"), color("canvas"), SHADOW_SHARE)),
        muted_pen=_dashed(_cosmetic(color("edge"), PORT_LINE)),
        chosen_pen=_cosmetic(color("accent"), CHOSEN_WIDTH),
        faulty_pen=_cosmetic(color("problem"), PORT_LINE),
        text=_pen(color("text"), HAIRLINE),
        soft=_pen(color("text_soft"), HAIRLINE),
        problem=_pen(color("problem_text"), HAIRLINE),
        attention=_pen(color("attention_text"), HAIRLINE),
        problem_card=QBrush(color("problem_soft")),
        attention_card=QBrush(color("attention_soft")),
        problem_line=_note_line(color("problem"), color("canvas")),
        attention_line=_note_line(color("attention"), color("canvas")),
        edge=_pen(color("edge"), EDGE_WIDTH),
        edge_hovered=_pen(color("text_soft"), 1.5 * EDGE_WIDTH),
        edge_chosen=_pen(color("accent"), EDGE_WIDTH),
        edge_target=_pen(color("accent"), 2 * EDGE_WIDTH),
        edge_faulty=_dashed(_pen(color("problem"), EDGE_WIDTH)),
        port_pen=_pen(color("edge"), PORT_LINE),
        port_offered=_pen(color("accent"), EDGE_WIDTH),
        port_refused=_pen(color("problem"), EDGE_WIDTH),
        band=QBrush(_faded(color("accent"), BAND_ALPHA)),
        band_pen=_cosmetic(color("accent"), HAIRLINE),
        families={family: QBrush(color(f"family.{family}")) for family in FAMILIES},
        tints={tint: _tint(theme, tint) for tint in TINTS},
        heading_font=font("heading", is_strong=True),
        title_font=font(is_strong=True),
        body_font=font("small"),
        shape_font=font("small", is_strong=True, is_tabular=True),
        small_font=font("smallest", is_tabular=True),
        link_font=font("small", is_strong=True),
        far_font=font("figure", is_strong=True),
        mark=_mark(font(is_strong=True)),
    )


def _mark(of: QFont) -> QStaticText:
    mark = QStaticText("!")
    mark.prepare(font=of)
    return mark


def _tint(theme: Theme, token: str) -> TintStyle:
    color, canvas = theme.color(token), theme.color("canvas")
    return TintStyle(
        ground=QBrush(_faded(color, TINT_ALPHA)),
        paper=QBrush(_mixed(color, theme.color("surface"), PAPER_SHARE)),
        line=_cosmetic(_mixed(color, canvas, TINT_LINE_SHARE), HAIRLINE),
        strong=QBrush(color),
    )


def _pen(color: QColor, width: float) -> QPen:
    return QPen(
        QBrush(color),
        width,
        Qt.PenStyle.SolidLine,
        Qt.PenCapStyle.RoundCap,
        Qt.PenJoinStyle.RoundJoin,
    )


def _cosmetic(color: QColor, width: float) -> QPen:
    pen = _pen(color, width)
    pen.setCosmetic(True)
    return pen


def _note_line(color: QColor, canvas: QColor) -> QPen:
    return _cosmetic(_mixed(color, canvas, NOTE_LINE_SHARE), HAIRLINE)


def _square(color: QColor, width: float) -> QPen:
    """For dots: round ones cost seven times as much to paint and look the same."""
    pen = _cosmetic(color, width)
    pen.setCapStyle(Qt.PenCapStyle.SquareCap)
    return pen


def _dashed(pen: QPen) -> QPen:
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    pen.setDashPattern(list(DASHES))
    return pen


def _mixed(one: QColor, other: QColor, share: float) -> QColor:
    """Opaque: a see-through fill costs four times as much to paint."""
    rest = 1.0 - share
    return QColor.fromRgbF(
        one.redF() * share + other.redF() * rest,
        one.greenF() * share + other.greenF() * rest,
        one.blueF() * share + other.blueF() * rest,
    )


def _faded(color: QColor, alpha: int) -> QColor:
    faded = QColor(color)
    faded.setAlpha(alpha)
    return faded
