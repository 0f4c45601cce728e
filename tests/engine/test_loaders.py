"""Rows on the device, and batches of them: each row once an epoch, in an order of its seed."""

import numpy as np
import pytest
import torch

from studio.data.arrays import Held
from studio.engine import loaders
from studio.engine.loaders import Batches, Feed, Part
from tests.engine.material import Streamed

CPU = torch.device("cpu")


def sourced(rows: int, positions=None, is_streamed: bool = False, room: int | None = None):
    raw = np.arange(rows * 3, dtype=np.float32).reshape(rows, 3)
    source = Streamed(raw) if is_streamed else Held(raw)
    feed = Feed((source,), lambda raws: [raws[0] * 2, raws[0][:, :1]], CPU, frozenset({0}))
    positions = np.arange(rows) if positions is None else np.array(positions)
    return Part(feed, torch.arange(rows), positions, room), source


def part_of(rows: int, positions=None, **way) -> Part:
    return sourced(rows, positions, **way)[0]


def dealt(batches: Batches, epoch: int, done: int = 0):
    order = batches.order(epoch)
    return [batch for block in batches.blocks(epoch, order, done) for batch in block]


WAYS = {
    "prepared": {},
    "held and prepared as taken": {"room": 0},
    "streamed": {"room": 0, "is_streamed": True},
    "streamed once and kept": {"is_streamed": True},
}
every_way = pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)


@every_way
def test_every_row_comes_once_with_its_target(way):
    part = part_of(50, range(10, 40), **way)
    found = dealt(Batches(part, 8, seed=0), 1)
    assert [len(batch[-1]) for batch in found] == [8, 8, 8, 6]
    assert sorted(torch.cat([batch[-1] for batch in found]).tolist()) == list(range(10, 40))
    for doubled, first, target in found:
        assert torch.equal(first[:, 0], target * 3.0)
        assert torch.equal(doubled[:, 0], target * 6.0)


@every_way
def test_chunks_keep_the_order(way):
    part = part_of(10, [7, 3, 5], **way)
    chunks = list(part.chunks(2))
    assert [targets.tolist() for _, targets in chunks] == [[7, 3], [5]]
    assert [inputs[1].tolist() for inputs, _ in chunks] == [[[21.0], [9.0]], [[15.0]]]


def test_rows_that_do_not_fit_are_prepared_as_they_are_taken(monkeypatch):
    assert part_of(9).is_prepared
    assert not part_of(9, room=9 * 4 * 4 - 1).is_prepared
    assert part_of(9, room=9 * 4 * 4).is_prepared
    monkeypatch.setattr(loaders, "ROOM", 0.0)
    assert not part_of(9).is_prepared


def test_the_order_follows_from_seed_and_epoch_alone():
    batches = Batches(part_of(40), 8, seed=3)
    first = batches.order(1).clone()
    batches.order(7)
    assert torch.equal(batches.order(1), first)
    assert not torch.equal(batches.order(2), first)
    assert not torch.equal(Batches(part_of(40), 8, seed=4).order(1), first)


@every_way
@pytest.mark.parametrize("at_once", [1, 2, 64])
def test_going_on_in_the_middle_deals_the_rest(monkeypatch, at_once, way):
    monkeypatch.setattr(loaders, "MOST_BATCHES", at_once)
    batches = Batches(part_of(45, **way), 8, seed=0, vary=shaken)
    whole = [[tensor.tolist() for tensor in batch] for batch in dealt(batches, 2)]
    for done in range(batches.steps + 1):
        rest = [[tensor.tolist() for tensor in batch] for batch in dealt(batches, 2, done)]
        assert rest == whole[done:]


def shaken(inputs, generator):
    return [tensor + torch.rand(tensor.shape, generator=generator) for tensor in inputs]


def test_samples_are_varied_anew_in_each_batch_and_epoch():
    batches = Batches(part_of(16), 8, seed=0, vary=shaken)
    noise = [
        (batch[1][:, 0] - batch[-1] * 3.0).tolist() for e in (1, 2) for batch in dealt(batches, e)
    ]
    assert all(0 <= value < 1 for values in noise for value in values)
    assert len({tuple(values) for values in noise}) == 4
    other = dealt(Batches(part_of(16), 8, seed=1, vary=shaken), 1)[0]
    assert (other[1][:, 0] - other[-1] * 3.0).tolist() not in noise


def test_streamed_rows_that_fit_are_read_once():
    part, source = sourced(40, is_streamed=True)
    batches = Batches(part, 8, seed=0)
    assert not part.is_prepared
    read = source.taken
    first = dealt(batches, 1)
    assert sum(read) == 41  # and one for its shape
    assert part.is_prepared
    again = dealt(batches, 1)
    assert sum(read) == 41
    for batch, other in zip(first, again, strict=True):
        assert all(torch.equal(a, b) for a, b in zip(batch, other, strict=True))


def test_streamed_rows_without_room_are_read_a_block_at_a_time(monkeypatch):
    monkeypatch.setattr(loaders, "STREAM_BYTES", 2 * 8 * 16)
    part, source = sourced(40, is_streamed=True, room=0)
    batches = Batches(part, 8, seed=0)
    dealt(batches, 1)
    assert source.taken == [1, 16, 16, 8]
    assert (part.is_streamed, part.bytes_kept) == (True, 0)


@pytest.mark.parametrize(("shares", "often"), [((30, 6, 4), (14, 13, 13)), ((39, 1), (20, 20))])
def test_rare_classes_are_dealt_as_often_as_common_ones(shares, often):
    classes = torch.repeat_interleave(torch.arange(len(shares)), torch.tensor(shares))
    batches = Batches(part_of(40), 8, seed=0, classes=classes)
    order = batches.order(1)
    assert tuple(torch.bincount(classes[order]).tolist()) == often
    for one, count in enumerate(shares):
        times = torch.bincount(order, minlength=40)[classes == one]
        assert times.max() - times.min() <= 1
        assert int(times.sum()) == often[one]
        assert len(times) == count
    assert torch.equal(batches.order(1), order)
    assert not torch.equal(batches.order(2), order)
    assert len(torch.unique(order)) < 40


@pytest.mark.parametrize(
    ("rows", "batch", "steps", "drops"),
    [
        (33, 8, 4, True),
        (32, 8, 4, False),
        (34, 8, 5, False),
        (1, 8, 1, False),
        (5, 1, 5, False),
        (5, 100, 1, False),
        (9, 8, 1, True),
    ],
)
def test_a_last_batch_of_one_row_is_left_out(rows, batch, steps, drops):
    batches = Batches(part_of(rows), batch, seed=0)
    assert (batches.steps, batches.drops_a_row) == (steps, drops)
    assert sum(len(found[-1]) for found in dealt(batches, 1)) == rows - drops
