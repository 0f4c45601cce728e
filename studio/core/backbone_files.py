"""Backbone files: whether the folder of a pretrained network still holds what was chosen."""

import hashlib
from pathlib import Path

from studio.core.backbone import Backbone
from studio.core.problems import Place, Problem
from studio.core.words import tr

CONFIG, WEIGHTS = "config.json", "model.safetensors"
TOKENIZER, WORD_PIECES = "tokenizer.json", "vocab.txt"
LARGEST_TOKENIZER = 64_000_000  # bytes; those of real networks have a few millions


def digest_of(content: bytes) -> str:
    """The sha256 of a file's bytes."""
    return hashlib.sha256(content).hexdigest()


def tokenizer_file(folder: Path) -> Path | None:
    """The file that says how a network reads texts: the one the library takes, where there is one.

    None where there is none, or one that is far too large.
    """
    for name in (TOKENIZER, WORD_PIECES):
        path = folder / name
        if path.is_file():
            return path if path.stat().st_size <= LARGEST_TOKENIZER else None
    return None


def tokenizer_digest(folder: Path) -> str:
    """The sha256 of that file; "" where there is none."""
    path = tokenizer_file(folder)
    return digest_of(path.read_bytes()) if path is not None else ""


def folder_problem(known: Backbone, place: Place) -> Problem | None:
    """What is wrong with the folder of a pretrained network, without reading its weights."""
    folder = Path(known.folder)
    try:
        digest = digest_of((folder / CONFIG).read_bytes())
        size = (folder / WEIGHTS).stat().st_size
    except OSError as reason:
        return Problem(
            tr("The pretrained network {name} is not in {folder}.", name=known.name, folder=folder),
            tr("Put the folder back, or choose it again where it lies now."),
            place=place,
            code="backbone-missing",
            detail=str(reason),
        )
    is_same_tokenizer = not known.tokenizer or tokenizer_digest(folder) == known.tokenizer
    if digest == known.digest and size == known.weight_bytes and is_same_tokenizer:
        return None
    return Problem(
        tr("The files of {name} in {folder} have changed.", name=known.name, folder=folder),
        tr("Choose the folder once more, so that its present network is taken."),
        place=place,
        code="backbone-changed",
    )
