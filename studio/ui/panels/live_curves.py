"""LiveCurves: the loss and one other figure of the run that trains, beside runs of the past."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from studio.core.run.history import LOSS, RATE, Curve, History
from studio.core.run.thinning import ThinnedCurve
from studio.core.run.wording import figure_words, metric_title
from studio.core.words import tr
from studio.ui.lines import Line, Mark, Range
from studio.ui.panels.chart import Chart
from studio.ui.run_controller import RunController
from studio.ui.switches import Segments
from studio.ui.theme import SPACE_4, Theme

REPAINT_MS = 250  # four times a second: live to the eye, and cheap beside a training thread
FIGURE_MS = 40  # after the first chart
LOSS_SHARE, FIGURE_SHARE = 11, 10


@dataclass(frozen=True, slots=True)
class Overlay:
    """A past run to draw beside the one in view, in its own colour."""

    title: str
    token: str
    history: History


class LiveCurves(QWidget):
    """Two charts that follow a History; drawn a few times a second, and only when seen."""

    def __init__(self, runs: RunController, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("curves")
        self.setAccessibleName(tr("Curves"))
        self.history, self._runs = runs.history, runs
        self._steps = _Followed()
        self._overlays: tuple[Overlay, ...] = ()
        self._keys: tuple[str, ...] = ()
        self._figure_key = ""
        self._is_figure_chosen = False
        self.repaints = 0
        self._is_due = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REPAINT_MS)
        self._timer.timeout.connect(self._on_repaint_due)
        self._figure_timer = QTimer(self)
        self._figure_timer.setSingleShot(True)
        self._figure_timer.setInterval(FIGURE_MS)
        self._figure_timer.timeout.connect(self._on_figure_due)
        self._drawn_figure: tuple[object, ...] = ()
        self._lay_out(theme)
        runs.updated.connect(self._on_updated)

    @property
    def is_drawn(self) -> bool:
        """True where nothing waits to be drawn."""
        return not (self._timer.isActive() or self._figure_timer.isActive())

    def lay_along(self, direction: QBoxLayout.Direction) -> None:
        """The charts below each other, or side by side where there is little height."""
        self._rows.setDirection(direction)

    def show_history(self, history: History) -> None:
        """Follows another run."""
        if history is not self.history:
            self.history = history
            self._steps = _Followed()
        self._draw_soon()

    def compare(self, overlays: Sequence[Overlay]) -> None:
        """Draws these runs beside the one in view."""
        self._overlays = tuple(overlays)
        self._draw_soon()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._on_repaint_due()

    def _lay_out(self, theme: Theme) -> None:
        self.loss = Chart(tr("Loss"), theme, key="loss", has_log=True)
        self.figure = Chart(tr("Accuracy"), theme, key="figure")
        self.figures: Segments | None = None
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(SPACE_4)
        self._rows.addWidget(self.loss, LOSS_SHARE)
        self._rows.addWidget(self.figure, FIGURE_SHARE)
        self.loss.cursor_moved.connect(self.figure.show_cursor)
        self.figure.cursor_moved.connect(self.loss.show_cursor)

    def _draw_soon(self) -> None:
        self._is_due = True
        if self.isVisible() and not self._timer.isActive():
            self._timer.start()

    def _draw(self) -> None:
        self.repaints += 1
        history = self.history
        span = self._span()
        self._steps.follow(history.steps)
        self.loss.show_lines(
            [*self._step_lines(), *self._epoch_lines(LOSS)], span, self._mark(LOSS)
        )
        self.loss.say_while_empty(self._waiting_words(tr("The curve begins with the first steps.")))
        if self._figure_facts(span) != self._drawn_figure:
            # In a turn of its own: both charts at once would hold the window up twice as long.
            self._figure_timer.start()

    def _figure_facts(self, span: Range) -> tuple[object, ...]:
        """What the second chart shows; it changes with each epoch, not with each step."""
        history = self.history
        lengths = [(key, len(curve)) for key, curve in history.training.items()]
        if history.rate_moves:
            lengths.append((RATE, len(history.rates) if self._figure_key == RATE else 0))
        state = (self._runs.is_running, self._figure_key, self._overlays)
        return (id(history), span, state, history.best_epoch, lengths)

    def _span(self) -> Range:
        epochs = self.history.epochs or self._planned()
        return 0.0, float(max(1, epochs, *self._overlay_epochs()))

    def _planned(self) -> int:
        """How many epochs the run will have that has not begun to tell."""
        project = self._runs.run_project
        return project.training.epochs if project is not None else 0

    def _waiting_words(self, words: str) -> str:
        return words if self._runs.is_running else tr("This run ended before it had a point.")

    @Slot()
    def _on_figure_due(self) -> None:
        span = self._span()
        self._choose_figure()
        self._drawn_figure = self._figure_facts(span)
        key = self._figure_key
        self.figure.setVisible(bool(key) or not self._is_known())
        lines = self._figure_lines(key)
        self.figure.show_lines(lines, span, self._mark(key) if key else None)
        self.figure.say_while_empty(
            self._waiting_words(tr("The first point comes when epoch 1 has ended."))
        )

    def _figure_lines(self, key: str) -> list[Line]:
        if key == RATE:
            rates = self.history.rates
            return [Line(RATE, metric_title(RATE), "training", rates.x, rates.y)]
        return [*_training_line(self.history, key), *self._epoch_lines(key)] if key else []

    def _is_known(self) -> bool:
        return bool(self.history.training)

    def _overlay_epochs(self) -> Iterator[int]:
        yield 1
        for overlay in self._overlays:
            yield overlay.history.epochs

    def _step_lines(self) -> list[Line]:
        if not self._steps.thinned:
            return []
        raw, smooth = self._steps.thinned.points(), self._steps.thinned.smoothed()
        return [
            Line("raw", "", "training", *raw, stroke="faint"),
            Line("training", tr("training"), "training", *smooth),
        ]

    def _epoch_lines(self, key: str) -> list[Line]:
        lines = []
        curve = self.history.validation.get(key)
        if curve:
            lines.append(
                Line(
                    "validation",
                    tr("validation"),
                    "validation",
                    curve.x,
                    curve.y,
                    "dashed",
                    has_markers=True,
                )
            )
        for number, overlay in enumerate(self._overlays):
            old = overlay.history.validation.get(key) or overlay.history.training.get(key)
            if old:
                lines.append(Line(f"run {number}", overlay.title, overlay.token, old.x, old.y))
        return lines

    def _mark(self, key: str) -> Mark | None:
        curve = self.history.validation.get(key) or self.history.training.get(key)
        best = self.history.best_epoch
        if not curve or best not in curve.x:
            return None
        value = figure_words(curve.y[curve.x.index(best)])
        return Mark(best, tr("best epoch {epoch} · {value}", epoch=best, value=value))

    def _choose_figure(self) -> None:
        keys = tuple(key for key in self.history.training if key != LOSS)
        keys = (*keys, RATE) if self.history.rate_moves else keys
        if keys != self._keys:
            self._keys = keys
            # The learning rate moves before the first epoch has a figure, and makes way then.
            if not self._is_figure_chosen or self._figure_key not in keys:
                self._figure_key = "".join(keys[:1])
            self._offer(keys)
        if self._figure_key:
            self.figure.title.setText(metric_title(self._figure_key))

    def _offer(self, keys: tuple[str, ...]) -> None:
        """Where there are several figures, their names stand in the place of the title."""
        if self.figures is not None:
            self.figures.hide()
            self.figures.deleteLater()
            self.figures = None
        self.figure.title.setVisible(len(keys) < 2)  # noqa: PLR2004 - one needs no choice
        if len(keys) > 1:
            options = [(key, metric_title(key)) for key in keys]
            self.figures = Segments(options, tr("Figure"))
            self.figures.setObjectName("chart.figure.choice")
            self.figures.show_key(self._figure_key)
            self.figures.chosen.connect(self._on_figure_chosen)
            self.figure.header.insertWidget(0, self.figures)

    @Slot(object)
    def _on_updated(self, history: History) -> None:
        self.show_history(history)

    @Slot()
    def _on_repaint_due(self) -> None:
        if self._is_due and self.isVisible():
            self._is_due = False
            self._draw()

    @Slot(str)
    def _on_figure_chosen(self, key: str) -> None:
        self._figure_key, self._is_figure_chosen = key, True
        self._draw_soon()


class _Followed:
    """The thinned copy of a curve that grows elsewhere; takes in what is new each time."""

    def __init__(self) -> None:
        self.thinned = ThinnedCurve()
        self._taken = 0

    def follow(self, curve: Curve) -> None:
        """Takes the points that came since; a curve that was cut back is read anew."""
        if len(curve) < self._taken:
            self.thinned, self._taken = ThinnedCurve(), 0
        for index in range(self._taken, len(curve)):
            self.thinned.add(curve.x[index], curve.y[index])
        self._taken = len(curve)


def _training_line(history: History, key: str) -> list[Line]:
    curve = history.training.get(key)
    return [Line("training", tr("training"), "training", curve.x, curve.y)] if curve else []
