"""The functions that jobs call for all data: open, load, judge another file, show, recognise again.

What is read here is raw: filling, scaling and encoding follow in `prepare`.
"""

from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from pathlib import Path
from types import MappingProxyType

from studio.core.design.dataset import ColumnChoice, DatasetSpec
from studio.core.design.previews import Preview, SoundClip
from studio.core.design.shaping import Joined, SeriesSpec
from studio.core.params import Values
from studio.core.problems import Place, Problem, Severity, StudioError
from studio.core.words import tr
from studio.data.arrays import Arrays, Fitted
from studio.data.encode import arrays_of, arrays_to_judge
from studio.data.inputs import kinds_needed
from studio.data.join import material_of
from studio.data.judging import material_to_judge
from studio.data.large import arrays_of_blocks
from studio.data.material import Material
from studio.data.opening import Origin, spec_of
from studio.data.origins import ORIGINS, known_sample, origin_of
from studio.data.preview import clip_of_material, preview_of_head, preview_of_material, shown_media
from studio.data.recipe import as_written
from studio.data.recognition import recognised
from studio.data.remembered import remembered
from studio.data.room import STREAMED, fits, may_fit, room
from studio.data.samples import SAMPLES, aimed
from studio.data.survey import survey
from studio.data.tables import in_reach, safe_url

NEAR = 2000  # rows that are read anew for each page, in the time that it takes to see them
NO_SETTINGS: Values = MappingProxyType({})


def open_data(
    path: str,
    settings: Values | None = None,
    chosen: tuple[ColumnChoice, ...] = (),
    *,
    memory: int = 0,
) -> DatasetSpec:
    """What stands at a path or URL: kind, settings and columns as found, hash, Problems.

    A table that may fill more than `memory` MB (0: 40 % of what is free) is looked at block
    by block: its counts are exact, its histograms those of a sample.
    """
    found = recognised(path, settings or NO_SETTINGS)
    reader = ORIGINS[found.source]
    with ThreadPoolExecutor(1, "mark") as pool:  # hashing leaves the other threads their time
        marking = pool.submit(copy_context().run, reader.mark, found.path, found.settings)
        surveyed = None
        if found.source == "table" and not may_fit(Path(found.path), memory):
            surveyed = survey(Path(found.path), found.settings, memory)
            material = Material(surveyed.sample, root=Path(found.path).parent)
        else:
            material = reader.read(found.path, found.settings, None)
        size, digest = marking.result()
    place = safe_url(found.path) if found.source == "sql" else found.path
    return spec_of(material, Origin(found.source, place, size, digest), chosen, surveyed)


def open_sample(key: str) -> DatasetSpec:
    """Built-in data by its key, one of SAMPLES."""
    material = ORIGINS["sample"].read(known_sample(key), NO_SETTINGS, None)
    return aimed(spec_of(material, Origin("sample", key)), SAMPLES[key])


def load(spec: DatasetSpec, *, memory: int = 0) -> Arrays:
    """All of it with parts; rows without a target are left out.

    `memory` is how many MB pictures, sounds, clips or a large table may fill before they
    are read as they are needed; 0 is 40 % of what is free.
    """
    if not fits(spec, memory):
        return arrays_of_blocks(spec, memory)
    kinds = as_written(spec, kinds_needed(spec))
    return arrays_of(material_of(spec, kinds), spec, memory=room(memory))


def load_rows(
    spec: DatasetSpec, path: str, *, needs_target: bool = False, fitted: Fitted | None = None
) -> Arrays:
    """Another file's rows as the test part, columns found by name.

    Without `needs_target` no row is left out and targets are unknown (-1, NaN, no text).
    Identifiers are numbered as in `fitted`.
    """
    material = material_to_judge(spec, path, needs_target=needs_target)
    return arrays_to_judge(material, spec, needs_target=needs_target, fitted=fitted)


def preview(spec: DatasetSpec, rows: int, start: int = 0) -> Preview:
    """Some rows, pictures, sounds or clips as plain values."""
    rows, start = max(rows, 0), max(start, 0)
    origin_of(spec)
    is_file = spec.source in STREAMED and not (spec.joined or shown_media(spec))
    if is_file and (start + rows <= NEAR or _is_far_away(spec, start)):
        return preview_of_head(spec, rows, start)
    return preview_of_material(remembered(spec), spec, rows, start)


def _is_far_away(spec: DatasetSpec, start: int) -> bool:
    """True where a row is best read from the file: it is in reach, or the file too large."""
    path = Path(spec.path)
    return not may_fit(path) or in_reach(path, spec.settings, start)


def check_data(spec: DatasetSpec) -> tuple[Problem, ...]:
    """Is the data still there, and still the same as when it was opened? What is joined, too."""
    if spec.is_empty:
        return ()
    first = Joined(spec.source, spec.path, spec.settings, size=spec.size, sha256=spec.sha256)
    found = (_changed(part) for part in (first, *spec.joined))
    return tuple(problem for problem in found if problem is not None)


def _changed(part: Joined) -> Problem | None:
    try:
        size, digest = origin_of(part).mark(part.path, part.settings)
    except StudioError as error:
        return error.problem
    if not part.sha256 or (size, digest) == (part.size, part.sha256):
        return None
    return Problem(
        tr(
            "{path} has changed since it was opened. What is shown may not fit any more.",
            path=part.path,
        ),
        tr("Open the data again."),
        Severity.WARNING,
        Place("file", part.path),
        "changed",
    )


def clip_at(spec: DatasetSpec, position: int) -> SoundClip:
    """One whole sound, to be heard; `position` counts the rows of the data from 0."""
    return clip_of_material(remembered(spec), spec, position)


def series_of(spec: DatasetSpec) -> SeriesSpec | None:
    """How the rows of a table would be read as a time series; None where nothing suits."""
    from studio.data.series_suggestion import suggested_series

    columns = spec.summary.columns if spec.summary else ()
    return suggested_series(material_of(spec).frame, columns)
