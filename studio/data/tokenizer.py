"""Word, character and byte-pair tokenizers, as the tokenizers library trains and writes them."""

import os
from collections.abc import Iterable, Mapping
from typing import Any

import tokenizers
from tokenizers import Regex, decoders, models, normalizers, pre_tokenizers, trainers

from studio.core.design.shaping import TextSpec, Tokenizer

OWN: tuple[Tokenizer, ...] = ("word", "character", "byte_pair")  # that are trained here
PADDING, UNKNOWN, START, END = range(4)
SPECIALS = ("[PAD]", "[UNK]", "[START]", "[END]")
# Threads of its own would warn at every fork and take the cores from the training.
os.environ["TOKENIZERS_PARALLELISM"] = "false"

_LONGEST_PIECE = 64
_JOINER = "\u200d"
# What other programs leave in texts and nobody sees: control characters, directions, marks of
# the beginning; and the whitespace of every kind becomes one space.
_UNSEEN = r"[^\P{Cc}\s]|[\u00ad\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
_BLANKS = r"[\s\u200b]+"
# Scripts that put no spaces between words: each of their characters stands alone.
UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
# Atomic groups, so that no text of any length is gone through twice.
_ALONE = rf"(?>[{UNSPACED}]\p{{M}}*)"
_SIGN = r"(?>[^\w\s]\p{M}*)"
# A word, with its apostrophe (l'homme is l' and homme), or one sign, emoji whole.
_WORD = rf"(?>\w+)(?:['’](?=\w))?|(?>{_SIGN}(?:{_JOINER}{_SIGN})*)"
_CLOSING = r",.!?;:)\]}…%»、。，！？；：）"


def trained(texts: Iterable[str], spec: TextSpec) -> tokenizers.Tokenizer:
    """A tokenizer that knows the most frequent tokens of the texts, the same for the same texts."""
    tokenizer = made(spec.tokenizer, spec.lowercase)
    size = spec.vocabulary  # the network has so many places, and not one more
    if spec.tokenizer == "byte_pair":
        trainer: Any = trainers.BpeTrainer(
            vocab_size=size,
            limit_alphabet=max(0, 3 * size // 4 - len(SPECIALS)),
            min_frequency=2,
            special_tokens=list(SPECIALS),
            show_progress=False,
        )
    else:
        trainer = trainers.WordLevelTrainer(
            vocab_size=size, special_tokens=list(SPECIALS), show_progress=False
        )
    tokenizer.train_from_iterator(iter(texts), trainer)
    return tokenizer


def written(tokenizer: tokenizers.Tokenizer, length: int) -> str:
    """The JSON of the tokenizers library, with padding and cutting at the front to `length`."""
    tokenizer.enable_truncation(length, direction="left")
    tokenizer.enable_padding(
        direction="left", pad_id=PADDING, pad_token=SPECIALS[PADDING], length=length
    )
    text: str = tokenizer.to_str()
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return text


def made(
    kind: Tokenizer, is_lowercase: bool, model: models.Model | None = None
) -> tokenizers.Tokenizer:
    """A tokenizer with all its rules, and without a vocabulary where no `model` is given."""
    tokenizer = tokenizers.Tokenizer(model or _MODELS[kind]({}))
    folded = [normalizers.NFKC(), normalizers.Lowercase()] if is_lowercase else [normalizers.NFC()]
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(_UNSEEN), ""),
            normalizers.Replace(Regex(_BLANKS), " "),
            normalizers.Strip(),
            *folded,
        ]
    )
    tokenizer.pre_tokenizer = _PIECES[kind]()
    tokenizer.decoder = _JOINED[kind]()
    return tokenizer


def _words() -> pre_tokenizers.PreTokenizer:
    """Words and signs, and no piece so long that a vocabulary of them fills the memory."""
    return pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(_ALONE), "isolated"),
            pre_tokenizers.Split(Regex(_WORD), "removed", invert=True),
            pre_tokenizers.FixedLength(_LONGEST_PIECE),
        ]
    )


def _characters() -> pre_tokenizers.PreTokenizer:
    return pre_tokenizers.Split(Regex("(?m:.)"), "isolated")


def _pieces() -> pre_tokenizers.PreTokenizer:
    """Words with the space before them, signs, and no piece so long that merging takes for ever."""
    return pre_tokenizers.Sequence(
        [
            pre_tokenizers.Metaspace(),
            pre_tokenizers.Split(Regex(r"(?>[^\w▁]\p{M}*)"), "isolated"),
            pre_tokenizers.FixedLength(_LONGEST_PIECE),
        ]
    )


def _spaced() -> decoders.Decoder:
    """A space before each word, none where nobody writes one."""
    return decoders.Sequence(
        [
            decoders.Replace(Regex(rf"^(?![{_CLOSING}{UNSPACED}])"), " "),
            decoders.Fuse(),
            decoders.Replace(Regex(r"(?<=\w['’]) "), ""),
            decoders.Replace(Regex(r"(?<=[(\[{¿¡«]) "), ""),
            decoders.Strip(" ", 1, 0),
        ]
    )


def word_model(vocabulary: dict[str, int]) -> models.Model:
    """Each token as a whole, for words and for characters."""
    return models.WordLevel(vocabulary, SPECIALS[UNKNOWN])


def pair_model(
    vocabulary: dict[str, int], merges: list[tuple[str, str]] | None = None
) -> models.Model:
    """Tokens that are joined of smaller ones, in the order of the merges."""
    return models.BPE(vocabulary, merges or [], unk_token=SPECIALS[UNKNOWN], fuse_unk=True)


_MODELS: Mapping[Tokenizer, Any] = {
    "word": word_model,
    "character": word_model,
    "byte_pair": pair_model,
}
_PIECES: Mapping[Tokenizer, Any] = {
    "word": _words,
    "character": _characters,
    "byte_pair": _pieces,
}
_JOINED: Mapping[Tokenizer, Any] = {
    "word": _spaced,
    "character": decoders.Fuse,
    "byte_pair": decoders.Metaspace,
}
