"""One row alone, as a model takes it: of the data, or typed by a person."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.core.words import tr
from studio.data.arrays import Arrays, Fitted, FittedInput
from studio.data.text import token_ids
from studio.data.tokenizer import END, START
from studio.data.tokenizer_json import known

Block = NDArray[Any]
SPACE_MARKS = ("\u0120", "\u2581")  # how byte pairs write the space before a word


def row_at(arrays: Arrays, fitted: Fitted, position: int) -> tuple[Block, ...]:
    """The row at a position for each input, [1, ...], texts as token numbers."""
    chosen = np.array([position], np.int64)
    pairs = zip(fitted.inputs, arrays.inputs, strict=True)
    return tuple(_prepared(one, rows.take(chosen)) for one, rows in pairs)


def typed_row(fitted: Fitted, texts: Mapping[str, str]) -> tuple[Block, ...]:
    """What was typed, by the names of the inputs; zeros for those that nobody asks for."""
    return tuple(
        _prepared(one, np.array([texts[one.input.name]], object))
        if one.input.name in texts
        else np.zeros((1, *one.input.shape), np.float32)
        for one in fitted.inputs
    )


def token_words(tokenizer: str, ids: Sequence[int]) -> tuple[str, ...]:
    """Each token as a person reads it."""
    whole = known(tokenizer)
    found = whole.tokenizer
    special = {whole.padding: "", whole.unknown: tr("unknown")}
    if not whole.is_of_file:
        special |= {START: tr("(start)"), END: tr("(end)")}
    return tuple(
        special[number] if number in special else _readable(found.id_to_token(number) or "")
        for number in map(int, ids)
    )


def _prepared(one: FittedInput, block: Block) -> Block:
    if one.tokenizer and block.dtype == object:
        return token_ids(one.tokenizer, block, one.input.shape[0])
    return block


def _readable(token: str) -> str:
    for mark in SPACE_MARKS:
        token = token.replace(mark, " ")
    return token.strip() or "␣"
