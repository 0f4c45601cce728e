"""DataEmpty: what the Data page says while no data are open: the next step, and its buttons."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from studio.core.design.templates import TEMPLATES
from studio.core.words import tr
from studio.ui.context import Context
from studio.ui.controls import ActionButton, Button, label
from studio.ui.icons import pixmap
from studio.ui.theme import SPACE_2, SPACE_3, SPACE_6, Theme

ICON_SIZE = 40
SAMPLE_COLUMNS = 5


class DataEmpty(QWidget):
    """Open a file, take a sample, or drop something anywhere."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("data.empty")
        self._opening = context.opening
        self._picture = QLabel()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(SPACE_6, SPACE_6, SPACE_6, SPACE_6)
        rows.setSpacing(SPACE_2)
        rows.addStretch(2)
        rows.addWidget(self._picture)
        rows.addWidget(
            _centred(
                label(
                    tr("Open the data that the network is to learn from"),
                    size="heading",
                    is_strong=True,
                )
            )
        )
        for words in (
            tr(
                "A table of any format, a folder or archive of pictures, sounds or clips, "
                "texts, two texts line by line, a database."
            ),
            tr("Drop it anywhere in the window."),
        ):
            rows.addWidget(_centred(label(words, tone="soft")))
        rows.addSpacing(SPACE_3)
        rows.addLayout(self._buttons(context))
        rows.addSpacing(SPACE_6)
        rows.addWidget(_centred(label(tr("Or try a sample that needs no file"), tone="soft")))
        rows.addLayout(self._samples())
        rows.addStretch(3)
        self._tint()
        Theme.current().changed.connect(self._tint)

    def _buttons(self, context: Context) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(SPACE_2)
        row.addStretch(1)
        row.addWidget(
            ActionButton(
                context.actions["open_data"], "filled", text=tr("Open a file"), icon_name="table"
            )
        )
        for key, words, picture in (
            ("open_folder", tr("Open a folder"), "folder"),
            ("open_database", tr("Open a database"), "data"),
        ):
            row.addWidget(ActionButton(context.actions[key], text=words, icon_name=picture))
        row.addStretch(1)
        return row

    def _samples(self) -> QHBoxLayout:
        row = QHBoxLayout()
        grid = QGridLayout()
        grid.setSpacing(SPACE_2)
        row.addStretch(1)
        row.addLayout(grid)
        row.addStretch(1)
        for place, sample in enumerate(_samples()):
            button = Button(sample[1], icon_name="samples")
            button.setObjectName(f"sample.{sample[0]}")
            button.clicked.connect(
                lambda _on=False, sample=sample: self._opening.open_sample(*sample)
            )
            grid.addWidget(button, place // SAMPLE_COLUMNS, place % SAMPLE_COLUMNS)
        return row

    def _tint(self) -> None:
        self._picture.setPixmap(pixmap("data", "edge", ICON_SIZE))


def _centred(words: QLabel) -> QLabel:
    words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    return words


def _samples() -> list[tuple[str, str]]:
    """The samples of the questions, each once, without asking the data for them."""
    return [
        (key, tr(key.capitalize()))
        for key in dict.fromkeys(
            template.sample for template in TEMPLATES.values() if template.family == "question"
        )
    ]
