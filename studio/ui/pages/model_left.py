"""The left column of the Model page: the layers to add, or the outline of what is drawn."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from studio.core.words import tr
from studio.ui.controls import set_ground
from studio.ui.panels.outline import Outline
from studio.ui.panels.palette import Palette
from studio.ui.settings import Settings
from studio.ui.switches import Segments
from studio.ui.theme import PALETTE_WIDTH, SPACE_3

LAYERS, OUTLINE = "layers", "outline"
KEPT = "model.left"


class LeftColumn(QWidget):
    """Two panels of which one is shown; which one is remembered."""

    def __init__(self, layers: Palette, outline: Outline, settings: Settings) -> None:
        super().__init__()
        self.layers, self.outline = layers, outline
        self._settings = settings
        self.setObjectName("model.left")
        self.setFixedWidth(PALETTE_WIDTH)
        set_ground(self, "surface")
        options = ((LAYERS, tr("Layers")), (OUTLINE, tr("Outline")))
        self.choice = Segments(options, tr("Left column"))
        self.choice.setObjectName("model.left.choice")
        self._stack = QStackedWidget()
        for panel in (layers, outline):
            self._stack.addWidget(panel)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, SPACE_3, 0, 0)
        rows.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(SPACE_3, 0, SPACE_3, 0)
        head.addWidget(self.choice)
        head.addStretch(1)
        rows.addLayout(head)
        rows.addWidget(self._stack, 1)
        self.choice.chosen.connect(self._on_chosen)
        if settings.window_text(KEPT) == OUTLINE:
            self.show_panel(OUTLINE)

    @property
    def shown(self) -> str:
        """Which of the two is shown."""
        return OUTLINE if self._stack.currentWidget() is self.outline else LAYERS

    def show_panel(self, key: str) -> None:
        """Shows one of the two."""
        self.choice.show_key(key)
        self._stack.setCurrentWidget(self.outline if key == OUTLINE else self.layers)
        self._settings.set_window_text(KEPT, key)

    @Slot(str)
    def _on_chosen(self, key: str) -> None:
        self.show_panel(key)
