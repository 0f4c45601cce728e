"""ProblemPopup: every problem of the project above the status bar; a click leads to its place."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from studio.core.design.fixes import apply_fix
from studio.core.problems import Problem, Severity
from studio.core.words import tr
from studio.ui.context import Context
from studio.ui.controls import Button, label, set_ground
from studio.ui.icons import pixmap
from studio.ui.theme import SMALL_ICON_SIZE, SPACE_1, SPACE_2, SPACE_3

WIDTH = 460
MOST_HIGH = 420
_SIGNS = {
    Severity.ERROR: ("problem", "problem_text"),
    Severity.WARNING: ("warning", "attention_text"),
    Severity.NOTE: ("info", "text_soft"),
}


class ProblemPopup(QFrame):
    """Closes on Escape and on a click elsewhere."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._context = context
        self.setObjectName("status.problem_list")
        self.setProperty("card", "popup")
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its links have the keyboard
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(SPACE_1, SPACE_1, SPACE_1, SPACE_1)
        rows.addWidget(self._scroll)

    def open_above(self, button: QWidget) -> None:
        """Shows what is wrong now, above the button."""
        content = self._content()
        self._scroll.setWidget(content)
        high = min(content.heightForWidth(WIDTH - 4 * SPACE_1) + 3 * SPACE_1, MOST_HIGH)
        self.resize(WIDTH, high)
        self.move(button.mapToGlobal(QPoint(0, -high - SPACE_1)))
        self.show()

    def _content(self) -> QWidget:
        content = QWidget()
        set_ground(content, "surface")
        rows = QVBoxLayout(content)
        rows.setContentsMargins(SPACE_2, SPACE_2, SPACE_2, SPACE_2)
        rows.setSpacing(SPACE_3)
        problems = self._context.document.problems
        if not problems:
            rows.addWidget(label(tr("Nothing is wrong."), tone="soft"))
        for problem in problems:
            rows.addWidget(self._row(problem))
        return content

    def _row(self, problem: Problem) -> QWidget:
        row = QWidget()
        parts = QHBoxLayout(row)
        parts.setContentsMargins(0, 0, 0, 0)
        parts.setSpacing(SPACE_2)
        sign = label()
        sign.setPixmap(pixmap(*_SIGNS[problem.severity], SMALL_ICON_SIZE))
        parts.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(SPACE_1)
        words.addWidget(label(problem.message, wraps=True))
        if problem.hint:
            words.addWidget(label(problem.hint, tone="soft", size="small", wraps=True))
        words.addLayout(self._links(problem))
        parts.addLayout(words, 1)
        return row

    def _links(self, problem: Problem) -> QHBoxLayout:
        links = QHBoxLayout()
        links.setSpacing(SPACE_3)
        if problem.fix is not None:
            fix = Button(tr(problem.fix.label), "link")
            fix.clicked.connect(lambda: self._on_fix(problem))
            links.addWidget(fix)
        show = Button(tr("Show it"), "link")
        show.clicked.connect(lambda: self._on_show(problem))
        links.addWidget(show)
        links.addStretch(1)
        return links

    def _on_fix(self, problem: Problem) -> None:
        fix = problem.fix
        assert fix is not None
        self.close()
        self._context.document.apply(lambda project: apply_fix(project, fix), tr(fix.label))

    def _on_show(self, problem: Problem) -> None:
        self.close()
        self._context.navigation.show_place(problem.place)
