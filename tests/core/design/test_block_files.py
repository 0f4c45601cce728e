"""Files of blocks that somebody else made: each that is wrong is told in plain words."""

import json

import pytest

from studio.core.design.block_edits import grouped
from studio.core.design.block_files import block_alone, block_from, name_of, read_block, write_block
from studio.core.problems import StudioError
from tests.builders import chain, images


@pytest.fixture
def eye():
    graph = chain(images(), ("conv2d", {"out_channels": 5}), "relu", "flatten").graph
    graph, block = grouped(graph, ("conv2d_1", "relu_1"), "Eye")
    return block_alone(graph, block)


@pytest.fixture
def path(tmp_path, eye):
    path = tmp_path / "eye.studioblock"
    write_block(eye, path)
    return path


def nested(parts, levels):
    parts["blocks"] = [
        {"id": f"b{n}", "name": f"B{n}", "members": [], "parent": f"b{n - 1}" if n else ""}
        for n in range(levels)
    ]
    parts["blocks"][-1]["members"] = ["conv2d_1", "relu_1"]


HOSTILE = {
    "an unknown layer": (lambda p: p["nodes"][0].update(layer="quantum"), "called quantum"),
    "a block in itself": (lambda p: p["blocks"][0].update(parent="block_1"), "lies in itself"),
    "a block in nothing": (lambda p: p["blocks"][0].update(parent="b"), "that is not there"),
    "too deep": (lambda p: nested(p, 17), "at most"),
    "far too deep": (lambda p: nested(p, 900), "at most"),
    "repeated never": (lambda p: p["blocks"][0].update(repeats=0), "0 times"),
    "repeated for ever": (lambda p: p["blocks"][0].update(repeats=10**9), "1 to 1000 times"),
    "a member twice": (lambda p: p["blocks"][0].update(members=["relu_1"] * 2), "two blocks"),
    "a circle": (
        lambda p: p["edges"].append({"source": "relu_1", "target": "conv2d_1", "port": 0}),
        "circle",
    ),
    "a setting of nothing": (
        lambda p: p["blocks"][0].update(exposed=[{"node": "x", "key": "y"}]),
        "no such thing",
    ),
    "an unknown key": (lambda p: p.update(evil=1), "unknown key"),
    "a value out of range": (lambda p: p["nodes"][0]["params"].update(out_channels=-5), "-5"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_what_is_wrong_in_a_file_is_told_with_its_name(path, case):
    change, words = HOSTILE[case]
    parts = json.loads(path.read_text())
    change(parts)
    path.write_text(json.dumps(parts))
    with pytest.raises(StudioError, match=words) as told:
        read_block(path)
    assert told.value.problem.message.startswith("The block eye.studioblock ")
    assert told.value.problem.hint
    assert told.value.problem.place.key == str(path)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9])
def test_a_file_that_breaks_off_is_told_without_the_words_of_a_parser(path, share):
    data = path.read_bytes()
    with pytest.raises(StudioError) as told:
        block_from(data[: int(share * len(data))], "eye.studioblock")
    words = told.value.problem.message
    assert "char" not in words
    assert "Expecting" not in words
    assert words.startswith("The block eye.studioblock cannot be read: ")


def test_a_file_that_is_no_text_says_so():
    with pytest.raises(StudioError, match="it is not text"):
        block_from(b"\x89PNG\r\n\x1a\n", "eye.studioblock")


@pytest.mark.parametrize(
    ("given", "shown"), [("", "Block 1"), ("a\nb\x00c\t", "a b c"), ("x" * 10**5, "x" * 200)]
)
def test_the_name_of_a_block_is_one_line(path, given, shown):
    parts = json.loads(path.read_text())
    parts["blocks"][0]["name"] = given
    assert name_of(block_from(json.dumps(parts).encode(), "a")) == shown


def test_the_deepest_that_is_allowed_is_read(path):
    parts = json.loads(path.read_text())
    nested(parts, 16)
    assert len(block_from(json.dumps(parts).encode(), "a").blocks) == 16
