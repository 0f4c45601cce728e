"""What is unusual and allowed is trained; what cannot be is refused in words and never breaks."""

from dataclasses import replace

import numpy as np
import pytest

from studio.core.catalogue import LAYERS
from studio.core.design.report import examine
from studio.core.design.shaping import TextSpec
from studio.core.run.events import EpochDone
from studio.data.prepare import ready
from studio.data.tokenizer import trained
from studio.engine.predict import Predictor
from tests.builders import chain, images, table
from tests.calls import INNER_LAYERS, is_many, needs_categories
from tests.engine.kinds import KIND, ROWS, TRAINING, column, described, kinds, sentences, task_of
from tests.engine.material import Task, arrays_of, of, run_of, spirals, strokes

KINDS = np.arange(ROWS) % 3
WILD = (0, -1, -7, 10**6, 10**12)


def text_task(layers, *, length=5, vocabulary=16, sentence=None) -> Task:
    draw = np.random.default_rng(3)
    spec = described(
        column("text", "text"), KIND, text=TextSpec(vocabulary=vocabulary, length=length)
    )
    embedding = ("embedding", {"embedding_dim": 4})
    project = chain(spec, embedding, *layers, ("linear", {"out_features": 3}))
    texts = sentences(draw) if sentence is None else sentence(draw)
    return task_of(project, texts, kinds(draw))


def ended_well(task: Task, folder) -> None:
    assert examine(task.project).obstacle is None
    events = run_of(task, folder)
    assert events[-1].outcome == "completed"
    assert all(np.isfinite(event.training["loss"]) for event in of(EpochDone, events))
    answers = Predictor(task.project, task.fitted, folder).answers(task.arrays.inputs)
    assert len(answers) == len(task.arrays)
    assert np.isfinite(answers).all()


@pytest.mark.parametrize("layer", INNER_LAYERS)
@pytest.mark.parametrize("value", WILD)
def test_sizes_that_make_no_sense_are_said_and_never_raised(layer: str, value: int) -> None:
    for param in LAYERS[layer].params:
        wild = {
            "whole": value,
            "number": float(value),
            "sizes": (value,) * param.length,
            "shape": (value, 2),
        }.get(param.kind)
        if wild is None or needs_categories(layer) or is_many(layer):
            continue
        for dataset in (table(), images(4, 8, 8)):
            report = examine(chain(dataset, (layer, {param.key: wild})))
            signals = [one.signal for one in report.nodes.values() if one.signal is not None]
            assert all(min(signal.shape) >= 1 for signal in signals)
            assert report.problems or value > 0
            assert all(problem.message and problem.hint for problem in report.problems)


@pytest.mark.parametrize(
    ("layer", "params"),
    [
        ("conv2d", {"kernel_size": 9}),
        ("conv2d", {"kernel_size": 5, "dilation": 2}),
        ("max_pool2d", {"kernel_size": 9}),
        ("avg_pool2d", {"kernel_size": (1, 9)}),
        ("depthwise_conv2d", {"kernel_size": (9, 1)}),
        ("cut_patches", {"kernel_size": 9}),
    ],
)
def test_a_kernel_larger_than_its_input_is_refused_at_its_node(layer, params) -> None:
    report = examine(chain(images(2, 8, 8, classes=3), (layer, params), "flatten"))
    assert report.obstacle.place.key == f"{layer}_1"


@pytest.mark.parametrize("stride", [(3, 5), (7, 1), (8, 8), (20, 20)])
def test_odd_strides_are_trained(tmp_path, stride) -> None:
    task = strokes(epochs=1)
    layers = (
        ("conv2d", {"out_channels": 4, "kernel_size": 3, "padding": 1, "stride": stride}),
        "relu",
        ("max_pool2d", {"kernel_size": 1, "stride": (2, 3)}),
        "flatten",
        ("linear", {"out_features": 3}),
    )
    ended_well(task.with_graph(chain(task.project.dataset, *layers).graph), tmp_path)


@pytest.mark.parametrize(
    "layers",
    [
        ("lstm",),
        (("gru", {"bidirectional": True}),),
        (("rnn", {"gives": "sequence"}), "flatten"),
        (("transformer_encoder", {"heads": 2}), "flatten"),
        (("attention_pooling", {"units": 2}),),
        (("causal_conv1d", {"kernel_size": 5}), "flatten"),
        (("global_pool", {"over": "steps", "keeps": "mean"}),),
    ],
    ids=lambda layers: layers[0] if isinstance(layers[0], str) else layers[0][0],
)
def test_sequences_of_length_one_are_trained(tmp_path, layers) -> None:
    ended_well(text_task(layers, length=1), tmp_path)


@pytest.mark.parametrize("tokenizer", ["word", "character", "byte_pair"])
@pytest.mark.parametrize("vocabulary", [4, 5, 9, 15, 40])
def test_never_are_there_more_tokens_than_the_vocabulary_holds(tokenizer, vocabulary) -> None:
    spec = TextSpec(tokenizer, vocabulary=vocabulary, length=6)
    known = trained([" ".join(f"w{n} é{n}" for n in range(start, 500)) for start in (0, 9)], spec)
    assert 4 <= known.get_vocab_size() <= vocabulary
    assert max(known.encode("w1 w444 strange 語").ids) < vocabulary


def test_more_words_than_the_vocabulary_holds_and_none_that_is_known(tmp_path) -> None:
    def many(draw):
        found = [" ".join(f"w{draw.integers(0, 5000)}" for _ in range(9)) for _ in range(ROWS)]
        return np.array(found, dtype=object)

    task = text_task(("lstm",), vocabulary=8, sentence=many)
    ended_well(task, tmp_path)
    strangers = arrays_of(task.project.dataset, np.array(["x y", ""] * 30, dtype=object), KINDS)
    unseen = ready(strangers, task.fitted)
    answers = Predictor(task.project, task.fitted, tmp_path).answers(unseen.inputs)
    assert len(answers) == ROWS
    assert np.isfinite(answers).all()


def test_a_class_that_the_training_part_never_had_is_still_judged(tmp_path) -> None:
    dataset = table(numbers=2, classes=3, rows=60)
    draw = np.random.default_rng(5)
    parts = {
        "training": np.arange(40),
        "validation": np.arange(40, 50),
        "test": np.arange(50, 60),
    }
    kind = np.where(np.arange(60) < 40, np.arange(60) % 2, 2)
    arrays = arrays_of(dataset, draw.normal(size=(60, 2)).astype(np.float32), kind, parts)
    project = chain(dataset, ("linear", {"out_features": 3}))
    ended_well(Task(replace(project, training=TRAINING), arrays), tmp_path)


@pytest.mark.parametrize("empty", ["validation", "test"])
def test_a_part_without_rows_has_no_figures_and_stops_nothing(tmp_path, empty) -> None:
    task = spirals(epochs=2)
    parts = {**task.arrays.parts, empty: np.empty(0, dtype=np.int64)}
    ended_well(replace(task, arrays=replace(task.arrays, parts=parts)), tmp_path)


def test_no_rows_are_answered_by_no_answers(tmp_path) -> None:
    task = spirals(epochs=1)
    run_of(task, tmp_path)
    nobody = np.empty(0, dtype=np.int64)
    answers = Predictor(task.project, task.fitted, tmp_path).answers(task.arrays.inputs, nobody)
    assert len(answers) == 0


@pytest.mark.parametrize("formula", ["a / (a - a)", "log(a - a) * a", "1 / (a * 0) + a"])
def test_a_formula_that_divides_by_zero_is_named_when_the_run_ends(tmp_path, formula) -> None:
    task = spirals(epochs=2)
    layers = (
        ("linear", {"out_features": 4}),
        ("expression", {"expression": formula}),
        ("linear", {"out_features": 2}),
    )
    task = task.with_graph(chain(task.project.dataset, *layers).graph)
    assert examine(task.project).obstacle is None
    end = run_of(task, tmp_path)[-1]
    assert end.outcome == "failed"
    assert end.problem.place.key == "expression_1"
    assert task.project.graph.nodes["expression_1"].name in end.problem.message
