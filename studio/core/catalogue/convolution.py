"""Layers that slide small filters: convolution 1D, 2D and 3D, whole, depthwise and separable."""

from collections.abc import Callable
from math import gcd, prod

from studio.core.catalogue.entry import Arguments, LayerCall, LayerEntry, refused, set_param
from studio.core.catalogue.expectations import missing_channels
from studio.core.catalogue.sliding import bias_param, convolved, window_arguments, window_params
from studio.core.params import Param, whole
from studio.core.problems import Problem
from studio.core.shapes import Shape
from studio.core.words import tr

FILTERS = whole("out_channels", "Filters", 32, help="How many patterns to look for.")
GROUPS = whole(
    "groups",
    "Groups",
    1,
    help="Splits the channels into groups that do not see one another. "
    "As many as there are channels: one filter for each.",
)
MULTIPLIER = whole(
    "multiplier", "Filters each", 1, help="How many filters look at each channel on its own."
)


def uneven_groups(call: LayerCall) -> Problem | None:
    """A Problem where the groups do not divide the channels that come in and go out."""
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


def _shape_rule(directions: int) -> Callable[[LayerCall], Shape | Problem]:
    def shape(call: LayerCall) -> Shape | Problem:
        problem = missing_channels(call, directions) or uneven_groups(call)
        if problem is not None:
            return problem
        found = convolved(call, directions)
        return found if isinstance(found, Problem) else (call.whole("out_channels"), *found)

    return shape


def _weights(call: LayerCall) -> int:
    filters = call.whole("out_channels")
    seen = call.shape[0] // call.whole("groups") * prod(call.sizes("kernel_size"))
    return filters * seen + (filters if call.is_on("bias") else 0)


def _arguments(call: LayerCall) -> Arguments:
    return {
        "in_channels": call.shape[0],
        "out_channels": call.whole("out_channels"),
        **window_arguments(call),
        "groups": call.whole("groups"),
        "bias": call.is_on("bias"),
    }


def _depthwise_shape_rule(directions: int) -> Callable[[LayerCall], Shape | Problem]:
    def shape(call: LayerCall) -> Shape | Problem:
        found = convolved(call, directions)
        return found if isinstance(found, Problem) else (_filters_of_depth(call), *found)

    return shape


def _filters_of_depth(call: LayerCall) -> int:
    return call.shape[0] * call.whole("multiplier")


def _depthwise_weights(call: LayerCall) -> int:
    return _filters_of_depth(call) * (prod(call.sizes("kernel_size")) + call.is_on("bias"))


def _depthwise_arguments(call: LayerCall) -> Arguments:
    return {
        "in_channels": call.shape[0],
        "out_channels": _filters_of_depth(call),
        **window_arguments(call),
        "groups": call.shape[0],
        "bias": call.is_on("bias"),
    }


def _separable_shape_rule(directions: int) -> Callable[[LayerCall], Shape | Problem]:
    def shape(call: LayerCall) -> Shape | Problem:
        found = convolved(call, directions)
        return found if isinstance(found, Problem) else (call.whole("out_channels"), *found)

    return shape


def _separable_weights(call: LayerCall) -> int:
    """The first step has no bias: the second one's stands for both."""
    depth, filters = _filters_of_depth(call), call.whole("out_channels")
    return depth * prod(call.sizes("kernel_size")) + filters * (depth + call.is_on("bias"))


def _separable_arguments(call: LayerCall) -> Arguments:
    return {
        "in_channels": call.shape[0],
        "out_channels": call.whole("out_channels"),
        "multiplier": call.whole("multiplier"),
        **window_arguments(call),
        "bias": call.is_on("bias"),
    }


def _params(directions: int) -> tuple[Param, ...]:
    return (FILTERS, *window_params(directions), GROUPS, bias_param())


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
        badge="{out_channels} {out_channels|filter|filters}, {kernel_size}",
    )


def _depthwise(directions: int) -> LayerEntry:
    return LayerEntry(
        key=f"depthwise_conv{directions}d",
        title=f"Depthwise conv {directions}D",
        family="convolution",
        help="Slides filters of its own over each channel, which do not see the other channels. "
        "Use it where a Convolution is too slow, with one of kernel 1 after it to mix the "
        "channels.",
        params=(MULTIPLIER, *window_params(directions), bias_param()),
        shape=_depthwise_shape_rule(directions),
        weights=_depthwise_weights,
        arguments=_depthwise_arguments,
        torch=f"Conv{directions}d",
        badge="{multiplier} each, {kernel_size}",
    )


def _separable(directions: int) -> LayerEntry:
    return LayerEntry(
        key=f"separable_conv{directions}d",
        title=f"Separable conv {directions}D",
        family="convolution",
        help="A Convolution in two steps: filters over each channel alone, then a mix of the "
        "channels at each place. Use it for nearly the same answers with far fewer weights, "
        "in networks that must be small or fast.",
        params=(FILTERS, MULTIPLIER, *window_params(directions), bias_param()),
        shape=_separable_shape_rule(directions),
        weights=_separable_weights,
        arguments=_separable_arguments,
        torch=f"SeparableConv{directions}d",
        badge="{out_channels} {out_channels|filter|filters}, {kernel_size}",
    )


DIRECTIONS = (1, 2, 3)
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
    *map(_depthwise, DIRECTIONS),
    *map(_separable, DIRECTIONS),
)
