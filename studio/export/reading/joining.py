"""Joining: what torch.cat and torch.stack put side by side, be it worked out or learnt."""

from collections.abc import Callable, Mapping

from studio.core.shapes import Shape
from studio.core.words import tr
from studio.export.reading.slicing import axis_of, bound, source
from studio.export.reading.steps import Held, Step, Taken, Unknown, Wanted

Shapes = Mapping[str, Shape]
Chain = list[Wanted]
SPREAD = 0.02  # with which learnt numbers begin here; code does not say it
_STEPS = 2  # the axes of a sequence without the batch


def side_by_side(kind: str) -> Callable[[Step, Shapes], Chain]:
    """What makes the layers of that class, Concatenate or Stack."""

    def made(step: Step, shapes: Shapes) -> Chain:
        given = bound(step, "tensors dim")
        parts = given["tensors"]
        if not isinstance(parts, list | tuple):
            raise Unknown(tr("What it joins is not known before it runs."))
        taken = next((one for one in parts if isinstance(one, Taken)), None)
        shape = shapes.get(taken.name, ()) if taken is not None else ()
        axis = axis_of(given.get("dim", 0), len(shape) + (kind == "Stack"))
        token = _token(parts, axis, shape) if kind == "Concatenate" else None
        if token is not None:
            return [token]
        learnt = [one for one in parts if isinstance(one, Held) and one.is_learnt]
        if taken is None or len(learnt) != 1:
            names = tuple(source(one) for one in parts)
            return [Wanted(kind, {"axis": axis}, names)]
        names = tuple("" if one is learnt[0] else source(one) for one in parts)
        settings = {"shape": learnt[0].shape[1:], "spread": SPREAD}
        first = Wanted("LearntNumbers", settings, (taken.name,))
        return [first, Wanted(kind, {"axis": axis}, names)]

    return made


def _token(parts: list[object] | tuple[object, ...], axis: int, shape: Shape) -> Wanted | None:
    """A learnt step in front of a sequence, or behind it."""
    match parts:
        case [Held() as held, Taken() as taken]:
            is_first = True
        case [Taken() as taken, Held() as held]:
            is_first = False
        case _:
            return None
    is_step = held.is_learnt and held.shape[1:] == (1, *shape[1:])
    if not is_step or axis != 1 or len(shape) != _STEPS:
        return None
    settings = {"width": shape[1], "std": SPREAD, "is_first": is_first}
    return Wanted("ClassToken", settings, (taken.name,))
