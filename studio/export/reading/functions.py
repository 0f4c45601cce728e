"""Functions: which class of layer a function of torch is the same as, and with which settings.

Names are bare: torch.relu, functional.relu, Tensor.relu and aten.relu are one.
"""

from collections.abc import Mapping
from types import MappingProxyType

# By function: the class, and what its arguments after the first are called there.
PLAIN: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "relu": ("ReLU", ""),
        "relu6": ("ReLU6", ""),
        "sigmoid": ("Sigmoid", ""),
        "tanh": ("Tanh", ""),
        "selu": ("SELU", ""),
        "silu": ("SiLU", ""),
        "mish": ("Mish", ""),
        "hardswish": ("Hardswish", ""),
        "hardsigmoid": ("Hardsigmoid", ""),
        "softsign": ("Softsign", ""),
        "logsigmoid": ("LogSigmoid", ""),
        "log_sigmoid": ("LogSigmoid", ""),
        "tanhshrink": ("Tanhshrink", ""),
        "gelu": ("GELU", "approximate"),
        "leaky_relu": ("LeakyReLU", "negative_slope"),
        "elu": ("ELU", "alpha"),
        "celu": ("CELU", "alpha"),
        "hardtanh": ("Hardtanh", "min_val max_val"),
        "softplus": ("Softplus", "beta threshold"),
        "hardshrink": ("Hardshrink", "lambd"),
        "softshrink": ("Softshrink", "lambd"),
        "threshold": ("Threshold", "threshold value"),
        "softmax": ("Softmax", "dim"),
        "softmin": ("Softmin", "dim"),
        "log_softmax": ("LogSoftmax", "dim"),
        "_softmax": ("Softmax", "dim"),
        "_log_softmax": ("LogSoftmax", "dim"),
        "glu": ("GLU", "dim"),
        "dropout": ("Dropout", "p"),
        "dropout1d": ("Dropout1d", "p"),
        "dropout2d": ("Dropout2d", "p"),
        "dropout3d": ("Dropout3d", "p"),
        "feature_dropout": ("Dropout2d", "p"),
        "alpha_dropout": ("AlphaDropout", "p"),
        "feature_alpha_dropout": ("FeatureAlphaDropout", "p"),
        "rrelu": ("RReLU", "lower upper"),
        "local_response_norm": ("LocalResponseNorm", "size alpha beta k"),
        "pixel_shuffle": ("PixelShuffle", "upscale_factor"),
        "pixel_unshuffle": ("PixelUnshuffle", "downscale_factor"),
        "channel_shuffle": ("ChannelShuffle", "groups"),
        "native_channel_shuffle": ("ChannelShuffle", "groups"),
        "unfold": ("Unfold", "kernel_size dilation padding stride"),
        "im2col": ("Unfold", "kernel_size dilation padding stride"),
        "fold": ("Fold", "output_size kernel_size dilation padding stride"),
        "col2im": ("Fold", "output_size kernel_size dilation padding stride"),
        **{
            f"max_pool{n}d": (f"MaxPool{n}d", "kernel_size stride padding dilation ceil_mode")
            for n in (1, 2, 3)
        },
        **{
            f"max_pool{n}d_with_indices": (
                f"MaxPool{n}d",
                "kernel_size stride padding dilation ceil_mode",
            )
            for n in (2, 3)
        },
        **{
            f"avg_pool{n}d": (
                f"AvgPool{n}d",
                "kernel_size stride padding ceil_mode count_include_pad",
            )
            for n in (1, 2, 3)
        },
        **{
            f"lp_pool{n}d": (f"LPPool{n}d", "norm_type kernel_size stride ceil_mode")
            for n in (1, 2, 3)
        },
        **{
            f"adaptive_{way}_pool{n}d": (f"Adaptive{way.title()}Pool{n}d", "output_size")
            for way in ("avg", "max")
            for n in (1, 2, 3)
        },
    }
)
# What gives its input as it is, for a network that answers.
PASSING = frozenset(
    ("contiguous", "clone", "detach", "alias", "to", "float", "type_as", "requires_grad_")
    + ("_to_copy", "lift_fresh_copy", "cpu", "identity", "_assert_tensor_metadata", "squeeze_copy")
)
# Functions of the formula that Studio reads, by their name in torch; what they take.
FORMULAS: Mapping[str, str] = MappingProxyType(
    {
        "add": "{0} + {1}",
        "sub": "{0} - {1}",
        "subtract": "{0} - {1}",
        "mul": "{0} * {1}",
        "multiply": "{0} * {1}",
        "div": "{0} / {1}",
        "divide": "{0} / {1}",
        "truediv": "{0} / {1}",
        "true_divide": "{0} / {1}",
        "pow": "{0} ^ {1}",
        "rsub": "{1} - {0}",
        "neg": "-{0}",
        "negative": "-{0}",
        "abs": "abs({0})",
        "exp": "exp({0})",
        "log": "log({0})",
        "log1p": "log1p({0})",
        "sqrt": "sqrt({0})",
        "rsqrt": "1 / sqrt({0})",
        "reciprocal": "1 / {0}",
        "square": "square({0})",
        "sign": "sign({0})",
        "sin": "sin({0})",
        "cos": "cos({0})",
        "tan": "tan({0})",
        "tanh": "tanh({0})",
        "sigmoid": "sigmoid({0})",
        "expit": "sigmoid({0})",
        "relu": "relu({0})",
        "softplus": "softplus({0})",
        "round": "round({0})",
        "floor": "floor({0})",
        "ceil": "ceil({0})",
        "maximum": "max({0}, {1})",
        "minimum": "min({0}, {1})",
    }
)
# Those that a network joins things of one shape by, and the layer that does the same.
JOINING: Mapping[str, str] = MappingProxyType(
    {
        "add": "Add",
        "mul": "Multiply",
        "multiply": "Multiply",
        "sub": "Subtract",
        "subtract": "Subtract",
        "maximum": "Maximum",
        "minimum": "Minimum",
    }
)
# Along the last axis, of which one number is left, and along all of it.
REDUCING: Mapping[str, str] = MappingProxyType(
    {"sum": "sum", "mean": "mean", "amax": "largest", "amin": "smallest"}
)
