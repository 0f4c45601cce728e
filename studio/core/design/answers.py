"""ModelOutput: what the model is to answer, one for each thing that is asked of it."""

from dataclasses import dataclass

from studio.core.catalogue.entry import TaskKind
from studio.core.shapes import Shape


@dataclass(frozen=True, slots=True)
class ModelOutput:
    """One answer of the model: all number targets together, each other target alone.

    `columns` are the targets in the data. `labels` are the classes in their order and
    `counts` how many rows each has; `names` say what each number is (of a series a target at
    one step). `shape` is that of the model's answer to one sample, without the batch:
    (classes,), (numbers,), (tokens, vocabulary); empty while that is unknown.
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
