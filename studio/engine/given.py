"""Given: the one answer of a network, or a tuple of several, and truths of the same build."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

import torch
from torch import Tensor

Given: TypeAlias = Tensor | tuple[Tensor, ...]


def as_tuple(given: Given) -> tuple[Tensor, ...]:
    """Each of them."""
    return given if isinstance(given, tuple) else (given,)


def as_given(tensors: Sequence[Tensor]) -> Given:
    """A single one as it is, several as a tuple."""
    return tensors[0] if len(tensors) == 1 else tuple(tensors)


def each(given: Given, change: Callable[[Tensor], Tensor]) -> Given:
    """The same build of what becomes of each."""
    return change(given) if isinstance(given, Tensor) else tuple(change(one) for one in given)


def joined(parts: Sequence[Given]) -> Given:
    """The rows of all parts, one after the other."""
    columns = zip(*map(as_tuple, parts), strict=True)
    return as_given([torch.cat(column) for column in columns])


def rows_in(given: Given) -> int:
    """How many rows there are."""
    return len(as_tuple(given)[0])
