"""What attention looked at: tinted tokens, a map of tokens, a choice of layers, words for none."""

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor

from studio.core.run.told import Attention
from studio.ui.panels.attention import AttentionCard
from studio.ui.panels.attention_drawing import strength_words, tinted
from studio.ui.theme import Theme

WORDS = ("a", "very", "good", "lamp")
POOLED = Attention("Pooling", WORDS, (), ((0.1, 0.2, 0.6, 0.1),))
SELF = Attention("Self", WORDS, WORDS, ((0.7, 0.1, 0.1, 0.1),) * 4)
CROSS = Attention("Cross", WORDS, ("eine", "Lampe"), ((0.5, 0.5, 0.0, 0.0), (0.0, 0.0, 0.04, 0.96)))


@pytest.fixture
def card(qtbot, dressed):
    made = AttentionCard()
    qtbot.addWidget(made)
    made.resize(320, 480)
    with qtbot.waitExposed(made):
        made.show()
    return made


def shown_colors(widget):
    picture = widget.grab().toImage()
    step = 3
    points = range(0, picture.height(), step), range(0, picture.width(), step)
    return {picture.pixelColor(x, y).name() for y in points[0] for x in points[1]}


def test_without_attention_it_says_so(card):
    card.show_attention(())
    assert card.remark.text() == "This network has no attention layer."
    assert not card.map.isVisible()
    assert not card.tokens.isVisible()
    assert not card.layers.isVisible()


def test_a_pooling_shows_its_tokens_and_says_how_much_each_counted(card):
    card.show_attention((POOLED,))
    assert card.tokens.isVisible()
    assert not card.map.isVisible()
    assert not card.layers.isVisible()
    assert card.tokens.accessibleDescription() == "a 10 %, very 20 %, good 60 %, lamp 10 %"


def test_several_layers_can_be_chosen_and_the_last_comes_first(card):
    card.show_attention((SELF, POOLED))
    assert card.layer == "Pooling"
    card.layers.setCurrentIndex(0)
    card.layers.activated.emit(0)
    assert card.map.isVisible()
    assert card.layer == "Self"


def test_the_layer_that_was_looked_at_stays_for_the_next_row(card):
    card.show_attention((SELF, POOLED))
    card.layers.setCurrentIndex(0)
    card.layers.activated.emit(0)
    card.show_attention((SELF, POOLED))
    assert card.layer == "Self"
    card.show_attention((POOLED,))
    assert card.layer == "Pooling"


def test_each_cell_of_a_map_says_what_looked_at_what(card):
    card.show_attention((CROSS,))
    said = {
        card.map.words_at(QPointF(x, y))
        for x in range(0, card.map.width(), 3)
        for y in range(0, card.map.height(), 3)
    }
    assert "Lampe looked at lamp: 96 %" in said
    assert "Lampe looked at good: 4.0 %" in said
    assert "eine looked at a: 50 %" in said
    assert len(said) == 9
    assert card.map.accessibleDescription() == "eine looked most at a, Lampe looked most at lamp"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_map_is_drawn_in_both_themes(card, theme):
    Theme.current().choose(theme)
    card.show_attention((CROSS,))
    assert len(shown_colors(card.map)) > 3


def test_a_long_text_is_drawn_without_words(card):
    many = tuple(f"word{n}" for n in range(90))
    weights = tuple(tuple(float(a == b) for a in range(90)) for b in range(90))
    card.show_attention((Attention("Self", many, many, weights),))
    assert card.map.words_at(QPointF(1, 1)) == "word0 looked at word0: 100 %"
    assert len(shown_colors(card.map)) > 1


def test_words_can_be_read_on_the_strongest_tint(dressed):
    for theme in ("light", "dark"):
        Theme.current().choose(theme)
        ground, ink = Theme.current().color("surface"), Theme.current().color("text")
        assert _contrast(_over(tinted(1.0, 0.55), ground), ink) > 4.5


def _over(color, ground):
    share = color.alphaF()
    mixed = [
        share * mine + (1 - share) * under
        for mine, under in zip(color.getRgbF()[:3], ground.getRgbF()[:3], strict=True)
    ]
    return QColor.fromRgbF(*mixed)


def _contrast(one, other):
    high, low = sorted((_light(one), _light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _light(color):
    parts = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
        for part in color.getRgbF()[:3]
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def test_small_shares_keep_a_digit():
    assert [strength_words(share) for share in (0.004, 0.5, 1.0)] == ["0.4 %", "50 %", "100 %"]
