"""The JSON of a tokenizer read back, every part looked at before the library is handed any."""

import json
from dataclasses import dataclass
from functools import lru_cache

import tokenizers

from studio.core import plain
from studio.core.design.shaping import Tokenizer
from studio.core.problems import StudioError, refuse
from studio.core.words import tr
from studio.data.tokenizer import OWN, PADDING, SPECIALS, UNKNOWN, made, pair_model, word_model
from studio.data.tokenizer_file import Library, require_known_parts

_AT_END = "Right"  # where the library cuts, in its own words
_RULES = ("normalizer", "pre_tokenizer", "decoder", "post_processor")


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """A tokenizer without padding and cutting, and the length that its JSON says.

    `padding` and `unknown` are tokens of these meanings; `before` and `behind` are put around
    every text. One of a file pads and cuts at the end.
    """

    tokenizer: tokenizers.Tokenizer
    kind: Tokenizer
    length: int
    padding: int = PADDING
    unknown: int = UNKNOWN
    before: tuple[int, ...] = ()
    behind: tuple[int, ...] = ()

    @property
    def is_of_file(self) -> bool:
        """True for one that belongs to a pretrained network."""
        return self.kind == "file"


@lru_cache(maxsize=8)
def known(text: str) -> Known:
    """The tokenizer that `tokenizer.written` wrote; StudioError for any other JSON.

    What the library raises cannot be told from a fault of the program, so nothing is
    handed to it that it could refuse.
    """
    whole = _object(plain.parse(text.encode("utf-8", "surrogatepass"), tr("The tokenizer")))
    if _object(whole.get("truncation")).get("direction") == _AT_END:
        return _of_file(whole)
    kind, is_lowercase = _rules_of(whole)
    model = _object(whole.get("model"))
    vocabulary = _vocabulary_of(model)
    if kind == "byte_pair":
        tokenizer = made(kind, is_lowercase, pair_model(vocabulary, _merges_of(model, vocabulary)))
    else:
        tokenizer = made(kind, is_lowercase, word_model(vocabulary))
    tokenizer.add_special_tokens(list(SPECIALS))
    # A text that says [PAD] means these five characters.
    tokenizer.encode_special_tokens = True
    return Known(tokenizer, kind, _length_of(whole))


def _of_file(whole: dict[str, object]) -> Known:
    """One that `tokenizer_file.read_tokenizer` wrote."""
    padding = _object(whole.get("padding")).get("pad_id")
    model = _object(whole.get("model"))
    require_known_parts(whole, tr("of this model"))
    with Library(tr("of this model")):
        found = tokenizers.Tokenizer.from_str(
            json.dumps({**whole, "truncation": None, "padding": None})
        )
        found.encode_special_tokens = True
        around = found.encode("")
        some = found.encode("a")
    if type(padding) is not int or found.id_to_token(padding) is None:
        raise _refused(tr("it has no padding"))
    return Known(
        found,
        "file",
        _length_of(whole),
        padding,
        _unknown_of(found, model),
        *_put_around(some, len(around.ids)),
    )


def _unknown_of(found: tokenizers.Tokenizer, model: dict[str, object]) -> int:
    """The token of what it does not know; -1 where it knows everything."""
    given, number = model.get("unk_token"), model.get("unk_id")
    if isinstance(given, str):
        number = found.token_to_id(given)
    return number if type(number) is int else -1


def _put_around(some: tokenizers.Encoding, count: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """What stands before and behind the tokens of a text, all together so many."""
    marks: list[int] = some.special_tokens_mask
    before = marks.index(0) if 0 in marks else count
    ids = tuple(some.ids)
    return ids[:before], ids[len(ids) - (count - before) :]


@lru_cache(maxsize=1)
def _known_rules() -> tuple[tuple[Tokenizer, bool, dict[str, object]], ...]:
    return tuple(
        (kind, is_lowercase, _object(plain.parse(made(kind, is_lowercase).to_str().encode(), "")))
        for kind in OWN
        for is_lowercase in (True, False)
    )


def _rules_of(whole: dict[str, object]) -> tuple[Tokenizer, bool]:
    given = [whole.get(rule) for rule in _RULES]
    for kind, is_lowercase, ours in _known_rules():
        if given == [ours[rule] for rule in _RULES]:
            return kind, is_lowercase
    raise _refused(tr("it splits texts by rules that are not known here"))


def _length_of(whole: dict[str, object]) -> int:
    length = _object(whole.get("truncation")).get("max_length")
    if type(length) is not int or not 0 < length < 2**24:
        raise _refused(tr("it says no length"))
    return length


def _vocabulary_of(model: dict[str, object]) -> dict[str, int]:
    given = _object(model.get("vocab"))
    vocabulary = {token: i for token, i in given.items() if type(i) is int}
    whole = sorted(vocabulary.values()) == list(range(len(given))) and "" not in given
    if not whole or any(vocabulary.get(name) != i for i, name in enumerate(SPECIALS)):
        raise _refused(tr("its tokens are not numbered"))
    return vocabulary


def _merges_of(model: dict[str, object], vocabulary: dict[str, int]) -> list[tuple[str, str]]:
    given = model.get("merges")
    merges = [_pair_of(pair) for pair in given] if isinstance(given, list) else [("", "")]
    if any(not {*pair, "".join(pair)} <= vocabulary.keys() for pair in merges):
        raise _refused(tr("it joins tokens that it does not have"))
    return merges


def _pair_of(data: object) -> tuple[str, str]:
    """Two tokens, or two that no vocabulary has."""
    if isinstance(data, list) and len(data) == 2 and all(isinstance(part, str) for part in data):
        return data[0], data[1]
    return "", ""


def _object(data: object) -> dict[str, object]:
    if not isinstance(data, dict):
        raise _refused(tr("a part of it is missing"))
    return data


def _refused(why: str) -> StudioError:
    return refuse(
        tr("The tokenizer of this model cannot be read: {why}.", why=why),
        tr("Restore the folder of the run from a copy, or train again."),
        code="bad-tokenizer",
    )
