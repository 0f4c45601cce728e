"""Every layer with any settings comes back from a project file; every choice is told in words."""

import json
import re
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.core.catalogue import (
    AUGMENTATION,
    CLEANING,
    INITIALIZATIONS,
    LAYERS,
    LOSSES,
    OPTIMIZERS,
    SCHEDULES,
)
from studio.core.catalogue.entry import Entry
from studio.core.catalogue.formats import FORMATS
from studio.core.design.edits import add_node
from studio.core.design.graph import Graph
from studio.core.design.project import Project
from studio.core.design.storage import project_from_json, to_json
from studio.core.params import Param, Value
from tests.builders import table
from tests.calls import values_of

SHELVES: dict[str, Mapping[str, Entry]] = {
    "layers": LAYERS,
    "losses": LOSSES,
    "optimizers": OPTIMIZERS,
    "schedules": SCHEDULES,
    "initial weights": INITIALIZATIONS,
    "augmentation": AUGMENTATION,
    "cleaning": CLEANING,
    "formats": FORMATS,
}


@pytest.mark.parametrize("layer", LAYERS)
@settings(max_examples=20)
@given(data=st.data())
def test_a_layer_comes_back_with_its_settings(layer: str, data: st.DataObject) -> None:
    params = LAYERS[layer].params
    values = {
        one.key: data.draw(values_of(one).filter(lambda v, p=one: _is_fine(p, v))) for one in params
    }
    graph, node = add_node(Graph(), layer, (1.5, -2.0), values)
    project = Project(table(), graph)
    again = project_from_json(json.loads(json.dumps(to_json(project))))
    assert again.graph == graph
    found = again.graph.nodes[node].params
    assert [type(found[key]) for key in found] == [
        type(graph.nodes[node].params[key]) for key in found
    ]


def _is_fine(param: Param, value: Value) -> bool:
    try:
        param.check(value)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("shelf", SHELVES.values(), ids=SHELVES)
def test_what_can_be_chosen_has_a_title_of_its_own(shelf: Mapping[str, Entry]) -> None:
    titles = [entry.title.casefold() for entry in shelf.values()]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("shelf", SHELVES.values(), ids=SHELVES)
def test_what_can_be_chosen_says_what_it_does_and_when_to_use_it(
    shelf: Mapping[str, Entry],
) -> None:
    short = [
        key
        for key, entry in shelf.items()
        if len(re.split(r"(?<=[.:;])\s+(?=\S)", entry.help)) < 2 or not entry.help.endswith(".")
    ]
    assert short == []
