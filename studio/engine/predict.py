"""Predict: raw rows in, answers out, with the best weights of a run and no data but the rows."""

from collections.abc import Callable, Iterator
from math import prod
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, fx, nn

from studio.core.catalogue.ends import OUTPUT_BEAMS
from studio.core.design.effective import effective_project
from studio.core.design.inputs import outputs_of
from studio.core.design.project import Project
from studio.core.design.training_check import loss_for
from studio.core.run.archive import BEST
from studio.data.arrays import Fitted, Held, Positions, Rows
from studio.engine.ahead import ahead
from studio.engine.alignment import collapsed, fitted_to
from studio.engine.build import build_unfilled, written_count
from studio.engine.checkpoints import load_weights
from studio.engine.decoding import decoding_of
from studio.engine.given import Given, as_tuple
from studio.engine.judging import answered, training_of
from studio.engine.loaders import Feed, Inputs, chunk_rows
from studio.engine.preparation import preparation_of, prompt_of
from studio.engine.writing import Writer, shifted

Raw: TypeAlias = tuple[Rows, ...] | tuple[NDArray[Any], ...]


class Predictor:
    """A trained model with its preparation and decoding, on the processor.

    Raw rows are those of every input of the data, in the order of `fitted.inputs` and as
    in section 3 of the contract; they are read and prepared some at a time.
    """

    def __init__(self, project: Project, fitted: Fitted, folder: Path) -> None:
        project = effective_project(project)
        self.fitted = answered(project, fitted)
        self.model = build_unfilled(project.graph, project.dataset, project.training.loss)
        load_weights(self.model, folder / BEST)
        self.model.eval()
        self.writer = writer_of(project, self.model, fitted)
        self.preparation = preparation_of(
            project.graph, project.dataset, fitted, is_writing=self.writer is not None
        ).eval()
        trainings = [training_of(project, one) for one in self.fitted.outputs]
        pairs = list(zip(self.fitted.outputs, trainings, strict=True))
        losses = [loss_for(training, known.task) for known, training in pairs]
        self.decodings = tuple(
            decoding_of(known, loss, training.loss_params).eval()
            for (known, training), loss in zip(pairs, losses, strict=True)
        )
        self._aligned = tuple(loss.aligns for loss in losses)
        if self.writer is not None:  # it gives probabilities at once
            self.decodings = (nn.Identity(),)
        self._answers_each = sum(prod(known.output.shape) for known in self.fitted.outputs)

    @property
    def readings(self) -> tuple[str, ...]:
        """How each output is read as tokens, where it is: "best", "ctc", "greedy" or "beam 4"."""
        if self.writer is not None:
            return (f"beam {self.writer.beams}" if self.writer.beams > 1 else "greedy",)
        return tuple("ctc" if aligns else "best" for aligns in self._aligned)

    def answers(self, raw: Raw, positions: Positions | None = None) -> NDArray[np.float32]:
        """Probabilities [N, K], numbers [N, n] in their unit, or probabilities [N, T, V].

        Of the first output, where there are several.
        """
        return self.all_answers(raw, positions)[0]

    def all_answers(
        self, raw: Raw, positions: Positions | None = None
    ) -> tuple[NDArray[np.float32], ...]:
        """The answers of each output."""
        return self._gathered(raw, positions, self.decoded)

    def brief_answers(
        self, raw: Raw, positions: Positions | None = None
    ) -> tuple[NDArray[Any], ...]:
        """The answers, and for texts and masks only what is most probable: what a file can hold.

        Those are token numbers [N, T], or classes [N, H, W].
        """
        return self._gathered(raw, positions, self._brief)

    def _gathered(
        self, raw: Raw, positions: Positions | None, said: Callable[[Tensor, int], Tensor]
    ) -> tuple[NDArray[Any], ...]:
        found = [
            [said(output, place).numpy() for place, output in enumerate(as_tuple(outputs))]
            for outputs in self.outputs(raw, positions)
        ]
        return tuple(np.concatenate(parts) for parts in zip(*found, strict=True))

    def outputs(self, raw: Raw, positions: Positions | None = None) -> Iterator[Given]:
        """What the model itself gives, before decoding, some rows (of all) at a time.

        At least once, so that the answer to no rows has its columns. A model that writes gives
        probabilities.
        """
        yield from map(self.said, self.ready(raw, positions))

    def said(self, inputs: Inputs) -> Given:
        """What the model gives for prepared inputs; one that writes takes its own words."""
        with torch.inference_mode():
            found: Given = self.writer(list(inputs)) if self.writer else self.model(*inputs)
        return found

    def told(self, inputs: Inputs, targets: Tensor) -> Tensor:
        """The scores of a model that writes, for tokens that each follow the right ones [N, T]."""
        assert self.writer is not None
        read = inputs[:-1] if self.writer.is_prompted else inputs
        with torch.inference_mode():
            found: Tensor = self.model(*read, *[shifted(targets)] * self.writer.written)
        return found

    def ready(self, raw: Raw, positions: Positions | None = None) -> Iterator[Inputs]:
        """The prepared inputs of some rows (of all), as many at a time as can be answered."""
        rows = tuple(Held(one) if isinstance(one, np.ndarray) else one for one in raw)
        needed = frozenset(self.preparation.takes)
        feed = Feed(rows, self.preparation, torch.device("cpu"), needed)
        chosen = np.arange(rows[0].shape[0], dtype=np.int64) if positions is None else positions
        values = sum(prod(one.shape[1:]) for one in rows)
        size = chunk_rows(values, self._answers_each)
        chunks = [chosen[at : at + size] for at in range(0, max(1, len(chosen)), size)]
        yield from (
            ahead(feed.made_ready, chunks) if len(chunks) > 1 else map(feed.made_ready, chunks)
        )

    def decoded(self, outputs: Tensor, place: int = 0) -> Tensor:
        """What one output of the model gave as probabilities, or numbers in their own unit."""
        with torch.inference_mode():
            decoded: Tensor = self.decodings[place](outputs)
        return decoded

    def _brief(self, outputs: Tensor, place: int) -> Tensor:
        task = self.fitted.outputs[place].task
        if task not in ("sequences", "masks"):
            return self.decoded(outputs, place)
        best = outputs.argmax(dim=1 if task == "masks" else -1)
        length = self.fitted.outputs[place].output.shape[0]
        return fitted_to(collapsed(best), length) if self._aligned[place] else best


def writer_of(project: Project, model: fx.GraphModule, fitted: Fitted) -> Writer | None:
    """What writes the answers of a network that takes what was written so far; None for others."""
    written = written_count(project.graph)
    if not written:
        return None
    beams = outputs_of(project.graph)[0].params.get(OUTPUT_BEAMS, 1)
    return Writer(
        model,
        written,
        project.dataset.output_shape()[0],
        beams=beams if isinstance(beams, int) else 1,
        is_prompted=prompt_of(project.dataset, fitted) is not None,
    ).eval()
