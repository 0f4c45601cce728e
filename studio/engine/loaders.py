"""Loaders: the rows of a part as tensors on the device, and batches of them."""

from collections.abc import Callable, Iterator
from typing import TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from studio.engine.devices import free_memory

Inputs: TypeAlias = tuple[Tensor, ...]
Prepare: TypeAlias = Callable[[Tensor], list[Tensor]]

ROOM = 0.4  # the share of free memory that prepared rows may fill
BLOCK_BYTES = 1 << 20  # what is gathered at once: it should stay in the processor's cache
MOST_BATCHES = 64  # in a block
CHUNK_VALUES = 1 << 19  # numbers that are prepared or answered at once
MOST_ROWS = 4096


class Part:
    """Rows of the data on the device: prepared once, or raw and prepared as they are taken.

    `targets` are as the loss wants them.
    """

    def __init__(
        self,
        raw: Tensor,
        targets: Tensor,
        positions: NDArray[np.int64],
        prepare: Prepare,
        device: torch.device,
    ) -> None:
        self._raw = raw
        self._prepare = prepare
        self._device = device
        self._positions = torch.from_numpy(np.array(positions, dtype=np.int64))
        self.targets = targets.index_select(0, self._positions).to(device)
        self._prepared = self._prepared_where_it_fits()

    def __len__(self) -> int:
        return len(self._positions)

    @property
    def is_prepared(self) -> bool:
        """True where the rows lie ready in memory."""
        return self._prepared is not None

    @property
    def values_each(self) -> int:
        """How many numbers a row holds."""
        return max(1, sum(t[0].numel() for t in self._tensors() if len(t)))

    @property
    def bytes_each(self) -> int:
        """How many bytes a row takes when it is gathered."""
        return max(1, sum(t[0].numel() * t.element_size() for t in self._tensors() if len(t)))

    def take(self, rows: Tensor) -> Inputs:
        """The prepared inputs of some rows, by their numbers within the part."""
        if self._prepared is not None:
            return tuple(tensor.index_select(0, rows) for tensor in self._prepared)
        return self._made_ready(self._positions.index_select(0, rows.cpu()))

    def chunks(self, size: int) -> Iterator[tuple[Inputs, Tensor]]:
        """All rows in order, `size` at a time, with their targets."""
        for start in range(0, len(self), size):
            stop = start + size
            if self._prepared is not None:
                inputs = tuple(tensor[start:stop] for tensor in self._prepared)
            else:
                inputs = self._made_ready(self._positions[start:stop])
            yield inputs, self.targets[start:stop]

    def _tensors(self) -> Inputs:
        return self._prepared if self._prepared is not None else (self._raw,)

    def _made_ready(self, positions: Tensor) -> Inputs:
        raw = self._raw.index_select(0, positions).to(self._device)
        return tuple(self._prepare(raw))

    def _prepared_where_it_fits(self) -> Inputs | None:
        if not len(self):
            return ()
        example = self._made_ready(self._positions[:1])
        needed = len(self) * sum(tensor.numel() * tensor.element_size() for tensor in example)
        if needed > ROOM * free_memory(self._device):
            return None
        whole = tuple(
            torch.empty((len(self), *t.shape[1:]), dtype=t.dtype, device=self._device)
            for t in example
        )
        size = chunk_rows(sum(tensor[0].numel() for tensor in example))
        for start in range(0, len(self), size):
            stop = min(start + size, len(self))
            for tensor, ready in zip(
                whole, self._made_ready(self._positions[start:stop]), strict=True
            ):
                tensor[start:stop] = ready
        return whole


class Batches:
    """Deals the rows of the training part anew for each epoch.

    The order of an epoch follows from seed and epoch alone, so that a resumed run deals as
    the uninterrupted one. A last batch of a single row is left out where there are others:
    batch normalization cannot be told from it.
    """

    def __init__(self, part: Part, batch_size: int, seed: int) -> None:
        self._part = part
        self.batch_size = min(batch_size, max(1, len(part)))
        self._seed = seed
        self._generator = torch.Generator()
        left = len(part) % self.batch_size
        self.drops_a_row = left == 1 and self.batch_size > 1 and len(part) > self.batch_size
        self.rows = len(part) - 1 if self.drops_a_row else len(part)
        self.steps = -(-self.rows // self.batch_size)
        fitting = BLOCK_BYTES // (part.bytes_each * self.batch_size)
        self._batches_at_once = max(1, min(MOST_BATCHES, fitting))

    def order(self, epoch: int) -> Tensor:
        """The rows in the order in which that epoch takes them."""
        self._generator.manual_seed((self._seed << 20) + epoch)
        order = torch.randperm(len(self._part), generator=self._generator)[: self.rows]
        return order.to(self._part.targets.device)

    def blocks(self, order: Tensor, done: int = 0) -> Iterator[list[Inputs]]:
        """The batches of an epoch after the first `done`, several at a time.

        One look-up serves a whole block, and its batches are views: a step costs less than
        an index for each batch. The last tensor of a batch is its target.
        """
        size = self.batch_size * self._batches_at_once
        for start in range(done * self.batch_size, self.rows, size):
            rows = order[start : start + size]
            gathered = (*self._part.take(rows), self._part.targets.index_select(0, rows))
            yield list(zip(*(torch.split(t, self.batch_size) for t in gathered), strict=True))


def chunk_rows(values_each: int) -> int:
    """How many rows to handle at once when each holds so many numbers."""
    return max(1, min(MOST_ROWS, CHUNK_VALUES // max(1, values_each)))
