"""The look: every token in both themes, readable words, fonts carried along, live change."""

import json
import re

import pytest
from PySide6.QtGui import QColor, QFontInfo, QPalette

from studio import assets
from studio.core.catalogue.entry import FAMILIES
from studio.ui.theme import Theme, font

NAMES = ("light", "dark")
LEAST_CONTRAST = 4.5
GROUNDS = ("window", "surface", "sunken", "canvas")
# The words and the grounds they may stand on.
READ = [
    *(("text", ground) for ground in GROUNDS),
    *(("text_soft", ground) for ground in GROUNDS),
    ("text", "accent_soft"),
    ("text", "hover"),
    ("text_soft", "hover"),
    ("accent", "surface"),
    ("accent", "accent_soft"),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    ("on_accent", "accent_pressed"),
    ("good_text", "good_soft"),
    ("good_text", "surface"),
    ("attention_text", "attention_soft"),
    ("attention_text", "surface"),
    ("problem_text", "problem_soft"),
    ("problem_text", "surface"),
    ("surface", "text"),
]


def tokens(name):
    return json.loads(assets.text("themes", f"{name}.json"))


def brightness(value):
    def linear(part):
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    color = QColor(value)
    red, green, blue = (linear(p) for p in (color.redF(), color.greenF(), color.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    high, low = sorted((brightness(one), brightness(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_both_themes_name_the_same_meanings():
    assert tokens("light").keys() == tokens("dark").keys()


@pytest.mark.parametrize("name", NAMES)
def test_every_family_has_a_colour_of_its_theme(name):
    assert {f"family.{family}" for family in FAMILIES} <= tokens(name).keys()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("words", "ground"), READ)
def test_words_can_be_read(name, words, ground):
    found = tokens(name)
    assert contrast(found[words], found[ground]) >= LEAST_CONTRAST


def test_the_style_sheet_asks_only_for_tokens_that_there_are():
    wanted = set(re.findall(r"@([a-z_]+)", assets.text("themes", "studio.qss")))
    assert wanted
    assert wanted <= tokens("light").keys()


def test_the_style_sheet_holds_no_colour_of_its_own():
    assert not re.findall(r"#[0-9A-Fa-f]{3,8}\b", assets.text("themes", "studio.qss"))


def test_the_carried_typeface_is_the_one_that_is_shown(dressed):
    assert QFontInfo(font()).family() == "Inter"
    assert QFontInfo(font("figure", is_strong=True)).pixelSize() == 20


def test_choosing_dark_changes_every_colour_at_once(dressed, qapp, qtbot):
    light = dressed.color_name("surface")
    with qtbot.waitSignal(dressed.changed):
        dressed.choose("dark")
    assert dressed.is_dark
    assert dressed.color_name("surface") != light
    assert qapp.palette().color(QPalette.ColorRole.Base) == dressed.color("surface")
    assert dressed.color_name("surface") in qapp.styleSheet()


def test_as_the_system_is_light_where_the_system_says_nothing(dressed):
    dressed.choose("dark")
    dressed.choose("system")
    assert dressed.name == "light"


def test_without_motion_everything_takes_no_time(dressed):
    assert dressed.duration() > 0
    dressed.has_motion = False
    assert dressed.duration() == 0


def test_a_colour_that_was_handed_out_can_be_changed_without_harm(dressed):
    Theme.current().color("accent").setAlpha(0)
    assert dressed.color("accent").alpha() == 255
