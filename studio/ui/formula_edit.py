"""FormulaEdit: a formula in letters of one width; what is wrong is marked at its letter."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFont,
    QFontDatabase,
    QHelpEvent,
    QKeyEvent,
    QTextCharFormat,
    QTextCursor,
    QTextOption,
)
from PySide6.QtWidgets import QMenu, QPlainTextEdit, QTextEdit, QToolTip, QWidget
from typing_extensions import override

from studio.core.expression import (
    EACH,
    FUNCTIONS,
    KEEPING,
    LONGEST,
    REDUCING,
    BadExpression,
    parsed,
)
from studio.core.words import tr
from studio.ui.controls import Button
from studio.ui.theme import SPACE_2, Theme, font

LINES = 3
EXAMPLES: Sequence[tuple[str, str]] = (
    ("a * sigmoid(b)", "Let through as much of a as b says"),
    ("(a - mean(a)) / sqrt(mean(square(a - mean(a))) + 1e-5)", "Mean 0 and spread 1"),
    ("log1p(abs(a)) * sign(a)", "Tame large numbers of either sign"),
    ("0.7 * a + 0.3 * b", "A weighted mean of two inputs"),
    ("softmax(a / 0.5)", "Sharper probabilities"),
    ("clip(a, -3, 3)", "Nothing below -3 and nothing above 3"),
)


class FormulaEdit(QPlainTextEdit):
    """Three lines to write one formula in.

    Signals:
        typed(text): with every letter.
        left(): Enter, or the field lost the focus.
    """

    typed = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "formula")
        letters = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        letters.setPixelSize(font().pixelSize())
        letters.setStyleHint(QFont.StyleHint.Monospace)
        self.setFont(letters)
        self.setTabChangesFocus(True)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        height = LINES * self.fontMetrics().lineSpacing() + 2 * SPACE_2
        self.setFixedHeight(height)
        self._is_told = True
        self.textChanged.connect(self._on_changed)
        Theme.current().changed.connect(self.mark)

    def text(self) -> str:
        """The formula in one line."""
        return self.toPlainText().replace("\n", " ")

    def show_text(self, text: str) -> None:
        """Shows a formula; nothing is sent."""
        self._is_told = False
        self.setPlainText(text)
        self._is_told = True
        self.mark()

    def insert(self, text: str) -> None:
        """Writes over what is selected, as if it had been typed."""
        self.textCursor().insertText(text)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def trouble(self) -> BadExpression | None:
        """What is wrong with the formula as it stands."""
        try:
            parsed(self.text())
        except BadExpression as reason:
            return reason
        return None

    def trouble_words(self) -> str:
        """The same in words, with the letter; nothing where the formula can be read."""
        reason = self.trouble()
        if reason is None or not reason.place:
            return str(reason or "")
        return tr("Letter {place}: {reason}", place=reason.place, reason=str(reason))

    def mark(self) -> None:
        """Underlines the letter at which the formula goes wrong."""
        reason, marks = self.trouble(), []
        if reason is not None and reason.place:
            cursor = QTextCursor(self.document())
            cursor.setPosition(min(reason.place - 1, len(self.text())))
            cursor.movePosition(
                QTextCursor.MoveOperation.NextCharacter, QTextCursor.MoveMode.KeepAnchor
            )
            one = QTextEdit.ExtraSelection()
            form = QTextCharFormat()
            form.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
            form.setUnderlineColor(Theme.current().color("problem"))
            form.setForeground(Theme.current().color("problem"))
            form.setBackground(Theme.current().color("problem_soft"))
            one.cursor, one.format = cursor, form
            marks.append(one)
        self.setExtraSelections(marks)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.left.emit()
            return
        super().keyPressEvent(event)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.left.emit()

    @override
    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), functions_in_words(), self)
            return True
        return super().event(event)

    def _on_changed(self) -> None:
        if not self._is_told:
            return
        self.mark()
        self.typed.emit(self.text())


def insertions_button(edit: FormulaEdit) -> Button:
    """What opens that menu."""
    made = Button(tr("Examples and functions"), "link", icon_name="plus")
    made.setObjectName("formula.insertions")
    made.clicked.connect(partial(_open, insertions(edit), made))
    return made


def insertions(edit: FormulaEdit) -> QMenu:
    """A menu of examples and of functions; what is taken is written into the formula."""
    menu = QMenu(edit)
    menu.setToolTipsVisible(True)
    for formula, words in EXAMPLES:
        _add(menu, edit, tr(words), formula)
    menu.addSeparator()
    functions = menu.addMenu(tr("Functions"))
    for name, count in FUNCTIONS.items():
        call = _call(name, count)
        functions.addAction(call).triggered.connect(partial(_insert, edit, f"{name}("))
    return menu


def functions_in_words() -> str:
    """What can be written, for who rests on the field."""
    lines = (
        tr("Inputs: a, b, c and so on. Numbers, pi, + - * / ^ and brackets."),
        tr("Each number: {names}", names=", ".join(_call(*one) for one in EACH.items())),
        tr("Along the last size, one is left: {names}", names=", ".join(REDUCING)),
        tr("Along the last size, all are kept: {names}", names=", ".join(KEEPING)),
        tr("At most {most} letters.", most=LONGEST),
    )
    return "\n".join(lines)


def _open(menu: QMenu, button: Button, _checked: bool = False) -> None:
    menu.popup(button.mapToGlobal(QPoint(0, button.height())))


def _add(menu: QMenu, edit: FormulaEdit, words: str, formula: str) -> None:
    action = menu.addAction(words)
    action.setToolTip(formula)
    action.triggered.connect(partial(_replace, edit, formula))


def _insert(edit: FormulaEdit, text: str, _checked: bool = False) -> None:
    edit.insert(text)


def _replace(edit: FormulaEdit, text: str, _checked: bool = False) -> None:
    edit.selectAll()
    edit.insert(text)


def _call(name: str, count: int) -> str:
    letters = ("a",) if count == 1 else (("a", "b") if count == 2 else ("a", "low", "high"))  # noqa: PLR2004
    return f"{name}({', '.join(letters)})"
