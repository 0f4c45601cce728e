"""IDX pictures as material: a column of pictures that lie in memory, and one of their classes."""

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from studio.core.design.dataset import DatasetSpec
from studio.core.params import Values
from studio.core.problems import Place, StudioError, refuse
from studio.core.words import tr
from studio.data.idx import Block, class_names, pairs_of, read_block
from studio.data.material import Material
from studio.data.tables import Table

PICTURE, CLASS = "picture", "class"


def idx_material(
    path: Path, settings: Values, *, alone: bool = False, needs_labels: bool = True
) -> Material:
    """IDX pictures with the names of their classes.

    `alone` takes no test part from beside a file; without `needs_labels` there may be none.
    """
    block = read_block(pairs_of(path, alone=alone), needs_labels=needs_labels)
    classes, labels, problems = class_names(block.values, settings)
    named = _with_classes(path, block, np.array(labels, object)[classes], labels)
    kept = {"labels": str(settings["labels"])} if settings.get("labels") else {}
    return replace(named, table=replace(named.table, settings=kept, problems=problems))


def idx_to_judge(path: Path, spec: DatasetSpec, *, needs_labels: bool) -> Material:
    """Other IDX pictures, whose numbers mean what they mean in the data of `spec`."""
    block = read_block(pairs_of(path, alone=True), needs_labels=needs_labels)
    wanted = spec.summary.sample_shape if spec.summary else block.pixels.shape[1:]
    if block.pixels.shape[1:] != wanted:
        raise _other_size(path, block.pixels.shape[1:], wanted)
    places = dict(zip(_numbers_of(spec), spec.labels(), strict=False))
    names = np.array([places.get(int(v), str(v)) for v in block.values], object)
    return _with_classes(path, block, names, spec.labels())


def _with_classes(
    path: Path, block: Block, names: NDArray[np.object_], labels: tuple[str, ...]
) -> Material:
    classes = pd.Series(np.where(block.values < 0, np.nan, names), dtype="str")
    pictures = pd.Series(np.arange(1, len(classes) + 1).astype(str), dtype="str")
    return Material(
        Table(path.name, pd.DataFrame({PICTURE: pictures, CLASS: classes}), {}),
        "images",
        MappingProxyType({PICTURE: "image"}),
        MappingProxyType({PICTURE: block.pixels}),
        orders=MappingProxyType({CLASS: labels}),
        own_test=block.own_test,
    )


def _other_size(path: Path, found: tuple[int, ...], wanted: tuple[int, ...]) -> StudioError:
    return refuse(
        tr(
            "The pictures of {file} are {found}. Expected {wanted} (channels, height, width).",
            file=path.name,
            wanted=" × ".join(map(str, wanted)),
            found=" × ".join(map(str, found)),
        ),
        tr("Use pictures of the size that the model was trained on."),
        place=Place("file", str(path)),
        code="sizes-differ",
    )


def _numbers_of(spec: DatasetSpec) -> tuple[int, ...]:
    """The numbers in the files that the labels stand for."""
    if spec.source != "idx" or all(label.isdigit() for label in spec.labels()):
        return tuple(int(x) if x.isdigit() else i for i, x in enumerate(spec.labels()))
    try:
        block = read_block(pairs_of(Path(spec.path)))
    except StudioError:
        return tuple(range(len(spec.labels())))
    return tuple(int(value) for value in np.unique(block.values))
