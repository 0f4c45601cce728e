"""Rebuilt plain: simple modules of torch out of the finer calls of a decomposed program.

A program that was taken to torch's core operations says ``addmm`` for a Linear. Where the calls
say the layer by themselves, nothing is rebuilt.
"""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from torch import Tensor, fx, nn

from studio.export.reading.functions import PLAIN
from studio.export.reading.pieces import Maker, Pieces
from studio.export.reading.traced import name_of
from studio.export.reading.weighing import WEIGHING

_NORMS = ("_native_batch_norm_legit_no_training", "native_layer_norm", "native_group_norm")
_BENDS = (
    "Hardswish Hardsigmoid SiLU Mish ReLU6 GELU ELU SELU CELU LeakyReLU Softplus Softsign "
    "Tanhshrink LogSigmoid Softshrink Hardshrink Hardtanh Sigmoid Tanh ReLU"
)


def _said_by_calls(pieces: Pieces) -> bool:
    """Whether one call is the whole layer."""
    names = [name_of(call) for call in pieces.calls]
    return len(names) == 1 and (names[0] in PLAIN or names[0] in WEIGHING)


def _arguments(pieces: Pieces, *names: str) -> tuple[Any, ...]:
    call = pieces.first(*names)
    if call is None:
        raise KeyError(names)
    return call.args


def _linear(pieces: Pieces) -> Iterator[nn.Module]:
    units, width = pieces.sizes("weight")
    yield nn.Linear(width, units, bias=pieces.has("bias"))


def _convolution(kind: Callable[..., nn.Module]) -> Maker:
    def made(pieces: Pieces) -> Iterator[nn.Module]:
        given = _arguments(pieces, "convolution")
        _, _, _, stride, padding, dilation, is_transposed, more, groups = given
        first, second, *kernel = pieces.sizes("weight")
        seen, filters = (first, second * groups) if is_transposed else (second * groups, first)
        settings = {"output_padding": more} if is_transposed else {}
        yield kind(
            seen,
            filters,
            tuple(kernel),
            stride=tuple(stride),
            padding=tuple(padding),
            dilation=tuple(dilation),
            groups=groups,
            bias=pieces.has("bias"),
            **settings,
        )

    return made


def _batch_norm(kind: Callable[..., nn.Module]) -> Maker:
    def made(pieces: Pieces) -> Iterator[nn.Module]:
        momentum, eps = _arguments(pieces, *_NORMS)[5:7]
        count = pieces.sizes("running_mean")[0]
        yield kind(count, eps=eps, momentum=momentum, affine=pieces.has("weight"))

    return made


def _layer_norm(pieces: Pieces) -> Iterator[nn.Module]:
    _, shape, *_, eps = _arguments(pieces, *_NORMS)
    has_weight = pieces.has("weight")
    yield nn.LayerNorm(shape, eps=eps, elementwise_affine=has_weight, bias=pieces.has("bias"))


def _group_norm(pieces: Pieces) -> Iterator[nn.Module]:
    *_, groups, eps = _arguments(pieces, *_NORMS)
    width = pieces.sizes("weight")[0]
    yield nn.GroupNorm(groups, width, eps=eps)


def _max_pool(kind: Callable[..., nn.Module], axes: int) -> Maker:
    def made(pieces: Pieces) -> Iterator[nn.Module]:
        given = _arguments(pieces, f"max_pool{axes}d_with_indices")[1:]
        names = ("kernel_size", "stride", "padding", "dilation", "ceil_mode")
        settings = {k: v for k, v in zip(names, given, strict=False) if v not in ([], ())}
        yield kind(**settings)

    return made


def _adaptive(kind: Callable[..., nn.Module], axes: int) -> Maker:
    def made(pieces: Pieces) -> Iterator[nn.Module]:
        yield kind(tuple(_given(pieces, pieces.calls[-1]).shape[-axes:]))

    return made


def _along(kind: Callable[..., nn.Module]) -> Maker:
    def made(pieces: Pieces) -> Iterator[nn.Module]:
        yield kind(dim=_arguments(pieces, "_softmax", "_log_softmax")[1])

    return made


def _usual(kind: Callable[..., nn.Module]) -> Maker:
    """As it is by default: others are left to a formula."""
    return lambda _pieces: iter((kind(),))


def _given(pieces: Pieces, call: fx.Node) -> Tensor:
    found = pieces.seen[call]
    assert isinstance(found, Tensor)
    return found


def _unless_said(make: Maker) -> Maker:
    return lambda pieces: iter(()) if _said_by_calls(pieces) else make(pieces)


_DIRECTED: dict[str, Maker] = {}
for _axes in (1, 2, 3):
    _DIRECTED |= {
        f"Conv{_axes}d": _convolution(getattr(nn, f"Conv{_axes}d")),
        f"ConvTranspose{_axes}d": _convolution(getattr(nn, f"ConvTranspose{_axes}d")),
        f"BatchNorm{_axes}d": _batch_norm(getattr(nn, f"BatchNorm{_axes}d")),
        f"MaxPool{_axes}d": _max_pool(getattr(nn, f"MaxPool{_axes}d"), _axes),
        f"AdaptiveAvgPool{_axes}d": _adaptive(getattr(nn, f"AdaptiveAvgPool{_axes}d"), _axes),
    }
PLAIN_MAKERS: Mapping[str, Maker] = MappingProxyType(
    {
        name: _unless_said(make)
        for name, make in {
            "Linear": _linear,
            **_DIRECTED,
            "LayerNorm": _layer_norm,
            "GroupNorm": _group_norm,
            "Softmax": _along(nn.Softmax),
            "LogSoftmax": _along(nn.LogSoftmax),
            **{name: _usual(getattr(nn, name)) for name in _BENDS.split()},
        }.items()
    }
)
