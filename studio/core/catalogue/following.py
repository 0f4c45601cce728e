"""Which layers usually come next: after a layer, after one of its family, for a rank of shape."""

from collections.abc import Mapping
from types import MappingProxyType

# After a layer of that key, the likeliest first. What stands here goes before its family.
AFTER: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "linear": ("relu", "dropout", "batch_norm", "gelu", "output", "linear", "softmax"),
        "bilinear": ("relu", "dropout", "linear"),
        "embedding": ("lstm", "gru", "sinusoidal_positions", "learnt_positions", "conv1d"),
        "embedding_bag": ("linear", "dropout", "relu"),
        "global_pool": ("linear", "flatten", "dropout", "output"),
        "attention_pooling": ("linear", "dropout", "output"),
        "flatten": ("linear", "dropout", "batch_norm"),
        "softmax": ("output",),
        "sinusoidal_positions": ("transformer_encoder", "self_attention", "dropout"),
        "learnt_positions": ("transformer_encoder", "self_attention", "dropout"),
        "patch_embedding": ("class_token", "learnt_positions", "transformer_encoder"),
        "class_token": ("learnt_positions", "transformer_encoder"),
        "self_attention": ("add", "layer_norm", "dropout", "linear"),
        "cross_attention": ("add", "layer_norm", "dropout"),
        "transformer_encoder": ("attention_pooling", "global_pool", "linear", "layer_norm"),
        "transformer_decoder": ("linear", "layer_norm", "output"),
        "spectrogram": ("to_decibels", "logarithm", "conv2d"),
        "mel_spectrogram": ("to_decibels", "logarithm", "conv2d", "conv1d"),
        "to_decibels": ("conv2d", "batch_norm", "cepstrum", "conv1d"),
        "add": ("relu", "layer_norm", "batch_norm", "conv2d", "linear"),
        "concatenate": ("conv2d", "linear", "relu", "batch_norm"),
        "conv_transpose2d": ("batch_norm", "relu", "conv2d", "concatenate"),
        "pixel_shuffle": ("relu", "conv2d"),
        "dot": ("sigmoid", "output"),
        "picture_backbone": ("linear", "dropout", "global_pool", "relu"),
        "text_backbone": ("linear", "dropout", "attention_pooling", "global_pool"),
    }
)
# After any layer of that family.
AFTER_FAMILY: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "convolution": ("relu", "batch_norm", "max_pool2d", "max_pool1d", "gelu", "dropout"),
        "pooling": ("conv2d", "conv1d", "flatten", "global_pool", "dropout", "batch_norm"),
        "normalization": ("relu", "gelu", "linear", "conv2d", "dropout", "self_attention"),
        "activation": (
            "max_pool2d",
            "max_pool1d",
            "conv2d",
            "linear",
            "dropout",
            "conv1d",
            "global_pool",
        ),
        "regularization": ("linear", "conv2d", "output", "lstm", "add"),
        "recurrent": ("attention_pooling", "linear", "dropout", "lstm", "global_pool"),
        "attention": ("layer_norm", "dropout", "attention_pooling", "linear", "add"),
        "reshaping": ("linear", "conv2d", "conv1d", "batch_norm"),
        "merging": ("relu", "linear", "layer_norm", "conv2d", "dropout"),
        "signal": ("conv1d", "conv2d", "batch_norm", "lstm"),
        "custom": ("linear", "relu", "layer_norm"),
    }
)
# Where the shape alone is known: after an Input, say. By the number of directions.
FOR_RANK: Mapping[int, tuple[str, ...]] = MappingProxyType(
    {
        1: ("linear", "batch_norm", "relu", "dropout", "output"),
        2: ("conv1d", "lstm", "gru", "transformer_encoder", "layer_norm", "global_pool"),
        3: ("conv2d", "batch_norm", "max_pool2d", "picture_backbone", "flatten", "global_pool"),
        4: ("conv3d", "max_pool3d", "batch_norm", "global_pool"),
    }
)
FOR_CATEGORIES = ("embedding", "embedding_bag", "text_backbone", "learnt_positions")
FIRST = ("input", "conv2d", "linear", "embedding", "output")
# Pictures of so few places across have been made small enough: the network turns to its answer.
SMALL_PICTURE = 8
FOR_SMALL_PICTURES = ("flatten", "global_pool")


def usual_after(layer: str, family: str) -> tuple[str, ...]:
    """What usually comes after a layer, the likeliest first."""
    return (*AFTER.get(layer, ()), *AFTER_FAMILY.get(family, ()))
