"""Insights: what the curves of a run say, in plain words."""

from collections.abc import Callable, Iterator, Sequence

from studio.core.problems import Place, Problem, Severity
from studio.core.run.history import LOSS, Curve, History
from studio.core.words import tr

FEWEST_EPOCHS = 3
RISEN = 1.1  # a validation loss this much above its lowest has turned
LASTING = 3  # epochs after the best one, before a rise is more than chance
JUMPED = 1.5  # an epoch's loss this much above the one before is a jump
NOTICEABLE = 0.1  # of the first loss: what moves by less trembles near its end
MOVED = 0.02  # a loss that fell by less than this share hardly moved
BETTER = 0.01  # accuracy must beat the commonest class by this much
ACCURACY = "accuracy"
RUN = Place("run")


def insights(history: History, commonest: float | None = None) -> tuple[Problem, ...]:
    """What the curves say, warnings first; nothing before there are a few epochs.

    `commonest` is the share of the most frequent class, where there are classes.
    """
    found = [problem for look in _LOOKS for problem in look(history)]
    found.extend(_no_better_than_guessing(history, commonest))
    if not found:
        found.extend(_steady(history))
    if not found:
        found.extend(_past_the_best(history))
    return tuple(found)


def _jumping(history: History) -> Iterator[Problem]:
    losses = _losses(history.training)
    pairs = zip(losses, losses[1:], strict=False)
    has_jumped = any(later > earlier * JUMPED for earlier, later in pairs)
    if len(losses) < FEWEST_EPOCHS or not has_jumped:
        return
    if losses[-1] > min(losses) * JUMPED and losses[-1] - min(losses) > NOTICEABLE * losses[0]:
        yield _warning(
            "jumping-loss",
            tr("The loss jumps instead of falling: the steps are too long."),
            tr("Set the learning rate to a tenth of what it is."),
        )


def _flat(history: History) -> Iterator[Problem]:
    losses = _losses(history.training)
    if len(losses) < FEWEST_EPOCHS or _fall(losses) >= MOVED:
        return
    if losses[0] > 0 and losses[-1] <= losses[0] * JUMPED:
        yield _warning(
            "flat-loss",
            tr("The loss hardly moves."),
            tr(
                "Try a learning rate ten times as high; if that does not help, "
                "give the network more units or look at the inputs."
            ),
        )


def _overfitting(history: History) -> Iterator[Problem]:
    training, validation = _losses(history.training), _losses(history.validation)
    if len(validation) < FEWEST_EPOCHS + 1 or len(training) != len(validation):
        return
    best = min(range(len(validation)), key=validation.__getitem__)
    since = len(validation) - 1 - best
    has_turned = validation[-1] > validation[best] * RISEN
    if since >= LASTING and has_turned and training[-1] < training[best]:
        yield _warning(
            "overfitting",
            tr(
                "Since epoch {epoch} the network learns the training rows by heart: their loss "
                "falls while that of the validation part rises.",
                epoch=_epochs(history)[best],
            ),
            tr("The best epoch is kept. Stop early, add Dropout, or use a smaller network."),
        )


def _no_better_than_guessing(history: History, commonest: float | None) -> Iterator[Problem]:
    curve = history.validation.get(ACCURACY) or history.training.get(ACCURACY)
    if commonest is None or curve is None or len(curve) < FEWEST_EPOCHS:
        return
    if max(curve.y) < commonest + BETTER:
        yield _warning(
            "no-better-than-commonest",
            tr(
                "The network is no better than always saying the most frequent class, "
                "which is right for {share} of the rows.",
                share=f"{commonest:.1%}",
            ),
            tr("Look at F1 and the confusion matrix, train for longer, or give it other inputs."),
        )


def _steady(history: History) -> Iterator[Problem]:
    training, validation = _losses(history.training), _losses(history.validation)
    watched = validation or training
    if len(watched) < FEWEST_EPOCHS or _fall(training) < MOVED:
        return
    if min(watched[-2:]) <= min(watched):
        hint = tr("More epochs may still help.") if not history.is_over else ""
        if history.state == "completed" and history.best_epoch == history.epochs:
            hint = tr("The last epoch was the best: more epochs may still help.")
        yield Problem(tr("The network is learning steadily."), hint, Severity.NOTE, RUN, "learning")


def _past_the_best(history: History) -> Iterator[Problem]:
    if history.epochs_done >= FEWEST_EPOCHS and 0 < history.best_epoch < history.epochs_done:
        yield Problem(
            tr("Epoch {epoch} was the best so far.", epoch=history.best_epoch),
            tr("Its weights are kept. What came after it was not better."),
            Severity.NOTE,
            RUN,
            "past-the-best",
        )


def _warning(code: str, message: str, hint: str) -> Problem:
    return Problem(message, hint, Severity.WARNING, RUN, code)


def _losses(curves: dict[str, Curve]) -> Sequence[float]:
    curve = curves.get(LOSS)
    return _above_zero(curve.y) if curve else ()


def _above_zero(losses: Sequence[float]) -> Sequence[float]:
    """Losses that can be less than 0, such as a Gaussian's, counted from far enough below them.

    So far that the highest is twice the lowest: only then shares of them mean anything.
    """
    lowest = min(losses, default=0.0)
    if lowest >= 0.0:
        return losses
    span = max(losses) - lowest or 1.0
    return [loss - lowest + span for loss in losses]


def _epochs(history: History) -> list[int]:
    return [round(x) for x in history.validation[LOSS].x]


def _fall(losses: Sequence[float]) -> float:
    """By which share of the first the lowest loss lies below it."""
    return (losses[0] - min(losses)) / abs(losses[0]) if losses and losses[0] else 0.0


_LOOKS: tuple[Callable[[History], Iterator[Problem]], ...] = (_jumping, _flat, _overfitting)
