"""The code of the network: to read beside the drawing, to copy and to save."""

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from studio.core.design.network_code import NetworkCode
from studio.core.problems import Problem
from studio.core.words import tr
from studio.ui.cards import EmptyState
from studio.ui.controls import Button, Elided
from studio.ui.panels.code_text import CodeText
from studio.ui.theme import SPACE_2, SPACE_3, SPACE_4

SAID_FOR = 2000  # ms that the button says what it did


class CodePanel(QWidget):
    """The code with its buttons; where there is none, why.

    Signals:
        node_wanted(node_id): a line of that node was chosen.
        save_wanted(): the code is to be written into a file.
        place_wanted(place): the person wants to see what is in the way.
    """

    node_wanted = Signal(str)
    save_wanted = Signal()
    place_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("code")
        self.setAccessibleName(tr("Code"))
        self._code = NetworkCode("")
        self._problem: Problem | None = None
        self._nodes: frozenset[str] = frozenset()
        self.text = CodeText()
        self.about = Elided(tone="soft", size="small")
        self.copy = Button(tr("Copy"), icon_name="copy")
        self.save = Button(tr("Save…"), icon_name="save")
        self.copy.setObjectName("code.copy")
        self.save.setObjectName("code.save")
        self.show_place = Button(tr("Show where"), icon_name="target")
        self.show_place.setObjectName("code.place")
        self.empty = EmptyState("code", " ", " ", button=self.show_place)
        self._lay_out()
        self.text.line_chosen.connect(self._on_line_chosen)
        self.copy_said = QTimer(self, singleShot=True, interval=SAID_FOR)
        self.copy_said.timeout.connect(self._on_said_copied)
        self.copy.clicked.connect(self._on_copy)
        self.save.clicked.connect(self.save_wanted)
        self.show_place.clicked.connect(self._on_show_place)
        self.show_waiting()

    @property
    def code(self) -> NetworkCode:
        """What is shown."""
        return self._code

    @property
    def is_showing_code(self) -> bool:
        """False while there is none, and where there can be none."""
        return self._stack.currentWidget() is self._page

    def show_waiting(self) -> None:
        """Nothing is written yet."""
        self._say(tr("Writing the code…"), tr("The first time takes a moment."), None)

    def show_code(self, code: NetworkCode) -> None:
        """Shows this code where the other one stood."""
        self._code = code
        self._stack.setCurrentWidget(self._page)
        self.text.show_text(code.text)
        self.copy.setText(tr("Copy"))
        count = code.text.count("\n")
        self.about.set_text(
            tr(
                "Runs by itself. {count} lines; choose one to see its layer.",
                count=count,
            )
        )
        self.mark(self._nodes, scrolls=False)

    def show_obstacle(self, problem: Problem) -> None:
        """Says why there is no code."""
        self._say(tr("No code yet"), str(problem), problem)

    def mark(self, nodes: frozenset[str], *, scrolls: bool = True) -> None:
        """Marks the lines of these nodes."""
        self._nodes = nodes
        self.text.mark(self._code.lines_of(nodes), scrolls=scrolls)

    def _say(self, title: str, text: str, problem: Problem | None) -> None:
        self._problem = problem
        self.empty.say(title, text)
        has_place = problem is not None and problem.place.kind in ("node", "data", "field")
        self.show_place.setVisible(has_place)
        self._stack.setCurrentWidget(self.empty)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(SPACE_4, 0, SPACE_3, SPACE_2)
        head.setSpacing(SPACE_2)
        head.addWidget(self.about, 1)
        head.addWidget(self.copy)
        head.addWidget(self.save)
        self._page = QWidget()
        rows = QVBoxLayout(self._page)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addLayout(head)
        rows.addWidget(self.text, 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._page)
        self._stack.addWidget(self.empty)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._stack)

    @Slot(int)
    def _on_line_chosen(self, line: int) -> None:
        node_id = self._code.node_at(line)
        if node_id is not None:
            self.node_wanted.emit(node_id)

    @Slot()
    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._code.text)
        self.copy.setText(tr("Copied"))
        self.copy_said.start()

    @Slot()
    def _on_said_copied(self) -> None:
        self.copy.setText(tr("Copy"))

    @Slot()
    def _on_show_place(self) -> None:
        if self._problem is not None:
            self.place_wanted.emit(self._problem.place)
