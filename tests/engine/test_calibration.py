"""What a run tries at its start: it leaves no trace, its choice is told, kept and taken again."""

from dataclasses import replace

import pytest
import torch

from studio.core.run.control import RunControl
from studio.core.run.events import EpochDone, Note, StepDone
from studio.engine import calibration, loaders
from studio.engine.calibration import calibrated, work_of_step
from studio.engine.checkpoints import read_snapshot
from studio.engine.devices import CPU
from studio.engine.run_state import RunState
from studio.engine.ways import Forms, Way
from tests.builders import chain
from tests.engine.material import of, run_events, run_of, strokes

CONV = ("conv2d", {"out_channels": 6, "kernel_size": 3})
LAYERS = (CONV, "relu", "max_pool2d", "batch_norm", ("dropout", {"p": 0.3}), "flatten")
FORMS = ("blocked", "plain", "channels_last")


@pytest.fixture(autouse=True)
def tried(monkeypatch):
    """Even the smallest run is worth it, on a machine with four cores that nobody has set."""
    monkeypatch.delenv(calibration.SWITCH, raising=False)
    monkeypatch.delenv(calibration.THREADS, raising=False)
    monkeypatch.setattr(calibration, "LEAST_STEP", 0.0)
    monkeypatch.setattr(calibration, "LEAST_RUN", 0.0)
    monkeypatch.setattr(calibration, "cores", lambda: 4)
    monkeypatch.setattr(calibration, "is_busy", lambda: False)
    monkeypatch.setattr(calibration, "MOST_SECONDS", 60.0)


@pytest.fixture
def fastest(monkeypatch):
    """Makes one way take half as long as all others, whatever the machine says."""

    def chosen(form, threads=1):
        def timed(self, way, batch):
            self._pass(way.form, batch)
            return 0.5 if way == Way(form, threads) else 0.9 if way.form == form else 1.0

        monkeypatch.setattr(calibration._Ways, "_timed", timed)  # noqa: SLF001

    return chosen


def task_of(**training):
    task = strokes(epochs=3)
    head = ("linear", {"out_features": 3})
    task = task.with_graph(chain(task.project.dataset, *LAYERS, head).graph)
    return task.with_training(**training) if training else task


def state_of(task):
    return RunState(task.project, task.arrays, task.fitted)


def notes(events):
    return [event.text for event in of(Note, events) if "of computing" in event.text]


def test_every_way_of_a_network_for_pictures_is_tried_once(fastest):
    fastest("channels_last", 2)
    found = calibrated(state_of(task_of()), RunControl())
    assert found.way == Way("channels_last", 2)
    assert found.tried == 3 + 2 * 2  # three forms in one thread, two of them in two and in four
    assert found.share == 0.5
    assert "in 2 threads" in found.words
    assert "50 %" in found.words


def test_what_gains_hardly_anything_is_not_taken(monkeypatch):
    def timed(_self, way, _batch):
        return 0.97 if way.threads == 4 else 1.0

    monkeypatch.setattr(calibration._Ways, "_timed", timed)  # noqa: SLF001
    found = calibrated(state_of(task_of()), RunControl())
    assert found.way == Way("blocked", 1)
    assert found.words.endswith("as by rule.")


def test_trying_leaves_no_trace():
    task = task_of()
    plain, other = state_of(task), state_of(task)
    before = plain.capture()
    random, threads = torch.get_rng_state(), torch.get_num_threads()
    torch.set_rng_state(random)
    assert calibrated(other, RunControl()).tried > 1
    assert torch.equal(torch.get_rng_state(), random)
    assert torch.get_num_threads() == threads
    after = other.capture()
    assert set(after.tensors) == set(before.tensors)
    for name, tensor in before.tensors.items():
        if not name.startswith("random."):
            assert torch.equal(after.tensors[name], tensor), name
    assert all(weight.grad is None for weight in other.model.parameters())
    assert [part.training for part in other.model.modules()] == [
        part.training for part in plain.model.modules()
    ]


def test_a_run_begins_with_the_same_bytes_with_and_without(tmp_path, fastest, monkeypatch):
    fastest("blocked")  # what is taken by rule as well
    task = task_of()
    told = run_of(task, tmp_path / "tried")
    monkeypatch.setenv(calibration.SWITCH, "off")
    plain = run_of(task, tmp_path / "plain")
    assert len(notes(told)) == 1
    assert not notes(plain)
    assert of(EpochDone, told) == of(EpochDone, plain)
    files = [tmp_path / side / "last.safetensors" for side in ("tried", "plain")]
    assert files[0].read_bytes() == files[1].read_bytes()


@pytest.mark.parametrize("form", FORMS)
def test_a_resumed_run_is_computed_in_the_same_way_and_tries_nothing(
    tmp_path, monkeypatch, fastest, form
):
    fastest(form)
    task = task_of()
    whole = run_of(task, tmp_path / "whole")
    monkeypatch.setattr(loaders, "MOST_BATCHES", 1)
    control = RunControl()
    for event in run_events(task, tmp_path / "parted", control):
        if isinstance(event, StepDone) and (event.epoch, event.step) == (2, 3):
            control.stop()
    fastest("plain" if form == "blocked" else "blocked")  # the machine has changed its mind
    assert read_snapshot(tmp_path / "parted").facts.way == Way(form, 1)
    rest = run_of(task, tmp_path / "parted", resume=tmp_path / "parted")
    assert not notes(rest)
    assert of(EpochDone, rest) == of(EpochDone, whole)[1:]
    for name in ("best", "last"):
        files = [tmp_path / side / f"{name}.safetensors" for side in ("whole", "parted")]
        assert files[0].read_bytes() == files[1].read_bytes()


def test_threads_that_are_set_by_hand_stand_and_nothing_is_tried(tmp_path):
    task, seen = task_of(threads=2), []
    for event in run_events(task, tmp_path, RunControl()):
        if isinstance(event, StepDone):
            seen.append(torch.get_num_threads())
        assert not (isinstance(event, Note) and "of computing" in event.text)
    assert set(seen) == {2}
    assert torch.get_num_threads() == 1
    assert read_snapshot(tmp_path).facts.way == Way("blocked", 2)


def test_nothing_is_tried_where_it_is_switched_off_or_not_worth_it(monkeypatch):
    assert calibrated(state_of(task_of(tries_ways=False)), RunControl()) is None
    state = state_of(task_of())
    monkeypatch.setattr(calibration, "LEAST_STEP", work_of_step(state) * 1.01)
    assert calibrated(state, RunControl()) is None
    monkeypatch.setattr(calibration, "LEAST_STEP", 0.0)
    steps = state.batches.steps * state.project.training.epochs
    monkeypatch.setattr(calibration, "LEAST_RUN", work_of_step(state) * steps * 1.01)
    assert calibrated(state, RunControl()) is None
    monkeypatch.setattr(calibration, "LEAST_RUN", 0.0)
    monkeypatch.setenv(calibration.SWITCH, "off")
    assert calibrated(state, RunControl()) is None


def test_threads_of_the_environment_stand(monkeypatch, fastest):
    fastest("plain")
    monkeypatch.setenv(calibration.THREADS, "3")
    found = calibrated(state_of(task_of()), RunControl())
    assert (found.way, found.tried) == (Way("plain", 1), 3)


def test_on_a_busy_machine_threads_are_not_tried(monkeypatch, fastest):
    fastest("plain", 2)
    monkeypatch.setattr(calibration, "is_busy", lambda: True)
    assert calibrated(state_of(task_of()), RunControl()).tried == 3


def test_no_more_is_tried_once_the_time_is_up_or_the_person_stops(monkeypatch, fastest):
    fastest("plain", 4)
    monkeypatch.setattr(calibration, "MOST_SECONDS", 0.5)  # less than one more way would take
    assert calibrated(state_of(task_of()), RunControl()).tried == 1
    monkeypatch.setattr(calibration, "MOST_SECONDS", 60.0)
    control = RunControl()
    control.stop()
    assert calibrated(state_of(task_of()), control).way == Way("blocked", 1)


def test_the_work_of_a_step_is_told_by_weights_and_places():
    state = state_of(task_of())
    height, width = state.project.dataset.model_inputs()[0].shape[1:]
    filters = sum(w.numel() for n, w in state.model.named_parameters() if n.startswith("conv2d_1"))
    assert work_of_step(state) > 6 * filters * (height - 2) * (width - 2) * 2


def test_all_forms_are_the_same_network_but_for_rounding():
    state = state_of(task_of())
    state.model.eval()
    forms = Forms(state.model, torch.device(CPU))
    assert forms.known == FORMS
    pictures = torch.rand(5, *state.project.dataset.model_inputs()[0].shape)
    first, *others = (forms.forward(form)(pictures) for form in forms.known)
    for other in others:
        torch.testing.assert_close(other, first, rtol=1e-4, atol=1e-5)


def test_a_network_of_lines_has_one_form():
    from tests.engine.material import spirals

    task = spirals(epochs=1)
    state = state_of(replace(task))
    assert state.stepper.forms.known == ("plain",)
    assert Forms(state.model, torch.device("cuda")).known == ("plain",)
