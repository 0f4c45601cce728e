"""Look: real samples inside the layers, worked out in the background as the network changes."""

import random

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from studio.core.design.project import Project
from studio.core.problems import Problem
from studio.core.run.glimpse import Glimpses
from studio.core.words import tr
from studio.look import Looker, is_same_network
from studio.ui.context import Context
from studio.ui.controls import IconButton, label
from studio.ui.theme import SPACE_1, SPACE_2

JOB = "look"
PREFERENCE = "look"
PAUSE_MS = 150  # after the last edit
MOST_LAYERS = 200
BUTTON = 24


class Look(QObject):
    """Asks for glimpses when the network, the run in use or the sample is another.

    While a run is on nothing is worked out: it has the processor, and the pictures of before
    stay where they still fit.

    Signals:
        changed(): other glimpses are there, or none.
    """

    changed = Signal()

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._looker = Looker()
        self._place = 0
        self._is_seen = False
        self._found: Glimpses | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._ask)
        context.document.changed.connect(self._on_document_changed)
        context.document.replaced.connect(self._on_replaced)
        context.past.changed.connect(self._wake)
        context.runs.state_changed.connect(self._wake)
        context.settings.changed.connect(self._on_setting_changed)

    @property
    def found(self) -> Glimpses | None:
        """What was seen last; None where nothing is to be shown."""
        return self._found

    @property
    def is_on(self) -> bool:
        """What the person wants."""
        return bool(self._context.settings.value(PREFERENCE))

    @property
    def can_look(self) -> bool:
        """True where there are data and the network is not too large."""
        project = self._context.document.project
        return not project.dataset.is_empty and 0 < len(project.graph) <= MOST_LAYERS

    def show(self, is_seen: bool) -> None:  # noqa: FBT001 - as Qt's own setVisible
        """Tells whether anybody sees the layers: else nothing is worked out."""
        self._is_seen = is_seen
        if is_seen:
            self._wake()

    def switch(self) -> None:
        """On, or off."""
        self._context.settings.set_value(PREFERENCE, not self.is_on)

    def step(self, by: int) -> None:
        """The sample so many places further on."""
        self._place = (self._place + by) % max(1, self._found.count if self._found else 1)
        self._ask()

    def pick(self) -> None:
        """Any other sample."""
        count = self._found.count if self._found else 1
        self.step(random.randrange(1, count) if count > 1 else 0)

    @Slot(object, object)
    def _on_document_changed(self, before: Project, after: Project) -> None:
        if before.graph.nodes is after.graph.nodes and before.graph.edges is after.graph.edges:
            same_blocks = before.graph.blocks is after.graph.blocks
            if same_blocks and before.dataset is after.dataset:
                return
        if self._context.runs.is_running and self._found is not None:
            self._take(None)  # it would be about another network until the run is over
        self._wake()

    @Slot()
    def _on_replaced(self) -> None:
        self._place = 0
        self._take(None)

    @Slot(str)
    def _on_setting_changed(self, key: str) -> None:
        if key == PREFERENCE:
            self._wake()

    @Slot()
    def _wake(self) -> None:
        if not self.is_on or not self.can_look:
            self._timer.stop()
            self._context.background.cancel(JOB)
            if self._found is not None:
                self._take(None)
            return
        self._timer.start()

    @Slot()
    def _ask(self) -> None:
        context = self._context
        if not (self.is_on and self.can_look and self._is_seen) or context.runs.is_running:
            return
        project, record = context.document.project, context.past.in_use
        if record is not None and not is_same_network(record.project, project):
            record = None
        folder = context.past.folder if record is not None else None
        context.background.run(
            self._looker.look,
            project,
            self._place,
            record,
            folder,
            done=self._take,
            failed=self._on_failed,
            key=JOB,
        )

    def _on_failed(self, _problem: Problem) -> None:
        """What is wrong with the data or the run, others say; here only nothing is shown."""
        self._take(None)

    def _take(self, found: Glimpses | None) -> None:
        self._found = found
        if found is not None:
            self._place = found.place
        self.changed.emit()


class LookControl(QFrame):
    """Which sample is looked at, and whether."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("look")
        self.setAccessibleName(tr("The sample inside the layers"))
        self.setProperty("card", "plain")
        self._look = look
        self._is_brief = False
        self.eye = IconButton("eye", tr("Show data inside the layers"), size=BUTTON)
        self.eye.setObjectName("look.switch")
        self.previous = IconButton("chevron-left", tr("The sample before"), size=BUTTON)
        self.next = IconButton("chevron-right", tr("The next sample"), size=BUTTON)
        self.any = IconButton("shuffle", tr("Another sample, by chance"), size=BUTTON)
        for button, name in ((self.previous, "previous"), (self.next, "next"), (self.any, "any")):
            button.setObjectName(f"look.{name}")
        self.words = label("", size="small", tone="soft")
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_1, SPACE_1, SPACE_1, SPACE_1)
        row.setSpacing(SPACE_1)
        for part in (self.eye, self.previous, self.words, self.next, self.any):
            row.addWidget(part)
        row.setContentsMargins(SPACE_1, SPACE_1, SPACE_2, SPACE_1)
        self.eye.clicked.connect(look.switch)
        self.previous.clicked.connect(lambda _on=False: look.step(-1))
        self.next.clicked.connect(lambda _on=False: look.step(1))
        self.any.clicked.connect(look.pick)
        look.changed.connect(self.refresh)
        self.refresh()

    def be_brief(self, is_brief: bool) -> None:  # noqa: FBT001 - as Qt's own setVisible
        """Says only what is needed, where there is little room."""
        if is_brief != self._is_brief:
            self._is_brief = is_brief
            self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Says which sample it is, and whose weights."""
        found = self._look.found
        for part in (self.previous, self.next, self.any, self.words):
            part.setVisible(found is not None)
        self.any.setVisible(found is not None and not self._is_brief)
        self.setVisible(self._look.can_look)
        self.eye.set_icon("eye", "accent" if self._look.is_on else "text_soft")
        words = tr("Hide data inside the layers") if self._look.is_on else ""
        words = words or tr("Show data inside the layers")
        self.eye.setToolTip(words)
        self.eye.setAccessibleName(words)
        if found is not None:
            whole = _told(found)
            brief = tr("Row {row}", row=found.row)
            self.words.setText(brief if self._is_brief else whole)
            self.words.setToolTip(whole if self._is_brief else "")
        self.adjustSize()


def _told(found: Glimpses) -> str:
    if found.run:
        number = found.run.rpartition("-")[2]
        return tr("Row {row} · run {number}", row=found.row, number=number)
    return tr("Row {row} · not trained", row=found.row)
