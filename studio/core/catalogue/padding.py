"""Layers that add a border to a series, an image or a clip, or cut one off."""

from collections.abc import Callable

from studio.core.catalogue.entry import Arguments, LayerCall, LayerEntry, refused, set_param
from studio.core.catalogue.expectations import missing_channels
from studio.core.catalogue.sliding import (
    BORDERS,
    CIRCULAR,
    REFLECT,
    REPLICATE,
    ZEROS,
    most_border,
)
from studio.core.params import choice, number, sizes
from studio.core.problems import Problem
from studio.core.shapes import Shape, show
from studio.core.words import tr

VALUE = "value"
MODES = {**BORDERS, VALUE: "A number"}
MODULES = {
    ZEROS: "ConstantPad",
    VALUE: "ConstantPad",
    REFLECT: "ReflectionPad",
    REPLICATE: "ReplicationPad",
    CIRCULAR: "CircularPad",
}
SUBJECTS = {1: "a series", 2: "an image", 3: "a clip"}
LARGEST_VALUE = 1e6


def _pad_shape_rule(directions: int) -> Callable[[LayerCall], Shape | Problem]:
    def shape(call: LayerCall) -> Shape | Problem:
        problem = missing_channels(call, directions) or _border_too_large(call)
        if problem is not None:
            return problem
        return (call.shape[0], *_grown(call, 1))

    return shape


def _grown(call: LayerCall, sign: int) -> tuple[int, ...]:
    borders = zip(call.shape[1:], call.sizes("before"), call.sizes("after"), strict=True)
    return tuple(size + sign * (before + after) for size, before, after in borders)


def _border_too_large(call: LayerCall) -> Problem | None:
    """A border that is made of the input cannot be larger than the input."""
    most = most_border(call.shape[1:], call.text("mode"))
    larger = [max(pair) for pair in zip(call.sizes("before"), call.sizes("after"), strict=True)]
    if all(border <= limit for border, limit in zip(larger, most, strict=True)):
        return None
    return refused(
        tr(
            "{name} makes a border of {border} out of its input, but gets {size}.",
            name=call.name,
            border=show(tuple(larger)),
            size=show(call.shape[1:]),
        ),
        tr("Fill the border with zeros, or make it smaller."),
        code="border-too-large",
        fix=set_param("mode", ZEROS, tr("Fill the border with zeros")),
    )


def _pad_arguments(call: LayerCall) -> Arguments:
    """Torch counts from the last direction, each with what comes before and after."""
    borders = zip(reversed(call.sizes("before")), reversed(call.sizes("after")), strict=True)
    padding = tuple(size for pair in borders for size in pair)
    if call.text("mode") == VALUE:
        return {"padding": padding, "value": call.values["value"]}
    return (
        {"padding": padding, "value": 0.0} if call.text("mode") == ZEROS else {"padding": padding}
    )


def _pad(directions: int) -> LayerEntry:
    return LayerEntry(
        key=f"pad{directions}d",
        title=f"Padding {directions}D",
        family="reshaping",
        help=f"Adds a border to {SUBJECTS[directions]}. Use it to make sizes fit, or before a "
        "Convolution whose border is to differ from side to side.",
        params=(
            sizes(
                "before", "Before", 1, directions, at_least=0, help="How much to add at the start."
            ),
            sizes("after", "After", 1, directions, at_least=0, help="How much to add at the end."),
            choice(
                "mode",
                "Border",
                ZEROS,
                MODES,
                help="What stands there: zeros, the input mirrored, its edge repeated, its other "
                "side, or a number of your choice.",
            ),
            number(
                "value",
                "Number",
                0.0,
                at_least=-LARGEST_VALUE,
                at_most=LARGEST_VALUE,
                help="What stands in a border of one number.",
            ),
        ),
        shape=_pad_shape_rule(directions),
        arguments=_pad_arguments,
        torch=f"ConstantPad{directions}d",
        torch_for=lambda call: f"{MODULES[call.text('mode')]}{directions}d",
        badge="{before} and {after}",
    )


def _crop_shape_rule(directions: int) -> Callable[[LayerCall], Shape | Problem]:
    def shape(call: LayerCall) -> Shape | Problem:
        problem = missing_channels(call, directions)
        if problem is not None:
            return problem
        found = _grown(call, -1)
        return (call.shape[0], *found) if min(found) > 0 else _nothing_left(call)

    return shape


def _nothing_left(call: LayerCall) -> Problem:
    """The fix keeps the start as it is where that leaves something, else the end."""
    before, after = call.sizes("before"), call.sizes("after")
    is_start_fine = all(cut < size for cut, size in zip(before, call.shape[1:], strict=True))
    key, kept = ("after", before) if is_start_fine else ("before", after)
    fitting = tuple(
        max(0, min(cut, size - 1 - other))
        for cut, size, other in zip(call.sizes(key), call.shape[1:], kept, strict=True)
    )
    words = tr("Cut off {cut} at the end") if is_start_fine else tr("Cut off {cut} at the start")
    return refused(
        tr(
            "{name} cuts off {before} and {after}, but gets {size}: nothing is left.",
            name=call.name,
            before=show(before),
            after=show(after),
            size=show(call.shape[1:]),
        ),
        tr("Cut off less."),
        code="nothing-left",
        fix=set_param(key, fitting, words.format(cut=show(fitting))),
    )


def _crop_arguments(call: LayerCall) -> Arguments:
    return {"before": call.sizes("before"), "after": call.sizes("after")}


def _crop(directions: int) -> LayerEntry:
    return LayerEntry(
        key=f"crop{directions}d",
        title=f"Crop {directions}D",
        family="reshaping",
        help=f"Cuts off a border of {SUBJECTS[directions]}. Use it to make two branches the same "
        "size before they are joined.",
        params=(
            sizes(
                "before",
                "Before",
                1,
                directions,
                at_least=0,
                help="How much to cut off at the start.",
            ),
            sizes(
                "after", "After", 1, directions, at_least=0, help="How much to cut off at the end."
            ),
        ),
        shape=_crop_shape_rule(directions),
        arguments=_crop_arguments,
        torch="Crop",
        badge="{before} and {after}",
        takes_indices=True,
        keeps_indices=True,
    )


ENTRIES = (_pad(1), _pad(2), _pad(3), _crop(1), _crop(2), _crop(3))
