"""Streamed: samples that are decoded when they are first asked for, then lie on the disk."""

from collections.abc import Callable, Sequence
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from studio.data.arrays import Positions
from studio.data.disk_rows import DiskRows
from studio.data.pixels import BROKEN
from studio.data.references import Stamp, reference_error, stamp_of
from studio.data.workers import mapped

Decode = Callable[[str], NDArray[Any]]
_AT_ONCE = 256


class Streamed:
    """Rows of files: each is decoded once, and read from a temporary file from then on.

    `take` may be called from any thread; it raises StudioError where a file has vanished,
    has changed since `references` were listed, or turns out to be broken.
    """

    def __init__(
        self,
        references: Sequence[str],
        decode: Decode,
        sample: tuple[int, ...],
        dtype: DTypeLike,
    ) -> None:
        """`decode` gives one sample of the shape `sample`; OSError or ValueError if it cannot."""
        self._references = tuple(references)
        self._decode = decode
        self._stamps: list[Stamp | None] = [_stamp(r) for r in self._references]
        self._kept = DiskRows(sample, dtype, len(self._references))
        self._lock = Lock()

    @property
    def shape(self) -> tuple[int, ...]:
        """(rows, then the shape of a sample)."""
        return self._kept.shape

    @property
    def held(self) -> None:
        """None: the rows do not lie in memory."""
        return

    def take(self, positions: Positions) -> NDArray[Any]:
        """The rows at some positions, those that are asked for the first time decoded."""
        if not self._kept.has(positions).all():
            with self._lock:  # two threads that want the same row decode it once
                self._decode_new(positions)
        return self._kept.take(positions)

    def _decode_new(self, positions: Positions) -> None:
        new = np.unique(positions[~self._kept.has(positions)])
        for start in range(0, len(new), _AT_ONCE):
            some = new[start : start + _AT_ONCE]
            self._kept.write(some, np.stack(list(mapped(self._decoded, some.tolist()))))

    def _decoded(self, position: int) -> NDArray[Any]:
        reference = self._references[position]
        try:
            sample = self._decode(reference)
        except BROKEN as error:
            raise reference_error(reference, "broken") from error
        if _stamp(reference) != self._stamps[position]:
            raise reference_error(reference, "changed")
        return sample


def _stamp(reference: str) -> Stamp | None:
    try:
        return stamp_of(reference)
    except (OSError, ValueError):  # gone, or a name that no file can have
        return None
