"""What pretrained networks multiply and add, against torch's own counter."""

import json
from dataclasses import replace

import pytest
import torch
from torch import nn
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

from studio.core.catalogue import LAYERS
from studio.core.catalogue.backbone_adds import backbone_adds
from studio.core.catalogue.multiply_adds import multiply_adds
from studio.engine import modules
from studio.engine.backbones import CLASSES, classes_of
from tests import backbones
from tests.calls import call_of

SIZES = {"vit": (3, 8, 12)}
VARIED = [
    ("resnet", {"layer_type": "bottleneck", "downsample_in_bottleneck": True}),
    ("resnet", {"layer_type": "bottleneck", "downsample_in_first_stage": True, "depths": [2, 1]}),
    ("mobilenet_v1", {"depth_multiplier": 0.25, "tf_padding": False}),
    ("mobilenet_v2", {"output_stride": 8, "first_layer_is_expansion": False}),
    ("mobilenet_v2", {"depth_multiplier": 0.3, "finegrained_output": True}),
    ("albert", {"num_hidden_layers": 3, "inner_group_num": 2}),
]


def counted(module: nn.Module, given) -> int:
    """Multiply-adds as torch counts them, two operations each."""
    plain = sdpa_kernel(SDPBackend.MATH)
    with plain, FlopCounterMode(display=False) as counter, torch.no_grad():
        module.eval()(given)
    return counter.get_total_flops() // 2


def given_to(known):
    if known.kind == "text":
        return torch.randint(5, 9, (1, 11))
    return torch.rand(1, *SIZES.get(known.architecture, (3, 45, 70)))


@pytest.mark.parametrize("architecture", backbones.SETTINGS)
def test_each_kind_costs_what_torch_counts(architecture):
    known = backbones.known(architecture)
    layer, name = f"{known.kind}_backbone", f"{known.kind.title()}Backbone"
    given = given_to(known)
    tokens = known.vocabulary if known.kind == "text" else 0
    values = {"backbone": known.as_text()}
    call = call_of(layer, tuple(given.shape[1:]), categories=tokens, **values)
    module = getattr(modules, name)(**LAYERS[layer].arguments(call))
    said = multiply_adds(LAYERS[layer], call, LAYERS[layer].shape(call))
    assert said == counted(module, given)


@pytest.mark.parametrize(("architecture", "settings"), VARIED)
def test_so_does_each_way_in_which_they_are_built(architecture, settings):
    known = backbones.known(architecture)
    kind, model = classes_of(architecture)
    config = kind(**{**json.loads(known.config), **settings})
    network = model(config, **CLASSES[architecture][2])
    known = replace(known, config=config.to_json_string(use_diff=False))
    given = given_to(known)
    assert backbone_adds(known, tuple(given.shape[1:])) == counted(network, given)


@pytest.mark.parametrize("config", ["{}", "[]", "no json", '{"depths": 3, "hidden_sizes": [1]}'])
def test_what_a_configuration_does_not_tell_stays_unknown(config):
    known = replace(backbones.known("resnet"), config=config)
    assert backbone_adds(known, (3, 8, 8)) is None
    assert backbone_adds(replace(known, architecture="another"), (3, 8, 8)) is None
