"""Analysis: a look at the whole network before training: figures, findings, cost of each layer."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QTreeWidgetItem, QVBoxLayout, QWidget
from typing_extensions import override

from studio.core.problems import Problem
from studio.core.words import tr
from studio.ui.cards import FigureCard
from studio.ui.controls import Button, IconButton, label, put_away, set_ground
from studio.ui.counts import counted
from studio.ui.panels.layer_tree import LayerTree, TreeRow
from studio.ui.panels.problems import ProblemRow
from studio.ui.theme import SPACE_1, SPACE_2, SPACE_3, SPACE_4, Theme

MOST_FINDINGS = 40
FINDINGS_HEIGHT = 176
CLOSE = "QTreeView::item, QHeaderView::section { padding: 0 4px; }"


class AnalysisView(QWidget):
    """Stands in the place of the canvas while it is asked for.

    Signals:
        node_wanted(node_id): a layer of the table was taken.
        place_wanted(place): the person wants to see where a finding is.
        fix_wanted(problem): the fix of a finding is to be applied.
        again_wanted(): everything is to be measured once more.
        closed(): the drawing is wanted back.
    """

    node_wanted = Signal(str)
    place_wanted = Signal(object)
    fix_wanted = Signal(object)
    again_wanted = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("analysis")
        self.setAccessibleName(tr("Analysis of the network"))
        set_ground(self, "window")
        self.title = label(tr("Analysis"), size="heading", is_strong=True)
        self.state = label("", size="small", tone="soft", wraps=True)
        self.again = Button(tr("Measure again"), icon_name="refresh")
        self.again.setObjectName("analysis.again")
        self.close_button = IconButton("close", tr("Back to the drawing (Esc)"))
        self.close_button.setObjectName("analysis.close")
        self.epoch = FigureCard(tr("One epoch"))
        self.step = FigureCard(tr("One step"))
        self.memory = FigureCard(tr("Memory"))
        self.parameters = FigureCard(tr("Parameters"))
        self.layers = LayerTable()
        self.findings = Findings()
        self._lay_out()
        self.again.clicked.connect(self.again_wanted)
        self.close_button.clicked.connect(self.closed)
        self.layers.node_wanted.connect(self.node_wanted)
        self.findings.place_wanted.connect(self.place_wanted)
        self.findings.fix_wanted.connect(self.fix_wanted)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(SPACE_2)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.title)
        words.addWidget(self.state)
        head.addLayout(words, 1)
        head.addWidget(self.again)
        head.addWidget(self.close_button)
        figures = QHBoxLayout()
        figures.setSpacing(SPACE_3)
        for card in (self.epoch, self.step, self.memory, self.parameters):
            figures.addWidget(card, 1)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(SPACE_4, SPACE_3, SPACE_4, SPACE_4)
        rows.setSpacing(SPACE_3)
        rows.addLayout(head)
        rows.addLayout(figures)
        rows.addWidget(self.findings)
        rows.addWidget(self.layers, 1)


class Findings(QScrollArea):
    """What is wrong or doubtful, errors first, each with its fix.

    Signals:
        place_wanted(place): the person wants to see where one is.
        fix_wanted(problem): its fix is to be applied.
    """

    place_wanted = Signal(object)
    fix_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("analysis.findings")
        self.setAccessibleName(tr("Findings"))
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its rows have the keyboard
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMaximumHeight(FINDINGS_HEIGHT)
        self._shown: tuple[Problem, ...] | None = None
        Theme.current().changed.connect(self._on_theme_changed)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is listed."""
        return self._shown or ()

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Lists these."""
        if tuple(problems) == self._shown:
            return
        self._shown = tuple(problems)
        content = QWidget()
        set_ground(content, "surface")
        rows = QVBoxLayout(content)
        rows.setContentsMargins(SPACE_2, SPACE_1, SPACE_2, SPACE_1)
        rows.setSpacing(0)
        for problem in self._shown[:MOST_FINDINGS]:
            row = ProblemRow(problem)
            row.chosen.connect(self._on_chosen)
            row.fix_wanted.connect(self.fix_wanted)
            rows.addWidget(row)
        if not self._shown:
            quiet = label(tr("Nothing is wrong, and nothing is doubtful."), tone="soft")
            quiet.setContentsMargins(SPACE_2, SPACE_2, SPACE_2, SPACE_2)
            rows.addWidget(quiet)
        elif len(self._shown) > MOST_FINDINGS:
            more = tr("and {count} more", count=len(self._shown) - MOST_FINDINGS)
            rows.addWidget(label(more, size="small", tone="soft"))
        rows.addStretch(1)
        old = self.takeWidget()
        self.setWidget(content)
        self.setFixedHeight(min(FINDINGS_HEIGHT, content.sizeHint().height() + 2))
        if old is not None:  # perhaps the link that was clicked: it must outlive its own click
            old.setParent(self)
            put_away(old)

    def _on_chosen(self, problem: Problem) -> None:
        self.place_wanted.emit(problem.place)

    def _on_theme_changed(self) -> None:
        shown, self._shown = self._shown, None
        self.show_problems(shown or ())


class LayerTable(LayerTree):
    """The layers in order with what each costs; a bar shows its share of a column.

    Signals:
        node_wanted(node_id): a layer was clicked twice, or taken with Enter.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("small", parent)
        self.setObjectName("analysis.layers")
        self.setAccessibleName(tr("What each layer costs"))
        self.setAccessibleDescription(
            tr("Enter shows the layer on the canvas, and opens or closes a block.")
        )
        self.setStyleSheet(CLOSE)
        self.itemDoubleClicked.connect(self._on_double_clicked)

    def show_costs(self, titles: Sequence[str], rows: Sequence[TreeRow]) -> None:
        """A column for each title behind the names, and a row for each layer and block."""
        self.set_titles((tr("Layer"), *titles))
        self.show_rows(rows)

    def _on_double_clicked(self, item: QTreeWidgetItem) -> None:
        if not item.childCount():
            self.take(item)


def bytes_in_words(size: float) -> str:
    """``3.4 MB``; a dash for none."""
    if size <= 0:
        return "–"
    for scale, unit in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if size >= scale:
            return f"{size / scale:.3g} {unit}"
    return f"{size:.0f} B"


def seconds_in_words(seconds: float) -> str:
    """A short time with its unit: ``0.31 ms``, ``1.2 s``; a dash for none."""
    if seconds <= 0:
        return "–"
    if seconds >= 1:
        return tr("{count} s", count=f"{seconds:.3g}")
    return tr("{count} ms", count=f"{1000 * seconds:.3g}")


def counted_or_dash(number: int) -> str:
    """A count, or a dash for none."""
    return counted(number) if number else "–"
