"""Work that several threads share: in order, in turn, and no more at once than is allowed."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Lock

import pytest

from studio.data import workers
from studio.data.workers import Budget, mapped


@pytest.mark.parametrize("worth", [0.0, 1e9])
@pytest.mark.parametrize("count", [0, 1, 4, 5, 100])
def test_results_come_in_the_order_of_the_items(monkeypatch, worth, count):
    monkeypatch.setattr(workers, "_WORTH_IT", worth)
    assert list(mapped(lambda item: item * 2, range(count))) == [i * 2 for i in range(count)]


def test_slow_work_is_done_side_by_side(monkeypatch):
    monkeypatch.setattr(workers, "_WORTH_IT", 0.0)
    monkeypatch.setattr(workers, "threads", lambda: 2)
    meet = Barrier(2, timeout=20)
    waits = [False] * 4 + [True] * 2
    list(mapped(lambda is_waiting: meet.wait() if is_waiting else 0, waits))


def test_no_more_than_the_budget_is_under_way():
    budget, lock, used, most = Budget(10), Lock(), [0], [0]

    def hold(amount):
        with budget.of(amount):
            with lock:
                used[0] += amount
                most[0] = max(most[0], used[0])
            with lock:
                used[0] -= amount

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(hold, [3, 4, 9, 1, 10, 6, 2, 5] * 50))
    assert 0 < most[0] <= 10
    with budget.of(99):  # what is more than all of it alone
        assert used == [0]
