"""Pictures on cards that stand where a person put them: as high as there is room, never above."""

from PySide6.QtCore import QRectF

from studio.core.design.edits import NODE_SIZE, PICTURE_HEIGHT
from studio.ui.canvas.picture_room import CLEARANCE, STRIPS, strips_of

WIDE, HIGH = NODE_SIZE
LOW = STRIPS[1]


def card(x: float, y: float) -> QRectF:
    return QRectF(x, y, WIDE, HIGH)


def column(gap: float) -> dict[str, QRectF]:
    return {"upper": card(0, 0), "lower": card(20, HIGH + gap)}


def strip(gap: float, **others: list[QRectF]) -> float:
    return strips_of(["upper"], column(gap), **others)["upper"]


def test_with_much_room_a_picture_is_high_with_little_low_and_with_none_there_is_none() -> None:
    assert strip(PICTURE_HEIGHT + CLEARANCE) == PICTURE_HEIGHT
    assert strip(PICTURE_HEIGHT + CLEARANCE - 1) == LOW
    assert strip(LOW + CLEARANCE) == LOW
    assert strip(LOW + CLEARANCE - 1) == 0.0
    assert strip(-20.0) == 0.0  # they lie on one another as it is


def test_what_stands_beside_or_above_is_in_nobodys_way() -> None:
    cards = {"one": card(0, 0), "beside": card(WIDE + 40, 0), "above": card(0, -HIGH - 8)}
    found = strips_of(cards, cards)
    assert found == {"one": PICTURE_HEIGHT, "beside": PICTURE_HEIGHT, "above": 0.0}


def test_a_port_that_stands_out_below_counts_as_well() -> None:
    cards = {"upper": card(0, 0), "lower": card(WIDE + 4, HIGH + 10)}
    assert strips_of(["upper"], cards) == {"upper": 0.0}


def test_a_picture_stays_in_the_frame_that_a_person_drew() -> None:
    frame = card(0, 0).adjusted(-20, -40, 20, 40)
    assert strip(300.0, remarks=[frame]) == LOW
    assert strip(300.0, remarks=[frame.adjusted(0, 0, 0, 20)]) == PICTURE_HEIGHT


def test_the_frame_of_an_open_block_grows_only_where_nothing_is_below_it() -> None:
    """The card below stands beside the upper one, but under the frame around it."""
    cards = {"upper": card(0, 0), "lower": card(WIDE + 40, HIGH + 60)}
    frame = card(0, 0).adjusted(-20, -40, WIDE + 60, 20)
    assert strips_of(["upper"], cards)["upper"] == PICTURE_HEIGHT
    assert strips_of(["upper"], cards, frames=[frame])["upper"] == LOW
