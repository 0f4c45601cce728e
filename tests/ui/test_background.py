"""Background jobs: answers in the window's thread, dropped when nobody wants them any more."""

import threading

import pytest
from PySide6.QtCore import QThread

from studio.core.patience import Progress, go_on
from studio.core.problems import refuse
from studio.ui.background import Background


@pytest.fixture
def background(qapp):
    made = Background()
    yield made
    made.close()


class Gate:
    """Something slow that a test lets go on when it likes."""

    def __init__(self, answer="answer"):
        self.begun, self.open = threading.Event(), threading.Event()
        self.answer = answer

    def __call__(self, *_arguments):
        self.begun.set()
        assert self.open.wait(5)
        return self.answer


def test_the_answer_comes_back_in_the_window_s_thread(qtbot, qapp, background):
    heard = []

    def elsewhere(a, b):
        return a + b, threading.current_thread() is threading.main_thread()

    def done(answer):
        heard.append((answer, QThread.currentThread() is qapp.thread()))

    background.run(elsewhere, 2, 3, done=done)
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == [((5, False), True)]


def test_a_known_trouble_comes_as_its_problem(qtbot, background):
    def refused():
        raise refuse("The file is empty.", "Choose another.", code="empty")

    heard = []
    background.run(refused, failed=heard.append)
    qtbot.waitUntil(lambda: bool(heard))
    assert heard[0].code == "empty"


def test_a_fault_comes_as_a_problem_with_the_report_as_detail(qtbot, background):
    heard = []
    background.run(lambda: 1 / 0, failed=heard.append)
    qtbot.waitUntil(lambda: bool(heard))
    assert "ZeroDivisionError" in heard[0].detail
    assert "Zero" not in heard[0].message


def test_a_cancelled_job_is_not_heard(qtbot, background):
    heard, gate = [], Gate()
    job = background.run(gate, done=heard.append, failed=heard.append)
    assert gate.begun.wait(5)
    job.cancel()
    gate.open.set()
    qtbot.waitUntil(lambda: not background.is_busy)
    assert heard == []


def test_only_the_newest_of_a_key_is_heard(qtbot, background):
    heard, old, new = [], Gate("old"), Gate("new")
    background.run(old, done=heard.append, key="preview")
    background.run(new, done=heard.append, key="preview")
    new.open.set()
    qtbot.waitUntil(lambda: heard == ["new"])
    old.open.set()
    qtbot.waitUntil(lambda: not background.is_busy)
    assert heard == ["new"]


def test_busy_is_told_at_the_first_and_at_the_last(qtbot, background):
    gate, told = Gate(), []
    background.busy_changed.connect(lambda: told.append(background.is_busy))
    background.run(gate)
    background.run(lambda: None)
    gate.open.set()
    qtbot.waitUntil(lambda: not background.is_busy)
    assert told == [True, False]


def test_closing_waits_for_what_has_begun_and_hears_nothing_more(qtbot, background):
    heard, gate = [], Gate()
    background.run(gate, done=heard.append)
    assert gate.begun.wait(5)
    threading.Timer(0.05, gate.open.set).start()
    background.close()
    assert not background.is_busy
    assert gate.open.is_set()
    assert heard == []


def test_after_its_end_nothing_begins(qtbot, qapp):
    background, called = Background(), []
    background.close()
    assert background.run(called.append, 1).is_cancelled
    assert not background.is_busy
    background.close()
    assert not called


def test_answers_come_one_by_one_and_in_order(qtbot, background):
    heard, ended = [], []
    background.stream(lambda: iter("abc"), each=heard.append, done=ended.append)
    qtbot.waitUntil(lambda: bool(ended))
    assert heard == ["a", "b", "c"]


def test_a_stream_that_was_left_asks_for_no_more(qtbot, background):
    gate, asked, heard = Gate(), [], []

    def answers():
        for number in range(3):
            asked.append(number)
            yield number
            gate()

    background.stream(answers, each=heard.append, key="profile")
    qtbot.waitUntil(lambda: heard == [0] and gate.begun.is_set())
    background.cancel("profile")
    gate.open.set()
    qtbot.waitUntil(lambda: not background.is_busy)
    assert asked == [0, 1]
    assert heard == [0]


def test_a_stream_that_breaks_keeps_what_came_and_says_why(qtbot, background):
    def answers():
        yield "first"
        raise refuse("The file is gone.", "Bring it back.", code="gone")

    heard, troubles = [], []
    background.stream(answers, each=heard.append, failed=troubles.append)
    qtbot.waitUntil(lambda: bool(troubles))
    assert heard == ["first"]
    assert troubles[0].code == "gone"


def test_what_has_begun_ends_where_it_asks_whether_to_go_on(qtbot, background):
    gate, heard, ends = Gate(), [], []

    def long():
        gate()
        try:
            while True:
                go_on()
        finally:
            ends.append(threading.current_thread())

    job = background.run(long, done=heard.append, failed=heard.append)
    gate.begun.wait(5)
    job.cancel()
    gate.open.set()
    qtbot.waitUntil(lambda: not background.is_busy)
    assert len(ends) == 1
    assert heard == []


def test_news_of_a_stream_come_in_the_window_s_thread_and_in_order(qtbot, qapp, background):
    heard = []

    def told(news):
        heard.append((news, QThread.currentThread() is qapp.thread()))

    def long():
        go_on(Progress("reading", 0.5))
        yield "first"
        go_on(Progress("looking", 1.0))
        yield "second"

    background.stream(long, each=told, progress=told)
    qtbot.waitUntil(lambda: len(heard) == 4)
    assert [news for news, _ in heard] == [
        Progress("reading", 0.5),
        "first",
        Progress("looking", 1.0),
        "second",
    ]
    assert all(is_here for _, is_here in heard)
