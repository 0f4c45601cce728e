"""The palette: the layers by family, searchable, to drag onto the canvas."""

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget
from typing_extensions import override

from studio.core.catalogue import LAYERS
from studio.core.words import tr
from studio.ui.block_shelf import BlockShelf
from studio.ui.controls import Button, label, set_ground
from studio.ui.editors import SearchField
from studio.ui.layer_rows import ROW
from studio.ui.layer_search import found
from studio.ui.panels.layer_list import TAKING, LayerList
from studio.ui.theme import PALETTE_WIDTH, SPACE_1, SPACE_2, SPACE_3


class Palette(QWidget):
    """A search field and the list of layers, with the blocks of a shelf among them.

    Signals:
        layer_wanted(key): a layer or a block is to be placed (double click, or Enter).
        block_files_wanted(): blocks in files are to be brought in.
        forget_wanted(key): a saved block is to be taken out of the palette.
    """

    layer_wanted = Signal(str)
    block_files_wanted = Signal()
    forget_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None, shelf: BlockShelf | None = None) -> None:
        super().__init__(parent)
        self._shelf = shelf
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
        self.layers.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.layers.customContextMenuRequested.connect(self._on_menu_wanted)
        if shelf is not None:
            shelf.changed.connect(self._on_shelf_changed)
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
        if event.key() in TAKING and self.search.text().strip():
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
        blocks = self._shelf.offers(words) if self._shelf is not None else ()
        self.layers.show_entries(matches, blocks, has_headings=not words.strip())
        self.nothing.setVisible(not matches and not blocks)
        self.all_layers.setVisible(not matches and not blocks)

    @Slot()
    def _on_shelf_changed(self) -> None:
        self._fill(self.search.text())

    def _on_menu_wanted(self, where: QPoint) -> None:
        """Of a block: bring in more; of one's own: take it out."""
        item = self.layers.itemAt(where)
        if self._shelf is None or item is None:
            return
        offer = self._shelf.offer(item.data(ROW).key)
        menu = QMenu(self)
        menu.setObjectName("palette.menu")
        menu.setAccessibleName(tr("Blocks"))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(tr("Bring in a block file…")).triggered.connect(self._on_files_wanted)
        if offer is not None and offer.is_saved:
            key = offer.key
            taken = menu.addAction(tr("Take {name} out of the palette", name=offer.title))
            taken.triggered.connect(lambda: self.forget_wanted.emit(key))
        menu.popup(self.layers.viewport().mapToGlobal(where))

    @Slot()
    def _on_files_wanted(self) -> None:
        self.block_files_wanted.emit()
