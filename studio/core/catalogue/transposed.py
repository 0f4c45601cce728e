"""Layers that make larger what a convolution made smaller: transposed convolution."""

from collections.abc import Callable
from math import prod

from studio.core.catalogue.convolution import FILTERS, GROUPS, uneven_groups
from studio.core.catalogue.entry import Arguments, LayerCall, LayerEntry, refused, set_param
from studio.core.catalogue.expectations import missing_channels
from studio.core.catalogue.sliding import bias_param, dilation_param, kernel_param
from studio.core.params import Param, sizes
from studio.core.problems import Problem
from studio.core.shapes import Shape, show
from studio.core.words import tr


def _params(directions: int) -> tuple[Param, ...]:
    return (
        FILTERS,
        kernel_param(directions, default=2),
        sizes("stride", "Stride", 2, directions, help="How many times larger it becomes."),
        sizes(
            "padding",
            "Padding",
            0,
            directions,
            at_least=0,
            help="How much to cut off at each border.",
        ),
        sizes(
            "output_padding",
            "Added at the end",
            0,
            directions,
            at_least=0,
            help="How much more comes out at the end of each direction, where the size is to "
            "match another. Less than the stride or the dilation.",
        ),
        dilation_param(directions),
        GROUPS,
        bias_param(),
    )


def _shape_rule(directions: int) -> Callable[[LayerCall], Shape | Problem]:
    def shape(call: LayerCall) -> Shape | Problem:
        problem = (
            missing_channels(call, directions) or uneven_groups(call) or _too_much_at_the_end(call)
        )
        if problem is not None:
            return problem
        found = _grown(call)
        if min(found) < 1:
            return _nothing_left(call)
        return (call.whole("out_channels"), *found)

    return shape


def _grown(call: LayerCall) -> tuple[int, ...]:
    """The sizes that come out; the formula of torch.nn.ConvTranspose2d."""
    return tuple(
        size - 2 * padding
        for size, padding in zip(_uncut(call), call.sizes("padding"), strict=True)
    )


def _uncut(call: LayerCall) -> tuple[int, ...]:
    settings = zip(
        call.shape[1:],
        call.sizes("kernel_size"),
        call.sizes("stride"),
        call.sizes("dilation"),
        call.sizes("output_padding"),
        strict=True,
    )
    return tuple(
        (size - 1) * stride + dilation * (kernel - 1) + added + 1
        for size, kernel, stride, dilation, added in settings
    )


def _too_much_at_the_end(call: LayerCall) -> Problem | None:
    given = call.sizes("output_padding")
    most = tuple(
        max(stride, dilation) - 1
        for stride, dilation in zip(call.sizes("stride"), call.sizes("dilation"), strict=True)
    )
    fitting = tuple(min(added, limit) for added, limit in zip(given, most, strict=True))
    if fitting == given:
        return None
    return refused(
        tr(
            "{name} adds {added} at the end, which must be less than its stride {stride} "
            "or its dilation {dilation}.",
            name=call.name,
            added=show(given),
            stride=show(call.sizes("stride")),
            dilation=show(call.sizes("dilation")),
        ),
        tr("Add {most} at most.", most=show(most)),
        code="too-much-at-end",
        fix=set_param("output_padding", fitting, tr("Add {most} at the end", most=show(fitting))),
    )


def _nothing_left(call: LayerCall) -> Problem:
    given = call.sizes("padding")
    fitting = tuple(
        min(padding, (size - 1) // 2) for padding, size in zip(given, _uncut(call), strict=True)
    )
    return refused(
        tr(
            "{name} cuts off {padding} at each border of {size}, which leaves nothing.",
            name=call.name,
            padding=show(given),
            size=show(_uncut(call)),
        ),
        tr("Make the padding smaller."),
        code="nothing-left",
        fix=set_param(
            "padding", fitting, tr("Set the padding to {padding}", padding=show(fitting))
        ),
    )


def _weights(call: LayerCall) -> int:
    filters = call.whole("out_channels")
    seen = filters // call.whole("groups") * prod(call.sizes("kernel_size"))
    return call.shape[0] * seen + (filters if call.is_on("bias") else 0)


def _arguments(call: LayerCall) -> Arguments:
    keys = ("kernel_size", "stride", "padding", "output_padding", "dilation")
    return {
        "in_channels": call.shape[0],
        "out_channels": call.whole("out_channels"),
        "groups": call.whole("groups"),
        "bias": call.is_on("bias"),
        **{key: call.sizes(key) for key in keys},
    }


def _transposed(directions: int) -> LayerEntry:
    return LayerEntry(
        key=f"conv_transpose{directions}d",
        title=f"Transposed conv {directions}D",
        family="convolution",
        help="Paints a small filter for each number, so that what comes out is larger: with "
        "stride 2, twice as large. Use it in the second half of an autoencoder or of a network "
        "that gives masks.",
        params=_params(directions),
        shape=_shape_rule(directions),
        weights=_weights,
        arguments=_arguments,
        torch=f"ConvTranspose{directions}d",
        badge="{out_channels} {out_channels|filter|filters}, {kernel_size}",
    )


ENTRIES = (_transposed(1), _transposed(2), _transposed(3))
