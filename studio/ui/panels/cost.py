"""What the whole network costs beside what a person allows: figures, fields, and what is passed."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.core.design.budget import MOST, Budget
from studio.core.params import Param, Value, number
from studio.core.problems import Problem
from studio.core.words import tr
from studio.ui.cards import Note
from studio.ui.controls import Button, label, put_away
from studio.ui.fields import form
from studio.ui.panels.facts import Facts
from studio.ui.theme import SPACE_2


def _bound(key: str, title: str, unit: str, help: str) -> Param:  # noqa: A002
    return replace(number(key, title, 0.0, at_least=0.0, at_most=MOST, help=help), unit=unit)


BUDGET: tuple[Param, ...] = (
    _bound(
        "budget_milliseconds",
        "Time for one sample, at most",
        "ms",
        "How long the network may take to answer one sample on this machine. 0 is any time.",
    ),
    _bound(
        "budget_memory",
        "Memory for one sample, at most",
        "MB",
        "How much room may be taken by what the layers give for one sample. 0 is any.",
    ),
    _bound(
        "budget_size",
        "Size of the weights, at most",
        "MB",
        "How large the file of the weights may be. 0 is any size.",
    ),
)


class CostView(QWidget):
    """Stands in the inspector of the whole network.

    Signals:
        budget_changed(budget, key): a person allows more or less, in the field of that key.
        budget_left(): the person is done with a field.
        node_wanted(node_id): the person wants to see the node that costs most.
    """

    budget_changed = Signal(object, str)
    budget_left = Signal()
    node_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("network.cost")
        self.setAccessibleName(tr("Cost of one sample"))
        self._values: dict[str, Value] = {param.key: 0.0 for param in BUDGET}
        self.facts = Facts()
        self.unfold = Button("", "link")
        self.unfold.setObjectName("network.budget")
        self.fields = form(BUDGET)
        self.fields.edited.connect(self._on_edited)
        self.fields.finished.connect(lambda _key: self.budget_left.emit())
        self._notes = QVBoxLayout()
        self._notes.setSpacing(SPACE_2)
        self._shown: tuple[Problem, ...] = ()
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(SPACE_2)
        rows.addWidget(label(tr("Cost of one sample"), is_strong=True))
        rows.addWidget(self.facts)
        rows.addLayout(self._notes)
        rows.addWidget(self.unfold)
        rows.addWidget(self.fields)
        self.unfold.clicked.connect(self._on_unfold)
        self._fold(True)

    def show_budget(self, budget: Budget) -> None:
        """Shows what is allowed, without telling anybody."""
        self._values = dict(
            zip(self._values, (budget.milliseconds, budget.memory, budget.size), strict=True)
        )
        self.fields.show_values(self._values)
        self._fold(self.fields.isHidden())

    def show_cost(self, facts: Sequence[tuple[str, str]], problems: Sequence[Problem]) -> None:
        """Shows what one sample costs, and what of it is too much."""
        self.facts.show_facts(facts)
        if tuple(problems) == self._shown:
            return
        self._shown = tuple(problems)
        while (item := self._notes.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                put_away(widget)
        for problem in problems:
            self._notes.addWidget(self._note(problem))

    def _note(self, problem: Problem) -> Note:
        node = problem.place.key if problem.place.kind == "node" else ""
        link = tr("Show it") if node else ""
        return Note(str(problem), "attention", link=link, act=lambda: self.node_wanted.emit(node))

    def _on_unfold(self) -> None:
        self._fold(not self.fields.isHidden())

    def _fold(self, is_folded: bool) -> None:
        self.fields.setVisible(not is_folded)
        words = tr("Set a budget…") if not any(self._values.values()) else tr("Change the budget…")
        self.unfold.setText(words if is_folded else tr("Hide the budget"))

    def _on_edited(self, key: str, value: Value) -> None:
        self._values[key] = value
        milliseconds, memory, size = (float(str(one)) for one in self._values.values())
        self.budget_changed.emit(Budget(milliseconds, memory, size), key)
