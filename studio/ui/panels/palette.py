"""The palette: the layers by family, searchable, to drag onto the canvas."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QDrag, QKeyEvent, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from studio.core.catalogue import LAYERS
from studio.core.catalogue.entry import FAMILIES, LayerEntry
from studio.core.words import tr
from studio.ui.controls import Button, label, set_ground
from studio.ui.editors import SearchField
from studio.ui.layer_rows import ROW, LayerRow, LayerRowDelegate, list_item
from studio.ui.layer_search import found
from studio.ui.theme import PALETTE_WIDTH, SPACE_1, SPACE_2, SPACE_3, Theme

LAYER_MIME = "application/x-studio-layer"
_TAKING = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})


class Palette(QWidget):
    """A search field and the list of layers.

    Signals:
        layer_wanted(key): a layer is to be placed (double click, or Enter).
    """

    layer_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("palette")
        self.setAccessibleName(tr("Layers"))
        self.setFixedWidth(PALETTE_WIDTH)
        set_ground(self, "surface")
        self.search = SearchField(tr("Search layers"), tr("Tab"))
        self.layers = LayerList()
        self.nothing = label(
            tr("No layer matches. Try another word, such as image or text."),
            tone="soft",
            size="small",
            wraps=True,
        )
        self.all_layers = Button(tr("Show all layers"), "link")
        self._lay_out()
        self.search.textChanged.connect(self._on_text_changed)
        self.search.installEventFilter(self)
        self.layers.layer_taken.connect(self.layer_wanted)
        self.all_layers.clicked.connect(self.search.clear)
        self._fill("")

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Down goes from the field into the list, Enter takes the first match."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        if event.key() == Qt.Key.Key_Down:
            self.layers.choose_first()
            self.layers.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        if event.key() == Qt.Key.Key_Escape and self.search.text():
            self.search.clear()
            return True
        if event.key() in _TAKING and self.search.text().strip():
            self.layers.choose_first()
            self.layers.take_current()
            return True
        return False

    def _lay_out(self) -> None:
        self.search.setToolTip(tr("On the canvas, Tab searches and adds in one go."))
        rows = QVBoxLayout(self)
        rows.setContentsMargins(SPACE_3, SPACE_3, SPACE_1, 0)
        rows.setSpacing(SPACE_2)
        top = QVBoxLayout()
        top.setContentsMargins(0, 0, SPACE_2, 0)
        for part in (self.search, self.nothing, self.all_layers):
            top.addWidget(part)
        rows.addLayout(top)
        rows.addWidget(self.layers, 1)

    @Slot(str)
    def _on_text_changed(self, text: str) -> None:
        self._fill(text)

    def _fill(self, words: str) -> None:
        matches = found(LAYERS.values(), words)
        self.layers.show_entries(matches, has_headings=not words.strip())
        self.nothing.setVisible(not matches)
        self.all_layers.setVisible(not matches)


class LayerList(QListWidget):
    """The layers as rows under the headings of their families.

    Signals:
        layer_taken(key): double click or Enter on a layer.
    """

    layer_taken = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("palette.layers")
        self.setAccessibleName(tr("Layers by family"))
        self.setAccessibleDescription(tr("Enter places a layer; drag it to choose where."))
        self.setItemDelegate(LayerRowDelegate(self))
        self.setMouseTracking(True)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.itemDoubleClicked.connect(self._on_double_clicked)
        Theme.current().changed.connect(self.viewport().update)

    def show_entries(self, entries: Sequence[LayerEntry], *, has_headings: bool) -> None:
        """Shows these layers, under headings or as they come."""
        self.clear()
        groups = _by_family(entries) if has_headings else [("", entries)]
        for title, members in groups:
            if title:
                self.addItem(list_item(LayerRow("", title)))
            for entry in members:
                self.addItem(
                    list_item(
                        LayerRow(entry.key, tr(entry.title), entry.family),
                        f"{tr(entry.title)}. {tr(entry.help)}",
                    )
                )

    def choose_first(self) -> None:
        """Makes the first layer the current row."""
        for number in range(self.count()):
            if self.item(number).flags() & Qt.ItemFlag.ItemIsEnabled:
                self.setCurrentRow(number)
                return

    def take_current(self) -> None:
        """As Enter on the current row."""
        item = self.currentItem()
        if item is not None:
            self._on_double_clicked(item)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _TAKING:
            self.take_current()
        else:
            super().keyPressEvent(event)

    @override
    def mimeData(self, items: Sequence[QListWidgetItem]) -> QMimeData:
        data = QMimeData()
        keys = [row.key for row in (item.data(ROW) for item in items) if row.key]
        if keys:
            data.setData(LAYER_MIME, keys[0].encode())
        return data

    @override
    def startDrag(self, _actions: Qt.DropAction) -> None:
        item = self.currentItem()
        if item is None or not item.data(ROW).key:
            return
        drag = QDrag(self)
        drag.setMimeData(self.mimeData([item]))
        # The canvas itself shows the card; the pointer carries nothing that would cover it.
        empty = QPixmap(QSize(1, 1))
        empty.fill(Qt.GlobalColor.transparent)
        drag.setPixmap(empty)
        drag.setHotSpot(QPoint(0, 0))
        drag.exec(Qt.DropAction.CopyAction)

    @Slot(QListWidgetItem)
    def _on_double_clicked(self, item: QListWidgetItem) -> None:
        key = item.data(ROW).key
        if key:
            self.layer_taken.emit(key)


def _by_family(entries: Iterable[LayerEntry]) -> list[tuple[str, list[LayerEntry]]]:
    groups: dict[str, list[LayerEntry]] = {family: [] for family in FAMILIES}
    for entry in entries:
        groups[entry.family].append(entry)
    return [
        (tr(FAMILIES[family]), members)  # type: ignore[index]
        for family, members in groups.items()
        if members
    ]
