"""GlimpseView: what comes out of the selected layer for the sample in view, large, with figures."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from studio.core.run.glimpse import Glimpse
from studio.core.run.wording import figure_words
from studio.core.shapes import show
from studio.core.words import tr
from studio.ui.controls import Rule, label
from studio.ui.glimpse_painting import paint
from studio.ui.panels.facts import Facts
from studio.ui.theme import SPACE_2, SPACE_3, Theme

HEIGHTS = {"picture": 200, "maps": 200, "heat": 160, "words": 96, "classes": 76}
HEIGHT = 120


class GlimpseView(QWidget):
    """A picture and what the values are: lowest, mean, highest, and how many are 0."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("glimpse")
        self.title = label(tr("What comes out"), is_strong=True)
        self.drawing = GlimpseDrawing()
        self.facts = Facts()
        rows = QVBoxLayout(self)
        rows.setContentsMargins(SPACE_2, 0, SPACE_2, 0)
        rows.setSpacing(SPACE_3)
        for part in (Rule(), self.title, self.drawing, self.facts):
            rows.addWidget(part)

    def show_glimpse(self, glimpse: Glimpse | None) -> None:
        """Shows one, or nothing."""
        self.setVisible(glimpse is not None)
        if glimpse is None:
            return
        self.drawing.show_glimpse(glimpse)
        facts = [(tr("Shape"), show(glimpse.shape))]
        if glimpse.kind != "words":
            facts += [
                (tr("Lowest"), figure_words(glimpse.low)),
                (tr("Mean"), figure_words(glimpse.mean)),
                (tr("Highest"), figure_words(glimpse.high)),
                (tr("Zeros"), tr("{percent} %", percent=round(100 * glimpse.zeros))),
            ]
        self.facts.show_facts(tuple(facts))


class GlimpseDrawing(QWidget):
    """The picture alone, as wide as there is room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._glimpse: Glimpse | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        Theme.current().changed.connect(self.update)

    def show_glimpse(self, glimpse: Glimpse) -> None:
        """Shows another one."""
        self._glimpse = glimpse
        self.setFixedHeight(HEIGHTS.get(glimpse.kind, HEIGHT))
        self.setAccessibleName(_spoken(glimpse))
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(HEIGHT, HEIGHT)

    @override
    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._glimpse is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint(painter, QRectF(self.rect()), self._glimpse)


def _spoken(glimpse: Glimpse) -> str:
    """The picture as a screen reader says it."""
    if glimpse.kind == "classes":
        pairs = zip(glimpse.words, glimpse.lines[0], strict=True)
        return ", ".join(
            tr("{word} {percent} %", word=word, percent=round(100 * share)) for word, share in pairs
        )
    if glimpse.kind == "words":
        return " ".join(glimpse.words)
    return tr(
        "Values from {low} to {high}",
        low=figure_words(glimpse.low),
        high=figure_words(glimpse.high),
    )
