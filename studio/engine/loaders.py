"""Loaders: the rows of a part as tensors on the device, and batches of them."""

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any, TypeAlias

import numpy as np
import torch
from torch import Tensor

from studio.data.arrays import Positions, Rows
from studio.engine.ahead import ahead
from studio.engine.devices import free_memory
from studio.engine.given import Given, as_given, as_tuple, each
from studio.engine.writing import shifted

Inputs: TypeAlias = tuple[Tensor, ...]
Batch: TypeAlias = tuple[Any, ...]  # the inputs, and last the target or a tuple of targets
Prepare: TypeAlias = Callable[[list[Tensor]], list[Tensor]]
Vary: TypeAlias = Callable[[list[Tensor], torch.Generator], list[Tensor]]

ROOM = 0.4  # the share of free memory that prepared rows may fill
BLOCK_BYTES = 1 << 20  # what is gathered at once: it should stay in the processor's cache
STREAM_BYTES = 4 << 20  # what is read at once where rows come from the disk
MOST_BATCHES = 64  # in a block
CHUNK_VALUES = 1 << 19  # numbers that are prepared or answered at once
ANSWER_VALUES = 1 << 23  # numbers that the answers to a chunk may be
MOST_ROWS = 4096


@dataclass(frozen=True, slots=True)
class Feed:
    """How raw rows get to the device: the inputs of the data, what prepares them, where to.

    `needed` are the places of the inputs that the network takes: others are not read.
    """

    rows: tuple[Rows, ...]
    prepare: Prepare
    device: torch.device
    needed: frozenset[int]

    @property
    def is_held(self) -> bool:
        """True where all raw rows lie in memory."""
        return all(self.rows[place].held is not None for place in self.needed)

    def made_ready(self, positions: Positions) -> Inputs:
        """The prepared inputs at some positions of the data."""
        raws = [torch.empty(0)] * len(self.rows)
        for place in self.needed:
            raws[place] = tensor_of(self.rows[place].take(positions)).to(self.device)
        return tuple(self.prepare(raws))


class Part:
    """Rows of the data on the device, kept prepared where they fit.

    `targets` are as the loss wants them, a tuple where there are several outputs. `room` is
    how many bytes prepared rows may fill; by
    default a share of what is free. Rows in memory are prepared at once, others when they are
    taken first. Where there is no room, they are read and prepared each time. Behind the
    inputs come `written` times the tokens of the target, each one place later.
    """

    def __init__(
        self,
        feed: Feed,
        targets: Given,
        positions: Positions,
        room: int | None = None,
        *,
        written: int = 0,
    ) -> None:
        self._feed = feed
        self._written = written
        self._positions = positions
        rows = tensor_of(positions)
        self.targets = each(targets, lambda one: one.index_select(0, rows).to(feed.device))
        self._example = feed.made_ready(self._positions[:1]) if len(rows) else ()
        self._kept = self._room_for_all(room)
        self._is_known = torch.zeros(len(rows), dtype=torch.bool)
        self._unknown = len(rows)
        if self._kept is not None and feed.is_held:
            self._prepare_all()

    def __len__(self) -> int:
        return len(self._positions)

    @property
    def is_prepared(self) -> bool:
        """True where all rows lie ready in memory."""
        return self._kept is not None and not self._unknown

    @property
    def is_kept(self) -> bool:
        """True where rows are prepared once and for all."""
        return self._kept is not None

    @property
    def is_streamed(self) -> bool:
        """True where rows are read anew each time, since not even raw ones lie in memory."""
        return not self.is_kept and not self._feed.is_held

    @property
    def device(self) -> torch.device:
        """Where the rows are given."""
        return self._feed.device

    @property
    def values_each(self) -> int:
        """How many numbers a prepared row holds."""
        return max(1, sum(tensor[0].numel() for tensor in self._example))

    @property
    def bytes_each(self) -> int:
        """How many bytes a prepared row takes."""
        return max(1, sum(t[0].numel() * t.element_size() for t in self._example))

    @property
    def bytes_kept(self) -> int:
        """How many bytes the prepared rows fill, or will."""
        return self.bytes_each * len(self) if self.is_kept else 0

    def take(self, rows: Tensor) -> Inputs:
        """The prepared inputs of some rows, by their numbers within the part."""
        found = self._prepared(rows)
        if not self._written:
            return found
        begun = shifted(as_tuple(self.targets)[0].index_select(0, rows))
        return (*found, *[begun] * self._written)

    def _prepared(self, rows: Tensor) -> Inputs:
        if self._kept is None:
            return self._feed.made_ready(self._positions[rows.cpu().numpy()])
        if self._unknown:
            self._keep(rows.cpu())
        return tuple(tensor.index_select(0, rows) for tensor in self._kept)

    def chunks(self, size: int) -> Iterator[tuple[Inputs, Given]]:
        """All rows in order, `size` at a time, with their targets."""
        starts = range(0, len(self), size)
        ready: Iterator[Inputs] = map(self._cut, starts, repeat(size))
        if not self.is_prepared:
            everything = torch.arange(len(self), device=self.device)
            ready = ahead(lambda start: self.take(everything[start : start + size]), starts)
        for start, inputs in zip(starts, ready, strict=True):
            cut = slice(start, start + size)
            yield inputs, as_given([one[cut] for one in as_tuple(self.targets)])

    def _cut(self, start: int, size: int) -> Inputs:
        found = tuple(tensor[start : start + size] for tensor in self._kept or ())
        if not self._written:
            return found
        begun = shifted(as_tuple(self.targets)[0][start : start + size])
        return (*found, *[begun] * self._written)

    def _room_for_all(self, room: int | None) -> Inputs | None:
        limit = ROOM * free_memory(self._feed.device) if room is None else room
        if len(self) * self.bytes_each > limit:
            return None
        return tuple(
            torch.empty((len(self), *t.shape[1:]), dtype=t.dtype, device=t.device)
            for t in self._example
        )

    def _prepare_all(self) -> None:
        for rows in torch.split(torch.arange(len(self)), chunk_rows(self.values_each)):
            self._keep(rows)

    def _keep(self, rows: Tensor) -> None:
        """Reads and prepares those of the rows that are not there yet."""
        missing = torch.unique(rows[~self._is_known[rows]])
        if not len(missing):
            return
        ready = self._feed.made_ready(self._positions[missing.numpy()])
        places = missing.to(self.device)
        for tensor, block in zip(self._kept or (), ready, strict=True):
            tensor.index_copy_(0, places, block)
        self._is_known[missing] = True
        self._unknown -= len(missing)


class Batches:
    """Deals the rows of the training part anew for each epoch.

    The order of an epoch follows from seed and epoch alone, so that a resumed run deals as
    the uninterrupted one; so does what `vary` does to a batch. With `classes`, the class of
    each row, all classes are dealt equally often: rows of rare ones several times, some of
    common ones not at all. A last batch of a single row is left out where there are others:
    batch normalization cannot be told from it.
    """

    def __init__(
        self,
        part: Part,
        batch_size: int,
        seed: int,
        *,
        vary: Vary | None = None,
        classes: Tensor | None = None,
    ) -> None:
        self._part = part
        self.batch_size = min(batch_size, max(1, len(part)))
        self._seed = seed
        self._vary = vary
        self._members = None if classes is None else _members(classes)
        self._generator = torch.Generator()
        left = len(part) % self.batch_size
        self.drops_a_row = left == 1 and self.batch_size > 1 and len(part) > self.batch_size
        self.rows = len(part) - 1 if self.drops_a_row else len(part)
        self.steps = -(-self.rows // self.batch_size)
        at_once = STREAM_BYTES if part.is_streamed else BLOCK_BYTES
        fitting = at_once // (part.bytes_each * self.batch_size)
        self._batches_at_once = max(1, min(MOST_BATCHES, fitting))

    def order(self, epoch: int) -> Tensor:
        """The rows in the order in which that epoch takes them."""
        self._generator.manual_seed((self._seed << 20) + epoch)
        count = len(self._part)
        # Half the bytes of int64, and the same order.
        order = torch.randperm(count, generator=self._generator, dtype=torch.int32)
        if self._members is not None:
            order = _evenly(self._members, count, self._generator)[order]
        return order[: self.rows].to(self._part.device)

    def blocks(
        self, epoch: int, order: Tensor, done: int = 0
    ) -> Generator[list[Batch], None, None]:
        """The batches of an epoch after the first `done`, several at a time.

        One look-up serves a whole block, and its batches are views: a step costs less than
        an index for each batch. The last of a batch is its target, or a tuple of several.
        """
        size = self.batch_size * self._batches_at_once
        starts = range(done * self.batch_size, self.rows, size)

        def block(start: int) -> list[Batch]:
            rows = order[start : start + size].long()
            return self._block(epoch, rows, start // self.batch_size)

        at_once = self._part.is_prepared and self._vary is None
        yield from map(block, starts) if at_once else ahead(block, starts)

    def _block(self, epoch: int, rows: Tensor, first: int) -> list[Batch]:
        inputs, targets = self._part.take(rows), as_tuple(self._part.targets)
        gathered = (*inputs, *(target.index_select(0, rows) for target in targets))
        parts = zip(*(torch.split(t, self.batch_size) for t in gathered), strict=True)
        batches: Iterable[Batch] = parts
        if len(targets) > 1:
            place = len(inputs)
            batches = ((*part[:place], as_given(part[place:])) for part in parts)
        if self._vary is None:
            return list(batches)
        return [self._varied(batch, epoch, step) for step, batch in enumerate(batches, first + 1)]

    def _varied(self, batch: Batch, epoch: int, step: int) -> Batch:
        assert self._vary is not None
        generator = torch.Generator(self._part.device)
        generator.manual_seed(_mixed(self._seed, epoch, step))
        return (*self._vary(list(batch[:-1]), generator), batch[-1])


def chunk_rows(values_each: int, answers_each: int = 1) -> int:
    """How many rows to handle at once when each holds, and is answered by, so many numbers."""
    fitting = min(CHUNK_VALUES // max(1, values_each), ANSWER_VALUES // max(1, answers_each))
    return max(1, min(MOST_ROWS, fitting))


def tensor_of(block: np.ndarray[tuple[int, ...], np.dtype[np.generic]]) -> Tensor:
    """A block of raw rows as a tensor, without a copy where that can be."""
    is_plain = block.flags.writeable and block.flags.c_contiguous
    return torch.from_numpy(block if is_plain else np.array(block, order="C"))


def _members(classes: Tensor) -> list[Tensor]:
    """For each class that has rows, which they are."""
    return [torch.nonzero(classes == one)[:, 0].cpu() for one in torch.unique(classes)]


def _evenly(members: Sequence[Tensor], count: int, generator: torch.Generator) -> Tensor:
    """So many rows, of each class equally many, and of one class each row equally often."""
    found = []
    for place, rows in enumerate(members):
        wanted = count // len(members) + (place < count % len(members))
        times, rest = divmod(wanted, len(rows))
        drawn = torch.randperm(len(rows), generator=generator)[:rest]
        found += [rows.repeat(times), rows[drawn]]
    return torch.cat(found)


def _mixed(seed: int, epoch: int, step: int) -> int:
    """One number for a moment of a run, far from those of the moments beside it."""
    mixed = 0
    for part in (seed, epoch, step):
        mixed = ((mixed ^ part) * 0x9E3779B97F4A7C15 + 0x7F4A7C15) % (1 << 63)
    return mixed
