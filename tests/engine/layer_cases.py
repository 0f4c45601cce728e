"""Each layer with settings and input shapes small enough to train and export in a moment."""

from typing import TypeAlias

from studio.core.shapes import Shape

# By layer: its settings, and the shape of each input.
Cases: TypeAlias = dict[str, list[tuple[dict[str, object], list[Shape]]]]

LAYER_CASES: Cases = {
    "linear": [({"out_features": 3}, [(5,)]), ({"bias": False}, [(4, 5)])],
    "conv1d": [({"kernel_size": 5, "dilation": 2, "keep_size": True, "groups": 2}, [(4, 10)])],
    "conv2d": [
        ({"out_channels": 4, "kernel_size": (3, 5), "padding": (1, 0)}, [(2, 6, 7)]),
        ({"keep_size": True, "stride": 2, "bias": False}, [(1, 7, 7)]),
    ],
    "conv3d": [
        ({"out_channels": 4, "kernel_size": (2, 3, 3), "padding": (0, 1, 1)}, [(2, 4, 6, 7)])
    ],
    "max_pool1d": [({}, [(2, 7)])],
    "max_pool2d": [({"kernel_size": 3, "padding": 1}, [(2, 7, 6)])],
    "max_pool3d": [({}, [(2, 4, 7, 6)])],
    "avg_pool1d": [({"padding": 1}, [(2, 7)])],
    "avg_pool2d": [({"stride": (1, 2)}, [(2, 7, 6)])],
    "avg_pool3d": [({"stride": (1, 2, 2)}, [(2, 4, 7, 6)])],
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
    "gelu": [({}, [(4,)])],
    "sigmoid": [({}, [(4,)])],
    "tanh": [({}, [(4,)])],
    "softmax": [({}, [(4,)]), ({}, [(3, 4)]), ({}, [(2, 4, 4)])],
    "dropout": [({"p": 0.2}, [(4,)])],
    "flatten": [({}, [(2, 3, 4)])],
    "reshape": [({"shape": (4, -1)}, [(2, 3, 4)])],
    "transpose": [({}, [(6, 3)]), ({"first": 3, "second": 1}, [(2, 3, 4)])],
    "repeat": [({"times": 5}, [(4,)]), ({"times": 2}, [(3, 4)])],
}
