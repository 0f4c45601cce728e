"""FormatTiles: the formats side by side, what each is for, and which one is chosen."""

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from studio.core.catalogue.formats import FORMATS, FormatEntry
from studio.core.problems import Problem
from studio.core.words import tr
from studio.ui.controls import Elided, label, set_tone
from studio.ui.theme import SPACE_2, SPACE_3

TILE_HEIGHT = 64


class FormatTiles(QWidget):
    """A tile for each format, of which one is chosen.

    Signals:
        chosen(key): a person chose another.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Format"))
        self.setFixedHeight(TILE_HEIGHT)  # that of a button alone gives way where room is short
        self._group = QButtonGroup(self)
        self.tiles = {key: FormatTile(entry) for key, entry in FORMATS.items()}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(SPACE_2)
        for number, tile in enumerate(self.tiles.values()):
            self._group.addButton(tile, number)
            grid.addWidget(tile, 0, number)
            grid.setColumnStretch(number, 1)
        self.tiles[next(iter(FORMATS))].setChecked(True)
        self._group.idClicked.connect(self._on_clicked)

    def show_obstacles(self, found: Mapping[str, tuple[Problem, ...]]) -> None:
        """Which formats cannot carry the network, and why."""
        for key, tile in self.tiles.items():
            tile.show_obstacle(found.get(key, ()))

    def _on_clicked(self, number: int) -> None:
        self.chosen.emit(list(self.tiles)[number])


class FormatTile(QPushButton):
    """One format: its name, and what became of it. The whole tile is the button."""

    def __init__(self, entry: FormatEntry) -> None:
        super().__init__()
        self._entry = entry
        self.setObjectName(f"format.{entry.key}")
        self.setProperty("kind", "card")
        self.setCheckable(True)
        self.setAutoDefault(True)  # for Enter
        self.setAccessibleName(tr(entry.title))
        self.setToolTip(tr(entry.help))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(TILE_HEIGHT)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(SPACE_3, SPACE_2, SPACE_3, SPACE_2)
        rows.setSpacing(2)
        self.remark = Elided(size="small", tone="soft")
        for part in (label(tr(entry.title), is_strong=True), self.remark):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            rows.addWidget(part)
        self.show_state("")

    def show_state(self, words: str, *, is_good: bool = False) -> None:
        """What became of it; nothing says what the file is called."""
        kind = tr("folder") if self._entry.is_folder else f"*{self._entry.suffix}"
        self.remark.set_text(words or kind)
        set_tone(self.remark, "good" if is_good else "soft")
        self.setAccessibleDescription(words or tr(self._entry.help))

    def show_obstacle(self, problems: tuple[Problem, ...]) -> None:
        """Says in place of its state that it cannot carry the network."""
        self.setToolTip(str(problems[0]) if problems else tr(self._entry.help))
        self.show_state(tr("cannot carry a layer") if problems else "")

    @override
    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(0, TILE_HEIGHT)
