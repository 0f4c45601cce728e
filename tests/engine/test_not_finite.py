"""A loss that stops being a number ends the run and names step and node where it began."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from studio.core.run.events import EpochDone, StepDone
from studio.engine import trainer
from studio.engine.build import build
from studio.engine.diagnosis import bad_weights, first_bad
from studio.engine.predict import Predictor
from tests.builders import chain, table
from tests.engine.material import arrays_of, line, of, run_of, spirals


class Overflow(nn.Module):
    """Gives infinity once its own count of calls in training is reached."""

    at = 10**9

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("calls", torch.zeros((), dtype=torch.int64))

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        if self.training:
            self.calls += 1
        return values / (self.calls < self.at).float() if self.training else values


@pytest.fixture
def overflow_at(monkeypatch):
    """The ReLUs of a network overflow at that step of the run."""

    def prepare(step: int) -> None:
        monkeypatch.setattr(Overflow, "at", step)
        monkeypatch.setattr(nn, "ReLU", Overflow)

    return prepare


def with_layers(task, *layers):
    return task.with_graph(chain(task.project.dataset, *layers).graph)


def node_called(task, layer, number=0):
    return [node.id for node in task.project.graph if node.layer == layer][number]


@pytest.mark.parametrize("step", [1, 2, 9, 10, 14, 40, 700])
def test_step_and_node_of_the_first_bad_value_are_named(tmp_path, overflow_at, step):
    task = with_layers(
        spirals(epochs=90),
        ("linear", {"out_features": 8}),
        "relu",
        "tanh",
        ("linear", {"out_features": 2}),
    )
    overflow_at(step)
    events = run_of(task, tmp_path)
    problem = events[-1].problem
    epoch, within = divmod(step - 1, 9)
    assert problem.code == "not-finite"
    assert (problem.place.kind, problem.place.key) == ("node", node_called(task, "relu"))
    assert f"epoch {epoch + 1}, step {within + 1}," in problem.message
    assert ("learning rate" in problem.hint) == (step > 1), "no rate has been used before step 1"
    assert len(of(EpochDone, events)) == epoch
    assert all(np.isfinite(event.loss) for event in of(StepDone, events))


@pytest.mark.parametrize("formula", ["1 / (a - a)", "log(-abs(a))", "exp(exp(exp(abs(a) + 9)))"])
def test_a_formula_that_gives_no_numbers_is_named_and_what_it_does_is_said(tmp_path, formula):
    task = with_layers(
        spirals(epochs=2),
        ("expression", {"expression": formula}),
        ("linear", {"out_features": 2}),
    )
    problem = run_of(task, tmp_path)[-1].problem
    assert problem.place.key == node_called(task, "expression")
    assert "divides by zero" in problem.hint


def test_the_best_weights_stay(tmp_path, overflow_at):
    task = with_layers(
        spirals(epochs=9), ("linear", {"out_features": 8}), "relu", ("linear", {"out_features": 2})
    )
    overflow_at(40)
    end = run_of(task, tmp_path)[-1]
    assert 1 <= end.best_epoch <= 4
    answers = Predictor(task.project, task.fitted, tmp_path).answers(task.arrays.inputs)
    assert np.isfinite(answers).all()


def test_weights_that_grow_beyond_all_bounds_are_told_from_outputs(tmp_path):
    """Squares of large numbers overflow on the way back, so the weights break first."""
    task = with_layers(
        line(epochs=5), ("linear", {"out_features": 4}), ("linear", {"out_features": 2})
    )
    task = task.with_training(
        optimizer="sgd", optimizer_params={"momentum": 0.0}, learning_rate=50.0, batch_size=120
    )
    problem = run_of(task, tmp_path)[-1].problem
    assert problem.place.key in {node_called(task, "linear", n) for n in (0, 1)}


def test_inputs_that_are_no_numbers_are_named(tmp_path):
    dataset = table(numbers=2, classes=0, rows=40)
    inputs = np.ones((40, 2), dtype=np.float32)
    inputs[:, 1] = np.linspace(0, 1, 40)
    targets = inputs[:, 1:].copy()
    task = line().with_graph(chain(dataset, ("linear", {"out_features": 1})).graph)
    project = replace(task.project, dataset=dataset)
    arrays = arrays_of(dataset, inputs, targets)
    task = replace(task, project=project, arrays=arrays)
    fitted = task.fitted
    inputs[arrays.parts["training"][3], 0] = np.inf  # after it was fitted
    problem = list(
        trainer.train(
            project, arrays, trainer.RunControl(), run="r", fitted=fitted, folder=tmp_path
        )
    )[-1].problem
    assert problem.place.key == node_called(task, "input")
    assert "column" in problem.hint


def test_a_loss_that_overflows_alone_is_laid_to_the_output(tmp_path):
    task = line(epochs=2)
    targets = task.arrays.targets[0].copy()
    targets[task.arrays.parts["training"][0]] = 3e38
    task = replace(task, arrays=replace(task.arrays, targets=(targets,)))
    known = replace(task.fitted.outputs[0], target_offsets=(0.0, 0.0), target_scales=(1.0, 1.0))
    fitted = replace(task.fitted, outputs=(known,))
    problem = list(
        trainer.train(
            task.project, task.arrays, trainer.RunControl(), run="r", fitted=fitted, folder=tmp_path
        )
    )[-1].problem
    assert problem.place.key == node_called(task, "output")


def test_without_room_for_a_way_back_the_step_is_still_named(tmp_path, overflow_at, monkeypatch):
    monkeypatch.setattr("studio.engine.run_state.SNAPSHOT_ROOM", 0.0)
    task = with_layers(
        spirals(), ("linear", {"out_features": 8}), "relu", ("linear", {"out_features": 2})
    )
    overflow_at(12)
    problem = run_of(task, tmp_path)[-1].problem
    assert "epoch 2, step 3" in problem.message


def test_the_fault_nearest_to_the_output_is_the_one_that_began():
    project = chain(
        table(numbers=3), ("linear", {"out_features": 4}), "relu", ("linear", {"out_features": 3})
    )
    model = build(project.graph, project.dataset)
    assert bad_weights(model) is None
    rows = (torch.zeros(2, 3),)
    assert first_bad(model, rows) == ("loss", "")
    assert first_bad(model, (torch.full((2, 3), torch.nan),))[0] == "inputs"
    first, last = (name for name, part in model.named_children() if isinstance(part, nn.Linear))
    model.get_submodule(first).weight.data[0, 0] = torch.inf
    assert bad_weights(model) == first
    assert first_bad(model, rows) == ("weights", first)
    model.get_submodule(last).bias.data[0] = torch.nan
    assert bad_weights(model) == last
