"""BesideCard: what came in, what should come out and what did, as pictures side by side."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QGridLayout, QScrollArea, QWidget

from studio.core.run.mistakes import answer_words
from studio.core.run.results import Beside, Evaluation
from studio.core.words import tr
from studio.ui.cards import Card
from studio.ui.controls import label
from studio.ui.theme import SPACE_2, SPACE_3

SIDE, RATIO, CHANNELS = 96, 2, 3


class BesideCard(Card):
    """The worst rows of an evaluation of masks or rebuilt pictures, the worst first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("The worst, side by side"), parent)
        self.setObjectName("evaluation.beside")
        self.note = label(size="small", tone="soft")
        self.header.addWidget(self.note)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QScrollArea.Shape.NoFrame)
        self._area.setAccessibleName(tr("The worst, side by side"))
        self.body.addWidget(self._area, 1)

    def show_evaluation(self, evaluation: Evaluation) -> None:
        """Other pictures."""
        is_mask = evaluation.task == "masks"
        self.note.setText(
            tr("share of what was marked right") if is_mask else tr("distance of the pixels")
        )
        content = QWidget()
        grid = QGridLayout(content)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SPACE_3)
        grid.setVerticalSpacing(SPACE_2)
        heads = _heads(is_mask=is_mask)
        for row, head in enumerate(heads):
            grid.addWidget(label(head, size="small", tone="soft"), row, 0)
        for column, shown in enumerate(evaluation.pictures, 1):
            _fill(grid, column, shown, heads)
            said = answer_words(evaluation, shown.place)[-1]
            grid.addWidget(label(said, size="small"), len(heads), column)
        grid.setColumnStretch(grid.columnCount(), 1)
        grid.setRowStretch(grid.rowCount(), 1)
        self._area.setWidget(content)


def _heads(*, is_mask: bool) -> tuple[str, ...]:
    if is_mask:
        return tr("Picture"), tr("Truth"), tr("Answer")
    return tr("Original"), tr("Rebuilt")


def _fill(grid: QGridLayout, column: int, shown: Beside, heads: tuple[str, ...]) -> None:
    blocks = (shown.picture, shown.truth, shown.answer)
    for row, (head, pixels) in enumerate(zip(heads, blocks[-len(heads) :], strict=True)):
        place = label()
        place.setPixmap(_pixmap(pixels, shown.width, shown.height))
        place.setAccessibleName(head)
        grid.addWidget(place, row, column)


def _pixmap(pixels: bytes, width: int, height: int) -> QPixmap:
    """Pixels stay pixels where they are few: a class has no shade between two others."""
    image = QImage(pixels, width, height, width * CHANNELS, QImage.Format.Format_RGB888)
    is_small = max(width, height) < SIDE * RATIO
    how = (
        Qt.TransformationMode.FastTransformation
        if is_small
        else Qt.TransformationMode.SmoothTransformation
    )
    side = SIDE * RATIO
    made = QPixmap.fromImage(image.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio, how))
    made.setDevicePixelRatio(RATIO)
    return made
