"""RunFigures: four figures of the run in view: how good, how fast, how long yet."""

import time

from PySide6.QtWidgets import QHBoxLayout, QWidget

from studio.core.run.history import LOSS, Curve, History
from studio.core.run.wording import (
    count_words,
    duration_words,
    elapsed_words,
    figure_words,
    is_more_better,
    metric_title,
)
from studio.core.words import tr
from studio.ui.cards import FigureCard
from studio.ui.controls import Tone
from studio.ui.theme import SPACE_3

MINUTE = 60
CLOCK = "%H:%M"
LEAST_SHORTENED = 100_000


class RunFigures(QWidget):
    """Drawn from a History; says nothing that is not known yet."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("figures")
        self.quality = FigureCard(tr("Validation"))
        self.loss = FigureCard(tr("Validation loss"))
        self.speed = FigureCard(tr("Speed"))
        self.left = FigureCard(tr("Time left"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_3)
        for card in (self.quality, self.loss, self.speed, self.left):
            row.addWidget(card, 1)

    def show_history(self, history: History, sample: str, *, is_paused: bool = False) -> None:
        """The figures as they are now; `sample` is what is learnt from: rows, images."""
        keys = [key for key in (*history.validation, *history.training) if key != LOSS]
        self.quality.setVisible(bool(keys) or not history.training)
        if keys:
            self._show(self.quality, keys[0], history)
        else:  # what stands there may be of the run before
            self.quality.show_figure("–", tr("after the first epoch"), title=tr("Validation"))
        self._show(self.loss, LOSS, history)
        self._show_speed(history, sample)
        self._show_time(history, is_paused=is_paused)

    def _show(self, card: FigureCard, key: str, history: History) -> None:
        is_validated = key in history.validation
        curve = (history.validation if is_validated else history.training).get(key)
        name = metric_title(key)
        title = (
            tr("Validation {figure}", figure=_lower(name))
            if is_validated
            else tr("Training {figure}", figure=_lower(name))
        )
        if not curve:
            card.show_figure("–", tr("after the first epoch"), title=title)
            return
        value, remark, tone = _kept(curve, history) or (curve.y[-1], *_remark(curve, key))
        card.show_figure(figure_words(value), remark, tone, title=title)

    def _show_speed(self, history: History, sample: str) -> None:
        speed = history.samples_per_second
        if speed is None:
            self.speed.show_figure("–", tr("in a moment") if not history.is_over else "")
            return
        words = tr("{count} {sample}/s", count=_short(speed), sample=sample)
        self.speed.show_figure(words, tr("on {device}", device=_device(history.device)))

    def _show_time(self, history: History, *, is_paused: bool) -> None:
        if history.is_over:
            self.left.show_figure(
                elapsed_words(history.seconds), _ended(history), title=tr("Time taken")
            )
            return
        left = history.seconds_left
        epoch = tr("epoch {epoch} of {epochs}", epoch=max(history.epoch, 1), epochs=history.epochs)
        if is_paused:
            self.left.show_figure(tr("paused"), epoch, title=tr("Time left"))
        elif left is None:
            self.left.show_figure("–", tr("in a moment"), title=tr("Time left"))
        else:
            remark = epoch if left < MINUTE else tr("ends about {time}", time=_clock(left))
            self.left.show_figure(duration_words(left), remark, title=tr("Time left"))


def _short(speed: float) -> str:
    """A speed that fits into a narrow card: the last digits change all the time anyway."""
    if speed < LEAST_SHORTENED:
        return count_words(speed)
    return tr("{count} k", count=count_words(speed / 1000))


def _kept(curve: Curve, history: History) -> tuple[float, str, Tone] | None:
    """After a run, what the weights reach that were kept: those of its best epoch, not its last."""
    best = history.best_epoch
    if not history.is_over or best not in curve.x:
        return None
    return curve.y[curve.x.index(best)], tr("epoch {epoch}, kept as best", epoch=best), "good"


def _remark(curve: Curve, key: str) -> tuple[str, Tone]:
    """Whether the last value is the best so far, or how it moved since the epoch before."""
    values = curve.y
    sign = 1 if is_more_better(key) else -1
    if len(values) == 1:
        return tr("epoch {epoch}", epoch=round(curve.x[-1])), "soft"
    if sign * values[-1] >= max(sign * value for value in values):
        return tr("best so far, epoch {epoch}", epoch=round(curve.x[-1])), "good"
    if figure_words(values[-1]) == figure_words(values[-2]):
        return tr("as in the epoch before"), "soft"
    change = values[-1] - values[-2]
    words = tr("up {change}") if change > 0 else tr("down {change}")
    tone: Tone = "good" if sign * change > 0 else "attention"
    return words.format(change=figure_words(abs(change))), tone


def _lower(name: str) -> str:
    """A name inside a sentence: accuracy, but F1, RMSE and the end of mean IoU stay as they are."""
    return " ".join(word.lower() if word[1:].islower() else word for word in name.split(" "))


def _device(key: str) -> str:
    return key.upper()


def _ended(history: History) -> str:
    done = history.epochs_done
    epochs = tr("{epochs} {epochs|epoch|epochs}", epochs=done)
    if history.state == "completed" and done < history.epochs:
        return tr("{epochs}, ended early", epochs=epochs)
    words = {
        "completed": "{epochs}",
        "stopped": tr("stopped after {epochs}"),
        "failed": tr("failed after {epochs}"),
    }
    return words.get(history.state, "").format(epochs=epochs)


def _clock(seconds: float) -> str:
    return time.strftime(CLOCK, time.localtime(time.time() + seconds))
