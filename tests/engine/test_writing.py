"""Writing token by token: greedy and beams beside plain loops, prompts, and leaving the house."""

import io
from itertools import product

import pytest
import torch
from torch import Tensor, fx, nn

from studio.engine import modules
from studio.engine.writing import END, SHORTNESS, START, Writer, shifted, split

WORDS, LENGTH = 6, 4


def network(seed: int = 0) -> fx.GraphModule:
    """Four numbers in, a text of four tokens out: a memory reads what was written so far."""
    torch.manual_seed(seed)
    drawn = fx.Graph()
    numbers, begun = drawn.placeholder("numbers"), drawn.placeholder("begun")
    spread = drawn.call_module("spread", (drawn.call_module("read", (numbers,)),))
    both = drawn.call_module("both", ([drawn.call_module("words", (begun,)), spread],))
    drawn.output(drawn.call_module("scores", (drawn.call_module("memory", (both,)),)))
    settings = {"input_size": 7, "hidden_size": 8, "num_layers": 1, "dropout": 0}
    parts = {
        "read": nn.Linear(4, 3),
        "spread": modules.Repeat(LENGTH),
        "words": nn.Embedding(WORDS, 4),
        "both": modules.Concatenate(2),
        "memory": modules.StackedGRU(gives_sequence=True, bidirectional=False, **settings),
        "scores": nn.Linear(8, WORDS),
    }
    made = fx.GraphModule(parts, drawn).eval()
    for weight in made.parameters():
        weight.data.mul_(3)
    return made


def chances(made: fx.GraphModule, row: Tensor, begun: list[int]) -> Tensor:
    """The logarithm of how likely each next token is; nothing begins again or is left empty."""
    tokens = torch.tensor([[START, *begun, *[0] * (LENGTH - 1 - len(begun))]])
    scores = made(row.unsqueeze(0), tokens)[0, len(begun)].clone()
    scores[[0, START]] = -1e9
    return torch.log_softmax(scores, -1)


@torch.inference_mode()
def test_greedy_takes_the_likeliest_token_each_time() -> None:
    made, rows = network(), torch.randn(8, 4)
    found = Writer(made, 1, LENGTH)([rows])
    for row, said in zip(rows, found, strict=True):
        begun: list[int] = []
        for step in range(LENGTH):
            if END in begun:
                assert said[step].argmax() == 0
                continue
            likely = chances(made, row, begun)
            torch.testing.assert_close(said[step], likely.exp())
            begun.append(int(likely.argmax()))
        assert said.argmax(-1).tolist()[: len(begun)] == begun


@torch.inference_mode()
@pytest.mark.parametrize("seed", range(3))
def test_enough_beams_find_the_likeliest_of_all_texts(seed: int) -> None:
    made, rows = network(seed), torch.randn(3, 4)
    found = Writer(made, 1, LENGTH, beams=4**LENGTH)([rows])
    assert found.sum(-1).eq(1).all()
    for row, said in zip(rows, found.argmax(-1).tolist(), strict=True):
        assert said == max(_texts(), key=lambda text: _worth(made, row, text))


def _texts() -> list[list[int]]:
    """Every text: no start inside, nothing but padding after the end."""
    found = []
    for text in product((0, 1, 3, 4, 5), repeat=LENGTH):
        known = text.index(END) + 1 if END in text else LENGTH
        if 0 not in text[:known] and not any(text[known:]):
            found.append(list(text))
    return found


def _worth(made: fx.GraphModule, row: Tensor, text: list[int]) -> float:
    known = [token for token in text if token]
    total = sum(float(chances(made, row, known[:i])[token]) for i, token in enumerate(known))
    return total / len(known) ** SHORTNESS


@torch.inference_mode()
@pytest.mark.parametrize("beams", [1, 3])
def test_a_given_beginning_stands_and_the_text_goes_on_from_it(beams: int) -> None:
    prompts = torch.tensor([[0, 0, 4, 5], [0, 0, 0, 0], [5, 4, 5, 4]])
    writer = Writer(network(), 1, LENGTH, beams=beams, is_prompted=True)
    found = writer([torch.randn(3, 4), prompts]).argmax(-1)
    assert found[0, :2].tolist() == [4, 5]
    assert found[2].tolist() == [5, 4, 5, 4]
    assert all(found[:, 0] != 0)


@torch.inference_mode()
@pytest.mark.filterwarnings("ignore:The TorchScript type system doesn't support")
@pytest.mark.parametrize("beams", [1, 3])
def test_a_writer_leaves_the_house_as_it_is(beams: int) -> None:
    writer = Writer(network(), 1, LENGTH, beams=beams).eval()
    file = io.BytesIO()
    torch.jit.save(torch.jit.script(writer), file)
    file.seek(0)
    again = torch.jit.load(file)
    for rows in (1, 2, 5):
        given = [torch.randn(rows, 4)]
        torch.testing.assert_close(again(given), writer(given))


@torch.inference_mode()
@pytest.mark.parametrize("beams", [1, 3])
def test_stopping_early_changes_nothing(beams: int) -> None:
    writer, rows = Writer(network(), 1, LENGTH, beams=beams), [torch.randn(9, 4)]
    writer.voice[0].bias.data[END] += 20  # every text ends at once
    found = writer(rows)
    writer.stops_early = False
    torch.testing.assert_close(writer(rows), found)
    assert found.argmax(-1)[0].tolist() == [END, 0, 0, 0]


@torch.inference_mode()
def test_the_parts_together_are_the_network() -> None:
    made, rows = network(), torch.randn(5, 4)
    targets = torch.randint(1, WORDS, (5, LENGTH))
    reader, speaker, voice = split(made, 1)
    whole = made(rows, shifted(targets))
    torch.testing.assert_close(voice(speaker(reader([rows]), shifted(targets))), whole)
    assert set(dict(reader.named_children())) == {"read", "spread"}
    assert [type(part) for part in voice] == [nn.Linear]


def test_what_was_written_comes_one_place_later() -> None:
    assert shifted(torch.tensor([[5, 4, 3, 0]])).tolist() == [[START, 5, 4, 3]]
