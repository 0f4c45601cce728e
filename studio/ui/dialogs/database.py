"""DatabaseDialog: the address of a database and what to ask it; the password is never kept."""

from PySide6.QtCore import QUrl, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from studio.core.words import tr
from studio.ui.controls import Button, label
from studio.ui.editors import Entry
from studio.ui.theme import FIELD_HEIGHT, SPACE_1, SPACE_3, SPACE_6, font

WIDTH = 520
QUESTION_LINES = 4


class DatabaseDialog(QDialog):
    """Address and question stay for the next time while the program runs; the password does not.

    Signals:
        wanted(url, query, name): the person wants these rows; the url may hold the password.
    """

    wanted = Signal(str, str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dialog.database")
        self.setWindowTitle(tr("Open from a database"))
        self.setFixedWidth(WIDTH)
        self.address, self.password = Entry(), Entry()
        self.query = QPlainTextEdit()
        self.open_button = Button(tr("Open"), "filled")
        self._dress()
        self._lay_out()
        self.address.textChanged.connect(self._show_reason)
        self.open_button.clicked.connect(self._on_open)
        self._show_reason()

    def _dress(self) -> None:
        self.address.setPlaceholderText("postgresql://name@server/database")
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.query.setPlaceholderText("SELECT * FROM measurements")
        self.query.setFont(font())
        self.query.setTabChangesFocus(True)
        self.query.setFixedHeight(QUESTION_LINES * FIELD_HEIGHT)
        for editor, key in (
            (self.address, "address"),
            (self.password, "password"),
            (self.query, "query"),
        ):
            editor.setObjectName(f"database.{key}")
        self.open_button.setObjectName("database.open")
        self.open_button.setDefault(True)

    def _lay_out(self) -> None:
        rows = QVBoxLayout(self)
        rows.setContentsMargins(SPACE_6, SPACE_6, SPACE_6, SPACE_6)
        rows.setSpacing(SPACE_3)
        rows.addWidget(label(tr("Open from a database"), size="heading", is_strong=True))
        self._add(
            rows,
            tr("Address"),
            self.address,
            tr("As SQLAlchemy writes it: sqlite:////path/to/file.db, postgresql://…, mysql://…"),
        )
        self._add(
            rows,
            tr("Password"),
            self.password,
            tr("Used for this reading only. It is written into no project."),
        )
        self._add(rows, tr("Question"), self.query, tr("Empty takes the first table."))
        row = QHBoxLayout()
        row.setSpacing(SPACE_3)
        row.addStretch(1)
        cancel = Button(tr("Cancel"))
        cancel.clicked.connect(self.reject)
        row.addWidget(cancel)
        row.addWidget(self.open_button)
        rows.addLayout(row)

    def _add(self, rows: QVBoxLayout, title: str, editor: QWidget, help_words: str) -> None:
        part = QVBoxLayout()
        part.setSpacing(SPACE_1)
        name = label(title, size="small", tone="soft")
        name.setBuddy(editor)
        editor.setAccessibleName(title)
        editor.setAccessibleDescription(help_words)
        part.addWidget(name)
        part.addWidget(editor)
        part.addWidget(label(help_words, size="small", tone="soft", wraps=True))
        rows.addLayout(part)

    def _show_reason(self) -> None:
        is_address = "://" in self.address.text()
        self.open_button.set_reason("" if is_address else tr("Give an address with :// in it."))

    def _on_open(self) -> None:
        url, password = self.address.text().strip(), self.password.text()
        self.password.clear()
        self.accept()
        name = QUrl(url).fileName() or tr("database")
        self.wanted.emit(with_password(url, password), self.query.toPlainText().strip(), name)


def with_password(url: str, password: str) -> str:
    """The address with the password where the person gave one beside it."""
    if not password:
        return url
    made = QUrl(url)
    made.setPassword(password)
    return made.toString(QUrl.ComponentFormattingOption.FullyEncoded)
