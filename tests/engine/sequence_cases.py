"""Small cases of the layers for words, sequences, sounds and several inputs."""

from tests.engine.layer_cases import Cases

SEQUENCE_CASES: Cases = {
    "embedding": [
        ({"embedding_dim": 4}, [(3,)]),
        ({"embedding_dim": 4, "padding": True, "max_norm": 0.5, "std": 2.0}, [(2, 3)]),
    ],
    "embedding_bag": [
        ({"embedding_dim": 4}, [(5,)]),
        ({"embedding_dim": 4, "keeps": "sum", "std": 0.1}, [(1,)]),
        ({"embedding_dim": 4, "keeps": "max", "max_norm": 1.0}, [(5,)]),
    ],
    "lstm": [
        ({"hidden_size": 4}, [(5, 3)]),
        ({"hidden_size": 4, "num_layers": 2, "bidirectional": True, "dropout": 0.1}, [(5, 3)]),
        ({"hidden_size": 4, "num_layers": 2, "bidirectional": True}, [(5, 3), (5,), (8,)]),
        ({"hidden_size": 4, "gives": "sequence"}, [(5, 3), None, (4,)]),
    ],
    "gru": [
        ({"hidden_size": 4, "bidirectional": True}, [(5, 3)]),
        ({"hidden_size": 4, "num_layers": 2, "gives": "sequence"}, [(5, 3)]),
        ({"hidden_size": 4, "num_layers": 2, "gives": "sequence"}, [(5, 3), (5,)]),
    ],
    "rnn": [
        ({"hidden_size": 4}, [(5, 3)]),
        ({"hidden_size": 4, "num_layers": 2, "nonlinearity": "relu"}, [(5, 3)]),
        ({"hidden_size": 4, "bidirectional": True}, [(5, 3), (5,)]),
    ],
    "self_attention": [
        ({"heads": 2}, [(5, 4)]),
        ({"heads": 2, "causal": True, "positions": "rotary"}, [(5, 4)]),
        ({"heads": 2, "causal": True, "bias": False, "dropout": 0.1}, [(5, 4), (5,)]),
    ],
    "cross_attention": [
        ({"heads": 2}, [(5, 4), (3, 6)]),
        ({"heads": 1, "dropout": 0.1}, [(5, 4), (3, 4), (3,)]),
    ],
    "additive_attention": [
        ({"units": 3}, [(5, 4), (3, 6)]),
        ({"units": 3}, [(1, 4), (3, 6), (3,)]),
    ],
    "attention_pooling": [({"units": 3}, [(5, 4)]), ({"units": 3}, [(5, 4), (5,)])],
    "transformer_encoder_layer": [
        ({"heads": 2, "hidden": 8, "positions": "rotary"}, [(5, 4)]),
        ({"heads": 2, "hidden": 8, "norm": "post", "activation": "relu"}, [(5, 4), (5,)]),
    ],
    "transformer_encoder": [
        ({"heads": 2, "hidden": 8, "causal": True}, [(5, 4)]),
        ({"heads": 2, "hidden": 8, "num_layers": 1, "norm": "post"}, [(5, 4), (5,)]),
    ],
    "transformer_decoder_layer": [
        ({"heads": 2, "hidden": 8}, [(5, 4), (3, 6)]),
        ({"heads": 2, "hidden": 8, "norm": "post"}, [(5, 4), (3, 4), None, (5,)]),
    ],
    "transformer_decoder": [
        ({"heads": 2, "hidden": 8}, [(5, 4), (3, 6), (3,)]),
        ({"heads": 2, "hidden": 8, "norm": "post"}, [(5, 4), (3, 4), (3,), (5,)]),
    ],
    "sinusoidal_positions": [({}, [(5, 4)]), ({"base": 100.0}, [(5, 3)])],
    "learnt_positions": [({}, [(5, 4)])],
    "rotary_positions": [({}, [(5, 4)])],
    "class_token": [({}, [(5, 4)]), ({"place": "last"}, [(5, 4)])],
    "patch_embedding": [
        ({"patch": 2, "width": 5}, [(3, 4, 6)]),
        ({"patch": (1, 3), "bias": False}, [(1, 4, 6)]),
    ],
    "add": [({}, [(2, 4), (2, 4), (2, 4)])],
    "multiply": [({}, [(2, 4), (2, 4), (2, 4)])],
    "subtract": [({}, [(2, 4), (2, 4)])],
    "divide": [({}, [(2, 4), (2, 4)])],
    "maximum": [({}, [(2, 4), (2, 4), (2, 4)])],
    "minimum": [({}, [(2, 4), (2, 4)])],
    "mean": [({}, [(2, 4), (2, 4), (2, 4)])],
    "stack": [({}, [(2, 4), (2, 4), (2, 4)]), ({"axis": 3}, [(2, 4), (2, 4)])],
    "cosine_similarity": [({}, [(4,), (4,)]), ({}, [(3, 4), (3, 4)])],
    "distance": [({}, [(4,), (4,)]), ({}, [(3, 4), (3, 4)])],
    "matrix_multiply": [
        ({}, [(2, 4), (4, 3)]),
        ({"transpose_second": True}, [(2, 3, 4), (2, 5, 4)]),
    ],
    "dot": [({}, [(4,), (4,)]), ({}, [(3, 4), (3, 4)])],
    "concatenate": [({}, [(2, 4), (3, 4)]), ({"axis": 2}, [(2, 4), (2, 1)])],
    "spectrogram": [
        ({"n_fft": 16, "hop": 5}, [(41,)]),
        ({"n_fft": 9, "hop": 4, "gives": "magnitude"}, [(3,)]),
    ],
    "mel_spectrogram": [({"n_fft": 32, "hop": 8, "mels": 6, "rate": 400}, [(60,)])],
    "to_decibels": [({}, [(1, 4, 5)]), ({"takes": "magnitude"}, [(4,)])],
    "logarithm": [({"scale": 100.0}, [(1, 4, 5)])],
    "cepstrum": [({"coefficients": 3}, [(1, 4, 5)])],
    "delta": [({}, [(1, 4, 5)]), ({"reach": 3, "along": "first"}, [(6, 2)]), ({}, [(4,)])],
}
