"""The tokenizer of a pretrained network splits texts here as it does in its own library."""

import json
from dataclasses import replace

import pytest
import tokenizers
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.core.backbone_files import tokenizer_digest
from studio.core.design.shaping import TextSpec
from studio.core.problems import StudioError
from studio.data.single import token_words
from studio.data.text import fit_tokenizer, token_ids, tokens_of
from studio.data.text_facts import token_facts
from studio.data.tokenizer_file import read_tokenizer
from studio.data.tokenizer_json import known
from tests.backbones import FAMILIES, PIECES, saved

LENGTH = 7
TEXTS = (
    "The pumps failed!",
    "",
    None,
    "the pump runs well the pump runs well the pump runs well",
    "Éa 中 \u200b🧿 OIL",
    "b" * 3000,
)
SEES_WORDS = st.lists(st.sampled_from([*PIECES, "pumps", "Hot", "中", "42", "\n"]), max_size=12)


def byte_pairs(folder):
    """A tokenizer as RoBERTa has it: bytes in pairs, learnt from a few words."""
    import transformers

    trained = tokenizers.ByteLevelBPETokenizer()
    trained.train_from_iterator(
        ["the pumps failed, the pump runs"] * 9,
        vocab_size=280,
        special_tokens=list(FAMILIES["roberta"]),
        show_progress=False,
    )
    found = json.loads(trained.to_str())["model"]
    merges = [tuple(pair) for pair in found["merges"]]
    made = transformers.RobertaTokenizer(vocab=found["vocab"], merges=merges)
    made.save_pretrained(folder)
    return folder


def pieces(folder):
    """A tokenizer as ALBERT has it: pieces with how likely each is."""
    import transformers

    words = [("<pad>", 0.0), ("<unk>", 0.0), ("[CLS]", 0.0), ("[SEP]", 0.0), ("[MASK]", 0.0)]
    words += [("▁the", -2.0), ("▁pump", -3.0), ("s", -4.0), ("▁", -5.0), ("p", -6.0)]
    transformers.AlbertTokenizer(vocab=words).save_pretrained(folder)
    return folder


def word_list(folder):
    """A vocabulary alone, a line for each token."""
    folder.mkdir()
    (folder / "vocab.txt").write_text("\n".join((*FAMILIES["bert"], *PIECES)), "utf-8")
    return folder


MAKERS = {
    "bert": lambda folder: saved(folder, "bert"),
    "mpnet": lambda folder: saved(folder, "mpnet"),
    "byte pairs": byte_pairs,
    "pieces": pieces,
}


@pytest.fixture(scope="module", params=MAKERS)
def both(request, tmp_path_factory):
    """A tokenizer as it is read here, and as its own library reads it."""
    import transformers

    folder = MAKERS[request.param](tmp_path_factory.mktemp("tokens") / "network")
    theirs = transformers.PreTrainedTokenizerFast.from_pretrained(folder, local_files_only=True)
    return fit_tokenizer((), of_folder(folder)), theirs


def of_folder(folder, length=LENGTH):
    return TextSpec("file", 40, length, folder=str(folder), digest=tokenizer_digest(folder))


def by_library(theirs, texts):
    settings = {"padding": "max_length", "truncation": True, "max_length": LENGTH}
    return theirs(["" if text is None else text for text in texts], **settings)["input_ids"]


def test_texts_of_every_kind_become_what_the_library_makes_of_them(both):
    ours, theirs = both
    assert token_ids(ours, TEXTS, LENGTH).tolist() == by_library(theirs, TEXTS)
    assert known(ours).padding == theirs.pad_token_id


@settings(max_examples=60, deadline=None)
@given(words=SEES_WORDS)
def test_any_words_become_what_the_library_makes_of_them(both, words):
    ours, theirs = both
    text = " ".join(words)
    assert token_ids(ours, [text], LENGTH).tolist() == by_library(theirs, [text])


def test_a_list_of_words_is_read_as_the_library_reads_it(tmp_path):
    import transformers

    folder = word_list(tmp_path / "words")
    theirs = transformers.BertTokenizer(vocab=str(folder / "vocab.txt"))
    ours = fit_tokenizer((), of_folder(folder))
    assert token_ids(ours, TEXTS, LENGTH).tolist() == by_library(theirs, TEXTS)
    assert tokens_of(ours, "The Pumps") == ("the", "pump", "##s")
    (folder / "tokenizer_config.json").write_text('{"do_lower_case": false}', "utf-8")
    assert tokens_of(fit_tokenizer((), of_folder(folder)), "The pump") == ("[UNK]", "pump")


def test_a_text_that_names_a_special_token_means_its_characters(both):
    ours, theirs = both
    ids = token_ids(ours, [theirs.pad_token + " pump"], LENGTH)[0]
    behind = ids.tolist().index(theirs.sep_token_id, 1)
    assert theirs.pad_token_id not in ids[:behind]


def test_padding_is_shown_as_nothing_and_counted_by_nobody(tmp_path):
    folder = saved(tmp_path / "bert", "bert")
    ours = fit_tokenizer((), of_folder(folder))
    ids = token_ids(ours, ["the oil 中"], LENGTH)[0]
    assert token_words(ours, ids) == ("[CLS]", "the", "oil", "unknown", "[SEP]", "", "")
    facts = token_facts(["the pump", "the pumps"], of_folder(folder))
    assert facts.lengths.tolist() == [2, 3]
    assert facts.tokens[:2] == ("the", "pump")


def test_a_tokenizer_that_has_changed_is_not_taken_for_the_one_that_was_chosen(tmp_path):
    folder = word_list(tmp_path / "words")
    spec = of_folder(folder)
    (folder / "vocab.txt").write_text("\n".join((*FAMILIES["bert"], "other")), "utf-8")
    with pytest.raises(StudioError, match="has changed"):
        fit_tokenizer((), spec)
    with pytest.raises(StudioError, match="no tokenizer"):
        fit_tokenizer((), replace(spec, folder=str(tmp_path)))


def changed(**parts):
    """The file of a tiny tokenizer with other parts."""
    whole = {
        "version": "1.0",
        "added_tokens": [],
        "normalizer": None,
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": None,
        "decoder": None,
        "model": {
            "type": "WordPiece",
            "unk_token": "[UNK]",
            "continuing_subword_prefix": "##",
            "max_input_chars_per_word": 100,
            "vocab": {"[PAD]": 0, "[UNK]": 1, "a": 2},
        },
    }
    return json.dumps({**whole, **parts})


def pattern(regex):
    return {"type": "Replace", "pattern": {"Regex": regex}, "content": " "}


def model(**given):
    return {**json.loads(changed())["model"], **given}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "{}",
        "[" * 100_000,
        changed(model=None),
        changed(model={"type": "Python"}),
        changed(model=model(vocab={"a": "x"})),
        changed(model=model(vocab={"a": 0})),  # nothing stands for what is not known
        changed(model=model(vocab={"[UNK]": -1})),
        changed(normalizer={"type": "Precompiled", "precompiled_charsmap": "!!"}),
        changed(normalizer={"type": "Sequence", "normalizers": [{"type": "Program"}]}),
        changed(normalizer=pattern("(a+)+b")),
        changed(normalizer=pattern("a*a*a*b")),
        changed(normalizer=pattern(7)),
        changed(pre_tokenizer={"type": "Split", "pattern": {"Regex": "["}}),
        changed(post_processor={"type": "TemplateProcessing", "single": "[X] $A"}),
        changed(added_tokens=[{"id": 5}]),
    ],
)
def test_a_strange_tokenizer_is_refused_in_plain_words(tmp_path, text):
    (tmp_path / "tokenizer.json").write_text(text, "utf-8")
    with pytest.raises(StudioError) as caught:
        read_tokenizer(str(tmp_path), LENGTH)
    assert "tokenizer" in caught.value.problem.message
    assert caught.value.problem.hint


@pytest.mark.parametrize("text", ["a\na", "a\nb", "", "[PAD]\n[UNK]\n[CLS]"])
def test_a_strange_list_of_words_is_refused(tmp_path, text):
    (tmp_path / "vocab.txt").write_text(text, "utf-8")
    with pytest.raises(StudioError, match="cannot be used"):
        read_tokenizer(str(tmp_path), LENGTH)


def test_bytes_that_are_no_text_are_refused(tmp_path):
    (tmp_path / "vocab.txt").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(StudioError, match="cannot be used"):
        read_tokenizer(str(tmp_path), LENGTH)


def test_no_room_between_its_own_tokens_is_said(tmp_path):
    folder = saved(tmp_path / "bert", "bert")
    with pytest.raises(StudioError, match="no room"):
        read_tokenizer(str(folder), 2)
