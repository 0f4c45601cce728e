"""FindBar: a small bar over the canvas that finds nodes and walks from hit to hit."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel
from typing_extensions import override

from studio.core.catalogue.entry import Signal as NodeSignal
from studio.core.design.finding import found_nodes
from studio.core.words import tr
from studio.ui.canvas.found_marks import FoundMarks
from studio.ui.canvas.view import CanvasView
from studio.ui.controls import IconButton, label, set_tone
from studio.ui.editors import SearchField
from studio.ui.theme import SPACE_1, Theme, font

FIELD_WIDTH, COUNT_WIDTH, BUTTON = 220, 60, 28


class FindBar(QFrame):
    """Type to find; Enter and Shift+Enter go on and back, Escape closes.

    Signals:
        closed(): the bar is gone, and the canvas has the keyboard again.
    """

    closed = Signal()

    def __init__(self, canvas: CanvasView) -> None:
        super().__init__(canvas)
        self._canvas, self._document = canvas, canvas.editor.document
        self._marks = FoundMarks(canvas.picture)
        self._hits: tuple[str, ...] = ()
        self._current = -1
        self.setObjectName("find_bar")
        self.setAccessibleName(tr("Find in the network"))
        self.setProperty("card", "plain")
        self.field = SearchField(tr("Name, layer, setting or shape"))
        self.field.setObjectName("find_bar.field")
        self.field.setFixedWidth(FIELD_WIDTH)
        self.count = label(size="small", tone="soft")
        self.count.setFont(font("small", is_tabular=True))
        self.back = IconButton("chevron-up", tr("Hit before (Shift+Enter)"), size=BUTTON)
        self.onward = IconButton("chevron-down", tr("Next hit (Enter)"), size=BUTTON)
        self.leave = IconButton("close", tr("Close (Esc)"), size=BUTTON)
        self._lay_out()
        self._connect()
        canvas.keep_clear_of(self)
        self.hide()

    @property
    def hits(self) -> tuple[str, ...]:
        """The nodes found, in the order of the data."""
        return self._hits

    @Slot()
    def open(self) -> None:
        """Opens with what was typed last chosen, so that typing replaces it."""
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()
        self._find(goes_there=False)

    @Slot()
    def close_bar(self) -> None:
        """Closes; the hit that was gone to stays selected."""
        if not self.isVisible():
            return
        self._marks.clear()
        self.hide()
        self._canvas.setFocus(Qt.FocusReason.OtherFocusReason)
        self.closed.emit()

    def step(self, by: int) -> None:
        """Goes to another hit, round and round."""
        if not self._hits:
            return
        if self._current < 0:
            self._current = 0 if by > 0 else len(self._hits) - 1
        else:
            self._current = (self._current + by) % len(self._hits)
        self._go()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        if event.key() == Qt.Key.Key_Escape:
            self.close_bar()
            return True
        if watched is self.field and event.key() in _STEPS:
            is_back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.step(-_STEPS[Qt.Key(event.key())] if is_back else _STEPS[Qt.Key(event.key())])
            return True
        return False

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_1, SPACE_1, SPACE_1, SPACE_1)
        row.setSpacing(SPACE_1)
        row.addWidget(self.field)
        row.addSpacing(SPACE_1)
        self.count.setFixedWidth(COUNT_WIDTH)
        self.count.setAlignment(Qt.AlignmentFlag.AlignCenter)
        for part in (self.count, self.back, self.onward, self.leave):
            row.addWidget(part)
        self.adjustSize()

    def _connect(self) -> None:
        self.field.textEdited.connect(self._on_typed)
        self.back.clicked.connect(lambda: self.step(-1))
        self.onward.clicked.connect(lambda: self.step(1))
        self.leave.clicked.connect(self.close_bar)
        for part in (self.field, self.back, self.onward, self.leave):
            part.installEventFilter(self)
        self._document.changed.connect(self._on_changed)
        Theme.current().changed.connect(self._show)

    @Slot()
    def _on_typed(self) -> None:
        self._find(goes_there=True)

    @Slot()
    def _on_changed(self) -> None:
        if self.isVisible():
            self._find(goes_there=False)

    def _find(self, *, goes_there: bool) -> None:
        before = self._hits[self._current] if 0 <= self._current < len(self._hits) else ""
        graph, known = self._document.project.graph, self._document.report.nodes
        signals: dict[str, NodeSignal] = {i: n.signal for i, n in known.items() if n.signal}
        self._hits = found_nodes(graph, signals, self.field.text())
        self._current = self._hits.index(before) if before in self._hits else -1
        if goes_there and self._hits and self._current < 0:
            self._current = 0
            self._go()
        self._show()

    def _go(self) -> None:
        node_id = self._hits[self._current]
        self._canvas.selection.choose((node_id,))
        self._canvas.show_node(node_id)
        self._show()

    def _show(self) -> None:
        if not self.isVisible():
            return
        current = self._hits[self._current] if self._current >= 0 else ""
        self._marks.show_hits(self._hits, current)
        _say(self.count, self._words(), is_nothing=bool(self.field.text()) and not self._hits)
        for button in (self.back, self.onward):
            button.setEnabled(bool(self._hits))
        self.field.setAccessibleDescription(self._spoken(current))

    def _words(self) -> str:
        if not self.field.text().strip():
            return ""
        if not self._hits:
            return tr("None")
        if self._current < 0:
            return str(len(self._hits))
        return tr("{number} of {count}", number=self._current + 1, count=len(self._hits))

    def _spoken(self, current: str) -> str:
        graph = self._document.project.graph
        name = graph.nodes[current].name if current in graph.nodes else ""
        return ", ".join(part for part in (self._words(), name) if part)


def _say(words: QLabel, text: str, *, is_nothing: bool) -> None:
    words.setText(text)
    set_tone(words, "problem" if is_nothing else "soft")


_STEPS = {
    Qt.Key.Key_Return: 1,
    Qt.Key.Key_Enter: 1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_F3: 1,
    Qt.Key.Key_Up: -1,
}
