"""The samples on a card: raw rows with the answers that a model must give to them."""

import base64
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

# Other processors round otherwise: what a sample's answer may differ by elsewhere, of the
# largest answer. The proof on this machine is ten times stricter.
SAMPLE_TOLERANCE = 1e-5
LONGEST_LIST = 1_000  # numbers that are written as such; more are written as bytes

Raws: TypeAlias = tuple[NDArray[Any], ...]


def samples_of(
    names: list[str], raws: Raws, answers: NDArray[np.float32]
) -> list[dict[str, object]]:
    """A sample for each row: `input` (by name where there are several), `output`, `tolerance`.

    The output of a text is its most probable tokens and their probabilities.
    """
    tolerance = SAMPLE_TOLERANCE * max(1.0, float(np.abs(answers).max(initial=0.0)))
    return [
        {
            "input": _plain_row(raws[0][row])
            if len(raws) == 1
            else {name: _plain_row(raw[row]) for name, raw in zip(names, raws, strict=True)},
            "output": _plain_answer(answer),
            "tolerance": tolerance,
        }
        for row, answer in enumerate(answers)
    ]


def _plain_row(row: NDArray[Any]) -> object:
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


def _plain_answer(answer: NDArray[np.float32]) -> object:
    if answer.ndim == 1:
        return [float(value) for value in answer]
    return {
        "tokens": [int(token) for token in answer.argmax(axis=-1)],
        "probabilities": [float(value) for value in answer.max(axis=-1)],
    }
