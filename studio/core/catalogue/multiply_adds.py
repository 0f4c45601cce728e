"""How many numbers each layer multiplies and adds for one sample: a rule for those that do many.

Products of matrices and filters are counted, as everybody counts them; what is done once to each
number (activations, normalizations, pooling) is little beside them and counts as nothing.
"""

from collections.abc import Callable, Mapping
from math import prod
from types import MappingProxyType
from typing import TypeAlias

from studio.core.backbone import backbone_of
from studio.core.catalogue.backbone_adds import backbone_adds
from studio.core.catalogue.entry import LayerCall, LayerEntry
from studio.core.shapes import Shape, size_of

Rule: TypeAlias = Callable[[LayerCall, Shape, int], int]


def multiply_adds(entry: LayerEntry, call: LayerCall, gives: Shape) -> int | None:
    """Of one sample that comes out with that shape; None where nobody can say.

    That is so of a pretrained network whose configuration does not tell how it is built.
    """
    if entry.is_pretrained:
        known = backbone_of(call.text("backbone"))
        return None if known is None else backbone_adds(known, call.shape)
    rule = RULES.get(entry.key)
    return rule(call, gives, entry.weights(call)) if rule else 0


def _linear(call: LayerCall, gives: Shape, _weights: int) -> int:
    return size_of(gives) * call.shape[-1]


def _bilinear(call: LayerCall, gives: Shape, _weights: int) -> int:
    return size_of(gives) * call.inputs[0].shape[-1] * call.inputs[1].shape[-1]


def _slid(call: LayerCall, gives: Shape, weights: int) -> int:
    """Every weight of the filters once at each place that comes out."""
    return (weights - _biases(call, gives[0])) * prod(gives[1:])


def _spread(call: LayerCall, gives: Shape, weights: int) -> int:
    """Every weight of the filters once at each place that goes in."""
    return (weights - _biases(call, gives[0])) * prod(call.shape[1:])


def _patches(call: LayerCall, gives: Shape, weights: int) -> int:
    return (weights - _biases(call, gives[-1])) * gives[0]


def _biases(call: LayerCall, count: int) -> int:
    return count if call.is_on("bias") else 0


def _recurrent(gates: int) -> Rule:
    def rule(call: LayerCall, _gives: Shape, weights: int) -> int:
        directions = 2 if call.is_on("bidirectional") else 1
        biases = 2 * gates * call.whole("hidden_size") * call.whole("num_layers") * directions
        return (weights - biases) * call.shape[0]

    return rule


def _attention(call: LayerCall, _gives: Shape, _weights: int) -> int:
    return _looked_at_itself(*call.shape)


def _cross_attention(call: LayerCall, _gives: Shape, _weights: int) -> int:
    return _looked_at(call.inputs[0].shape, call.inputs[1].shape)


def _additive_attention(call: LayerCall, _gives: Shape, _weights: int) -> int:
    (asking, wide), (steps, other) = call.inputs[0].shape, call.inputs[1].shape
    units = call.whole("units")
    return asking * wide * units + steps * other * units + asking * steps * (units + other)


def _attention_pooling(call: LayerCall, _gives: Shape, _weights: int) -> int:
    steps, wide = call.shape
    units = call.whole("units")
    return steps * (wide * units + units + wide)


def _encoder(call: LayerCall, _gives: Shape, _weights: int) -> int:
    return _layers(call) * (_looked_at_itself(*call.shape) + _fed_forward(call))


def _decoder(call: LayerCall, _gives: Shape, _weights: int) -> int:
    memory = _looked_at(call.inputs[0].shape, call.inputs[1].shape)
    return _layers(call) * (_looked_at_itself(*call.shape) + memory + _fed_forward(call))


def _layers(call: LayerCall) -> int:
    return call.whole("num_layers") if "num_layers" in call.values else 1


def _fed_forward(call: LayerCall) -> int:
    return 2 * size_of(call.shape) * call.whole("hidden")


def _looked_at_itself(steps: int, wide: int) -> int:
    return _looked_at((steps, wide), (steps, wide))


def _looked_at(asking: Shape, memory: Shape) -> int:
    """Four projections, all pairs of steps compared, and what they point at added up."""
    (steps, wide), (others, other_wide) = asking, memory
    projected = 2 * steps * wide * wide + 2 * others * other_wide * wide
    return projected + 2 * steps * others * wide


def _product(call: LayerCall, gives: Shape, _weights: int) -> int:
    return size_of(gives) * call.inputs[0].shape[-1]


def _mel(call: LayerCall, gives: Shape, _weights: int) -> int:
    return size_of(gives) * (call.whole("n_fft") // 2 + 1)


def _cepstrum(call: LayerCall, gives: Shape, _weights: int) -> int:
    return size_of(gives) * call.shape[-2]


RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "linear": _linear,
        "bilinear": _bilinear,
        **{f"conv{n}d": _slid for n in (1, 2, 3)},
        **{f"depthwise_conv{n}d": _slid for n in (1, 2, 3)},
        **{f"separable_conv{n}d": _slid for n in (1, 2, 3)},
        **{f"conv_transpose{n}d": _spread for n in (1, 2, 3)},
        "causal_conv1d": _slid,
        "patch_embedding": _patches,
        "lstm": _recurrent(4),
        "gru": _recurrent(3),
        "rnn": _recurrent(1),
        "self_attention": _attention,
        "cross_attention": _cross_attention,
        "additive_attention": _additive_attention,
        "attention_pooling": _attention_pooling,
        "transformer_encoder_layer": _encoder,
        "transformer_encoder": _encoder,
        "transformer_decoder_layer": _decoder,
        "transformer_decoder": _decoder,
        "matrix_multiply": _product,
        "mel_spectrogram": _mel,
        "cepstrum": _cepstrum,
    }
)
