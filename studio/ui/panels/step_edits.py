"""Edits of the steps that repair the data and of those that vary them, and what can be added."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from studio.core.catalogue import AUGMENTATION, CLEANING
from studio.core.catalogue.entry import AugmentationEntry, CleaningEntry
from studio.core.design.dataset import COLUMN_KINDS, DatasetSpec
from studio.core.design.shaping import Step
from studio.core.words import tr

Shelf: TypeAlias = Literal["recipe", "augmentation"]
StepEntry: TypeAlias = CleaningEntry | AugmentationEntry

ENTRIES: Mapping[Shelf, Mapping[str, StepEntry]] = {
    "recipe": CLEANING,
    "augmentation": AUGMENTATION,
}


@dataclass(frozen=True, slots=True)
class Offer:
    """A step that can be added, for one column or input, or for all that it fits."""

    entry: StepEntry
    columns: tuple[str, ...]


def steps_of(dataset: DatasetSpec, shelf: Shelf) -> tuple[Step, ...]:
    """The steps of one shelf."""
    return dataset.recipe if shelf == "recipe" else dataset.augmentation


def offers_for_column(dataset: DatasetSpec, name: str) -> tuple[Offer, ...]:
    """The repairs that fit a column; reading as number or date fits whatever was taken for text."""
    chosen = dataset.choice(name)
    if chosen is None:
        return ()
    return tuple(
        Offer(entry, (name,))
        for entry in CLEANING.values()
        if not entry.is_for_series and _fits(entry, chosen.kind)
    )


def offers_for_all(dataset: DatasetSpec) -> tuple[Offer, ...]:
    """The repairs that make sense for all columns at once."""
    kinds = {column.kind for column in dataset.columns if column.role != "ignore"}
    return tuple(
        Offer(entry, ())
        for entry in CLEANING.values()
        if entry.stage != "read"
        and "from" not in {param.key for param in entry.params}
        and (not entry.is_for_series or dataset.series is not None)
        and (not entry.kinds or kinds & set(entry.kinds))
    )


def variations(dataset: DatasetSpec) -> tuple[Offer, ...]:
    """The ways to vary what the model takes."""
    inputs = dataset.model_inputs()
    found = []
    for entry in AUGMENTATION.values():
        names = tuple(one.name for one in inputs if one.kind in entry.kinds)
        if names:
            found.append(Offer(entry, names))
    return tuple(found)


def with_step_added(dataset: DatasetSpec, shelf: Shelf, offer: Offer) -> DatasetSpec:
    """One step more, at the end. A column that is to be read in another way gets that kind."""
    step = Step(offer.entry.key, offer.columns, offer.entry.defaults())
    if isinstance(offer.entry, CleaningEntry) and offer.entry.stage == "read":
        kind = next(kind for kind in COLUMN_KINDS if kind in offer.entry.kinds)
        for name in offer.columns:
            dataset = dataset.with_column(name, kind=kind)
    return with_steps(dataset, shelf, (*steps_of(dataset, shelf), step))


def with_step(dataset: DatasetSpec, shelf: Shelf, number: int, step: Step) -> DatasetSpec:
    """Another step in the place of that number."""
    steps = steps_of(dataset, shelf)
    return with_steps(dataset, shelf, (*steps[:number], step, *steps[number + 1 :]))


def without_step(dataset: DatasetSpec, shelf: Shelf, number: int) -> DatasetSpec:
    """One step less."""
    steps = steps_of(dataset, shelf)
    return with_steps(dataset, shelf, (*steps[:number], *steps[number + 1 :]))


def with_step_moved(dataset: DatasetSpec, shelf: Shelf, number: int, to: int) -> DatasetSpec:
    """The step of that number at another place."""
    steps = list(steps_of(dataset, shelf))
    steps.insert(min(max(to, 0), len(steps) - 1), steps.pop(number))
    return with_steps(dataset, shelf, tuple(steps))


def with_steps(dataset: DatasetSpec, shelf: Shelf, steps: tuple[Step, ...]) -> DatasetSpec:
    """Other steps."""
    if shelf == "recipe":
        return replace(dataset, recipe=steps)
    return replace(dataset, augmentation=steps)


def columns_words(step: Step) -> str:
    """What a step works on, in few words."""
    if not step.columns:
        return tr("all that it fits")
    if len(step.columns) <= 2:  # noqa: PLR2004 - more names do not fit a line
        return ", ".join(step.columns)
    return tr("{count} {count|column|columns}", count=len(step.columns))


def fitting_columns(dataset: DatasetSpec, shelf: Shelf, entry: StepEntry) -> tuple[str, ...]:
    """The columns, or the inputs of the model, that a step can work on."""
    if shelf == "augmentation":
        return tuple(one.name for one in dataset.model_inputs() if one.kind in entry.kinds)
    return tuple(c.name for c in dataset.columns if not entry.kinds or c.kind in entry.kinds)


def _fits(entry: CleaningEntry, kind: str) -> bool:
    if entry.stage == "read":
        return kind in ("text", "category", *entry.kinds)
    return not entry.kinds or kind in entry.kinds
