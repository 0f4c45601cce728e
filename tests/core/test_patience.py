"""A long job tells how far it is, and ends where nobody waits for it."""

import threading

import pytest

from studio.core.patience import Left, Patience, Progress, go_on, waited_for


def test_without_anybody_it_just_goes_on():
    go_on()
    go_on(Progress("reading", 0.5))


def test_news_are_heard_and_asking_alone_is_none():
    heard = []
    with waited_for(Patience(heard.append)):
        go_on(Progress("reading", 0.25))
        go_on()
    go_on(Progress("reading", 0.75))
    assert heard == [Progress("reading", 0.25)]


def test_who_has_left_is_not_waited_for():
    patience, done = Patience(), []

    def long():
        for step in range(10):
            go_on()
            done.append(step)
            if step == 3:
                patience.leave()

    with waited_for(patience), pytest.raises(Left):
        long()
    assert done == [0, 1, 2, 3]
    go_on()


def test_each_thread_has_a_patience_of_its_own():
    gone = Patience()
    gone.leave()
    ended = []

    def other():
        go_on()
        ended.append(True)

    with waited_for(gone):
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert ended == [True]
