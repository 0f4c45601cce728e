"""Parts by the values of a column: training, validation, test, or 0, 1 and 2."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from studio.core.problems import Place, refuse
from studio.core.words import tr

TRAINING, VALIDATION, TEST = range(3)
_NAMES = {
    "train": TRAINING,
    "training": TRAINING,
    "trn": TRAINING,
    "fit": TRAINING,
    "learn": TRAINING,
    "learning": TRAINING,
    "valid": VALIDATION,
    "validation": VALIDATION,
    "validate": VALIDATION,
    "val": VALIDATION,
    "dev": VALIDATION,
    "development": VALIDATION,
    "test": TEST,
    "testing": TEST,
    "tst": TEST,
    "eval": TEST,
    "evaluation": TEST,
    "holdout": TEST,
}
_NO_OR_YES = {"false": TRAINING, "no": TRAINING, "true": TEST, "yes": TEST}
_TWO_NUMBERS = {"0": TRAINING, "1": TEST}
_THREE_NUMBERS = {"0": TRAINING, "1": VALIDATION, "2": TEST}
_READINGS = (_NAMES, _NO_OR_YES, _TWO_NUMBERS, _THREE_NUMBERS)


def named_parts(name: str, cells: NDArray[Any] | Sequence[object]) -> NDArray[np.int64]:
    """TRAINING, VALIDATION or TEST for each cell, by names in any case or by numbers.

    Two numbers 0 and 1, or no and yes, mean training and test; three mean training,
    validation and test. StudioError naming the values where they mean none of these.
    """
    codes, uniques = pd.factorize(np.asarray(cells, dtype=object))
    texts = [_text(value) for value in uniques]
    reading = next((r for r in _READINGS if set(texts) <= set(r)), None)
    if reading is None or (codes < 0).any():
        raise _unclear(name, [str(value) for value in uniques], int((codes < 0).sum()))
    return np.array([reading[text] for text in texts], np.int64)[codes]


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip().lower()


def _unclear(name: str, values: list[str], missing: int) -> Exception:
    odd = [v for v in values if _text(v) not in _NAMES] or values
    shown = ", ".join(value[:30] for value in odd[:5])
    if missing:
        shown = tr(
            "{values} (missing in {count} {count|row|rows})", values=shown, count=missing
        ).strip()
    return refuse(
        tr(
            "The values of column {name} do not tell the parts: {values}. Expected training, "
            "validation and test in every row, or 0, 1 and 2.",
            name=name,
            values=shown,
        ),
        tr("Correct these values, choose another column, or split in another way."),
        place=Place("column", name),
        code="split-values",
    )
