"""What several layers expect of their input, and the words with which they refuse another."""

from math import isqrt

from studio.core.catalogue.entry import LayerCall, insert_before, refused
from studio.core.problems import Fix, Problem
from studio.core.shapes import Shape, show, size_of
from studio.core.words import tr

IMAGE_CHANNELS = (1, 3)


def missing_channels(call: LayerCall, directions: int) -> Problem | None:
    """A Problem where the input is not channels followed by `directions` sizes."""
    if len(call.shape) == directions + 1:
        return None
    wanted = {
        1: tr("a series: channels × steps"),
        2: tr("an image: channels × height × width"),
        3: tr("a clip: channels × frames × height × width"),
    }[directions]
    finders = {1: _as_series, 2: _as_image, 3: _as_clip}
    return wrong_rank(call, wanted, finders[directions](call.shape))


def wrong_rank(call: LayerCall, wanted: str, reshape_to: Shape | None) -> Problem:
    """The refusal of a shape with too few or too many sizes, with a Reshape where one helps."""
    hint = tr("Put a Reshape before it, or another layer that gives such a shape.")
    if reshape_to is not None:
        hint = tr("Put a Reshape to {shape} before it.", shape=show(reshape_to))
    return refused(
        tr(
            "{name} expects {wanted}, but gets {shape}.",
            name=call.name,
            wanted=wanted,
            shape=show(call.shape),
        ),
        hint,
        code="wrong-rank",
        fix=None if reshape_to is None else insert_reshape(reshape_to),
    )


def insert_reshape(shape: Shape) -> Fix:
    """A fix that puts a Reshape into the wire before the node."""
    label = tr("Insert Reshape to {shape}", shape=show(shape))
    return insert_before("reshape", label, shape=shape)


def _as_series(shape: Shape) -> Shape:
    return (1, *shape) if len(shape) == 1 else (shape[0], size_of(shape[1:]))


def _as_clip(shape: Shape) -> Shape | None:
    """A single image is a clip of one channel: its channels are taken for frames."""
    return (1, *shape) if len(shape) == 3 else None


def _as_image(shape: Shape) -> Shape | None:
    """The image that these numbers most likely are, or None where nobody can say."""
    if len(shape) == 2:
        return (1, *shape)
    if len(shape) > 2:
        return (*shape[:2], size_of(shape[2:]))
    for channels in IMAGE_CHANNELS:
        side = isqrt(shape[0] // channels)
        if side > 1 and channels * side * side == shape[0]:
            return (channels, side, side)
    return None
