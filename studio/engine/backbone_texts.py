"""What a pretrained network over texts takes and gives, as its configuration says."""

import json
from collections.abc import Mapping
from dataclasses import replace

import torch
from torch import Tensor, nn

from studio.core.backbone import Backbone
from studio.core.words import tr
from studio.engine.backbones import built, weights_of

_TRIED = 4  # tokens on which the network is tried, without numbers
# What one thing is called by the architectures.
_DEPTH = ("num_hidden_layers", "n_layers")
_HEADS = ("num_attention_heads", "n_heads")
_INNER = ("intermediate_size", "hidden_dim")
# Those that count the places of tokens from the number of their padding on.
_PLACED_BEHIND_PADDING = ("roberta", "mpnet")
_AHEAD_ONLY = ("is_decoder", "add_cross_attention")


def text_facts(known: Backbone) -> Backbone:
    """Builds the network without numbers and asks it.

    ValueError in plain words for one that does not read texts both ways, or whose padding is
    no token of its.
    """
    config: Mapping[str, object] = json.loads(known.config)
    for name in _AHEAD_ONLY:
        if config.get(name):
            raise ValueError(tr("{field} is on, and such a network writes", field=name))
    vocabulary, padding = _count(config, ("vocab_size",)), config.get("pad_token_id")
    if type(padding) is not int or not 0 <= padding < vocabulary:
        raise ValueError(tr("{field} is {given}", field="pad_token_id", given=str(padding)[:40]))
    places = _count(config, ("max_position_embeddings",))
    if known.architecture in _PLACED_BEHIND_PADDING:
        places -= padding + 1
    if places < _TRIED:
        raise ValueError(tr("it has places for {count} tokens", count=places))
    network, features = _tried(known)
    return replace(
        known,
        features=features,
        weights=weights_of(network),
        vocabulary=vocabulary,
        length=places,
        padding=padding,
        depth=_count(config, _DEPTH),
        heads=_count(config, _HEADS),
        inner=_count(config, _INNER),
    )


def _tried(known: Backbone) -> tuple[nn.Module, int]:
    """The network without numbers, and how many it gives for each token."""
    with torch.device("meta"), torch.no_grad():
        network = built(known).eval()
        tokens = torch.zeros(2, _TRIED, dtype=torch.int64)
        given: Tensor = network(input_ids=tokens, return_dict=False)[0]
    return network, given.shape[-1]


def _count(config: Mapping[str, object], names: tuple[str, ...]) -> int:
    found = next((config[name] for name in names if name in config), None)
    if type(found) is not int or found < 1:
        raise ValueError(tr("{field} is {given}", field=names[0], given=str(found)[:40]))
    return found
