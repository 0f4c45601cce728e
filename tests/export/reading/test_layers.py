"""Every layer of the catalogue is found again by what torch was asked for."""

import pytest

from studio.core.catalogue import LAYERS
from studio.core.catalogue.entry import Signal
from studio.core.problems import Problem
from studio.export.reading.layers import Found, Setting, full, layer_for
from studio.export.reading.steps import Wanted
from tests.engine.test_contract import REAL_CALLS

CASES = [
    case for case in REAL_CALLS if case.values[0] != "expression" and not
    LAYERS[case.values[0]].is_pretrained
]  # fmt: skip
# Layers that are nothing but others with some settings.
AS_OTHERS = {f"depthwise_conv{n}d": f"conv{n}d" for n in (1, 2, 3)}


@pytest.mark.parametrize(("layer", "call"), CASES)
def test_a_layer_is_found_by_its_class_and_settings(layer, call):
    entry = LAYERS[layer]
    wanted = Wanted(entry.torch_name(call), dict(entry.arguments(call)), ())
    found = layer_for(wanted, Setting(call.inputs, call.ports))
    assert isinstance(found, Found)
    assert found.layer == AS_OTHERS.get(layer, layer)
    again = Setting(call.inputs, call.ports).call(
        {**LAYERS[found.layer].defaults(), **found.values}
    )
    assert full(wanted.kind, LAYERS[found.layer].arguments(again)) == full(
        wanted.kind, wanted.settings
    )


@pytest.mark.parametrize(("layer", "call"), [c for c in CASES if c.values[0] in AS_OTHERS])
def test_what_it_was_before_is_tried_first(layer, call):
    entry = LAYERS[layer]
    wanted = Wanted(entry.torch_name(call), dict(entry.arguments(call)), ())
    found = layer_for(wanted, Setting(call.inputs, call.ports), layer)
    assert isinstance(found, Found)
    assert found.layer == layer


PICTURE = Setting((Signal((3, 8, 8)),))


@pytest.mark.parametrize(
    ("kind", "settings", "layer", "values"),
    [
        ("Conv2d", {"in_channels": 3, "out_channels": 5, "kernel_size": 3, "padding": "same"},
         "conv2d", {"out_channels": 5, "keep_size": True}),
        ("MaxPool2d", {"kernel_size": 3, "stride": None, "padding": 1},
         "max_pool2d", {"kernel_size": (3, 3), "stride": (3, 3), "padding": (1, 1)}),
        ("ReLU", {"inplace": True}, "relu", {}),
        ("Flatten", {}, "flatten", {}),
        ("BatchNorm2d", {"num_features": 3, "eps": 0.001}, "batch_norm", {"eps": 0.001}),
    ],
)  # fmt: skip
def test_settings_may_be_written_in_other_ways(kind, settings, layer, values):
    found = layer_for(Wanted(kind, settings, ()), PICTURE)
    assert isinstance(found, Found)
    assert (found.layer, found.values) == (layer, values)


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("Conv2d", {"in_channels": 4, "out_channels": 5, "kernel_size": 3}),  # other channels
        ("BatchNorm2d", {"num_features": 3, "track_running_stats": False}),
        ("MaxPool2d", {"kernel_size": 2, "return_indices": True}),
        ("Softmax", {"dim": 3}),
    ],
)
def test_what_no_layer_does_is_not_taken_for_one_that_is_near(kind, settings):
    assert layer_for(Wanted(kind, settings, ()), PICTURE) is None


def test_a_layer_that_refuses_what_comes_in_says_why():
    wanted = Wanted("Linear", {"in_features": 8, "out_features": 2}, ())
    found = layer_for(wanted, PICTURE)
    assert isinstance(found, Problem)
    assert "one line of numbers" in found.message
