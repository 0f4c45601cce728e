"""AttentionCard: what the attention layers of the network looked at, for one text."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from studio.core.run.told import Attention
from studio.core.words import tr
from studio.ui.cards import Card
from studio.ui.controls import label
from studio.ui.editors import Combo
from studio.ui.panels.attention_drawing import HeatMap, TokenStrip

LEAST_HEIGHT = 220


class AttentionCard(Card):
    """A choice of layer where there are several, and its picture; words where there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("What it looked at"), parent)
        self.setObjectName("attention")
        self._all: tuple[Attention, ...] = ()
        self.layers = Combo()
        self.layers.setAccessibleName(tr("Attention layer"))
        self.layers.activated.connect(self._on_layer_chosen)
        self.tokens, self.map = TokenStrip(), HeatMap()
        self.remark = label("", size="small", tone="soft", wraps=True)
        self._pictures = QStackedWidget()
        strip = QWidget()
        rows = QVBoxLayout(strip)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.tokens)
        rows.addStretch(1)
        for part in (strip, self.map):
            self._pictures.addWidget(part)
        self._pictures.setMinimumHeight(LEAST_HEIGHT)
        for part in (self.layers, self.remark):
            self.body.addWidget(part)
        self.body.addWidget(self._pictures, 1)
        self.body.addStretch(0)
        self.say(tr("Choose a row, or type a text above."))

    @property
    def layer(self) -> str:
        """The layer that is shown; empty where there is none."""
        return self.layers.currentText() if self._all else ""

    def say(self, words: str) -> None:
        """Nothing to draw, and why."""
        self._all = ()
        self.remark.setText(words)
        self.layers.hide()
        self._pictures.hide()

    def show_attention(self, found: tuple[Attention, ...]) -> None:
        """Another row; the layer that was looked at stays, where it is still there."""
        if not found:
            self.say(tr("This network has no attention layer."))
            return
        before = self.layer
        self._all = found
        names = [one.layer for one in found]
        self.layers.clear()
        self.layers.addItems(names)
        self.layers.setVisible(len(found) > 1)
        # The last is nearest to the answer.
        self.layers.setCurrentIndex(names.index(before) if before in names else len(names) - 1)
        self._show(found[self.layers.currentIndex()])

    def _show(self, shown: Attention) -> None:
        is_map = bool(shown.down)
        self._pictures.show()
        self._pictures.setCurrentIndex(1 if is_map else 0)
        if is_map:
            self.map.show_attention(shown)
            words = tr(
                "down: each token · across: what it looked at, the more the stronger the colour"
            )
        else:
            self.tokens.show_weights(shown.across, shown.weights[0])
            words = tr("the stronger the colour, the more a token counted")
        self.remark.setText(words)

    @Slot(int)
    def _on_layer_chosen(self, index: int) -> None:
        if index < len(self._all):
            self._show(self._all[index])
