"""Actions: stable names, one key for one thing, and a reason for what is not possible."""

from collections import Counter

import pytest

from studio.core.run.events import RunEnded
from studio.ui.actions import ENTRIES, Actions
from studio.ui.context import new_context
from studio.ui.run_actions import RunActions
from studio.ui.run_controller import RunController
from tests.builders import chain, table
from tests.ui.fake_runs import FakeJob, events_of

CONTRACT = {
    "new",
    "open",
    "save",
    "open_data",
    "undo",
    "redo",
    "train",
    "pause",
    "stop",
    "export",
    "arrange",
    "fit",
}


@pytest.fixture
def actions(dressed):
    return Actions()


def test_the_names_of_the_contract_are_there(actions):
    assert {action.objectName() for _entry, action in actions} >= {
        f"action.{key}" for key in CONTRACT
    }


def test_no_two_actions_share_a_key():
    keys = Counter(keys for entry in ENTRIES for keys in entry.shortcuts)
    assert [key for key, count in keys.items() if count > 1] == []


def test_what_is_not_possible_says_why(qtbot, actions):
    with qtbot.waitSignal(actions.changed):
        actions.set_reason("train", "There are no data yet.")
    assert not actions["train"].isEnabled()
    assert actions["train"].toolTip() == "There are no data yet."
    actions.set_reason("train", "")
    assert actions["train"].isEnabled()
    assert "F5" in actions["train"].toolTip()


@pytest.fixture
def runner(dressed):
    """The three actions over a run that the test holds."""
    context, job = new_context(), FakeJob(events_of(), hold_after=2)
    runs = RunController(context.document, context.files.prepare_run, job)
    runs.ended.connect(context.files.settle_run)
    keeper = RunActions(context.actions, runs, context.document, context.files, context.navigation)
    yield context, runs, job, keeper
    job.release()
    runs.close()
    context.files.discard()
    context.close()


def possible(context):
    return {key for key in ("train", "pause", "stop") if context.actions[key].isEnabled()}


def test_nothing_can_be_trained_before_something_is_open(runner):
    context, *_ = runner
    assert possible(context) == set()
    assert "Open data" in context.actions["train"].statusTip()


def test_the_first_obstacle_is_the_reason(runner):
    context, *_ = runner
    context.files.new(chain(table(), ("linear", {"out_features": 99})))
    assert possible(context) == set()
    assert context.actions["train"].statusTip() == context.document.report.obstacle.message


def test_a_run_can_be_paused_and_stopped_and_only_then(qtbot, runner):
    context, runs, job, _keeper = runner
    context.files.new(chain(table(), ("linear", {"out_features": 3})))
    assert possible(context) == {"train"}
    with qtbot.waitSignal(runs.started):
        context.actions.trigger("train")
    assert possible(context) == {"pause", "stop"}
    context.actions.trigger("pause")
    assert context.actions["pause"].text() == "Go on"
    assert runs.is_paused
    context.actions.trigger("pause")
    assert not runs.is_paused
    with qtbot.waitSignal(runs.ended):
        context.actions.trigger("stop")
        job.release()
    assert possible(context) == {"train"}


def test_how_a_run_failed_is_said(qtbot, runner):
    from studio.core.problems import Problem

    context, runs, _job, _keeper = runner
    with qtbot.waitSignal(context.navigation.said) as said:
        runs.ended.emit(RunEnded("failed", problem=Problem("The loss is no number.", "Lower it.")))
    assert said.args[0].text == "The loss is no number. Lower it."
