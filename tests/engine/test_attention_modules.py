"""Attention against torch's own: what padding and later steps change, what was looked at."""

import pytest
import torch
from torch import Tensor, fx, nn

from studio.engine.attention_modules import (
    AdditiveAttention,
    AttentionPooling,
    CrossAttention,
    SelfAttention,
    read_weights,
)
from studio.engine.transformer_modules import (
    Decoder,
    DecoderLayer,
    Encoder,
    EncoderLayer,
    RotaryPositions,
    SinusoidalPositions,
)

WIDTH, HEADS, HIDDEN = 8, 2, 12
# Padding behind, in front, in the middle, nowhere, and nothing else.
TOKENS = torch.tensor(
    [[3, 1, 2, 0, 0], [0, 0, 4, 4, 1], [2, 0, 5, 0, 3], [1, 2, 3, 4, 5], [0, 0, 0, 0, 0]]
)
IS_WORD = TOKENS != 0
SOME = slice(0, 4)  # the rows that hold a word


@pytest.fixture(autouse=True)
def _seed() -> None:
    torch.manual_seed(7)


def sequence(width: int = WIDTH) -> Tensor:
    return torch.randn(*TOKENS.shape, width)


def copied(source: nn.Module, goal: nn.Module, names: dict[str, str]) -> None:
    """The weights of torch's module in ours; `names` leads from ours to theirs."""
    theirs = source.state_dict()
    found = {}
    for key in goal.state_dict():
        part, _, kind = key.rpartition(".")
        separator = "_" if names[part].endswith("in_proj") else "."
        found[key] = theirs[f"{names[part]}{separator}{kind}"]
    goal.load_state_dict(found)


ENCODER_NAMES = {
    "attention.projection": "self_attn.in_proj",
    "attention.output": "self_attn.out_proj",
    "feed_forward.wide": "linear1",
    "feed_forward.narrow": "linear2",
    "norm_1": "norm1",
    "norm_2": "norm2",
}


@pytest.mark.parametrize("causal", [False, True])
def test_self_attention_is_that_of_torch(causal: bool) -> None:
    theirs = nn.MultiheadAttention(WIDTH, HEADS, batch_first=True).eval()
    ours = SelfAttention(WIDTH, HEADS, causal=causal).eval()
    copied(theirs, ours, {"projection": "in_proj", "output": "out_proj"})
    steps = sequence()
    mask = nn.Transformer.generate_square_subsequent_mask(5) if causal else None
    wanted, looked = theirs(steps, steps, steps, attn_mask=mask, average_attn_weights=False)
    torch.testing.assert_close(ours(steps), wanted)
    torch.testing.assert_close(ours.weights(steps), looked)


def test_self_attention_leaves_out_the_padding_that_torch_leaves_out() -> None:
    theirs = nn.MultiheadAttention(WIDTH, HEADS, batch_first=True).eval()
    ours = SelfAttention(WIDTH, HEADS).eval()
    copied(theirs, ours, {"projection": "in_proj", "output": "out_proj"})
    steps = sequence()
    wanted, _looked = theirs(steps, steps, steps, key_padding_mask=~IS_WORD)
    torch.testing.assert_close(ours(steps, TOKENS)[IS_WORD], wanted[IS_WORD])


@pytest.mark.parametrize("norm", ["pre", "post"])
@pytest.mark.parametrize("activation", ["relu", "gelu"])
def test_an_encoder_layer_is_that_of_torch(norm: str, activation: str) -> None:
    theirs = nn.TransformerEncoderLayer(
        WIDTH,
        HEADS,
        HIDDEN,
        activation=activation,
        batch_first=True,
        norm_first=norm == "pre",
    )
    ours = EncoderLayer(
        WIDTH, heads=HEADS, hidden=HIDDEN, dropout=0.1, norm=norm, activation=activation
    )
    copied(theirs, ours, ENCODER_NAMES)
    steps = sequence()
    wanted = theirs.eval()(steps, src_key_padding_mask=~IS_WORD)
    torch.testing.assert_close(ours.eval()(steps, TOKENS)[IS_WORD], wanted[IS_WORD])


@pytest.mark.parametrize("norm", ["pre", "post"])
def test_a_decoder_layer_is_that_of_torch(norm: str) -> None:
    theirs = nn.TransformerDecoderLayer(
        WIDTH, HEADS, HIDDEN, batch_first=True, norm_first=norm == "pre"
    ).eval()
    ours = DecoderLayer(
        WIDTH, memory_width=WIDTH, heads=HEADS, hidden=HIDDEN, dropout=0.1, norm=norm
    ).eval()
    state = theirs.state_dict()
    ours.load_state_dict(_decoder_state(state))
    steps, memory = sequence()[SOME], sequence()[SOME]
    mask = nn.Transformer.generate_square_subsequent_mask(5)
    wanted = theirs(steps, memory, tgt_mask=mask, memory_key_padding_mask=~IS_WORD[SOME])
    torch.testing.assert_close(ours(steps, memory, TOKENS[SOME]), wanted)


def _decoder_state(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """Ours asks and answers with two weights where theirs has one for all three."""
    found = {}
    for kind in ("weight", "bias"):
        together = state[f"multihead_attn.in_proj_{kind}"]
        found[f"attention.projection.{kind}"] = state[f"self_attn.in_proj_{kind}"]
        found[f"attention.output.{kind}"] = state[f"self_attn.out_proj.{kind}"]
        found[f"cross_attention.asking.{kind}"] = together[:WIDTH]
        found[f"cross_attention.answering.{kind}"] = together[WIDTH:]
        found[f"cross_attention.output.{kind}"] = state[f"multihead_attn.out_proj.{kind}"]
        found[f"feed_forward.wide.{kind}"] = state[f"linear1.{kind}"]
        found[f"feed_forward.narrow.{kind}"] = state[f"linear2.{kind}"]
        for number in (1, 2, 3):
            found[f"norm_{number}.{kind}"] = state[f"norm{number}.{kind}"]
    return found


def over_itself() -> list[nn.Module]:
    settings = {"heads": HEADS, "hidden": HIDDEN, "dropout": 0.0}
    return [
        SelfAttention(WIDTH, HEADS),
        SelfAttention(WIDTH, HEADS, positions="rotary", causal=True),
        Encoder(WIDTH, layers=2, norm="pre", **settings),
        Encoder(WIDTH, layers=2, norm="post", positions="rotary", **settings),
        AttentionPooling(WIDTH, 4),
    ]


@pytest.mark.parametrize("layer", over_itself())
def test_what_stands_in_the_padding_changes_no_word(layer: nn.Module) -> None:
    steps = sequence()
    others = torch.where(IS_WORD.unsqueeze(2), steps, torch.randn_like(steps))
    answer, again = layer.eval()(steps, TOKENS), layer(others, TOKENS)
    if answer.dim() == 3:
        torch.testing.assert_close(answer[IS_WORD], again[IS_WORD])
    else:
        torch.testing.assert_close(answer[SOME], again[SOME])
    assert (layer(steps)[0] - answer[0]).abs().max() > 1e-3


@pytest.mark.parametrize("layer", over_itself())
def test_a_row_that_is_all_padding_stays_a_number_and_learns(layer: nn.Module) -> None:
    steps = sequence().requires_grad_()
    answer = layer.train()(steps, TOKENS)
    answer.square().sum().backward()
    assert answer.isfinite().all()
    assert steps.grad is not None
    assert steps.grad.isfinite().all()
    assert all(w.grad is None or w.grad.isfinite().all() for w in layer.parameters())


@pytest.mark.parametrize(
    "layer",
    [
        CrossAttention(WIDTH, HEADS, 6),
        AdditiveAttention(WIDTH, 6, 4),
        Decoder(WIDTH, layers=2, memory_width=6, heads=HEADS, hidden=HIDDEN, dropout=0.0),
    ],
)
def test_padding_of_a_memory_is_not_looked_at(layer: nn.Module) -> None:
    steps, memory = sequence(), sequence(6)
    others = torch.where(IS_WORD.unsqueeze(2), memory, torch.randn_like(memory))
    answer, again = layer.eval()(steps, memory, TOKENS), layer(steps, others, TOKENS)
    torch.testing.assert_close(answer[SOME], again[SOME])
    assert answer.isfinite().all()


@pytest.mark.parametrize("positions", ["none", "rotary"])
def test_a_causal_layer_does_not_see_what_comes(positions: str) -> None:
    layer = Encoder(
        WIDTH,
        layers=2,
        heads=HEADS,
        hidden=HIDDEN,
        dropout=0.0,
        causal=True,
        positions=positions,
    ).eval()
    steps = sequence()
    others = steps.clone()
    others[:, 3:] = torch.randn_like(others[:, 3:])
    torch.testing.assert_close(layer(steps)[:, :3], layer(others)[:, :3])
    assert (layer(steps)[:, 3:] - layer(others)[:, 3:]).abs().max() > 1e-3


def test_rotary_positions_make_products_tell_the_distance_alone() -> None:
    one, other = torch.randn(1, 1, WIDTH), torch.randn(1, 1, WIDTH)
    turn = RotaryPositions(WIDTH, 10_000.0)
    first, second = turn(one.expand(1, 9, WIDTH)), turn(other.expand(1, 9, WIDTH))
    products = (first @ second.transpose(1, 2))[0]
    for distance in range(-8, 9):
        along = products.diagonal(distance)
        torch.testing.assert_close(along, along[:1].expand_as(along), rtol=1e-4, atol=1e-5)
    assert (products[0, 1:] - products[0, :-1]).abs().min() > 1e-4


def test_sinusoidal_positions_are_those_of_the_paper() -> None:
    found = SinusoidalPositions(6, 5, 10_000.0)(torch.zeros(1, 6, 5))[0]
    place, number = 4.0, 2  # the second pair turns 10000 ** (2 / 5) times slower
    angle = torch.tensor(place / 10_000.0 ** (number / 5))
    torch.testing.assert_close(found[4, 2], angle.sin())
    torch.testing.assert_close(found[4, 3], angle.cos())
    torch.testing.assert_close(found[0], torch.tensor([0.0, 1.0, 0.0, 1.0, 0.0]))


def test_what_was_looked_at_adds_up_and_explains_the_answer() -> None:
    pooling = AttentionPooling(WIDTH, 4)
    steps = sequence()
    counts = pooling.weights(steps, TOKENS)
    torch.testing.assert_close(counts.sum(dim=1), torch.ones(5))
    assert (counts[SOME][~IS_WORD[SOME]] == 0).all()
    torch.testing.assert_close((counts.unsqueeze(2) * steps).sum(dim=1), pooling(steps, TOKENS))
    cross = CrossAttention(WIDTH, HEADS, 6)
    looked = cross.weights(steps, sequence(6), TOKENS)
    assert looked.shape == (5, HEADS, 5, 5)
    torch.testing.assert_close(looked.sum(dim=3), torch.ones(5, HEADS, 5))


def test_the_weights_of_every_attention_of_a_model_can_be_read() -> None:
    graph = fx.Graph()
    steps, tokens = graph.placeholder("steps"), graph.placeholder("tokens")
    read = graph.call_module("encoder", (steps, tokens))
    graph.output(graph.call_module("pooling", (read,)))
    parts: dict[str, nn.Module] = {
        "encoder": Encoder(WIDTH, layers=2, heads=HEADS, hidden=HIDDEN, dropout=0.5),
        "pooling": AttentionPooling(WIDTH, 4),
    }
    model = fx.GraphModule(parts, graph).eval()
    found = read_weights(model, sequence(), TOKENS)
    assert {name: tuple(weights.shape) for name, weights in found.items()} == {
        "encoder.layers.0.attention": (5, HEADS, 5, 5),
        "encoder.layers.1.attention": (5, HEADS, 5, 5),
        "pooling": (5, 5),
    }
    words = found["encoder.layers.0.attention"][0, :, :3]
    assert (words[..., 3:] == 0).all()
    before = found["pooling"]
    model(sequence(), TOKENS)
    assert found["pooling"] is before  # nothing listens any more


@pytest.mark.parametrize("heads", [3, 16])
def test_heads_that_leave_a_rest_cannot_be_built(heads: int) -> None:
    with pytest.raises(ValueError, match="heads"):
        SelfAttention(WIDTH, heads)
    with pytest.raises(ValueError, match="pairs"):
        SelfAttention(WIDTH, 8, positions="rotary")
