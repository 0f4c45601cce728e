"""AlikeNote: several Problems of one kind in one card; each of them is one click away."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.core.words import tr
from studio.ui.cards import Note, NoteTone
from studio.ui.controls import Button
from studio.ui.theme import SPACE_2


class AlikeNote(QWidget):
    """One note for all, with one link that mends them; the single notes unfold below it."""

    def __init__(
        self,
        text: str,
        tone: NoteTone,
        *,
        mend: tuple[str, Callable[[], object]],
        singles: Sequence[QWidget],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(SPACE_2)
        words, act = mend
        self.note = Note(text, tone, link=words, act=act)
        self.unfold = Button("", "link")
        self.unfold.setCheckable(True)
        self.unfold.toggled.connect(self._show_singles)
        rows.addWidget(self.note)
        rows.addWidget(self.unfold)
        self._singles = singles
        for single in singles:
            rows.addWidget(single)
        self._show_singles(False)

    def _show_singles(self, is_shown: bool) -> None:
        self.unfold.setText(tr("Show them together") if is_shown else tr("Show each"))
        for single in self._singles:
            single.setVisible(is_shown)
