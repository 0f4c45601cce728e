"""How closely a column goes with a target: correlations of numbers and of categories."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from studio.core.design.profile import Relation

Numbers = NDArray[np.float64]
Codes = NDArray[np.int64]

MOST_CELLS = 1 << 22
_FEWEST = 3


def of_numbers(target: str, left: Numbers, right: Numbers) -> Relation | None:
    """Pearson's correlation and that of the ranks, NaN being missing.

    None for constants and for fewer than three rows in which both are known.
    """
    known = ~(np.isnan(left) | np.isnan(right))
    left, right = left[known], right[known]
    value = _pearson(left, right)
    if value is None:
        return None
    rank = _pearson(_ranks(left), _ranks(right))
    return Relation(target, "pearson", value, rank, len(left))


def of_number_and_category(target: str, numbers: Numbers, codes: Codes) -> Relation | None:
    """The correlation ratio, NaN and -1 being missing.

    The root of the sum of squares between the categories over the whole one (Fisher,
    Statistical Methods for Research Workers, 1925, section 45).
    """
    known = ~np.isnan(numbers) & (codes >= 0)
    numbers, codes = numbers[known], pd.factorize(codes[known])[0]
    if len(numbers) < _FEWEST or codes.max() == 0:
        return None
    numbers = numbers - numbers.mean()
    whole = float((numbers**2).sum())
    if whole <= 0:
        return None
    often = np.bincount(codes)
    between = float((np.bincount(codes, numbers) ** 2 / often).sum())
    return Relation(target, "correlation_ratio", min(1.0, between / whole) ** 0.5, None, len(codes))


def of_categories(target: str, left: Codes, right: Codes) -> Relation | None:
    """Cramér's V corrected for chance, -1 being missing.

    Bergsma, A bias-correction for Cramér's V and Tschuprow's T, Journal of the Korean
    Statistical Society 42 (2013): without it a column of identifiers would tell everything.
    """
    known = (left >= 0) & (right >= 0)
    left, right = pd.factorize(left[known])[0], pd.factorize(right[known])[0]
    count = len(left)
    rows, columns = (int(codes.max(initial=-1)) + 1 for codes in (left, right))
    if count < _FEWEST or min(rows, columns) < 2 or rows * columns > MOST_CELLS:
        return None
    table = np.bincount(left * columns + right, minlength=rows * columns).reshape(rows, columns)
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / count
    phi = float(((table - expected) ** 2 / expected).sum()) / count
    phi = max(0.0, phi - (rows - 1) * (columns - 1) / (count - 1))
    least = min(n - (n - 1) ** 2 / (count - 1) for n in (rows, columns)) - 1
    value = min(1.0, phi / least) ** 0.5 if least > 0 else 0.0
    return Relation(target, "cramers_v", value, None, count)


def _pearson(left: Numbers, right: Numbers) -> float | None:
    if len(left) < _FEWEST:
        return None
    left, right = (side / (np.abs(side).max() or 1.0) for side in (left, right))
    left, right = left - left.mean(), right - right.mean()
    size = float(np.sqrt((left**2).sum() * (right**2).sum()))
    if size <= 1e-12 * len(left):
        return None
    return float(np.clip((left * right).sum() / size, -1.0, 1.0))


def _ranks(values: Numbers) -> Numbers:
    """The mean rank of each value."""
    _, places, often = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(often)
    ranks: Numbers = (last - (often - 1) / 2)[places].astype(np.float64)
    return ranks
