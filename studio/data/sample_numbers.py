"""Built-in tables of plain numbers: points beside a line, and rows of a hundred and a thousand."""

import numpy as np
import pandas as pd

KINDS = 10
_POINTS = 200
_SLOPE, _START = 3.0, 2.0


def line() -> pd.DataFrame:
    """Points beside y = 3 x + 2."""
    random = np.random.default_rng(21)
    x = random.uniform(-2, 2, _POINTS)
    y = _SLOPE * x + _START + random.normal(0, 0.2, _POINTS)
    return pd.DataFrame({"x": x.round(3), "y": y.round(3)})


def hundred() -> pd.DataFrame:
    """2,000 rows of 100 numbers, of ten kinds."""
    return _kinds(22, rows=2000, width=100)


def thousand() -> pd.DataFrame:
    """1,500 rows of 1,000 numbers, of ten kinds."""
    return _kinds(23, rows=1500, width=1000)


def _kinds(seed: int, *, rows: int, width: int) -> pd.DataFrame:
    """Each kind has two forms, so that no straight line tells it from the others."""
    random = np.random.default_rng(seed)
    kind = np.arange(rows) % KINDS
    random.shuffle(kind)
    forms = random.normal(0, 1, (2, KINDS, width))
    strength = random.uniform(0.3, 0.7, (rows, 1)) * (100 / width) ** 0.25
    form = random.integers(0, 2, rows)
    values = strength * forms[form, kind] + random.normal(0, 1, (rows, width))
    names = [f"value_{place:0{len(str(width))}d}" for place in range(1, width + 1)]
    frame = pd.DataFrame(values.round(2), columns=names)
    labels = np.array([f"kind {number}" for number in range(1, KINDS + 1)], object)
    return pd.concat([frame, pd.Series(labels[kind], name="kind")], axis=1)
