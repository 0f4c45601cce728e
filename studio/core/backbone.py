"""Backbone: what is known of a pretrained network in a folder, as one text that a project keeps."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from typing import Literal

BackboneKind = Literal["picture", "text"]
LARGEST_TEXT = 100_000
_MOST = 10**12


@dataclass(frozen=True, slots=True)
class Backbone:
    """A pretrained network: where its files lie, what it is, and what its layer must know of it.

    `architecture` is the family of networks in the words of its configuration, `config` that
    configuration as JSON, from which it is built without its folder. `digest` is the sha256 of
    the file of the configuration, `weight_bytes` the size of the file of the weights.
    `features` is how many numbers it gives for a picture or a token, `weights` how many it
    learnt.

    Pictures: `channels` that come in, the `height` and `width` that it needs (0: any), into how
    many `parts` it cuts them (0: each side is halved `halvings` times, rounded up), and what is
    taken from each channel of values from 0 to 1 (`means`) and by what they are divided
    (`deviations`); `trained_height` and `trained_width` are the size that it learnt from (0:
    its files do not say). Texts: the size of its `vocabulary`, the most tokens of a text
    (`length`), the token that fills short texts up (`padding`), the sha256 of the file of its
    `tokenizer`; and what says how much memory it needs: its layers (`depth`), in each the
    `heads` of attention and the numbers for each token in between (`inner`).
    """

    folder: str
    name: str
    architecture: str
    kind: BackboneKind
    config: str
    digest: str
    weight_bytes: int
    features: int
    weights: int
    channels: int = 0
    height: int = 0
    width: int = 0
    halvings: int = 0
    parts: int = 0
    means: tuple[float, ...] = ()
    deviations: tuple[float, ...] = ()
    vocabulary: int = 0
    length: int = 0
    padding: int = 0
    trained_height: int = 0
    trained_width: int = 0
    tokenizer: str = ""
    depth: int = 0
    heads: int = 0
    inner: int = 0

    def as_text(self) -> str:
        """What a project keeps."""
        return json.dumps(asdict(self), sort_keys=True)


@lru_cache(maxsize=64)
def backbone_of(text: str) -> Backbone | None:
    """What `as_text` wrote; None where it is something else."""
    try:
        given = json.loads(text)
    except ValueError:
        return None
    if not isinstance(given, dict) or not _NEEDED <= set(given) <= set(_KINDS):
        return None
    if not all(_fits(value, _KINDS[key]) for key, value in given.items()):
        return None
    triples = {key: tuple(given[key]) for key in ("means", "deviations")}
    return Backbone(**{**given, **triples})


def name_of(text: str) -> str:
    """What a person calls the network that a text speaks of; empty where it speaks of none."""
    found = backbone_of(text)
    return found.name if found is not None else ""


_KINDS: Mapping[str, type] = {
    field.name: next(
        (kind for kind in (str, int) if field.type is kind),
        str if field.name == "kind" else tuple,
    )
    for field in fields(Backbone)
}
# What was added later, and which the texts of older projects lack.
_ADDED = frozenset(
    {"trained_height", "trained_width", "tokenizer", "depth", "heads", "inner"},
)
_NEEDED = frozenset(_KINDS) - _ADDED


def _fits(value: object, kind: type) -> bool:
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST
    if kind is tuple:
        return isinstance(value, list) and all(type(part) in (int, float) for part in value)
    return isinstance(value, kind)
