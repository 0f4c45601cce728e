"""Metrics: the figures of a part from all its answers at once, the rarer through torchmetrics."""

import math
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import torch
from torch import Tensor

from studio.core.catalogue.entry import LossEntry, MetricEntry
from studio.core.design.answers import ModelOutput, output_named
from studio.core.design.project import Project
from studio.core.design.training_check import metrics_for
from studio.core.params import Values
from studio.core.shapes import size_of
from studio.data.arrays import UNKNOWN_PIXEL, FittedOutput
from studio.engine import scores
from studio.engine.alignment import as_characters, collapsed, fitted_to
from studio.engine.decoding import decoding_of
from studio.engine.objectives import PADDING
from studio.engine.pixels import WHITE
from studio.engine.writing import END


class Scorer:
    """Knows which figures a project asks for of an output; it scores every part of a run."""

    def __init__(
        self,
        project: Project,
        fitted: FittedOutput,
        loss: LossEntry | None = None,
        params: Values = MappingProxyType({}),
    ) -> None:
        self._aligns = loss is not None and loss.aligns
        asked = project.dataset.model_outputs()
        place = output_named(asked, fitted.name)
        # Of runs of former versions the counts and sizes stand with the data alone.
        output = fitted.output if place is None else asked[place]
        training = replace(project.training, loss=loss.key) if loss else project.training
        self._metrics = tuple(m for m in metrics_for(training, fitted.task) if not m.of_texts)
        self._task = fitted.task
        self._classes = len(fitted.labels)
        self._shape = output.shape
        self._vocabulary = output.shape[-1] if output.shape else 0
        self._rarer = _rarer_class(output) if self._classes == 2 else None
        self._decode = decoding_of(fitted, loss, params)
        self._compares = loss is not None and bool(loss.compares)
        self._numbers = len(fitted.target_offsets)
        self._offsets = torch.tensor(fitted.target_offsets, dtype=torch.float64)
        self._scales = torch.tensor(fitted.target_scales, dtype=torch.float64)

    def kept(self, outputs: Tensor) -> Tensor:
        """What of the outputs is enough for the figures: of tokens and pixels the likeliest."""
        outputs = outputs.detach()
        if self._task == "masks":
            return outputs.max(dim=1).indices.to(torch.uint8)
        if self._task != "sequences":
            return outputs
        best = outputs.max(dim=-1).indices  # on the processor twice as fast as argmax
        return fitted_to(collapsed(best), self._shape[0]) if self._aligns else best

    @property
    def bytes_kept(self) -> int:
        """How many bytes are kept of the answer to one row."""
        if self._task == "masks":
            return size_of(self._shape[1:])
        return 8 * self._shape[0] if self._task == "sequences" else 4 * size_of(self._shape)

    def figures(
        self, outputs: Tensor, targets: Tensor, target: int | None = None
    ) -> dict[str, float]:
        """The figures of a part: the model's `kept` outputs held against the loss's targets.

        Of several numbers, those of one `target` alone where it is given. A figure that
        cannot be had, such as R² of a single row, is left out.
        """
        if not len(outputs):
            return {}
        columns = slice(None) if target is None else slice(target, target + 1)
        answers, truths = self._compared(outputs.cpu(), targets.cpu(), columns)
        found = {
            metric.key: self._covered(outputs.cpu(), truths, columns)
            if metric.of_intervals
            else self._one(metric, answers, truths)
            for metric in self._metrics
        }
        return {key: value for key, value in found.items() if math.isfinite(value)}

    def _compared(self, outputs: Tensor, targets: Tensor, columns: slice) -> tuple[Tensor, Tensor]:
        if self._task == "sequences":
            return outputs, targets
        if self._task == "masks":
            return outputs.long(), targets.long()
        if self._task == "images":
            return self._decode(outputs).flatten() / WHITE, targets.flatten() / WHITE
        if self._task == "classes":
            return (self._decode(outputs) if self._compares else outputs).argmax(dim=1), targets
        outputs = outputs[:, : self._numbers]  # less their spreads
        # In double, so that a large offset does not swallow the digits that differ.
        offsets, scales = self._offsets[columns], self._scales[columns]
        return (
            outputs[:, columns].double() * scales + offsets,
            targets[:, columns].double() * scales + offsets,
        )

    def _one(self, metric: MetricEntry, answers: Tensor, truths: Tensor) -> float:
        match metric.torchmetrics:
            case "accuracy":
                return scores.accuracy(answers, truths, ignored=self._ignored)
            case "f1_score":
                return self._f1(answers, truths)
            case "mean_squared_error":
                return scores.rmse(answers, truths)
            case "mean_absolute_error":
                return scores.mae(answers, truths)
            case "r2_score":
                return scores.r2(answers, truths) if len(truths) > 1 else math.nan
        return self._rarer_figure(metric, answers, truths)

    def _f1(self, answers: Tensor, truths: Tensor) -> float:
        if self._task == "classes" and self._rarer is not None:
            return scores.f1_of_second(
                (answers == self._rarer).long(), (truths == self._rarer).long()
            )
        return scores.f1_of_all(answers, truths, classes=self._classes, ignored=self._ignored)

    def _rarer_figure(self, metric: MetricEntry, answers: Tensor, truths: Tensor) -> float:
        # Late: with all that it brings along it takes seconds, and few runs need it.
        from torchmetrics import functional
        from torchmetrics.functional import text

        if metric.torchmetrics == "char_error_rate":
            said, wanted = as_characters(answers, END), as_characters(truths, END)
            return float(text.char_error_rate(said, wanted)) if any(wanted) else math.nan
        score = getattr(functional, metric.torchmetrics)
        return float(score(answers, truths, **self._arguments()))

    @property
    def _ignored(self) -> int | None:
        """The truth that counts nowhere."""
        return {"sequences": PADDING, "masks": UNKNOWN_PIXEL}.get(self._task)

    def _covered(self, outputs: Tensor, truths: Tensor, columns: slice) -> float:
        """The share of right numbers between the two ends of their intervals."""
        ends = self._decode(outputs).double()
        low = ends[:, self._numbers : 2 * self._numbers][:, columns]
        high = ends[:, 2 * self._numbers :][:, columns]
        return float(((low <= truths) & (truths <= high)).double().mean())

    def _arguments(self) -> Mapping[str, object]:
        classes = self._vocabulary if self._task == "sequences" else self._classes
        return {
            "task": "multiclass",
            "num_classes": classes,
            "ignore_index": self._ignored,
            "validate_args": False,
            **({"average": "macro"} if self._task == "masks" else {}),
        }


def _rarer_class(output: ModelOutput) -> int:
    """The class with fewer rows in the data; the second where both have as many.

    From the summary, so that it is the same whichever rows are judged.
    """
    counts = output.counts
    return 0 if len(counts) == 2 and counts[0] < counts[1] else 1
