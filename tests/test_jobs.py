"""The one door to the engine: it never raises out of a run, and any thread may come through it."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from studio import data_jobs, jobs
from studio.core.design.report import examine
from studio.core.run.archive import Archive
from studio.core.run.control import RunControl
from studio.core.run.events import RunEnded
from studio.data import sources
from tests.builders import chain, table

PROJECT = chain(table(numbers=2), ("linear", {"out_features": 3}))


def test_two_who_want_the_same_data_read_them_once(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = sources.open_sample("spirals")
    both_read, reading, load = threading.Event(), [], sources.load

    def watched(wanted, **options):
        reading.append(wanted)
        if len(reading) > 1:
            both_read.set()
        both_read.wait(0.3)  # a second reader, if there is one, comes in meanwhile
        return load(wanted, **options)

    monkeypatch.setattr(sources, "load", watched)
    monkeypatch.setattr(data_jobs, "_last_loaded", [])
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda _: jobs.samples_at(spec, [0, 3]), range(2))
    assert len(reading) == 1
    assert first == second


def test_threads_that_examine_get_each_their_own_answer() -> None:
    sizes = [3 + number % 12 for number in range(240)]
    projects = {size: chain(table(classes=size), "linear") for size in set(sizes)}
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda size: examine(projects[size]).obstacle, sizes))
    for size, obstacle in zip(sizes, answers, strict=True):
        assert obstacle is not None
        assert f"expects {size} numbers" in obstacle.message


def test_a_folder_that_cannot_be_locked_is_the_end_of_the_run_and_no_crash(tmp_path: Path) -> None:
    with Archive(tmp_path).begin(PROJECT) as log:
        log.append(RunEnded("stopped"))
    (log.folder / "running.lock").unlink()
    (log.folder / "running.lock").mkdir()
    (ended,) = jobs.train(PROJECT, tmp_path, RunControl(), resume=log.run)
    assert isinstance(ended, RunEnded)
    assert ended.problem is not None
    assert ended.problem.code == "cannot-write"
    assert log.run in ended.problem.message
