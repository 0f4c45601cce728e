"""The cards of the start page: a question that starts a project, and a project of before."""

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout
from typing_extensions import override

from studio.core.words import tr
from studio.ui.controls import Elided, IconButton, label, set_tone
from studio.ui.recent import RecentProject
from studio.ui.sketches import CurveSketch, Sketch
from studio.ui.theme import SPACE_2, SPACE_3, SPACE_4, font

QUESTION_HEIGHT, SHORT_HEIGHT = 148, 54
RECENT_HEIGHT = 132
CURVE_HEIGHT = 44
MINUTE, HOUR, DAY = 60, 3600, 86400


def _make_card(button: QPushButton, name: str, question: str, text: str) -> None:
    """What every card that asks a question has in common."""
    button.setObjectName(name)
    button.setProperty("kind", "card")
    button.setAutoDefault(True)  # for Enter
    button.setAccessibleName(question)
    button.setAccessibleDescription(text)
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)


class QuestionCard(QPushButton):
    """A question, what answering it means, and a drawing of it. The whole card is the button."""

    def __init__(
        self, question: str, text: str, sketch: str, act: Callable[[], object], name: str
    ) -> None:
        super().__init__()
        _make_card(self, name, question, text)
        self.setFixedHeight(QUESTION_HEIGHT)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(SPACE_4, SPACE_3, SPACE_4, SPACE_3)
        rows.setSpacing(2)
        rows.addWidget(Sketch(sketch))
        rows.addStretch(1)
        self._text = text
        self.remark = label(text, size="small", tone="soft", wraps=True)
        for part in (label(question, is_strong=True), self.remark):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            rows.addWidget(part)
        self.clicked.connect(lambda: act())

    def show_working(self, text: str) -> None:
        """Says in place of the explanation what is being done; no text brings that back."""
        self.remark.setText(text or self._text)
        set_tone(self.remark, "accent" if text else "soft")
        self.setAccessibleDescription(text or self._text)

    @override
    def sizeHint(self) -> QSize:
        return QSize(280, QUESTION_HEIGHT)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(200, QUESTION_HEIGHT)


class ShortCard(QPushButton):
    """A question and what answers it, in two lines, for those that are asked less often."""

    def __init__(
        self, question: str, title: str, text: str, act: Callable[[], object], name: str
    ) -> None:
        super().__init__()
        _make_card(self, name, question, text)
        self.setToolTip(text)
        self.setFixedHeight(SHORT_HEIGHT)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(SPACE_3, SPACE_2, SPACE_3, SPACE_2)
        rows.setSpacing(0)
        self._title = title
        words = Elided(question, size="small")
        words.setFont(font("small", is_strong=True))
        self.remark = Elided(title, size="small", tone="soft")
        for part in (words, self.remark):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            rows.addWidget(part)
        self.clicked.connect(lambda: act())

    def show_working(self, text: str) -> None:
        """Says in place of the title what is being done; no text brings that back."""
        self.remark.set_text(text or self._title)
        set_tone(self.remark, "accent" if text else "soft")

    @override
    def sizeHint(self) -> QSize:
        return QSize(220, SHORT_HEIGHT)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(120, SHORT_HEIGHT)


class RecentCard(QPushButton):
    """A project with its last curve; one that is gone can only be taken from the list."""

    def __init__(
        self,
        project: RecentProject,
        now: float,
        open_it: Callable[[Path], object],
        forget: Callable[[Path], object],
    ) -> None:
        super().__init__()
        self.project = project
        self.setProperty("kind", "card")
        self.setAutoDefault(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(RECENT_HEIGHT)
        self.setEnabled(True)
        self.setToolTip(str(project.path))
        when = _ago(now - project.modified) if project.is_there else tr("no longer there")
        self.setAccessibleName(f"{project.path.stem}, {when}")
        curve = CurveSketch(project.curve)
        curve.setFixedHeight(CURVE_HEIGHT)
        self.forget = IconButton("close", tr("Take it from this list"), size=24, parent=self)
        self.forget.clicked.connect(lambda: forget(project.path))
        self.forget.setVisible(not project.is_there)
        self._lay_out(curve, when)
        if project.is_there:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            self.clicked.connect(lambda: open_it(project.path))
        else:
            self.setProperty("gone", "true")

    @override
    def sizeHint(self) -> QSize:
        return QSize(200, RECENT_HEIGHT)

    @override
    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.forget.show()

    @override
    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.forget.setVisible(not self.project.is_there)

    def _lay_out(self, curve: CurveSketch, when: str) -> None:
        rows = QVBoxLayout(self)
        rows.setContentsMargins(SPACE_3, SPACE_2, SPACE_2, SPACE_3)
        rows.setSpacing(2)
        head = QHBoxLayout()
        head.setSpacing(SPACE_2)
        head.addWidget(curve, 1)
        head.addWidget(self.forget, 0, Qt.AlignmentFlag.AlignTop)
        policy = self.forget.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.forget.setSizePolicy(policy)
        rows.addLayout(head)
        rows.addStretch(1)
        name = Elided(self.project.path.stem)
        name.setFont(label("", is_strong=True).font())
        rows.addWidget(name)
        remark = when
        if self.project.is_there:
            remark = f"{when} · {self.project.figure or tr('not trained yet')}"
        rows.addWidget(
            Elided(remark, tone="soft" if self.project.is_there else "attention", size="small")
        )


def _ago(seconds: float) -> str:
    if seconds < MINUTE:
        return tr("just now")
    if seconds < HOUR:
        return tr("{count} min ago", count=round(seconds / MINUTE))
    if seconds < DAY:
        return tr("{count} h ago", count=round(seconds / HOUR))
    if seconds < 14 * DAY:
        return tr("{count} {count|day|days} ago", count=max(1, round(seconds / DAY)))
    return time.strftime("%Y-%m-%d", time.localtime(time.time() - seconds))
