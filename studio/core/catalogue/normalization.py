"""Layers that bring numbers to a common scale: batch, layer, group, instance, RMS, local."""

from math import gcd, prod

from studio.core.catalogue.entry import (
    Arguments,
    LayerCall,
    LayerEntry,
    insert_before,
    passed,
    refused,
    set_param,
)
from studio.core.catalogue.expectations import wrong_rank
from studio.core.params import choice, number, switch, whole
from studio.core.problems import Fix, Problem
from studio.core.shapes import Shape, show, size_of
from studio.core.words import tr

LAST = "last"
ALL = "all"
INSTANCE_NORMS = {2: "InstanceNorm1d", 3: "InstanceNorm2d", 4: "InstanceNorm3d"}
BATCH_NORMS = {1: "BatchNorm1d", 2: "BatchNorm1d", 3: "BatchNorm2d", 4: "BatchNorm3d"}

_OVER = choice(
    "over",
    "Over",
    LAST,
    {LAST: "Last size", ALL: "All sizes together"},
    help="Which numbers share a mean: those of one step of a sequence (last size), "
    "or the whole image (all sizes).",
)
_EPSILON = number(
    "eps",
    "Epsilon",
    1e-5,
    above=0.0,
    at_most=1.0,
    help="A small number that keeps the division safe.",
)


def _batch_norm_shape(call: LayerCall) -> Shape | Problem:
    if len(call.shape) in BATCH_NORMS:
        return call.shape
    return refused(
        tr(
            "{name} expects a line, a series, an image or a clip, but gets {shape}.",
            name=call.name,
            shape=show(call.shape),
        ),
        tr("Put a Flatten before it."),
        code="needs-flatten",
        fix=insert_before("flatten", tr("Insert Flatten")),
    )


def _batch_norm_weights(call: LayerCall) -> int:
    return 2 * call.shape[0] if call.is_on("affine") else 0


def _batch_norm_arguments(call: LayerCall) -> Arguments:
    return {
        "num_features": call.shape[0],
        "eps": call.values["eps"],
        "momentum": call.values["momentum"],
        "affine": call.is_on("affine"),
    }


def _batch_norm_torch(call: LayerCall) -> str:
    return BATCH_NORMS.get(len(call.shape), "BatchNorm1d")


def _normalized(call: LayerCall) -> Shape:
    return call.shape if call.text("over") == ALL else call.shape[-1:]


def _layer_norm_weights(call: LayerCall) -> int:
    return 2 * prod(_normalized(call)) if call.is_on("elementwise_affine") else 0


def _layer_norm_arguments(call: LayerCall) -> Arguments:
    return {
        "normalized_shape": _normalized(call),
        "eps": call.values["eps"],
        "elementwise_affine": call.is_on("elementwise_affine"),
    }


def _group_norm_shape(call: LayerCall) -> Shape | Problem:
    groups, channels = call.whole("num_groups"), call.shape[0]
    if channels % groups:
        return _uneven_groups(call, gcd(groups, channels))
    if size_of(call.shape) > groups:
        return call.shape
    fix = set_param("num_groups", 1, tr("Set groups to 1")) if channels > 1 else None
    hint = tr("Choose fewer groups.") if channels > 1 else tr("Leave this layer out.")
    return _alone(call, hint, fix)


def _uneven_groups(call: LayerCall, fitting: int) -> Problem:
    return refused(
        tr(
            "{name} splits {channels} channels into {groups} groups, which leaves a rest.",
            name=call.name,
            channels=call.shape[0],
            groups=call.whole("num_groups"),
        ),
        tr("Choose a number of groups that divides the channels."),
        code="uneven-groups",
        fix=set_param("num_groups", fitting, tr("Set groups to {groups}", groups=fitting)),
    )


def _alone(call: LayerCall, hint: str, fix: Fix | None = None) -> Problem:
    """A single number has no spread: brought to mean 0, it is always 0."""
    return refused(
        tr(
            "{name} compares numbers with one another, but gets {shape}, where each stands alone.",
            name=call.name,
            shape=show(call.shape),
        ),
        hint,
        code="one-number",
        fix=fix,
    )


def _group_norm_arguments(call: LayerCall) -> Arguments:
    return {
        "num_groups": call.whole("num_groups"),
        "num_channels": call.shape[0],
        "eps": call.values["eps"],
        "affine": call.is_on("affine"),
    }


def _instance_norm_shape(call: LayerCall) -> Shape | Problem:
    if len(call.shape) not in INSTANCE_NORMS:
        wanted = tr("channels of a series, an image or a clip")
        return wrong_rank(call, wanted, (1, *call.shape) if len(call.shape) == 1 else None)
    if size_of(call.shape[1:]) == 1:
        return _alone(call, tr("Use a Layer norm in its place."))
    return call.shape


def _instance_norm_arguments(call: LayerCall) -> Arguments:
    return {
        "num_features": call.shape[0],
        "eps": call.values["eps"],
        "affine": call.is_on("affine"),
    }


def _instance_norm_torch(call: LayerCall) -> str:
    return INSTANCE_NORMS.get(len(call.shape), "InstanceNorm2d")


def _rms_norm_weights(call: LayerCall) -> int:
    return prod(_normalized(call)) if call.is_on("elementwise_affine") else 0


def _local_response_shape(call: LayerCall) -> Shape | Problem:
    if len(call.shape) > 1:
        return call.shape
    return wrong_rank(call, tr("channels of a series, an image or a clip"), (*call.shape, 1))


BATCH_NORM = LayerEntry(
    key="batch_norm",
    title="Batch norm",
    family="normalization",
    help="Brings each channel (each column of a line) to mean 0 and spread 1, measured over the "
    "batch. Use it after a Convolution or Linear, to learn faster and more steadily.",
    params=(
        number(
            "momentum",
            "Momentum",
            0.1,
            above=0.0,
            at_most=1.0,
            help="How quickly the remembered mean and spread follow each batch.",
        ),
        _EPSILON,
        switch("affine", "Learnt scale and shift", True, help="Lets each channel scale back."),
    ),
    shape=_batch_norm_shape,
    weights=_batch_norm_weights,
    arguments=_batch_norm_arguments,
    torch="BatchNorm1d",
    torch_for=_batch_norm_torch,
    badge="momentum {momentum}",
)
LAYER_NORM = LayerEntry(
    key="layer_norm",
    title="Layer norm",
    family="normalization",
    help="Brings the numbers of each row to mean 0 and spread 1, whatever the batch. "
    "Use it with sequences, small batches and recurrent layers.",
    params=(
        _OVER,
        _EPSILON,
        switch(
            "elementwise_affine",
            "Learnt scale and shift",
            True,
            help="Lets each number scale back.",
        ),
    ),
    weights=_layer_norm_weights,
    arguments=_layer_norm_arguments,
    torch="LayerNorm",
    badge="{over}",
)

GROUP_NORM = LayerEntry(
    key="group_norm",
    title="Group norm",
    family="normalization",
    help="Brings groups of channels to mean 0 and spread 1, for each row on its own. "
    "Use it after a Convolution where batches are small.",
    params=(
        whole("num_groups", "Groups", 4, help="How many groups share a mean; 1 is all together."),
        _EPSILON,
        switch("affine", "Learnt scale and shift", True, help="Lets each channel scale back."),
    ),
    shape=_group_norm_shape,
    weights=_batch_norm_weights,
    arguments=_group_norm_arguments,
    torch="GroupNorm",
    badge="{num_groups} {num_groups|group|groups}",
)
INSTANCE_NORM = LayerEntry(
    key="instance_norm",
    title="Instance norm",
    family="normalization",
    help="Brings each channel of each row to mean 0 and spread 1. "
    "Use it where brightness and contrast of a single image should not count.",
    params=(
        _EPSILON,
        switch("affine", "Learnt scale and shift", False, help="Lets each channel scale back."),
    ),
    shape=_instance_norm_shape,
    weights=_batch_norm_weights,
    arguments=_instance_norm_arguments,
    torch="InstanceNorm2d",
    torch_for=_instance_norm_torch,
    badge="epsilon {eps}",
)
RMS_NORM = LayerEntry(
    key="rms_norm",
    title="RMS norm",
    family="normalization",
    help="Divides the numbers of each row by the root of their mean square, without moving them. "
    "Use it in place of Layer norm in transformers; it is quicker.",
    params=(
        _OVER,
        _EPSILON,
        switch("elementwise_affine", "Learnt scale", True, help="Lets each number scale back."),
    ),
    weights=_rms_norm_weights,
    arguments=_layer_norm_arguments,
    torch="RMSNorm",
    badge="{over}",
)
LOCAL_RESPONSE_NORM = LayerEntry(
    key="local_response_norm",
    title="Local response norm",
    family="normalization",
    help="Makes a number smaller where neighbouring channels are large at the same place. "
    "Use it to rebuild older networks such as AlexNet.",
    params=(
        whole("size", "Neighbours", 5, at_most=1024, help="How many channels are looked at."),
        number("alpha", "Strength", 1e-4, at_least=0.0, at_most=100.0, help="How much they count."),
        number("beta", "Power", 0.75, at_least=0.0, at_most=10.0, help="The power of the divisor."),
        number("k", "Floor", 1.0, at_least=0.001, at_most=100.0, help="The least divisor."),
    ),
    shape=_local_response_shape,
    arguments=passed("size", "alpha", "beta", "k"),
    torch="LocalResponseNorm",
    badge="{size} neighbours",
)

ENTRIES = (BATCH_NORM, LAYER_NORM, GROUP_NORM, INSTANCE_NORM, RMS_NORM, LOCAL_RESPONSE_NORM)
