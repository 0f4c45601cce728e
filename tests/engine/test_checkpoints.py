"""Weights and states are written whole, seldom enough, and read strictly."""

import json

import pytest
import safetensors.torch
import torch
from torch import nn

from studio.core.design.answers import ModelOutput
from studio.core.design.features import Feature, ModelInput
from studio.core.problems import StudioError
from studio.data.arrays import Fitted, FittedFeature, FittedInput, FittedOutput
from studio.engine import checkpoints
from studio.engine.checkpoints import (
    Facts,
    Keeper,
    Snapshot,
    load_weights,
    read_fitted,
    read_snapshot,
    write_fitted,
)
from tests.engine.material import line, run_of, strokes

AGE, TOWN = Feature("age", "number"), Feature("town", "category", ("a", "b"))
FITTED = Fitted(
    (
        FittedInput(
            ModelInput("rows", "table", (AGE, TOWN), (2,)),
            (
                FittedFeature(AGE, 1.5, 0.1, 2.0, low=-1.0),
                FittedFeature(TOWN, seen=(True, False)),
            ),
        ),
        FittedInput(
            ModelInput(
                "picture", "image", (Feature("picture", "image", shape=(1, 4, 4)),), (1, 4, 4)
            ),
            offsets=(0.5,),
            scales=(0.25,),
        ),
    ),
    (FittedOutput(ModelOutput("y", "numbers", ("y",), (), ("y",), (1,)), (0.5,), (2.0,)),),
)


class Clock:
    now = 100.0

    def monotonic(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(checkpoints, "time", clock)
    return clock


def test_a_snapshot_comes_back_as_it_was(tmp_path):
    facts = Facts(3, 5, 2, 0.25, 1, 12.5)
    tensors = {
        "model.a.weight": torch.rand(2, 3),
        "random.cpu": torch.get_rng_state(),
        "optimizer.0.step": torch.tensor(4.0),
    }
    Keeper(tmp_path).keep_all(Snapshot(facts, tensors))
    back = read_snapshot(tmp_path)
    assert back.facts == facts
    assert back.tensors.keys() == tensors.keys()
    assert all(torch.equal(back.tensors[key], tensors[key]) for key in tensors)
    assert list(back.group("model")) == ["a.weight"]


def test_the_same_weights_are_the_same_bytes(tmp_path):
    weights = nn.Linear(3, 2).state_dict()
    keeper = Keeper(tmp_path)
    first = keeper.keep_best(weights, 4).read_bytes()
    assert all(keeper.keep_best(weights, 4).read_bytes() == first for _ in range(8))


def test_tiny_epochs_do_not_write_each_time(tmp_path, clock):
    keeper = Keeper(tmp_path)
    clock.now += 1.9
    assert not keeper.is_due()
    clock.now += 0.2
    assert keeper.is_due()
    keeper.keep_all(Snapshot(Facts()))
    assert not keeper.is_due()
    assert not keeper.is_overdue()
    clock.now += 61
    assert keeper.is_overdue()


def test_a_slow_disk_is_written_to_less_often(tmp_path, clock, monkeypatch):
    def slow(_path, _data):
        clock.now += 1.0

    monkeypatch.setattr(checkpoints, "write_atomically", slow)
    keeper = Keeper(tmp_path)
    keeper.keep_all(Snapshot(Facts()))
    clock.now += 19
    assert not keeper.is_due()
    clock.now += 2
    assert keeper.is_due()


def test_what_a_killed_process_left_is_swept_away(tmp_path):
    litter = tmp_path / ".resume.safetensors.abc"
    litter.write_bytes(b"half")
    kept = tmp_path / "resume.safetensors"
    kept.write_bytes(b"whole")
    Keeper(tmp_path)
    assert not litter.exists()
    assert kept.exists()


def test_a_long_epoch_is_kept_in_its_middle(tmp_path, monkeypatch):
    monkeypatch.setattr(checkpoints, "SHORTEST_GAP", 0.0)
    monkeypatch.setattr(checkpoints, "LONGEST_GAP", 0.0)
    monkeypatch.setattr("studio.engine.loaders.MOST_BATCHES", 1)
    seen = set()
    monkeypatch.setattr(Keeper, "keep_all", lambda _self, snapshot: seen.add(snapshot.facts.step))
    run_of(line(epochs=1), tmp_path)
    assert {1, 2, 3} < seen


def test_weights_of_another_network_are_refused(tmp_path):
    Keeper(tmp_path).keep_best(nn.Linear(3, 2).state_dict(), 1)
    model = nn.Linear(3, 3)
    with pytest.raises(StudioError, match="another network"):
        load_weights(model, tmp_path / "best.safetensors")
    load_weights(nn.Linear(3, 2), tmp_path / "best.safetensors")


@pytest.mark.parametrize("data", [b"", b"no checkpoint at all", b"\xff" * 100])
def test_a_damaged_file_is_a_problem(tmp_path, data):
    (tmp_path / "resume.safetensors").write_bytes(data)
    with pytest.raises(StudioError, match="cannot be read"):
        read_snapshot(tmp_path)


def test_a_file_of_another_program_is_a_problem(tmp_path):
    import safetensors.torch

    (tmp_path / "best.safetensors").write_bytes(safetensors.torch.save({"w": torch.zeros(1)}))
    with pytest.raises(StudioError, match="no checkpoint"):
        load_weights(nn.Linear(1, 1), tmp_path / "best.safetensors")


def test_what_was_fitted_is_kept_with_the_run(tmp_path):
    write_fitted(FITTED, tmp_path / "run-1")
    assert read_fitted(tmp_path / "run-1") == FITTED
    task = strokes(epochs=1)
    run_of(task, tmp_path)
    assert read_fitted(tmp_path) == task.fitted


@pytest.mark.parametrize(
    "data",
    [
        None,
        b"{",
        b"[]",
        b'{"version": 3, "fitted": {}}',
        b'{"version": 2, "fitted": {}}',
        b'{"version": 1, "fitted": {"kind": "table"}}',
    ],
)
def test_a_preparation_that_cannot_be_read_is_a_problem(tmp_path, data):
    if data is not None:
        (tmp_path / "fitted.json").write_bytes(data)
    with pytest.raises(StudioError):
        read_fitted(tmp_path)


def test_a_run_of_before_schedules_is_read_on(tmp_path):
    about = {"format": "studio-run", "version": 1, "facts": {"epoch": 3, "step": 2}}
    tensors = {"optimizer.0.step": torch.tensor(4.0)}
    path = tmp_path / "resume.safetensors"
    safetensors.torch.save_file(tensors, path, {"studio": json.dumps(about)})
    snapshot = read_snapshot(tmp_path)
    assert (snapshot.facts.epoch, snapshot.facts.watched.share) == (3, 1.0)
    assert snapshot.group("optimizer")["0.step"] == 4
