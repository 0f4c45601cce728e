"""Events as plain values and back, as the archive keeps them."""

import json

import pytest

from studio.core.problems import Fix, Place, Problem, StudioError
from studio.core.run.events import (
    CheckpointSaved,
    EpochDone,
    HealthSeen,
    NodeHealth,
    Note,
    RunEnded,
    RunStarted,
    StepDone,
    event_from_json,
    event_to_json,
)

PROBLEM = Problem("It broke.", "Mend it.", place=Place("node", "linear_1"), code="not-finite")
EVENTS = [
    RunStarted("run-1", "cpu", 12, 3, 4, 2, 1, 32),
    StepDone(1, 2, 0.5, 0.01, 3.25),
    EpochDone(1, {"loss": 0.5, "f1": 0.25}, {}, 1.5, 320.0, is_best=True),
    HealthSeen(2, 5, {"relu_1": NodeHealth(0.25, 0.5), "linear_1": NodeHealth(fault="weights")}),
    CheckpointSaved(3, "/runs/run-1/best.safetensors", "best"),
    Note("Paused."),
    RunEnded("completed", 4, {"loss": 0.1}),
    RunEnded("failed", 0, problem=PROBLEM),
]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_an_event_comes_back_as_it_was(event):
    text = json.dumps(event_to_json(event), allow_nan=False)
    back = event_from_json(json.loads(text))
    assert back == event
    assert getattr(back, "seconds", None) == getattr(event, "seconds", None)


def test_the_names_are_those_of_the_contract():
    names = [event_to_json(event)["event"] for event in EVENTS]
    assert names == [
        "run_started",
        "step_done",
        "epoch_done",
        "health_seen",
        "checkpoint_saved",
        "note",
        "run_ended",
        "run_ended",
    ]


def test_a_fix_is_not_kept():
    event = RunEnded("failed", problem=Problem("It broke.", fix=Fix("a", "Do it")))
    assert event_from_json(event_to_json(event)).problem.fix is None


@pytest.mark.parametrize(
    "data",
    [{}, {"event": "party"}, {"event": "note", "text": 3}, {"event": "step_done", "epoch": 1}],
)
def test_what_is_no_event_is_refused(data):
    with pytest.raises(StudioError):
        event_from_json(data)
