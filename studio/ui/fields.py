"""Fields: the only table that says which widget a Param of each kind is edited with."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio.core.params import Choice, Param, Value
from studio.core.words import tr
from studio.ui.checklist import Checklist
from studio.ui.controls import Button, label, set_property
from studio.ui.editors import Combo, Entry, Opener
from studio.ui.field_texts import (
    expectation,
    read_number,
    read_shape,
    read_sizes,
    read_whole,
    stepped,
)
from studio.ui.formula_edit import FormulaEdit, insertions_button
from studio.ui.switches import Switch
from studio.ui.theme import SPACE_1, SPACE_2, SPACE_3


class Field(QWidget):
    """One value: its name above, its editor, and under it in words what is wrong.

    Signals:
        edited(value): a person gave an allowed value; sent while it is typed.
        finished(): the person is done with it (Enter, or left the field).
    """

    edited = Signal(object)
    finished = Signal()

    def __init__(self, param: Param, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.param = param
        self._value: Value = param.default
        self.setObjectName(f"field.{param.key}")
        self.setToolTip(tr(param.help) if param.help else "")
        self.name = label(tr(param.label), size="small", tone="soft")
        self.error = label("", size="small", tone="problem", wraps=True)
        self.error.hide()
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(SPACE_1)

    def value(self) -> Value:
        """The last allowed value."""
        return self._value

    def show_value(self, value: Value) -> None:
        """Shows a value; nothing is sent. What is just being typed and means it stays."""
        self._value = value
        self.show_error("")
        self._draw(value)

    def show_error(self, words: str) -> None:
        """Says under the field what is wrong; nothing where words are empty."""
        self.error.setText(words)
        self.error.setVisible(bool(words))
        set_property(self._editor(), "wrong", "true" if words else "false")

    def set_reason(self, reason: str) -> None:
        """Disabled, and why as tooltip; enabled where there is no reason."""
        self.setEnabled(not reason)
        self.setToolTip(reason or tr(self.param.help))

    def _place(self, editor: QWidget) -> None:
        """Puts name, editor and error below one another."""
        self._rows.addWidget(self.name)
        self._rows.addWidget(editor)
        self._rows.addWidget(self.error)
        self._describe(editor)

    def _describe(self, editor: QWidget) -> None:
        self.setFocusProxy(editor)
        editor.setAccessibleName(tr(self.param.label))
        editor.setAccessibleDescription(tr(self.param.help) if self.param.help else "")
        self.name.setBuddy(editor)

    def _editor(self) -> QWidget:
        return self.focusProxy() or self

    def _accept(self, given: object) -> bool:
        """Takes what a person gave, where it is allowed, and tells of it."""
        try:
            value = self.param.check(given)
        except ValueError:
            return False
        self.show_error("")
        if value != self._value:
            self._value = value
            self.edited.emit(value)
        return True

    def _draw(self, value: Value) -> None:
        raise NotImplementedError


class TypedField(Field):
    """A value that is typed: wholes, numbers, sizes, shapes, text."""

    def __init__(
        self, param: Param, read: Callable[[str], object], parent: QWidget | None = None
    ) -> None:
        super().__init__(param, parent)
        self._read = read
        self.entry = Entry(tr(param.unit) if param.unit else "")
        self._place(self.entry)
        self._draw(param.default)
        self.entry.textEdited.connect(self._on_typed)
        self.entry.editingFinished.connect(self._on_finished)
        self.entry.stepped.connect(self._on_stepped)

    def _draw(self, value: Value) -> None:
        if not (self.entry.hasFocus() and self._means(value)):
            self.entry.setText(self.param.show(value))
            self.entry.setCursorPosition(0)

    def _means(self, value: Value) -> bool:
        try:
            return self.param.check(self._read(self.entry.text())) == value
        except ValueError:
            return False

    def _on_typed(self, text: str) -> None:
        try:
            self._accept(self._read(text))
        except ValueError:
            return  # on the way to a value; said when the field is left

    def _on_finished(self) -> None:
        expected = expectation(self.param, self._read, self.entry.text())
        if expected:
            self.show_error(tr("Expected: {expected}.", expected=expected))
            return
        self.show_error("")
        value = self.param.check(self._read(self.entry.text()))
        self.entry.setText(self.param.show(value))
        self.finished.emit()

    def _on_stepped(self, direction: int) -> None:
        if isinstance(self._value, tuple | str | bool):
            return
        value = stepped(self.param, self._value, direction)
        if self._accept(value):
            self.entry.setText(self.param.show(self._value))


class FormulaField(Field):
    """A formula; what is wrong with it is said while it is written, and marked at its letter."""

    def __init__(self, param: Param, parent: QWidget | None = None) -> None:
        super().__init__(param, parent)
        self.entry = FormulaEdit()
        self._place(self.entry)
        self.setToolTip("")  # the field itself lists what can be written
        self._rows.addWidget(insertions_button(self.entry))
        self._draw(param.default)
        self.entry.typed.connect(self._on_typed)
        self.entry.left.connect(self.finished)

    def _draw(self, value: Value) -> None:
        if self.entry.text() != value:
            self.entry.show_text(str(value))
        self._say()

    def _on_typed(self, text: str) -> None:
        self._accept(text)
        self._say()

    def _say(self) -> None:
        self.show_error(self.entry.trouble_words())


class SwitchField(Field):
    """Yes or no; its name stands beside the switch."""

    def __init__(self, param: Param, parent: QWidget | None = None) -> None:
        super().__init__(param, parent)
        self.switch = Switch(tr(param.label))
        row = QHBoxLayout()
        row.setSpacing(SPACE_2)
        self.name.setWordWrap(True)
        row.addWidget(self.name, 1)
        row.addWidget(self.switch)
        self._rows.addLayout(row)
        self._rows.addWidget(self.error)
        self._describe(self.switch)
        self._draw(param.default)
        self.switch.clicked.connect(self._on_clicked)

    def _draw(self, value: Value) -> None:
        self.switch.setChecked(bool(value))

    def _on_clicked(self, is_on: bool) -> None:
        self._accept(is_on)
        self.finished.emit()


class ChoiceField(Field):
    """One of several named values."""

    def __init__(self, param: Param, parent: QWidget | None = None) -> None:
        super().__init__(param, parent)
        self.combo = Combo()
        for option in param.choices:
            self.combo.addItem(tr(option.label), option.key)
        self._place(self.combo)
        self._draw(param.default)
        self.combo.activated.connect(self._on_activated)

    def set_choices(self, choices: Mapping[str, str], reasons: Mapping[str, str]) -> None:
        """Other choices, in words, and why some of them cannot be chosen now."""
        self.param = replace(
            self.param, choices=tuple(Choice(key, words) for key, words in choices.items())
        )
        self.combo.clear()
        for key, words in choices.items():
            self.combo.addItem(words, key)
        model = self.combo.model()
        assert isinstance(model, QStandardItemModel)
        for key, reason in reasons.items():
            item = model.item(self.combo.findData(key))
            item.setEnabled(False)
            item.setToolTip(reason)
        self._draw(self._value)

    def _draw(self, value: Value) -> None:
        self.combo.setCurrentIndex(self.combo.findData(value))

    def _on_activated(self, index: int) -> None:
        self._accept(self.combo.itemData(index))
        self.finished.emit()


class ColumnsField(Field):
    """Some of the columns of the data, ticked in a list that opens below the field."""

    def __init__(self, param: Param, parent: QWidget | None = None) -> None:
        super().__init__(param, parent)
        self.button = Opener()
        self.list = Checklist(self)
        self._place(self.button)
        self._draw(param.default)
        self.button.clicked.connect(self._on_opened)
        self.list.ticked.connect(self._on_ticked)
        self.list.closed.connect(self.finished)

    def set_names(self, names: Sequence[str]) -> None:
        """The columns that can be chosen."""
        if tuple(names) != self.list.names:
            self.list.set_names(names)
            self._draw(self._value)

    def _draw(self, value: Value) -> None:
        chosen = tuple(str(name) for name in value) if isinstance(value, tuple) else ()
        self.button.setText(_columns_in_words(chosen))
        self.list.tick(chosen)

    def _on_opened(self) -> None:
        if self.list.names:
            self.list.open_below(self.button)
        else:
            self.show_error(tr("There are no columns yet. Open data first."))

    def _on_ticked(self, names: tuple[str, ...]) -> None:
        self._accept(names)
        self._draw(names)


class BackboneField(Field):
    """A pretrained network: its name, and a press asks for the folder of another.

    Signals:
        folder_wanted(): a person wants to choose a folder.
    """

    folder_wanted = Signal()

    def __init__(self, param: Param, parent: QWidget | None = None) -> None:
        super().__init__(param, parent)
        self.shown = label("", is_strong=True, wraps=True)
        self.button = Button(tr("Choose folder..."), icon_name="folder")
        self._place(self.button)
        self._rows.insertWidget(1, self.shown)
        self._draw(param.default)
        self.button.clicked.connect(self.folder_wanted)

    def _draw(self, value: Value) -> None:
        self.shown.setText(self.param.show(value))


class Form(QWidget):
    """Fields below one another, by key.

    Signals:
        edited(key, value): as `Field.edited`.
        finished(key): as `Field.finished`.
        folder_wanted(key): as `BackboneField.folder_wanted`.
    """

    edited = Signal(str, object)
    finished = Signal(str)
    folder_wanted = Signal(str)

    def __init__(self, params: Sequence[Param], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fields: dict[str, Field] = {}
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(SPACE_3)
        for param in params:
            self._add(field_for(param, self), rows)

    def show_values(self, values: Mapping[str, Value]) -> None:
        """Shows the values; those not given stay."""
        for key, field in self.fields.items():
            if key in values:
                field.show_value(values[key])

    def values(self) -> dict[str, Value]:
        """The value of each field."""
        return {key: field.value() for key, field in self.fields.items()}

    def _add(self, field: Field, rows: QVBoxLayout) -> None:
        key = field.param.key
        self.fields[key] = field
        field.edited.connect(lambda value: self.edited.emit(key, value))
        field.finished.connect(lambda: self.finished.emit(key))
        if isinstance(field, BackboneField):
            field.folder_wanted.connect(lambda: self.folder_wanted.emit(key))
        rows.addWidget(field)


def field_for(param: Param, parent: QWidget | None = None) -> Field:
    """The field that edits a param."""
    return _FIELDS[param.kind](param, parent)


def form(params: Sequence[Param], parent: QWidget | None = None) -> Form:
    """Fields for all the params, below one another."""
    return Form(params, parent)


def _typed(read: Callable[[str], object]) -> Callable[[Param, QWidget | None], Field]:
    return lambda param, parent: TypedField(param, read, parent)


def _columns_in_words(names: tuple[str, ...]) -> str:
    if not names:
        return tr("All others")
    if len(names) <= 2:  # noqa: PLR2004 - more names do not fit a field
        return ", ".join(names)
    return tr("{count} {count|column|columns}", count=len(names))


_FIELDS: dict[str, Callable[[Param, QWidget | None], Field]] = {
    "whole": _typed(read_whole),
    "number": _typed(read_number),
    "switch": SwitchField,
    "choice": ChoiceField,
    "sizes": _typed(read_sizes),
    "shape": _typed(read_shape),
    "columns": ColumnsField,
    "text": _typed(str),
    "formula": FormulaField,
    "backbone": BackboneField,
}
