"""Texts become token numbers and back, by a tokenizer that is fitted on the training part."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import tokenizers
from numpy.typing import NDArray

from studio.core.backbone_files import tokenizer_digest
from studio.core.design.shaping import TextSpec
from studio.core.problems import Place, refuse
from studio.core.words import tr
from studio.data.tokenizer import END, trained, written
from studio.data.tokenizer_file import read_tokenizer
from studio.data.tokenizer_json import Known, known

LONGEST_LEARNT = 100_000  # characters of one text that a tokenizer learns from
_MOST = 1 << 20  # characters that are looked at for the last tokens of a text
_BATCH_TEXTS, _BATCH_CHARACTERS = 1000, 200_000
_HALVES = re.compile("[\ud800-\udfff]")

Ids = NDArray[np.int64]


def fit_tokenizer(texts: Iterable[str | None], spec: TextSpec) -> str:
    """The JSON of a tokenizer that knows the most frequent tokens of the texts.

    It pads and cuts at the front to `spec.length`, and holds at most `spec.vocabulary` tokens.
    One of a file learns nothing more: it is read, and pads and cuts at the end.
    """
    if spec.tokenizer == "file":
        return _of_file(spec)
    cut = (plain_text(text)[:LONGEST_LEARNT] for text in texts)
    return written(trained(cut, spec), spec.length)


def _of_file(spec: TextSpec) -> str:
    """The tokenizer of a pretrained network, where it is still the one that was chosen."""
    text = read_tokenizer(spec.folder, spec.length)
    if tokenizer_digest(Path(spec.folder)) == spec.digest:
        return text
    raise refuse(
        tr("The tokenizer in {folder} has changed.", folder=spec.folder),
        tr("Choose the folder of the pretrained network once more, and use its tokenizer."),
        place=Place("data"),
        code="tokenizer-changed",
    )


def length_of(tokenizer: str) -> int:
    """The length that a tokenizer was fitted for."""
    return known(tokenizer).length


def token_ids(
    tokenizer: str, texts: Iterable[str | None], length: int, *, at_end: bool = False
) -> Ids:
    """The token numbers [N, length] of texts, 0 where there is none.

    Inputs are padded and cut at the front, so that the last tokens stand next to the end.
    `at_end` is for texts that are to be told: padded and cut at the end, with the end token
    behind the last one where there is room for it. A tokenizer of a file pads and cuts at the
    end in any case, and puts its own tokens around each text.
    """
    found = known(tokenizer)
    at_end = at_end or found.is_of_file
    blocks = [np.zeros((0, length), np.int64)]
    for batch in batches(map(plain_text, texts), _enough(length)):
        block = np.full((len(batch), length), found.padding, np.int64)
        for row, ids in zip(block, _ids_at(found, batch, length, at_end), strict=True):
            row[slice(len(ids)) if at_end else slice(length - len(ids), None)] = ids
        blocks.append(block)
    return np.concatenate(blocks)


def tokens_of(tokenizer: str, text: str | None) -> tuple[str, ...]:
    """The tokens of one text, which is not padded; an unknown one is ``[UNK]``."""
    found = known(tokenizer).tokenizer
    ids = ids_of(found, [plain_text(text)[:LONGEST_LEARNT]])[0]
    return tuple(found.id_to_token(i) or "" for i in ids)


def decoded(tokenizer: str, ids: Iterable[int]) -> str:
    """The text of token numbers, up to the end token."""
    taken: list[int] = []
    for number in map(int, ids):
        if number == END:
            break
        taken.append(number)
    text: str = known(tokenizer).tokenizer.decode(taken, skip_special_tokens=True)
    return text.strip()


def plain_text(text: object) -> str:
    """The text with what is half of a character replaced; anything else is an empty text."""
    if not isinstance(text, str):
        return ""
    return text if text.isascii() else _HALVES.sub("\ufffd", text)


def ids_of(tokenizer: tokenizers.Tokenizer, texts: list[str]) -> list[list[int]]:
    """The token numbers of a few texts, neither padded nor cut."""
    found = tokenizer.encode_batch_fast(texts, add_special_tokens=False)
    return [encoding.ids for encoding in found]


def batches(texts: Iterable[str], longest: int = LONGEST_LEARNT) -> Iterator[list[str]]:
    """A few texts at a time: what the library makes of a text takes a hundred times its room.

    No more than `longest` characters of each will be used.
    """
    batch: list[str] = []
    room = _BATCH_CHARACTERS
    for text in texts:
        batch.append(text)
        room -= min(len(text), longest)
        if room <= 0 or len(batch) == _BATCH_TEXTS:
            yield batch
            batch, room = [], _BATCH_CHARACTERS
    if batch:
        yield batch


def _enough(length: int) -> int:
    """So many characters of a text hold so many tokens, nearly always."""
    return 16 * length + 1024


def _ids_at(known: Known, texts: list[str], length: int, at_end: bool) -> Iterator[list[int]]:
    """The token numbers that are kept of each text, as if all of it had been looked at."""
    found, most = known.tokenizer, min(_enough(length), _MOST)
    for text, ids in zip(
        texts, ids_of(found, [_part(t, most, at_end) for t in texts]), strict=True
    ):
        looked_at = most
        # One token more than is kept, because the one at the cut may be half of one.
        while len(ids) <= length and looked_at < min(len(text), _MOST):
            looked_at = min(8 * looked_at, _MOST)
            ids = ids_of(found, [_part(text, looked_at, at_end)])[0]
        if known.is_of_file:
            room = max(0, length - len(known.before) - len(known.behind))
            # Some know their padding as a piece of a text, where it would end the text.
            unknown = max(known.unknown, 0)
            said = (unknown if one == known.padding else one for one in ids[:room])
            yield [*known.before, *said, *known.behind][:length]
        else:
            yield [*ids, END][:length] if at_end else ids[-length:]


def _part(text: str, most: int, at_end: bool) -> str:
    return text[:most] if at_end else text[-most:]
