"""Actions: everything that can be done by menu, key or button, as one table."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QKeySequence

from studio.core.words import tr
from studio.ui.deeds import Deed
from studio.ui.icons import icon
from studio.ui.theme import Theme

FILES, PAGES, RUNS = "Files", "Pages", "Training"


@dataclass(frozen=True, slots=True)
class ActionEntry:
    """One action: its words, its keys, its icon, and under which heading its keys are told.

    `is_listed` ones are found by *find anything*.
    """

    key: str
    title: str
    shortcuts: tuple[str, ...] = ()
    icon: str = ""
    is_listed: bool = True
    group: str = "Everywhere"


ENTRIES = (
    ActionEntry("new", "New project", ("Ctrl+N",), "file-plus", group=FILES),
    ActionEntry("open", "Open project…", ("Ctrl+O",), "folder", group=FILES),
    ActionEntry("save", "Save", ("Ctrl+S",), "save", group=FILES),
    ActionEntry("save_as", "Save as…", ("Ctrl+Shift+S",), "save", group=FILES),
    ActionEntry("open_data", "Open data…", ("Ctrl+Shift+O",), "table", group=FILES),
    ActionEntry("open_folder", "Open a folder of data…", (), "folder", group=FILES),
    ActionEntry("open_database", "Open from a database…", (), "data", group=FILES),
    ActionEntry("import_code", "Import from code…", ("Ctrl+Shift+I",), "code", group=FILES),
    ActionEntry("start_page", "Start page", ("Ctrl+Home",), "samples", group=FILES),
    ActionEntry("undo", "Undo", ("Ctrl+Z",), "undo"),
    ActionEntry("redo", "Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), "redo"),
    ActionEntry("find", "Find anything", ("Ctrl+Shift+P", "Ctrl+K"), "search", is_listed=False),
    ActionEntry("find_node", "Find in the network…", ("Ctrl+F",), "search"),
    ActionEntry("outline", "Outline", ("F9",), "rows"),
    ActionEntry("keys", "All keys", ("?",), "keyboard"),
    ActionEntry("train", "Train", ("F5",), "play", group=RUNS),
    ActionEntry("pause", "Pause", ("F6",), "pause", group=RUNS),
    ActionEntry("stop", "Stop", ("Shift+F5",), "stop", group=RUNS),
    ActionEntry("export", "Export…", ("Ctrl+E",), "export", group=FILES),
    ActionEntry("save_drawing", "Save the drawing…", (), "image", group=FILES),
    ActionEntry("arrange", "Arrange", ("Ctrl+L",), "arrange"),
    ActionEntry("fit", "Fit", ("Ctrl+0",), "fit"),
    ActionEntry("analyze", "Analyze the network", ("F7",), "evaluate"),
    ActionEntry("compare", "Compare with a run", ("F8",), "columns"),
    ActionEntry("code", "Code of the network", ("F10",), "code"),
    ActionEntry("problems", "Problems", ("Ctrl+Shift+M",), "warning"),
    ActionEntry("preferences", "Preferences…", ("Ctrl+,",), "settings"),
    ActionEntry("theme", "Light or dark", ("Ctrl+Shift+L",), "moon"),
    ActionEntry("page_data", "Go to Data", ("Ctrl+1",), "data", is_listed=False, group=PAGES),
    ActionEntry("page_model", "Go to Model", ("Ctrl+2",), "model", is_listed=False, group=PAGES),
    ActionEntry("page_train", "Go to Train", ("Ctrl+3",), "train", is_listed=False, group=PAGES),
    ActionEntry(
        "page_evaluate", "Go to Evaluate", ("Ctrl+4",), "evaluate", is_listed=False, group=PAGES
    ),
    ActionEntry("page_export", "Go to Export", ("Ctrl+5",), "export", is_listed=False, group=PAGES),
    ActionEntry("quit", "Quit", ("Ctrl+Q",), "quit", group=FILES),
)


class Actions(QObject):
    """The QActions of the table, by key. Who fulfils one connects to its `triggered`.

    Signals:
        changed(): one became possible or impossible.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._deeds: dict[str, Deed] = {}
        self._actions = {entry.key: self._made(entry) for entry in ENTRIES}
        self._tint()
        Theme.current().changed.connect(self._tint)

    def __getitem__(self, key: str) -> QAction:
        return self._actions[key]

    def __iter__(self) -> Iterator[tuple[ActionEntry, QAction]]:
        return iter((entry, self._actions[entry.key]) for entry in ENTRIES)

    @property
    def deeds(self) -> tuple[Deed, ...]:
        """What parts of the window do by key, in the order in which they told of it."""
        return tuple(self._deeds.values())

    def tell_of(self, deeds: Iterable[Deed]) -> None:
        """A part of the window tells what it does by key; one of the same name is replaced."""
        self._deeds |= {deed.key: deed for deed in deeds}

    def set_reason(self, key: str, reason: str) -> None:
        """Forbids an action and says why; allows it where there is no reason."""
        action = self._actions[key]
        if action.statusTip() == reason and action.isEnabled() == (not reason):
            return
        action.setEnabled(not reason)
        action.setStatusTip(reason)
        action.setToolTip(reason or _hint(action))
        self.changed.emit()

    def set_words(self, key: str, words: str) -> None:
        """Other words for an action: *Undo rename*, *Go on*."""
        action = self._actions[key]
        action.setText(words)
        if action.isEnabled():
            action.setToolTip(_hint(action))

    def trigger(self, key: str) -> None:
        """Does it, where it is possible."""
        self._actions[key].trigger()

    def _made(self, entry: ActionEntry) -> QAction:
        action = QAction(tr(entry.title), self)
        action.setObjectName(f"action.{entry.key}")
        action.setShortcuts([QKeySequence(keys) for keys in entry.shortcuts])
        action.setToolTip(_hint(action))
        return action

    def _tint(self) -> None:
        for entry in ENTRIES:
            if entry.icon:
                self._actions[entry.key].setIcon(icon(entry.icon, "text_soft"))


def _hint(action: QAction) -> str:
    keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    words = action.text().rstrip("…")
    return f"{words} ({keys})" if keys else words
