"""Streamed: samples that are decoded when they are first asked for, then lie on the disk."""

from collections.abc import Callable, Sequence
from math import prod
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
    """Rows of files: each is decoded once; what does not fit into memory lies on the disk then.

    `take` may be called from any thread; it raises StudioError where a file has vanished,
    has changed since `references` were listed, or turns out to be broken.
    """

    def __init__(
        self,
        references: Sequence[str],
        decode: Decode,
        sample: tuple[int, ...],
        dtype: DTypeLike,
        memory: int = 0,
    ) -> None:
        """`decode` gives one sample of the shape `sample`; OSError or ValueError if it cannot.

        The first rows are kept in so many bytes of `memory`.
        """
        self._references = tuple(references)
        self._decode = decode
        self._stamps: list[Stamp | None] = [_stamp(r) for r in self._references]
        count, size = len(self._references), prod(sample) * np.dtype(dtype).itemsize
        self._held = np.empty((min(count, memory // size), *sample), dtype)
        self._kept = DiskRows(sample, dtype, count - len(self._held))
        self._known = np.zeros(count, np.bool_)
        self._lock = Lock()

    @property
    def shape(self) -> tuple[int, ...]:
        """(rows, then the shape of a sample)."""
        return (len(self._references), *self._held.shape[1:])

    @property
    def held(self) -> None:
        """None: the rows do not all lie in memory."""
        return

    def take(self, positions: Positions) -> NDArray[Any]:
        """The rows at some positions, those that are asked for the first time decoded."""
        if not self._known[positions].all():
            with self._lock:  # two threads that want the same row decode it once
                self._decode_new(positions)
        is_held = positions < len(self._held)
        if is_held.all():
            return self._held[positions]
        far = self._kept.take(positions[~is_held] - len(self._held))
        if not is_held.any():
            return far
        rows = np.empty((len(positions), *self._held.shape[1:]), self._held.dtype)
        rows[is_held], rows[~is_held] = self._held[positions[is_held]], far
        return rows

    def _decode_new(self, positions: Positions) -> None:
        new = np.unique(positions[~self._known[positions]])
        for start in range(0, len(new), _AT_ONCE):
            some = new[start : start + _AT_ONCE]
            block = np.stack(list(mapped(self._decoded, some.tolist())))
            near = int(np.searchsorted(some, len(self._held)))
            self._held[some[:near]] = block[:near]
            self._kept.write(some[near:] - len(self._held), block[near:])
            self._known[some] = True

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
