"""What suits data that were just opened: lengths of texts and sounds, windows, the split."""

from dataclasses import replace

from studio.core.design.dataset import ColumnSummary, DatasetSpec
from studio.core.design.shaping import SoundSpec
from studio.data.inputs import texts_of
from studio.data.material import Material

PARTS = frozenset({"train", "training", "valid", "validation", "val", "dev", "test", "testing"})
PART_WORDS = frozenset({"part", "split", "set", "subset", "fold", "partition", "usage"})
_USUAL_SOUND = SoundSpec()
_REPEATED = 0.02  # of the rows: then rows with the same text belong into one part


def with_suggestions(spec: DatasetSpec, material: Material, *, is_first: bool) -> DatasetSpec:
    """The data with what suits them; windows of a series only where nobody has chosen yet."""
    if is_first:
        spec = _as_series(spec, material)
    spec = _with_texts(spec, material)
    spec = _with_sounds(spec, material)
    return _dealt_as_told(spec, material)


def _as_series(spec: DatasetSpec, material: Material) -> DatasetSpec:
    if not any(c.kind in ("date", "identifier") or c.role == "ignore" for c in spec.columns):
        return spec
    if spec.summary is None or spec.summary.kind != "table":
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
    return replace(spec, series=series)


def _with_texts(spec: DatasetSpec, material: Material) -> DatasetSpec:
    names = [c.name for c in spec.columns if c.kind == "text" and c.role != "ignore"]
    if not names:
        return spec
    from studio.data.text_facts import suggested_text

    texts = [text for name in names for text in texts_of(material.frame[name])]
    return replace(spec, text=suggested_text(texts))


def _with_sounds(spec: DatasetSpec, material: Material) -> DatasetSpec:
    columns = spec.summary.columns if spec.summary else ()
    sound = next((c for c in columns if c.kind == "sound" and c.high is not None), None)
    if sound is None:
        return spec
    rate = material.rates.get(sound.name) or int(material.table.settings.get("rate", 0))
    return replace(spec, sound=_suited(sound, rate or _USUAL_SOUND.rate))


def _suited(sound: ColumnSummary, rate: int) -> SoundSpec:
    """So long that most sounds are whole: the mean and two deviations, in tenths of a second."""
    assert sound.high is not None
    usual = (sound.mean or 0.0) + 2 * (sound.deviation or 0.0)
    seconds = min(sound.high, max(usual, 0.1))
    return SoundSpec(rate, max(0.1, round(seconds + 0.05, 1)))


def _dealt_as_told(spec: DatasetSpec, material: Material) -> DatasetSpec:
    """By a column that names the parts; pairs whose first texts repeat, by these."""
    if spec.series is not None:
        return replace(spec, split=replace(spec.split, method="time", column=spec.series.time))
    if material.split is not None:
        return replace(spec, split=material.split)
    if material.own_test:
        return spec
    for column in spec.summary.columns if spec.summary else ():
        if _names_parts(column) and column.role == "ignore":
            return replace(spec, split=replace(spec.split, method="column", column=column.name))
    if spec.task() == "sequences":
        first = spec.found(spec.inputs()[0].name) if spec.inputs() else None
        rows = len(material)
        if first is not None and first.distinct < (1 - _REPEATED) * rows:
            split = replace(spec.split, method="group", column=first.name)
            return replace(spec, split=split)
    return spec


def _names_parts(column: ColumnSummary) -> bool:
    values = {name.lower() for name in column.categories}
    return 2 <= len(values) <= 3 and values <= PARTS and bool(values & {"test", "testing"})
