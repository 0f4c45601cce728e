"""The words on a card: smaller before they are cut, and cut in the middle, never at the number."""

from PySide6.QtGui import QFontMetricsF

from studio.ui.canvas.faces import Face
from studio.ui.canvas.geometry import TEXT_WIDTH
from studio.ui.canvas.node_words import lines_of
from studio.ui.canvas.style import style_from
from studio.ui.theme import Theme


def words(title: str, badge: str = "") -> list[str]:
    lines = lines_of(Face(title, "linear", badge), style_from(Theme.current()), 60.0)
    for _pen, font, _place, text in lines:
        assert QFontMetricsF(font).horizontalAdvance(text.text()) <= TEXT_WIDTH
    return [text.text() for _pen, _font, _place, text in lines]


def test_what_is_a_little_too_wide_is_written_smaller(qapp):
    metrics, badge = QFontMetricsF(style_from(Theme.current()).body_font), "hop"
    while metrics.horizontalAdvance(badge) <= TEXT_WIDTH:
        badge += "i"
    assert words("Max pool 2D 1", badge) == ["Max pool 2D 1", badge]


def test_what_is_far_too_wide_keeps_its_number(qapp):
    [title] = words("Transposed convolution 2D 17")
    assert title.endswith("D 17")
    assert title.startswith("Transp")
    assert "…" in title
