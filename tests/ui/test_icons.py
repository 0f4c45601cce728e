"""Icons: one style on one grid, tinted, sharp on every screen."""

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon

from studio import assets
from studio.ui.actions import ENTRIES
from studio.ui.icons import icon, pixmap
from studio.ui.panels.column_words import KINDS
from studio.ui.stages import STAGES

FILES = sorted(assets.path("icons").glob("*.svg"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_icon_is_of_one_style(path):
    drawn = path.read_text(encoding="utf-8")
    assert 'viewBox="0 0 20 20"' in drawn
    assert 'stroke="currentColor"' in drawn
    assert 'stroke-width="1.6"' in drawn
    assert 'stroke-linecap="round"' in drawn


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_icon_draws_something(dressed, path):
    image = pixmap(path.stem, "accent").toImage()
    shown = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    solid = [color for color in shown if color.alpha() == 255]
    assert len(solid) > 8
    assert {color.name() for color in solid} == {dressed.color_name("accent").lower()}


def test_every_icon_that_is_named_is_there():
    named = {entry.icon for entry in ENTRIES if entry.icon} | {stage.icon for stage in STAGES}
    named |= {words.icon for words in KINDS.values()}
    assert named <= {path.stem for path in FILES}


def test_an_icon_is_sharp_at_twice_the_size(dressed):
    sizes = icon("data").availableSizes()
    assert QSize(20, 20) in sizes
    assert pixmap("data", ratio=2.0).width() == 40


def test_a_disabled_icon_is_paler(dressed):
    made = icon("data")
    normal = made.pixmap(QSize(20, 20), QIcon.Mode.Normal).toImage()
    disabled = made.pixmap(QSize(20, 20), QIcon.Mode.Disabled).toImage()
    assert normal != disabled
