"""Each kind of data trains, is judged and answers, held in memory or read from elsewhere."""

from dataclasses import replace

import numpy as np
import pytest

from studio.core.run.events import EpochDone, StepDone
from studio.core.run.mistakes import worst_rows
from studio.engine.evaluate import evaluate
from studio.engine.predict import Predictor
from tests.builders import chain
from tests.engine.kinds import EVERY_KIND, everything, pairs, windows
from tests.engine.material import of, run_of

every_kind = pytest.mark.parametrize("make", EVERY_KIND.values(), ids=EVERY_KIND)


@every_kind
def test_it_trains_and_is_judged(tmp_path, make):
    task = make()
    events = run_of(task, tmp_path)
    assert events[-1].outcome == "completed", events[-1].problem
    found = evaluate(task.project, task.arrays, tmp_path, "run-1")
    assert found.figures == pytest.approx(dict(events[-1].test), rel=1e-4)
    count = len(task.arrays.parts["test"])
    assert len(found.truths) == len(found.answers) == len(found.rows) == count
    answers = Predictor(task.project, task.fitted, tmp_path).answers(task.arrays.inputs)
    assert answers.shape == (len(task.arrays), *task.project.dataset.output_shape())
    assert np.isfinite(answers).all()


@every_kind
@pytest.mark.parametrize("memory", [0, 1])
def test_rows_from_elsewhere_train_the_same(tmp_path, make, memory, monkeypatch):
    monkeypatch.setattr("studio.engine.run_state._MEGABYTE", 1)  # so that one is no room at all
    task = make().with_training(epochs=2)
    first = run_of(task, tmp_path / "held")
    streamed = task.streamed().with_training(memory=memory)
    second = run_of(streamed, tmp_path / "streamed")
    assert of(StepDone, first) == of(StepDone, second)
    assert of(EpochDone, first) == of(EpochDone, second)
    assert first[-1] == second[-1]
    told = [event.text for event in second if hasattr(event, "text")]
    assert any("read from the disk" in text for text in told) == bool(memory)
    assert evaluate(streamed.project, streamed.arrays, tmp_path / "streamed", "run-1") == evaluate(
        task.project, task.arrays, tmp_path / "held", "run-1"
    )


def test_each_input_of_a_network_takes_its_own(tmp_path):
    """Every kind matters to the answer: another picture, text or row gives another."""
    task = everything()
    run_of(task, tmp_path)
    predictor = Predictor(task.project, task.fitted, tmp_path)
    raws = task.arrays.taken(np.arange(12))
    first = predictor.answers(raws)
    for place in range(len(raws)):
        other = tuple(raw[::-1] if number == place else raw for number, raw in enumerate(raws))
        assert not np.allclose(predictor.answers(other), first, atol=1e-6)


def test_an_input_that_the_network_does_not_take_is_not_read(tmp_path):
    task = everything().streamed()
    rows = chain(task.project.dataset, ("linear", {"out_features": 3}))
    names = {"columns": ("weight", "colour")}
    graph = replace(rows.graph, nodes=named(rows.graph.nodes, names))
    task = task.with_graph(graph)
    assert run_of(task, tmp_path)[-1].outcome == "completed"
    assert [bool(one.taken) for one in task.arrays.inputs] == [True, False, False]


def named(nodes, params):
    """The nodes, with those params for the Input."""
    return {
        key: replace(node, params=params) if node.layer == "input" else node
        for key, node in nodes.items()
    }


def test_a_forecast_has_figures_for_each_step(tmp_path):
    task = windows()
    run_of(task, tmp_path)
    found = evaluate(task.project, task.arrays, tmp_path, "run-1")
    assert found.target_names == ("load +1", "load +2")
    positions = task.arrays.parts["test"]
    answers = Predictor(task.project, task.fitted, tmp_path).answers(task.arrays.inputs, positions)
    gaps = np.abs(answers - task.arrays.targets[0][positions])
    assert [one["mae"] for one in found.per_target] == pytest.approx(gaps.mean(axis=0), rel=1e-4)
    assert found.figures["mae"] == pytest.approx(gaps.mean(), rel=1e-4)
    scaled = gaps / np.array(task.fitted.target_scales)
    assert found.distances == pytest.approx(np.sqrt((scaled**2).mean(axis=1)), rel=1e-3)
    assert worst_rows(found)[0] == int(np.argmax(found.distances))


def test_texts_are_learnt_and_judged_token_by_token(tmp_path):
    task = pairs().with_training(epochs=60, learning_rate=0.03)
    events = run_of(task, tmp_path)
    epochs = of(EpochDone, events)
    assert epochs[-1].training["loss"] < 0.5 * epochs[0].training["loss"]
    assert set(epochs[0].validation) == {"loss", "token_accuracy", "exact"}
    found = evaluate(task.project, task.arrays, tmp_path, "run-1")
    truths, answers = np.array(found.true_tokens), np.array(found.answer_tokens)
    known = truths != 0
    assert found.figures["token_accuracy"] == pytest.approx((truths == answers)[known].mean())
    whole = ((truths == answers) | ~known).all(axis=1)
    assert found.figures["exact"] == pytest.approx(whole.mean())
    assert 0 < found.figures["token_accuracy"] <= 1
    shares = ((truths == answers) & known).sum(axis=1) / known.sum(axis=1)
    assert found.answers == pytest.approx(shares)
    (tokens,) = Predictor(task.project, task.fitted, tmp_path).brief_answers(
        task.arrays.inputs, task.arrays.parts["test"]
    )
    assert np.array_equal(tokens, answers)
