"""What all layers that slide filters share: their settings, their border and where they end."""

from studio.core.catalogue.entry import LayerCall, refused, set_param
from studio.core.catalogue.expectations import missing_channels
from studio.core.params import Param, choice, sizes, switch
from studio.core.problems import Problem
from studio.core.shapes import Shape, convolved_size, show
from studio.core.words import tr

# The settings of one direction: kernel, stride, padding, dilation.
Direction = tuple[int, int, int, int]

ZEROS, REFLECT, REPLICATE, CIRCULAR = "zeros", "reflect", "replicate", "circular"
BORDERS = {
    ZEROS: "Zeros",
    REFLECT: "Mirrored",
    REPLICATE: "Edge repeated",
    CIRCULAR: "Other side",
}


def kernel_param(directions: int, default: int = 3) -> Param:
    """How much a filter sees."""
    return sizes(
        "kernel_size", "Kernel", default, directions, help="How much a filter sees at once."
    )


def dilation_param(directions: int) -> Param:
    """The gaps within a filter."""
    return sizes(
        "dilation",
        "Dilation",
        1,
        directions,
        help="The distance between the numbers that a filter sees. 1 is side by side.",
    )


def bias_param() -> Param:
    """A learnt number for each filter, or none."""
    return switch("bias", "Bias", True, help="Adds a learnt number to each filter.")


def window_params(directions: int) -> tuple[Param, ...]:
    """Kernel, stride, border and dilation of a filter that makes no picture larger."""
    return (
        kernel_param(directions),
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
            help="How many numbers to add at each border.",
        ),
        choice(
            "padding_mode",
            "Border",
            ZEROS,
            BORDERS,
            help="What stands in the added border: zeros, the input mirrored, its edge repeated, "
            "or its other side, for what goes round such as angles and hours.",
        ),
        dilation_param(directions),
    )


def convolved(call: LayerCall, directions: int) -> Shape | Problem:
    """The sizes after a filter has slid over all but the first, or why it cannot."""
    problem = missing_channels(call, directions) or _even_kernel(call) or _border_too_large(call)
    if problem is not None:
        return problem
    found = tuple(
        convolved_size(size, kernel=kernel, stride=stride, padding=padding, dilation=dilation)
        for size, (kernel, stride, padding, dilation) in zip(
            call.shape[1:], _directions(call), strict=True
        )
    )
    return found if min(found) > 0 else _kernel_too_large(call)


def window_arguments(call: LayerCall) -> dict[str, tuple[int, ...] | str]:
    """The settings of `window_params` as the convolutions of torch take them."""
    return {
        "kernel_size": call.sizes("kernel_size"),
        "stride": call.sizes("stride"),
        "padding": _padding(call),
        "padding_mode": call.text("padding_mode"),
        "dilation": call.sizes("dilation"),
    }


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


def _border_too_large(call: LayerCall) -> Problem | None:
    """A border that is made of the input cannot be larger than the input."""
    most = most_border(call.shape[1:], call.text("padding_mode"))
    if all(padding <= limit for padding, limit in zip(_padding(call), most, strict=False)):
        return None
    return refused(
        tr(
            "{name} makes a border of {padding} out of its input, but gets {size}.",
            name=call.name,
            padding=show(_padding(call)),
            size=show(call.shape[1:]),
        ),
        tr("Fill the border with zeros, or make it smaller."),
        code="border-too-large",
        fix=set_param("padding_mode", ZEROS, tr("Fill the border with zeros")),
    )


def most_border(sizes_within: Shape, mode: str) -> tuple[float, ...]:
    """How large a border of that mode can be in each direction."""
    if mode == REFLECT:
        return tuple(size - 1 for size in sizes_within)
    if mode == CIRCULAR:
        return sizes_within
    return tuple(float("inf") for _ in sizes_within)


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
