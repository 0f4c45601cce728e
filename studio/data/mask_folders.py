"""Folders of pictures with folders of masks beside them: which mask belongs to which picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from posixpath import splitext

from studio.data.named import PARTS

_MASKS = frozenset(
    {"mask", "masks", "label", "labels", "annotation", "annotations", "segmentation"}
    | {"segmentations", "groundtruth", "ground_truth", "gt", "targets"}
)
_PICTURES = frozenset({"image", "images", "img", "imgs", "picture", "pictures", "photos", "inputs"})
_ENOUGH = 0.5


@dataclass(frozen=True, slots=True)
class Paired:
    """Pictures and their masks, one of each in a row ("": there is none), and the part if named."""

    pictures: tuple[str, ...]
    masks: tuple[str, ...]
    parts: tuple[str, ...] = ()


def paired(names: Sequence[str]) -> Paired | None:
    """The pairs among files with slashes between folders; None where no folder is named so.

    A mask lies in a folder such as masks beside one such as images, with the same name up to
    its suffix; at least every second picture must have one.
    """
    masks = {key: name for name in names if (key := _key(name, _MASKS)) is not None}
    pictures = {key: name for name in names if (key := _key(name, _PICTURES)) is not None}
    found = [key for key in pictures if key in masks]
    if not found or len(found) < _ENOUGH * len(pictures):
        return None
    parts = tuple(_part(pictures[key]) for key in pictures)
    return Paired(
        tuple(pictures.values()),
        tuple(masks.get(key, "") for key in pictures),
        parts if all(parts) and len(set(parts)) > 1 else (),
    )


def _key(name: str, folders: frozenset[str]) -> str | None:
    """The path without the folder that tells pictures from masks, and without the suffix."""
    *above, last = name.replace("\\", "/").split("/")
    places = [place for place, folder in enumerate(above) if folder.lower() in folders]
    if len(places) != 1:
        return None
    rest = [*above[: places[0]], *above[places[0] + 1 :]]
    stem = splitext(last)[0].lower()
    for ending in ("_mask", "-mask", "_label", "_gt"):
        stem = stem.removesuffix(ending)
    return "/".join((*rest, stem))


def _part(name: str) -> str:
    known = [folder for folder in name.split("/")[:-1] if folder.lower() in PARTS]
    return known[0] if known else ""
