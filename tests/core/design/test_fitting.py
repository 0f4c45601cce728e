"""Which layers fit at a place, what they would give, why others do not, and which come first."""

import pytest

from studio.core.catalogue import LAYERS
from studio.core.catalogue.entry import Signal
from studio.core.catalogue.following import AFTER, AFTER_FAMILY, FIRST, FOR_CATEGORIES, FOR_RANK
from studio.core.design.edits import add_node, connect
from studio.core.design.fitting import fits_after, fits_before, fits_instead
from studio.core.design.graph import Edge
from studio.core.design.ranking import Setting, ranked
from studio.core.design.report import examine
from tests.builders import chain, images, table

PICTURE = Signal((32, 26, 26))


@pytest.fixture
def network():
    return chain(images(), "conv2d", "relu", "flatten", ("linear", {"out_features": 10}))


def signals_of(project):
    return {i: one.signal for i, one in examine(project).nodes.items() if one.signal}


def first(fits, place, count=6):
    return ranked(fits, place)[:count]


def test_what_fits_says_what_it_would_give():
    fits = fits_after(PICTURE)
    assert fits["max_pool2d"].signal.shape == (32, 13, 13)
    assert fits["flatten"].signal.shape == (32 * 26 * 26,)
    assert fits["relu"].reason == ""


def test_what_does_not_fit_says_why_in_the_words_of_its_rule():
    fits = fits_after(PICTURE)
    assert "expects one line of numbers" in fits["linear"].reason
    assert "number of a category" in fits["embedding"].reason
    assert fits["input"].reason == "Takes no input."
    assert "too" not in fits["output"].reason


def test_categories_fit_into_an_embedding_alone():
    fits = fits_after(Signal((12,), 500))
    assert fits["embedding"].signal.shape == (12, 32) or fits["embedding"].reason == ""
    assert fits["linear"].reason


def test_what_is_put_into_a_wire_must_lead_on():
    assert not fits_after(PICTURE)["output"].reason
    assert fits_after(PICTURE, leads_on=True)["output"].reason


def test_while_no_shape_is_known_all_that_take_an_input_fit():
    fits = fits_after(None)
    assert [key for key, fit in fits.items() if fit.reason] == [
        key for key, entry in LAYERS.items() if entry.arity[1] == 0
    ]


def test_what_could_feed_an_input_is_asked_of_both_rules(network):
    fits = fits_before(network.graph, "conv2d_1", 0, signals_of(network))
    assert fits["gaussian_noise"].signal.shape == (1, 28, 28)
    assert "expects an image" in fits["flatten"].reason
    assert fits["output"].reason == "Gives nothing to go on with."
    assert not fits["input"].reason


def test_what_could_feed_an_input_beside_another_must_go_with_that():
    project = chain(images(), "conv2d", "add")
    graph = project.graph
    fits = fits_before(graph, "add_1", 1, signals_of(project))
    assert not fits["conv2d"].reason
    assert fits["flatten"].reason


def test_in_the_place_of_a_node_fits_what_takes_its_input(network):
    fits = fits_instead(network.graph, "relu_1", signals_of(network))
    assert fits["gelu"].signal.shape == (32, 26, 26)
    assert fits["linear"].reason
    assert fits["output"].reason, "it would feed nothing"
    assert fits["input"].reason == "Takes no input."


def test_what_usually_follows_comes_first(network):
    signals = signals_of(network)
    empty = network.graph

    def after(node, answers=()):
        place = Setting(graph=empty, before=node, signal=signals[node], answers=answers)
        return first(fits_after(signals[node]), place)

    assert after("input_1")[0] == "conv2d"
    assert after("conv2d_1")[:2] == ("relu", "batch_norm")
    assert after("flatten_1")[0] == "linear"
    assert after("linear_1", [(10,)])[0] == "output"
    assert after("linear_1", [(7,)])[0] != "output"


def test_a_picture_that_is_small_enough_is_flattened():
    graph = chain(images(1, 12, 12), "max_pool2d").graph
    small = Setting(graph=graph, before="max_pool2d_1", signal=Signal((32, 6, 6)))
    large = Setting(graph=graph, before="max_pool2d_1", signal=Signal((32, 60, 60)))
    assert first(fits_after(small.signal), small)[0] == "flatten"
    assert first(fits_after(large.signal), large)[0] == "conv2d"


def test_what_was_used_lately_moves_up():
    place = Setting(signal=PICTURE)
    later = Setting(signal=PICTURE, recent=("mish", "prelu"))
    fits = fits_after(PICTURE)
    assert ranked(fits, later).index("mish") < ranked(fits, place).index("mish")
    assert ranked(fits, later).index("mish") < ranked(fits, later).index("prelu")


def test_what_was_drawn_here_before_moves_up():
    project = chain(images(), "conv2d", "hardswish", "conv2d", "hardswish", "conv2d")
    signal = signals_of(project)["conv2d_3"]
    place = Setting(graph=project.graph, before="conv2d_3", signal=signal)
    assert "hardswish" in first(fits_after(signal), place, 3)


def test_what_usually_stands_before_a_layer_comes_first(network):
    graph = network.graph
    graph = connect(graph, Edge("relu_1", "flatten_1"))
    fits = fits_before(graph, "linear_1", 0, signals_of(network))
    order = ranked(fits, Setting(graph=graph, after="linear_1"))
    assert "dropout" in order[:8]
    assert all(not fits[key].reason for key in order[:20])


def test_layers_that_do_not_fit_are_behind_all_that_do():
    fits = fits_after(PICTURE)
    refused = [bool(fits[key].reason) for key in ranked(fits, Setting(signal=PICTURE))]
    assert refused == sorted(refused)


def test_an_empty_canvas_begins_with_its_input():
    fits = {key: fit for key, fit in fits_after(None).items() if key != "input"}
    fits["input"] = type(next(iter(fits.values())))()
    assert ranked(fits, Setting())[0] == "input"


def test_the_tables_name_layers_that_there_are():
    named = [*FIRST, *FOR_CATEGORIES, *AFTER]
    for row in (*AFTER.values(), *AFTER_FAMILY.values(), *FOR_RANK.values()):
        named += row
    assert set(named) <= set(LAYERS)
    assert set(AFTER_FAMILY) <= {entry.family for entry in LAYERS.values()}


def test_no_layer_fails_when_it_is_asked():
    graph, node = add_node(chain(table(), "linear").graph, "add", (0.0, 0.0))
    for signal in (Signal((1,)), Signal((2, 3, 4, 5)), Signal((9,), 7)):
        assert set(fits_after(signal)) == set(LAYERS)
        assert set(fits_before(graph, node, 0, {"input_1": signal})) == set(LAYERS)


def test_what_is_like_the_layer_whose_place_it_takes_comes_first(network):
    graph, signals = network.graph, signals_of(network)
    fits = dict(fits_instead(graph, "relu_1", signals))
    del fits["relu"]
    place = Setting(
        graph=graph,
        before="conv2d_1",
        after="flatten_1",
        signal=signals["conv2d_1"],
        instead_of="relu_1",
        gives=signals["relu_1"],
    )
    assert {LAYERS[key].family for key in first(fits, place)} == {"activation"}
    assert first(fits, place)[0] == "gelu"
