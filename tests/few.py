"""Built-in data with only so many of their rows, for tests that train on all of them."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from types import MappingProxyType
from unittest.mock import patch

from studio.data import samples
from studio.data.material import Material

_NONE: Mapping[str, int] = MappingProxyType({})


def shortened(material: Material, rows: int) -> Material:
    """The first rows of some material."""
    return replace(
        material,
        table=replace(material.table, frame=material.frame.iloc[:rows].copy()),
        blocks=MappingProxyType({name: block[:rows] for name, block in material.blocks.items()}),
    )


def _shortening(make: Callable[[str], Material], rows: int) -> Callable[[str], Material]:
    return lambda title: shortened(make(title), rows)


@contextmanager
def few_rows(rows: int, others: Mapping[str, int] = _NONE) -> Iterator[None]:
    """While it lasts every sample has at most so many rows; `others` says it for some by key."""
    made = {
        key: _shortening(make, others.get(key, rows))
        for key, make in samples._MADE.items()  # noqa: SLF001
    }
    samples.sample_material.cache_clear()
    with patch.object(samples, "_MADE", made):
        yield
    samples.sample_material.cache_clear()
