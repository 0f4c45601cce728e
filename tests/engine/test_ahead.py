"""The next thing is made while the last one is used: in order, one ahead, and never left over."""

import threading

import pytest

from studio.engine.ahead import ahead


def left_over():
    return [t for t in threading.enumerate() if t.name.startswith("studio-ahead")]


def test_what_is_made_comes_in_order_and_the_thread_ends():
    assert list(ahead(lambda number: number * number, range(50))) == [n * n for n in range(50)]
    assert list(ahead(str, [])) == []
    assert not left_over()


def test_it_stays_one_ahead_and_no_more():
    begun = [threading.Event() for _ in range(4)]

    def make(number):
        begun[number].set()
        return number

    made = ahead(make, range(4))
    assert next(made) == 0
    assert begun[1].wait(10)
    assert next(made) == 1
    assert begun[2].wait(10)
    assert not begun[3].is_set()
    made.close()
    assert not begun[3].is_set()
    assert not left_over()


def test_it_is_made_in_another_thread_with_one_thread_of_torch():
    import torch

    (found,) = ahead(lambda _n: (threading.current_thread(), torch.get_num_threads()), [0])
    assert found[0] is not threading.current_thread()
    assert found[1] == 1


def test_what_goes_wrong_is_raised_as_it_is_in_its_turn():
    reason = KeyError("gone")

    def make(number):
        if number == 2:
            raise reason
        return number

    made = ahead(make, range(9))
    assert [next(made), next(made)] == [0, 1]
    with pytest.raises(KeyError) as caught:
        next(made)
    assert caught.value is reason
    assert not left_over()


def test_whoever_leaves_waits_for_what_is_being_made():
    go_on, finished = threading.Event(), []

    def make(number):
        if number == 1:
            assert go_on.wait(10)
            finished.append(number)
        return number

    made = ahead(make, range(9))
    assert next(made) == 0
    go_on.set()
    made.close()
    assert finished in ([], [1])
    assert not left_over()


def test_an_error_of_the_user_of_it_ends_the_thread_too():
    def use():
        for number in ahead(lambda number: number, range(9)):
            1 / (number - 2)

    with pytest.raises(ZeroDivisionError):
        use()
    assert not left_over()
