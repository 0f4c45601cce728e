"""Tiny pretrained networks: what is known of them, and their folders as the library writes them."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from studio.core.backbone import Backbone, backbone_of
from studio.core.catalogue.entry import LayerEntry

KNOWN = Path(__file__).parent / "files" / "backbones.json"
_READER = {
    "vocab_size": 40,
    "hidden_size": 8,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "intermediate_size": 12,
    "max_position_embeddings": 20,
}
# The first tokens of the two families; behind them words and their pieces.
FAMILIES = {
    "bert": ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"),
    "roberta": ("<s>", "<pad>", "</s>", "[UNK]", "<mask>"),
}
PIECES = ("the", "pump", "##s", "fail", "##ed", "runs", "well", "hot", "cold", "oil", "!", "a", "b")
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
    "bert": ("Bert", _READER),
    "distilbert": (
        "DistilBert",
        {"vocab_size": 40, "dim": 8, "n_layers": 1, "n_heads": 2, "hidden_dim": 12}
        | {"max_position_embeddings": 20},
    ),
    "roberta": ("Roberta", _READER),
    "albert": ("Albert", {**_READER, "embedding_size": 6}),
    "electra": ("Electra", {**_READER, "embedding_size": 6}),
    "mpnet": ("MPNet", _READER),
}

SEERS = ("resnet", "mobilenet_v1", "mobilenet_v2", "vit")
READERS = ("bert", "distilbert", "roberta", "albert", "electra", "mpnet")


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


def some_text(entry: LayerEntry) -> str:
    """One that a layer can take, whatever the size of what comes in."""
    return text_of("bert" if entry.takes_indices else "resnet")


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
    if architecture in READERS:
        _save_tokenizer(folder, architecture)
    return folder


def _save_tokenizer(folder: Path, architecture: str) -> None:
    """Word pieces as the library writes them: tokenizer.json with its special tokens."""
    import transformers

    is_roberta = architecture in ("roberta", "mpnet")
    words = (*FAMILIES["roberta" if is_roberta else "bert"], *PIECES)
    kind = transformers.MPNetTokenizer if is_roberta else transformers.BertTokenizer
    kind(vocab={word: number for number, word in enumerate(words)}).save_pretrained(folder)
