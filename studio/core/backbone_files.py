"""Backbone files: whether the folder of a pretrained network still holds what was chosen."""

import hashlib
from pathlib import Path

from studio.core.backbone import Backbone
from studio.core.problems import Place, Problem
from studio.core.words import tr

CONFIG, WEIGHTS = "config.json", "model.safetensors"


def digest_of(content: bytes) -> str:
    """The sha256 of a file's bytes."""
    return hashlib.sha256(content).hexdigest()


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
    if digest == known.digest and size == known.weight_bytes:
        return None
    return Problem(
        tr("The files of {name} in {folder} have changed.", name=known.name, folder=folder),
        tr("Choose the folder once more, so that its present network is taken."),
        place=place,
        code="backbone-changed",
    )
