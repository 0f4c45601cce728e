"""Deals rows that belong together: whole units to parts, the shares as close as can be."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Codes = NDArray[np.int64]


def deal_units(
    units: Codes, wanted: Sequence[int], classes: Codes | None, generator: np.random.Generator
) -> Codes:
    """The part of each row, as a place in `wanted`; rows of one unit come to the same part.

    `units` numbers the unit of each row from 0, `wanted` is how many rows each part should
    get (their sum is the number of rows). Units are dealt from the largest to the smallest,
    at random among those of one size, each to the part that lacks most: so a part exceeds
    what was wanted by less than a unit, and where single rows are left to even it out the
    counts are exact. With `classes` this is done for the units of each class (the commonest
    in it) in turn, what is over or lacking being carried on. Each wanted part gets a unit
    where there are as many units as such parts.
    """
    sizes = np.bincount(units)
    kinds = np.zeros(len(sizes), np.int64) if classes is None else _commonest(units, classes)
    order = generator.permutation(len(sizes))
    order = order[np.argsort(-sizes[order], kind="stable")]
    placed = np.zeros(len(sizes), np.int64)
    needs = np.zeros(len(wanted))
    for kind in _coarsest_first(kinds, sizes):
        mine = order[kinds[order] == kind]
        needs += np.array(wanted) * (sizes[mine].sum() / max(1, len(units)))
        placed[mine] = _placed(sizes[mine], needs)
    _leave_none_empty(placed, sizes, wanted)
    return placed[units]


def unit_codes(cells: NDArray[Any] | Sequence[object]) -> Codes:
    """A number for each different cell, from 0; every missing one is a unit of its own."""
    codes = pd.factorize(np.asarray(cells))[0].astype(np.int64)
    missing = np.flatnonzero(codes < 0)
    codes[missing] = codes.max(initial=-1) + 1 + np.arange(len(missing))
    return codes


def _commonest(units: Codes, classes: Codes) -> Codes:
    """The class that most rows of each unit have."""
    bare = classes - classes.min()
    pairs, often = np.unique(units * (bare.max() + 1) + bare, return_counts=True)
    unit, kind = np.divmod(pairs, bare.max() + 1)
    order = np.lexsort((often, unit))
    last = np.flatnonzero(np.diff(unit[order], append=-1))
    kinds: Codes = kind[order][last]
    return kinds


def _coarsest_first(kinds: Codes, sizes: Codes) -> list[int]:
    """The classes, those with the largest units first: the finest ones even out the rest."""
    largest = np.zeros(kinds.max(initial=-1) + 1, np.int64)
    np.maximum.at(largest, kinds, sizes)
    order: list[int] = np.argsort(-largest, kind="stable").tolist()
    return [kind for kind in order if largest[kind]]


def _placed(sizes: Codes, needs: NDArray[np.float64]) -> Codes:
    """The part of each unit, large ones first; `needs` is brought down by what each part gets."""
    many = int((sizes > 1).sum())
    placed = np.zeros(len(sizes), np.int64)
    for i, size in enumerate(sizes[:many].tolist()):
        placed[i] = part = int(needs.argmax())
        needs[part] -= size
    counts = _filled(needs, len(sizes) - many)
    placed[many:] = np.repeat(np.arange(len(needs)), counts)
    needs -= counts
    return placed


def _filled(needs: NDArray[np.float64], count: int) -> Codes:
    """How many of `count` single rows each part gets, each row going to the neediest."""
    level = (needs.sum() - count) / len(needs)  # no part is filled below it
    most = np.maximum(0, np.ceil(needs - level) + 1).astype(np.int64)
    parts = np.repeat(np.arange(len(needs)), np.minimum(most, count))
    steps = np.concatenate([np.arange(min(m, count)) for m in most.tolist()])
    neediest = np.argsort(-(needs[parts] - steps), kind="stable")[:count]
    return np.bincount(parts[neediest], minlength=len(needs))


def _leave_none_empty(placed: Codes, sizes: Codes, wanted: Sequence[int]) -> None:
    """Moves the smallest unit of the part with most units to a wanted part that got none."""
    for part in [p for p, count in enumerate(wanted) if count > 0]:
        often = np.bincount(placed, minlength=len(wanted))
        richest = int(often.argmax())
        if often[part] or often[richest] < 2:
            continue
        members = np.flatnonzero(placed == richest)
        placed[members[sizes[members].argmin()]] = part
