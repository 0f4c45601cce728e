"""Runs whose rows are read as they are needed: paused, stopped, resumed, killed, and left alone."""

import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace

import numpy as np
import pytest

from studio.core.problems import Place, StudioError, refuse
from studio.core.run.control import RunControl
from studio.core.run.events import EpochDone, Note, StepDone
from studio.data.disk_rows import DiskRows
from studio.engine import loaders
from studio.engine.predict import Predictor
from tests.engine.material import Streamed, Task, of, run_events, run_of, spirals, strokes
from tests.engine.test_resume import ROOT, state, weights

STREAM_BYTES = 1 << 14  # a few batches of strokes
CHILD = f"""
import os, signal, sys
from pathlib import Path
from studio.core.run.events import CheckpointSaved
from studio.engine import checkpoints, loaders
from studio.engine.checkpoints import read_snapshot
from tests.engine.material import run_events, strokes
checkpoints.SHORTEST_GAP = checkpoints.LONGEST_GAP = loaders.ROOM = 0.0
loaders.STREAM_BYTES = {STREAM_BYTES}
folder, seen = Path(sys.argv[1]), 0
for event in run_events(strokes(epochs=3).streamed(), folder):
    seen += isinstance(event, CheckpointSaved) and event.why == "resume"
    if seen > 2 and read_snapshot(folder).facts.step:
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(autouse=True)
def _no_room(monkeypatch):
    monkeypatch.setattr(loaders, "ROOM", 0.0)
    monkeypatch.setattr(loaders, "STREAM_BYTES", STREAM_BYTES)


def streamed_strokes() -> Task:
    return strokes(epochs=3).streamed()


def threads_of_studio():
    return [one for one in threading.enumerate() if one.name.startswith("studio-ahead")]


class Vanishing(Streamed):
    """Rows whose file is gone after so many readings."""

    left = 10**9

    def take(self, positions):
        self.left -= 1
        if self.left < 0:
            raise refuse("photo.png is not there any more.", "Bring it back.", place=Place("file"))
        return super().take(positions)


def vanishing(task: Task, readings: int) -> Task:
    blocks = task.arrays.taken(np.arange(len(task.arrays)))
    rows = tuple(Vanishing(block) for block in blocks)
    rows[0].left = readings
    return replace(task, arrays=replace(task.arrays, inputs=rows), known=task.fitted)


def test_files_that_vanish_end_the_run_with_their_problem_and_the_best_weights_stay(tmp_path):
    task, events = vanishing(strokes(epochs=50), 60), []
    with pytest.raises(StudioError, match="not there any more"):
        events.extend(run_events(task, tmp_path))
    assert of(EpochDone, events)
    assert not threads_of_studio()
    answers = Predictor(task.project, task.fitted, tmp_path).answers(
        strokes().arrays.taken(np.arange(9))
    )
    assert np.isfinite(answers).all()


def test_a_listener_that_leaves_leaves_no_thread(tmp_path):
    events = run_events(spirals().streamed(), tmp_path)
    for event in events:
        if isinstance(event, StepDone):
            break
    events.close()
    assert not threads_of_studio()


@pytest.mark.parametrize("place", [(1, 2), (2, 6)])
def test_a_stopped_run_goes_on_to_the_same_weights(tmp_path, place):
    whole = run_of(streamed_strokes(), tmp_path / "whole")
    control = RunControl()
    for event in run_events(streamed_strokes(), tmp_path / "parted", control):
        if isinstance(event, StepDone) and (event.epoch, event.step) == place:
            control.stop()
    assert not threads_of_studio()
    rest = run_of(streamed_strokes(), tmp_path / "parted", resume=tmp_path / "parted")
    assert rest[-1] == whole[-1]
    assert weights(tmp_path / "parted") == weights(tmp_path / "whole")
    assert state(tmp_path / "parted") == state(tmp_path / "whole")


def test_a_paused_run_waits_with_what_it_has_read(tmp_path):
    control, events = RunControl(), []
    for event in run_events(streamed_strokes(), tmp_path, control):
        events.append(event)
        if isinstance(event, StepDone) and (event.epoch, event.step) == (2, 3):
            control.pause()
        elif isinstance(event, Note) and event.text == "Paused.":
            control.go_on()
    assert of(EpochDone, events) == of(EpochDone, run_of(streamed_strokes(), tmp_path / "whole"))


def test_rows_on_the_disk_train_as_those_in_memory(tmp_path):
    task = spirals(epochs=3)
    (block,) = task.arrays.taken(np.arange(len(task.arrays)))
    rows = DiskRows(block.shape[1:], block.dtype)
    rows.append(block)
    other = replace(task, arrays=replace(task.arrays, inputs=(rows,)), known=task.fitted)
    assert of(EpochDone, run_of(other, tmp_path / "disk")) == of(
        EpochDone, run_of(task, tmp_path / "held")
    )


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="POSIX kills")
def test_a_run_killed_in_the_middle_of_an_epoch_goes_on_to_the_same_weights(tmp_path):
    whole = run_of(streamed_strokes(), tmp_path / "whole")
    folder = tmp_path / "killed"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    killed = subprocess.run(
        [sys.executable, "-c", CHILD, str(folder)], check=False, cwd=ROOT, env=environment
    )
    assert killed.returncode == -signal.SIGKILL
    rest = run_of(streamed_strokes(), folder, resume=folder)
    assert rest[0].first_step > 1
    assert rest[-1] == whole[-1]
    assert weights(folder) == weights(tmp_path / "whole")
    assert state(folder) == state(tmp_path / "whole")
