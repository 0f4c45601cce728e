"""Importing: code that a person drops or chooses becomes a drawing, after a warning if need be."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from studio import jobs
from studio.core.design.imported import CODE, PROGRAM, Imported
from studio.core.design.project import Project
from studio.core.problems import Problem
from studio.core.words import tr
from studio.ui.background import Background
from studio.ui.document import Document
from studio.ui.files import Files
from studio.ui.navigation import Answer, Navigation

KEY = "importing"
MOST_OFFERED = 4  # networks of one file, as buttons beside a sentence
SUFFIXES = (CODE, PROGRAM)


class Importing(QObject):
    """Reads code off the window's thread.

    What Studio wrote is never run; all else only after the person has said so, in a process apart.

    Signals:
        imported(found): a drawing was read, an Imported, and is shown.
    """

    imported = Signal(object)

    def __init__(
        self,
        document: Document,
        files: Files,
        background: Background,
        navigation: Navigation,
        when_free: Callable[[Callable[[], object]], object],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._document, self._files = document, files
        self._background, self._navigation = background, navigation
        self._when_free = when_free

    def open(self, path: Path) -> None:
        """Draws the network in a file that Studio wrote; asks before it runs another's."""
        self._navigation.unsay(KEY)
        self._background.run(
            jobs.read_code,
            path,
            key=KEY,
            done=lambda found: self._on_read(path, found),
            failed=self._navigation.say_problem,
        )

    def _on_read(self, path: Path, found: Imported | None) -> None:
        if found is not None:
            self._place(path, found)
            return
        words = tr(
            "{file} was not written by Studio. To draw its network it must be run, and then it "
            "can do all that you can do: read, change and delete your files. Run it only where "
            "you trust who wrote it.",
            file=path.name,
        )
        self._navigation.say(
            words,
            "attention",
            (
                Answer(tr("I trust it: run it"), lambda: self._run(path)),
                Answer(tr("Leave it"), _nothing, is_default=True),
            ),
            key=KEY,
        )

    def _run(self, path: Path, name: str = "") -> None:
        dataset = self._document.project.dataset
        self._background.run(
            jobs.run_code,
            path,
            None if dataset.is_empty else dataset,
            name,
            key=KEY,
            done=lambda found: self._on_run(path, found),
            failed=self._on_failed,
        )
        self._navigation.say(
            tr("Running {file} and drawing its network…", file=path.name),
            "accent",
            (Answer(tr("Stop"), lambda: self._background.cancel(KEY)),),
            key=KEY,
        )

    def _on_run(self, path: Path, found: Imported) -> None:
        self._navigation.unsay(KEY)
        if not found.choices:
            self._place(path, found)
            return
        self._ask_which(path, found.choices)

    def _ask_which(self, path: Path, names: Sequence[str], first: int = 0) -> None:
        """A few at a time, as a sentence has room for few buttons; behind the last the first."""
        shown = names[first : first + MOST_OFFERED]
        answers = [Answer(name, partial(self._run, path, name)) for name in shown]
        if len(names) > MOST_OFFERED:
            after = first + MOST_OFFERED if first + MOST_OFFERED < len(names) else 0
            others = partial(self._ask_which, path, names, after)
            answers.append(Answer(tr("Show others"), others))
        words = tr("{file} holds {count} networks. Which one?", file=path.name, count=len(names))
        self._navigation.say(words, "accent", tuple(answers), key=KEY)

    def _on_failed(self, problem: Problem) -> None:
        self._navigation.unsay(KEY)
        self._navigation.say_problem(problem)

    def _place(self, path: Path, found: Imported) -> None:
        """Into the open project where its network is still empty; else as the person says."""
        if not self._files.is_open:
            self._start_with(path, found)
        elif not self._document.project.graph.nodes:
            self._use_here(found)
        else:
            self._ask_where(path, found)

    def _ask_where(self, path: Path, found: Imported) -> None:
        self._navigation.say(
            tr("{file} holds a network, and this project has one.", file=path.name),
            "accent",
            (
                Answer(tr("Replace the network"), lambda: self._use_here(found), is_default=True),
                Answer(tr("Start a new project"), lambda: self._start_with(path, found)),
                Answer(tr("Leave it"), _nothing),
            ),
            key=KEY,
        )

    def _use_here(self, found: Imported) -> None:
        self._document.apply(
            lambda project: replace(project, graph=found.graph), tr("Import from code")
        )
        self._show(found)

    def _start_with(self, path: Path, found: Imported) -> None:
        def start() -> None:
            self._files.new(Project(graph=found.graph), path.stem)
            self._show(found)

        self._when_free(start)

    def _show(self, found: Imported) -> None:
        self._navigation.go_to("model")
        self.imported.emit(found)


def is_code(path: Path) -> bool:
    """Whether a file is one that a network may be read out of."""
    return path.suffix.lower() in SUFFIXES


def _nothing() -> None:
    """The answer that changes nothing; the notice closes all the same."""
