"""Movement on the canvas: cards glide to their places and land softly, where motion is wanted."""

from collections.abc import Callable, Iterable, Mapping

from PySide6.QtCore import QObject, QPointF, QVariantAnimation
from PySide6.QtWidgets import QGraphicsItem

from studio.core.design.shown import Shown
from studio.ui.theme import EASING, FAST_MS, NORMAL_MS, Theme

LANDING_OPACITY = 0.2


class Motion(QObject):
    """Runs one movement at a time. A new one first ends the one before."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._running: QVariantAnimation | None = None
        self._step: Callable[[float], None] = _stand_still

    @property
    def is_moving(self) -> bool:
        """True while something moves."""
        return self._running is not None

    def glide(
        self,
        starts: Mapping[str, QPointF],
        ends: Mapping[str, QPointF],
        place: Callable[[str, QPointF], None],
    ) -> None:
        """Moves nodes from their places to others, calling `place` on the way."""

        def step(share: float) -> None:
            for node_id, end in ends.items():
                start = starts[node_id]
                # The sum would end beside the end by a rounding error.
                place(node_id, end if share == 1.0 else start + (end - start) * share)

        self.run(step, NORMAL_MS)

    def land(self, items: list[QGraphicsItem]) -> None:
        """Lets new cards appear."""

        def step(share: float) -> None:
            for item in items:
                item.setOpacity(LANDING_OPACITY + (1.0 - LANDING_OPACITY) * share)

        self.run(step, FAST_MS)

    def stop(self) -> None:
        """Ends what moves where it is."""
        if self._running is not None:
            running, self._running = self._running, None
            running.stop()
            running.deleteLater()
            self._step = _stand_still

    def finish(self) -> None:
        """Ends what moves at its last place, at once."""
        if self._running is not None:
            self._running.stop()
            self._on_finished()

    def run(self, step: Callable[[float], None], milliseconds: int) -> None:
        """Calls `step` with a share from 0 to 1 for so long; with 1 at once where nothing moves."""
        self.finish()
        duration = Theme.current().duration(milliseconds)
        if duration == 0:
            step(1.0)
            return
        self._step = step
        self._running = QVariantAnimation(self)
        self._running.setStartValue(0.0)
        self._running.setEndValue(1.0)
        self._running.setDuration(duration)
        self._running.setEasingCurve(EASING)
        self._running.valueChanged.connect(self._on_value_changed)
        self._running.finished.connect(self._on_finished)
        step(0.0)
        self._running.start()

    def _on_value_changed(self, share: float) -> None:
        self._step(share)

    def _on_finished(self) -> None:
        if self._running is None:
            return
        running, self._running = self._running, None
        running.deleteLater()
        step, self._step = self._step, _stand_still
        step(1.0)


def _stand_still(_share: float) -> None:
    """The movement of nothing."""


def starts_of(added: Iterable[str], former: Shown) -> dict[str, QPointF]:
    """Where the card was that each new one came out of."""
    places = former.graph.positions
    out_of = {i: former.cards[i] for i in added if i in former.cards}
    return {i: QPointF(*places[card]) for i, card in out_of.items()}
