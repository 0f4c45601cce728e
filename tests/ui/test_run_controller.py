from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QThread, Slot

from studio.core.design.report import Report
from studio.core.problems import Problem
from studio.core.run.events import EpochDone, RunEnded, RunStarted
from studio.core.run.results import RunRecord
from studio.ui.document import Document
from studio.ui.run_controller import RunController
from tests.ui.fake_runs import FakeJob, events_of


class Listener(QObject):
    """Hears everything and remembers in which thread it heard it."""

    def __init__(self, runs):
        super().__init__()
        self.states, self.ends, self.batches, self.threads = [], [], 0, set()
        self.runs = runs
        runs.updated.connect(self._on_updated)
        runs.ended.connect(self._on_ended)
        runs.state_changed.connect(self._on_state_changed)

    @Slot(object)
    def _on_updated(self, _history):
        self.batches += 1
        self.threads.add(QThread.currentThread())

    @Slot(object)
    def _on_ended(self, event):
        self.ends.append(event)
        self.threads.add(QThread.currentThread())

    @Slot()
    def _on_state_changed(self):
        runs = self.runs
        self.states.append((runs.is_running, runs.is_paused, runs.is_stopping))


@pytest.fixture
def document(qapp, monkeypatch):
    monkeypatch.setattr("studio.ui.document.examine", lambda _project: Report())
    return Document()


@pytest.fixture
def begin(document):
    """Makes a controller around a fake job; closed after the test."""
    made = []

    def make(job):
        runs = RunController(document, lambda: Path("runs"), job)
        made.append(runs)
        return runs, Listener(runs)

    yield make
    for runs in made:
        runs.close()


def test_a_run_is_told_from_start_to_end_in_the_window_s_thread(begin, qtbot, document):
    job = FakeJob()
    runs, heard = begin(job)
    with qtbot.waitSignal(runs.ended):
        assert runs.start() is None
        assert runs.is_running
    assert not runs.is_running
    assert runs.history.state == "completed"
    assert runs.history.epochs_done == 3
    assert [end.outcome for end in heard.ends] == ["completed"]
    assert heard.threads == {document.thread()}
    assert job.calls[0][0] is document.project


def test_thousands_of_events_are_handed_on_in_a_few_batches(begin, qtbot):
    runs, heard = begin(FakeJob(events_of(epochs=10, steps=500)))
    with qtbot.waitSignal(runs.ended, timeout=10_000):
        runs.start()
    assert len(runs.history.steps) == 5000
    assert heard.batches < 100


def test_a_project_that_cannot_train_is_refused_with_its_obstacle(begin, monkeypatch):
    obstacle = Problem("There is no target.", "Choose one.")
    monkeypatch.setattr("studio.ui.document.examine", lambda _project: Report(problems=(obstacle,)))
    job = FakeJob()
    runs, _ = begin(job)
    assert runs.start() is obstacle
    assert not runs.is_running
    assert job.calls == []


def test_there_is_one_run_at_a_time(begin):
    runs, _ = begin(FakeJob(hold_after=1))
    assert runs.start() is None
    assert runs.start().code == "busy"
    assert runs.resume(_record()).code == "busy"


def test_pause_holds_the_run_and_go_on_lets_it_end(begin, qtbot):
    job = FakeJob(hold_after=2)
    runs, _ = begin(job)
    runs.start()
    qtbot.waitUntil(job.holding.is_set)
    runs.pause()
    job.release()
    assert runs.is_paused
    assert runs.is_running
    with qtbot.waitSignal(runs.ended):
        runs.go_on()
        assert not runs.is_paused
    assert runs.history.state == "completed"


def test_stop_ends_the_run_and_says_so_on_the_way(begin, qtbot):
    job = FakeJob(hold_after=5)
    runs, heard = begin(job)
    runs.start()
    qtbot.waitUntil(job.holding.is_set)
    with qtbot.waitSignal(runs.ended):
        runs.stop()
        assert runs.is_stopping
    assert heard.states == [(True, False, False), (True, False, True), (False, False, False)]
    assert runs.history.state == "stopped"


def test_a_paused_run_can_be_stopped(begin, qtbot):
    job = FakeJob(hold_after=5)
    runs, _ = begin(job)
    runs.start()
    qtbot.waitUntil(job.holding.is_set)
    runs.pause()
    with qtbot.waitSignal(runs.ended):
        runs.stop()
        assert not runs.is_paused
    assert runs.history.state == "stopped"


def test_closing_in_mid_run_leaves_no_thread_and_all_the_news(begin, qtbot):
    job = FakeJob(hold_after=5)
    runs, heard = begin(job)
    runs.start()
    qtbot.waitUntil(job.holding.is_set)
    runs.close()
    assert not runs.is_running
    assert not any(thread.isRunning() for thread in runs.findChildren(QThread))
    assert [end.outcome for end in heard.ends] == ["stopped"]
    assert len(runs.history.steps) == 4
    runs.close()
    assert len(heard.ends) == 1


def test_after_closing_another_run_can_begin_and_is_not_ended_by_the_first(begin, qtbot):
    job = FakeJob(hold_after=5)
    runs, heard = begin(job)
    runs.start()
    qtbot.waitUntil(job.holding.is_set)
    runs.close()
    job.holding.clear()
    runs.start()
    qtbot.waitUntil(job.holding.is_set)
    assert runs.is_running
    with qtbot.waitSignal(runs.ended):
        job.release()
    assert [end.outcome for end in heard.ends] == ["stopped", "completed"]


def test_a_job_that_raises_ends_in_exactly_one_failed_run(begin, qtbot):
    runs, heard = begin(FakeJob(list(events_of())[:5], breaks=True))
    with qtbot.waitSignal(runs.ended):
        runs.start()
    assert [end.outcome for end in heard.ends] == ["failed"]
    assert "the job broke" in heard.ends[0].problem.detail
    assert runs.history.state == "failed"


def test_a_job_that_falls_silent_is_a_failed_run(begin, qtbot):
    runs, heard = begin(FakeJob(list(events_of())[:3]))
    with qtbot.waitSignal(runs.ended):
        runs.start()
    assert heard.ends[0].problem.code == "run-silent"


def test_a_resumed_run_shows_what_it_had_before_and_goes_on(begin, qtbot, monkeypatch):
    before = [e for e in events_of(epochs=2) if not isinstance(e, RunEnded)]
    monkeypatch.setattr(
        "studio.jobs.run_events", lambda _folder, _run: (*before, RunEnded("stopped"))
    )
    rest = [e for e in events_of(epochs=3) if getattr(e, "epoch", 0) == 3]
    again = RunStarted("run-1", "cpu", 1234, 4, 3, first_epoch=3, batch_size=32)
    job = FakeJob([again, *rest, RunEnded("completed", 3)])
    runs, _ = begin(job)
    with qtbot.waitSignal(runs.ended):
        assert runs.resume(_record()) is None
    assert job.calls[0][2] == "run-1"
    assert runs.history.training["loss"].x == [1, 2, 3]
    assert runs.history.state == "completed"
    assert isinstance(runs.history.latest, EpochDone)


def test_the_run_keeps_its_project_while_the_person_edits_on(begin, qtbot, document):
    from dataclasses import replace

    job = FakeJob(hold_after=1)
    runs, _ = begin(job)
    before = document.project
    runs.start()
    qtbot.waitUntil(job.holding.is_set)
    document.apply(lambda p: replace(p, training=replace(p.training, epochs=7)), "Epochs")
    assert runs.run_project is before
    assert runs.run_project.training.epochs != 7


def _record():
    from studio.core.design.project import Project

    return RunRecord("run-1", 1, 0.0, 0.0, "interrupted", "cpu", 2, 2, Project(), is_resumable=True)
