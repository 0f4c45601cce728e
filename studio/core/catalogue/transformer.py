"""Layers of a transformer and stacks of them: encoder and decoder."""

from dataclasses import replace

from studio.core.catalogue.attention import CAUSAL, DROPOUT, HEADS, POSITIONS, ROTARY
from studio.core.catalogue.entry import Arguments, LayerCall, LayerEntry
from studio.core.catalogue.sequences import (
    missing_memory,
    missing_sequence,
    uneven_heads,
    wrong_tokens,
)
from studio.core.params import choice, whole
from studio.core.problems import Problem
from studio.core.shapes import Shape

PRE, POST = "pre", "post"
MOST_LAYERS = 64

_LAYERS = whole(
    "num_layers", "Layers", 2, at_most=MOST_LAYERS, help="How many stand on one another."
)
_HIDDEN = whole(
    "hidden",
    "Feed-forward",
    256,
    help="How wide the network is that follows the attention at each step; "
    "four times the numbers of a step is usual.",
)
_NORM = choice(
    "norm",
    "Layer norm",
    PRE,
    {PRE: "Before each part", POST: "Behind each part"},
    help="Before each part learns more steadily, and a stack gets one more norm at its end; "
    "behind each part is how the first transformers were made.",
)
_ACTIVATION = choice(
    "activation",
    "Activation",
    "gelu",
    {"gelu": "GELU", "relu": "ReLU"},
    help="What stands between the two Linears of the feed-forward network.",
)
_SHARED = (HEADS, _HIDDEN, replace(DROPOUT, default=0.1), _NORM, _ACTIVATION, POSITIONS)
_ENCODER = (*_SHARED, CAUSAL)
_DECODER = (*_SHARED, replace(CAUSAL, default=True))
_TOKENS = "Its tokens, where padding is to be left out"


def _encoder_shape(call: LayerCall) -> Shape | Problem:
    return (
        missing_sequence(call)
        or uneven_heads(call, is_rotary=call.text("positions") == ROTARY)
        or wrong_tokens(call, 1, call.shape[0])
        or call.shape
    )


def _decoder_shape(call: LayerCall) -> Shape | Problem:
    return (
        missing_sequence(call)
        or missing_memory(call)
        or uneven_heads(call, is_rotary=call.text("positions") == ROTARY)
        or wrong_tokens(call, 2, call.inputs[1].shape[0])
        or wrong_tokens(call, 3, call.shape[0])
        or call.shape
    )


def _encoder_layer_weights(call: LayerCall) -> int:
    """Four weighings of the attention, two of the feed-forward network, two norms."""
    width, hidden = call.shape[-1], call.whole("hidden")
    attention = 4 * width * (width + 1)
    return attention + hidden * (width + 1) + width * (hidden + 1) + 4 * width


def _decoder_layer_weights(call: LayerCall) -> int:
    """As the encoder's, and an attention to the memory with its norm."""
    width, memory = call.shape[-1], call.inputs[1].shape[-1]
    cross = 2 * width * (width + 1) + 2 * width * (memory + 1)
    return _encoder_layer_weights(call) + cross + 2 * width


def _last_norm(call: LayerCall) -> int:
    return 2 * call.shape[-1] if call.text("norm") == PRE else 0


def _encoder_weights(call: LayerCall) -> int:
    return call.whole("num_layers") * _encoder_layer_weights(call) + _last_norm(call)


def _decoder_weights(call: LayerCall) -> int:
    return call.whole("num_layers") * _decoder_layer_weights(call) + _last_norm(call)


def _layer_arguments(call: LayerCall) -> Arguments:
    keys = ("heads", "hidden", "dropout", "norm", "activation", "causal", "positions")
    return {"width": call.shape[-1], **{key: call.values[key] for key in keys}}


def _encoder_arguments(call: LayerCall) -> Arguments:
    return {**_layer_arguments(call), "layers": call.whole("num_layers")}


def _decoder_layer_arguments(call: LayerCall) -> Arguments:
    return {**_layer_arguments(call), "memory_width": call.inputs[1].shape[-1]}


def _decoder_arguments(call: LayerCall) -> Arguments:
    return {**_decoder_layer_arguments(call), "layers": call.whole("num_layers")}


ENCODER_LAYER = LayerEntry(
    key="transformer_encoder_layer",
    title="Encoder layer",
    family="attention",
    help="Self-attention and a feed-forward network over each step, each led past, with layer "
    "norms. Use it to build an encoder layer by layer; the stack does the same in one node.",
    params=_ENCODER,
    shape=_encoder_shape,
    weights=_encoder_layer_weights,
    arguments=_layer_arguments,
    torch="EncoderLayer",
    arity=(1, 2),
    index_ports=(1,),
    ports=("Sequence", _TOKENS),
    badge="{heads} {heads|head|heads}, {hidden} wide",
)
ENCODER = LayerEntry(
    key="transformer_encoder",
    title="Transformer encoder",
    family="attention",
    help="Several encoder layers on one another: each step of a sequence (steps × numbers) "
    "learns what it means among the others. Use it after an Embedding and positions, to read "
    "texts; with Only backwards, to write them.",
    params=(_LAYERS, *_ENCODER),
    shape=_encoder_shape,
    weights=_encoder_weights,
    arguments=_encoder_arguments,
    torch="Encoder",
    arity=(1, 2),
    index_ports=(1,),
    ports=("Sequence", _TOKENS),
    badge="{num_layers} {num_layers|layer|layers}, {heads} {heads|head|heads}",
)
_DECODER_PORTS = (
    "Sequence that is written",
    "Memory: what the encoder gives",
    "The memory's tokens, where padding is to be left out",
    "The sequence's own tokens, where padding is to be left out",
)
DECODER_LAYER = LayerEntry(
    key="transformer_decoder_layer",
    title="Decoder layer",
    family="attention",
    help="Self-attention over what was written, attention to a memory, and a feed-forward network, "
    "each led past, with layer norms. Use it to build a decoder layer by layer.",
    params=_DECODER,
    shape=_decoder_shape,
    weights=_decoder_layer_weights,
    arguments=_decoder_layer_arguments,
    torch="DecoderLayer",
    arity=(2, 4),
    index_ports=(2, 3),
    ports=_DECODER_PORTS,
    badge="{heads} {heads|head|heads}, {hidden} wide",
)
DECODER = LayerEntry(
    key="transformer_decoder",
    title="Transformer decoder",
    family="attention",
    help="Several decoder layers on one another: each step of what was written looks back and at "
    "what the encoder read. Use it to translate, with what was written so far as its first input "
    "and the encoder as its second.",
    params=(_LAYERS, *_DECODER),
    shape=_decoder_shape,
    weights=_decoder_weights,
    arguments=_decoder_arguments,
    torch="Decoder",
    arity=(2, 4),
    index_ports=(2, 3),
    ports=_DECODER_PORTS,
    badge="{num_layers} {num_layers|layer|layers}, {heads} {heads|head|heads}",
)

ENTRIES = (ENCODER, DECODER, ENCODER_LAYER, DECODER_LAYER)
