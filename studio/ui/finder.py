"""Find anything: actions, stages, layers, nodes, columns and settings, from one field.

It is the command palette, too: each action with its keys, and why it is not possible now.
"""

from collections.abc import Callable

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from studio.core.words import tr
from studio.ui.context import Context
from studio.ui.controls import Elided, label
from studio.ui.editors import SearchField
from studio.ui.finds import Find, best, everything
from studio.ui.icons import pixmap
from studio.ui.key_caps import KeyCap
from studio.ui.lent_focus import LentFocus
from studio.ui.theme import FIELD_HEIGHT, SMALL_ICON_SIZE, SPACE_1, SPACE_2, SPACE_3

LIST_WIDTH = 520
RECENT, MOST_RECENT = "find.recent", 12


class FindField(SearchField):
    """Type, choose with the arrows, Enter; Escape closes and leaves no trace."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        action = context.actions["find"]
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        super().__init__(tr("Find anything"), keys.replace("+", " "), parent)
        self.setObjectName("find")
        self._context = context
        self._list = _Results(self)
        self._lent = LentFocus(self)
        self._everything: tuple[Find, ...] = ()
        action.triggered.connect(self._on_wanted)
        self.textEdited.connect(self._on_typed)
        self._list.chosen = self._do

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.ActiveWindowFocusReason:
            self._on_typed(self.text())

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._list.hide()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._list.step(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._list.take()
        elif key == Qt.Key.Key_Escape:
            self._leave()
        else:
            super().keyPressEvent(event)

    def _on_wanted(self) -> None:
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()
        self._on_typed(self.text())

    def _on_typed(self, text: str) -> None:
        if not self._list.isVisible():  # what there is may have changed since it was closed
            self._everything = everything(self._context)
        self._list.show_finds(best(self._everything, text, self._recent()))

    def _do(self, find: Find) -> None:
        """Does it. What cannot be done says why beside its name, and nothing happens."""
        if find.reason:
            return
        self._leave()
        kept = (find.name, *(name for name in self._recent() if name != find.name))
        self._context.settings.set_window_text(RECENT, "\n".join(kept[:MOST_RECENT]))
        find.act()

    def _recent(self) -> tuple[str, ...]:
        return tuple(self._context.settings.window_text(RECENT).splitlines())

    def _leave(self) -> None:
        self.clear()
        self._list.hide()
        self._lent.hand_back()


class _Results(QFrame):
    """The list below the field; a child of the window, so that typing goes on in the field."""

    def __init__(self, field: FindField) -> None:
        super().__init__(field)
        self._field = field
        self._finds: tuple[Find, ...] = ()
        self.chosen: Callable[[Find], object] = lambda _find: None
        self.setProperty("card", "popup")
        self.list = QListWidget()
        self.list.setObjectName("find.results")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setAccessibleName(tr("What was found"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemClicked.connect(self._on_clicked)
        self._nothing = label(tr("Nothing has that name."), tone="soft")
        self._nothing.setIndent(SPACE_3)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(SPACE_1, SPACE_1, SPACE_1, SPACE_1)
        rows.addWidget(self.list)
        rows.addWidget(self._nothing)
        self.hide()

    def show_finds(self, finds: tuple[Find, ...]) -> None:
        """Shows what was found, the first one chosen."""
        self._finds = finds
        self.list.clear()
        for find in finds:
            item = QListWidgetItem(self.list)
            item.setSizeHint(QSize(0, FIELD_HEIGHT))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, _spoken(find))
            self.list.setItemWidget(item, _Row(find))
        self.list.setCurrentRow(0)
        self.list.setVisible(bool(finds))
        self._nothing.setVisible(not finds)
        self._place()

    def step(self, direction: int) -> None:
        """Chooses the next or the one before."""
        if self._finds:
            self.list.setCurrentRow((self.list.currentRow() + direction) % len(self._finds))

    def take(self) -> None:
        """Does what is chosen."""
        row = self.list.currentRow()
        if self.isVisible() and 0 <= row < len(self._finds):
            self.chosen(self._finds[row])

    def _place(self) -> None:
        window = self._field.window()
        if self.parent() is not window:
            self.setParent(window)
        wide = max(self._field.width(), LIST_WIDTH)
        high = max(len(self._finds), 1) * FIELD_HEIGHT + 2 * SPACE_1 + 2
        corner = self._field.mapTo(window, QPoint(0, self._field.height() + SPACE_1))
        left = min(corner.x(), window.width() - wide - SPACE_3)
        self.setGeometry(left, corner.y(), wide, high)
        self.show()
        self.raise_()

    def _on_clicked(self, item: QListWidgetItem) -> None:
        self.chosen(self._finds[self.list.row(item)])


class _Row(QWidget):
    """One thing found: icon, words, and at the right its keys and what it is, or why not."""

    def __init__(self, find: Find) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_2, 0, SPACE_2, 0)
        row.setSpacing(SPACE_2)
        picture = QLabel()
        picture.setPixmap(pixmap(find.icon, "text_soft", SMALL_ICON_SIZE))
        row.addWidget(picture)
        row.addWidget(Elided(find.title, tone="soft" if find.reason else ""), 3)
        if find.reason:
            reason = Elided(find.reason, size="small", tone="soft")
            reason.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            row.addWidget(reason, 4)
        else:
            row.addWidget(label(find.kind, size="small", tone="soft"))
        if find.keys:
            row.addWidget(KeyCap(find.keys))
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)


def _spoken(find: Find) -> str:
    return ", ".join(part for part in (find.title, find.reason or find.kind, find.keys) if part)
