"""All runs of a project in one file: replayed, resumed, and safe from kills and second windows."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from studio.core.problems import Place, Problem, StudioError
from studio.core.run import archive as room
from studio.core.run import run_log
from studio.core.run.archive import Archive
from studio.core.run.events import EpochDone, Note, RunEnded, RunStarted, StepDone
from studio.core.run.history import History
from studio.core.run.lock import RunLock
from tests.builders import chain, table

ROOT = Path(__file__).resolve().parents[3]
PROJECT = chain(table(numbers=2), ("linear", {"out_features": 3}))
START = RunStarted("run-1", "cpu", 12, 3, 4, batch_size=8)
EVENTS = [
    START,
    StepDone(1, 1, 0.9, 0.01, 0.1),
    StepDone(1, 2, 0.8, 0.01, 0.2),
    StepDone(1, 3, 0.7, 0.01, 0.3),
    EpochDone(1, {"loss": 0.8}, {"loss": 0.6, "accuracy": 0.5}, 0.4, 60.0, is_best=True),
    Note("Going well."),
    StepDone(2, 1, 0.6, 0.01, 0.5),
    StepDone(2, 2, 0.5, 0.01, 0.6),
    StepDone(2, 3, 0.4, 0.01, 0.7),
    EpochDone(2, {"loss": 0.5}, {"loss": 0.7, "accuracy": 0.4}, 0.4, 60.0),
]
CHILD = """
import sys
from pathlib import Path
from studio.core.run.archive import Archive
from tests.core.run.test_archive import PROJECT, START
from studio.core.run.events import StepDone
log = Archive(Path(sys.argv[1])).begin(PROJECT)
(log.folder / "resume.safetensors").write_bytes(b"")
log.append(START)
for epoch in range(1, 100_000):
    log.append(StepDone(epoch, 1, 0.5, 0.01))
    print(epoch, flush=True)
"""


def recorded(folder, events, project=PROJECT):
    with Archive(folder).begin(project) as log:
        for event in events:
            log.append(event)
    return log.run


def test_before_the_first_run_nothing_is_made(tmp_path):
    archive = Archive(tmp_path / "NAME.runs")
    assert archive.records() == ()
    assert not archive.folder.exists()


def test_a_run_is_played_again(tmp_path):
    run = recorded(tmp_path, [*EVENTS, RunEnded("completed", 1, {"loss": 0.65})])
    replayed, lived = History(), History()
    replayed.add_all(Archive(tmp_path).events(run))
    lived.add_all([*EVENTS, RunEnded("completed", 1, {"loss": 0.65})])
    assert list(Archive(tmp_path).events(run))[:-1] == EVENTS
    assert replayed.steps == lived.steps
    assert replayed.state == "completed"


def test_a_record_says_what_came_of_it(tmp_path):
    (tmp_path / "run-1").mkdir(parents=True)
    (tmp_path / "run-1" / "best.safetensors").write_bytes(b"")
    recorded(tmp_path, [*EVENTS, RunEnded("completed", 1, {"loss": 0.65})])
    (record,) = Archive(tmp_path).records()
    assert (record.run, record.number, record.outcome) == ("run-1", 1, "completed")
    assert (record.epochs_done, record.best_epoch, record.device) == (2, 1, "cpu")
    assert record.figures == {"loss": 0.6, "accuracy": 0.5}
    assert record.test == {"loss": 0.65}
    assert record.has_weights
    assert not record.is_resumable
    assert record.ended >= record.started > 0


def test_the_project_is_kept_as_it_was(tmp_path):
    recorded(tmp_path, EVENTS)
    other = replace(PROJECT, training=replace(PROJECT.training, epochs=77))
    recorded(tmp_path, EVENTS, other)
    first, second = Archive(tmp_path).records()
    assert first.project == PROJECT
    assert second.project == other
    assert (first.number, second.number) == (1, 2)


def test_a_failure_is_kept_with_its_place(tmp_path):
    problem = Problem("It broke.", "Mend it.", place=Place("node", "linear_1"), code="not-finite")
    recorded(tmp_path, [START, RunEnded("failed", problem=problem)])
    (record,) = Archive(tmp_path).records()
    assert record.outcome == "failed"
    assert record.problem == problem


def test_a_run_is_running_while_it_is_open_and_interrupted_when_its_process_is_gone(tmp_path):
    archive = Archive(tmp_path)
    log = archive.begin(PROJECT)
    (log.folder / "resume.safetensors").write_bytes(b"")
    assert archive.records()[0].outcome == "running"
    assert not archive.records()[0].is_resumable
    log.close()
    assert archive.records()[0].outcome == "interrupted"
    assert archive.records()[0].is_resumable


def test_a_run_that_is_just_beginning_is_seen_by_nobody(tmp_path, monkeypatch):
    """Or whoever looks finds it without its lock, says "interrupted", and holds the lock up."""
    archive, take, seen = Archive(tmp_path), RunLock.take, []

    def look_and_take(lock):
        monkeypatch.setattr(RunLock, "take", take)
        seen.append([record.outcome for record in archive.records()])
        return take(lock)

    monkeypatch.setattr(RunLock, "take", look_and_take)
    with archive.begin(PROJECT):
        assert seen == [[]]
        assert [record.outcome for record in archive.records()] == ["running"]


def test_a_run_whose_lock_is_refused_leaves_nothing_behind(tmp_path, monkeypatch):
    archive = Archive(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(RunLock, "take", lambda _lock: False)
        with pytest.raises(StudioError, match="in another window"):
            archive.begin(PROJECT)
    assert archive.records() == ()
    with archive.begin(PROJECT) as log:
        assert log.run == "run-1"


def test_two_windows_do_not_train_the_same_run(tmp_path):
    archive = Archive(tmp_path)
    with archive.begin(PROJECT) as log:
        (log.folder / "resume.safetensors").write_bytes(b"")
        log.append(START)
        with pytest.raises(StudioError, match="cannot go on"):
            archive.resume(log.run)


def test_a_resumed_run_takes_back_what_comes_again(tmp_path):
    run = recorded(tmp_path, [*EVENTS, RunEnded("stopped", 1)])
    (tmp_path / run / "resume.safetensors").write_bytes(b"")
    again = replace(START, first_epoch=2, first_step=2)
    with Archive(tmp_path).resume(run) as log:
        log.append(again)
        log.append(StepDone(2, 2, 0.55, 0.01))
        log.flush()
        assert Archive(tmp_path).records()[0].outcome == "running"
    kept = Archive(tmp_path).events(run)
    assert list(kept) == [*EVENTS[:7], again, StepDone(2, 2, 0.55, 0.01)]
    assert Archive(tmp_path).records()[0].ended == 0


@pytest.mark.parametrize("outcome", ["completed", "failed"])
def test_what_is_over_does_not_go_on(tmp_path, outcome):
    run = recorded(tmp_path, [*EVENTS, RunEnded(outcome)])
    (tmp_path / run / "resume.safetensors").write_bytes(b"")
    with pytest.raises(StudioError, match="cannot go on"):
        Archive(tmp_path).resume(run)


def test_an_unknown_run_is_a_problem(tmp_path):
    with pytest.raises(StudioError, match="no run called"):
        Archive(tmp_path).record("run-9")


def test_events_are_written_in_batches(tmp_path, monkeypatch):
    monkeypatch.setattr(run_log, "SELDOM", 1000.0)
    monkeypatch.setattr(run_log, "SOON", 1000.0)
    archive = Archive(tmp_path)
    log = archive.begin(PROJECT)
    for event in EVENTS[:5]:
        log.append(event)
    assert len(archive.events(log.run)) == 1  # the start is written at once
    log.append(EVENTS[5])
    assert len(archive.events(log.run)) == 6  # and so is a note: a pause may follow
    for event in EVENTS[6:]:
        log.append(event)
    assert len(archive.events(log.run)) == 6
    log.append(RunEnded("completed"))
    assert len(archive.events(log.run)) == len(EVENTS) + 1
    log.close()


def test_a_newer_version_is_left_as_it_is(tmp_path):
    recorded(tmp_path, EVENTS)
    with sqlite3.connect(tmp_path / "runs.sqlite") as connection:
        connection.execute("PRAGMA user_version = 9")
    connection.close()
    with pytest.raises(StudioError, match="newer version"):
        Archive(tmp_path).records()


def test_a_damaged_file_is_a_problem(tmp_path):
    (tmp_path / "runs.sqlite").write_bytes(b"no database" * 200)
    with pytest.raises(StudioError, match="cannot be read or written"):
        Archive(tmp_path).records()


def test_a_folder_that_cannot_be_made_is_a_problem(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StudioError, match="cannot be made"):
        Archive(tmp_path / "file" / "runs").begin(PROJECT)


def test_several_begin_at_once(tmp_path):
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(recorded(tmp_path, EVENTS))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == sorted(f"run-{number}" for number in range(1, 9))
    assert all(list(Archive(tmp_path).events(run)) == EVENTS for run in found)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="POSIX kills")
def test_a_killed_process_leaves_a_run_that_can_go_on(tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-c", CHILD, str(tmp_path)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        for line in child.stdout:
            if int(line) >= 20_000:
                child.kill()
                break
    (record,) = Archive(tmp_path).records()
    assert record.outcome == "interrupted"
    assert record.is_resumable
    events = Archive(tmp_path).events("run-1")
    assert events[0] == START
    assert [event.epoch for event in events[1:]] == list(range(1, len(events)))
    assert len(events) > 1


def test_the_file_names_its_format(tmp_path):
    recorded(tmp_path, EVENTS)
    with sqlite3.connect(tmp_path / "runs.sqlite") as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (room.VERSION,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        text = connection.execute("SELECT project FROM runs").fetchone()[0]
    connection.close()
    assert json.loads(text)["format"] == "studio-project"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("project", "nonsense"),
        ("project", "{}"),
        ("figures", "[1]"),
        ("figures", '{"loss": "x"}'),
        ("test", "null"),
        ("problem", "nonsense"),
    ],
)
def test_a_damaged_record_is_named(tmp_path, name, value):
    recorded(tmp_path, EVENTS)
    with sqlite3.connect(tmp_path / "runs.sqlite") as connection:
        connection.execute(f"UPDATE runs SET {name} = ?", (value,))
    connection.close()
    with pytest.raises(StudioError, match="run-1 in .* is damaged"):
        Archive(tmp_path).records()


@pytest.mark.parametrize("text", ["{", "[]", '{"event": "dance"}', '{"event": "note"}'])
def test_a_damaged_event_is_named(tmp_path, text):
    run = recorded(tmp_path, EVENTS)
    with sqlite3.connect(tmp_path / "runs.sqlite") as connection:
        connection.execute("UPDATE events SET event = ? WHERE place = 3", (text,))
    connection.close()
    with pytest.raises(StudioError, match="run-1 in .* is damaged"):
        Archive(tmp_path).events(run)


def test_runs_are_read_where_nothing_may_be_written(tmp_path, monkeypatch):
    run = recorded(tmp_path, [*EVENTS, RunEnded("completed", 1)])
    before = sorted(path.name for path in tmp_path.iterdir())
    monkeypatch.setattr(room.os, "access", lambda *_: False)
    assert [record.run for record in Archive(tmp_path).records()] == [run]
    assert Archive(tmp_path).events(run)[0] == START
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_threads_that_make_a_new_archive_at_once_all_get_a_run(tmp_path):
    def begin(folder):
        Archive(folder).begin(PROJECT).close()

    for number in range(5):
        folder = tmp_path / str(number)
        with ThreadPoolExecutor(6) as pool:
            list(pool.map(begin, [folder] * 6))
        assert [record.number for record in Archive(folder).records()] == [1, 2, 3, 4, 5, 6]
