"""What a column of texts is made of, and how texts like these are best read."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import tokenizers
from numpy.typing import NDArray

from studio.core.design.shaping import TextSpec, Tokenizer
from studio.data.text import LONGEST_LEARNT, batches, fit_tokenizer, ids_of, plain_text
from studio.data.tokenizer import SPECIALS, trained
from studio.data.tokenizer_json import known

LEAST_LENGTH, MOST_LENGTH = 4, 512
LEAST_VOCABULARY, MOST_VOCABULARY = 16, 8000
SAMPLE = 20_000
_ALL = 1 << 24
_SHARE = 95
_CODE = 24
_LOOKED_AT = 200  # characters of a text that tell its script
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff]"
)


@dataclass(frozen=True, slots=True, eq=False)
class TokenFacts:
    """How many tokens each text has, and how often each token occurs, the most frequent first."""

    lengths: NDArray[np.int64]
    tokens: tuple[str, ...]
    counts: NDArray[np.int64]

    @property
    def often(self) -> int:
        """How many tokens occur at least twice."""
        return int((self.counts > 1).sum())

    @property
    def rare(self) -> tuple[str, ...]:
        """The tokens that occur only once: nothing can be learnt about them."""
        return self.tokens[self.often :]


def token_facts(texts: Sequence[str | None], spec: TextSpec) -> TokenFacts:
    """The tokens of all these texts; give a sample of a long column."""
    cut = [plain_text(text)[:LONGEST_LEARNT] for text in texts]
    tokenizer = _whole(cut, spec)
    found = [ids for batch in batches(cut) for ids in ids_of(tokenizer, batch)]
    counts = np.zeros(tokenizer.get_vocab_size(), np.int64)
    for ids in found:
        np.add.at(counts, ids, 1)
    order = np.argsort(-counts, kind="stable")
    order = order[(counts[order] > 0) & (order >= len(SPECIALS))]
    tokens = tuple(tokenizer.id_to_token(int(i)) or "" for i in order)
    return TokenFacts(np.array([len(ids) for ids in found], np.int64), tokens, counts[order])


def _whole(texts: Sequence[str], spec: TextSpec) -> tokenizers.Tokenizer:
    """A tokenizer that leaves out no token of these texts."""
    if spec.tokenizer == "file":
        return known(fit_tokenizer((), spec)).tokenizer
    vocabulary = spec.vocabulary if spec.tokenizer == "byte_pair" else _ALL
    return trained(texts, replace(spec, vocabulary=vocabulary))


def suggested_text(texts: Iterable[str | None]) -> TextSpec:
    """How texts like these are best read, judged by 20,000 of them.

    The length is enough for 95 of 100 texts, the vocabulary for what occurs at least twice.
    """
    column = list(texts)
    each = -(-len(column) // SAMPLE) or 1  # spread, since many files begin with short texts
    sample = [plain for text in column[::each] if (plain := plain_text(text).strip())]
    if not sample:
        return TextSpec()
    spec = TextSpec(_suggested_tokenizer(sample))
    facts = token_facts(sample, spec)
    usual = int(np.percentile(facts.lengths, _SHARE, method="higher"))
    length = min(max(-4 * (-usual // 4), LEAST_LENGTH), MOST_LENGTH)
    # What occurs once in half of the texts occurs about twice in all of them.
    count = facts.often if each == 1 else len(facts.tokens)
    vocabulary = min(max(count + len(SPECIALS), LEAST_VOCABULARY), MOST_VOCABULARY)
    return replace(spec, length=length, vocabulary=vocabulary)


def _suggested_tokenizer(sample: Sequence[str]) -> Tokenizer:
    """Characters for codes, which never repeat, and for languages without spaces."""
    heads = [text[:_LOOKED_AT] for text in sample]
    letters = sum(map(len, heads))
    if sum(len(_UNSPACED.findall(head)) for head in heads) > 0.3 * letters:
        return "character"
    is_code = [len(head) <= _CODE and len(head.split()) == 1 for head in heads]
    are_codes = sum(is_code) >= 0.95 * len(heads) and len(set(heads)) > 0.5 * len(heads)
    return "character" if are_codes else "word"
