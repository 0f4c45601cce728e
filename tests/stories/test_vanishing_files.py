"""Pictures that are deleted while a network learns from them, as a person meets it."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from studio import jobs
from studio.core.run.control import RunControl
from studio.core.run.events import Note, RunEnded, StepDone

SIZE = 64


@pytest.fixture
def pictures(tmp_path):
    """More than the megabyte that is allowed below."""
    draw = np.random.default_rng(0)
    folder = tmp_path / "pictures"
    for kind in ("left", "right"):
        (folder / kind).mkdir(parents=True)
        for number in range(60):
            pixels = draw.integers(0, 256, (SIZE, SIZE, 3)).astype(np.uint8)
            Image.fromarray(pixels).save(folder / kind / f"{number}.png")
    return folder


def project_of(folder):
    project = jobs.new_project("classify-images", data=str(folder))
    training = replace(project.training, epochs=2, batch_size=8, memory=1, device="cpu", patience=0)
    return replace(project, training=training)


def test_the_run_fails_and_names_the_file(tmp_path, pictures, monkeypatch):
    monkeypatch.setattr("studio.engine.loaders.STREAM_BYTES", 1)  # a batch at a time
    events = []
    for event in jobs.train(project_of(pictures), tmp_path / "runs", RunControl()):
        events.append(event)
        if isinstance(event, StepDone):
            for path in pictures.rglob("*.png"):
                path.unlink(missing_ok=True)
    end = events[-1]
    assert isinstance(end, RunEnded)
    assert end.outcome == "failed"
    assert ".png" in end.problem.message
    assert end.problem.hint
    (record,) = jobs.runs(tmp_path / "runs")
    assert record.outcome == "failed"


def test_files_that_stay_are_read_as_they_are_needed(tmp_path, pictures):
    events = list(jobs.train(project_of(pictures), tmp_path / "runs", RunControl()))
    assert events[-1].outcome == "completed", events[-1].problem
    assert any(isinstance(e, Note) and "from the disk" in e.text for e in events)
