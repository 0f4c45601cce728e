"""Runs whose training samples are varied: the same for the same seed, resumed or not."""

from dataclasses import replace

import pytest

from studio.core.catalogue import AUGMENTATION
from studio.core.design.shaping import Step
from studio.core.run.events import EpochDone
from tests.builders import chain
from tests.engine.kinds import clips, sounds, texts, windows
from tests.engine.material import Task, of, run_of, strokes
from tests.engine.test_resume import state, stopped_at, weights

TASKS = {"image": strokes, "sound": sounds, "video": clips, "text": texts, "series": windows}


def varied(task: Task, kind: str) -> Task:
    """With every step that fits the kind."""
    steps = tuple(Step(key) for key, entry in AUGMENTATION.items() if kind in entry.kinds)
    assert steps
    dataset = replace(task.project.dataset, augmentation=steps)
    return replace(task, project=replace(task.project, dataset=dataset))


@pytest.mark.parametrize("kind", TASKS)
@pytest.mark.parametrize("where", ["held", "streamed"])
def test_a_stopped_run_goes_on_with_the_same_variants(tmp_path, kind, where):
    task = varied(TASKS[kind]().with_training(epochs=2), kind)
    task = task.streamed() if where == "streamed" else task
    whole = run_of(task, tmp_path / "whole")
    assert whole[-1].outcome == "completed", whole[-1].problem
    stopped_at(task, tmp_path / "parted", 2, 1)
    rest = run_of(task, tmp_path / "parted", resume=tmp_path / "parted")
    assert rest[-1] == whole[-1]
    assert weights(tmp_path / "parted") == weights(tmp_path / "whole")
    assert state(tmp_path / "parted") == state(tmp_path / "whole")


def test_variants_change_what_is_learnt_and_not_what_is_judged(tmp_path):
    """With steps of no length and nothing that keeps statistics, the weights stay."""
    task = strokes(epochs=1).with_training(learning_rate=1e-12)
    layers = ("flatten", ("linear", {"out_features": 3}))
    task = task.with_graph(chain(task.project.dataset, *layers).graph)
    plain = of(EpochDone, run_of(task, tmp_path / "plain"))[0]
    other = of(EpochDone, run_of(varied(task, "image"), tmp_path / "varied"))[0]
    assert plain.training["loss"] != pytest.approx(other.training["loss"], rel=1e-3)
    assert plain.validation == pytest.approx(dict(other.validation), rel=1e-6)
