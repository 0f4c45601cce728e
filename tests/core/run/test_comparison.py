"""Two projects side by side: what differs is told, and nothing else."""

from dataclasses import replace

from studio.core.design import edits
from studio.core.design.graph import Edge
from studio.core.design.project import Project
from studio.core.design.sharing import with_learning
from studio.core.run.comparison import NOTHING, Difference, compared
from tests.builders import chain, table


def project() -> Project:
    return chain(table(), ("linear", {"out_features": 16}), "relu", ("linear", {"out_features": 3}))


def test_the_same_project_differs_in_nothing_wherever_its_cards_stand() -> None:
    then = project()
    moved = replace(then, graph=edits.move(then.graph, {"relu_1": (40.0, 400.0)}))
    assert compared(then, then).is_empty
    assert compared(then, moved).is_empty


def test_a_changed_setting_of_a_layer_is_told_as_it_was_and_is() -> None:
    then = project()
    now = replace(then, graph=edits.set_param(then.graph, "linear_1", "out_features", 64))
    found = compared(then, now)
    assert found.nodes == {"linear_1": "changed"}
    assert not found.edges
    assert found.layers == (Difference("Linear 1: Units", "16", "64", "linear_1"),)


def test_layers_and_wires_that_came_or_went() -> None:
    then = project()
    graph = edits.remove_and_reconnect(then.graph, ("relu_1",))
    graph, added = edits.add_node(graph, "tanh", (0.0, 0.0))
    found = compared(then, replace(then, graph=graph))
    assert found.nodes == {"relu_1": "removed", added: "added"}
    assert found.edges[Edge("linear_1", "linear_2")] == "added"
    assert found.edges[Edge("linear_1", "relu_1")] == "removed"
    told = {one.name: (one.then, one.now) for one in found.layers}
    assert told == {"ReLU 1": ("ReLU", NOTHING), "Tanh 1": (NOTHING, "Tanh")}


def test_what_was_set_for_weights_is_a_change() -> None:
    then = project()
    learning = replace(then.graph.nodes["linear_1"].learning, is_frozen=True, l2=0.001)
    now = replace(then, graph=with_learning(then.graph, "linear_1", learning))
    (told,) = compared(then, now).layers
    assert (told.then, told.now) == (NOTHING, "frozen, L2 0.001")


def test_settings_of_the_training() -> None:
    then = project()
    training = replace(
        then.training, optimizer="sgd", learning_rate=0.1, epochs=5, schedule="one_cycle"
    )
    told = {
        one.name: (one.then, one.now)
        for one in compared(then, replace(then, training=training)).training
    }
    assert told["Optimizer"] == ("Adam", "SGD")
    assert told["Learning rate"] == ("0.001", "0.1")
    assert told["Epochs"] == ("20", "5")
    assert "Learning-rate schedule" in told
    momentum = replace(training, optimizer_params={"momentum": 0.5})
    (one,) = compared(replace(then, training=training), replace(then, training=momentum)).training
    assert (one.name, one.now) == ("Momentum", "0.5")


def test_other_data() -> None:
    then = project()
    ignored = replace(then, dataset=then.dataset.with_column("n0", role="ignore"))
    (told,) = compared(then, ignored).data
    assert (told.name, told.then, told.now) == ("Inputs", "n0, n1, n2, n3", "n1, n2, n3")
    read = replace(then, dataset=replace(then.dataset, settings={"decimal": ","}))
    (told,) = compared(then, read).data
    assert told.now == "read otherwise"
