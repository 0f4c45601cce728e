"""When something breaks: said once, with a report to copy, and the window goes on."""

import sys
import threading

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from studio.core.problems import refuse
from studio.ui.crash import CrashDialog, CrashHandler, report_of
from studio.ui.navigation import Navigation


@pytest.fixture
def window(qtbot, dressed):
    made = QWidget()
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    return made


@pytest.fixture
def navigation(dressed):
    return Navigation()


@pytest.fixture
def handler(window, navigation):
    made = CrashHandler(window, navigation)
    made.install()
    yield made
    made.uninstall()


def fault(text="a fault"):
    try:
        raise RuntimeError(text)
    except RuntimeError as error:
        return error


def dialogs(window):
    return [d for d in window.findChildren(CrashDialog) if d.isVisible()]


def test_a_fault_is_shown_with_its_report(window, handler):
    error = fault()
    sys.excepthook(type(error), error, error.__traceback__)
    (dialog,) = dialogs(window)
    assert "RuntimeError: a fault" in dialog.details.toPlainText()
    assert window.isVisible()


def test_many_faults_are_shown_once(window, handler):
    for number in range(5):
        error = fault(str(number))
        sys.excepthook(type(error), error, error.__traceback__)
    assert len(dialogs(window)) == 1


def test_the_report_can_be_copied(window, handler):
    error = fault()
    sys.excepthook(type(error), error, error.__traceback__)
    dialogs(window)[0].copy.click()
    assert QGuiApplication.clipboard().text() == report_of(error)


def test_a_fault_in_a_thread_is_shown_in_the_window_s_thread(qtbot, window, handler):
    def breaks():
        raise RuntimeError("far away")

    thread = threading.Thread(target=breaks)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: bool(dialogs(window)))
    assert "far away" in dialogs(window)[0].details.toPlainText()


def test_a_known_trouble_is_a_sentence_and_no_fault(qtbot, window, navigation, handler):
    error = refuse("The disk is full.", "Make room.")
    with qtbot.waitSignal(navigation.said) as said:
        sys.excepthook(type(error), error, None)
    assert said.args[0].text == "The disk is full. Make room."
    assert dialogs(window) == []


def test_afterwards_all_is_as_before(window, navigation):
    before = sys.excepthook, threading.excepthook, sys.unraisablehook
    made = CrashHandler(window, navigation)
    made.install()
    assert sys.excepthook != before[0]
    made.uninstall()
    assert (sys.excepthook, threading.excepthook, sys.unraisablehook) == before
