"""Fits preparation (fill, scale, encode, tokens) on the training part, and on nothing else."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.core.design.answers import output_named
from studio.core.design.dataset import DatasetSpec
from studio.core.design.features import InputKind, ModelInput
from studio.data.arrays import Arrays, Fitted, FittedInput, Held, Positions, Rows
from studio.data.fit_columns import fit_columns
from studio.data.fit_media import fit_pixels, fit_sound
from studio.data.fit_outputs import fit_output, rebuilt
from studio.data.fit_texts import tokenizer_of
from studio.data.text import length_of, token_ids


def fit(spec: DatasetSpec, arrays: Arrays) -> Fitted:
    """What the training part teaches about inputs and targets."""
    training = arrays.parts["training"]
    inputs = tuple(
        _FITTERS[one.kind](spec, one, rows, training)
        for one, rows in zip(arrays.model_inputs, arrays.inputs, strict=True)
    )
    pairs = zip(arrays.outputs, arrays.targets, strict=True)
    outputs = tuple(
        rebuilt(one, inputs) if one.task == "images" else fit_output(spec, one, block, training)
        for one, block in pairs
    )
    return Fitted(inputs, outputs)


def ready(arrays: Arrays, fitted: Fitted) -> Arrays:
    """The same arrays with texts as token ids, int64 [N, T].

    Inputs are padded at the front, targets at the end. Everything else stays raw, since
    the model itself prepares it.
    """
    inputs = tuple(
        _tokens(rows, one.tokenizer, one.input.shape[0]) if one.tokenizer else rows
        for one, rows in zip(fitted.inputs, arrays.inputs, strict=True)
    )
    return replace(arrays, inputs=inputs, targets=_ready_targets(arrays, fitted))


def _ready_targets(arrays: Arrays, fitted: Fitted) -> tuple[NDArray[Any], ...]:
    found = list(arrays.targets)
    for known in fitted.outputs:
        place = output_named(arrays.outputs, known.name)
        if known.tokenizer and place is not None and found[place].dtype == object:
            length = length_of(known.tokenizer)
            found[place] = token_ids(known.tokenizer, found[place], length, at_end=True)
    return tuple(found)


def _fit_text(spec: DatasetSpec, one: ModelInput, rows: Rows, training: Positions) -> FittedInput:
    """The tokens of the training texts; of more than 500,000 a sample drawn with a fixed seed."""
    return FittedInput(one, tokenizer=tokenizer_of(spec, rows, training, one.shape[0]))


_FITTERS: Mapping[InputKind, Callable[[DatasetSpec, ModelInput, Rows, Positions], FittedInput]] = {
    "table": fit_columns,
    "series": fit_columns,
    "image": fit_pixels,
    "video": fit_pixels,
    "sound": fit_sound,
    "text": _fit_text,
}


@dataclass(frozen=True, slots=True, eq=False)
class _Tokens:
    """Streamed texts that become token ids as they are taken."""

    texts: Rows
    tokenizer: str
    length: int
    held: None = None

    @property
    def shape(self) -> tuple[int, ...]:
        """(rows, tokens)."""
        return (self.texts.shape[0], self.length)

    def take(self, positions: Positions) -> NDArray[np.int64]:
        """The token ids of some rows."""
        return token_ids(self.tokenizer, self.texts.take(positions), self.length)


def _tokens(rows: Rows, tokenizer: str, length: int) -> Rows:
    if isinstance(rows, _Tokens) or (rows.held is not None and rows.held.dtype != object):
        return rows  # ready before
    if rows.held is None:
        return _Tokens(rows, tokenizer, length)
    return Held(token_ids(tokenizer, rows.held, length))
