"""The lists of usual layers and of other names speak of layers that there are."""

from studio.core.catalogue import LAYERS
from studio.core.catalogue.entry import FAMILIES
from studio.core.catalogue.usual import ALSO_CALLED, USUAL


def test_every_key_is_that_of_a_layer_and_stands_once():
    assert set(USUAL) | set(ALSO_CALLED) <= set(LAYERS)
    assert len(USUAL) == len(set(USUAL))


def test_every_family_that_has_layers_shows_some():
    used = {entry.family for entry in LAYERS.values()}
    assert {LAYERS[key].family for key in USUAL} == used & set(FAMILIES)


def test_other_names_are_small_letters():
    assert all(names == names.casefold() for names in ALSO_CALLED.values())
