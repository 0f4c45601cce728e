"""What the training part teaches about texts: their tokens."""

from collections.abc import Iterator
from dataclasses import replace

from studio.core.design.dataset import DatasetSpec
from studio.data.arrays import Positions, Rows
from studio.data.fit_columns import drawn
from studio.data.text import fit_tokenizer

MOST_TEXTS = 500_000
_BLOCK = 50_000


def tokenizer_of(spec: DatasetSpec, rows: Rows, training: Positions, length: int) -> str:
    """The tokens of the training texts, of more than 500,000 of a sample, as JSON."""
    texts = _taken(rows, drawn(training, MOST_TEXTS))
    return fit_tokenizer(texts, replace(spec.text, length=length))


def _taken(rows: Rows, positions: Positions) -> Iterator[str | None]:
    for start in range(0, len(positions), _BLOCK):
        yield from rows.take(positions[start : start + _BLOCK])
