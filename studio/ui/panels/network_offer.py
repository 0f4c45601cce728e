"""NetworkOffer: what the network needs to go with the data, beside the data, in one click."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from studio.core.design.project import Project
from studio.core.design.report import Report
from studio.core.problems import Problem
from studio.core.words import tr
from studio.ui.cards import Card, Note


class NetworkOffer(Card):
    """Offers a network where there is none, and the fix where the one there does not go along.

    Signals:
        network_wanted(): a person wants one that fits.
        fix_wanted(fix): a person wants the network changed like this.
    """

    network_wanted = Signal()
    fix_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Network"), parent)
        self._problem: Problem | None = None
        self.note = Note("", "accent", link=" ", act=self._on_link_clicked)
        self.note.link.setObjectName("data.network")
        self.body.addWidget(self.note)

    def show_project(self, project: Project, report: Report) -> None:
        """Says what is to be done, or hides where nothing is."""
        obstacle = report.obstacle if project.graph else None
        is_of_network = obstacle is not None and obstacle.place.kind in ("node", "edge")
        self._problem = obstacle if is_of_network else None
        can_help = self._problem is not None and self._problem.fix is not None
        has_task = project.dataset.task() is not None
        if self._problem is not None and self._problem.fix is not None:
            self.note.set_text(self._problem.message, "attention")
            self.note.link.setText(self._problem.fix.label)
        elif not project.graph:
            self.note.set_text(tr("There is no network yet."), "accent")
            self.note.link.setText(tr("Use a network that fits"))
        self.setVisible(has_task and (can_help or not project.graph))

    @Slot()
    def _on_link_clicked(self) -> None:
        if self._problem is None:
            self.network_wanted.emit()
        elif self._problem.fix is not None:
            self.fix_wanted.emit(self._problem.fix)
