"""Layers that look: self-attention, cross-attention, additive attention, attention pooling."""

from studio.core.catalogue.entry import Arguments, LayerCall, LayerEntry
from studio.core.catalogue.sequences import (
    missing_memory,
    missing_sequence,
    uneven_heads,
    wrong_tokens,
)
from studio.core.params import choice, number, switch, whole
from studio.core.problems import Problem
from studio.core.shapes import Shape

NONE, ROTARY = "none", "rotary"
MOST_HEADS = 256

HEADS = whole(
    "heads",
    "Heads",
    4,
    at_most=MOST_HEADS,
    help="How many looks are taken at once, each at a share of the numbers; "
    "they must divide the numbers of a step.",
)
DROPOUT = number(
    "dropout",
    "Dropout",
    0.0,
    at_least=0.0,
    at_most=0.95,
    help="How much to leave out while training.",
)
CAUSAL = switch(
    "causal",
    "Only backwards",
    False,
    help="Each step sees itself and earlier ones only, as a network that writes must.",
)
POSITIONS = choice(
    "positions",
    "Positions",
    NONE,
    {NONE: "None", ROTARY: "Rotary"},
    help="Rotary: each head knows how far apart two steps stand, so no layer of positions "
    "is needed before it.",
)
_BIAS = switch("bias", "Bias", True, help="Adds a learnt number to each of the four weighings.")
_UNITS = whole("units", "Units", 64, help="How wide the small network is that says what counts.")


def _self_shape(call: LayerCall) -> Shape | Problem:
    return (
        missing_sequence(call)
        or uneven_heads(call, is_rotary=call.text("positions") == ROTARY)
        or wrong_tokens(call, 1, call.shape[0])
        or call.shape
    )


def _self_weights(call: LayerCall) -> int:
    width = call.shape[-1]
    return 4 * width * (width + call.is_on("bias"))


def _self_arguments(call: LayerCall) -> Arguments:
    return {
        "width": call.shape[-1],
        "heads": call.whole("heads"),
        "dropout": call.values["dropout"],
        "bias": call.is_on("bias"),
        "causal": call.is_on("causal"),
        "positions": call.text("positions"),
    }


def _cross_shape(call: LayerCall) -> Shape | Problem:
    return (
        missing_sequence(call)
        or missing_memory(call)
        or uneven_heads(call)
        or wrong_tokens(call, 2, call.inputs[1].shape[0])
        or call.shape
    )


def _cross_weights(call: LayerCall) -> int:
    width, memory, bias = call.shape[-1], call.inputs[1].shape[-1], call.is_on("bias")
    return 2 * width * (width + bias) + 2 * width * (memory + bias)


def _cross_arguments(call: LayerCall) -> Arguments:
    return {
        "width": call.shape[-1],
        "heads": call.whole("heads"),
        "memory_width": call.inputs[1].shape[-1],
        "dropout": call.values["dropout"],
        "bias": call.is_on("bias"),
    }


def _additive_shape(call: LayerCall) -> Shape | Problem:
    problem = (
        missing_sequence(call)
        or missing_memory(call)
        or wrong_tokens(call, 2, call.inputs[1].shape[0])
    )
    return problem or (call.shape[0], call.inputs[1].shape[-1])


def _additive_weights(call: LayerCall) -> int:
    return call.whole("units") * (call.shape[-1] + call.inputs[1].shape[-1] + 2)


def _additive_arguments(call: LayerCall) -> Arguments:
    return {
        "width": call.shape[-1],
        "memory_width": call.inputs[1].shape[-1],
        "units": call.whole("units"),
    }


def _pooling_shape(call: LayerCall) -> Shape | Problem:
    problem = missing_sequence(call) or wrong_tokens(call, 1, call.shape[0])
    return problem or call.shape[1:]


def _pooling_weights(call: LayerCall) -> int:
    return call.whole("units") * (call.shape[-1] + 2)


def _pooling_arguments(call: LayerCall) -> Arguments:
    return {"width": call.shape[-1], "units": call.whole("units")}


SELF_ATTENTION = LayerEntry(
    key="self_attention",
    title="Self-attention",
    family="attention",
    help="Each step of a sequence (steps × numbers) looks at all steps and takes of those that "
    "matter to it. Use it where what belongs together stands far apart, as in texts; wire the "
    "tokens to its second input to leave padding out.",
    params=(HEADS, CAUSAL, POSITIONS, DROPOUT, _BIAS),
    shape=_self_shape,
    weights=_self_weights,
    arguments=_self_arguments,
    torch="SelfAttention",
    arity=(1, 2),
    index_ports=(1,),
    ports=("Sequence", "Its tokens, where padding is to be left out"),
    badge="{heads} {heads|head|heads}",
)
CROSS_ATTENTION = LayerEntry(
    key="cross_attention",
    title="Cross-attention",
    family="attention",
    help="Each step of one sequence looks at all steps of another, its memory, and takes of those "
    "that matter to it. Use it to let what is being written look at what was read; wire the "
    "memory's tokens to its third input to leave padding out.",
    params=(HEADS, DROPOUT, _BIAS),
    shape=_cross_shape,
    weights=_cross_weights,
    arguments=_cross_arguments,
    torch="CrossAttention",
    arity=(2, 3),
    index_ports=(2,),
    ports=(
        "Sequence that looks",
        "Memory that is looked at",
        "The memory's tokens, where padding is to be left out",
    ),
    badge="{heads} {heads|head|heads}",
)
ADDITIVE_ATTENTION = LayerEntry(
    key="additive_attention",
    title="Additive attention",
    family="attention",
    help="Each step of one sequence looks at all steps of another with a small network, and gets "
    "their mean, weighed by what counts (Bahdanau). Use it between two recurrent layers that "
    "translate, joined to the second by a Concatenate.",
    params=(_UNITS,),
    shape=_additive_shape,
    weights=_additive_weights,
    arguments=_additive_arguments,
    torch="AdditiveAttention",
    arity=(2, 3),
    index_ports=(2,),
    ports=CROSS_ATTENTION.ports,
    badge="{units} {units|unit|units}",
)
ATTENTION_POOLING = LayerEntry(
    key="attention_pooling",
    title="Attention pooling",
    family="attention",
    help="Makes one line of a sequence (steps × numbers): the mean of its steps, weighed by what a "
    "small network says each counts. Use it after an LSTM or an encoder, where the last step "
    "alone forgets too much.",
    params=(_UNITS,),
    shape=_pooling_shape,
    weights=_pooling_weights,
    arguments=_pooling_arguments,
    torch="AttentionPooling",
    arity=(1, 2),
    index_ports=(1,),
    ports=SELF_ATTENTION.ports,
    badge="{units} {units|unit|units}",
)

ENTRIES = (SELF_ATTENTION, CROSS_ATTENTION, ADDITIVE_ATTENTION, ATTENTION_POOLING)
