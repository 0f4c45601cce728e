"""Arrays: raw inputs, targets and parts, what every source of data ends in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from studio.core.design.answers import ModelOutput, output_named
from studio.core.design.dataset import DataKind, Feature, TaskKind
from studio.core.design.features import ModelInput
from studio.core.problems import Problem
from studio.core.words import tr

Positions = NDArray[np.int64]
UNKNOWN_PIXEL = 255  # of a mask: it belongs to no known class


class Rows(Protocol):
    """The raw rows of one input of the model, in memory or wherever they lie.

    Every source gives its rows through this, so that what fits into memory and what does
    not are trained alike. `take` may be called from any thread.
    """

    @property
    def shape(self) -> tuple[int, ...]:
        """(rows, then the shape of a sample)."""

    @property
    def held(self) -> NDArray[Any] | None:
        """All rows as one block where they lie in memory, else None."""

    def take(self, positions: Positions) -> NDArray[Any]:
        """The rows at some positions as a new block of their own."""


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """Rows that lie in memory as one block."""

    held: NDArray[Any]

    @property
    def shape(self) -> tuple[int, ...]:
        """(rows, then the shape of a sample)."""
        return self.held.shape

    def take(self, positions: Positions) -> NDArray[Any]:
        """A copy of some rows."""
        taken: NDArray[Any] = self.held[positions]
        return taken


@dataclass(frozen=True, slots=True, eq=False)
class Arrays:
    """A dataset as it is read, raw as in section 3 of the contract: nothing filled or scaled.

    model_inputs: the inputs of the model, in their order, with all categories and identifiers
        as they are in these data (a spec may know only how many there are).
    inputs: the rows of each of them. table float32 [N, F], a category or identifier as its
        index in `categories` (-1: none of them), NaN for a missing number; image uint8
        [N, C, H, W]; video uint8 [N, frames, C, H, W]; sound float32 [N, S]; series float32
        [N, T, F]; text: an object array [N] of str (None where missing) until
        `prepare.ready` makes it int64 [N, T].
    outputs: what is asked of the model, in order.
    targets: the truths of each of them. classes int64 [N], an index into `labels`; numbers
        float32 [N, T]; sequences an object array [N] of str until `prepare.ready` makes it
        int64 [N, T], 0 for padding; images uint8 [N, C, H, W]; masks uint8 [N, H, W], each
        pixel an index into `labels` or `UNKNOWN_PIXEL`.
    parts: "training", "validation", "test" -> int64 positions into the above.
    rows: int64 [N], the row in the file (from 1) or the number of the image; for windows
        their last row.
    names: the file of each sample where it is one; empty for tables.
    problems: what was found while reading (rows left out, texts among numbers).
    """

    kind: DataKind
    model_inputs: tuple[ModelInput, ...]
    inputs: tuple[Rows, ...]
    outputs: tuple[ModelOutput, ...]
    targets: tuple[NDArray[Any], ...]
    parts: Mapping[str, Positions]
    rows: Positions
    names: tuple[str, ...] = field(default=())
    problems: tuple[Problem, ...] = ()

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def task(self) -> TaskKind:
        """The task of the first output."""
        return self.outputs[0].task

    @property
    def labels(self) -> tuple[str, ...]:
        """The classes of the first output."""
        return self.outputs[0].labels

    @property
    def target_names(self) -> tuple[str, ...]:
        """What each number of the first output is."""
        return self.outputs[0].names

    def target_of(self, name: str) -> NDArray[Any]:
        """The truths of the output of that name, or of the only one."""
        place = output_named(self.outputs, name)
        assert place is not None, name
        return self.targets[place]

    def taken(self, positions: Positions) -> tuple[NDArray[Any], ...]:
        """The raw rows of every input at some positions."""
        return tuple(rows.take(positions) for rows in self.inputs)


@dataclass(frozen=True, slots=True)
class FittedFeature:
    """How one column is prepared, from the training part only.

    number: a missing value becomes `fill`; then it is kept between `least` and `most`
    where given, put through sign(v) * log(1 + |v|) where `is_log`, and
    ``(value - offset) / scale``. With `feature.has_flag` a second number says 1 where it was
    missing. category: one-hot, each at its place in `feature.groups` (its own index where
    that is empty); `rare` ones at the last place; an index whose `seen` is False (never in
    the training part), or -1, gives all zeros. identifier: index + 1 where seen, else 0.
    """

    feature: Feature
    fill: float = 0.0
    offset: float = 0.0
    scale: float = 1.0
    seen: tuple[bool, ...] = ()
    low: float | None = None
    high: float | None = None
    least: float | None = None
    most: float | None = None
    is_log: bool = False
    rare: tuple[bool, ...] = ()


@dataclass(frozen=True, slots=True)
class FittedInput:
    """How one input of the model is prepared.

    table, series: `columns`, and for a series the `smooth`ing window in rows (1: none).
    image, video: ``(pixel / 255 - offsets[channel]) / scales[channel]``. sound:
    ``(value - offsets[0]) / scales[0]``. text: `tokenizer` is the JSON of the tokenizers
    library, with padding and truncation to `input.shape`.
    """

    input: ModelInput
    columns: tuple[FittedFeature, ...] = ()
    offsets: tuple[float, ...] = ()
    scales: tuple[float, ...] = ()
    tokenizer: str = ""
    smooth: int = 1


@dataclass(frozen=True, slots=True)
class FittedOutput:
    """How one answer of the model is decoded.

    A number target is trained as ``(value - target_offsets[i]) / target_scales[i]``.
    Of a picture that is rebuilt the two are those of its channels, as of the input. `tokenizer`
    is that of a text target. `class_weights` are what a rare class counts more, mean 1, for
    every label; of a mask by its pixels. Numbers that come with an `interval` around them give
    twice as many more, their lower and upper ends: that share of the right ones lies inside.
    """

    output: ModelOutput
    target_offsets: tuple[float, ...] = ()
    target_scales: tuple[float, ...] = ()
    tokenizer: str = ""
    class_weights: tuple[float, ...] = ()
    interval: float = 0.0

    @property
    def name(self) -> str:
        """What the output is called."""
        return self.output.name

    @property
    def task(self) -> TaskKind:
        """What is asked there."""
        return self.output.task

    @property
    def labels(self) -> tuple[str, ...]:
        """Its classes."""
        return self.output.labels

    @property
    def target_names(self) -> tuple[str, ...]:
        """What each of its numbers is, or the column of its classes or texts."""
        return self.output.names

    @property
    def answer_names(self) -> tuple[str, ...]:
        """As `target_names`, with the two ends of the interval around each number behind them."""
        if not self.interval:
            return self.target_names
        low = (tr("{name}: low", name=name) for name in self.target_names)
        high = (tr("{name}: high", name=name) for name in self.target_names)
        return (*self.target_names, *low, *high)


@dataclass(frozen=True, slots=True)
class Fitted:
    """What was learnt from the training part for preparing inputs and decoding answers.

    With a run are kept only the `outputs` that its network answers, in the order in which
    it does. What stands here beside the two is of the first output.
    """

    inputs: tuple[FittedInput, ...]
    outputs: tuple[FittedOutput, ...]

    @property
    def task(self) -> TaskKind:
        """What is asked first."""
        return self.outputs[0].task

    @property
    def labels(self) -> tuple[str, ...]:
        """The classes of the first output."""
        return self.outputs[0].labels

    @property
    def target_names(self) -> tuple[str, ...]:
        """What each number of the first output is."""
        return self.outputs[0].target_names

    @property
    def target_offsets(self) -> tuple[float, ...]:
        """What is taken off each number of the first output."""
        return self.outputs[0].target_offsets

    @property
    def target_scales(self) -> tuple[float, ...]:
        """What each number of the first output is divided by."""
        return self.outputs[0].target_scales

    @property
    def tokenizer(self) -> str:
        """The tokenizer of the first output."""
        return self.outputs[0].tokenizer

    @property
    def class_weights(self) -> tuple[float, ...]:
        """What each class of the first output counts."""
        return self.outputs[0].class_weights

    @property
    def columns(self) -> tuple[FittedFeature, ...]:
        """The columns of the values of a row, or of a window."""
        return next((one.columns for one in self.inputs if one.columns), ())


def held(*blocks: NDArray[Any]) -> tuple[Rows, ...]:
    """Blocks in memory as rows."""
    return tuple(Held(block) for block in blocks)


def reference_name(reference: str) -> str:
    """The short name of a file or of a member of an archive: ``folder.zip!/a/b.wav`` is b.wav."""
    return Path(reference.rsplit("!/", 1)[-1]).name
