"""How texts are best read follows from the texts."""

import random

import pytest

from studio.core.design.shaping import TextSpec
from studio.data.text_facts import suggested_text, token_facts


def test_lengths_and_rare_tokens():
    facts = token_facts(["the pump", "the valve", None, "the pump runs"], TextSpec())
    assert facts.lengths.tolist() == [2, 2, 0, 3]
    assert facts.tokens[:2] == ("the", "pump")
    assert facts.counts.tolist() == [3, 2, 1, 1]
    assert facts.often == 2
    assert set(facts.rare) == {"valve", "runs"}


def test_the_length_is_enough_for_nearly_all():
    texts = ["one two three"] * 96 + ["word " * 900] * 4
    assert suggested_text(texts).length == 4
    assert suggested_text(["word " * 900] * 10).length == 512
    assert suggested_text(["a b c d e"] * 10).length == 8


def test_the_vocabulary_knows_what_occurs_twice():
    texts = [f"word{i} word{i} once{i}" for i in range(100)]
    assert suggested_text(texts) == TextSpec("word", 104, 4)
    assert suggested_text([f"{i} {i}" for i in range(9000)]).vocabulary == 8000
    assert suggested_text(["a b"]).vocabulary == 16


@pytest.mark.parametrize(
    ("texts", "kind"),
    [
        (["The pump has failed.", "All is well."], "word"),
        (["我是学生，水泵坏了。", "今天天气很好 OK"], "character"),
        (["สวัสดีครับ ผมชื่อ"], "character"),
        (["これはペンです"], "character"),
        (["한국어 문장 입니다"], "word"),
        (["مرحبا بالعالم"], "word"),
        ([f"AB-{i:04}" for i in range(30)], "character"),
        (["red", "green", "red", "blue", "red", "green"], "word"),
    ],
)
def test_the_tokenizer_fits_the_language(texts, kind):
    assert suggested_text(texts).tokenizer == kind


def test_texts_that_say_nothing_get_what_is_usual():
    assert suggested_text([None, "", " "]) == TextSpec()
    assert suggested_text([]) == TextSpec()


def test_a_long_column_is_judged_from_its_beginning_to_its_end():
    texts = [*(["two words"] * 90_000), *(["a whole lot more of them here"] * 10_000)]
    assert suggested_text(texts).length == 8


def test_the_same_texts_get_the_same_suggestion():
    words = [str(n) for n in range(300)]
    drawn = random.Random(0)
    texts = [" ".join(drawn.choices(words, k=9)) for _ in range(300)]
    assert suggested_text(texts) == suggested_text(list(texts))
