"""The cost of the network on the drawing: heat on the cards, totals beside what a person allows."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

from studio import jobs
from studio.core.design.budget import Budget
from studio.core.design.cost import (
    HEATS,
    MEGABYTE,
    Cost,
    Heat,
    budget_problems,
    costs_of,
    shares_of,
    total_of,
)
from studio.core.design.project import Project
from studio.core.words import tr
from studio.ui.canvas.card_marks import CardMarks, HeatSign
from studio.ui.canvas.scene import CanvasScene
from studio.ui.context import Context
from studio.ui.controls import Button
from studio.ui.counts import short
from studio.ui.panels.cost import CostView

JOB = "latency"
NO_HEAT = ""
_SHOWN: tuple[Heat, ...] = ("multiply_adds", "memory")  # the weights stand above them
HEAT = "model.heat"


class CostOfNetwork(QObject):
    """Works out what each node costs, and shows it where a person wants it.

    Signals:
        heat_changed(): the colours on the cards say something else.
    """

    heat_changed = Signal()

    def __init__(
        self, context: Context, scene: CanvasScene, marks: CardMarks, view: CostView
    ) -> None:
        super().__init__(scene)
        self._context, self._scene, self._marks, self._view = context, scene, marks, view
        self._heat: Heat | None = _heat_of(context.settings.window_text(HEAT))
        self._seconds = 0.0
        self._timed: object = None
        self._is_open = False
        view.show_budget(context.document.project.budget)
        view.budget_changed.connect(self._on_budget_changed)
        view.budget_left.connect(context.document.end_merge)
        context.document.changed.connect(self._on_document_changed)
        context.document.replaced.connect(self._on_replaced)
        context.runs.state_changed.connect(self._measure)

    @property
    def heat(self) -> Heat | None:
        """What the colours on the cards say; None where there are none."""
        return self._heat

    def show(self, is_shown: bool) -> None:
        """Nothing is measured or drawn while nobody sees it."""
        self._is_open = is_shown
        if is_shown:
            self.refresh()
        else:
            self._context.background.cancel(JOB)

    def choose_heat(self, heat: Heat | None) -> None:
        """Colours the cards by what they cost, or not."""
        self._heat = heat
        self._context.settings.set_window_text(HEAT, heat or NO_HEAT)
        self._show_heat(costs_of(self._context.document.project))
        self.heat_changed.emit()

    def refresh(self) -> None:
        """Shows the document as it is."""
        costs = costs_of(self._context.document.project)
        self._show_heat(costs)
        self._show_totals(costs)
        self._measure()

    @Slot(object, object)
    def _on_document_changed(self, before: Project, after: Project) -> None:
        if before.budget != after.budget:
            self._view.show_budget(after.budget)
        is_same = before.graph.nodes is after.graph.nodes and before.dataset is after.dataset
        if is_same and before.graph.edges is after.graph.edges:
            if before.graph.blocks is not after.graph.blocks:
                self._show_heat(costs_of(after))
            if before.budget != after.budget:
                self._show_totals(costs_of(after))
                self._measure()
            return
        if self._is_open:
            self.refresh()

    @Slot()
    def _on_replaced(self) -> None:
        self._seconds, self._timed = 0.0, None

    @Slot(object, str)
    def _on_budget_changed(self, budget: Budget, key: str) -> None:
        self._context.document.apply(
            lambda project: replace(project, budget=budget), tr("Change the budget"), key
        )

    @Slot()
    def _measure(self) -> None:
        """Really asks the network, where its time matters and nothing else runs."""
        document, graph = self._context.document, self._context.document.project.graph
        is_bounded = document.project.budget.milliseconds > 0
        if not (self._is_open and is_bounded) or self._context.runs.is_running:
            return
        if document.report.obstacle is not None or self._timed is graph.nodes:
            return
        self._context.background.run(
            jobs.seconds_a_sample,
            document.project,
            done=lambda seconds: self._on_measured(graph.nodes, seconds),
            key=JOB,
        )

    def _on_measured(self, nodes: object, seconds: float) -> None:
        self._timed, self._seconds = nodes, seconds
        self._show_totals(costs_of(self._context.document.project))

    def _show_heat(self, costs: Mapping[str, Cost]) -> None:
        heat = self._heat
        if heat is None:
            self._marks.show_heat({})
            return
        cards = self._scene.view.cards
        on_cards: dict[str, Cost] = {}
        for node_id, cost in costs.items():
            card = cards.get(node_id, node_id)
            on_cards[card] = on_cards.get(card, Cost()) + cost
        shares = shares_of(on_cards, heat)
        signs = {
            i: HeatSign(in_words(cost, heat), shares[i])
            for i, cost in on_cards.items()
            if cost.of(heat)
        }
        self._marks.show_heat(signs)

    def _show_totals(self, costs: Mapping[str, Cost]) -> None:
        project, total = self._context.document.project, total_of(costs)
        is_timed = self._timed is project.graph.nodes
        seconds = self._seconds if is_timed else 0.0
        facts = [(tr(HEATS[heat]), in_words(total, heat) or "0") for heat in _SHOWN]
        if not total.is_whole:
            facts[0] = (facts[0][0], tr("{count} and more", count=facts[0][1]))
        if seconds:
            facts.append((tr("Time here"), tr("{count} ms", count=f"{1000 * seconds:.3g}")))
        problems = list(budget_problems(project.graph, costs, project.budget, seconds))
        self._view.show_cost(facts if costs else (), problems)
        self._view.setVisible(bool(costs))


class HeatButton(Button):
    """Opens the choice of what the colours on the cards say."""

    def __init__(self, cost: CostOfNetwork) -> None:
        super().__init__(tr("Cost"))
        self._cost = cost
        self.setObjectName("model.heat")
        self.setAccessibleName(tr("Colour the cards by what they cost"))
        self.setToolTip(tr("Colour the cards by what they cost"))
        self.clicked.connect(self._offer)
        cost.heat_changed.connect(self._show)
        self._show()

    def _offer(self) -> None:
        menu = QMenu(self)
        menu.setObjectName("model.heat.menu")
        menu.setAccessibleName(self.accessibleName())
        choices = QActionGroup(menu)
        rows: tuple[tuple[Heat | None, str], ...] = (
            (None, tr("No colours")),
            *((heat, tr(words)) for heat, words in HEATS.items()),
        )
        for heat, words in rows:
            action = menu.addAction(words)
            action.setObjectName(f"model.heat.{heat or 'off'}")
            action.setCheckable(True)
            action.setChecked(heat == self._cost.heat)
            choices.addAction(action)
            action.triggered.connect(partial(self._choose, heat))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.mapToGlobal(self.rect().topLeft()))

    def _choose(self, heat: Heat | None, _is_on: bool = False) -> None:
        self._cost.choose_heat(heat)

    @Slot()
    def _show(self) -> None:
        heat = self._cost.heat
        self.setText(tr(HEATS[heat]) if heat is not None else tr("Cost"))
        self.adjustSize()
        self.updateGeometry()


def in_words(cost: Cost, heat: Heat) -> str:
    """One of the three as a person reads it; nothing for none."""
    if heat == "multiply_adds":
        return short(cost.multiply_adds)
    size = cost.of(heat)
    for scale, unit in ((1e9, "GB"), (MEGABYTE, "MB"), (1e3, "kB")):
        if size >= scale:
            return f"{size / scale:.3g} {unit}"
    return f"{size} B" if size else ""


def _heat_of(text: str) -> Heat | None:
    return next((heat for heat in HEATS if heat == text), None)
