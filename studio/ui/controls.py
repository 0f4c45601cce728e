"""Small things that windows are made of: labels, buttons, tags, hairlines. They know no domain."""

from typing import Literal

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)
from typing_extensions import override

from studio.ui.icons import icon
from studio.ui.theme import (
    FIELD_HEIGHT,
    HAIRLINE,
    ICON_SIZE,
    SMALL_ICON_SIZE,
    FontSize,
    Theme,
    font,
)

Tone = Literal["", "soft", "accent", "good", "attention", "problem"]
ButtonKind = Literal["plain", "filled", "quiet", "link", "status"]
Ground = Literal["window", "surface", "sunken", "canvas"]
Edge = Literal["", "top", "right", "bottom", "left"]
TagTone = Literal["plain", "accent", "good", "attention", "problem"]

TAG_HEIGHT = 20
ICON_GAP = 4  # between an icon and the words of its button, beside Qt's own
_ICON_ROLES = {"filled": "on_accent", "link": "accent"}


def label(
    text: str = "",
    *,
    size: FontSize = "body",
    tone: Tone = "",
    is_strong: bool = False,
    wraps: bool = False,
    parent: QWidget | None = None,
) -> QLabel:
    """Words on the window. Plain text always: what comes from a file is never markup."""
    made = QLabel(text, parent)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setFont(font(size, is_strong=is_strong))
    made.setWordWrap(wraps)
    if tone:
        made.setProperty("tone", tone)
    return made


def figure(
    text: str = "",
    *,
    size: FontSize = "body",
    tone: Tone = "",
    is_strong: bool = False,
    parent: QWidget | None = None,
) -> QLabel:
    """A number: tabular figures, right-aligned."""
    made = label(text, size=size, tone=tone, parent=parent)
    made.setFont(font(size, is_strong=is_strong, is_tabular=True))
    made.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return made


def set_property(widget: QWidget, name: str, value: object) -> None:
    """Sets a property that the style sheet reads, and lets the widget look it up again."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
        widget.update()


def set_ground(widget: QWidget, ground: Ground, edge: Edge = "") -> None:
    """Gives a plain widget a ground of the theme, and a hairline on one edge."""
    widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    widget.setProperty("ground", ground)
    if edge:
        widget.setProperty("edge", edge)


def put_away(widget: QWidget) -> None:
    """Takes a widget out at once, so that its name is free, and deletes it when it is idle."""
    widget.hide()
    widget.setParent(None)
    widget.deleteLater()


def set_tone(words: QLabel, tone: Tone) -> None:
    """Another tone for a label."""
    set_property(words, "tone", tone)


class Elided(QLabel):
    """One line that ends in … where there is no room; the whole text is its tooltip.

    Where not even `least` pixels of a longer text would be seen, nothing is.
    """

    def __init__(
        self,
        text: str = "",
        *,
        tone: Tone = "",
        size: FontSize = "body",
        least: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._whole, self._least = text, least
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(font(size))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        if tone:
            self.setProperty("tone", tone)
        self.set_text(text)

    def set_text(self, text: str) -> None:
        """Shows another text."""
        self._whole = text
        self.updateGeometry()
        self._fit()

    @property
    def whole_text(self) -> str:
        """The text, shown or not."""
        return self._whole

    @override
    def sizeHint(self) -> QSize:
        wanted = self.fontMetrics().horizontalAdvance(self._whole) + 1
        return QSize(wanted, super().sizeHint().height())

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = max(self.width(), 0)
        shown = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, room)
        if shown != self._whole and room < self._least:
            shown = ""
        super().setText(shown)
        self.setToolTip(self._whole if shown != self._whole else "")
        self.setAccessibleName(self._whole)


def press_by_enter(button: QAbstractButton, event: QKeyEvent) -> bool:
    """Presses a button where the key is Enter; Qt by itself knows Space alone."""
    is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
    if is_enter and not event.isAutoRepeat():
        button.click()
    return is_enter


class Button(QPushButton):
    """A button with words: plain, filled (one in a window), quiet, or a link."""

    def __init__(
        self,
        text: str,
        kind: ButtonKind = "plain",
        *,
        icon_name: str = "",
        icon_role: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._icon_name = icon_name
        self._icon_role = icon_role or _ICON_ROLES.get(kind, "text")
        self.setProperty("kind", kind)
        self.setAutoDefault(True)  # Enter presses it as Space does, outside of dialogs, too
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        face = font("small" if kind == "link" else "body", is_strong=True)
        face.setUnderline(kind == "link")
        self.setFont(face)
        self.setIconSize(QSize(SMALL_ICON_SIZE + ICON_GAP, SMALL_ICON_SIZE))
        if kind == "link":
            self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        if icon_name:
            self._tint()
            Theme.current().changed.connect(self._tint)

    def set_icon(self, name: str, role: str = "") -> None:
        """Another icon."""
        if not self._icon_name:
            Theme.current().changed.connect(self._tint)
        self._icon_name = name
        self._icon_role = role or self._icon_role
        self._tint()

    def set_reason(self, reason: str) -> None:
        """Disabled with the reason as tooltip; enabled where there is none."""
        self.setEnabled(not reason)
        self.setToolTip(reason)
        self.setAccessibleDescription(reason)

    def _tint(self) -> None:
        self.setIcon(icon(self._icon_name, self._icon_role, ICON_GAP))


class IconButton(QToolButton):
    """A square button that shows an icon; its words are the tooltip and the accessible name."""

    def __init__(
        self,
        icon_name: str,
        words: str,
        *,
        role: str = "text_soft",
        size: int = FIELD_HEIGHT,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon_name, self._role = icon_name, role
        self.setToolTip(words)
        self.setAccessibleName(words)
        self.setFixedSize(size, size)
        self.setIconSize(
            QSize(ICON_SIZE, ICON_SIZE)
            if size >= FIELD_HEIGHT
            else QSize(SMALL_ICON_SIZE, SMALL_ICON_SIZE)
        )
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._tint()
        Theme.current().changed.connect(self._tint)

    def set_icon(self, name: str, role: str = "") -> None:
        """Another icon."""
        self._icon_name, self._role = name, role or self._role
        self._tint()

    def follow(self, action: QAction) -> None:
        """Does what the action does, is enabled when it is, says what it says."""
        self.clicked.connect(action.trigger)
        action.changed.connect(self._on_action_changed)
        self._action = action
        self._on_action_changed()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not press_by_enter(self, event):
            super().keyPressEvent(event)

    def _on_action_changed(self) -> None:
        self.setEnabled(self._action.isEnabled())
        self.setToolTip(self._action.toolTip())
        self.setAccessibleName(self._action.text().replace("&", ""))

    def _tint(self) -> None:
        self.setIcon(icon(self._icon_name, self._role))


class ActionButton(Button):
    """A button for an action: the same words, enabled with it, its reason as tooltip."""

    def __init__(
        self,
        action: QAction,
        kind: ButtonKind = "plain",
        *,
        text: str = "",
        icon_name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text or action.text(), kind, icon_name=icon_name, parent=parent)
        self._action = action
        self.clicked.connect(action.trigger)
        action.changed.connect(self._on_action_changed)
        self._on_action_changed()

    def _on_action_changed(self) -> None:
        self.setEnabled(self._action.isEnabled())
        self.setToolTip(self._action.toolTip())
        self.setAccessibleDescription(self._action.statusTip())


class Tag(QLabel):
    """A short word on a coloured ground: a family, a state, a count."""

    def __init__(
        self, text: str = "", tone: TagTone = "plain", parent: QWidget | None = None
    ) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(font("smallest", is_strong=True))
        self.setFixedHeight(TAG_HEIGHT)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setProperty("tag", tone)

    def set_tone(self, tone: TagTone) -> None:
        """Another colour."""
        set_property(self, "tag", tone)


class Rule(QFrame):
    """A hairline."""

    def __init__(self, *, is_vertical: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("rule", "true")
        if is_vertical:
            self.setFixedWidth(HAIRLINE)
        else:
            self.setFixedHeight(HAIRLINE)


class Swatch(QWidget):
    """A small coloured square or dot that names a family or a run; words stand beside it."""

    def __init__(
        self, token: str, *, is_round: bool = False, size: int = 10, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._token, self._is_round = token, is_round
        self.setFixedSize(size, size)
        Theme.current().changed.connect(self.update)

    def set_token(self, token: str) -> None:
        """Another colour."""
        self._token = token
        self.update()

    @override
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(Theme.current().color(self._token))
        radius = self.width() / 2 if self._is_round else 2.5
        painter.drawRoundedRect(self.rect(), radius, radius)
