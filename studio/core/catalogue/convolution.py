"""Layers that slide small filters: convolution 1D, 2D and 3D."""

from collections.abc import Callable
from math import gcd, prod

from studio.core.catalogue.entry import Arguments, LayerCall, LayerEntry, refused, set_param
from studio.core.catalogue.expectations import missing_channels
from studio.core.params import Param, sizes, switch, whole
from studio.core.problems import Problem
from studio.core.shapes import Shape, convolved_size, show
from studio.core.words import tr

# The settings of one direction: kernel, stride, padding, dilation.
Direction = tuple[int, int, int, int]


def _params(directions: int) -> tuple[Param, ...]:
    return (
        whole("out_channels", "Filters", 32, help="How many patterns to look for."),
        sizes("kernel_size", "Kernel", 3, directions, help="How much a filter sees at once."),
        sizes("stride", "Stride", 1, directions, help="How far a filter moves at each step."),
        switch(
            "keep_size",
            "Keep the size",
            False,
            help="Adds as much border as keeps the size, divided by the stride. "
            "Padding then does not count.",
        ),
        sizes(
            "padding",
            "Padding",
            0,
            directions,
            at_least=0,
            help="How many zeros to add at each border.",
        ),
        sizes(
            "dilation",
            "Dilation",
            1,
            directions,
            help="The distance between the numbers that a filter sees. 1 is side by side.",
        ),
        whole(
            "groups",
            "Groups",
            1,
            help="Splits the channels into groups that do not see one another. "
            "As many as there are channels: one filter for each.",
        ),
        switch("bias", "Bias", True, help="Adds a learnt number to each filter."),
    )


def _shape_rule(directions: int) -> Callable[[LayerCall], Shape | Problem]:
    def shape(call: LayerCall) -> Shape | Problem:
        problem = missing_channels(call, directions) or _uneven_groups(call) or _even_kernel(call)
        if problem is not None:
            return problem
        given = call.shape[1:]
        found = tuple(
            convolved_size(size, kernel=kernel, stride=stride, padding=padding, dilation=dilation)
            for size, (kernel, stride, padding, dilation) in zip(
                given, _directions(call), strict=True
            )
        )
        return (call.whole("out_channels"), *found) if min(found) > 0 else _kernel_too_large(call)

    return shape


def _directions(call: LayerCall) -> tuple[Direction, ...]:
    return tuple(
        zip(
            call.sizes("kernel_size"),
            call.sizes("stride"),
            _padding(call),
            call.sizes("dilation"),
            strict=True,
        )
    )


def _padding(call: LayerCall) -> tuple[int, ...]:
    """What is added at each border; where the size is kept, what that takes."""
    if not call.is_on("keep_size"):
        return call.sizes("padding")
    return tuple((reach - 1) // 2 for reach in _reaches(call))


def _reaches(call: LayerCall) -> tuple[int, ...]:
    """How far a filter reaches in each direction, gaps included."""
    kernels = zip(call.sizes("kernel_size"), call.sizes("dilation"), strict=True)
    return tuple(dilation * (kernel - 1) + 1 for kernel, dilation in kernels)


def _uneven_groups(call: LayerCall) -> Problem | None:
    groups, filters, channels = call.whole("groups"), call.whole("out_channels"), call.shape[0]
    if channels % groups == 0 and filters % groups == 0:
        return None
    fitting = gcd(groups, filters, channels)
    return refused(
        tr(
            "{name} splits {channels} channels and {filters} filters into {groups} groups, "
            "which leaves a rest.",
            name=call.name,
            channels=channels,
            filters=filters,
            groups=groups,
        ),
        tr("Choose a number of groups that divides both."),
        code="uneven-groups",
        fix=set_param("groups", fitting, tr("Set groups to {groups}", groups=fitting)),
    )


def _even_kernel(call: LayerCall) -> Problem | None:
    """Torch pads even kernels on one side only, by a copy of the input and with a warning."""
    if not call.is_on("keep_size") or all(reach % 2 for reach in _reaches(call)):
        return None
    kernel = call.sizes("kernel_size")
    odd = tuple(size + 1 - reach % 2 for size, reach in zip(kernel, _reaches(call), strict=True))
    return refused(
        tr(
            "{name} keeps the size with an odd kernel, but its kernel is {kernel}.",
            name=call.name,
            kernel=show(kernel),
        ),
        tr("Choose an odd kernel, or set the padding yourself."),
        code="even-kernel",
        fix=set_param("kernel_size", odd, tr("Set the kernel to {kernel}", kernel=show(odd))),
    )


def _kernel_too_large(call: LayerCall) -> Problem:
    fitting = tuple(
        min(kernel, (size + 2 * padding - 1) // dilation + 1)
        for size, (kernel, _stride, padding, dilation) in zip(
            call.shape[1:], _directions(call), strict=True
        )
    )
    return refused(
        tr(
            "{name} looks at {reach}, but gets {size}.",
            name=call.name,
            reach=show(_reaches(call)),
            size=show(call.shape[1:]),
        ),
        tr("Make the kernel smaller or the padding larger."),
        code="kernel-too-large",
        fix=set_param(
            "kernel_size", fitting, tr("Set the kernel to {kernel}", kernel=show(fitting))
        ),
    )


def _weights(call: LayerCall) -> int:
    filters = call.whole("out_channels")
    seen = call.shape[0] // call.whole("groups") * prod(call.sizes("kernel_size"))
    return filters * seen + (filters if call.is_on("bias") else 0)


def _arguments(call: LayerCall) -> Arguments:
    return {
        "in_channels": call.shape[0],
        "out_channels": call.whole("out_channels"),
        "kernel_size": call.sizes("kernel_size"),
        "stride": call.sizes("stride"),
        "padding": _padding(call),
        "dilation": call.sizes("dilation"),
        "groups": call.whole("groups"),
        "bias": call.is_on("bias"),
    }


def _convolution(directions: int, help: str) -> LayerEntry:  # noqa: A002
    return LayerEntry(
        key=f"conv{directions}d",
        title=f"Convolution {directions}D",
        family="convolution",
        help=help,
        params=_params(directions),
        shape=_shape_rule(directions),
        weights=_weights,
        arguments=_arguments,
        torch=f"Conv{directions}d",
        badge="{out_channels} filters, {kernel_size}",
    )


ENTRIES = (
    _convolution(
        1,
        "Slides small filters along a series (channels × steps). Use it to find short patterns "
        "in sound, sensor readings and other sequences.",
    ),
    _convolution(
        2,
        "Slides small filters over an image (channels × height × width). "
        "Use it to find local patterns: edges first, shapes further in.",
    ),
    _convolution(
        3,
        "Slides small filters through a clip (channels × frames × height × width). "
        "Use it to find what moves, in short videos or in images of many layers.",
    ),
)
