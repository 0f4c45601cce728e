"""Facts: names at the left, figures at the right, as the inspector shows them."""

from collections.abc import Iterable

from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from studio.ui.controls import figure, label
from studio.ui.theme import SPACE_2, SPACE_3


class Facts(QWidget):
    """Rows of a name and a value. Values stand below each other."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[tuple[QLabel, QLabel]] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(SPACE_3)
        self._grid.setVerticalSpacing(SPACE_2)
        self._grid.setColumnStretch(1, 1)

    def show_facts(self, facts: Iterable[tuple[str, str]]) -> None:
        """Shows these and no others."""
        shown = list(facts)
        while len(self._rows) < len(shown):
            self._add_row()
        for number, (name, value) in enumerate(self._rows):
            is_used = number < len(shown)
            name.setVisible(is_used)
            value.setVisible(is_used)
            if is_used:
                name.setText(shown[number][0])
                value.setText(shown[number][1])
                value.setAccessibleName(" ".join(shown[number]))

    def _add_row(self) -> None:
        name, value = label("", tone="soft"), figure("")
        row = len(self._rows)
        self._grid.addWidget(name, row, 0)
        self._grid.addWidget(value, row, 1)
        self._rows.append((name, value))
