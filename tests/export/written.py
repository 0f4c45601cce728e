"""Tiny networks that write token by token, and one that reads frames as a text."""

from dataclasses import replace

import numpy as np

from studio.core.catalogue.ends import AS_PREVIOUS
from studio.core.design.dataset import ColumnChoice, DatasetSpec
from studio.core.design.drawing import Drawing
from studio.core.design.project import Project
from studio.core.design.shaping import SoundSpec, TextSpec
from tests.engine.kinds import ROWS, column, described, sentences, task_of
from tests.engine.material import Task

TEXT = TextSpec(vocabulary=14, length=4)
LETTERS = TextSpec(tokenizer="character", vocabulary=20, length=4)
FRAMES = 10


def translation(beams: int = 1) -> Task:
    """One memory reads a sentence, another writes it again and looks back."""
    spec = described(column("from", "text"), column("to", "text", "target"), text=TEXT)
    drawing = Drawing()
    source, begun = drawing.input("from"), drawing.input(form=AS_PREVIOUS)
    x = drawing.add("embedding", source, embedding_dim=6)
    memory = drawing.add("gru", x, hidden_size=6, gives="sequence")
    y = drawing.add("embedding", begun, embedding_dim=6)
    y = drawing.add("gru", y, hidden_size=6, gives="sequence")
    seen = drawing.add("additive_attention", y, memory, source, units=4)
    y = drawing.add("concatenate", y, seen, axis=2)
    y = drawing.add("linear", y, out_features=spec.outputs())
    drawing.output(y, beams=beams)
    written = sentences(np.random.default_rng(4), empty=0.0)
    return task_of(Project(spec, drawing.graph()), written, written)


def transformer(beams: int = 1) -> Task:
    """The same with attention alone."""
    spec = described(column("from", "text"), column("to", "text", "target"), text=TEXT)
    drawing = Drawing()
    source, begun = drawing.input("from"), drawing.input(form=AS_PREVIOUS)
    settings = {"num_layers": 1, "heads": 2, "hidden": 8}
    x = drawing.add("embedding", source, embedding_dim=8)
    memory = drawing.add("transformer_encoder", x, source, **settings)
    y = drawing.add("learnt_positions", drawing.add("embedding", begun, embedding_dim=8))
    y = drawing.add("transformer_decoder", y, memory, source, **settings)
    drawing.output(drawing.add("linear", y, out_features=spec.outputs()), beams=beams)
    written = sentences(np.random.default_rng(4), empty=0.0)
    return task_of(Project(spec, drawing.graph()), written, written)


def going_on(beams: int = 1) -> Task:
    """A small GPT: a text goes on from its beginning."""
    spec = given_again(described(column("text", "text", "both"), text=TEXT))
    drawing = Drawing()
    x = drawing.add("embedding", drawing.input(form=AS_PREVIOUS), embedding_dim=8)
    x = drawing.add("learnt_positions", x)
    x = drawing.add("transformer_encoder", x, num_layers=1, heads=2, hidden=8, causal=True)
    drawing.output(drawing.add("linear", x, out_features=spec.outputs()), beams=beams)
    written = sentences(np.random.default_rng(4), empty=0.0)
    return task_of(Project(spec, drawing.graph()), written, written)


def given_again(spec: DatasetSpec) -> DatasetSpec:
    choices = tuple(ColumnChoice(one.name, one.kind, "both") for one in spec.columns)
    return replace(spec, columns=choices)


def letters() -> Task:
    """Sounds as letters, of which nobody says when each is heard."""
    spec = described(
        column("sound", "sound"),
        column("text", "text", "target"),
        kind="sound",
        sound=SoundSpec(100, 0.4),
        text=LETTERS,
    )
    drawing = Drawing()
    x = drawing.add("reshape", drawing.input(), shape=(FRAMES, 40 // FRAMES))
    x = drawing.add("gru", x, hidden_size=6, bidirectional=True, gives="sequence")
    drawing.output(drawing.add("linear", x, out_features=spec.outputs()))
    draw = np.random.default_rng(1)
    sounds = draw.normal(0, 0.2, (ROWS, 40)).astype(np.float32)
    said = np.array(["".join(draw.choice(list("abcd"), 4)) for _ in range(ROWS)], dtype=object)
    task = task_of(Project(spec, drawing.graph()), sounds, said)
    return task.with_training(loss="ctc")
