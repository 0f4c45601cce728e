"""Max pooling whose windows are drawn, so that a size can shrink by less than half."""

from collections.abc import Callable

from studio.core.catalogue.entry import Arguments, LayerCall, LayerEntry, refused, set_param
from studio.core.catalogue.expectations import missing_channels
from studio.core.params import number, sizes
from studio.core.problems import Problem
from studio.core.shapes import Shape, show
from studio.core.words import tr

CLIP = 3


def _shape_rule(directions: int) -> Callable[[LayerCall], Shape | Problem]:
    def shape(call: LayerCall) -> Shape | Problem:
        problem = missing_channels(call, directions)
        return problem or _window_too_large(call) or (call.shape[0], *_kept(call))

    return shape


def _kept(call: LayerCall) -> tuple[int, ...]:
    share = call.values["share"]
    assert isinstance(share, float)
    return tuple(max(1, int(size * share)) for size in call.shape[1:])


def _window_too_large(call: LayerCall) -> Problem | None:
    """As many windows as are kept must fit; torch wants one place more in a clip."""
    windows, is_clip = call.sizes("kernel_size"), len(call.shape) > CLIP
    fitting = tuple(
        min(window, size - kept + (not is_clip))
        for window, size, kept in zip(windows, call.shape[1:], _kept(call), strict=True)
    )
    if fitting == windows:
        return None
    return refused(
        tr(
            "{name} lays {kept} windows of {window}, but gets {size}.",
            name=call.name,
            kept=show(_kept(call)),
            window=show(windows),
            size=show(call.shape[1:]),
        ),
        tr("Make the window smaller, or leave this layer out."),
        code="kernel-too-large",
        fix=None
        if min(fitting) < 1
        else set_param(
            "kernel_size", fitting, tr("Set the window to {window}", window=show(fitting))
        ),
    )


def _arguments(call: LayerCall) -> Arguments:
    return {
        "size": call.shape[1:],
        "kernel_size": call.sizes("kernel_size"),
        "output_size": _kept(call),
    }


def _fractional(directions: int) -> LayerEntry:
    return LayerEntry(
        key=f"fractional_max_pool{directions}d",
        title=f"Fraction max pool {directions}D",
        family="pooling",
        help="Keeps the largest number of windows that lie by chance while training, and evenly "
        "afterwards. Use it to make an image smaller by less than half at a time, in deep "
        "networks on few images.",
        params=(
            number(
                "share",
                "Share kept",
                0.7,
                at_least=0.05,
                at_most=0.95,
                help="How much of each size is left: 0.7 makes 28 × 28 to 19 × 19.",
            ),
            sizes(
                "kernel_size", "Window", 2, directions, help="How much is summed up in one number."
            ),
        ),
        shape=_shape_rule(directions),
        arguments=_arguments,
        torch=f"FractionalPool{directions}d",
        badge="{share} kept, {kernel_size}",
    )


ENTRIES = (_fractional(2), _fractional(3))
