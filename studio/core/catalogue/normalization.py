"""Layers that bring numbers to a common scale: batch and layer normalization."""

from math import prod

from studio.core.catalogue.entry import (
    Arguments,
    LayerCall,
    LayerEntry,
    insert_before,
    refused,
)
from studio.core.params import choice, number, switch
from studio.core.problems import Problem
from studio.core.shapes import Shape, show
from studio.core.words import tr

LAST = "last"
ALL = "all"
BATCH_NORMS = {1: "BatchNorm1d", 2: "BatchNorm1d", 3: "BatchNorm2d", 4: "BatchNorm3d"}

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
        choice(
            "over",
            "Over",
            LAST,
            {LAST: "Last size", ALL: "All sizes together"},
            help="Which numbers share a mean: those of one step of a sequence (last size), "
            "or the whole image (all sizes).",
        ),
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

ENTRIES = (BATCH_NORM, LAYER_NORM)
