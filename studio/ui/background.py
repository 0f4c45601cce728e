"""Short jobs off the window's thread: previews, devices, evaluations. Runs have their own."""

import traceback
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QRunnable, QThreadPool, Signal, Slot
from typing_extensions import override

from studio.core.patience import Left, Patience, waited_for
from studio.core.problems import Place, Problem, StudioError
from studio.core.words import tr

Done: TypeAlias = Callable[[Any], object]
Failed: TypeAlias = Callable[[Problem], object]

FOREVER = -1  # ms, as Qt has it
MOST_AT_ONCE = 3  # a profile and a look may take long; rows are read beside them


class Job:
    """One call that goes on elsewhere; `cancel` drops its answer and ends it before long."""

    def __init__(
        self, call: Callable[[], object], done: Done | None, failed: Failed | None, key: str
    ) -> None:
        self.call, self.done, self.failed, self.key = call, done, failed, key
        self.each: Done | None = None
        self.progress: Done | None = None
        self.patience = Patience()
        self.answer: object = None
        self.problem: Problem | None = None
        self.is_cancelled = False

    def cancel(self) -> None:
        """Nobody will hear of it. What has begun ends where it next asks whether to go on."""
        self.is_cancelled = True
        self.patience.leave()


class Background(QObject):
    """Runs functions off the window's thread and hands their answers back in it.

    Signals:
        busy_changed(): the first job began, or the last ended.
    """

    busy_changed = Signal()
    # Sent from the threads; this object lives in the window's thread, so it is heard there.
    _ended = Signal(object)
    _came = Signal(object, object)
    _told = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ended.connect(self._on_ended)
        self._came.connect(self._on_came)
        self._told.connect(self._on_told)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(MOST_AT_ONCE)
        self._jobs: list[Job] = []
        self._is_closed = False

    @property
    def is_busy(self) -> bool:
        """True while something runs or waits."""
        return bool(self._jobs)

    @property
    def is_at_work(self) -> bool:
        """True while a thread still runs: after `close`, one that nothing could end in time."""
        return self._pool.activeThreadCount() > 0

    def run(
        self,
        function: Callable[..., object],
        *arguments: object,
        done: Done | None = None,
        failed: Failed | None = None,
        key: str = "",
    ) -> Job:
        """Calls the function elsewhere; `done(answer)` or `failed(problem)` follow here.

        Jobs with the same non-empty `key` replace one another: only the newest is heard.
        """
        return self._start(Job(lambda: function(*arguments), done, failed, key))

    def stream(
        self,
        function: Callable[..., Iterable[object]],
        *arguments: object,
        each: Done,
        done: Done | None = None,
        failed: Failed | None = None,
        progress: Done | None = None,
        key: str = "",
    ) -> Job:
        """`run` for answers that come one by one: `each(answer)` follows here for every one.

        Once it is cancelled, no further one is asked for. `progress(news)` follows for what
        the function says between its answers (`core.patience`).
        """
        job = Job(lambda: None, done, failed, key)
        job.each, job.progress = each, progress
        if progress is not None:
            job.patience = Patience(lambda news: self._told.emit(job, news))
        job.call = lambda: self._send_each(job, function(*arguments))
        return self._start(job)

    def cancel(self, key: str) -> None:
        """Drops the answers of all jobs with that key."""
        for job in self._jobs:
            if job.key == key:
                job.cancel()

    def close(self, patience_ms: int = FOREVER) -> None:
        """Drops everything, waits so long for what has begun, and begins nothing any more."""
        self._is_closed = True
        for job in self._jobs:
            job.cancel()
        self._pool.clear()
        self._pool.waitForDone(patience_ms)
        # The answers wait in this object's queue: taken here, they are dropped.
        QCoreApplication.sendPostedEvents(self, QEvent.Type.MetaCall.value)
        self._jobs.clear()

    def _start(self, job: Job) -> Job:
        if job.key:
            self.cancel(job.key)
        if self._is_closed:  # a timer of the window may come late
            job.cancel()
            return job
        self._jobs.append(job)
        self._pool.start(_Runnable(job, self._ended.emit))
        if len(self._jobs) == 1:
            self.busy_changed.emit()
        return job

    def _send_each(self, job: Job, answers: Iterable[object]) -> None:
        """Runs in the pool."""
        for answer in answers:
            if job.is_cancelled:
                return
            self._came.emit(job, answer)

    @Slot(object, object)
    def _on_came(self, job: Job, answer: object) -> None:
        if not job.is_cancelled and job.each is not None:
            job.each(answer)

    @Slot(object, object)
    def _on_told(self, job: Job, news: object) -> None:
        if not job.is_cancelled and job.progress is not None:
            job.progress(news)

    @Slot(object)
    def _on_ended(self, job: Job) -> None:
        if job not in self._jobs:
            return
        self._jobs.remove(job)
        if not self._jobs:
            self.busy_changed.emit()
        if job.is_cancelled:
            return
        if job.problem is None and job.done is not None:
            job.done(job.answer)
        elif job.problem is not None and job.failed is not None:
            job.failed(job.problem)


class _Runnable(QRunnable):
    """Walks into the pool with a job, and comes back with its answer or a Problem."""

    def __init__(self, job: Job, tell: Callable[[Job], None]) -> None:
        super().__init__()
        self._job, self._tell = job, tell

    @override
    def run(self) -> None:
        job = self._job
        if not job.is_cancelled:
            try:
                with waited_for(job.patience):
                    job.answer = job.call()
            except Left:
                job.cancel()
            except StudioError as error:
                job.problem = error.problem
            except Exception:
                job.problem = _broke(traceback.format_exc())
        self._tell(job)


def _broke(detail: str) -> Problem:
    return Problem(
        tr("Something in the program broke on the way."),
        tr("Try it again. If it happens again, send the report."),
        place=Place("project"),
        code="job-broke",
        detail=detail,
    )
