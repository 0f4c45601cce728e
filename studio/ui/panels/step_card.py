"""StepCard: one step of a recipe: on or off, its place, its values when it is open."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QVBoxLayout, QWidget
from typing_extensions import override

from studio.core.design.features import DATE_PARTS
from studio.core.design.shaping import Step
from studio.core.params import Param, Value
from studio.core.words import tr
from studio.ui.controls import Button, Elided, IconButton, label, set_property
from studio.ui.fields import ColumnsField, Form, form
from studio.ui.icons import pixmap
from studio.ui.panels.step_edits import StepEntry, columns_words
from studio.ui.switches import Switch
from studio.ui.theme import SMALL_ICON_SIZE, SPACE_1, SPACE_2, SPACE_3, Theme, font

COLUMNS = "columns"
MENU_SIZE = 24


@dataclass(frozen=True, slots=True)
class StepFace:
    """A step with what its card needs to know: the columns and categories to choose from."""

    number: int
    count: int
    step: Step
    entry: StepEntry
    columns: tuple[str, ...]
    categories: tuple[str, ...]
    is_open: bool


class StepCard(QFrame):
    """A card in the list of steps. Its title opens it; Alt with the arrows moves it.

    Signals:
        changed(number, step, field): a value, the columns or the switch; `field` is its key.
        moved(number, to), removed(number), opened(number): what the person wants.
        left(): a field was left.
    """

    changed = Signal(int, object, str)
    moved = Signal(int, int)
    removed = Signal(int)
    opened = Signal(int)
    left = Signal()

    def __init__(self, face: StepFace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.face = face
        self.setProperty("card", "step")
        self.setObjectName(f"step.{face.number}")
        self.switch = Switch()
        self.handle = _Handle(self)
        self.title = _Title("", "quiet")
        self.title.setObjectName("step.title")
        self.remark = Elided(size="small", tone="soft")
        self.menu = IconButton("more", tr("Move or remove"), size=MENU_SIZE)
        self.body = QVBoxLayout()
        self.body.setSpacing(SPACE_3)
        self._form: Form | None = None
        self._help = label("", size="small", tone="soft", wraps=True)
        self._lay_out()
        self.switch.clicked.connect(self._on_switched)
        self.title.clicked.connect(lambda: self.opened.emit(self.face.number))
        self.menu.clicked.connect(self._on_menu)
        self.show_face(face)

    def show_face(self, face: StepFace) -> None:
        """Another step, or another number of the same."""
        is_same = face.step.key == self.face.step.key
        self.face = face
        title = tr(face.entry.title)
        self.switch.setChecked(face.step.is_on)
        self.switch.setAccessibleName(tr("Use {step}", step=title))
        self.title.setText(title.replace("&", "&&"))
        self.title.setToolTip(tr(face.entry.help))
        self.remark.set_text(_remark(face))
        place = tr("Step {number} of {count}", number=face.number + 1, count=face.count)
        self.setAccessibleName(tr("{place}: {title}", place=place, title=title))
        self.title.setAccessibleDescription(
            tr("Opens it. Alt with up or down moves it, Delete removes it.")
        )
        set_property(self, "chosen", "true" if face.is_open else "false")
        if face.is_open:
            self._show_form(face, is_same=is_same)
        self._help.setVisible(face.is_open)
        if self._form is not None:
            self._form.setVisible(face.is_open)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        number, is_alt = self.face.number, event.modifiers() == Qt.KeyboardModifier.AltModifier
        if is_alt and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.moved.emit(number, number + (1 if event.key() == Qt.Key.Key_Down else -1))
        elif event.key() == Qt.Key.Key_Delete:
            self.removed.emit(number)
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        self.title.setFont(font("body", is_strong=True))
        self.title.setStyleSheet("text-align: left; padding: 0;")
        head, below = QHBoxLayout(), QHBoxLayout()
        head.setSpacing(SPACE_1)
        below.setSpacing(SPACE_1)
        for part, stretch in ((self.handle, 0), (self.title, 1), (self.menu, 0)):
            head.addWidget(part, stretch)
        below.addSpacing(SMALL_ICON_SIZE + SPACE_1)
        below.addWidget(self.remark, 1)
        below.addWidget(self.switch)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(SPACE_2, SPACE_2, SPACE_2, SPACE_2)
        rows.setSpacing(SPACE_1)
        rows.addLayout(head)
        rows.addLayout(below)
        self.body.addWidget(self._help)
        rows.addLayout(self.body)

    def _show_form(self, face: StepFace, *, is_same: bool) -> None:
        if self._form is None or not is_same:
            if self._form is not None:
                self._form.hide()
                self._form.deleteLater()
            self._form = form((_columns_param(), *face.entry.params))
            self._form.edited.connect(self._on_edited)
            self._form.finished.connect(lambda _key: self.left.emit())
            self.body.insertWidget(1, self._form)
        self._help.setText(tr(face.entry.help))
        for key, names in _names_for(face).items():
            field = self._form.fields.get(key)
            if isinstance(field, ColumnsField):
                field.set_names(names)
        values = {**face.entry.defaults(), **face.step.params, COLUMNS: face.step.columns}
        self._form.show_values(values)

    def _on_edited(self, key: str, value: Value) -> None:
        step = self.face.step
        if key == COLUMNS:
            names = tuple(str(name) for name in value) if isinstance(value, tuple) else ()
            self.changed.emit(self.face.number, replace(step, columns=names), key)
            return
        self.changed.emit(self.face.number, replace(step, params={**step.params, key: value}), key)

    def _on_switched(self, is_on: bool) -> None:
        self.changed.emit(self.face.number, replace(self.face.step, is_on=is_on), "is_on")

    def _on_menu(self) -> None:
        number, last = self.face.number, self.face.count - 1
        menu = QMenu(self)
        menu.setObjectName("step.menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        up = menu.addAction(tr("Move up"), lambda: self.moved.emit(number, number - 1))
        down = menu.addAction(tr("Move down"), lambda: self.moved.emit(number, number + 1))
        up.setEnabled(number > 0)
        down.setEnabled(number < last)
        menu.addSeparator()
        menu.addAction(tr("Remove"), lambda: self.removed.emit(number))
        menu.popup(self.menu.mapToGlobal(QPoint(0, self.menu.height())))


class _Title(Button):
    """The name of a step. The keys that move it are the card's: a button would take them."""

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.modifiers() == Qt.KeyboardModifier.AltModifier:
            event.ignore()
        else:
            super().keyPressEvent(event)


class _Handle(QLabel):
    """Where a step is taken to drag it up or down."""

    def __init__(self, card: StepCard) -> None:
        super().__init__(card)
        self._card = card
        self._start = 0
        self.setCursor(Qt.CursorShape.SizeVerCursor)
        self.setToolTip(tr("Drag to another place"))
        self.setFixedWidth(SMALL_ICON_SIZE)
        self._tint()
        Theme.current().changed.connect(self._tint)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._start = round(event.globalPosition().y())

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Where it is let go decides: each height of a card is one place."""
        way = round(event.globalPosition().y()) - self._start
        places = round(way / max(1, self._card.height()))
        number = self._card.face.number
        if places:
            self._card.moved.emit(number, number + places)

    def _tint(self) -> None:
        self.setPixmap(pixmap("drag", "edge", SMALL_ICON_SIZE))


def _columns_param() -> Param:
    return Param(COLUMNS, "Works on", "columns", (), "None ticked: all that it fits.")


def _names_for(face: StepFace) -> dict[str, tuple[str, ...]]:
    """What can be ticked in each field of several names."""
    return {COLUMNS: face.columns, "from": face.categories, "parts": DATE_PARTS}


def _remark(face: StepFace) -> str:
    shown = [
        param.show(face.step.params.get(param.key, param.default))
        for param in face.entry.params[:1]
        if param.kind in ("choice", "whole", "number")
    ]
    return " · ".join((columns_words(face.step), *shown))
