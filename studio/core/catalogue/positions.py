"""Layers that tell the places of steps, and make steps of images: positions, token, patches."""

from studio.core.catalogue.entry import Arguments, LayerCall, LayerEntry, refused, set_param
from studio.core.catalogue.expectations import missing_channels
from studio.core.catalogue.sequences import missing_sequence
from studio.core.params import choice, number, sizes, switch, whole
from studio.core.problems import Problem
from studio.core.shapes import Shape, show
from studio.core.words import tr

FIRST, LAST = "first", "last"

_BASE = number(
    "base",
    "Base",
    10_000.0,
    at_least=2.0,
    at_most=100_000_000.0,
    help="How slow the slowest numbers turn; more for longer sequences.",
)
_SPREAD = number(
    "std",
    "Start values",
    0.02,
    above=0.0,
    at_most=10.0,
    help="How far the learnt numbers spread around 0 before training.",
)


def _sequence_shape(call: LayerCall) -> Shape | Problem:
    return missing_sequence(call) or call.shape


def _sinusoidal_arguments(call: LayerCall) -> Arguments:
    return {"steps": call.shape[0], "width": call.shape[1], "base": call.values["base"]}


def _learnt_weights(call: LayerCall) -> int:
    return call.shape[0] * call.shape[1]


def _learnt_arguments(call: LayerCall) -> Arguments:
    return {"steps": call.shape[0], "width": call.shape[1], "std": call.values["std"]}


def _rotary_shape(call: LayerCall) -> Shape | Problem:
    return missing_sequence(call) or _odd_width(call) or call.shape


def _odd_width(call: LayerCall) -> Problem | None:
    width = call.shape[-1]
    if width % 2 == 0:
        return None
    return refused(
        tr("{name} turns pairs of numbers, but gets {width} a step.", name=call.name, width=width),
        tr("Give it an even width."),
        code="odd-width",
    )


def _rotary_arguments(call: LayerCall) -> Arguments:
    return {"width": call.shape[1], "base": call.values["base"]}


def _token_shape(call: LayerCall) -> Shape | Problem:
    return missing_sequence(call) or (call.shape[0] + 1, call.shape[1])


def _token_weights(call: LayerCall) -> int:
    return call.shape[1]


def _token_arguments(call: LayerCall) -> Arguments:
    return {
        "width": call.shape[1],
        "std": call.values["std"],
        "is_first": call.text("place") == FIRST,
    }


def _patch_shape(call: LayerCall) -> Shape | Problem:
    problem = missing_channels(call, 2) or _uneven_patches(call)
    if problem is not None:
        return problem
    (height, width), (high, wide) = call.shape[1:], call.sizes("patch")
    return ((height // high) * (width // wide), call.whole("width"))


def _uneven_patches(call: LayerCall) -> Problem | None:
    """Torch would leave out what remains at the border."""
    image, patch = call.shape[1:], call.sizes("patch")
    if all(size % part == 0 for size, part in zip(image, patch, strict=True)):
        return None
    fitting = tuple(
        max(part for part in range(1, min(size, wanted) + 1) if size % part == 0)
        for size, wanted in zip(image, patch, strict=True)
    )
    return refused(
        tr(
            "{name} cuts patches of {patch}, but gets {image}, which leaves a rest.",
            name=call.name,
            patch=show(patch),
            image=show(image),
        ),
        tr("Choose patches that divide the image, or resize the image."),
        code="uneven-patches",
        fix=set_param("patch", fitting, tr("Set the patch to {patch}", patch=show(fitting))),
    )


def _patch_weights(call: LayerCall) -> int:
    high, wide = call.sizes("patch")
    return call.whole("width") * (call.shape[0] * high * wide + call.is_on("bias"))


def _patch_arguments(call: LayerCall) -> Arguments:
    return {
        "channels": call.shape[0],
        "width": call.whole("width"),
        "patch": call.sizes("patch"),
        "bias": call.is_on("bias"),
    }


SINUSOIDAL = LayerEntry(
    key="sinusoidal_positions",
    title="Sinusoidal positions",
    family="attention",
    help="Adds waves to each step of a sequence (steps × numbers) that tell its place. "
    "Use it between an Embedding and attention, which alone does not know the order.",
    params=(_BASE,),
    shape=_sequence_shape,
    arguments=_sinusoidal_arguments,
    torch="SinusoidalPositions",
    badge="base {base}",
)
LEARNT = LayerEntry(
    key="learnt_positions",
    title="Learnt positions",
    family="attention",
    help="Adds a learnt line of numbers to each step of a sequence (steps × numbers), so that its "
    "place is known. Use it between an Embedding or patches and attention.",
    params=(_SPREAD,),
    shape=_sequence_shape,
    weights=_learnt_weights,
    arguments=_learnt_arguments,
    torch="LearntPositions",
    badge="start {std}",
)
ROTARY = LayerEntry(
    key="rotary_positions",
    title="Rotary positions",
    family="attention",
    help="Turns pairs of the numbers of each step by angles that grow with its place, so that a "
    "product of two steps tells how far apart they stand. Use it on what a Dot product or a "
    "Matrix product compares; Self-attention has it as a setting.",
    params=(_BASE,),
    shape=_rotary_shape,
    arguments=_rotary_arguments,
    torch="RotaryPositions",
    badge="base {base}",
)
CLASS_TOKEN = LayerEntry(
    key="class_token",
    title="Class token",
    family="attention",
    help="Puts one learnt step in front of a sequence (steps × numbers), which gathers what the "
    "whole says. Use it before an encoder, and take that step alone behind it.",
    params=(
        choice(
            "place",
            "Place",
            FIRST,
            {FIRST: "In front", LAST: "At the end"},
            help="Where the learnt step stands.",
        ),
        _SPREAD,
    ),
    shape=_token_shape,
    weights=_token_weights,
    arguments=_token_arguments,
    torch="ClassToken",
    badge="{place}",
)
PATCH_EMBEDDING = LayerEntry(
    key="patch_embedding",
    title="Patch embedding",
    family="attention",
    help="Cuts an image (channels × height × width) into patches and weighs each into one step of "
    "a sequence. Use it as the first layer of a vision transformer, with positions behind it.",
    params=(
        sizes("patch", "Patch", 4, 2, help="How high and wide a patch is."),
        whole("width", "Size", 64, help="How many numbers stand for one patch."),
        switch("bias", "Bias", True, help="Adds a learnt number to each of them."),
    ),
    shape=_patch_shape,
    weights=_patch_weights,
    arguments=_patch_arguments,
    torch="PatchEmbedding",
    badge="{patch}, size {width}",
)

ENTRIES = (SINUSOIDAL, LEARNT, ROTARY, CLASS_TOKEN, PATCH_EMBEDDING)
