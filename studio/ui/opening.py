"""Opening: whatever a person drops or chooses becomes data or a project, and the page follows."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from studio import jobs
from studio.core.design.block_files import SUFFIX as BLOCK
from studio.core.design.dataset import DatasetSpec, TablePreview
from studio.core.design.project import Project
from studio.core.design.storage import SUFFIX
from studio.core.design.templates import TEMPLATES, template_for
from studio.core.params import Values
from studio.core.problems import Problem, StudioError
from studio.core.words import tr
from studio.ui.background import Background
from studio.ui.document import Document
from studio.ui.files import Files
from studio.ui.importing import is_code
from studio.ui.navigation import PROBLEM, Answer, Navigation, PageKey

KEY = "opening"
PAUSE_MS = 120  # what is read sooner needs no first rows
SEVERAL = "several files"
MOST_OFFERED = 3  # buttons beside a sentence
PACKED = frozenset({".gz", ".bz2", ".xz", ".zst"})
# What is no text to be read line by line, whatever stands beside it.
NOT_PLAIN = frozenset(
    {".csv", ".tsv", ".xlsx", ".xls", ".parquet", ".feather", ".json", ".jsonl", ".zip", ".tar"}
    | {".db", ".sqlite", ".sqlite3", ".png", ".jpg", ".jpeg", ".wav", ".mp3", ".mp4", SUFFIX, BLOCK}
)


class Opening(QObject):
    """Reads data and samples off the window's thread and puts them into the project.

    Signals:
        code_wanted(path): code was dropped, in which a network may stand.
        block_wanted(path): a block in a file was dropped.
        began(text): something is being read; the text says what.
        looked(preview): its first rows, a TablePreview, while the rest is being read.
        told(news): how far that is, a Progress, or a ColumnSummary that is known already.
        ended(): it is read, or could not be, or was left.
        left(): after `looked`, nothing came of it; what was open before is to be shown.
    """

    code_wanted = Signal(Path)
    block_wanted = Signal(Path)
    began = Signal(str)
    looked = Signal(object)
    left = Signal()
    told = Signal(object)
    ended = Signal()

    def __init__(
        self,
        document: Document,
        files: Files,
        background: Background,
        navigation: Navigation,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._document, self._files = document, files
        self._background, self._navigation = background, navigation
        self.words = ""
        self.look: TablePreview | None = None
        self._coming = TablePreview()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._show_look)
        self.began.connect(self._on_began)
        self.ended.connect(self._on_ended)

    def open_paths(self, paths: Iterable[Path]) -> None:
        """A project opens as project, code as a drawing, two texts as pairs, all else as data.

        A block goes into the palette.

        Of several others the first counts.
        """
        path, *others = [*paths, None]
        if path is None:
            return
        if path.suffix == SUFFIX:
            self.open_project(path)
        elif path.suffix.lower() == BLOCK:
            self._forget_troubles()
            self._navigation.go_to("model")  # whose palette it goes into
            self.block_wanted.emit(path)
        elif is_code(path):
            self._forget_troubles()
            self.code_wanted.emit(path)
        elif len(others) == 2 and are_texts(path, others[0]):  # noqa: PLR2004 - one, and the end
            self.open_data(path, {"other": str(others[0])})
            return
        else:
            self.open_data(path)
        if len(others) > 1:
            self._navigation.say(
                tr("One file is opened at a time: {name}, and none of the others.", name=path.name),
                "attention",
                key=SEVERAL,
            )

    def open_project(self, path: Path) -> None:
        """Opens a project, after asking about unsaved work."""
        self._forget_troubles()
        self.when_free(lambda: self._open_project(path))

    def open_data(self, path: Path, settings: Values | None = None) -> None:
        """Reads a file or folder and puts it into the project."""
        self._forget_troubles()
        self.began.emit(tr("Reading {name}…", name=path.name))
        self._background.stream(
            jobs.opening,
            str(path),
            settings,
            key=KEY,
            each=lambda found: self._on_found(found, _bare_name(path)),
            progress=self.told.emit,
            failed=self._on_failed,
        )

    def open_database(self, url: str, query: str, name: str) -> None:
        """Reads what a database answers; `name` is what it is called on the screen."""
        self._forget_troubles()
        self.began.emit(tr("Asking {name}…", name=name))
        self._background.run(
            jobs.open_sql,
            url,
            query,
            key=KEY,
            done=lambda dataset: self._on_data_read(dataset, name),
            failed=self._on_failed,
        )

    def open_sample(self, key: str, title: str) -> None:
        """Reads a data set that needs no file and puts it into the project."""
        self._forget_troubles()
        self.began.emit(tr("Making {name}…", name=title))
        self._background.run(
            jobs.open_sample,
            key,
            key=KEY,
            done=lambda dataset: self._on_data_read(dataset, title),
            failed=self._on_failed,
        )

    def start_template(self, key: str, page: PageKey = "model") -> None:
        """A new project from a template with its sample: ready to train."""
        self._forget_troubles()
        self.when_free(lambda: self._make_template(key, page))

    def start_empty(self) -> None:
        """A new project with nothing in it, to draw a network from scratch."""
        self.when_free(self._make_empty)

    def cancel(self) -> None:
        """Nobody wants what is being read any longer."""
        self._background.cancel(KEY)
        self._give_up()

    def when_free(self, act: Callable[[], object]) -> None:
        """Does it at once, or after the person said what is to become of run and changes."""
        if not self._files.is_training:
            self.when_saved(act)
            return
        self._navigation.say(
            tr("A run is going on. It would be stopped; what it has learnt is kept."),
            "attention",
            (
                Answer(
                    tr("Stop the run"), lambda: self._files.after_run(lambda: self.when_saved(act))
                ),
                Answer(tr("Keep working"), _nothing, is_default=True),
            ),
            key=KEY,
        )

    def when_saved(self, act: Callable[[], object]) -> None:
        """Does it at once, or after the person said what is to become of unsaved work."""
        if not self._files.has_unsaved_work:
            act()
            return
        words = (
            tr("{name} was trained and is not saved.", name=self._files.name)
            if self._document.is_saved
            else tr("{name} has changes that are not saved.", name=self._files.name)
        )
        self._navigation.say(
            words,
            "attention",
            (
                Answer(tr("Save"), lambda: self._files.save(act), is_default=True),
                Answer(tr("Discard"), act),
                Answer(tr("Keep working"), _nothing),
            ),
            key=KEY,
        )

    def _forget_troubles(self) -> None:
        """What could not be opened before is no news once something else is opened."""
        self._navigation.unsay(PROBLEM)
        self._navigation.unsay(SEVERAL)

    def _open_project(self, path: Path) -> None:
        if self._files.open(path):
            self._navigation.go_to("model")

    def _make_template(self, key: str, page: PageKey) -> None:
        title = tr(TEMPLATES[key].title)
        self.began.emit(tr("Making {name}…", name=title))
        self._background.run(
            jobs.new_project,
            key,
            key=KEY,
            failed=self._on_failed,
            done=lambda project: self._show(project, title, page),
        )

    def _make_empty(self) -> None:
        self._show(Project(), tr("Untitled"), "model")

    def _show(self, project: Project, name: str, page: PageKey) -> None:
        self.ended.emit()
        self._files.new(project, name)
        self._navigation.go_to(page)

    def _on_found(self, found: TablePreview | DatasetSpec, name: str) -> None:
        if isinstance(found, TablePreview):
            self._coming = found
            self._pause.start()
        else:
            self._on_data_read(found, name)

    def _on_data_read(self, dataset: DatasetSpec, name: str) -> None:
        self.ended.emit()
        project = self._document.project
        if not self._files.is_open or (project.dataset.is_empty and not project.graph):
            self._start_with(dataset, name)
        elif project.dataset.is_empty or _is_alike(project.dataset, dataset):
            self._use_here(dataset)
        else:
            self._ask_where(dataset, name)

    def _start_with(self, dataset: DatasetSpec, name: str) -> None:
        """A new project of the data: with the network that fits, or without where none does."""
        try:
            project = jobs.new_project(template_for(dataset), dataset)
        except StudioError:
            project = Project(dataset)  # the page of the data says what is missing
        self.when_free(lambda: self._show(project, name, "data"))

    def _use_here(self, dataset: DatasetSpec) -> None:
        self._document.apply(lambda project: replace(project, dataset=dataset), tr("Open data"))
        self._navigation.go_to("data")

    def _ask_where(self, dataset: DatasetSpec, name: str) -> None:
        self._navigation.say(
            tr("{name} holds other columns than this project was made for.", name=name),
            "accent",
            (
                Answer(
                    tr("Start a new project"),
                    lambda: self._start_with(dataset, name),
                    is_default=True,
                ),
                Answer(tr("Use it here"), lambda: self._use_here(dataset)),
                Answer(tr("Leave it"), _nothing),
            ),
            key=KEY,
        )

    def _show_look(self) -> None:
        self.look = self._coming
        self.looked.emit(self.look)

    def _on_began(self, words: str) -> None:
        self.words = words

    def _on_ended(self) -> None:
        self._pause.stop()
        self.words, self.look = "", None

    def _give_up(self) -> None:
        was_shown = self.look is not None
        self.ended.emit()
        if was_shown:
            self.left.emit()

    def _on_failed(self, problem: Problem) -> None:
        self._give_up()
        if problem.code == "several-tables":
            self._offer(problem)
        else:
            self._navigation.say_problem(problem)

    def _offer(self, problem: Problem) -> None:
        """The tables of a folder, each one click away where there is room for it."""
        folder, names = Path(problem.place.key), problem.detail.splitlines()
        answers = tuple(Answer(name, partial(self.open_data, folder / name)) for name in names)
        words = tr("{folder} holds {count} tables. Open one:", folder=folder.name, count=len(names))
        if len(names) > MOST_OFFERED:
            words, answers = str(problem), answers[:MOST_OFFERED]
        self._navigation.say(words, "attention", answers, key=PROBLEM)


def _bare_name(path: Path) -> str:
    """A file's name without its ending, nor the one before it where it is compressed."""
    return Path(path.stem).stem if path.suffix.lower() in PACKED else path.stem


def are_texts(path: Path, other: Path | None) -> bool:
    """Whether two files are plain texts that may belong together line by line."""
    if other is None or path == other:
        return False
    stems = [Path(file.stem) if file.suffix in PACKED else file for file in (path, other)]
    if any(stem.suffix.lower() in NOT_PLAIN for stem in stems):
        return False
    is_alike = stems[0].suffix == stems[1].suffix or stems[0].stem == stems[1].stem
    return is_alike and path.is_file() and other.is_file()


def _is_alike(old: DatasetSpec, new: DatasetSpec) -> bool:
    """Whether a network made for the old data takes the new: the same columns or samples."""
    if old.summary is None or new.summary is None or old.summary.kind != new.summary.kind:
        return False
    if old.summary.kind != "table" and old.summary.sample_shape != new.summary.sample_shape:
        return False
    return [column.name for column in old.columns] == [column.name for column in new.columns]


def _nothing() -> None:
    """The answer that changes nothing; the notice closes all the same."""
