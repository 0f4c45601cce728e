from PySide6.QtWidgets import QLabel

from studio.core.run.results import Beside, Evaluation
from studio.ui.panels.beside import BesideCard


def evaluation(task):
    pixels = bytes(4 * 3 * 3)
    shown = tuple(Beside(place, 4, 3, pixels, pixels, pixels) for place in (1, 0))
    return Evaluation(
        "run-1", "test", task, {}, (1.0, 1.0), (0.9, 0.25), (1, 2), (0, 1), pictures=shown
    )


def said(card):
    return [one.text() for one in card.findChildren(QLabel) if one.text()]


def test_masks_stand_beside_picture_and_truth_the_worst_first(qtbot):
    card = BesideCard()
    qtbot.addWidget(card)
    card.show_evaluation(evaluation("masks"))
    words = said(card)
    assert {"Picture", "Truth", "Answer"} <= set(words)
    assert words.index("25 %") < words.index("90 %")
    pictures = [one for one in card.findChildren(QLabel) if not one.pixmap().isNull()]
    assert len(pictures) == 6


def test_a_rebuilt_picture_stands_below_its_original(qtbot):
    card = BesideCard()
    qtbot.addWidget(card)
    card.show_evaluation(evaluation("images"))
    assert {"Original", "Rebuilt", "0.250"} <= set(said(card))
    assert len([one for one in card.findChildren(QLabel) if not one.pixmap().isNull()]) == 4
