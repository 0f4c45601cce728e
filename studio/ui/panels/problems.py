"""The list of Problems: what happened, how to fix it, the fix as a link; a click leads there."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from studio.core.design.fixes import apply_fix
from studio.core.design.project import Project
from studio.core.problems import Problem, Severity
from studio.core.words import tr
from studio.ui.cards import EmptyState
from studio.ui.controls import Button, Tone, label, set_ground
from studio.ui.counts import to_mend
from studio.ui.document import Document
from studio.ui.icons import pixmap
from studio.ui.theme import ROW_HEIGHT, SMALL_ICON_SIZE, SPACE_1, SPACE_2, SPACE_3, SPACE_4, Theme

MOST_SHOWN = 50
SEVERITY_WIDTH = 56
_SIGNS: dict[Severity, tuple[str, str, Tone, str]] = {
    Severity.ERROR: ("problem", "problem_text", "problem", "Error"),
    Severity.WARNING: ("warning", "attention_text", "attention", "Warning"),
    Severity.NOTE: ("info", "text_soft", "soft", "Note"),
}
_TAKING = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space})


class Problems(QScrollArea):
    """Every Problem of the project, errors first.

    Signals:
        place_wanted(place): the person wants to see where a Problem is.
        counted(count): there are so many Problems now.
    """

    place_wanted = Signal(object)
    counted = Signal(int)

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("problems")
        self.setAccessibleName(tr("Problems"))
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its rows have the keyboard
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._document = document
        self._shown: tuple[Problem, ...] | None = None
        document.changed.connect(self._on_document_changed)
        document.found_changed.connect(self._on_found)
        Theme.current().changed.connect(self._on_theme_changed)
        self._show(document.problems)

    @property
    def count(self) -> int:
        """How many Problems call for something."""
        return to_mend(self._shown or ())

    def _on_document_changed(self, _before: Project, _after: Project) -> None:
        self._show(self._document.problems)

    def _on_found(self) -> None:
        self._show(self._document.problems)

    def _on_theme_changed(self) -> None:
        shown, self._shown = self._shown, None
        self._show(shown or ())

    def _show(self, problems: tuple[Problem, ...]) -> None:
        if problems == self._shown:
            return
        self._shown = problems
        content = QWidget()
        set_ground(content, "surface")
        rows = QVBoxLayout(content)
        rows.setContentsMargins(SPACE_2, SPACE_1, SPACE_2, SPACE_2)
        rows.setSpacing(0)
        for problem in problems[:MOST_SHOWN]:
            rows.addWidget(self._row(problem))
        self._add_rest(rows, len(problems))
        old = self.takeWidget()
        self.setWidget(content)
        if old is not None:  # perhaps the link that was clicked: it must outlive its own click
            old.hide()
            old.setParent(self)
            old.deleteLater()
        self.counted.emit(len(problems))

    def _add_rest(self, rows: QVBoxLayout, count: int) -> None:
        if count == 0:
            rows.addWidget(
                EmptyState(
                    "circle-check", tr("Nothing is wrong"), tr("The network can be trained.")
                )
            )
            return
        if count > MOST_SHOWN:
            rows.addWidget(
                label(tr("and {count} more", count=count - MOST_SHOWN), size="small", tone="soft")
            )
        rows.addStretch(1)

    def _row(self, problem: Problem) -> "ProblemRow":
        row = ProblemRow(problem)
        row.chosen.connect(self._on_row_chosen)
        row.fix_wanted.connect(self._on_fix_wanted)
        return row

    def _on_row_chosen(self, problem: Problem) -> None:
        self.place_wanted.emit(problem.place)

    def _on_fix_wanted(self, problem: Problem) -> None:
        fix = problem.fix
        if fix is not None:
            self._document.apply(lambda project: apply_fix(project, fix), fix.label)


class ProblemRow(QFrame):
    """One Problem.

    Signals:
        chosen(problem): clicked, or Enter.
        fix_wanted(problem): its fix is to be applied.
    """

    chosen = Signal(object)
    fix_wanted = Signal(object)

    def __init__(self, problem: Problem, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.problem = problem
        self.setProperty("card", "row")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setMinimumHeight(ROW_HEIGHT)
        icon_name, ink, tone, words = _SIGNS[problem.severity]
        self.setAccessibleName(f"{tr(words)}: {problem}")
        sign = QLabel()
        sign.setPixmap(pixmap(icon_name, ink, SMALL_ICON_SIZE))
        severity = label(tr(words), size="small", tone=tone, is_strong=True)
        severity.setFixedWidth(SEVERITY_WIDTH)
        self._lay_out(sign, severity)

    def _lay_out(self, sign: QLabel, severity: QLabel) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_2, SPACE_1, SPACE_2, SPACE_1)
        row.setSpacing(SPACE_2)
        top = Qt.AlignmentFlag.AlignTop
        row.addWidget(sign, 0, top)
        row.addWidget(severity, 0, top)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(label(self.problem.message, wraps=True))
        if self.problem.hint:
            words.addWidget(label(self.problem.hint, size="small", tone="soft", wraps=True))
        row.addLayout(words, 1)
        if self.problem.fix is not None:
            fix = Button(self.problem.fix.label, "link")
            fix.clicked.connect(self._on_fix_clicked)
            row.addSpacing(SPACE_3)
            row.addWidget(fix, 0, top)
        row.addSpacing(SPACE_4)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(
            event.position().toPoint()
        ):
            self.chosen.emit(self.problem)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _TAKING:
            self.chosen.emit(self.problem)
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
        else:
            super().keyPressEvent(event)

    def _on_fix_clicked(self) -> None:
        self.fix_wanted.emit(self.problem)
