"""What can be wrong with the optimizer of a run and the schedule of its learning rate."""

from collections.abc import Iterator

from studio.core.catalogue import OPTIMIZERS, SCHEDULES
from studio.core.catalogue.schedules import ScheduleEntry
from studio.core.design.training import CONSTANT, TrainingSpec
from studio.core.params import Value, Values, checked
from studio.core.problems import Fix, Place, Problem, Severity
from studio.core.words import tr

OPTIMIZER, SCHEDULE, CLIP = (Place("field", key) for key in ("optimizer", "schedule", "clip"))


def optimizer_problems(training: TrainingSpec) -> Iterator[Problem]:
    """All that is wrong with the optimizer, its values and what goes with it."""
    entry = OPTIMIZERS.get(training.optimizer)
    if entry is None:
        yield Problem(
            tr("The optimizer {key} is not known.", key=training.optimizer[:60]),
            tr("Choose one on the Train page."),
            place=OPTIMIZER,
            code="unknown-optimizer",
        )
        return
    values, problems = checked(entry.params, training.optimizer_params, OPTIMIZER, tr(entry.title))
    yield from problems
    yield from _nesterov(values)
    yield from _step_sizes(values)
    if entry.looks_again and training.clip:
        yield Problem(
            tr(
                "{optimizer} measures its own steps, so its gradient cannot be clipped.",
                optimizer=tr(entry.title),
            ),
            tr("Set the clipping to 0, or choose another optimizer."),
            place=CLIP,
            code="clip-does-not-fit",
            fix=set_training("clip", 0.0, tr("Clip nothing")),
        )
    if entry.sets_own_steps and training.schedule != CONSTANT:
        yield Problem(
            tr(
                "{optimizer} finds its own steps: a schedule changes nothing.",
                optimizer=tr(entry.title),
            ),
            tr("Keep the learning rate constant, or choose another optimizer."),
            Severity.WARNING,
            SCHEDULE,
            "schedule-does-nothing",
            set_training("schedule", CONSTANT, tr("Keep it constant")),
        )


def schedule_problems(training: TrainingSpec) -> Iterator[Problem]:
    """All that is wrong with the schedule, and what of it would never come to be."""
    entry = SCHEDULES.get(training.schedule)
    if entry is None:
        yield Problem(
            tr("The schedule {key} is not known.", key=training.schedule[:60]),
            tr("Choose one on the Train page."),
            place=SCHEDULE,
            code="unknown-schedule",
            fix=set_training("schedule", CONSTANT, tr("Keep the learning rate constant")),
        )
        return
    values, problems = checked(entry.params, training.schedule_params, SCHEDULE, tr(entry.title))
    yield from problems
    if problems:
        return
    yield from _too_late(entry, values, training.epochs)
    yield from _after_the_end(values, training.epochs)
    if values.get("first", 1.0) == values.get("last", 1.0) == 0.0 and entry.key != CONSTANT:
        yield Problem(
            tr("{schedule} goes from 0 to 0: nothing would be learnt.", schedule=tr(entry.title)),
            tr("Set the first share to 1."),
            place=SCHEDULE,
            code="rate-is-zero",
            fix=set_training("schedule_params", {"first": 1.0}, tr("Set the first share to 1")),
        )


def set_training(key: str, value: object, label: str) -> Fix:
    """A fix that gives one of the training settings another value; params are merged."""
    return Fix("set_training", label, {"key": key, "value": value})


def _too_late(entry: ScheduleEntry, values: Values, epochs: int) -> Iterator[Problem]:
    """A count of epochs that the run does not last."""
    for key in entry.epochs_params:
        value = values[key]
        if isinstance(value, int) and value >= epochs and not _is_whole_wave(entry, value, epochs):
            shorter = max(1, epochs // 4)
            label = tr(entry.param(key).label)
            fix = set_training("schedule", CONSTANT, tr("Keep the learning rate constant"))
            if shorter < epochs:
                words = tr("Set {label} to {count}", label=label, count=shorter)
                fix = set_training("schedule_params", {key: shorter}, words)
            yield Problem(
                tr(
                    "{label} of {schedule} takes {count} epochs, but the run has {epochs}: "
                    "what comes after never happens.",
                    label=label,
                    schedule=tr(entry.title),
                    count=value,
                    epochs=epochs,
                ),
                tr("Train longer, or make it shorter."),
                Severity.WARNING,
                SCHEDULE,
                "schedule-too-long",
                fix,
            )


def _is_whole_wave(entry: ScheduleEntry, value: int, epochs: int) -> bool:
    """A wave that ends with the run is what a person may want."""
    return value == epochs and "growth" in {param.key for param in entry.params}


def _after_the_end(values: Values, epochs: int) -> Iterator[Problem]:
    after = values.get("after")
    if not isinstance(after, tuple) or any(int(epoch) < epochs for epoch in after):
        return
    earlier: Value = tuple(sorted({max(1, epochs // 2), max(1, epochs * 3 // 4)}))
    yield Problem(
        tr(
            "The learning rate falls after epoch {first}, but the run has {epochs}.",
            first=min(int(epoch) for epoch in after),
            epochs=epochs,
        ),
        tr("Name epochs that the run reaches."),
        Severity.WARNING,
        SCHEDULE,
        "schedule-too-long",
        set_training("schedule_params", {"after": earlier}, tr("Let it fall within the run"))
        if epochs > 1
        else set_training("schedule", CONSTANT, tr("Keep the learning rate constant")),
    )


def _nesterov(values: Values) -> Iterator[Problem]:
    if values.get("nesterov") and not values.get("momentum"):
        yield Problem(
            tr("Nesterov needs a momentum above 0, but it is 0."),
            tr("Set the momentum to 0.9, or turn Nesterov off."),
            place=OPTIMIZER,
            code="nesterov-without-momentum",
            fix=set_training("optimizer_params", {"momentum": 0.9}, tr("Set momentum to 0.9")),
        )
    elif values.get("nesterov") and values.get("dampening"):
        yield Problem(
            tr("Nesterov needs a dampening of 0."),
            tr("Set the dampening to 0, or turn Nesterov off."),
            place=OPTIMIZER,
            code="nesterov-with-dampening",
            fix=set_training("optimizer_params", {"dampening": 0.0}, tr("Set dampening to 0")),
        )


def _step_sizes(values: Values) -> Iterator[Problem]:
    least, most = values.get("step_least"), values.get("step_most")
    if isinstance(least, float) and isinstance(most, float) and least > most:
        yield Problem(
            tr("The least step is longer than the longest step."),
            tr("Set the least step to 0.000001."),
            place=OPTIMIZER,
            code="bad-value",
            fix=set_training(
                "optimizer_params", {"step_least": 1e-6}, tr("Set the least step to 0.000001")
            ),
        )
