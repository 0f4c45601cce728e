"""Cards: framed groups, notes in plain words with a link, empty states, single figures."""

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from studio.ui.controls import Button, Tone, figure, label, set_property, set_tone
from studio.ui.icons import pixmap
from studio.ui.theme import SPACE_1, SPACE_2, SPACE_3, SPACE_4, FontSize, Theme, font

NoteTone = Literal["good", "attention", "problem", "accent"]
EMPTY_WIDTH = 360
FIGURE_SIZES: tuple[FontSize, ...] = ("figure", "heading", "body")
EMPTY_ICON_SIZE = 32


class Card(QFrame):
    """A white card with a hairline and, where given, a heading; content goes into `body`."""

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", "plain")
        self._outer = QVBoxLayout(self)
        self._outer.setContentsMargins(SPACE_4, SPACE_3, SPACE_4, SPACE_4)
        self._outer.setSpacing(SPACE_3)
        self.header = QHBoxLayout()
        self.header.setSpacing(SPACE_2)
        self.title = label(title, is_strong=True, parent=self)
        self.title.setVisible(bool(title))
        if title:
            self.header.addWidget(self.title)
            self.header.addStretch(1)
            self._outer.addLayout(self.header)
            self.setAccessibleName(title)
        self.body = QVBoxLayout()
        self.body.setSpacing(SPACE_2)
        self._outer.addLayout(self.body, 1)


class Note(QFrame):
    """Words on a coloured ground, with at most one link that acts. Colour is never alone."""

    def __init__(
        self,
        text: str,
        tone: NoteTone = "attention",
        *,
        link: str = "",
        act: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("card", tone)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(SPACE_3, SPACE_2, SPACE_3, SPACE_2)
        rows.setSpacing(SPACE_1)
        self.words = label(text, wraps=True)
        rows.addWidget(self.words)
        self.link = Button(link, "link", parent=self)
        self.link.setVisible(bool(link))
        if act is not None:
            self.link.clicked.connect(lambda _checked=False: act())
        rows.addWidget(self.link)
        self.setAccessibleName(text)

    def set_text(self, text: str, tone: NoteTone) -> None:
        """Says something else."""
        self.words.setText(text)
        self.setAccessibleName(text)
        set_property(self, "card", tone)


class EmptyState(QWidget):
    """What stands where nothing is yet: the next step in words, and its button."""

    def __init__(
        self,
        icon_name: str,
        title: str,
        text: str = "",
        *,
        button: QWidget | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon_name = icon_name
        self._picture = QLabel()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.title = label(title, size="heading", is_strong=True)
        self.text = label(text, tone="soft", wraps=True, parent=self)
        for words in (self.title, self.text):
            words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.text.setFixedWidth(EMPTY_WIDTH)
        self.text.setVisible(bool(text))
        self._lay_out(button)
        self.setAccessibleName(title)
        self._make_room()
        self._tint()
        Theme.current().changed.connect(self._tint)

    def say(self, title: str, text: str) -> None:
        """Other words."""
        self.title.setText(title)
        self.text.setText(text)
        self.text.setVisible(bool(text))
        self.setAccessibleName(title)
        self._make_room()

    def _make_room(self) -> None:
        """A centred label is given one line only, however many its words fill."""
        self.text.setMinimumHeight(max(0, self.text.heightForWidth(EMPTY_WIDTH)))

    def _lay_out(self, button: QWidget | None) -> None:
        rows = QVBoxLayout(self)
        rows.setContentsMargins(SPACE_4, SPACE_4, SPACE_4, SPACE_4)
        rows.setSpacing(SPACE_2)
        rows.addStretch(2)
        for part in (self._picture, self.title, self.text):
            rows.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
        if button is not None:
            rows.addSpacing(SPACE_2)
            rows.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        rows.addStretch(3)

    def _tint(self) -> None:
        self._picture.setPixmap(pixmap(self._icon_name, "edge", EMPTY_ICON_SIZE))


class FigureCard(QFrame):
    """One figure with its name above and a remark below."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", "plain")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(SPACE_4, SPACE_3, SPACE_4, SPACE_3)
        rows.setSpacing(2)
        self._title = label(title, size="small", tone="soft")
        self._value = figure("–", size="figure", is_strong=True)
        self._value.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._value.setMinimumHeight(self._value.sizeHint().height())
        self._value.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._face = self._value.font()
        self._value.installEventFilter(self)
        self._remark = label("", size="small", tone="soft")
        for part in (self._title, self._value, self._remark):
            rows.addWidget(part)

    def show_figure(
        self, value: str, remark: str = "", tone: Tone = "soft", *, title: str = ""
    ) -> None:
        """Another figure; the remark's tone says whether that is good."""
        self._value.setText(value)
        self._remark.setText(remark)
        set_tone(self._remark, tone)
        if title:
            self._title.setText(title)
        self.setAccessibleName(f"{self._title.text()} {value} {remark}".strip())
        self._fit()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Another theme sets the fonts of all words anew.
        if event.type() == QEvent.Type.FontChange and self._value.font() != self._face:
            self._fit()
        return False

    def _fit(self) -> None:
        """The largest size at which the figure has room: a narrow card cuts nothing off."""
        room, words = self.width() - 2 * SPACE_4, self._value.text()
        for size in FIGURE_SIZES:
            face = font(size, is_strong=True, is_tabular=True)
            if QFontMetrics(face).horizontalAdvance(words) <= room:
                break
        self._face = face
        self._value.setFont(face)
