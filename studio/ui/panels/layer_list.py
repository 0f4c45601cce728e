"""LayerList: the layers as rows under their families; those used less are folded away."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QMimeData, QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QDrag, QKeyEvent, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QWidget
from typing_extensions import override

from studio.core.catalogue.entry import FAMILIES, LayerEntry
from studio.core.catalogue.usual import USUAL
from studio.core.words import tr
from studio.ui.block_shelf import BlockOffer
from studio.ui.layer_rows import ROW, LayerRow, LayerRowDelegate, list_item
from studio.ui.theme import Theme

LAYER_MIME = "application/x-studio-layer"
BLOCKS = "blocks"
BLOCKS_SHOWN, LEAST_READY = 4, 2
LEAST_FOLDED = 3  # for one or two a row that opens them would save nothing
TAKING = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
_TURNING = {Qt.Key.Key_Right: True, Qt.Key.Key_Left: False}
_RANKS = {key: rank for rank, key in enumerate(USUAL)}


class LayerList(QListWidget):
    """The layers as rows under the headings of their families.

    Signals:
        layer_taken(key): double click or Enter on a layer.
    """

    layer_taken = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._open: set[str] = set()
        self.setObjectName("palette.layers")
        self.setAccessibleName(tr("Layers by family"))
        self.setAccessibleDescription(
            tr(
                "Enter places a layer; drag it to choose where. "
                "Right shows the rest of a family, Left hides it."
            )
        )
        self.setItemDelegate(LayerRowDelegate(self))
        self.setMouseTracking(True)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.itemDoubleClicked.connect(self._on_double_clicked)
        self.itemClicked.connect(self._on_clicked)
        Theme.current().changed.connect(self.viewport().update)

    def show_entries(
        self,
        entries: Sequence[LayerEntry],
        blocks: Sequence[BlockOffer] = (),
        *,
        has_headings: bool,
    ) -> None:
        """Shows these layers and blocks, under headings or as they come.

        What is dragged or taken is told by its key. Blocks stand high up, where they are found
        without scrolling: behind the family that every network begins with.
        """
        self.clear()
        if not has_headings:
            for item in (*map(_item, entries), *map(_block_item, blocks)):
                self.addItem(item)
            return
        families = _by_family(entries)
        for number, (family, members) in enumerate(families):
            if number == min(1, len(families) - 1):
                self._add_blocks(blocks)
            self.addItem(list_item(LayerRow("", tr(FAMILIES[family]))))  # type: ignore[index]
            self._add_family(family, members)

    def choose_first(self) -> None:
        """Makes the first layer the current row."""
        for number in range(self.count()):
            if self.item(number).flags() & Qt.ItemFlag.ItemIsEnabled:
                self.setCurrentRow(number)
                return

    def take_current(self) -> None:
        """As Enter on the current row."""
        item = self.currentItem()
        if item is None:
            return
        self._on_clicked(item)
        self._on_double_clicked(item)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        if event.key() in TAKING:
            self.take_current()
        elif item is not None and (opens := _TURNING.get(Qt.Key(event.key()))) is not None:
            self._turn(item.data(ROW).family, opens=opens)
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

    def _add_family(self, family: str, members: Sequence[LayerEntry]) -> None:
        usual = [_item(entry) for entry in members if entry.key in _RANKS]
        rest = [_item(entry) for entry in members if entry.key not in _RANKS]
        self._add_folded(family, usual, rest)

    def _add_blocks(self, offers: Sequence[BlockOffer]) -> None:
        """Some of the person's own and some ready ones; the others are folded away."""
        own = [offer for offer in offers if offer.is_saved]
        ready = [offer for offer in offers if not offer.is_saved]
        few = max(LEAST_READY, BLOCKS_SHOWN - len(own))
        usual, rest = own[:BLOCKS_SHOWN] + ready[:few], own[BLOCKS_SHOWN:] + ready[few:]
        if offers:
            self.addItem(list_item(LayerRow("", tr("Blocks"))))
            self._add_folded(
                BLOCKS, [_block_item(one) for one in usual], [_block_item(one) for one in rest]
            )

    def _add_folded(
        self, family: str, usual: list[QListWidgetItem], rest: list[QListWidgetItem]
    ) -> None:
        if not usual or len(rest) < LEAST_FOLDED:
            usual, rest = [*usual, *rest], []
        for item in usual:
            self.addItem(item)
        if rest:
            self.addItem(list_item(_fold_row(family, len(rest), is_open=family in self._open)))
        for item in rest:
            self.addItem(item)
            self.setRowHidden(self.count() - 1, family not in self._open)

    def _turn(self, family: str, *, opens: bool) -> None:
        """Shows or hides the rest of a family."""
        folds = [number for number in range(self.count()) if self._is_fold(number, family)]
        if not folds or opens == (family in self._open):
            return
        (self._open.add if opens else self._open.discard)(family)
        first = folds[0] + 1
        numbers = range(first, self.count())
        rest = [n for n in numbers if self.item(n).data(ROW).family == family]
        if not opens and self.currentRow() in rest:
            self.setCurrentRow(folds[0])
        for number in rest:
            self.setRowHidden(number, not opens)
        self.item(folds[0]).setData(ROW, _fold_row(family, len(rest), is_open=opens))

    def _is_fold(self, number: int, family: str) -> bool:
        row: LayerRow = self.item(number).data(ROW)
        return bool(row.fold) and row.family == family

    @Slot(QListWidgetItem)
    def _on_clicked(self, item: QListWidgetItem) -> None:
        row: LayerRow = item.data(ROW)
        if row.fold:
            self._turn(row.family, opens=row.family not in self._open)

    @Slot(QListWidgetItem)
    def _on_double_clicked(self, item: QListWidgetItem) -> None:
        key = item.data(ROW).key
        if key:
            self.layer_taken.emit(key)


def _item(entry: LayerEntry) -> QListWidgetItem:
    row = LayerRow(entry.key, tr(entry.title), entry.family)
    return list_item(row, f"{tr(entry.title)}. {tr(entry.help)}")


def _block_item(offer: BlockOffer) -> QListWidgetItem:
    row = LayerRow(offer.key, offer.title, BLOCKS, offer.note, offer.reason, tint=offer.tint)
    return list_item(row, f"{offer.title}. {offer.help}")


def _fold_row(family: str, count: int, *, is_open: bool) -> LayerRow:
    said = tr("shown") if is_open else tr("hidden")
    title = tr("{count} more", count=count)
    return LayerRow("", title, family, said, fold="open" if is_open else "closed")


def _by_family(entries: Iterable[LayerEntry]) -> list[tuple[str, list[LayerEntry]]]:
    """The families in their order; of each, the most used layers first."""
    groups: dict[str, list[LayerEntry]] = {family: [] for family in FAMILIES}
    for entry in entries:
        groups[entry.family].append(entry)
    for members in groups.values():
        members.sort(key=lambda entry: _RANKS.get(entry.key, len(_RANKS)))
    return [(family, members) for family, members in groups.items() if members]
