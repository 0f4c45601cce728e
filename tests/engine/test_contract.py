"""Every layer against torch: the same shape, the same weights, and a module that can leave."""

import io
from collections.abc import Sequence
from dataclasses import replace
from math import prod

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, fx, nn

from studio.core.catalogue import LAYERS
from studio.core.catalogue.entry import LayerCall, Signal
from studio.core.problems import Problem
from studio.core.shapes import Shape
from studio.engine import modules
from tests.calls import (
    INNER_LAYERS,
    call_of,
    is_many,
    needs_categories,
    placed_at_ports,
    random_calls,
)
from tests.engine.layer_cases import LAYER_CASES
from tests.engine.sequence_cases import SEQUENCE_CASES

BATCH = 3
TORCH_REFUSES = (
    RuntimeError,
    ValueError,
    IndexError,
    TypeError,
    NotImplementedError,
    AssertionError,
)

# What torch refuses only where numbers are worked out, not on its device without numbers.
REFUSED_WITH_NUMBERS = {"too-much-at-end", "other-tokens", "text-too-long"}
# Where the rules are stricter than torch, and why.
STRICTER = {
    "wrong-rank": "torch takes the batch for channels where one size is missing",
    "needs-flatten": "torch would weigh each row of an image alone",
    "even-kernel": "torch would have to copy the input to pad one side",
    "shapes-differ": "torch stretches sizes of 1, which is seldom meant",
    "needs-tokens": "torch takes any number that is not 0 for a token",
    "lengths-differ": "torch stretches a single token over all steps",
    "uneven-patches": "torch leaves out what remains at the border",
    "formula-sizes": "torch would line up the rows of one input with the sizes of another",
    "one-number": "torch brings a number that stands alone to 0, whatever it is",
    "not-one": "torch takes nothing away where the size is not 1",
    "slice-out-of-range": "torch takes what there is, be it nothing",
    "nothing-left": "torch would give no number at all",
    "odd-power": "torch gives no number where a sum of odd powers is negative",
}
STRICTER_CASES = [
    ("wrong-rank", "conv2d", call_of("conv2d", (4, 4)), nn.Conv2d(BATCH, 8, 3)),
    ("needs-flatten", "linear", call_of("linear", (2, 3, 4)), nn.Linear(4, 8)),
    (
        "even-kernel",
        "conv1d",
        call_of("conv1d", (2, 8), kernel_size=2, keep_size=True),
        nn.Conv1d(2, 8, 2, padding="same"),
    ),
    (
        "formula-sizes",
        "expression",
        call_of("expression", (2,), (BATCH, 2), expression="a + b"),
        modules.Expression("a + b", 2),
    ),
    ("one-number", "group_norm", call_of("group_norm", (4,)), nn.GroupNorm(4, 4)),
    ("not-one", "squeeze", call_of("squeeze", (4, 3)), modules.Squeeze(1)),
    ("slice-out-of-range", "slice", call_of("slice", (4,), start=9), modules.Slice(1, 9, 4, 1)),
    (
        "nothing-left",
        "crop1d",
        call_of("crop1d", (2, 4), before=3, after=1),
        modules.Crop((3,), (1,)),
    ),
    ("odd-power", "lp_pool1d", call_of("lp_pool1d", (2, 8), norm_type=3), nn.LPPool1d(3, 2)),
    ("shapes-differ", "add", call_of("add", (2, 8), (1, 8)), modules.Add()),
    (
        "needs-tokens",
        "attention_pooling",
        replace(
            call_of("attention_pooling", (5, 4)), inputs=(Signal((5, 4)), Signal((5,))), ports=()
        ),
        modules.AttentionPooling(4, 3),
    ),
    (
        "lengths-differ",
        "attention_pooling",
        call_of("attention_pooling", (5, 4), (1,)),
        modules.AttentionPooling(4, 3),
    ),
    (
        "uneven-patches",
        "patch_embedding",
        call_of("patch_embedding", (1, 7, 8), patch=4),
        modules.PatchEmbedding(1, 8, (4, 4), True),
    ),
]

CASES = LAYER_CASES | SEQUENCE_CASES
REAL_CALLS = [
    pytest.param(
        layer,
        call_of(layer, *shapes, categories=7 if needs_categories(layer) else 0, **values),
        id=f"{layer}-{number}",
    )
    for layer, cases in CASES.items()
    for number, (values, shapes) in enumerate(cases)
]
# What these give hangs neither on weights nor on what comes in.
FIXED = {"constant_numbers"}
LEARNING_CALLS = [call for call in REAL_CALLS if call.values[0] not in FIXED]
KEEPING_CALLS = [call for call in REAL_CALLS if LAYERS[str(call.values[0])].keeps_indices]


def test_every_layer_is_tried_for_real() -> None:
    assert set(CASES) == set(INNER_LAYERS)
    ends = set(LAYERS) - set(INNER_LAYERS)
    assert {LAYERS[key].torch for key in ends} == {"Identity"}


@pytest.mark.parametrize("layer", INNER_LAYERS)
@settings(max_examples=100)
@given(data=st.data())
def test_the_rule_says_what_torch_does(layer: str, data: st.DataObject) -> None:
    call = data.draw(random_calls(layer))
    entry = LAYERS[layer]
    said = entry.shape(call)
    if isinstance(said, Problem):
        if said.code not in STRICTER:
            with pytest.raises(TORCH_REFUSES):
                _tried(layer, call, has_numbers=said.code in REFUSED_WITH_NUMBERS)
        return
    module, given_by_torch = _tried(layer, call)
    assert given_by_torch == said
    assert _trainable(module) == entry.weights(call)


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")
@pytest.mark.parametrize(("code", "layer", "call", "module"), STRICTER_CASES)
def test_where_the_rule_is_stricter_torch_would_go_on(
    code: str, layer: str, call: LayerCall, module: nn.Module
) -> None:
    said = LAYERS[layer].shape(call)
    assert isinstance(said, Problem)
    assert said.code == code
    inputs = _inputs(call, BATCH)
    takes = (inputs,) if is_many(layer) else placed_at_ports(call, inputs)
    assert torch.is_tensor(module(*takes))


def test_each_stricter_rule_has_its_case() -> None:
    assert {case[0] for case in STRICTER_CASES} == set(STRICTER)


@pytest.mark.parametrize(("layer", "call"), LEARNING_CALLS)
def test_a_real_layer_learns(layer: str, call: LayerCall) -> None:
    module = _network(layer, call).train()
    inputs = [_learnt(tensor) for tensor in _inputs(call, 4)]
    answer = module(*inputs)
    assert tuple(answer.shape[1:]) == LAYERS[layer].shape(call)
    (answer * torch.rand_like(answer)).sum().backward()
    assert _trainable(module) == LAYERS[layer].weights(call)
    slopes = [weight.grad for weight in module.parameters()]
    slopes += [tensor.grad for tensor in inputs if tensor.requires_grad]
    assert all(slope is not None and torch.isfinite(slope).all() for slope in slopes)
    assert any(slope is not None and slope.abs().sum() > 0 for slope in slopes)


@pytest.mark.parametrize(("layer", "call"), KEEPING_CALLS)
def test_a_layer_that_keeps_categories_hands_on_whole_numbers(layer: str, call: LayerCall) -> None:
    categories = replace(call, inputs=tuple(replace(i, categories=9) for i in call.inputs))
    (given,) = _inputs(categories, 3)
    answer = _network(layer, call)(given)
    assert answer.dtype == given.dtype
    assert set(answer.flatten().tolist()) <= set(given.flatten().tolist())


# Said of every fx.GraphModule, and of every recurrent module that is exported; both come out right.
@pytest.mark.filterwarnings("ignore:The TorchScript type system doesn't support")
@pytest.mark.filterwarnings("ignore::torch.jit.TracerWarning")
@pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing`:FutureWarning")
@pytest.mark.parametrize(("layer", "call"), REAL_CALLS)
def test_a_layer_is_scripted_saved_and_read_back_equal(layer: str, call: LayerCall) -> None:
    module = _network(layer, call).eval()
    file = io.BytesIO()
    if LAYERS[layer].is_pretrained:  # not written for TorchScript, which takes it down as it runs
        written = torch.jit.trace(module, tuple(_inputs(call, 2)), check_trace=False)
    else:
        written = torch.jit.script(module)
    torch.jit.save(written, file)
    file.seek(0)
    again = torch.jit.load(file)
    # A buffer that is not kept with the weights would be one of them all the same in there.
    assert set(again.state_dict()) == set(module.state_dict())
    for batch in (1, 2, 5):
        inputs = _inputs(call, batch)
        torch.testing.assert_close(again(*inputs), module(*inputs), rtol=0, atol=1e-6)


@pytest.mark.filterwarnings("ignore:The tensor attributes? .*_flat_weights")
@pytest.mark.parametrize(("layer", "call"), REAL_CALLS)
def test_a_layer_is_exported_for_any_batch(layer: str, call: LayerCall) -> None:
    module = _network(layer, call).eval()
    batch = torch.export.Dim("batch", min=1)
    inputs = _inputs(call, 2)
    program = torch.export.export(
        module, tuple(inputs), dynamic_shapes=tuple({0: batch} for _ in inputs)
    )
    for size in (2, 5):
        others = _inputs(call, size)
        torch.testing.assert_close(program.module()(*others), module(*others))


def test_the_last_step_is_the_end_of_each_reading() -> None:
    torch.manual_seed(1)
    layer = modules.StackedGRU(
        gives_sequence=True,
        input_size=2,
        hidden_size=3,
        num_layers=1,
        bidirectional=True,
        dropout=0,
    )
    steps = layer(torch.rand(4, 6, 2, generator=torch.Generator().manual_seed(2)))
    layer.gives_sequence = False
    last = layer(torch.rand(4, 6, 2, generator=torch.Generator().manual_seed(2)))
    forwards, backwards = steps[:, -1, :3], steps[:, 0, 3:]
    torch.testing.assert_close(last, torch.cat([forwards, backwards], dim=1))


def test_adding_leaves_its_inputs_alone() -> None:
    first, second = torch.ones(2, 3), torch.ones(2, 3)
    assert modules.Add()([first, second]).tolist() == [[2.0] * 3] * 2
    assert first.tolist() == second.tolist() == [[1.0] * 3] * 2


def _module(layer: str, call: LayerCall) -> nn.Module:
    name = LAYERS[layer].torch_name(call)
    kind = getattr(nn, name, None) or getattr(modules, name)
    module: nn.Module = kind(**LAYERS[layer].arguments(call))
    return module


def _tried(layer: str, call: LayerCall, *, has_numbers: bool = False) -> tuple[nn.Module, Shape]:
    """The layer without numbers, as large as it may be; or with weights that nobody wrote."""
    with torch.device("meta"):
        module = _module(layer, call)
    if has_numbers:
        module = module.to_empty(device="cpu")
    inputs = _inputs(call, BATCH, is_meta=not has_numbers)
    answer = module(inputs) if is_many(layer) else module(*placed_at_ports(call, inputs))
    if answer is None:  # of a formula that names nothing but an input that is left open
        raise TypeError("nothing came out")
    assert answer.shape[0] == BATCH
    return module, tuple(answer.shape[1:])


def _network(layer: str, call: LayerCall) -> fx.GraphModule:
    """The layer alone in a graph, as the program builds its networks."""
    torch.manual_seed(5)
    graph = fx.Graph()
    places = [graph.placeholder(f"input_{i}") for i in range(len(call.inputs))]
    takes = (places,) if is_many(layer) else tuple(placed_at_ports(call, places))
    graph.output(graph.call_module("layer", takes))
    return fx.GraphModule({"layer": _module(layer, call)}, graph)


def _inputs(call: LayerCall, batch: int, *, is_meta: bool = False) -> list[Tensor]:
    device = "meta" if is_meta else "cpu"
    return [
        torch.randint(signal.categories, (batch, *signal.shape), device=device)
        if signal.categories
        else torch.randn(batch, *signal.shape, device=device)
        for signal in call.inputs
    ]


def _learnt(tensor: Tensor) -> Tensor:
    return tensor.requires_grad_() if tensor.is_floating_point() else tensor


def _trainable(module: nn.Module) -> int:
    sizes: Sequence[torch.Size] = [w.shape for w in module.parameters() if w.requires_grad]
    return sum(prod(size) for size in sizes)
