"""Slicing: x[:, -1, 2:5] as layers that cut an axis, or take it away; and which axis is meant."""

from collections.abc import Mapping
from dataclasses import replace

from studio.core.shapes import Shape
from studio.core.words import tr
from studio.export.reading.steps import Settings, Step, Taken, Unknown, Wanted

Shapes = Mapping[str, Shape]
Chain = list[Wanted]


def bound(step: Step, names: str) -> dict[str, object]:
    """The arguments by the names that they have in this order; those given by name too."""
    keys = names.split()
    return {**dict(zip(keys, step.takes, strict=False)), **step.settings}


def source(value: object) -> str:
    """The name of what goes in; Unknown where that is no numbers of the network."""
    if isinstance(value, Taken):
        return value.name
    raise Unknown(tr("It takes something that is not worked out from the input."))


def axis_of(value: object, rank: int) -> int:
    """An axis counted from the batch, which is 0; `rank` is that without the batch."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise Unknown(tr("Along which axis it works is not a plain number."))
    found = value + rank + 1 if value < 0 else value
    if not 1 <= found <= rank + 1:
        raise Unknown(tr("It works across the rows of a batch, which no layer does."))
    return found


def rank_of(step: Step, shapes: Shapes) -> int:
    """How many axes the first input has, without the batch."""
    return len(shapes.get(source(step.takes[0]), ()))


def indexed(step: Step, shapes: Shapes) -> Chain | None:
    """What x[:, -1, 2:5] is: slices, and numbers, which take their axis away."""
    if not isinstance(step.takes[0], Taken):
        return None
    name, index = step.takes[0].name, step.takes[1]
    listed = list(index) if isinstance(index, tuple) else [index]
    rank = len(shapes.get(name, ()))
    if Ellipsis in listed:
        at = listed.index(Ellipsis)
        listed[at : at + 1] = [slice(None)] * (rank + 2 - len(listed))
    if listed[:1] != [slice(None)]:
        raise Unknown(tr("It works across the rows of a batch, which no layer does."))
    sizes, chain, axis = (0, *shapes.get(name, ())), list[Wanted](), 1
    for place, one in enumerate(listed[1:], 1):
        axis += _cut(chain, one, axis, sizes[place] if place < len(sizes) else 0)
    return _from(chain, name)


def _cut(chain: Chain, one: object, axis: int, size: int) -> int:
    """Adds what cuts one axis; gives by how much the next axis is further on."""
    if isinstance(one, slice):
        start, stop, stride = one.indices(size)
        if (start, stop, stride) != (0, size, 1):
            chain.append(_slice(axis, start, stop, stride, _from_behind(one)))
        return 1
    if one is None:
        chain.append(Wanted("Unsqueeze", {"axis": axis}, ("",)))
        return 1
    if isinstance(one, bool) or not isinstance(one, int):
        raise Unknown(tr("What it picks is not a plain number."))
    start = one + size if one < 0 else one
    rather = {"start": one, "stop": one} if one < 0 else {}
    chain.append(_slice(axis, start, start + 1, 1, rather))
    chain.append(Wanted("Squeeze", {"axis": axis}, ("",)))
    return 0


def _from_behind(one: slice) -> Settings:
    """The ends that are counted from the back, as the layer has them: the last is still taken."""
    found: dict[str, object] = {}
    if isinstance(one.start, int) and one.start < 0:
        found["start"] = one.start
    if isinstance(one.stop, int) and one.stop < 0:
        found["stop"] = one.stop - 1
    return found


def _slice(axis: int, start: int, stop: int, stride: int, rather: Settings) -> Wanted:
    settings = {"axis": axis, "start": start, "stop": stop, "step": stride}
    return Wanted("Slice", settings, ("",), rather=rather)


def _from(chain: Chain, name: str) -> Chain:
    """The first takes the step's own input."""
    first = [replace(one, sources=(name,)) for one in chain[:1]]
    return [*first, *chain[1:]]


def selected(step: Step, shapes: Shapes) -> Chain:
    """The exported form of x[:, 3]."""
    given, rank = bound(step, "input dim index"), rank_of(step, shapes)
    axis, name = axis_of(given["dim"], rank), source(step.takes[0])
    chain: Chain = []
    _cut(chain, given["index"], axis, shapes[name][axis - 1])
    return _from(chain, name)


def sliced(step: Step, shapes: Shapes) -> Chain:
    """The exported form of x[:, 2:5]."""
    given, rank = bound(step, "input dim start end step"), rank_of(step, shapes)
    name, axis = source(step.takes[0]), given.get("dim", 0)
    bounds = [given.get(key) for key in ("start", "end", "step")]
    whole = [one if isinstance(one, int) else None for one in bounds]
    if axis == 0:
        if whole[0] in (None, 0) and (whole[1] is None or whole[1] > 2**60):
            return []
        raise Unknown(tr("It works across the rows of a batch, which no layer does."))
    found, chain = axis_of(axis, rank), list[Wanted]()
    _cut(chain, slice(*whole), found, shapes[name][found - 1])
    return _from(chain, name)
