"""A graph becomes a model whose parts bear the names of the nodes."""

import pytest
import torch

from studio.core.catalogue import LAYERS
from studio.core.design.edits import add_node, connect
from studio.core.design.graph import Edge, Graph, Node
from studio.core.design.report import examine
from studio.core.problems import StudioError
from studio.engine.build import (
    build,
    build_unfilled,
    model_inputs,
    node_of_part,
    parameter_count,
    part_name,
)
from tests.builders import chain, images, table

# Scripting reads torch's own GraphModule, which is written in a way that it warns of.
pytestmark = pytest.mark.filterwarnings("ignore:The TorchScript type system:UserWarning")


def branched():
    """Two Inputs, one of them the number of a category, joined and led on."""
    dataset = table(numbers=3, classes=2, categories={"town": 5})
    graph = Graph()
    graph, index = add_node(graph, "input", (0, 0), {"columns": ("town",), "form": "index"})
    graph, rest = add_node(graph, "input", (0, 200))
    graph, learnt = add_node(graph, "embedding", (200, 0), {"embedding_dim": 4})
    graph, flat = add_node(graph, "flatten", (400, 0))
    graph, joined = add_node(graph, "concatenate", (600, 0))
    graph, last = add_node(graph, "linear", (800, 0), {"out_features": 2})
    graph, out = add_node(graph, "output", (1000, 0))
    for source, target, port in [
        (index, learnt, 0),
        (learnt, flat, 0),
        (flat, joined, 0),
        (rest, joined, 1),
        (joined, last, 0),
        (last, out, 0),
    ]:
        graph = connect(graph, Edge(source, target, port))
    return graph, dataset


def test_parts_are_named_as_the_nodes():
    project = chain(images(1, 8, 8), "conv2d", "relu", "flatten", ("linear", {"out_features": 10}))
    model = build(project.graph, project.dataset)
    inner = [node.id for node in project.graph if not LAYERS[node.layer].end]
    assert [name for name, _ in model.named_children()] == inner
    assert model(torch.zeros(5, 1, 8, 8)).shape == (5, 10)
    assert parameter_count(model) == examine(project).parameters


def test_an_input_may_stay_open_before_one_that_does_not():
    dataset = images(1, 8, 8, classes=3)
    graph = Graph()
    graph, picture = add_node(graph, "input", (0, 0))
    graph, rows = add_node(graph, "reshape", (200, 0), {"shape": (8, 8)})
    graph, flat = add_node(graph, "flatten", (200, 200))
    graph, start = add_node(graph, "linear", (400, 200), {"out_features": 6})
    graph, memory = add_node(graph, "gru", (600, 0), {"hidden_size": 6})
    graph, last = add_node(graph, "linear", (800, 0), {"out_features": 3})
    graph, out = add_node(graph, "output", (1000, 0))
    for source, target, port in [
        (picture, rows, 0),
        (picture, flat, 0),
        (flat, start, 0),
        (rows, memory, 0),
        (start, memory, 2),
        (memory, last, 0),
        (last, out, 0),
    ]:
        graph = connect(graph, Edge(source, target, port))
    model = build(graph, dataset).eval()
    pictures = torch.rand(4, 1, 8, 8)
    answer = model(pictures)
    assert answer.shape == (4, 3)
    torch.testing.assert_close(torch.jit.script(model)(pictures), answer)
    with torch.no_grad():
        getattr(model, start).bias.add_(1.0)
    assert (model(pictures) - answer).abs().min() > 0


def test_tokens_go_to_an_embedding_and_past_it_to_the_attention():
    dataset = table(numbers=1, classes=2, categories={"town": 5})
    graph = Graph()
    graph, tokens = add_node(graph, "input", (0, 0), {"columns": ("town",), "form": "index"})
    graph, learnt = add_node(graph, "embedding", (200, 0), {"embedding_dim": 4})
    graph, looked = add_node(graph, "self_attention", (400, 0))
    graph, last = add_node(graph, "attention_pooling", (600, 0))
    graph, scores = add_node(graph, "linear", (800, 0), {"out_features": 2})
    graph, out = add_node(graph, "output", (1000, 0))
    for source, target, port in [
        (tokens, learnt, 0),
        (learnt, looked, 0),
        (tokens, looked, 1),
        (looked, last, 0),
        (tokens, last, 1),
        (last, scores, 0),
        (scores, out, 0),
    ]:
        graph = connect(graph, Edge(source, target, port))
    model = build(graph, dataset)
    assert model(torch.tensor([[0], [3]])).shape == (2, 2)


def test_branches_and_several_inputs_come_in_order():
    graph, dataset = branched()
    model = build(graph, dataset)
    names = [node.target for node in model.graph.nodes if node.op == "placeholder"]
    assert names == [part_name(node.id) for node in model_inputs(graph)]
    answer = model(torch.tensor([[0], [5]]), torch.zeros(2, 3))
    assert answer.shape == (2, 2)


@pytest.mark.parametrize("rows", [1, 7])
def test_it_leaves_as_torchscript_and_as_an_exported_program(rows):
    graph, dataset = branched()
    model = build(graph, dataset).eval()
    first = (torch.tensor([[1], [2], [3]]), torch.rand(3, 3))
    second = (torch.randint(0, 6, (rows, 1)), torch.rand(rows, 3))
    script = torch.jit.script(model)
    assert torch.equal(script(*second), model(*second))
    batch = torch.export.Dim("rows", min=1)
    program = torch.export.export(model, first, dynamic_shapes=({0: batch}, {0: batch}))
    assert torch.allclose(program.module()(*second), model(*second), atol=1e-6)


def test_what_does_not_lead_to_the_output_is_left_out():
    project = chain(table(numbers=2), ("linear", {"out_features": 3}))
    graph, _ = add_node(project.graph, "input", (0, 300), {"columns": ("n1",)})
    graph, loose = add_node(graph, "linear", (0, 400))
    graph = connect(graph, Edge(next(iter(graph.nodes)), loose))
    model = build(graph, project.dataset)
    assert len(model_inputs(graph)) == 1
    assert len(list(model.children())) == 1


def test_the_first_problem_of_a_faulty_graph_is_raised():
    project = chain(images(1, 8, 8), ("linear", {"out_features": 10}))
    with pytest.raises(StudioError) as raised:
        build(project.graph, project.dataset)
    assert raised.value.problem == examine(project).obstacle
    assert raised.value.problem.code == "needs-flatten"


@pytest.mark.parametrize(
    "word",
    [
        "forward",
        "train",
        "graph",
        "training",
        "class",
        "_code",
        "state_dict",
        "input",
        "float",
        "print",
    ],
)
def test_a_node_may_be_called_as_it_likes(word):
    project = chain(table(numbers=2), ("linear", {"out_features": 3}))
    start, _layer, end = project.graph.nodes
    node = Node(word, "linear", "L", {"out_features": 3})
    nodes = {start: project.graph.nodes[start], word: node, end: project.graph.nodes[end]}
    graph = Graph(nodes, (Edge(start, word), Edge(word, end)))
    model = build(graph, project.dataset)
    assert torch.jit.script(model)(torch.zeros(2, 2)).shape == (2, 3)
    name = next(name for name, _ in model.named_children())
    assert node_of_part(graph, name).id == word


def test_the_same_seed_draws_the_same_weights():
    graph, dataset = branched()
    torch.manual_seed(3)
    first = build(graph, dataset).state_dict()
    torch.manual_seed(3)
    second = build(graph, dataset).state_dict()
    assert all(torch.equal(first[key], second[key]) for key in first)


def test_an_unfilled_model_takes_no_random_numbers():
    """A run beside it must come out the same, whatever is predicted meanwhile."""
    graph, dataset = branched()
    lstm = chain(
        table(numbers=8), ("reshape", {"shape": (8, 1)}), "lstm", ("linear", {"out_features": 3})
    )
    before = torch.get_rng_state()
    unfilled = build_unfilled(graph, dataset)
    build_unfilled(lstm.graph, lstm.dataset)
    assert torch.equal(torch.get_rng_state(), before)
    assert unfilled.state_dict().keys() == build(graph, dataset).state_dict().keys()
    assert not torch.equal(torch.get_rng_state(), before)
