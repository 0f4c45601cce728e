"""What can be wrong with the steps that repair the data, and those that vary the training part."""

from collections.abc import Iterator

from studio.core.catalogue import AUGMENTATION, CLEANING
from studio.core.catalogue.augmentation import MOVING
from studio.core.design.dataset import DatasetSpec
from studio.core.design.shaping import Step
from studio.core.params import checked
from studio.core.problems import Place, Problem, Severity
from studio.core.words import tr


def step_problems(spec: DatasetSpec) -> Iterator[Problem]:
    """Unknown steps, values out of range, columns that are gone or of another kind."""
    kinds = {choice.name: choice.kind for choice in spec.columns}
    for number, step in enumerate(spec.recipe):
        place = Place("recipe", str(number))
        entry = CLEANING.get(step.key)
        if entry is None:
            yield _unknown(step, place)
            continue
        yield from checked(entry.params, step.params, place, tr(entry.title))[1]
        yield from _columns(step, tr(entry.title), dict(kinds), entry.kinds, place)
    inputs = {one.name: one.kind for one in spec.model_inputs()}
    for number, step in enumerate(spec.augmentation):
        place = Place("augmentation", str(number))
        variation = AUGMENTATION.get(step.key)
        if variation is None:
            yield _unknown(step, place)
            continue
        yield from checked(variation.params, step.params, place, tr(variation.title))[1]
        yield from _columns(step, tr(variation.title), dict(inputs), variation.kinds, place)
        if step.is_on and step.key in MOVING and _has_still_targets(spec):
            yield _moves_alone(tr(variation.title), place)
        if step.is_on and variation.needs_own_tokens and spec.text.tokenizer == "file":
            yield _other_tokens(tr(variation.title), place)


def _has_still_targets(spec: DatasetSpec) -> bool:
    return any(one.task in ("masks", "images") for one in spec.model_outputs())


def _moves_alone(title: str, place: Place) -> Problem:
    return Problem(
        tr(
            "{step} moves the picture, but not the pixels that it is compared with.",
            step=title,
        ),
        tr("Switch it off; brightness, contrast and noise may stay."),
        Severity.ERROR,
        place,
        "moves-alone",
    )


def _other_tokens(title: str, place: Place) -> Problem:
    return Problem(
        tr("{step} does not know the tokens of a pretrained network.", step=title),
        tr("Switch it off; the network has its own dropout where it is trained on."),
        Severity.ERROR,
        place,
        "step-does-not-fit",
    )


def _columns(
    step: Step, title: str, known: dict[str, str], kinds: tuple[str, ...], place: Place
) -> Iterator[Problem]:
    for name in step.columns:
        if name not in known:
            yield Problem(
                tr("{step} works on {name}, which the data do not have.", step=title, name=name),
                tr("Choose another column for it, or remove the step."),
                Severity.WARNING,
                place,
                "missing-column",
            )
        elif kinds and known[name] not in kinds:
            yield Problem(
                tr(
                    "{step} does not fit {name}, which is of kind {kind}. Expected: {kinds}.",
                    step=title,
                    name=name,
                    kind=known[name],
                    kinds=", ".join(kinds),
                ),
                tr("Choose another column for it, or remove the step."),
                Severity.WARNING,
                place,
                "step-does-not-fit",
            )


def _unknown(step: Step, place: Place) -> Problem:
    return Problem(
        tr("The step {key} is not known here.", key=step.key[:60]),
        tr("Remove it, or open the project with a newer version of Studio."),
        place=place,
        code="unknown-step",
    )
