"""TryCard: type a text and see what the model makes of it."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from studio.core.run.told import Told
from studio.core.words import tr
from studio.ui.cards import Card
from studio.ui.controls import Button, figure, label
from studio.ui.editors import Entry

MOST_CLASSES = 5
BAR_HEIGHT = 6


class TryCard(Card):
    """A field for each text the network takes, a button, and the answer under it.

    Signals:
        asked(texts): what was typed, by the names of the inputs.
    """

    asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Try it"), parent)
        self.setObjectName("try_text")
        self.fields: dict[str, Entry] = {}
        self._places = QVBoxLayout()
        self._fields_place = QWidget()
        self._fields_place.setLayout(self._places)
        self._places.setContentsMargins(0, 0, 0, 0)
        self.button = Button(tr("Answer"))
        self.button.clicked.connect(self._on_asked)
        self.written = label("", wraps=True, is_strong=True)
        self.written.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.remark = label("", size="small", tone="soft", wraps=True)
        self._classes = QWidget()
        self._class_rows = QVBoxLayout(self._classes)
        self._class_rows.setContentsMargins(0, 0, 0, 0)
        self.body.addWidget(self._fields_place)
        self.body.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        for part in (self.written, self._classes, self.remark):
            self.body.addWidget(part)

    def offer(self, names: Sequence[tuple[str, str]], *, goes_on: bool) -> None:
        """Other inputs, as (name, words); where it `goes_on` a beginning is asked for."""
        if tuple(self.fields) != tuple(name for name, _words in names):
            for old in self.fields.values():
                old.hide()
                old.deleteLater()
            self.fields = {name: self._field(words, goes_on=goes_on) for name, words in names}
        self.button.setText(tr("Go on writing") if goes_on else tr("Answer"))
        self.clear()

    def clear(self) -> None:
        """No answer yet."""
        self.button.setEnabled(True)
        self._show_words("", "")
        self._show_classes(())

    def show_waiting(self) -> None:
        """The model is asked."""
        self.button.setEnabled(False)
        self.remark.setText(tr("Asking the model…"))
        self.remark.show()

    def show_told(self, told: Told) -> None:
        """The answer."""
        self.button.setEnabled(True)
        self._show_classes(told.classes[:MOST_CLASSES])
        is_silent = not told.text and not told.classes
        self._show_words(told.text, tr("It wrote nothing.") if is_silent else "")

    def show_trouble(self, words: str) -> None:
        """Why there is no answer."""
        self.button.setEnabled(True)
        self._show_classes(())
        self._show_words("", words)

    def _field(self, words: str, *, goes_on: bool) -> Entry:
        made = Entry()
        made.setObjectName("field.try")
        made.setAccessibleName(words)
        made.setPlaceholderText(
            tr("The beginning of a text") if goes_on else tr("A text: {name}", name=words)
        )
        made.returnPressed.connect(self._on_asked)
        self._places.addWidget(made)
        return made

    def _show_words(self, written: str, remark: str) -> None:
        self.written.setText(written)
        self.written.setVisible(bool(written))
        self.remark.setText(remark)
        self.remark.setVisible(bool(remark))

    def _show_classes(self, classes: Sequence[tuple[str, float]]) -> None:
        while (item := self._class_rows.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        for name, share in classes:
            self._class_rows.addWidget(_class_row(name, share))
        self._classes.setVisible(bool(classes))

    def _texts(self) -> Mapping[str, str]:
        return {name: field.text() for name, field in self.fields.items()}

    @Slot()
    def _on_asked(self) -> None:
        texts = self._texts()
        if not self.button.isEnabled():
            return
        if not any(text.strip() for text in texts.values()):
            self.show_trouble(tr("Type a text first."))
            return
        self.show_waiting()
        self.asked.emit(texts)


def _class_row(name: str, share: float) -> QWidget:
    place = QWidget()
    rows = QVBoxLayout(place)
    rows.setContentsMargins(0, 0, 0, 0)
    rows.setSpacing(2)
    words = QHBoxLayout()
    words.addWidget(label(name, wraps=True), 1)
    words.addWidget(figure(f"{100 * share:.0f} %", size="small"))
    rows.addLayout(words)
    bar = QProgressBar()
    bar.setRange(0, 1000)
    bar.setValue(round(1000 * share))
    bar.setTextVisible(False)
    bar.setFixedHeight(BAR_HEIGHT)
    bar.setAccessibleName(f"{name} {100 * share:.0f} %")
    rows.addWidget(bar)
    return place
