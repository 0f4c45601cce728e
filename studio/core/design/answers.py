"""ModelOutput: what the model is to answer, one for each thing that is asked of it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from studio.core.catalogue.entry import TaskKind
from studio.core.design.features import ColumnKind
from studio.core.shapes import Shape

NUMBERS = "numbers"  # what several number targets together are called


@dataclass(frozen=True, slots=True)
class Target:
    """A target column with what was found in it; `is_input` where the model takes it, too.

    `labels` and `counts` are those of a category, or of the classes that a mask is drawn in;
    `shape` is that of a picture.
    """

    name: str
    kind: ColumnKind
    is_input: bool = False
    labels: tuple[str, ...] = ()
    counts: tuple[int, ...] = ()
    shape: Shape = ()


@dataclass(frozen=True, slots=True)
class ModelOutput:
    """One answer of the model: all number targets together, each other target alone.

    `columns` are the targets in the data. `labels` are the classes in their order and
    `counts` how many rows each has; `names` say what each number is (of a series a target at
    one step). `shape` is that of the model's answer to one sample, without the batch:
    (classes,), (numbers,), (tokens, vocabulary), (channels, height, width) of a picture that
    is rebuilt, (classes, height, width) of a mask; empty while that is unknown.
    """

    name: str
    task: TaskKind
    columns: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    shape: Shape = ()
    counts: tuple[int, ...] = ()

    def is_called(self, name: str) -> bool:
        """True where that is its name, or the name of one of its columns."""
        return name == self.name or name in self.columns


def output_named(outputs: tuple[ModelOutput, ...], name: str) -> int | None:
    """The place of the output of that name; the only one where there is no other."""
    found = (place for place, one in enumerate(outputs) if one.name == name)
    return next(found, 0 if len(outputs) == 1 else None)


def outputs_for(
    targets: tuple[Target, ...], names: tuple[str, ...], text: Shape
) -> tuple[ModelOutput, ...]:
    """What is asked for these targets: all numbers together, every other one on its own.

    `names` are those of the numbers, `text` the shape of an answer in text, empty where
    texts cannot be answered. Nothing where one of the targets cannot be learnt.
    """
    numbers = tuple(one.name for one in targets if one.kind == "number")
    found: list[ModelOutput] = []
    for one in targets:
        if one.kind == "number":
            if one.name == numbers[0]:
                found.append(_numbers(numbers, names))
            continue
        output = _alone(one, text)
        if output is None:
            return ()
        found.append(output)
    return tuple(_told_apart(found))


def _numbers(columns: tuple[str, ...], names: tuple[str, ...]) -> ModelOutput:
    name = columns[0] if len(columns) == 1 else NUMBERS
    return ModelOutput(name, "numbers", columns, (), names, (len(names),))


def _alone(one: Target, text: Shape) -> ModelOutput | None:
    columns = (one.name,)
    if one.kind == "category":
        size: Shape = (len(one.labels),) if one.labels else ()
        return ModelOutput(one.name, "classes", columns, one.labels, columns, size, one.counts)
    if one.kind == "text" and text:
        return ModelOutput(one.name, "sequences", columns, (), columns, text)
    if one.kind != "image":
        return None
    if one.is_input:
        return ModelOutput(one.name, "images", columns, (), columns, one.shape)
    size = (len(one.labels), *one.shape[1:]) if one.labels and one.shape else ()
    return ModelOutput(one.name, "masks", columns, one.labels, columns, size, one.counts)


def _told_apart(found: Iterable[ModelOutput]) -> Iterable[ModelOutput]:
    """Several numbers together keep their name unless a column is called so."""
    others = list(found)
    for one in others:
        is_taken = len(one.columns) > 1 and any(other.columns == (NUMBERS,) for other in others)
        yield replace(one, name=f"{NUMBERS} *") if is_taken else one
