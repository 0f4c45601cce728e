"""Each layer with settings and input shapes small enough to train and export in a moment."""

from collections.abc import Sequence
from typing import TypeAlias

from studio.core.shapes import Shape

# By layer: its settings, and the shape of each input, None for one that is left open.
Cases: TypeAlias = dict[str, list[tuple[dict[str, object], Sequence[Shape | None]]]]

LAYER_CASES: Cases = {
    "expression": [
        ({"expression": "relu(a) + 0.5 * b ^ 2"}, [(2, 4), (2, 4)]),
        ({"expression": "2 / (1 + exp(-a)) - max(a, 0.1) * sigmoid(min(a, b))"}, [(5,), (5,)]),
        ({"expression": "softmax(a) * b + clip(cumsum(a), -1, 1)"}, [(2, 4), (2, 1)]),
        ({"expression": "(a - mean(a)) / (0.1 + sqrt(mean(square(a)))) + b"}, [(6,), (6,)]),
        ({"expression": "abs(a) + largest(a) - smallest(a) + sum(a) * pi"}, [(3, 4)]),
        ({"expression": "sin(a) + cos(a) * tan(0.1 * a) + tanh(a) + softplus(-a)"}, [(4,)]),
        ({"expression": "2 ^ a + log1p(abs(a)) + log(exp(a)) + sign(a) + round(a)"}, [(4,)]),
    ],
    "linear": [({"out_features": 3}, [(5,)]), ({"bias": False}, [(4, 5)])],
    "conv1d": [({"kernel_size": 5, "dilation": 2, "keep_size": True, "groups": 2}, [(4, 10)])],
    "causal_conv1d": [
        ({"kernel_size": 3, "dilation": 2, "groups": 2}, [(4, 10)]),
        ({"kernel_size": 5, "out_channels": 3, "bias": False}, [(2, 3)]),
    ],
    "conv2d": [
        ({"out_channels": 4, "kernel_size": (3, 5), "padding": (1, 0)}, [(2, 6, 7)]),
        ({"keep_size": True, "stride": 2, "bias": False}, [(1, 7, 7)]),
        ({"padding": (2, 1), "padding_mode": "replicate"}, [(2, 5, 7)]),
    ],
    "conv3d": [
        ({"out_channels": 4, "kernel_size": (2, 3, 3), "padding": (0, 1, 1)}, [(2, 4, 6, 7)])
    ],
    "conv_transpose1d": [({"stride": 3, "output_padding": 2, "padding": 1}, [(2, 5)])],
    "conv_transpose2d": [
        ({"out_channels": 4, "groups": 2, "dilation": (1, 2), "bias": False}, [(4, 3, 5)])
    ],
    "conv_transpose3d": [({"out_channels": 3}, [(2, 2, 3, 2)])],
    "depthwise_conv1d": [({"multiplier": 2, "padding": 2, "padding_mode": "circular"}, [(3, 7)])],
    "depthwise_conv2d": [({"keep_size": True, "stride": 2}, [(3, 7, 6)])],
    "depthwise_conv3d": [({"kernel_size": (1, 3, 3), "bias": False}, [(2, 2, 4, 5)])],
    "separable_conv1d": [({"out_channels": 4, "keep_size": True}, [(3, 7)])],
    "separable_conv2d": [
        ({"out_channels": 4, "multiplier": 2, "padding": 1, "padding_mode": "reflect"}, [(3, 7, 6)])
    ],
    "separable_conv3d": [({"out_channels": 4, "bias": False}, [(2, 3, 4, 5)])],
    "max_pool1d": [({}, [(2, 7)])],
    "max_pool2d": [
        ({"kernel_size": 3, "padding": 1}, [(2, 7, 6)]),
        ({"dilation": 2, "ceil_mode": True}, [(2, 8, 7)]),
    ],
    "max_pool3d": [({}, [(2, 4, 7, 6)])],
    "avg_pool1d": [({"padding": 1, "count_include_pad": False}, [(2, 7)])],
    "avg_pool2d": [({"stride": (1, 2)}, [(2, 7, 6)])],
    "avg_pool3d": [({"stride": (1, 2, 2)}, [(2, 4, 7, 6)])],
    "lp_pool1d": [({"ceil_mode": True}, [(2, 7)])],
    "lp_pool2d": [({"norm_type": 4, "stride": (1, 2)}, [(2, 7, 6)])],
    "lp_pool3d": [({"norm_type": 1}, [(2, 4, 4, 6)])],
    "fractional_max_pool2d": [({}, [(2, 9, 6)])],
    "fractional_max_pool3d": [({"kernel_size": (1, 2, 3)}, [(2, 5, 8, 9)])],
    "adaptive_avg_pool1d": [({"output_size": 3}, [(2, 7)])],
    "adaptive_avg_pool2d": [({}, [(2, 7, 6)]), ({"output_size": (2, 3)}, [(2, 6, 6)])],
    "adaptive_avg_pool3d": [({}, [(2, 4, 7, 6)])],
    "adaptive_max_pool1d": [({"output_size": 3}, [(2, 6)])],
    "adaptive_max_pool2d": [({}, [(2, 7, 6)])],
    "adaptive_max_pool3d": [({"output_size": (2, 1, 1)}, [(2, 4, 7, 6)])],
    "global_pool": [
        ({}, [(3, 6, 5)]),
        ({"keeps": "mean"}, [(3, 6)]),
        ({"over": "steps"}, [(6, 3)]),
        ({"over": "steps", "keeps": "mean"}, [(6, 3, 2)]),
    ],
    "batch_norm": [
        ({}, [(4,)]),
        ({"affine": False}, [(4, 5)]),
        ({}, [(3, 4, 4)]),
        ({}, [(2, 3, 4, 4)]),
    ],
    "layer_norm": [({}, [(4, 5)]), ({"over": "all"}, [(2, 4, 4)])],
    "relu": [({}, [(2, 4, 4)])],
    "gelu": [({}, [(4,)]), ({"approximate": "tanh"}, [(4,)])],
    "sigmoid": [({}, [(4,)])],
    "tanh": [({}, [(4,)])],
    "softmax": [({}, [(4,)]), ({}, [(3, 4)]), ({}, [(2, 4, 4)])],
    "leaky_relu": [({"negative_slope": 0.2}, [(4,)])],
    "prelu": [({}, [(4,)]), ({"num_parameters": "each"}, [(2, 4, 4)])],
    "rrelu": [({}, [(4, 5)])],
    "relu6": [({}, [(4,)])],
    "elu": [({"alpha": 0.5}, [(4,)])],
    "selu": [({}, [(4,)])],
    "celu": [({"alpha": 2.0}, [(4,)])],
    "silu": [({}, [(2, 4, 4)])],
    "mish": [({}, [(4,)])],
    "hardswish": [({}, [(4,)])],
    "hardsigmoid": [({}, [(4,)])],
    "hardtanh": [({"min_val": 0.0, "max_val": 2.0}, [(4,)])],
    "softplus": [({"beta": 2.0, "threshold": 5.0}, [(4,)])],
    "softsign": [({}, [(4,)])],
    "log_sigmoid": [({}, [(4,)])],
    "hardshrink": [({}, [(4,)])],
    "softshrink": [({"lambd": 0.25}, [(4,)])],
    "tanhshrink": [({}, [(4,)])],
    "threshold": [({"threshold": 0.5, "value": -1.0}, [(4,)])],
    "softmin": [({}, [(4,)]), ({}, [(2, 4, 4)])],
    "log_softmax": [({}, [(3, 4)])],
    "glu": [({}, [(3, 4)]), ({"over": "first"}, [(4, 3, 3)])],
    "dropout": [({"p": 0.2}, [(4,)])],
    "flatten": [({}, [(2, 3, 4)])],
    "reshape": [({"shape": (4, -1)}, [(2, 3, 4)])],
    "transpose": [({}, [(6, 3)]), ({"first": 3, "second": 1}, [(2, 3, 4)])],
    "repeat": [({"times": 5}, [(4,)]), ({"times": 2}, [(3, 4)])],
}
