"""Rows on the device, and batches of them: each row once an epoch, in an order of its seed."""

import numpy as np
import pytest
import torch

from studio.data.arrays import Held
from studio.engine import loaders
from studio.engine.loaders import Batches, Feed, Part

CPU = torch.device("cpu")


class Streamed:
    """Rows that lie elsewhere; counts what was read."""

    held = None

    def __init__(self, rows) -> None:
        self._rows = rows
        self.shape = rows.shape
        self.taken: list[int] = []

    def take(self, positions):
        self.taken.append(len(positions))
        return self._rows[positions]


def part_of(rows: int, positions=None, is_streamed: bool = False, room: int | None = None) -> Part:
    raw = np.arange(rows * 3, dtype=np.float32).reshape(rows, 3)
    source = Streamed(raw) if is_streamed else Held(raw)
    feed = Feed((source,), lambda raws: [raws[0] * 2, raws[0][:, :1]], CPU)
    positions = np.arange(rows) if positions is None else np.array(positions)
    return Part(feed, torch.arange(rows), positions, room)


def dealt(batches: Batches, epoch: int, done: int = 0):
    order = batches.order(epoch)
    return [batch for block in batches.blocks(epoch, order, done) for batch in block]


@pytest.fixture(params=["prepared", "raw"])
def _either(request, monkeypatch):
    monkeypatch.setattr(loaders, "ROOM", 0.0 if request.param == "raw" else 0.4)


@pytest.mark.usefixtures("_either")
def test_every_row_comes_once_with_its_target():
    part = part_of(50, range(10, 40))
    found = dealt(Batches(part, 8, seed=0), 1)
    assert [len(batch[-1]) for batch in found] == [8, 8, 8, 6]
    assert sorted(torch.cat([batch[-1] for batch in found]).tolist()) == list(range(10, 40))
    for doubled, first, target in found:
        assert torch.equal(first[:, 0], target * 3.0)
        assert torch.equal(doubled[:, 0], target * 6.0)


@pytest.mark.usefixtures("_either")
def test_chunks_keep_the_order():
    part = part_of(10, [7, 3, 5])
    chunks = list(part.chunks(2))
    assert [targets.tolist() for _, targets in chunks] == [[7, 3], [5]]
    assert [inputs[1].tolist() for inputs, _ in chunks] == [[[21.0], [9.0]], [[15.0]]]


def test_rows_that_do_not_fit_are_prepared_as_they_are_taken(monkeypatch):
    assert part_of(9).is_prepared
    monkeypatch.setattr(loaders, "ROOM", 0.0)
    assert not part_of(9).is_prepared


def test_the_order_follows_from_seed_and_epoch_alone():
    batches = Batches(part_of(40), 8, seed=3)
    first = batches.order(1).clone()
    batches.order(7)
    assert torch.equal(batches.order(1), first)
    assert not torch.equal(batches.order(2), first)
    assert not torch.equal(Batches(part_of(40), 8, seed=4).order(1), first)


@pytest.mark.parametrize("at_once", [1, 2, 64])
def test_going_on_in_the_middle_deals_the_rest(monkeypatch, at_once):
    monkeypatch.setattr(loaders, "MOST_BATCHES", at_once)
    batches = Batches(part_of(45), 8, seed=0)
    whole = [batch[-1].tolist() for batch in dealt(batches, 2)]
    for done in range(batches.steps + 1):
        assert [batch[-1].tolist() for batch in dealt(batches, 2, done)] == whole[done:]


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
