"""The same project and seed give the same run; a killed one goes on as if nothing had happened."""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import safetensors.torch

from studio.core.problems import StudioError
from studio.core.run.control import RunControl
from studio.core.run.events import EpochDone, RunEnded, RunStarted, StepDone
from studio.engine import loaders
from studio.engine.checkpoints import read_snapshot
from tests.builders import chain
from tests.engine.material import line, of, orders, run_events, run_of, spirals, strokes

ROOT = Path(__file__).resolve().parents[2]
OPTIMIZERS = [
    {"optimizer": "adam"},
    {"optimizer": "adamw"},
    {"optimizer": "sgd", "optimizer_params": {"momentum": 0.9, "nesterov": True}},
    {"optimizer": "rmsprop", "optimizer_params": {"momentum": 0.5}},
]
CHILD = """
import sys
from pathlib import Path
from studio.engine import checkpoints, loaders
checkpoints.SHORTEST_GAP = checkpoints.LONGEST_GAP = 0.0
from tests.engine.material import run_events, strokes
folder = Path(sys.argv[1])
for event in run_events(strokes(epochs=40), folder):
    print(type(event).__name__, flush=True)
"""


def weights(folder: Path) -> dict[str, bytes]:
    return {name: (folder / f"{name}.safetensors").read_bytes() for name in ("best", "last")}


def state(folder: Path):
    tensors = safetensors.torch.load_file(folder / "resume.safetensors")
    return {key: tensor.numpy().tobytes() for key, tensor in tensors.items()}


def stopped_at(task, folder, epoch, step):
    """Stopped right after that step: rows are looked up for one batch at a time."""
    control = RunControl()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loaders, "MOST_BATCHES", 1)
        for event in run_events(task, folder, control):
            if isinstance(event, StepDone) and (event.epoch, event.step) == (epoch, step):
                control.stop()
    assert control.is_stopped


@pytest.mark.parametrize("task", [spirals, line, strokes, orders])
def test_the_same_seed_gives_the_same_losses_to_the_last_bit(tmp_path, task):
    first = run_of(task(epochs=3), tmp_path / "a")
    second = run_of(task(epochs=3), tmp_path / "b")
    assert of(StepDone, first) == of(StepDone, second)
    assert of(EpochDone, first) == of(EpochDone, second)
    assert weights(tmp_path / "a") == weights(tmp_path / "b")


def test_another_seed_gives_another_run(tmp_path):
    first = run_of(spirals(epochs=1), tmp_path / "a")
    second = run_of(spirals(epochs=1).with_training(seed=1), tmp_path / "b")
    assert of(StepDone, first)[0].loss != of(StepDone, second)[0].loss


def with_dropout():
    task = spirals(epochs=4)
    project = chain(
        task.project.dataset,
        ("linear", {"out_features": 16}),
        "batch_norm",
        ("dropout", {"p": 0.4}),
        ("linear", {"out_features": 2}),
    )
    return task.with_graph(project.graph)


@pytest.mark.parametrize("settings", OPTIMIZERS, ids=lambda settings: settings["optimizer"])
@pytest.mark.parametrize("place", [(1, 3), (2, 9), (3, 1)])
def test_a_stopped_run_goes_on_to_the_same_weights(tmp_path, settings, place):
    task = with_dropout().with_training(**settings)
    whole = run_of(task, tmp_path / "whole")
    stopped_at(task, tmp_path / "parted", *place)
    rest = run_of(task, tmp_path / "parted", resume=tmp_path / "parted")
    following = (place[0], place[1] + 1) if place[1] < 9 else (place[0] + 1, 1)
    assert (rest[0].first_epoch, rest[0].first_step) == following
    assert weights(tmp_path / "parted") == weights(tmp_path / "whole")
    assert state(tmp_path / "parted") == state(tmp_path / "whole")
    epochs = of(EpochDone, whole)
    assert of(EpochDone, rest) == epochs[rest[0].first_epoch - 1 :]
    assert rest[-1] == whole[-1]


def test_the_rest_of_a_run_says_where_it_begins(tmp_path):
    stopped_at(spirals(epochs=4), tmp_path, 2, 5)
    start = run_of(spirals(epochs=4), tmp_path, resume=tmp_path)[0]
    assert isinstance(start, RunStarted)
    assert (start.first_epoch, start.first_step) == (2, 6)


def test_a_finished_run_that_is_resumed_only_ends_again(tmp_path):
    end = run_of(spirals(epochs=2), tmp_path)[-1]
    again = run_of(spirals(epochs=2), tmp_path, resume=tmp_path)
    assert not of(StepDone, again)
    assert again[-1] == end


def test_early_stopping_counts_on_after_a_resume(tmp_path):
    task = line(epochs=200).with_training(learning_rate=3.0, patience=4)
    whole = run_of(task, tmp_path / "whole")
    stopped_at(task, tmp_path / "parted", of(EpochDone, whole)[-2].epoch, 2)
    rest = run_of(task, tmp_path / "parted", resume=tmp_path / "parted")
    assert rest[-1] == whole[-1]


def test_a_run_of_another_network_is_not_resumed(tmp_path):
    stopped_at(spirals(epochs=4), tmp_path, 2, 5)
    with pytest.raises(StudioError, match="another network"):
        run_of(with_dropout(), tmp_path, resume=tmp_path)


def test_a_missing_state_is_a_problem(tmp_path):
    with pytest.raises(StudioError, match="cannot be read"):
        run_of(spirals(), tmp_path, resume=tmp_path)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="POSIX kills")
def test_a_killed_run_goes_on_to_the_same_weights(tmp_path):
    """Killed by the system itself, at random moments between and within its writings."""
    moments = random.Random(7)
    whole = run_of(strokes(epochs=40), tmp_path / "whole")
    for number in range(2):
        folder = tmp_path / f"killed-{number}"
        kill_after(folder, moments.randint(12, 250))
        assert read_snapshot(folder).facts.epoch >= 1
        rest = run_of(strokes(epochs=40), folder, resume=folder)
        assert rest[-1] == whole[-1]
        assert weights(folder) == weights(tmp_path / "whole")
        assert state(folder) == state(tmp_path / "whole")


def kill_after(folder: Path, events: int) -> None:
    """Runs the child until it has sent so many events and written its state, and kills it."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    with subprocess.Popen(
        [sys.executable, "-c", CHILD, str(folder)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        for seen, line_of_child in enumerate(child.stdout, 1):
            assert line_of_child.strip() != RunEnded.__name__, "it was too fast to be killed"
            if seen >= events and (folder / "resume.safetensors").exists():
                child.kill()
                break
    assert child.returncode == -signal.SIGKILL
