"""The tokenizer of a pretrained network: out of its folder, every part looked at beforehand."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

import tokenizers
from tokenizers import AddedToken, models, normalizers, pre_tokenizers, processors

from studio.core import plain
from studio.core.backbone_files import CONFIG, WORD_PIECES, tokenizer_file
from studio.core.problems import Place, StudioError, refuse
from studio.core.words import tr

SETTINGS = "tokenizer_config.json"
_LARGEST_SETTINGS = 10_000_000  # bytes
# What the library names the parts of a tokenizer that one of these networks can have.
_PARTS: Mapping[str, frozenset[str]] = {
    "normalizer": frozenset(
        {"BertNormalizer", "NFC", "NFD", "NFKC", "NFKD", "Lowercase", "Strip", "StripAccents"}
        | {"Replace", "Precompiled", "Prepend", "Nmt", "Sequence"}
    ),
    "pre_tokenizer": frozenset(
        {"BertPreTokenizer", "ByteLevel", "Whitespace", "WhitespaceSplit", "Metaspace"}
        | {"Punctuation", "Digits", "Split", "Sequence"}
    ),
    "post_processor": frozenset(
        {"BertProcessing", "RobertaProcessing", "TemplateProcessing", "ByteLevel", "Sequence"}
    ),
    "model": frozenset({"WordPiece", "BPE", "Unigram", "WordLevel"}),
}
_INSIDE = ("normalizers", "pretokenizers", "processors")  # where a sequence keeps its parts
# Texts on which every rule of a tokenizer is tried once: words, signs, and what nobody knows.
_TRIED = ("", "a", "The pump, 42!", "\U0001f9ff\u4e2d\u0915\u200b")
# The special tokens of the two families, for a vocabulary whose files do not name them.
_NAMES = {
    "pad_token": ("[PAD]", "<pad>"),
    "unk_token": ("[UNK]", "<unk>"),
    "cls_token": ("[CLS]", "<s>"),
    "sep_token": ("[SEP]", "</s>"),
}


def read_tokenizer(folder: str, length: int) -> str:
    """The tokenizer in the folder of a network, as the JSON of the tokenizers library.

    It pads and cuts at the end to `length`, the tokens that it puts around a text included.
    StudioError that names what is strange.
    """
    place = Path(folder)
    path = tokenizer_file(place)
    if path is None:
        raise refuse(
            tr("There is no tokenizer in {folder}.", folder=folder),
            tr("Expected: tokenizer.json or vocab.txt, as the transformers library writes them."),
            place=Place("file"),
            code="no-tokenizer",
        )
    with Library(str(path)):
        found = _of_words(path) if path.name == WORD_PIECES else _of_json(path)
        padding = _padding_of(place, found)
        for tried in _TRIED:
            found.encode(tried)
        if length <= found.num_special_tokens_to_add(False):
            raise strange_tokenizer(str(path), tr("no room is left between its own tokens"))
        found.enable_truncation(length, direction="right")
        found.enable_padding(
            direction="right",
            pad_id=padding,
            pad_token=found.id_to_token(padding) or _NAMES["pad_token"][0],
            length=length,
        )
        text: str = found.to_str()
    return text


class Library:
    """Inside of it whatever the tokenizers library finds strange is a StudioError in plain words.

    The library raises nothing but `Exception` itself, or what Python raises for values of the
    wrong kind, so that a fault of the program cannot be taken for one of the file.
    """

    def __init__(self, path: str) -> None:
        self._path = path

    def __enter__(self) -> None:
        pass

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        is_its_own = kind is Exception or (kind is not None and kind.__name__ == "PanicException")
        if is_its_own or isinstance(error, OverflowError | OSError | ValueError):
            raise strange_tokenizer(self._path, str(error)[:200]) from None


def require_known_parts(whole: Mapping[str, object], path: str) -> None:
    """StudioError where a tokenizer has parts that none of these networks has."""
    for name, allowed in _PARTS.items():
        for part in _with_inner(whole.get(name)):
            kind = part.get("type")
            if kind not in allowed:
                raise strange_tokenizer(path, f"{name}: {str(kind)[:60]}")
            _require_short_pattern(part.get("pattern"), path)


def strange_tokenizer(path: str, what: str) -> StudioError:
    """What is said of a tokenizer that cannot be used."""
    return refuse(
        tr("The tokenizer {file} cannot be used: {what}.", file=path, what=what.rstrip(".")),
        tr("Save it with save_pretrained once more, or choose another network."),
        place=Place("file"),
        code="strange-tokenizer",
    )


def _with_inner(part: object) -> list[Mapping[str, object]]:
    """A part and those inside of it; one that is not there is left out."""
    if not isinstance(part, dict):
        return []
    inner = [one for name in _INSIDE for one in _listed(part.get(name))]
    return [part, *(deep for one in inner for deep in _with_inner(one))]


def _listed(given: object) -> list[object]:
    return given if isinstance(given, list) else []


def _require_short_pattern(pattern: object, path: str) -> None:
    """Patterns without groups that repeat once at most: no text can keep them busy for long."""
    text = pattern.get("Regex") if isinstance(pattern, dict) else None
    if text is not None and (
        not isinstance(text, str) or "(" in text or len(re.findall(r"[*+{]", text)) > 1
    ):
        raise strange_tokenizer(path, tr("it splits texts by a pattern that may take for ever"))


def _of_json(path: Path) -> tokenizers.Tokenizer:
    whole = plain.parse(path.read_bytes(), tr("The tokenizer {file}", file=path))
    if not isinstance(whole, dict):
        raise strange_tokenizer(str(path), tr("it holds no names with values"))
    require_known_parts(whole, str(path))
    # What turns numbers into texts again is never asked for.
    bare = {**whole, "decoder": None, "truncation": None, "padding": None}
    return tokenizers.Tokenizer.from_str(json.dumps(bare))


def _of_words(path: Path) -> tokenizers.Tokenizer:
    """A list of word pieces, a line each, with the rules that BERT has beside it."""
    lines = path.read_text("utf-8").splitlines()
    vocabulary = {piece: number for number, piece in enumerate(lines)}
    settings = _settings(path.with_name(SETTINGS))
    named = {key: _named(settings, key, vocabulary) for key in _NAMES}
    if len(vocabulary) != len(lines) or not all(named.values()):
        raise strange_tokenizer(str(path), tr("a line stands twice, or a special token is missing"))
    made = tokenizers.Tokenizer(models.WordPiece(vocabulary, unk_token=named["unk_token"]))
    made.normalizer = normalizers.BertNormalizer(
        lowercase=settings.get("do_lower_case", True) is True,
        strip_accents=_switch(settings.get("strip_accents")),
        handle_chinese_chars=settings.get("tokenize_chinese_chars", True) is True,
    )
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    first, last = named["cls_token"], named["sep_token"]
    made.post_processor = processors.TemplateProcessing(
        single=f"{first} $A {last}",
        special_tokens=[(first, vocabulary[first]), (last, vocabulary[last])],
    )
    made.add_special_tokens([AddedToken(token, special=True) for token in named.values()])
    return made


def _switch(given: object) -> bool | None:
    return given if isinstance(given, bool) else None


def _named(settings: Mapping[str, object], key: str, vocabulary: Mapping[str, int]) -> str:
    """A special token as the settings name it, or as one of the two families does."""
    given = settings.get(key)
    content = given.get("content") if isinstance(given, dict) else given
    choices = (content, *_NAMES[key])
    return next((one for one in choices if isinstance(one, str) and one in vocabulary), "")


def _settings(path: Path) -> Mapping[str, object]:
    """A small file of settings that may be missing."""
    if not path.is_file() or path.stat().st_size > _LARGEST_SETTINGS:
        return {}
    found = plain.parse(path.read_bytes(), str(path))
    return found if isinstance(found, dict) else {}


def _padding_of(folder: Path, found: tokenizers.Tokenizer) -> int:
    """The token that the network takes for nothing: its own, or the one that is called so."""
    given = _settings(folder / CONFIG).get("pad_token_id")
    if type(given) is int and found.id_to_token(given) is not None:
        return given
    numbers = [found.token_to_id(name) for name in _NAMES["pad_token"]]
    return next((number for number in numbers if number is not None), 0)
