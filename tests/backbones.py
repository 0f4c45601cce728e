"""Tiny pretrained networks: what is known of them, and their folders as the library writes them."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from studio.core.backbone import Backbone, backbone_of

KNOWN = Path(__file__).parent / "files" / "backbones.json"
SETTINGS: dict[str, tuple[str, dict[str, Any]]] = {
    "resnet": (
        "ResNet",
        {"embedding_size": 4, "hidden_sizes": [4, 8], "depths": [1, 1], "layer_type": "basic"},
    ),
    "mobilenet_v1": ("MobileNetV1", {"depth_multiplier": 0.01, "min_depth": 2}),
    "mobilenet_v2": (
        "MobileNetV2",
        {
            "depth_multiplier": 0.01,
            "depth_divisible_by": 2,
            "min_depth": 2,
            "finegrained_output": False,
        },
    ),
    "vit": (
        "ViT",
        {
            "hidden_size": 8,
            "num_hidden_layers": 1,
            "num_attention_heads": 2,
            "intermediate_size": 8,
            "image_size": [8, 12],
            "patch_size": 4,
        },
    ),
}


@cache
def known(architecture: str) -> Backbone:
    """What `read_backbone` says of the tiny network of that architecture, its folder apart."""
    found = backbone_of(json.dumps(json.loads(KNOWN.read_text("utf-8"))[architecture]))
    assert found is not None
    return found


@cache
def texts(kind: str = "picture") -> dict[str, str]:
    """What a layer keeps, by architecture."""
    return {name: known(name).as_text() for name in SETTINGS if known(name).kind == kind}


def text_of(architecture: str) -> str:
    """What a layer keeps of that one; of none nothing."""
    return known(architecture).as_text() if architecture else ""


def some_text() -> str:
    """One that takes pictures of any size."""
    return text_of("resnet")


def saved(folder: Path, architecture: str, **preparing: object) -> Path:
    """The tiny network in a folder, with settings for preparing pictures where some are given."""
    import torch
    import transformers

    transformers.utils.logging.set_verbosity(transformers.utils.logging.CRITICAL)
    transformers.utils.logging.disable_progress_bar()
    name, settings = SETTINGS[architecture]
    torch.manual_seed(7)
    config = getattr(transformers, f"{name}Config")(**settings)
    getattr(transformers, f"{name}Model")(config).save_pretrained(folder)
    if preparing:
        (folder / "preprocessor_config.json").write_text(json.dumps(preparing), "utf-8")
    return folder
