"""What every test gets, folders and seeds of its own, and what it must not leave behind."""

import gc
import logging
import os
import random
import sys
import threading
import weakref
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

# Before the first import of Qt and of torch: both read these once.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("MKL_NUM_THREADS", "1")

# What a run tries at its start hangs on how fast the machine is at that moment.
os.environ.setdefault("STUDIO_CALIBRATION", "off")

import hypothesis
import pytest

SEED = 20_26
PACKAGES_KEEP = {"tqdm_monitor"}  # threads that packages start once for the whole program
THREAD_PATIENCE = 2.0  # seconds that a thread may take to end after its test
QT_KEEPS = {"QTipLabel"}  # windows that Qt makes once for the whole program
FAILED = pytest.StashKey[bool]()

hypothesis.settings.register_profile(
    "studio",
    deadline=None,
    max_examples=50,
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "studio"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if {"qtbot", "qapp"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.gui)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.failed:
        item.stash[FAILED] = True
    return report


@pytest.fixture(autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder for this test alone, so that no test reads or writes a person's settings."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    monkeypatch.setenv("STUDIO_HOME", str(home / "studio"))
    for kind in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(home / kind.lower()))
    return home


@pytest.fixture(autouse=True)
def seeds() -> None:
    """The same numbers for every test; torch and numpy only where the test has loaded them."""
    random.seed(SEED)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(SEED)
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(SEED)
        sys.modules["torch"].set_num_threads(1)


class _LogWatch(logging.Handler):
    """Keeps what was logged at warning level or above."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []
        self.is_expected = False

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture(autouse=True)
def _log_watch() -> Iterator[_LogWatch]:
    """A warning in the log fails the test, unless it asks for `expected_log`."""
    watch = _LogWatch()
    logging.getLogger().addHandler(watch)
    yield watch
    logging.getLogger().removeHandler(watch)
    if watch.records and not watch.is_expected:
        said = "\n".join(f"  {r.name}: {r.levelname}: {r.getMessage()}" for r in watch.records)
        pytest.fail(f"The log holds warnings that the test did not expect:\n{said}", pytrace=False)


@pytest.fixture
def expected_log(_log_watch: _LogWatch) -> list[logging.LogRecord]:
    """The warnings logged so far; a test that asks for this one expects some."""
    _log_watch.is_expected = True
    return _log_watch.records


@pytest.fixture(autouse=True)
def nothing_left_behind(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Fails the test that leaves a thread, an active timer or a window to those after it."""
    threads_before = set(threading.enumerate())
    qt = _QtWatch(monkeypatch) if "PySide6.QtCore" in sys.modules else None
    yield
    left = qt.left_over() if qt else []
    left += _threads_left(threads_before)
    # The traceback of a failed test keeps its windows alive: one failure is enough.
    if left and not request.node.stash.get(FAILED, False):
        pytest.fail("The test left behind:\n  " + "\n  ".join(left), pytrace=False)


def _threads_left(before: set[threading.Thread]) -> list[str]:
    left = []
    for thread in set(threading.enumerate()) - before:
        # Python invents one for every QThread that ran Python, and keeps it for good.
        if type(thread).__name__ == "_DummyThread" or thread.name in PACKAGES_KEEP:
            continue
        thread.join(THREAD_PATIENCE)
        if thread.is_alive():
            left.append(f"a running thread: {thread.name}")
    return left


class _QtWatch:
    """Remembers which timers and threads a test started and which windows were there before."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from PySide6.QtCore import QThread, QTimer

        self._timers = _remember_starts(QTimer, monkeypatch)
        self._threads = _remember_starts(QThread, monkeypatch)
        self._windows_before = set(_windows())

    def left_over(self) -> list[str]:
        """What is still there, in words; it is put away on the way."""
        _delete_now()
        if set(_windows()) - self._windows_before:
            gc.collect()
            _delete_now()
        return self._threads_left() + self._windows_left() + self._timers_left()

    def _threads_left(self) -> list[str]:
        left = []
        for thread in _alive(self._threads):
            if thread.isRunning():
                left.append(f"a running QThread: {_name_of(thread)}")
                thread.requestInterruption()
                thread.wait(int(THREAD_PATIENCE * 1000))
        return left

    def _timers_left(self) -> list[str]:
        left = []
        for timer in _alive(self._timers):
            if timer.isActive():
                left.append(f"an active QTimer: {_name_of(timer)} of {_name_of(timer.parent())}")
                timer.stop()
        return left

    def _windows_left(self) -> list[str]:
        left = []
        for address, window in _windows().items():
            if address not in self._windows_before:
                left.append(f"a window: {_name_of(window)}")
                window.close()
                window.deleteLater()
        _delete_now()
        return left


def _remember_starts(kind: Any, monkeypatch: pytest.MonkeyPatch) -> list[weakref.ref[Any]]:
    started: list[weakref.ref[Any]] = []
    start: Callable[..., None] = kind.start

    # A plain function: a Mock in the place of a Qt method crashes the interpreter.
    def remembered(self: Any, *arguments: Any, **named: Any) -> None:
        started.append(weakref.ref(self))
        start(self, *arguments, **named)

    monkeypatch.setattr(kind, "start", remembered)
    return started


def _alive(references: list[weakref.ref[Any]]) -> list[Any]:
    import shiboken6

    objects = {id(thing): thing for thing in (ref() for ref in references) if thing is not None}
    return [thing for thing in objects.values() if shiboken6.isValid(thing)]


def _windows() -> dict[int, Any]:
    """The windows without a parent, by their address in memory."""
    widgets = sys.modules.get("PySide6.QtWidgets")
    if widgets is None or widgets.QApplication.instance() is None:
        return {}
    import shiboken6

    return {
        shiboken6.getCppPointer(window)[0]: window
        for window in widgets.QApplication.topLevelWidgets()
        if window.parent() is None and window.metaObject().className() not in QT_KEEPS
    }


def _delete_now() -> None:
    """Lets Qt delete what was told to `deleteLater`."""
    from PySide6.QtCore import QCoreApplication, QEvent

    if QCoreApplication.instance() is not None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def _name_of(thing: Any) -> str:
    if thing is None:
        return "nothing"
    return f"{type(thing).__name__} '{thing.objectName()}'"
