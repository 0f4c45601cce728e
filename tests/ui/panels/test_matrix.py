"""The digits of the confusion matrix can be read on every colour that a cell may have."""

import pytest

from studio.ui.panels.matrix import LEAST_CONTRAST, cell_ground, cell_ink, contrast
from studio.ui.theme import Theme


@pytest.fixture(params=["light", "dark"])
def theme(request, qapp):
    made = Theme()
    made.choose(request.param)
    return made


@pytest.mark.parametrize("is_right", [True, False])
def test_digits_are_legible_on_the_palest_the_fullest_and_every_colour_between(theme, is_right):
    for share in range(1, 201):
        ground = cell_ground(theme, share / 200, is_right=is_right)
        assert contrast(ground, cell_ink(theme, ground)) >= LEAST_CONTRAST, share


@pytest.mark.parametrize("is_right", [True, False])
def test_the_ink_turns_once_at_most_between_dark_and_light(theme, is_right):
    """Not to and fro as a cell grows fuller."""
    inks = []
    for share in range(1, 201):
        ground = cell_ground(theme, share / 200, is_right=is_right)
        inks.append(cell_ink(theme, ground).lightnessF() > ground.lightnessF())
    assert sum(one != other for one, other in zip(inks, inks[1:], strict=False)) <= 1
