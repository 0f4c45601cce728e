"""Cutting: torch.chunk and its like give several parts of an axis at once; each is a slice."""

from dataclasses import dataclass, replace
from itertools import accumulate

from studio.core.shapes import Shape
from studio.core.words import tr
from studio.export.reading.slicing import axis_of, bound
from studio.export.reading.steps import Step, Taken, Unknown

_ARGUMENTS = {
    "chunk": "input count dim",
    "split": "input sizes dim",
    "split_with_sizes": "input sizes dim",
    "unbind": "input dim",
}


@dataclass(frozen=True, slots=True)
class Cuts:
    """The parts of an axis, from where to where each, counted from the batch.

    `is_dropped` where each part is a single place, whose axis is taken away.
    """

    source: Taken
    axis: int
    parts: tuple[tuple[int, int], ...]
    is_dropped: bool = False

    def part(self, step: Step, index: int) -> Step:
        """The step that takes one of them, as the slice that it is."""
        if not -len(self.parts) <= index < len(self.parts):
            raise Unknown(tr("It takes a part that is not there."))
        start, stop = self.parts[index]
        if self.is_dropped:
            return replace(step, kind="select", takes=(self.source, self.axis, start))
        return replace(step, kind="slice", takes=(self.source, self.axis, start, stop, 1))


def is_cutting(step: Step) -> bool:
    """Whether it gives several parts at once."""
    return not step.is_layer and step.kind in _ARGUMENTS


def cuts_of(step: Step, shape: Shape) -> Cuts:
    """The parts of numbers of that shape; Unknown where they are cut by rows of the batch."""
    renamed = {"chunks": "count", "split_size_or_sections": "sizes", "split_size": "sizes"}
    named = {renamed.get(key, key): value for key, value in step.settings.items()}
    given = bound(replace(step, settings=named), _ARGUMENTS[step.kind])
    source = given["input"]
    assert isinstance(source, Taken)
    axis = axis_of(given.get("dim", 0), len(shape))
    size = shape[axis - 1]
    if step.kind == "unbind":
        return Cuts(source, axis, tuple((n, n + 1) for n in range(size)), is_dropped=True)
    ends = [min(size, end) for end in accumulate(_sizes(given, size))]
    return Cuts(source, axis, tuple(zip([0, *ends], ends, strict=False)))


def _sizes(given: dict[str, object], size: int) -> list[int]:
    """Of the parts; the last may stand for less than it says."""
    wanted = given.get("sizes", given.get("count"))
    if isinstance(wanted, list | tuple) and all(isinstance(one, int) for one in wanted):
        return [int(one) for one in wanted]
    if not isinstance(wanted, int) or wanted < 1:
        raise Unknown(tr("How it cuts is not a plain number."))
    each = wanted if "sizes" in given else -(-size // wanted)
    return [each] * -(-size // each)
