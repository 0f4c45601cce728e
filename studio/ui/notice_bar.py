"""NoticeBar: sentences above the page that wait for an answer and stop nobody from working."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from studio.core.words import tr
from studio.ui.controls import Button, IconButton, label
from studio.ui.icons import pixmap
from studio.ui.navigation import Answer, Navigation, Notice
from studio.ui.theme import SMALL_ICON_SIZE, SPACE_2, SPACE_3, SPACE_4, Theme

MOST_SHOWN = 3
_ICONS = {"good": "circle-check", "accent": "info", "attention": "warning", "problem": "problem"}
_INKS = {
    "good": "good_text",
    "accent": "accent",
    "attention": "attention_text",
    "problem": "problem_text",
}


class NoticeBar(QWidget):
    """The notices that hold, newest below; empty it takes no room."""

    def __init__(self, navigation: Navigation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notices")
        self.setAccessibleName(tr("Messages"))
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(1)
        self._notices: list[NoticeRow] = []
        navigation.said.connect(self._on_said)
        navigation.unsaid.connect(self._on_unsaid)
        self.hide()

    @property
    def texts(self) -> tuple[str, ...]:
        """What is said now."""
        return tuple(row.notice.text for row in self._notices)

    def answer(self, words: str) -> None:
        """Presses the button with these words, wherever it stands."""
        for row in self._notices:
            for button in row.buttons:
                if button.text() == words:
                    button.click()
                    return

    def clear(self) -> None:
        """Takes everything back."""
        for row in tuple(self._notices):
            self._remove(row)

    def _on_said(self, notice: Notice) -> None:
        if notice.key:
            self._on_unsaid(notice.key)
        while len(self._notices) >= MOST_SHOWN:
            self._remove(self._notices[0])
        row = NoticeRow(notice, self._remove, self)
        self._notices.append(row)
        self._rows.addWidget(row)
        self.show()
        row.show()
        row.take_focus()

    def _on_unsaid(self, key: str) -> None:
        for row in tuple(self._notices):
            if row.notice.key == key:
                self._remove(row)

    def _remove(self, row: "NoticeRow") -> None:
        if row in self._notices:
            self._notices.remove(row)
            self._rows.removeWidget(row)
            row.hide()
            row.deleteLater()
            self.setVisible(bool(self._notices))


class NoticeRow(QFrame):
    """One notice: a sign, the sentence, its answers, and a cross where no answer is needed."""

    def __init__(
        self, notice: Notice, remove: Callable[["NoticeRow"], None], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.notice, self._remove = notice, remove
        self.setProperty("card", notice.tone)
        self.setProperty("notice", "true")
        self.setAccessibleName(notice.text)
        self.sign = label()
        self.buttons: list[Button] = []
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_4, SPACE_2, SPACE_2, SPACE_2)
        row.setSpacing(SPACE_3)
        row.addWidget(self.sign)
        self.words = label(notice.text, wraps=True)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.words.setToolTip(notice.detail)
        row.addWidget(self.words, 1)
        for answer in notice.answers:
            row.addWidget(self._button(answer))
        self.cross = IconButton("close", tr("Close this message"), size=28)
        self.cross.clicked.connect(self._on_closed)
        row.addWidget(self.cross)
        self._tint()
        Theme.current().changed.connect(self._tint)

    def take_focus(self) -> None:
        """Gives the keyboard to the answer that suits most."""
        for button, answer in zip(self.buttons, self.notice.answers, strict=True):
            if answer.is_default:
                button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _button(self, answer: Answer) -> Button:
        button = Button(answer.words)
        button.setAutoDefault(True)
        button.clicked.connect(lambda: self._on_answered(answer))
        self.buttons.append(button)
        return button

    def _on_answered(self, answer: Answer) -> None:
        self._remove(self)
        answer.act()

    def _on_closed(self) -> None:
        self._remove(self)

    def _tint(self) -> None:
        tone = self.notice.tone
        self.sign.setPixmap(pixmap(_ICONS[tone], _INKS[tone], SMALL_ICON_SIZE))
