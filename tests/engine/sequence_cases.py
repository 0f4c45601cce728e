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
    ],
    "gru": [
        ({"hidden_size": 4, "bidirectional": True}, [(5, 3)]),
        ({"hidden_size": 4, "num_layers": 2, "gives": "sequence"}, [(5, 3)]),
    ],
    "add": [({}, [(2, 4), (2, 4), (2, 4)])],
    "multiply": [({}, [(2, 4), (2, 4), (2, 4)])],
    "dot": [({}, [(4,), (4,)]), ({}, [(3, 4), (3, 4)])],
    "concatenate": [({}, [(2, 4), (3, 4)]), ({"axis": 2}, [(2, 4), (2, 1)])],
    "spectrogram": [
        ({"n_fft": 16, "hop": 5}, [(41,)]),
        ({"n_fft": 9, "hop": 4, "gives": "magnitude"}, [(3,)]),
    ],
    "mel_spectrogram": [({"n_fft": 32, "hop": 8, "mels": 6, "rate": 400}, [(60,)])],
    "to_decibels": [({}, [(1, 4, 5)]), ({"takes": "magnitude"}, [(4,)])],
    "logarithm": [({"scale": 100.0}, [(1, 4, 5)])],
    "delta": [({}, [(1, 4, 5)]), ({"reach": 3, "along": "first"}, [(6, 2)]), ({}, [(4,)])],
}
