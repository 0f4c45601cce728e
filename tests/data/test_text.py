"""Texts of any language and any state become token numbers, and token numbers texts."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest
import tokenizers
from hypothesis import given
from hypothesis import strategies as st

from studio.core.design.shaping import TextSpec
from studio.core.problems import StudioError
from studio.data.text import decoded, fit_tokenizer, length_of, token_ids, tokens_of

KINDS = ("word", "character", "byte_pair")
TEXTS = [
    "Don't worry (now), it's l'homme!",
    "The pump has failed; the pump is hot.",
    "我是学生。水泵坏了。",
    "私は学生です。ポンプ",
    "สวัสดีครับ ผมชื่อ",
    "שלום עולם",
    "👩‍👩‍👧 ok ❤️",
]
each_kind = pytest.mark.parametrize("kind", KINDS)


def fitted(kind="word", vocabulary=400, length=8, texts=TEXTS, **more):
    return fit_tokenizer(list(texts) * 3, TextSpec(kind, vocabulary, length, **more))


def test_words_are_split_at_spaces_and_signs():
    told = tokens_of(fitted(), TEXTS[0])
    assert told == ("don'", "t", "worry", "(", "now", ")", ",", "it'", "s", "l'", "homme", "!")


def test_languages_without_spaces_are_split_sign_by_sign():
    tokenizer = fitted()
    assert tokens_of(tokenizer, "我是学生。") == ("我", "是", "学", "生", "。")
    assert tokens_of(tokenizer, "ポンプok") == ("ポ", "ン", "プ", "ok")
    assert tokens_of(tokenizer, "สวัส ดี") == ("ส", "วั", "ส", "ดี")
    assert tokens_of(tokenizer, "👩‍👩‍👧 ok") == ("👩‍👩‍👧", "ok")


@each_kind
def test_what_is_known_can_be_told_again(kind):
    tokenizer = fitted(kind, lowercase=False)
    for text in (*TEXTS[:2], *TEXTS[3:4], *TEXTS[5:6]):
        ids = token_ids(tokenizer, [text], 60, at_end=True)[0]
        assert decoded(tokenizer, ids) == text


@each_kind
def test_case_and_width_are_folded_only_where_wanted(kind):
    folded, plain = fitted(kind), fitted(kind, lowercase=False)
    assert tokens_of(folded, "ＴＨＥ Pump") == tokens_of(folded, "the pump")
    assert tokens_of(plain, "The") != tokens_of(plain, "the")
    assert tokens_of(plain, "cafe\u0301") == tokens_of(plain, "caf\u00e9")


@each_kind
def test_special_tokens_have_their_places_and_cannot_be_written(kind):
    tokenizer = fitted(kind)
    vocabulary = json.loads(tokenizer)["model"]["vocab"]
    assert [vocabulary[t] for t in ("[PAD]", "[UNK]", "[START]", "[END]")] == [0, 1, 2, 3]
    ids = token_ids(tokenizer, ["[PAD] [END] [START]"], 40)
    assert not {2, 3} & set(ids[0].tolist())


@each_kind
@pytest.mark.parametrize("vocabulary", [16, 40, 4000])
def test_the_vocabulary_is_never_larger_than_wanted(kind, vocabulary):
    found = json.loads(fitted(kind, vocabulary))["model"]["vocab"]
    assert 4 < len(found) <= vocabulary
    assert sorted(found.values()) == list(range(len(found)))


def test_inputs_end_at_the_end_and_targets_begin_at_the_beginning():
    tokenizer = fitted("word", texts=["a b c d e"])
    a, b, c, d, e = (json.loads(tokenizer)["model"]["vocab"][t] for t in "abcde")
    texts = ["b a", "a b c d e", None, ""]
    assert token_ids(tokenizer, texts, 4).tolist() == [
        [0, 0, b, a],
        [b, c, d, e],
        [0, 0, 0, 0],
        [0, 0, 0, 0],
    ]
    assert token_ids(tokenizer, texts, 4, at_end=True).tolist() == [
        [b, a, 3, 0],
        [a, b, c, d],
        [3, 0, 0, 0],
        [3, 0, 0, 0],
    ]


def test_unknown_words_are_unknown_and_nothing_is_fitted_on_what_is_not_handed_over():
    tokenizer = fitted("word", texts=["only this"])
    assert token_ids(tokenizer, ["only that"], 3).tolist()[0][1:] == [
        json.loads(tokenizer)["model"]["vocab"]["only"],
        1,
    ]
    assert tokens_of(tokenizer, "that") == ("[UNK]",)


@each_kind
def test_the_library_alone_reads_the_json_alike(kind):
    tokenizer = fitted(kind, length=6)
    theirs = tokenizers.Tokenizer.from_str(tokenizer)
    assert length_of(tokenizer) == 6
    for text in TEXTS:
        assert (
            theirs.encode(text, add_special_tokens=False).ids
            == token_ids(tokenizer, [text], 6)[0].tolist()
        )


@each_kind
def test_nothing_to_learn_from_is_no_trouble(kind):
    tokenizer = fit_tokenizer([None, "", "\x00\u200e"], TextSpec(kind, 16, 4))
    assert token_ids(tokenizer, ["what"], 4).max() <= 1
    assert token_ids(tokenizer, [], 4).shape == (0, 4)
    assert decoded(tokenizer, [0, 1, 2, 3, 99_999]) == ""


@each_kind
@given(
    texts=st.lists(st.text(st.characters(exclude_categories=()), max_size=30), max_size=8),
    length=st.integers(1, 9),
)
def test_any_text_at_all_gives_numbers_of_the_vocabulary(kind, texts, length):
    tokenizer = fitted(kind)
    size = len(json.loads(tokenizer)["model"]["vocab"])
    for at_end in (False, True):
        ids = token_ids(tokenizer, texts, length, at_end=at_end)
        assert ids.shape == (len(texts), length)
        assert ids.dtype == np.int64
        assert ((ids >= 0) & (ids < size)).all()
        assert all(isinstance(decoded(tokenizer, row), str) for row in ids)


@each_kind
@given(texts=st.lists(st.text(max_size=20), max_size=6))
def test_any_text_can_be_learnt(kind, texts):
    tokenizer = fit_tokenizer(texts, TextSpec(kind, 64, 5))
    assert len(json.loads(tokenizer)["model"]["vocab"]) <= 64
    assert token_ids(tokenizer, texts, 5).shape == (len(texts), 5)


@each_kind
def test_the_end_of_a_long_text_is_what_the_whole_text_ends_in(kind):
    tokenizer = fitted(kind)
    text = ("x" * 3000 + " ") * 9 + "the pump is hot. " * 300
    whole = tokenizers.Tokenizer.from_str(tokenizer).encode(text, add_special_tokens=False).ids
    assert token_ids(tokenizer, [text], 8)[0].tolist() == whole
    sparse = "the" + " " * 60_000 + "pump" + " " * 60_000
    assert decoded(tokenizer, token_ids(tokenizer, [sparse], 8)[0]) == "the pump"


@each_kind
@pytest.mark.parametrize(
    "text",
    [
        "x" * 10_000_000,
        "word " * 2_000_000,
        "\ud800" * 1_000_000,
        "a" + "\u0301" * 2_000_000,
        "'" * 1_000_000,
        "👩\u200d" * 500_000,
        "\x00\n" * 1_000_000,
    ],
    ids=["one word", "many words", "halves", "marks", "signs", "joiners", "controls"],
)
def test_a_cell_of_many_megabytes_is_read_like_any_other(kind, text):
    tokenizer = fit_tokenizer([text, "a few words"], TextSpec(kind, 50, 4))
    assert len(tokenizer) < 20_000
    assert token_ids(tokenizer, [text], 4).shape == (1, 4)
    assert token_ids(tokenizer, [text], 4, at_end=True).shape == (1, 4)
    assert len(tokens_of(tokenizer, text)) <= 100_001


def test_endless_words_do_not_fill_the_vocabulary():
    texts = [str(i) * 20_000 for i in range(50)]
    assert len(fit_tokenizer(texts, TextSpec("word", 8000, 4))) < 20_000


@each_kind
def test_the_same_texts_give_the_same_tokenizer_in_any_process(kind):
    call = (
        "from studio.core.design.shaping import TextSpec;"
        "from studio.data.text import fit_tokenizer;"
        "import hashlib, sys;"
        "texts = [f'{i % 7} {i % 11} ab{i % 13} {chr(97 + i % 26)}é' for i in range(500)];"
        f"told = fit_tokenizer(texts, TextSpec({kind!r}, 60, 8));"
        "sys.stdout.write(hashlib.sha256(told.encode()).hexdigest())"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", call],
            check=True,
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
        ).stdout
        for seed in (1, 2)
    }
    assert len(answers) == 1


def broken(part, value):
    data = json.loads(fitted("byte_pair"))
    *path, last = part
    place = data
    for name in path:
        place = place[name]
    place[last] = value
    return json.dumps(data)


BROKEN = {
    "nothing": lambda: "",
    "no json": lambda: "{",
    "a list": lambda: "[]",
    "nothing in it": lambda: "{}",
    "too deep": lambda: "[" * 100_000,
    "no model": lambda: broken(("model",), None),
    "no vocabulary": lambda: broken(("model", "vocab"), []),
    "a number twice": lambda: broken(("model", "vocab", "[END]"), 0),
    "texts as numbers": lambda: broken(("model", "vocab", "[END]"), "3"),
    "half of a character": lambda: broken(("model", "vocab", "\ud800"), 9),
    "no merges": lambda: broken(("model", "merges"), None),
    "merges of nothing": lambda: broken(("model", "merges"), [["q", "qq"]]),
    "merges of three": lambda: broken(("model", "merges"), [["t", "h", "e"]]),
    "another rule": lambda: broken(("normalizer",), {"type": "Lowercase"}),
    "no decoder": lambda: broken(("decoder",), None),
    "no length": lambda: broken(("truncation",), None),
    "endless": lambda: broken(("truncation", "max_length"), -1),
    "another model": lambda: fitted("word").replace("WordLevel", "Unigram")[:-30],
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_tokenizer_is_said_in_words(name):
    with pytest.raises(StudioError) as caught:
        token_ids(BROKEN[name](), ["text"], 4)
    assert caught.value.problem.hint


def test_no_threads_of_the_library_are_used():
    fitted()
    assert os.environ["TOKENIZERS_PARALLELISM"] == "false"
