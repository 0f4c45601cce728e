"""How numbers are spread: histogram, quantiles and outliers."""

import numpy as np
from numpy.typing import NDArray

from studio.core.design.profile import QUANTILES, Spread, Trait
from studio.data.columns import histogram

_FENCE = 1.5


def spread_of(numbers: NDArray[np.float64], trait: Trait = "value") -> Spread:
    """The spread of numbers, missing ones left out."""
    return spread_of_ordered(np.sort(numbers[~np.isnan(numbers)]), trait)


def spread_of_ordered(ordered: NDArray[np.float64], trait: Trait = "value") -> Spread:
    """The spread of known numbers in ascending order."""
    if not len(ordered):
        return Spread(trait)
    edges, bars = histogram(ordered)
    quantiles = _quantiles(ordered)
    quarter, three = quantiles[2], quantiles[4]
    low, high = quarter - _FENCE * (three - quarter), three + _FENCE * (three - quarter)
    inside = np.searchsorted(ordered, high, "right") - np.searchsorted(ordered, low, "left")
    return Spread(
        trait,
        edges,
        bars,
        quantiles,
        float(ordered.mean()),
        float(ordered.std()),
        int(len(ordered) - inside),
        (low, high),
    )


def _quantiles(ordered: NDArray[np.float64]) -> tuple[float, ...]:
    """Between two numbers as numpy does it, linearly."""
    places = np.array(QUANTILES) * (len(ordered) - 1)
    below = places.astype(np.int64)
    above = np.minimum(below + 1, len(ordered) - 1)
    share = places - below
    return tuple((ordered[below] * (1 - share) + ordered[above] * share).tolist())
