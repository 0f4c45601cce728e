"""The rules for multiply-adds against torch's own counter, layer by layer."""

import pytest
import torch
from torch import nn
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

from studio.core.catalogue import LAYERS
from studio.core.catalogue.multiply_adds import RULES, multiply_adds
from studio.core.design.cost import costs_of, total_of
from studio.engine import modules
from studio.engine.build import build
from tests.calls import call_of, is_many, needs_categories, placed_at_ports
from tests.engine.layer_cases import LAYER_CASES
from tests.engine.material import spirals, strokes
from tests.engine.sequence_cases import SEQUENCE_CASES

# Torch counts neither a bilinear product nor an LSTM; it has no slope where nothing comes in.
NOT_COUNTED = {"bilinear", "lstm", "learnt_numbers"}
CASES = [
    pytest.param(
        layer,
        call_of(layer, *shapes, categories=7 if needs_categories(layer) else 0, **values),
        id=f"{layer}-{number}",
    )
    for layer, cases in (LAYER_CASES | SEQUENCE_CASES).items()
    for number, (values, shapes) in enumerate(cases)
    if layer not in NOT_COUNTED and not LAYERS[layer].is_pretrained
]


@pytest.fixture(autouse=True)
def in_plain_steps():
    """Attention by its parts: what is done in one go is not counted."""
    torch.backends.mha.set_fastpath_enabled(False)
    with sdpa_kernel(SDPBackend.MATH):
        yield
    torch.backends.mha.set_fastpath_enabled(True)


def counted(module: nn.Module, *inputs) -> int:
    """Multiply-adds as torch counts them, two operations each."""
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        module.eval()(*inputs)
    return counter.get_total_flops() // 2


def inputs_of(call):
    return [
        torch.randint(signal.categories, (1, *signal.shape))
        if signal.categories
        else torch.randn(1, *signal.shape)
        for signal in call.inputs
    ]


def module_of(layer, call):
    entry = LAYERS[layer]
    name = entry.torch_name(call)
    return (getattr(nn, name, None) or getattr(modules, name))(**entry.arguments(call))


@pytest.mark.parametrize(("layer", "call"), CASES)
def test_the_rule_counts_what_torch_counts(layer, call):
    inputs = inputs_of(call)
    takes = (inputs,) if is_many(layer) else placed_at_ports(call, inputs)
    said = multiply_adds(LAYERS[layer], call, LAYERS[layer].shape(call))
    assert said == counted(module_of(layer, call), *takes)


def test_every_rule_is_tried_or_named():
    tried = {case.values[0] for case in CASES}
    assert set(RULES) - tried <= NOT_COUNTED


@pytest.mark.parametrize(
    ("layer", "values", "shapes", "expected"),
    [
        ("bilinear", {"out_features": 3}, [(4,), (5,)], 3 * 4 * 5),
        ("lstm", {"hidden_size": 4}, [(5, 3)], 5 * 4 * 4 * (3 + 4)),
        ("lstm", {"hidden_size": 4, "bidirectional": True}, [(5, 3)], 2 * 5 * 4 * 4 * (3 + 4)),
    ],
)
def test_what_torch_does_not_count_is_worked_out_by_hand(layer, values, shapes, expected):
    call = call_of(layer, *shapes, **values)
    assert multiply_adds(LAYERS[layer], call, LAYERS[layer].shape(call)) == expected


@pytest.mark.parametrize("task", [spirals, strokes])
def test_a_whole_network_costs_what_torch_counts(task):
    project = task().project
    model = build(project.graph, project.dataset)
    inputs = torch.randn(1, *project.dataset.model_inputs()[0].shape)
    assert total_of(costs_of(project)).multiply_adds == counted(model, inputs)
