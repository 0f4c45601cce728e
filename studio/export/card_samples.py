"""The samples on a card: raw rows with the answers that a model must give to them."""

import base64
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from studio.data.arrays import FittedOutput

# Other processors round otherwise: what a sample's answer may differ by elsewhere, of the
# largest answer. The proof on this machine is ten times stricter.
SAMPLE_TOLERANCE = 1e-5
LONGEST_LIST = 1_000  # numbers that are written as such; more are written as bytes

Raws: TypeAlias = tuple[NDArray[Any], ...]
Answers: TypeAlias = tuple[NDArray[np.float32], ...]
Pairs: TypeAlias = list[tuple[FittedOutput, NDArray[np.float32]]]


def samples_of(names: list[str], raws: Raws, pairs: Pairs) -> list[dict[str, object]]:
    """A sample for each row: `input` and `output` (by name where there are several), `tolerance`.

    `pairs` are the outputs with their answers to all rows. The output of a text is its most
    probable tokens and their probabilities.
    """
    largest = max(float(np.abs(answers).max(initial=0.0)) for _known, answers in pairs)
    tolerance = SAMPLE_TOLERANCE * max(1.0, largest)
    outputs = [known.name for known, _answers in pairs]
    return [
        {
            "input": _named(names, [plain_row(raw[row]) for raw in raws]),
            "output": _named(outputs, [_plain_answer(known, a[row]) for known, a in pairs]),
            "tolerance": tolerance,
        }
        for row in range(len(raws[0]))
    ]


def _named(names: list[str], values: list[object]) -> object:
    return values[0] if len(values) == 1 else dict(zip(names, values, strict=True))


def plain_row(row: NDArray[Any]) -> object:
    """Numbers as lists, missing as null; pictures, clips and sounds as their bytes."""
    if row.dtype == np.uint8 or row.size > LONGEST_LIST:
        steady = np.ascontiguousarray(row)
        return {
            "dtype": str(row.dtype),
            "shape": list(row.shape),
            "base64": base64.b64encode(steady.tobytes()).decode("ascii"),
        }
    if row.dtype.kind == "i":
        return [int(value) for value in row]
    values = row.astype(object)
    values[np.isnan(row)] = None
    plain: object = values.tolist()
    return plain


def _plain_answer(known: FittedOutput, answer: NDArray[np.float32]) -> object:
    if known.task == "sequences":
        return {
            "tokens": [int(token) for token in answer.argmax(axis=-1)],
            "probabilities": [float(value) for value in answer.max(axis=-1)],
        }
    return plain_row(answer)
