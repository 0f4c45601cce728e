"""Recurrent layers that skip padding against packed sequences, and layers of categories."""

from itertools import product

import pytest
import torch
from torch import Tensor, nn

from studio.engine.embedding_modules import PooledEmbedding, SpreadEmbedding
from studio.engine.sequence_modules import CausalConv1d, Kind, WiredRecurrent

TOKENS = torch.tensor([[0, 0, 3, 4, 5], [1, 2, 0, 0, 0], [1, 2, 3, 4, 5], [0, 1, 0, 2, 0]])
WIDTH, UNITS = 3, 4
FORMS = list(product(("RNN", "GRU", "LSTM"), (1, 2), (False, True)))


def both_of(kind: Kind, layers: int, both_ways: bool) -> tuple[WiredRecurrent, nn.RNNBase]:
    """Ours and torch's with the same weights; ours gives the whole sequence."""
    torch.manual_seed(3)
    ours = WiredRecurrent(
        kind,
        input_size=WIDTH,
        hidden_size=UNITS,
        num_layers=layers,
        bidirectional=both_ways,
        dropout=0.0,
        gives_sequence=True,
    )
    theirs: nn.RNNBase = getattr(nn, kind)(
        WIDTH, UNITS, layers, batch_first=True, bidirectional=both_ways
    )
    theirs.load_state_dict(
        dict(zip(theirs.state_dict(), ours.state_dict().values(), strict=True)), strict=True
    )
    return ours.eval(), theirs.eval()


def words_alone(theirs: nn.RNNBase, steps: Tensor, start: Tensor) -> tuple[Tensor, Tensor]:
    """What torch gives for one row without its padding: each step, and the end of the top layer."""
    directions = 2 if theirs.bidirectional else 1
    begin = start.view(directions, 1, UNITS).repeat(theirs.num_layers, 1, 1)
    state = (begin, torch.zeros_like(begin)) if isinstance(theirs, nn.LSTM) else begin
    answers, memory = theirs(steps.unsqueeze(0), state)
    last = memory[0] if isinstance(theirs, nn.LSTM) else memory
    return answers[0], last[-directions:, 0].flatten()


@pytest.mark.parametrize(("kind", "layers", "both_ways"), FORMS)
def test_padding_is_skipped_wherever_it_stands(kind: Kind, layers: int, both_ways: bool) -> None:
    ours, theirs = both_of(kind, layers, both_ways)
    steps = torch.randn(*TOKENS.shape, WIDTH)
    start = torch.randn(len(TOKENS), UNITS * (2 if both_ways else 1))
    answers = ours(steps, TOKENS, start)
    ours.gives_sequence = False
    lasts = ours(steps, TOKENS, start)
    for row, tokens in enumerate(TOKENS):
        is_word = tokens != 0
        wanted, last = words_alone(theirs, steps[row][is_word], start[row])
        torch.testing.assert_close(answers[row][is_word], wanted)
        torch.testing.assert_close(lasts[row], last)
        assert (answers[row][~is_word] == 0).all()


@pytest.mark.parametrize(("kind", "layers", "both_ways"), FORMS)
def test_without_tokens_every_step_is_read(kind: Kind, layers: int, both_ways: bool) -> None:
    ours, theirs = both_of(kind, layers, both_ways)
    steps = torch.randn(4, 5, WIDTH)
    torch.testing.assert_close(ours(steps), theirs(steps)[0])


def test_a_row_without_words_gives_its_start_back() -> None:
    ours, _theirs = both_of("GRU", 2, both_ways=True)
    ours.gives_sequence = False
    steps, start = torch.randn(2, 5, WIDTH, requires_grad=True), torch.randn(2, 2 * UNITS)
    empty = torch.zeros(2, 5, dtype=torch.int64)
    last = ours(steps, empty, start)
    torch.testing.assert_close(last, start)
    assert (ours(steps, empty) == 0).all()


def test_a_causal_convolution_sees_no_later_step() -> None:
    layer = CausalConv1d(2, 3, 3, dilation=2)
    series = torch.randn(1, 2, 9)
    later = series.clone()
    later[..., 6:] = 5.0
    assert layer(series).shape == (1, 3, 9)
    torch.testing.assert_close(layer(series)[..., :6], layer(later)[..., :6])
    assert (layer(series)[..., 6:] - layer(later)[..., 6:]).abs().min() > 0
    whole = nn.functional.conv1d(series, layer.weight, layer.bias, dilation=2)
    torch.testing.assert_close(layer(series)[..., 4:], whole)


def test_an_embedding_starts_as_far_spread_as_asked() -> None:
    torch.manual_seed(0)
    small = SpreadEmbedding(500, 40, std=0.05)
    assert small.weight.std().item() == pytest.approx(0.05, rel=0.05)
    torch.manual_seed(0)
    assert torch.equal(small.weight, nn.Embedding(500, 40).weight * 0.05)


def test_padding_is_zero_and_learns_nothing() -> None:
    layer = SpreadEmbedding(5, 3, has_padding=True, std=2.0)
    answer = layer(torch.tensor([[0, 1, 0, 4]]))
    answer.sum().backward()
    assert (answer[0, [0, 2]] == 0).all()
    assert layer.weight.grad is not None
    assert layer.weight.grad.abs().sum(dim=1).tolist() == [0.0, 3.0, 0.0, 0.0, 3.0]


def test_long_rows_are_shortened_and_short_ones_are_left() -> None:
    layer = SpreadEmbedding(3, 2, max_norm=1.0)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor([[3.0, 4.0], [0.3, 0.4], [0.0, 0.0]]))
    found = layer(torch.tensor([[0, 1, 2]]))
    torch.testing.assert_close(found[0], torch.tensor([[0.6, 0.8], [0.3, 0.4], [0.0, 0.0]]))
    found.sum().backward()
    assert layer.weight.grad is not None
    assert layer.weight.grad.isfinite().all()


@pytest.mark.parametrize("keeps", ["mean", "sum", "max"])
def test_a_bag_of_tokens_is_that_of_torch(keeps: str) -> None:
    ours = PooledEmbedding(6, 4, keeps=keeps)  # type: ignore[arg-type]
    theirs = nn.EmbeddingBag(6, 4, mode=keeps, padding_idx=0)
    with torch.no_grad():
        theirs.weight.copy_(ours.embedding.weight)
    torch.testing.assert_close(ours(TOKENS), theirs(TOKENS))
    assert (ours(torch.zeros(2, 5, dtype=torch.int64)) == 0).all()
