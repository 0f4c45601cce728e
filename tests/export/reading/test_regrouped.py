"""What torch.export takes apart into calls is put together again, where its numbers agree."""

import pytest
import torch
from torch import nn

from studio.export.captured import silenced

ENDS = ("input", "output")
TOKENS = torch.randint(1, 20, (2, 5))
causal = nn.Transformer.generate_square_subsequent_mask


def encoder(layers=1, *, norm=None, **settings):
    layer = nn.TransformerEncoderLayer(8, 2, 12, batch_first=True, **settings)
    return nn.TransformerEncoder(layer, layers, norm, enable_nested_tensor=False)


class Looking(nn.Module):
    """Encoders of both kinds, and attention to itself and to another."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(20, 8)
        self.pre = encoder(2, norm=nn.LayerNorm(8), norm_first=True, activation="gelu")
        self.post = nn.TransformerEncoderLayer(8, 4, 16, 0.3, batch_first=True)
        self.own = nn.MultiheadAttention(8, 2, batch_first=True)
        self.other = nn.MultiheadAttention(8, 4, batch_first=True, bias=False)

    def forward(self, words):
        x = self.pre(self.embedding(words))
        y, _weights = self.own(x, x, x)
        z = self.other(self.post(y), x, x, need_weights=False)[0]
        return z.mean(1)


class Writing(nn.Module):
    """An encoder and a decoder that writes: it looks back only."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(20, 8)
        self.encoder = encoder(2)
        layer = nn.TransformerDecoderLayer(8, 2, 12, batch_first=True, norm_first=True)
        self.decoder = nn.TransformerDecoder(layer, 2, nn.LayerNorm(8))
        self.seen = nn.TransformerDecoderLayer(8, 2, 8, batch_first=True)
        self.last = nn.MultiheadAttention(8, 2, batch_first=True)

    def forward(self, words, written):
        memory = self.encoder(self.embedding(words))
        mask = causal(written.size(1))
        x = self.decoder(self.embedding(written), memory, tgt_mask=mask, tgt_is_causal=True)
        x = self.seen(x, memory)
        return self.last(x, x, x, attn_mask=mask, is_causal=True, need_weights=False)[0]


class Block(nn.Module):
    """A residual block of several kinds of calls."""

    def __init__(self, width):
        super().__init__()
        self.conv = nn.Conv2d(width, width, 3, padding=2, dilation=2, groups=2, bias=False)
        self.norm = nn.BatchNorm2d(width)
        self.act = nn.SiLU()

    def forward(self, x):
        return x + self.act(self.norm(self.conv(x)))


class Mixed(nn.Module):
    """Blocks, pooling, and three kinds of recurrent layers."""

    def __init__(self):
        super().__init__()
        self.stage = nn.Sequential(Block(4), nn.MaxPool2d(2), Block(4))
        self.lstm = nn.LSTM(4, 3, 2, batch_first=True, bidirectional=True)
        self.gru = nn.GRU(6, 4, batch_first=True)
        self.rnn = nn.RNN(6, 4, batch_first=True, nonlinearity="relu")
        self.head = nn.Sequential(nn.LayerNorm(8), nn.Linear(8, 3), nn.LogSoftmax(1))

    def forward(self, x):
        steps = self.stage(x).flatten(2).transpose(1, 2)
        steps, _memory = self.lstm(steps)
        _steps, last = self.gru(steps)
        return self.head(torch.cat([last[-1], self.rnn(steps)[0][:, -1]], 1))


MIXED = (
    "conv2d batch_norm silu add max_pool2d conv2d batch_norm silu add flatten_axes transpose "
    "lstm gru rnn concatenate layer_norm linear log_softmax"
)


@pytest.fixture
def program(tmp_path, drawn):
    """The drawing of a module that was exported, as finely as torch can say it if asked."""

    def program(network, *given, decomposed=False):
        path = tmp_path / "program.pt2"
        torch.manual_seed(1)
        for weight in network.parameters():
            nn.init.normal_(weight, std=0.3)
        with silenced():
            program = torch.export.export(network.eval(), given)
            program = program.run_decompositions() if decomposed else program
            torch.export.save(program, path)
        return drawn(path, kind="program")

    return program


def inner(graph):
    return [node for node in graph if node.layer not in ENDS]


def params(graph, name):
    return next(dict(node.params) for node in graph if node.name == name)


@pytest.mark.parametrize("decomposed", [False, True])
def test_encoders_and_attention_are_whole_again(program, decomposed):
    found = program(Looking(), TOKENS, decomposed=decomposed)
    assert found.problems == ()
    assert [node.name for node in inner(found.graph)][:5] == (
        ["embedding", "pre", "own", "post", "other"]
    )
    wanted = "embedding transformer_encoder self_attention transformer_encoder_layer"
    layers = [node.layer for node in inner(found.graph)]
    assert layers == [*wanted.split(), "cross_attention", "global_pool"]
    share = {"dropout": 0.0} if decomposed else {}  # the finer form leaves it out
    assert params(found.graph, "pre") == {"heads": 2, "hidden": 12, **share}
    given = {"hidden": 16, "norm": "post", "activation": "relu", **(share or {"dropout": 0.3})}
    assert params(found.graph, "post") == given
    assert params(found.graph, "other") == {"bias": False}


def test_a_mask_that_looks_back_and_a_decoder_are_known(program):
    found = program(Writing(), TOKENS, TOKENS[:, :4])
    assert found.problems == ()
    layers = [node.layer for node in inner(found.graph)]
    assert layers.count("transformer_decoder") == 1
    assert "causal" not in params(found.graph, "decoder")  # as it is by default
    assert params(found.graph, "seen")["causal"] is False
    assert params(found.graph, "last")["causal"] is True
    assert "causal" not in params(found.graph, "encoder")


@pytest.mark.parametrize("decomposed", [False, True])
def test_residual_blocks_and_recurrent_layers_have_their_layers_and_names(program, decomposed):
    found = program(Mixed(), torch.rand(1, 4, 4, 4), decomposed=decomposed)
    assert found.problems == ()
    wanted = MIXED
    if decomposed:  # other words for the same
        wanted = MIXED.replace("flatten_axes", "reshape").replace("transpose", "permute")
    assert sorted(node.layer for node in inner(found.graph)) == sorted(wanted.split())
    names = {node.name for node in inner(found.graph)}
    assert {"stage.0.conv", "stage.2.norm", "lstm", "gru", "rnn", "head.1"} <= names
    assert {block.name for block in found.graph.blocks.values()} >= {"stage", "stage.0", "stage.2"}


def test_what_gives_other_numbers_stays_apart(program):
    layer = nn.TransformerEncoderLayer(8, 2, 12, batch_first=True, activation=torch.tanh)
    found = program(layer, torch.rand(2, 5, 8))
    layers = [node.layer for node in inner(found.graph)]
    assert "transformer_encoder_layer" not in layers
    assert {"self_attention", "tanh", "layer_norm", "linear"} <= set(layers)
    assert found.problems == ()
