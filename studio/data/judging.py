"""Other data for prediction or evaluation, brought to the columns that a model was made for."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from studio.core.design.dataset import DatasetSpec
from studio.core.design.features import MEDIA_KINDS
from studio.core.params import Values
from studio.core.problems import StudioError
from studio.data.files import unreadable
from studio.data.idx_source import idx_to_judge
from studio.data.inputs import kinds_needed
from studio.data.lines import read_lines, text_lines
from studio.data.listing import holds_media
from studio.data.material import Kinds, Material
from studio.data.media_columns import media_of
from studio.data.origins import ORIGINS
from studio.data.recipe import as_written
from studio.data.recognition import is_url, recognised
from studio.data.tables import Table, read_columns


def material_to_judge(spec: DatasetSpec, path: str, *, needs_target: bool) -> Material:
    """The rows of other data by the names of their columns; their order does not matter."""
    kinds = as_written(spec, kinds_needed(spec, targets=needs_target))
    if is_url(path):
        return ORIGINS["sql"].read(path, spec.settings, kinds)
    place = Path(path).absolute()
    if not place.exists():
        raise unreadable(place, FileNotFoundError())
    if spec.source == "lines":
        return _lines_to_judge(spec, place, needs_target=needs_target)
    media = [name for name, kind in kinds.items() if kind in MEDIA_KINDS]
    if not media and place.is_dir():
        found = recognised(str(place), spec.settings)
        return ORIGINS[found.source].read(found.path, spec.settings, kinds)
    if not media:
        return Material(_table_to_judge(place, spec.settings, kinds), root=place.parent)
    return _renamed(_media_to_judge(spec, place, needs_target=needs_target), spec)


def _lines_to_judge(spec: DatasetSpec, path: Path, *, needs_target: bool) -> Material:
    """Texts line by line, alone or, to be compared, with the file that belongs to them."""
    names = [column.name for column in spec.columns]
    if not needs_target:
        texts = pd.Series([line or np.nan for line in text_lines(path)], dtype="str")
        return Material(Table(path.name, pd.DataFrame({names[0]: texts}), {}))
    other = Path(str(spec.settings.get("other", ""))).name
    settings = {"other": other} if (path.parent / other).is_file() and other != path.name else {}
    table = read_lines(path, settings)
    return Material(replace(table, frame=table.frame.set_axis(names, axis=1)))


def _table_to_judge(path: Path, settings: Values, kinds: Kinds) -> Table:
    """Read as the first data were; where that does not fit, with settings found anew."""
    header = settings.get("header", True)
    alike = {key: value for key, value in settings.items() if key != "encoding"}
    best: Table | None = None
    for given in (alike, {"header": header}):
        try:
            table = read_columns(path, given, kinds)
        except StudioError:
            if best is None and given is not alike:
                raise
            continue
        if best is None or _trouble(table, kinds) < _trouble(best, kinds):
            best = table
        if not _trouble(best, kinds):
            break
    assert best is not None
    return best


def _trouble(table: Table, kinds: Mapping[str, object]) -> int:
    """How badly settings fit a file: columns that are absent, columns with texts as numbers."""
    absent = sum(name not in table.frame.columns for name in kinds)
    return 1000 * absent + sum(p.code == "text-in-numbers" for p in table.problems)


def _media_to_judge(spec: DatasetSpec, path: Path, *, needs_target: bool) -> Material:
    if holds_media(path):
        return ORIGINS["files"].read(str(path), spec.settings, None)
    found = recognised(str(path), spec.settings)
    if found.source == "idx":
        return idx_to_judge(path, spec, needs_labels=needs_target)
    return ORIGINS[found.source].read(found.path, found.settings, None)


def _renamed(material: Material, spec: DatasetSpec) -> Material:
    """Columns that have another name here, where there is only one that can be meant."""
    media = media_of(material)
    names = {}
    for choice in spec.inputs():
        alike = [name for name, kind in media.items() if kind == choice.kind]
        if choice.kind in MEDIA_KINDS and choice.name not in material.frame and len(alike) == 1:
            names[alike[0]] = choice.name
    if not names:
        return replace(material, media=media)
    table = material.table
    return replace(
        material,
        table=replace(table, frame=table.frame.rename(columns=names)),
        media={names.get(name, name): kind for name, kind in media.items()},
        blocks={names.get(name, name): block for name, block in material.blocks.items()},
    )
