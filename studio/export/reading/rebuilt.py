"""Rebuilt: a module of torch, made anew from its weights and the calls that it came apart into.

torch.export writes the calls, not the modules; of each call it tells in which module it stood.
Whether what is made here is the one that was there is for its numbers to say.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import product
from types import MappingProxyType

from torch import Tensor, fx, nn

from studio.export.reading.pieces import Maker, Pieces
from studio.export.reading.rebuilt_plain import PLAIN_MAKERS
from studio.export.reading.traced import name_of

_LOOKING = (
    ("scaled_dot_product_attention", "bmm", "baddbmm", "matmul")
    + ("_scaled_dot_product_flash_attention_for_cpu", "_scaled_dot_product_efficient_attention")
)  # fmt: skip
_EPS, _EPS_AT = 1e-5, 4  # of a layer norm, and where it stands among its arguments


def rebuilt(kind: str, pieces: Pieces) -> Iterator[nn.Module]:
    """Modules of that class that it may have been, with its weights, ready to answer."""
    try:
        for made in MAKERS[kind](pieces):
            made.load_state_dict(dict(pieces.weights))
            for weight in made.parameters():
                weight.requires_grad_(False)
            yield made.eval()
    except (KeyError, IndexError, RuntimeError, ValueError, AssertionError):
        return  # it has other weights than such a module has


def _attention(pieces: Pieces) -> Iterator[nn.Module]:
    width, is_one = pieces.sizes("out_proj.weight")[0], pieces.has("in_proj_weight")
    if pieces.has("bias_k"):
        return
    for heads, is_first in product(_heads(pieces, width), (True, False)):
        yield nn.MultiheadAttention(
            width,
            heads,
            bias=pieces.has("in_proj_bias"),
            kdim=None if is_one else pieces.sizes("k_proj_weight")[1],
            vdim=None if is_one else pieces.sizes("v_proj_weight")[1],
            batch_first=is_first,
        )


def _heads(pieces: Pieces, width: int) -> list[int]:
    """How many heads there may be: what is compared has as many numbers as one head looks at."""
    found: dict[int, None] = {}
    for call in pieces.calls:
        if name_of(call) in _LOOKING:
            values = (pieces.seen.get(one) for one in call.all_input_nodes)
            sizes = (one.shape[-1] for one in values if isinstance(one, Tensor) and one.dim())
            found.update({width // size: None for size in sizes if size and width % size == 0})
    return list(found)


def _layer_settings(pieces: Pieces) -> dict[str, object]:
    """What a layer of an encoder or decoder was made with, but for its heads."""
    norm, dropout = _norm(pieces), pieces.first("dropout")
    return {
        "d_model": pieces.sizes("self_attn.out_proj.weight")[0],
        "dim_feedforward": pieces.sizes("linear1.weight")[0],
        "dropout": dropout.args[1] if dropout is not None else 0.0,
        "activation": "gelu" if pieces.first("gelu") is not None else "relu",
        "layer_norm_eps": _eps(norm),
        "norm_first": bool(pieces.calls) and norm is pieces.calls[0],
        "bias": pieces.has("linear1.bias"),
    }


def _eps(norm: fx.Node | None) -> object:
    return norm.args[_EPS_AT] if norm is not None and len(norm.args) > _EPS_AT else _EPS


def _norm(pieces: Pieces) -> fx.Node | None:
    return pieces.first("layer_norm", "native_layer_norm")


def _layer(kind: Callable[..., nn.Module]) -> Maker:
    def made(pieces: Pieces) -> Iterator[nn.Module]:
        settings = _layer_settings(pieces)
        heads = _heads(pieces.inner("self_attn"), pieces.sizes("self_attn.out_proj.weight")[0])
        for count, is_first in product(heads, (True, False)):
            yield kind(**settings, nhead=count, batch_first=is_first)

    return made


def _stack(kind: Callable[..., nn.Module], layer: Callable[..., nn.Module]) -> Maker:
    def made(pieces: Pieces) -> Iterator[nn.Module]:
        count = len({name.split(".")[1] for name in pieces.weights if name.startswith("layers.")})
        for one in _layer(layer)(pieces.inner("layers.0")):
            norm = _last_norm(pieces) if pieces.has("norm.weight") else None
            yield kind(one, count, norm)

    return made


def _last_norm(pieces: Pieces) -> nn.LayerNorm:
    eps = _eps(_norm(pieces.inner("norm")))
    assert isinstance(eps, float)
    return nn.LayerNorm(pieces.sizes("norm.weight"), eps=eps, bias=pieces.has("norm.bias"))


def _encoder(layer: nn.Module, count: int, norm: nn.Module | None) -> nn.Module:
    assert isinstance(layer, nn.TransformerEncoderLayer)
    return nn.TransformerEncoder(layer, count, norm, enable_nested_tensor=False)


def _recurrent(kind: Callable[..., nn.Module], **more: object) -> Maker:
    def made(pieces: Pieces) -> Iterator[nn.Module]:
        if pieces.first("lstm", "gru", "rnn_tanh", "rnn_relu") is not None:
            return  # whole as it is
        layers = {name.split("_l")[-1] for name in pieces.weights if name.startswith("weight_ih")}
        for is_first in (True, False):
            yield kind(
                input_size=pieces.sizes("weight_ih_l0")[1],
                hidden_size=pieces.sizes("weight_hh_l0")[0] // _GATES[kind],
                num_layers=sum(name.isdigit() for name in layers),
                bias=pieces.has("bias_ih_l0"),
                batch_first=is_first,
                bidirectional="0_reverse" in layers,
                **more,
            )

    return made


def _both_bends(pieces: Pieces) -> Iterator[nn.Module]:
    for bend in ("tanh", "relu"):
        yield from _recurrent(nn.RNN, nonlinearity=bend)(pieces)


_GATES: Mapping[Callable[..., nn.Module], int] = {nn.LSTM: 4, nn.GRU: 3, nn.RNN: 1}
MAKERS: Mapping[str, Maker] = MappingProxyType(
    {
        "MultiheadAttention": _attention,
        "TransformerEncoderLayer": _layer(nn.TransformerEncoderLayer),
        "TransformerDecoderLayer": _layer(nn.TransformerDecoderLayer),
        "TransformerEncoder": _stack(_encoder, nn.TransformerEncoderLayer),
        "TransformerDecoder": _stack(nn.TransformerDecoder, nn.TransformerDecoderLayer),
        "LSTM": _recurrent(nn.LSTM),
        "GRU": _recurrent(nn.GRU),
        "RNN": _both_bends,
        **PLAIN_MAKERS,
    }
)
