"""Editors as they stand in narrow places."""

import pytest

from studio.ui.editors import Combo


@pytest.fixture
def combo(qtbot, dressed):
    made = Combo()
    qtbot.addWidget(made)
    for words in ("Input", "Target", "Input and target, both of them at once"):
        made.addItem(words)
    made.resize(90, made.sizeHint().height())
    with qtbot.waitExposed(made):
        made.show()
    return made


def test_the_list_of_a_narrow_box_shows_its_longest_words(combo):
    combo.showPopup()
    words = combo.fontMetrics().horizontalAdvance(combo.itemText(2))
    assert combo.view().width() > words > combo.width()
    combo.hidePopup()
