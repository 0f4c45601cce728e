"""Circular garbage of the window is put away in the window's thread, whoever makes how much."""

import gc
import threading
import weakref

import pytest
from PySide6.QtCore import QObject

from studio.ui.garbage import GarbageRounds


class Circle(QObject):
    """An object of Qt that nothing but itself holds."""

    def __init__(self, ended: list[str]) -> None:
        super().__init__()
        self.itself = self
        weakref.finalize(self, lambda: ended.append(threading.current_thread().name))


@pytest.fixture
def rounds(qtbot):
    made = GarbageRounds()
    made.begin()
    yield made
    made.close()
    assert gc.isenabled()


def much_in_circles():
    """More garbage than Python lets lie."""
    for _ in range(20 * gc.get_threshold()[0]):
        lonely: list[object] = []
        lonely.append(lonely)


def test_a_thread_that_makes_garbage_ends_nothing_of_the_window(rounds):
    ended: list[str] = []
    Circle(ended)
    other = threading.Thread(target=much_in_circles)
    other.start()
    other.join()
    assert ended == []
    rounds.look()
    gc.collect()
    assert ended == [threading.current_thread().name]


def test_it_looks_by_itself(qtbot, rounds):
    gc.collect()
    ended: list[str] = []
    Circle(ended)
    much_in_circles()
    qtbot.waitUntil(lambda: bool(ended))
