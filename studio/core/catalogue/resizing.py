"""Layers that make a picture larger or smaller, move pixels to channels, or cut it in patches."""

from collections.abc import Callable
from math import prod

from studio.core.catalogue.entry import (
    Arguments,
    LayerCall,
    LayerEntry,
    passed,
    refused,
    set_param,
)
from studio.core.catalogue.expectations import missing_channels, wrong_rank
from studio.core.params import Param, choice, number, sizes, switch, whole
from studio.core.problems import Problem
from studio.core.shapes import Shape, convolved_size, show, size_of
from studio.core.words import tr

BY_FACTOR, TO_SIZE = "factor", "size"
NEAREST, SMOOTH, CUBIC = "nearest", "smooth", "cubic"
SMOOTH_MODES = {1: "linear", 2: "bilinear", 3: "trilinear"}
SUBJECTS = {1: "a series", 2: "an image", 3: "a clip"}
IMAGE = 2


def _resize_shape_rule(directions: int) -> Callable[[LayerCall], Shape | Problem]:
    def shape(call: LayerCall) -> Shape | Problem:
        return missing_channels(call, directions) or (call.shape[0], *_resized(call))

    return shape


def _resized(call: LayerCall) -> tuple[int, ...]:
    if call.text("by") == TO_SIZE:
        return call.sizes("size")
    factor = call.values["factor"]
    assert isinstance(factor, float)
    return tuple(max(1, int(size * factor)) for size in call.shape[1:])


def _resize_arguments(call: LayerCall) -> Arguments:
    """The size is worked out here: torch would measure places by an uneven factor otherwise."""
    mode, size = call.text("mode"), _resized(call)
    if mode == NEAREST:
        return {"size": size, "mode": mode}
    directions = len(call.shape) - 1
    return {
        "size": size,
        "mode": "bicubic" if mode == CUBIC else SMOOTH_MODES[directions],
        "align_corners": call.is_on("align_corners"),
    }


def _resize_params(directions: int) -> tuple[Param, ...]:
    modes = {NEAREST: "Nearest", SMOOTH: "Smooth"}
    if directions == IMAGE:
        modes[CUBIC] = "Smoother"
    return (
        choice(
            "by",
            "By",
            BY_FACTOR,
            {BY_FACTOR: "A factor", TO_SIZE: "To a size"},
            help="Whether the factor counts, or the size.",
        ),
        number(
            "factor",
            "Factor",
            2.0,
            at_least=0.01,
            at_most=64.0,
            help="2 makes it twice as large in each direction, 0.5 half as large.",
        ),
        sizes("size", "Size", 32, directions, help="The size that comes out."),
        choice(
            "mode",
            "Between",
            NEAREST,
            modes,
            help="What stands between the numbers: the nearest one, or a line or curve through "
            "its neighbours.",
        ),
        switch(
            "align_corners",
            "Corners stay",
            False,
            help="The outermost numbers stay where they are. Nearest takes no notice of it.",
        ),
    )


def _resize(directions: int) -> LayerEntry:
    return LayerEntry(
        key=f"resize{directions}d",
        title=f"Resize {directions}D",
        family="reshaping",
        help=f"Makes {SUBJECTS[directions]} larger or smaller by what lies between its numbers. "
        "Use it with a Convolution after it in place of a transposed one, and to bring branches "
        "to one size.",
        params=_resize_params(directions),
        shape=_resize_shape_rule(directions),
        arguments=_resize_arguments,
        torch="Upsample",
        badge="{by}, {mode}",
    )


def _shuffle_shape(call: LayerCall) -> Shape | Problem:
    problem = missing_channels(call, IMAGE)
    if problem is not None:
        return problem
    factor, (channels, height, width) = call.whole("factor"), call.shape
    if channels % factor**2 == 0:
        return (channels // factor**2, height * factor, width * factor)
    return refused(
        tr(
            "{name} takes {count} channels for each that comes out, but gets {channels}.",
            name=call.name,
            count=factor**2,
            channels=channels,
        ),
        tr("Let the layer before it give a multiple of {count} channels.", count=factor**2),
        code="uneven-channels",
    )


def _unshuffle_shape(call: LayerCall) -> Shape | Problem:
    problem = missing_channels(call, IMAGE)
    if problem is not None:
        return problem
    factor, (channels, height, width) = call.whole("factor"), call.shape
    if height % factor == 0 and width % factor == 0:
        return (channels * factor**2, height // factor, width // factor)
    return refused(
        tr(
            "{name} takes {factor} × {factor} pixels at a time, but gets {size}, "
            "which leaves a rest.",
            name=call.name,
            factor=factor,
            size=show(call.shape[1:]),
        ),
        tr("Choose a factor that divides height and width."),
        code="uneven-size",
    )


def _channel_shuffle_shape(call: LayerCall) -> Shape | Problem:
    if len(call.shape) == 1:
        wanted = tr("channels of a series, an image or a clip")
        return wrong_rank(call, wanted, (*call.shape, 1))
    groups = call.whole("groups")
    if call.shape[0] % groups == 0:
        return call.shape
    return refused(
        tr(
            "{name} splits {channels} channels into {groups} groups, which leaves a rest.",
            name=call.name,
            channels=call.shape[0],
            groups=groups,
        ),
        tr("Choose a number of groups that divides the channels."),
        code="uneven-groups",
        fix=set_param("groups", 1, tr("Set groups to 1")),
    )


def _patch_params() -> tuple[Param, ...]:
    return (
        sizes("kernel_size", "Patch", 4, IMAGE, help="How large a patch is."),
        sizes("stride", "Stride", 4, IMAGE, help="How far one patch lies from the next."),
        sizes("padding", "Padding", 0, IMAGE, at_least=0, help="How many zeros at each border."),
        sizes("dilation", "Dilation", 1, IMAGE, help="The distance between the pixels of a patch."),
    )


def _patch_counts(call: LayerCall, size: tuple[int, ...]) -> tuple[int, ...]:
    keys = ("kernel_size", "stride", "padding", "dilation")
    settings = zip(size, *(call.sizes(key) for key in keys), strict=True)
    return tuple(
        convolved_size(length, kernel=kernel, stride=stride, padding=padding, dilation=dilation)
        for length, kernel, stride, padding, dilation in settings
    )


def _unfold_shape(call: LayerCall) -> Shape | Problem:
    problem = missing_channels(call, IMAGE)
    if problem is not None:
        return problem
    counts = _patch_counts(call, call.shape[1:])
    if min(counts) > 0:
        return (call.shape[0] * prod(call.sizes("kernel_size")), prod(counts))
    return _patch_too_large(call, call.shape[1:])


def _patch_too_large(call: LayerCall, size: tuple[int, ...]) -> Problem:
    settings = zip(
        call.sizes("kernel_size"),
        size,
        call.sizes("padding"),
        call.sizes("dilation"),
        strict=True,
    )
    fitting = tuple(
        min(kernel, (length + 2 * padding - 1) // dilation + 1)
        for kernel, length, padding, dilation in settings
    )
    return refused(
        tr(
            "{name} cuts patches of {patch}, which do not fit into {size}.",
            name=call.name,
            patch=show(call.sizes("kernel_size")),
            size=show(size),
        ),
        tr("Make the patch or the dilation smaller, or the padding larger."),
        code="kernel-too-large",
        fix=set_param("kernel_size", fitting, tr("Set the patch to {patch}", patch=show(fitting))),
    )


def _fold_shape(call: LayerCall) -> Shape | Problem:
    size, patch = call.sizes("output_size"), prod(call.sizes("kernel_size"))
    if len(call.shape) != 2:  # noqa: PLR2004 - numbers × patches
        return wrong_rank(call, tr("numbers × patches"), _as_patches(call.shape))
    counts = _patch_counts(call, size)
    if min(counts) < 1:
        return _patch_too_large(call, size)
    if call.shape[0] % patch or call.shape[1] != prod(counts):
        return _patches_differ(call, prod(counts), patch)
    return (call.shape[0] // patch, *size)


def _as_patches(shape: Shape) -> Shape:
    return (shape[0], 1) if len(shape) == 1 else (shape[0], size_of(shape[1:]))


def _patches_differ(call: LayerCall, count: int, patch: int) -> Problem:
    return refused(
        tr(
            "{name} lays {count} patches of {patch} numbers a channel, but gets {shape}.",
            name=call.name,
            count=count,
            patch=patch,
            shape=show(call.shape),
        ),
        tr("Choose the settings with which the image was cut, or another size."),
        code="patches-differ",
    )


_FACTOR = whole("factor", "Factor", 2, at_most=64, help="How many pixels side by side.")

PIXEL_SHUFFLE = LayerEntry(
    key="pixel_shuffle",
    title="Pixel shuffle",
    family="reshaping",
    help="Makes an image larger by laying channels side by side as pixels. Use it after a "
    "Convolution to make images sharper (super-resolution).",
    params=(_FACTOR,),
    shape=_shuffle_shape,
    arguments=lambda call: {"upscale_factor": call.whole("factor")},
    torch="PixelShuffle",
    badge="factor {factor}",
)
PIXEL_UNSHUFFLE = LayerEntry(
    key="pixel_unshuffle",
    title="Pixel unshuffle",
    family="reshaping",
    help="Makes an image smaller by laying its pixels into channels, so that nothing is lost. "
    "Use it in place of pooling where each pixel counts.",
    params=(_FACTOR,),
    shape=_unshuffle_shape,
    arguments=lambda call: {"downscale_factor": call.whole("factor")},
    torch="PixelUnshuffle",
    badge="factor {factor}",
)
CHANNEL_SHUFFLE = LayerEntry(
    key="channel_shuffle",
    title="Channel shuffle",
    family="reshaping",
    help="Deals the channels of each group out to all groups. "
    "Use it between two Convolutions of several groups, so that the groups see one another.",
    params=(whole("groups", "Groups", 2, help="How many groups the channels stand in."),),
    shape=_channel_shuffle_shape,
    arguments=passed("groups"),
    torch="ChannelShuffle",
    badge="{groups} {groups|group|groups}",
)
UNFOLD = LayerEntry(
    key="cut_patches",
    title="Cut in patches",
    family="reshaping",
    help="Cuts an image into patches: numbers of a patch × patches. "
    "Use it with a Transpose after it to read an image patch by patch.",
    params=_patch_params(),
    shape=_unfold_shape,
    arguments=passed("kernel_size", "stride", "padding", "dilation"),
    torch="Unfold",
    badge="{kernel_size}",
)
FOLD = LayerEntry(
    key="lay_patches",
    title="Lay patches",
    family="reshaping",
    help="Lays patches (numbers of a patch × patches) into an image; where they overlap they add "
    "up. Use it to undo Cut in patches.",
    params=(
        sizes("output_size", "Size", 16, IMAGE, help="The height and width that come out."),
        *_patch_params(),
    ),
    shape=_fold_shape,
    arguments=passed("output_size", "kernel_size", "stride", "padding", "dilation"),
    torch="Fold",
    badge="to {output_size}",
)

ENTRIES = (
    _resize(1),
    _resize(2),
    _resize(3),
    PIXEL_SHUFFLE,
    PIXEL_UNSHUFFLE,
    CHANNEL_SHUFFLE,
    UNFOLD,
    FOLD,
)
