"""What suits data that were just opened: lengths of texts and sounds, windows, the split."""

from collections.abc import Sequence
from dataclasses import replace

from studio.core.design.dataset import DatasetSpec
from studio.core.design.shaping import SoundSpec
from studio.data.group_column import group_among, with_group_notes, without_owners
from studio.data.inputs import texts_of
from studio.data.material import Material
from studio.data.roles import names_parts
from studio.data.time_leak import CODE as TIME_LEAK

_LOOKED_AT = 20_000
_REPEATED = 0.02  # of the rows: then rows with the same text belong into one part


def with_suggestions(spec: DatasetSpec, material: Material, *, is_first: bool) -> DatasetSpec:
    """The data with what suits them; windows of a series only where nobody has chosen yet."""
    if is_first:
        spec = without_owners(_as_series(spec, material))
    spec = _with_texts(spec, material)
    spec = _with_sounds(spec, material)
    return with_group_notes(_dealt_as_told(spec, material))


def _as_series(spec: DatasetSpec, material: Material) -> DatasetSpec:
    """As windows of a series where its target is a number; a class is told of rows as they are."""
    if spec.summary is None or spec.summary.kind != "table" or spec.task() == "classes":
        return spec
    from studio.data.series_suggestion import suggested_series

    series = suggested_series(material.frame, spec.summary.columns)
    if series is None:
        return spec
    numbers = [c.name for c in spec.columns if c.kind == "number" and c.role != "ignore"]
    if not numbers:
        return spec
    target = next((c.name for c in spec.targets() if c.kind == "number"), numbers[-1])
    for name in numbers:
        spec = spec.with_column(name, role="target" if name == target else "input")
    for name in {series.time, series.group} - {""}:
        spec = spec.with_column(name, role="ignore")
    return without_notes(replace(spec, series=series), (series.time, series.group))


def without_notes(spec: DatasetSpec, names: Sequence[str]) -> DatasetSpec:
    """Without what is settled by reading rows in order: columns not used, and time in the split."""
    if spec.summary is None:
        return spec
    problems = tuple(
        p
        for p in spec.summary.problems
        if p.code != TIME_LEAK and (p.code != "unused-kind" or p.place.key not in names)
    )
    return replace(spec, summary=replace(spec.summary, problems=problems))


def _with_texts(spec: DatasetSpec, material: Material) -> DatasetSpec:
    names = [c.name for c in spec.columns if c.kind == "text" and c.role != "ignore"]
    if not names:
        return spec
    from studio.data.text_facts import suggested_text

    # Files are often sorted by length, so texts are taken from everywhere.
    step = max(1, len(names) * len(material) // _LOOKED_AT)
    texts = [text for name in names for text in texts_of(material.frame[name].iloc[::step])]
    return replace(spec, text=suggested_text(texts))


def _with_sounds(spec: DatasetSpec, material: Material) -> DatasetSpec:
    name = next((c.name for c in spec.columns if c.kind == "sound" and c.role != "ignore"), "")
    if not name:
        return spec
    if name in material.blocks:
        seconds = material.blocks[name].shape[1] / material.rates[name]
        return replace(spec, sound=SoundSpec(material.rates[name], seconds))
    from studio.data.sound_facts import suggested_sound

    return replace(spec, sound=suggested_sound(material.references(name)))


def _dealt_as_told(spec: DatasetSpec, material: Material) -> DatasetSpec:
    """By a column that names the parts, by groups; pairs whose first texts repeat, by these."""
    if spec.series is not None:
        return replace(spec, split=replace(spec.split, method="time", column=spec.series.time))
    together = group_among(spec)
    if material.split is not None:
        return replace(spec, split=replace(material.split, together=together))
    if material.own_test:
        return replace(spec, split=replace(spec.split, together=together))
    for column in spec.summary.columns if spec.summary else ():
        if names_parts(column) and column.role == "ignore":
            named = replace(spec.split, method="column", column=column.name, together=together)
            return replace(spec, split=named)
    if together:
        return replace(spec, split=replace(spec.split, method="group", column=together))
    if spec.task() == "sequences":
        first = spec.found(spec.inputs()[0].name) if spec.inputs() else None
        rows = len(material)
        if first is not None and first.distinct < (1 - _REPEATED) * rows:
            split = replace(spec.split, method="group", column=first.name)
            return replace(spec, split=split)
    return spec
