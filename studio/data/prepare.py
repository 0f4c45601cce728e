"""Fits preparation (fill, scale, encode, tokens) on the training part, and on nothing else."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from studio.core.design.dataset import DatasetSpec
from studio.core.design.features import InputKind, ModelInput
from studio.data.arrays import Arrays, Fitted, FittedInput, Held, Positions, Rows
from studio.data.fit_columns import drawn, fit_columns, scaled
from studio.data.fit_media import fit_pixels, fit_sound
from studio.data.text import fit_tokenizer, length_of, token_ids

MOST_TEXTS = 500_000
_BLOCK = 50_000


def fit(spec: DatasetSpec, arrays: Arrays) -> Fitted:
    """What the training part teaches about inputs and targets."""
    training = arrays.parts["training"]
    inputs = tuple(
        _FITTERS[one.kind](spec, one, rows, training)
        for one, rows in zip(arrays.model_inputs, arrays.inputs, strict=True)
    )
    offsets, scales = _targets(spec, arrays, training)
    return Fitted(
        arrays.task,
        inputs,
        arrays.labels,
        arrays.target_names,
        offsets,
        scales,
        _target_tokenizer(spec, arrays, training),
        _class_weights(arrays, training),
    )


def ready(arrays: Arrays, fitted: Fitted) -> Arrays:
    """The same arrays with texts as token ids, int64 [N, T].

    Inputs are padded at the front, targets at the end. Everything else stays raw, since
    the model itself prepares it.
    """
    inputs = tuple(
        _tokens(rows, one.tokenizer, one.input.shape[0]) if one.tokenizer else rows
        for one, rows in zip(fitted.inputs, arrays.inputs, strict=True)
    )
    targets = arrays.targets
    if fitted.tokenizer and targets.dtype == object:
        length = length_of(fitted.tokenizer)
        targets = token_ids(fitted.tokenizer, targets, length, at_end=True)
    return replace(arrays, inputs=inputs, targets=targets)


def _fit_text(spec: DatasetSpec, one: ModelInput, rows: Rows, training: Positions) -> FittedInput:
    """The tokens of the training texts; of more than 500,000 a sample drawn with a fixed seed."""
    return FittedInput(one, tokenizer=_tokenizer(spec, rows, training, one.shape[0]))


def _tokenizer(spec: DatasetSpec, rows: Rows, training: Positions, length: int) -> str:
    texts = _taken(rows, drawn(training, MOST_TEXTS))
    return fit_tokenizer(texts, replace(spec.text, length=length))


def _taken(rows: Rows, positions: Positions) -> Iterator[str | None]:
    for start in range(0, len(positions), _BLOCK):
        yield from rows.take(positions[start : start + _BLOCK])


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


def _target_tokenizer(spec: DatasetSpec, arrays: Arrays, training: Positions) -> str:
    if arrays.task != "sequences":
        return ""
    return _tokenizer(spec, Held(arrays.targets), training, spec.text.length)


def _targets(
    spec: DatasetSpec, arrays: Arrays, training: Positions
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The mean and deviation of each number target, 0 and 1 where it is not to be scaled."""
    if arrays.task != "numbers":
        return (), ()
    pairs = []
    for i in range(arrays.targets.shape[1]):
        values = arrays.targets[training, i].astype(np.float64)
        known = values[np.isfinite(values)]
        pairs.append(scaled(known, "standard" if spec.scales_target else "none"))
    return tuple(offset for offset, _ in pairs), tuple(scale for _, scale in pairs)


def _class_weights(arrays: Arrays, training: Positions) -> tuple[float, ...]:
    """One over how often each class occurs in the training part, with mean 1.

    A class without a training row counts 1: it weighs nothing in the loss, and must not
    shrink the others.
    """
    if arrays.task != "classes":
        return ()
    targets = arrays.targets[training]
    often = np.bincount(targets[targets >= 0], minlength=len(arrays.labels))
    weights = np.ones(len(often))
    present = often > 0
    weights[present] = 1 / often[present]
    if present.any():
        weights[present] /= weights[present].mean()
    return tuple(weights.tolist())
