"""Every template opens as a drawing that can be read at once: no card over another, none far."""

from itertools import combinations

import pytest

from studio import jobs
from studio.core.design.drawing import CANVAS, card_size
from studio.core.design.shown import shown
from studio.core.design.templates import TEMPLATES, project_from_template
from tests.few import few_rows

Box = tuple[float, float, float, float]
LEAST_ZOOM = 0.6  # words of a card are still read
FEW = 90
LONGER = {"demand": 500, "machine": 500, "states": 500, "ratings": 900}


@pytest.mark.parametrize("key", TEMPLATES)
def test_no_card_lies_over_another_and_all_are_in_sight(key: str) -> None:
    with few_rows(FEW, LONGER):
        project = project_from_template(key, jobs.open_sample(TEMPLATES[key].sample))
    drawn = shown(project.graph).graph
    boxes = {}
    for card, (x, y) in drawn.positions.items():
        if card in drawn.nodes:
            width, height = card_size(drawn, card)
            boxes[card] = (x, y, x + width, y + height)
    over = [
        (one, other)
        for one, other in combinations(boxes, 2)
        if _lies_over(boxes[one], boxes[other])
    ]
    assert over == []
    wide = max(box[2] for box in boxes.values()) - min(box[0] for box in boxes.values())
    high = max(box[3] for box in boxes.values()) - min(box[1] for box in boxes.values())
    assert min(CANVAS[0] / wide, CANVAS[1] / high) >= LEAST_ZOOM


def _lies_over(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
