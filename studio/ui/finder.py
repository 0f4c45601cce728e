"""Find anything: actions, stages, layers, nodes, columns and settings, from one field."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

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

from studio.core.catalogue import LAYERS
from studio.core.catalogue.entry import FAMILIES, LayerEntry
from studio.core.design.edits import GAP, NODE_SIZE, add_node
from studio.core.design.graph import Graph, Position
from studio.core.design.training import TRAINING_PARAMS
from studio.core.problems import Place
from studio.core.words import tr
from studio.ui.context import Context
from studio.ui.controls import Elided, label
from studio.ui.editors import SearchField
from studio.ui.icons import pixmap
from studio.ui.stages import STAGES
from studio.ui.theme import FIELD_HEIGHT, SMALL_ICON_SIZE, SPACE_1, SPACE_2, SPACE_3

MOST_SHOWN = 12
LIST_WIDTH = 460
NO_MATCH = 99
LEAST_INSIDE = 4  # letters that may stand inside a word; fewer find too much


@dataclass(frozen=True, slots=True)
class Find:
    """One thing that can be found: its words, what kind of thing it is, and what it does."""

    title: str
    kind: str
    icon: str
    act: Callable[[], object]
    keys: str = ""


class FindField(SearchField):
    """Type, choose with the arrows, Enter; Escape closes and leaves no trace."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        action = context.actions["find"]
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        super().__init__(tr("Find anything"), keys.replace("+", " "), parent)
        self.setObjectName("find")
        self._context = context
        self._list = _Results(self)
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
            self._everything = tuple(_everything(self._context))
        self._list.show_finds(_ranked(self._everything, text))

    def _do(self, find: Find) -> None:
        self._leave()
        find.act()

    def _leave(self) -> None:
        self.clear()
        self._list.hide()
        self.clearFocus()


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
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{find.title}, {find.kind}")
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
    """One thing found: icon, words, and at the right what it is and its keys."""

    def __init__(self, find: Find) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_2, 0, SPACE_2, 0)
        row.setSpacing(SPACE_2)
        picture = QLabel()
        picture.setPixmap(pixmap(find.icon, "text_soft", SMALL_ICON_SIZE))
        row.addWidget(picture)
        row.addWidget(Elided(find.title), 1)
        row.addWidget(label(find.keys or find.kind, size="small", tone="soft"))
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)


def _everything(context: Context) -> Iterator[Find]:
    for entry, action in context.actions:
        if entry.is_listed and action.isEnabled():
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            yield Find(action.text().rstrip("…"), tr("action"), entry.icon, action.trigger, keys)
    for stage in STAGES:
        if context.files.is_open:
            yield Find(tr(stage.title), tr("stage"), stage.icon, _going(context, stage.key))
    if context.files.is_open:
        yield from _of_project(context)


def _of_project(context: Context) -> Iterator[Find]:
    project = context.document.project
    for node in project.graph:
        yield Find(node.name, tr("node"), "node", _choosing(context, node.id))
    for column in project.dataset.columns:
        yield Find(
            column.name, tr("column"), "columns", _showing(context, Place("column", column.name))
        )
    for param in TRAINING_PARAMS:
        yield Find(
            tr(param.label), tr("setting"), "settings", _showing(context, Place("field", param.key))
        )
    for layer in LAYERS.values():
        words = tr("Add {layer}", layer=tr(layer.title))
        yield Find(words, tr(FAMILIES[layer.family]), "plus", _adding(context, layer))


def _going(context: Context, page: str) -> Callable[[], object]:
    return lambda: context.navigation.page_wanted.emit(page)


def _showing(context: Context, place: Place) -> Callable[[], object]:
    return lambda: context.navigation.show_place(place)


def _choosing(context: Context, node_id: str) -> Callable[[], object]:
    def choose() -> None:
        context.navigation.show_place(Place("node", node_id))
        context.selection.choose((node_id,))

    return choose


def _adding(context: Context, layer: LayerEntry) -> Callable[[], object]:
    def add() -> None:
        added: list[str] = []

        def edit(graph: Graph) -> Graph:
            after, node_id = add_node(graph, layer.key, _free_place(graph))
            added.append(node_id)
            return after

        context.document.apply_to_graph(edit, tr("Add {layer}", layer=tr(layer.title)))
        context.navigation.show_place(Place("node", added[-1]))
        context.selection.choose(added[-1:])

    return add


def _free_place(graph: Graph) -> Position:
    """To the right of everything, in the row of the one that is furthest there."""
    if not graph.positions:
        return 0.0, 0.0
    x, y = max(graph.positions.values())
    return x + NODE_SIZE[0] + GAP, y


def _ranked(finds: tuple[Find, ...], text: str) -> tuple[Find, ...]:
    typed = text.casefold().split()
    ranked = [(max((_rank(find, word) for word in typed), default=0), find) for find in finds]
    ranked.sort(key=lambda pair: pair[0])
    return tuple(find for rank, find in ranked if rank < NO_MATCH)[:MOST_SHOWN]


def _rank(find: Find, word: str) -> int:
    title = find.title.casefold()
    if title.startswith(word):
        return 0
    if any(part.startswith(word) for part in title.split()):
        return 1
    if word in title and len(word) >= LEAST_INSIDE:
        return 2
    return 3 if find.kind.casefold().startswith(word) else NO_MATCH
