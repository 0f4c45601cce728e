"""ExportCard: one format, where its file or folder goes, and what the proof found."""

from pathlib import Path

from PySide6.QtCore import QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from studio.core.catalogue.formats import FormatEntry
from studio.core.params import Value
from studio.core.problems import Problem
from studio.core.run.results import ExportResult, Proof
from studio.core.run.wording import count_words, figure_words
from studio.core.words import tr
from studio.ui.cards import Card, FigureCard, Note
from studio.ui.controls import Button, label
from studio.ui.editors import Entry
from studio.ui.fields import field_for
from studio.ui.icons import pixmap
from studio.ui.theme import SMALL_ICON_SIZE, SPACE_2, SPACE_3, Theme

KIBI = 1024.0
UNITS = ("bytes", "kB", "MB", "GB")
FIGURE_COLUMNS = 2
FIGURES = ("size", "rows", "difference", "speed")


class ExportCard(Card):
    """What a format is for, where its file or folder goes, and what came of it.

    Signals:
        export_wanted(path): a person wants it there.
        ended(): a proof or a trouble is shown.
    """

    export_wanted = Signal(object)
    ended = Signal()

    def __init__(self, theme: Theme, entry: FormatEntry, parent: QWidget | None = None) -> None:
        super().__init__(tr(entry.title), parent)
        self.setObjectName(f"export.{entry.key}")
        self.entry = entry
        self._obstacle = ""
        self.proven_size = 0
        self._written: Path | None = None
        self._is_working = False
        self._theme = theme
        purpose = label(tr(entry.help), tone="soft", wraps=True)
        self.fields = {param.key: field_for(param) for param in entry.params}
        self.path = Entry()
        self.path.setObjectName("field.path")
        self.path.setAccessibleName(tr("Folder") if entry.is_folder else tr("File"))
        self.choose = Button(tr("Choose…"))
        self.button = Button(tr("Export"), icon_name="export")
        self.button.setObjectName("export.start")
        self.progress = QProgressBar()
        self.progress.setRange(0, 0)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(tr("Exporting"))
        self.state = label(size="small", tone="soft", wraps=True)
        self.trouble = Note("", "problem")
        self.proof = _ProofView(theme)
        self.in_the_way = Note("", "attention")
        self.in_the_way.hide()
        self.open_folder = Button(tr("Open folder"), icon_name="folder")
        self._lay_out(purpose)
        self.show_nothing()
        self.button.clicked.connect(self._on_export_clicked)
        self.choose.clicked.connect(self._on_choose_clicked)
        self.open_folder.clicked.connect(self._on_open_folder)
        self.path.textEdited.connect(self._on_path_edited)

    def suggest(self, path: Path) -> None:
        """Where the file goes unless the person says otherwise."""
        self.path.setText(str(path))
        self.path.setCursorPosition(0)
        self._on_path_edited()

    @property
    def target(self) -> Path:
        """Where the file is to go, as a Path with the suffix of the format."""
        path = Path(self.path.text().strip()).expanduser()
        has_all = path.suffix or not path.name or not self.entry.suffix
        return path if has_all else path.with_suffix(self.entry.suffix)

    @property
    def settings(self) -> dict[str, Value]:
        """The params of the format, as they are set."""
        return {key: field.value() for key, field in self.fields.items()}

    def show_obstacles(self, problems: tuple[Problem, ...]) -> None:
        """Says beforehand which nodes the format cannot carry; then nothing can be exported."""
        self._obstacle = "\n".join(problem.message for problem in problems)
        self.in_the_way.set_text("\n".join(map(str, problems)), "attention")
        self.in_the_way.setVisible(bool(problems))
        self._on_path_edited()

    def show_nothing(self) -> None:
        """As before any export."""
        self._written = None
        self.proven_size = 0
        self._is_working = False
        self.state.setText("")
        for part in (self.progress, self.state, self.trouble, self.proof, self.open_folder):
            part.hide()
        self._on_path_edited()

    def show_working(self) -> None:
        """While the file is written and proven."""
        self.show_nothing()
        self._is_working = True
        self._on_path_edited()
        self.state.setText(
            tr(
                "Writing the file. Then a fresh process loads it and compares its "
                "answers on real rows."
            )
        )
        self.progress.show()
        self.state.show()

    def show_result(self, result: ExportResult) -> None:
        """The tick and the figures where it was proven; else what went wrong."""
        self.show_nothing()
        if result.proof is None or result.problem is not None:
            self.show_problem(result.problem or _unproven())
            return
        self._written = Path(result.path)
        self.proven_size = result.size
        self.proof.show_proof(result.size, result.proof, is_folder=self.entry.is_folder)
        self.state.setText(result.path)
        for part in (self.proof, self.state, self.open_folder):
            part.show()
        self.ended.emit()

    def show_problem(self, problem: Problem) -> None:
        """What went wrong and how to put it right. There is no tick."""
        self.show_nothing()
        self.trouble.set_text(str(problem), "problem")
        self.trouble.show()
        self.ended.emit()

    def _lay_out(self, purpose: QLabel) -> None:
        self.body.setSpacing(SPACE_3)
        self.body.addWidget(purpose)
        self.body.addWidget(self.in_the_way)
        settings = QHBoxLayout()
        settings.setSpacing(SPACE_3)
        for field in self.fields.values():
            settings.addWidget(field, 1)
        if self.fields:
            self.body.addLayout(settings)
        row = QHBoxLayout()
        row.setSpacing(SPACE_2)
        row.addWidget(self.path, 1)
        row.addWidget(self.choose)
        row.addWidget(self.button)
        self.body.addLayout(row)
        for part in (self.progress, self.trouble, self.proof, self.state):
            self.body.addWidget(part)
        end = QHBoxLayout()
        end.addWidget(self.open_folder)
        end.addStretch(1)
        self.body.addLayout(end)
        self.body.addStretch(1)

    @Slot()
    def _on_path_edited(self) -> None:
        if self._is_working:
            self.button.set_reason(tr("An export is going on."))
            return
        if self._obstacle:
            self.button.set_reason(self._obstacle)
            return
        has_name = bool(self.target.name) and not self.path.text().rstrip().endswith("/")
        self.button.set_reason("" if has_name else tr("Say first where the file is to go."))

    @Slot()
    def _on_export_clicked(self) -> None:
        self.export_wanted.emit(self.target)

    @Slot()
    def _on_choose_clicked(self) -> None:
        dialog = QFileDialog(self, tr("Where it goes"), str(self.target.parent))
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        if self.entry.suffix:
            words = tr(
                "{format} ({pattern})",
                format=tr(self.entry.title),
                pattern=f"*{self.entry.suffix}",
            )
            dialog.setNameFilter(words)
            dialog.setDefaultSuffix(self.entry.suffix.removeprefix("."))
        dialog.selectFile(self.target.name)
        dialog.fileSelected.connect(self._on_file_chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def _on_file_chosen(self, name: str) -> None:
        self.suggest(Path(name))
        self._on_path_edited()

    @Slot()
    def _on_open_folder(self) -> None:
        if self._written is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._written.parent)))


class _ProofView(QWidget):
    """The tick with what it stands for, and four figures."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(SPACE_3)
        head = QHBoxLayout()
        head.setSpacing(SPACE_2)
        self._tick = QLabel()
        self.words = label(tone="good", is_strong=True, wraps=True)
        self.words.setObjectName("export.proof")
        head.addWidget(self._tick)
        head.addWidget(self.words, 1)
        rows.addLayout(head)
        titles = (tr("Size"), tr("Rows compared"), tr("Largest difference"), tr("Speed"))
        self.figures = {key: FigureCard(title) for key, title in zip(FIGURES, titles, strict=True)}
        grid = QGridLayout()
        grid.setSpacing(SPACE_3)
        for number, card in enumerate(self.figures.values()):
            grid.addWidget(card, number // FIGURE_COLUMNS, number % FIGURE_COLUMNS)
        rows.addLayout(grid)
        self._tint()
        theme.changed.connect(self._tint)

    def show_proof(self, size: int, proof: Proof, *, is_folder: bool = False) -> None:
        """What the fresh process found."""
        self.words.setText(tr("Proven: a fresh process loaded it and gave the same answers."))
        self.figures["size"].show_figure(
            size_words(size), tr("all files together") if is_folder else tr("one file")
        )
        batches = ", ".join(str(batch) for batch in proof.checked_batch_sizes)
        self.figures["rows"].show_figure(
            count_words(proof.rows), tr("in batches of {sizes}", sizes=batches) if batches else ""
        )
        same = tr("the same class every time") if proof.same_class else ""
        difference = proof.largest_difference
        self.figures["difference"].show_figure(
            figure_words(difference) if difference else "0", same
        )
        self.figures["speed"].show_figure(
            tr("{count} rows/s", count=count_words(proof.rows_per_second)),
            tr("{time} ms for one row", time=figure_words(proof.milliseconds)),
        )

    @Slot()
    def _tint(self) -> None:
        self._tick.setPixmap(pixmap("circle-check", "good", SMALL_ICON_SIZE + 4))


def size_words(size: float) -> str:
    """So many bytes: ``20.4 kB``."""
    for unit in UNITS[:-1]:
        if size < KIBI:
            return f"{size:.0f} {unit}" if size >= 100 or unit == UNITS[0] else f"{size:.1f} {unit}"
        size /= KIBI
    return f"{size:.1f} {UNITS[-1]}"


def _unproven() -> Problem:
    return Problem(
        tr("The file was written, but it was not proven."),
        tr("Do not use it yet. Export it again."),
    )
