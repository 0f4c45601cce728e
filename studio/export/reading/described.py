"""Described: a module of torch as it was made: its class and its settings."""

from collections.abc import Mapping
from inspect import Parameter

from torch import nn
from torch.nn import functional

from studio.export.reading.attending import LAYERS, NORM
from studio.export.settings_source import NO_SETTINGS, settings_of

_BENDS = {functional.relu: "relu", functional.gelu: "gelu"}


def described(part: nn.Module) -> tuple[str, Mapping[str, object]]:
    """The class's name, and all its settings as the module remembers them."""
    name = type(part).__name__
    if isinstance(part, nn.TransformerEncoderLayer | nn.TransformerDecoderLayer):
        return name, _layer(part)
    if isinstance(part, nn.TransformerEncoder | nn.TransformerDecoder):
        return name, _stack(part)
    return name, _remembered(part)


def _remembered(part: nn.Module) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, setting in settings_of(type(part)).items():
        if name in NO_SETTINGS:
            continue
        value = getattr(part, name, setting.default)
        if name in part._parameters:  # noqa: SLF001 - a weight is there or not
            value = value is not None
        elif name == "bias":
            value = _has_bias(part)
        if value is not Parameter.empty:
            found[name] = value
    if isinstance(part, nn.RNN):  # takes it apart from the others
        found["nonlinearity"] = part.nonlinearity
    return found


def _has_bias(part: nn.Module) -> bool:
    """Of those whose biases have other names: recurrent layers and attention."""
    if isinstance(part, nn.RNNBase):
        return bool(part.bias)
    return any("bias" in name for name, _ in part.named_parameters())


def _layer(part: nn.TransformerEncoderLayer | nn.TransformerDecoderLayer) -> dict[str, object]:
    attention = part.self_attn
    bend = part.activation
    return {
        "d_model": attention.embed_dim,
        "nhead": attention.num_heads,
        "dim_feedforward": part.linear1.out_features,
        "dropout": float(part.dropout.p),
        "activation": _BENDS.get(bend, type(bend).__name__.lower()),
        "norm_first": part.norm_first,
        "batch_first": attention.batch_first,
        "bias": part.linear1.bias is not None,
    }


def _stack(part: nn.TransformerEncoder | nn.TransformerDecoder) -> dict[str, object]:
    """That of its layers, which torch copies from one."""
    first = part.layers[0]
    assert isinstance(first, nn.TransformerEncoderLayer | nn.TransformerDecoderLayer)
    return {**_layer(first), LAYERS: len(part.layers), NORM: part.norm is not None}
