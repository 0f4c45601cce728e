"""Layers that make a series or an image smaller: max, average and adaptive pooling."""

from collections.abc import Callable
from typing import Literal

from studio.core.catalogue.entry import Arguments, LayerCall, LayerEntry, refused, set_param
from studio.core.catalogue.expectations import missing_channels
from studio.core.params import Param, sizes
from studio.core.problems import Problem
from studio.core.shapes import Shape, convolved_size, show
from studio.core.words import tr

Kind = Literal["max", "avg"]
TITLES: dict[Kind, str] = {"max": "Max pool", "avg": "Average pool"}
ADAPTIVE_TITLES: dict[Kind, str] = {
    "max": "Adaptive max pool",
    "avg": "Adaptive avg pool",
}
SUBJECTS = {1: "a series (channels × steps)", 2: "an image (channels × height × width)"}
KEEPS: dict[Kind, str] = {"max": "the largest number", "avg": "the mean"}
USES: dict[Kind, str] = {
    "max": "Use it after a convolution, to keep what was found and forget exactly where.",
    "avg": "Use it where all that is seen should count, not only the strongest.",
}
ADAPTIVE_USE = (
    "Use it before a Linear, so that any size fits; "
    "size 1 sums up everything in one number a channel."
)


def _pool(kind: Kind, directions: int) -> LayerEntry:
    return LayerEntry(
        key=f"{kind}_pool{directions}d",
        title=f"{TITLES[kind]} {directions}D",
        family="pooling",
        help=f"Slides a window over {SUBJECTS[directions]} and keeps {KEEPS[kind]} in it. "
        f"{USES[kind]}",
        params=_params(directions),
        shape=_shape_rule(directions),
        arguments=_arguments,
        torch=f"{kind.capitalize()}Pool{directions}d",
        badge="{kernel_size}",
    )


def _adaptive_pool(kind: Kind, directions: int) -> LayerEntry:
    return LayerEntry(
        key=f"adaptive_{kind}_pool{directions}d",
        title=f"{ADAPTIVE_TITLES[kind]} {directions}D",
        family="pooling",
        help=f"Divides {SUBJECTS[directions]} into as many parts as you want and keeps "
        f"{KEEPS[kind]} of each. {ADAPTIVE_USE}",
        params=(sizes("output_size", "Size", 1, directions, help="The size that comes out."),),
        shape=_adaptive_shape_rule(directions),
        arguments=_adaptive_arguments,
        torch=f"Adaptive{kind.capitalize()}Pool{directions}d",
        badge="to {output_size}",
    )


def _params(directions: int) -> tuple[Param, ...]:
    return (
        sizes("kernel_size", "Window", 2, directions, help="How much is summed up in one number."),
        sizes("stride", "Stride", 2, directions, help="How far the window moves at each step."),
        sizes(
            "padding",
            "Padding",
            0,
            directions,
            at_least=0,
            help="How much empty border to add; at most half the window.",
        ),
    )


def _shape_rule(directions: int) -> Callable[[LayerCall], Shape | Problem]:
    def shape(call: LayerCall) -> Shape | Problem:
        problem = missing_channels(call, directions) or _padding_too_large(call)
        if problem is not None:
            return problem
        settings = zip(
            call.shape[1:],
            call.sizes("kernel_size"),
            call.sizes("stride"),
            call.sizes("padding"),
            strict=True,
        )
        found = tuple(
            convolved_size(size, kernel=kernel, stride=stride, padding=padding)
            for size, kernel, stride, padding in settings
        )
        return (call.shape[0], *found) if min(found) > 0 else _window_too_large(call)

    return shape


def _padding_too_large(call: LayerCall) -> Problem | None:
    windows, given = call.sizes("kernel_size"), call.sizes("padding")
    fitting = tuple(
        min(padding, window // 2) for window, padding in zip(windows, given, strict=True)
    )
    if fitting == given:
        return None
    return refused(
        tr(
            "{name} adds a border of {padding}, but its window is {window}.",
            name=call.name,
            padding=show(given),
            window=show(windows),
        ),
        tr("Keep the padding at half the window or less."),
        code="padding-too-large",
        fix=set_param(
            "padding", fitting, tr("Set the padding to {padding}", padding=show(fitting))
        ),
    )


def _window_too_large(call: LayerCall) -> Problem:
    fitting = tuple(
        min(window, size + 2 * padding)
        for window, size, padding in zip(
            call.sizes("kernel_size"), call.shape[1:], call.sizes("padding"), strict=True
        )
    )
    return refused(
        tr(
            "{name} looks at {window}, but gets {size}.",
            name=call.name,
            window=show(call.sizes("kernel_size")),
            size=show(call.shape[1:]),
        ),
        tr("Make the window smaller, or leave this layer out."),
        code="kernel-too-large",
        fix=set_param(
            "kernel_size", fitting, tr("Set the window to {window}", window=show(fitting))
        ),
    )


def _adaptive_shape_rule(directions: int) -> Callable[[LayerCall], Shape | Problem]:
    def shape(call: LayerCall) -> Shape | Problem:
        wanted = (call.shape[0], *call.sizes("output_size"))
        return missing_channels(call, directions) or wanted

    return shape


def _arguments(call: LayerCall) -> Arguments:
    return {key: call.sizes(key) for key in ("kernel_size", "stride", "padding")}


def _adaptive_arguments(call: LayerCall) -> Arguments:
    return {"output_size": call.sizes("output_size")}


ENTRIES = (
    _pool("max", 1),
    _pool("max", 2),
    _pool("avg", 1),
    _pool("avg", 2),
    _adaptive_pool("avg", 1),
    _adaptive_pool("avg", 2),
    _adaptive_pool("max", 1),
    _adaptive_pool("max", 2),
)
