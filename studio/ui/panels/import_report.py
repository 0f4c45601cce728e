"""The report of an import: what was drawn of a file, and what is not known in it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from studio.core.design.imported import Imported
from studio.core.problems import Problem
from studio.core.shapes import show
from studio.core.words import tr
from studio.ui.controls import Button, label, set_ground
from studio.ui.icons import pixmap
from studio.ui.panels.problems import ProblemRow
from studio.ui.theme import ICON_SIZE, SPACE_1, SPACE_2, SPACE_3, SPACE_4

MOST_SHOWN = 100


class ImportReport(QScrollArea):
    """Says of one file what became of it; each row leads to its place on the canvas.

    Signals:
        place_wanted(place): the person wants to see where something is.
        closed(): it has been read.
    """

    place_wanted = Signal(object)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("import.report")
        self.setAccessibleName(tr("Report of the import"))
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its rows have the keyboard
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_report(self, found: Imported) -> None:
        """Shows what is to be said of this file."""
        content = QWidget()
        set_ground(content, "surface")
        rows = QVBoxLayout(content)
        rows.setContentsMargins(SPACE_2, SPACE_1, SPACE_2, SPACE_2)
        rows.setSpacing(0)
        rows.addLayout(self._head(found))
        for problem in found.problems[:MOST_SHOWN]:
            row = ProblemRow(problem)
            row.setToolTip(problem.detail)
            row.chosen.connect(self._on_chosen)
            rows.addWidget(row)
        left = len(found.problems) - MOST_SHOWN
        if left > 0:
            rows.addWidget(label(tr("and {count} more", count=left), size="small", tone="soft"))
        rows.addStretch(1)
        self.setWidget(content)

    def _head(self, found: Imported) -> QHBoxLayout:
        sign = QLabel()
        is_whole = found.known == found.steps
        name, ink = ("circle-check", "good") if is_whole else ("warning", "attention")
        sign.setPixmap(pixmap(name, ink, ICON_SIZE))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(label(title_of(found), is_strong=True, wraps=True))
        words.addWidget(label(about(found), size="small", tone="soft", wraps=True))
        close = Button(tr("Close the report"), "link")
        close.setObjectName("import.close")
        close.clicked.connect(self.closed)
        head = QHBoxLayout()
        head.setContentsMargins(SPACE_2, SPACE_1, SPACE_4, SPACE_2)
        head.setSpacing(SPACE_3)
        head.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        head.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        return head

    def _on_chosen(self, problem: Problem) -> None:
        if problem.place.kind == "node" and problem.place.key:
            self.place_wanted.emit(problem.place)


def title_of(found: Imported) -> str:
    """In one line what came of it."""
    if found.is_own and not found.problems:
        return tr("{file} is drawn as it was written.", file=found.file)
    if found.is_own:
        return tr("{file} was edited since it was written; this is what changed.", file=found.file)
    if found.known == found.steps:
        return tr(
            "{name} in {file} is drawn whole: {steps} {steps|step|steps}.",
            name=found.name,
            file=found.file,
            steps=found.steps,
        )
    return tr(
        "Of {name} in {file}, {known} of {steps} steps are drawn.",
        name=found.name,
        file=found.file,
        known=found.known,
        steps=found.steps,
    )


def about(found: Imported) -> str:
    """What else there is to know: the sizes it was tried with, and that weights stay behind."""
    parts = []
    sizes = ", ".join(show(shape) for shape in found.sizes)
    if sizes and found.are_guessed:
        parts.append(
            tr(
                "It was run with rows of {sizes}: a guess, as the file does not say and no data "
                "that fit it are open.",
                sizes=sizes,
            )
        )
    elif sizes:
        parts.append(tr("It was run with rows of {sizes}.", sizes=sizes))
    if not found.is_own:
        parts.append(
            tr("Each layer was compared with what the code gave. Weights are not taken over.")
        )
    else:
        parts.append(tr("The file was read and not run."))
    return " ".join(parts)
