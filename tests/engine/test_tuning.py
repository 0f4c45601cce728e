"""The twin that takes the steps of a run: the same weights, numbers and slopes as the model."""

from dataclasses import replace

import pytest
import torch
from torch import fx, nn

from studio.core.design.edits import add_node, connect
from studio.core.design.graph import Edge, Graph
from studio.core.run.control import RunControl
from studio.core.run.events import EpochDone, StepDone
from studio.engine import blocked, loaders, ways
from studio.engine.blocked import BlockedConvolution, kept_by_chance
from studio.engine.build import build
from studio.engine.tuning import training_twin
from tests.builders import chain, images, table
from tests.engine.material import of, run_events, run_of, strokes

CPU = torch.device("cpu")
CONV = ("conv2d", {"out_channels": 6, "kernel_size": 3})


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    """So small that a batch of tiny pictures is more than one block, the last of them shorter."""
    monkeypatch.setattr(blocked, "BLOCK_BYTES", 2 * 8 * 8 * 8 * 4)


def built(*layers, dataset=None) -> fx.GraphModule:
    torch.manual_seed(4)
    dataset = dataset or images(2, 8, 8, classes=3)
    project = chain(dataset, *layers, "flatten", ("linear", {"out_features": 3}))
    return build(project.graph, project.dataset)


def blocks_of(model: fx.GraphModule) -> list[BlockedConvolution]:
    return [part for part in model.modules() if isinstance(part, BlockedConvolution)]


def answer_and_slopes(forward, model, x):
    x = x.clone().requires_grad_()
    model.zero_grad()
    answer = forward(x)
    (answer * torch.linspace(-1, 1, answer.numel()).view_as(answer)).sum().backward()
    return [answer.detach(), x.grad, *(weight.grad.clone() for weight in model.parameters())]


@pytest.mark.parametrize(
    "layers",
    [
        (CONV, "relu", "max_pool2d"),
        (CONV, "max_pool2d", "relu"),
        (CONV, "max_pool2d"),
        (("conv2d", {"keep_size": True, "dilation": 2, "groups": 2}), "relu", "max_pool2d"),
        (
            ("conv2d", {"stride": 2, "padding": (1, 2), "bias": False}),
            "relu",
            ("max_pool2d", {"kernel_size": 3, "stride": (1, 2), "padding": 1}),
        ),
        (CONV, "relu", ("max_pool2d", {"ceil_mode": True, "dilation": 2}), "batch_norm"),
        (CONV, "relu", "max_pool2d", CONV, "relu", "max_pool2d", ("conv2d", {"kernel_size": 1})),
    ],
)
def test_the_twin_gives_the_numbers_and_slopes_of_the_model(layers):
    dataset = images(2, 19, 17, classes=3)
    model = built(*layers, dataset=dataset)
    twin = training_twin(model, CPU)
    assert blocks_of(twin)
    x = torch.randn(5, 2, 19, 17)
    model.train()
    for was, found in zip(
        answer_and_slopes(model, model, x), answer_and_slopes(twin, model, x), strict=True
    ):
        torch.testing.assert_close(found, was, rtol=1e-4, atol=1e-4)


def test_a_batch_that_fits_into_the_cache_is_taken_by_the_layers_themselves(monkeypatch):
    monkeypatch.setattr(blocked, "BLOCK_BYTES", 1 << 20)
    model = built(CONV, "max_pool2d", "relu")
    twin = training_twin(model, CPU)
    assert blocks_of(twin)
    x = torch.randn(5, 2, 8, 8)
    for was, found in zip(
        answer_and_slopes(model, model, x), answer_and_slopes(twin, model, x), strict=True
    ):
        assert torch.equal(found, was)


def test_the_twin_has_the_parts_of_the_model_and_the_model_stays_as_it_is():
    model = built(CONV, "relu", "max_pool2d", "batch_norm")
    keys, code = list(model.state_dict()), model.code
    twin = training_twin(model, CPU)
    assert list(model.state_dict()) == keys
    assert model.code == code
    assert {id(p) for p in twin.parameters()} == {id(p) for p in model.parameters()}


@pytest.mark.parametrize(
    "layers",
    [
        (),
        (CONV, "relu"),
        (CONV, "tanh", "max_pool2d"),
        (("conv2d", {"padding": 1, "padding_mode": "reflect"}), "relu", "max_pool2d"),
        (("separable_conv2d", {}), "relu", "max_pool2d"),
    ],
)
def test_where_nothing_is_gained_the_model_itself_is_taken(layers):
    model = built(*layers)
    assert training_twin(model, CPU) is model
    assert training_twin(model, torch.device("cuda")) is model


def test_dense_networks_are_taken_as_they_are():
    model = built("relu", dataset=table(numbers=4, classes=3))
    assert training_twin(model, CPU) is model


def test_what_is_looked_at_from_two_sides_is_not_hidden():
    project = chain(images(2, 8, 8, classes=3), CONV, "max_pool2d", "flatten", "linear")
    graph: Graph = project.graph
    conv = next(node.id for node in graph if node.layer == "conv2d")
    graph, side = add_node(graph, "flatten", (0.0, 0.0))
    graph = connect(graph, Edge(conv, side))
    first = next(node.id for node in graph if node.layer == "flatten")
    last = next(node.id for node in graph if node.layer == "linear")
    graph, both = add_node(graph, "concatenate", (0.0, 0.0))
    graph = connect(connect(graph, Edge(first, both, 0)), Edge(side, both, 1))
    graph = connect(graph, Edge(both, last))
    model = build(_with_three_classes(graph, last), project.dataset)
    assert training_twin(model, CPU) is model


def _with_three_classes(graph: Graph, last: str) -> Graph:
    node = replace(graph.nodes[last], params={"out_features": 3})
    return replace(graph, nodes={**graph.nodes, last: node})


def test_dropout_drops_its_share_and_sends_no_slope_there():
    model = built(CONV, "relu", "max_pool2d", ("dropout", {"p": 0.25}))
    (block,) = blocks_of(training_twin(model, CPU))
    x = torch.randn(64, 2, 8, 8)
    model.eval()
    whole = block(x)
    model.train()
    torch.manual_seed(1)
    answer = block(x)
    is_dropped = (answer == 0) & (whole > 0)
    assert 0.22 < (is_dropped.sum() / (whole > 0).sum()).item() < 0.28
    torch.testing.assert_close(answer[~is_dropped], whole[~is_dropped] / 0.75)
    (slope,) = torch.autograd.grad(answer.sum(), block.convolution.bias)
    per_filter = (answer > 0).sum((0, 2, 3)) / 0.75
    torch.testing.assert_close(slope, per_filter)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_each_of_the_four_that_one_random_number_decides_stays_equally_often(share):
    torch.manual_seed(2)
    kept = kept_by_chance(400_001, round(share * blocked.PIECES))
    assert len(kept) == 400_001
    for place in range(4):
        assert abs(kept[place::4].float().mean().item() - (1 - share)) < 0.01
    assert not torch.equal(kept[0:400_000:4], kept[1:400_000:4])


def test_the_losses_of_a_run_are_those_of_the_model(tmp_path, monkeypatch):
    task = strokes(epochs=4)
    graph = chain(
        task.project.dataset, CONV, "relu", "max_pool2d", "flatten", ("linear", {"out_features": 3})
    ).graph
    task = task.with_graph(graph)
    tuned = [event.loss for event in of(StepDone, run_of(task, tmp_path / "tuned"))]
    monkeypatch.setattr(ways, "training_twin", lambda model, _device: model)
    plain = [event.loss for event in of(StepDone, run_of(task, tmp_path / "plain"))]
    assert tuned == pytest.approx(plain, rel=1e-3)
    assert tuned != plain  # or the twin was not asked


def test_a_stopped_run_with_dropout_goes_on_to_the_same_weights(tmp_path, monkeypatch):
    task = strokes(epochs=3)
    layers = (CONV, "relu", "max_pool2d", ("dropout", {"p": 0.4}), "flatten")
    graph = chain(task.project.dataset, *layers, ("linear", {"out_features": 3})).graph
    task = task.with_graph(graph)
    whole = run_of(task, tmp_path / "whole")
    monkeypatch.setattr(loaders, "MOST_BATCHES", 1)
    control = RunControl()
    for event in run_events(task, tmp_path / "parted", control):
        if isinstance(event, StepDone) and (event.epoch, event.step) == (2, 3):
            control.stop()
    rest = run_of(task, tmp_path / "parted", resume=tmp_path / "parted")
    assert of(EpochDone, rest) == of(EpochDone, whole)[1:]
    for name in ("best", "last"):
        files = [tmp_path / side / f"{name}.safetensors" for side in ("whole", "parted")]
        assert files[0].read_bytes() == files[1].read_bytes()


def test_frozen_filters_and_pictures_ask_for_no_slope():
    model = built(CONV, "relu", "max_pool2d")
    twin = training_twin(model, CPU)
    convolution = next(part for part in model.modules() if isinstance(part, nn.Conv2d))
    convolution.requires_grad_(False)
    twin(torch.randn(5, 2, 8, 8)).sum().backward()
    assert all(weight.grad is None for weight in convolution.parameters())
