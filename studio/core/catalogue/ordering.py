"""Layers that give axes another order, or take out a part: flatten some, permute, slice."""

from studio.core.catalogue.entry import Arguments, LayerCall, LayerEntry, passed, refused, set_param
from studio.core.params import LARGEST_WHOLE, Param, whole
from studio.core.problems import Fix, Problem
from studio.core.shapes import Shape, reshaped, show, size_of
from studio.core.words import tr

MOST_AXES = 6
END = -1


def _axis_param(help: str) -> Param:  # noqa: A002
    return whole("axis", "Axis", 1, at_most=MOST_AXES, help=help)


def _axis_missing(call: LayerCall) -> Problem | None:
    """A Problem where the input has fewer sizes than the axis that is meant."""
    most = len(call.shape)
    if call.whole("axis") <= most:
        return None
    return refused(
        tr(
            "{name} works on axis {axis}, but gets {shape}.",
            name=call.name,
            axis=call.whole("axis"),
            shape=show(call.shape),
        ),
        tr("Choose an axis from 1 to {most}.", most=most) if most > 1 else tr("Choose axis 1."),
        code="axis-out-of-range",
        fix=_set_axis(most),
    )


def _flatten_axes_shape(call: LayerCall) -> Shape | Problem:
    first, second = call.whole("first"), call.whole("second")
    if max(first, second) > len(call.shape):
        return _axes_missing(call, "second" if second > len(call.shape) else "first")
    if first > second:
        return refused(
            tr(
                "{name} joins axis {first} to axis {second}, which is backwards.",
                name=call.name,
                first=first,
                second=second,
            ),
            tr("Begin with the lower axis."),
            code="axes-turned-round",
            fix=set_param("first", second, tr("Begin with axis {axis}", axis=second)),
        )
    joined = size_of(call.shape[first - 1 : second])
    return (*call.shape[: first - 1], joined, *call.shape[second:])


def _axes_missing(call: LayerCall, key: str) -> Problem:
    most = len(call.shape)
    return refused(
        tr(
            "{name} joins axis {first} to axis {second}, but gets {shape}.",
            name=call.name,
            first=call.whole("first"),
            second=call.whole("second"),
            shape=show(call.shape),
        ),
        tr("Choose two axes from 1 to {most}.", most=most)
        if most > 1
        else tr("Leave it out: there is only one axis."),
        code="axis-out-of-range",
        fix=set_param(key, most, tr("Set it to axis {axis}", axis=most)) if most > 1 else None,
    )


def _flatten_axes_arguments(call: LayerCall) -> Arguments:
    return {"start_dim": call.whole("first"), "end_dim": call.whole("second")}


def _unflatten_shape(call: LayerCall) -> Shape | Problem:
    problem = _axis_missing(call)
    if problem is not None:
        return problem
    axis, wanted = call.whole("axis") - 1, call.sizes("sizes")
    found = reshaped(call.shape[axis : axis + 1], wanted)
    if found is not None:
        return (*call.shape[:axis], *found, *call.shape[axis + 1 :])
    return refused(
        tr(
            "{name} splits a size into {wanted}, but gets {shape}, whose axis {axis} does not fit.",
            name=call.name,
            wanted=" × ".join("?" if size == -1 else str(size) for size in wanted),
            shape=show(call.shape),
            axis=axis + 1,
        ),
        tr("Choose sizes that multiply to that size; -1 stands for what is left over."),
        code="counts-differ",
    )


def _unflatten_arguments(call: LayerCall) -> Arguments:
    axis = call.whole("axis")
    wanted = call.sizes("sizes")
    return {
        "dim": axis,
        "unflattened_size": reshaped(call.shape[axis - 1 : axis], wanted) or wanted,
    }


def _permute_shape(call: LayerCall) -> Shape | Problem:
    order, count = call.sizes("order"), len(call.shape)
    if sorted(order) == list(range(1, count + 1)):
        return tuple(call.shape[axis - 1] for axis in order)
    kept = [axis for axis in dict.fromkeys(order) if axis <= count]
    fitting = (*kept, *(axis for axis in range(1, count + 1) if axis not in kept))
    return refused(
        tr(
            "{name} puts axes in the order {order}, but gets {shape}.",
            name=call.name,
            order=_listed(order),
            shape=show(call.shape),
        ),
        tr("Name each axis from 1 to {count} once.", count=count),
        code="axes-differ",
        fix=set_param("order", fitting, tr("Set the order to {order}", order=_listed(fitting))),
    )


def _listed(order: tuple[int, ...]) -> str:
    return ", ".join(map(str, order))


def _squeeze_shape(call: LayerCall) -> Shape | Problem:
    problem = _axis_missing(call)
    if problem is not None:
        return problem
    axis = call.whole("axis") - 1
    if call.shape[axis] == 1 and len(call.shape) > 1:
        return (*call.shape[:axis], *call.shape[axis + 1 :])
    ones = [place for place, size in enumerate(call.shape, 1) if size == 1]
    return refused(
        tr(
            "{name} takes away a size of 1 at axis {axis}, but gets {shape}.",
            name=call.name,
            axis=axis + 1,
            shape=show(call.shape),
        ),
        tr("Choose an axis whose size is 1, or leave this layer out."),
        code="not-one",
        fix=_set_axis(ones[0]) if ones and len(call.shape) > 1 else None,
    )


def _set_axis(axis: int) -> Fix:
    return set_param("axis", axis, tr("Set the axis to {axis}", axis=axis))


def _unsqueeze_shape(call: LayerCall) -> Shape | Problem:
    axis = call.whole("axis") - 1
    if axis <= len(call.shape):
        return (*call.shape[:axis], 1, *call.shape[axis:])
    most = len(call.shape) + 1
    return refused(
        tr(
            "{name} puts a size of 1 at axis {axis}, but gets {shape}.",
            name=call.name,
            axis=axis + 1,
            shape=show(call.shape),
        ),
        tr("Choose an axis from 1 to {most}.", most=most),
        code="axis-out-of-range",
        fix=_set_axis(most),
    )


def _bounds(call: LayerCall) -> tuple[int, int]:
    """The first place that is kept and the one behind the last, counted from 0."""
    size = call.shape[call.whole("axis") - 1]
    start, stop = call.whole("start"), call.whole("stop")
    return (start - 1 if start > 0 else size + start), (stop if stop > 0 else size + stop + 1)


def _slice_shape(call: LayerCall) -> Shape | Problem:
    problem = _axis_missing(call)
    if problem is not None:
        return problem
    axis = call.whole("axis") - 1
    start, stop = _bounds(call)
    is_counted_from_one = call.whole("start") != 0 and call.whole("stop") != 0
    if is_counted_from_one and 0 <= start < stop <= call.shape[axis]:
        kept = -((start - stop) // call.whole("step"))
        return (*call.shape[:axis], kept, *call.shape[axis + 1 :])
    return _nothing_there(call, call.shape[axis])


def _nothing_there(call: LayerCall, size: int) -> Problem:
    start, stop = _bounds(call)
    is_start_fine = call.whole("start") != 0 and 0 <= start < size
    key, value = ("stop", END) if is_start_fine else ("start", 1)
    words = tr("Go up to the last") if is_start_fine else tr("Begin with the first")
    return refused(
        tr(
            "{name} takes from {start} to {stop} along axis {axis}, but gets {shape}.",
            name=call.name,
            start=call.whole("start"),
            stop=call.whole("stop"),
            axis=call.whole("axis"),
            shape=show(call.shape),
        ),
        tr("1 is the first of {size}, -1 the last; begin before the end.", size=size),
        code="slice-out-of-range",
        fix=set_param(key, value, words),
    )


def _slice_arguments(call: LayerCall) -> Arguments:
    start, stop = _bounds(call)
    return {"axis": call.whole("axis"), "start": start, "stop": stop, "step": call.whole("step")}


FLATTEN_AXES = LayerEntry(
    key="flatten_axes",
    title="Flatten some axes",
    family="reshaping",
    help="Puts the numbers of neighbouring axes in one line and leaves the others. "
    "Use it to make steps of the places of an image.",
    params=(
        whole("first", "From axis", 1, at_most=MOST_AXES, help="The first axis that is joined."),
        whole("second", "To axis", 2, at_most=MOST_AXES, help="The last axis that is joined."),
    ),
    shape=_flatten_axes_shape,
    arguments=_flatten_axes_arguments,
    torch="Flatten",
    badge="{first} to {second}",
    takes_indices=True,
    keeps_indices=True,
)
UNFLATTEN = LayerEntry(
    key="unflatten",
    title="Unflatten",
    family="reshaping",
    help="Splits one axis into several and leaves the others. "
    "Use it to undo a Flatten, or to make groups of channels.",
    params=(
        _axis_param("Which axis is split: 1 is the first."),
        Param(
            "sizes",
            "Into",
            "shape",
            (2, -1),
            "The sizes that come out of it. One may be -1: what is left over.",
            at_least=-1,
            at_most=LARGEST_WHOLE,
        ),
    ),
    shape=_unflatten_shape,
    arguments=_unflatten_arguments,
    torch="Unflatten",
    badge="axis {axis} into {sizes}",
    takes_indices=True,
    keeps_indices=True,
)
PERMUTE = LayerEntry(
    key="permute",
    title="Permute",
    family="reshaping",
    help="Puts all axes in another order. Use it where several axes change places; "
    "for two, a Transpose is enough.",
    params=(
        Param(
            "order",
            "Order",
            "shape",
            (2, 1),
            "Which axis comes first, which second, and so on; 1 is the first that comes in.",
            at_least=1,
            at_most=MOST_AXES,
        ),
    ),
    shape=_permute_shape,
    arguments=passed("order"),
    torch="Permute",
    badge="axes {order}",
    takes_indices=True,
    keeps_indices=True,
)
SQUEEZE = LayerEntry(
    key="squeeze",
    title="Squeeze",
    family="reshaping",
    help="Takes away an axis whose size is 1. "
    "Use it after a Slice of one place, or where a layer left such an axis.",
    params=(_axis_param("Which axis is taken away: 1 is the first."),),
    shape=_squeeze_shape,
    arguments=passed("axis"),
    torch="Squeeze",
    badge="axis {axis}",
    takes_indices=True,
    keeps_indices=True,
)
UNSQUEEZE = LayerEntry(
    key="unsqueeze",
    title="Unsqueeze",
    family="reshaping",
    help="Puts in an axis of size 1. "
    "Use it to make one channel of a line, or one step of a row of numbers.",
    params=(_axis_param("Where the new axis stands: 1 is the first."),),
    shape=_unsqueeze_shape,
    arguments=passed("axis"),
    torch="Unsqueeze",
    badge="axis {axis}",
    takes_indices=True,
    keeps_indices=True,
)
SLICE = LayerEntry(
    key="slice",
    title="Slice",
    family="reshaping",
    help="Takes a part out of an axis: some steps, channels, rows or columns. "
    "Use it to lead parts to different branches, or to take the last step.",
    params=(
        _axis_param("Along which axis: 1 is the first."),
        whole(
            "start",
            "From",
            1,
            at_least=-LARGEST_WHOLE,
            help="The first that is taken: 1 is the first of all, -1 the last.",
        ),
        whole(
            "stop",
            "To",
            END,
            at_least=-LARGEST_WHOLE,
            help="The last that is taken: -1 is the last of all.",
        ),
        whole("step", "Every", 1, help="2 takes every second."),
    ),
    shape=_slice_shape,
    arguments=_slice_arguments,
    torch="Slice",
    badge="axis {axis}: {start} to {stop}",
    takes_indices=True,
    keeps_indices=True,
)

ENTRIES = (FLATTEN_AXES, UNFLATTEN, PERMUTE, SQUEEZE, UNSQUEEZE, SLICE)
