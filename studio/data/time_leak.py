"""Whether a random split would let a model look into the future: neighbours in time are alike."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from studio.core.design.dataset import USABLE_KINDS, ColumnSummary, leak_detail
from studio.core.problems import Fix, Place, Problem, Severity
from studio.core.words import tr
from studio.data.dates import as_dates

CODE = "leakage-by-time"
_LOOKED_AT = 50_000  # the first rows, since neighbours are needed
_FEWEST = 50
_KNOWN, _DIFFERENT = 0.95, 0.5
_ALIKE = 0.6  # 0: neighbours are no more alike than any two rows; 1: they are the same


def time_leaks(frame: pd.DataFrame, columns: Sequence[ColumnSummary]) -> tuple[Problem, ...]:
    """A warning where rows that follow each other in time nearly have the same target."""
    targets = [c for c in columns if c.role == "target" and c.kind in USABLE_KINDS]
    dates = [c for c in columns if c.kind == "date"]
    if len(targets) != 1 or not dates:
        return ()
    part = frame.iloc[:_LOOKED_AT]
    whens = as_dates(dates[0].name, part[dates[0].name], "")[0]
    if whens.notna().mean() < _KNOWN or whens.nunique() < max(_FEWEST, _DIFFERENT * len(whens)):
        return ()  # rows of one moment have no order
    order = np.argsort(whens.to_numpy(), kind="stable")[: int(whens.notna().sum())]
    values = part[targets[0].name].iloc[order]
    values = values[values.notna()]
    if len(values) < _FEWEST or values.nunique() < 2:
        return ()
    is_number = targets[0].kind == "number" and values.dtype.kind == "f"
    alike = _correlation(values.to_numpy(np.float64)) if is_number else _agreement(values)
    return (_warning(dates[0].name, targets[0].name),) if alike >= _ALIKE else ()


def _correlation(values: NDArray[np.float64]) -> float:
    """Of each value with the next one."""
    before, after = values[:-1], values[1:]
    if before.min() == before.max() or after.min() == after.max():
        return 0.0
    return float(np.corrcoef(before, after)[0, 1])


def _agreement(values: "pd.Series[str] | pd.Series[float]") -> float:
    """How much more often neighbours are of one class than by chance (Cohen's kappa)."""
    codes = pd.factorize(values)[0]
    shares = np.bincount(codes) / len(codes)
    chance = float((shares**2).sum())
    return (float((codes[1:] == codes[:-1]).mean()) - chance) / (1 - chance)


def _warning(time: str, target: str) -> Problem:
    return Problem(
        tr(
            "Rows that follow each other in {time} have much the same {target}. Dealt at random, "
            "the test part is known from its neighbours and looks better than the future will be.",
            time=time,
            target=target,
        ),
        tr("Split by time, so that the model is tested on what came later."),
        Severity.WARNING,
        Place("field", "split"),
        CODE,
        Fix("set_split", tr("Split by {time}", time=time), {"method": "time", "column": time}),
        leak_detail(target),
    )
