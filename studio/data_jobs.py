"""What a person may wait for about data: opening, looking, profiling, repairing."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from studio.core.design.backbone_check import backbone_problems, tokenizer_problems
from studio.core.design.dataset import ColumnChoice, DatasetSpec
from studio.core.design.previews import (
    Preview,
    SeriesPreview,
    SoundClip,
    TablePreview,
    TextPreview,
    Varied,
)
from studio.core.design.project import Project
from studio.core.design.shaping import SeriesSpec
from studio.core.design.storage import PLACELESS, SUFFIX, read_project
from studio.core.params import Values
from studio.core.problems import Place, Problem, StudioError, refuse
from studio.core.words import tr

if TYPE_CHECKING:
    from studio.core.design.profile import BeforeAfter, ColumnProfile, DatasetProfile
    from studio.data.arrays import Arrays, Fitted
    from studio.data.samples import Sample

_LOOK_ROWS, _LEAST_ROWS, _LOOK_CELLS = 200, 20, 100_000
READINGS = ("table", "series")  # what the rows of a table may be read as


def get_ready() -> None:
    """Loads what opening data needs, so that the first data open sooner."""
    import_module("studio.data.sources")


def open_data(
    path: str, settings: Values | None = None, chosen: tuple[ColumnChoice, ...] = ()
) -> DatasetSpec:
    """What the program reads in a file or folder, with kinds, roles and a summary."""
    from studio.data import sources

    return sources.open_data(path, settings, chosen)


def open_sample(key: str) -> DatasetSpec:
    """A data set that needs no file."""
    from studio.data import sources

    return sources.open_sample(key)


def open_sql(url: str, query: str = "") -> DatasetSpec:
    """The rows that a database gives; a password in the address is used and forgotten."""
    from studio.data import sources

    return sources.open_data(url, {"query": query} if query else None)


def samples() -> "tuple[Sample, ...]":
    """The data sets that need no file, with words for them."""
    from studio.data.samples import SAMPLES

    return tuple(SAMPLES.values())


def tables_in(path: str) -> tuple[str, ...]:
    """The sheets or tables that a file holds; empty where it holds just one."""
    from studio.data.tables import tables_in as found

    return found(Path(path))


def opening(path: str, settings: Values | None = None) -> Iterator[TablePreview | DatasetSpec]:
    """The first rows of a table at once, then what `open_data` gives; of other data only that.

    It may be left at any time. How far it is, and the columns that are known already, are
    told meanwhile (core.patience).
    """
    try:
        look = first_look(path, settings)
    except StudioError:  # reading all of it says what is wrong, or finds that nothing is
        look = TablePreview()
    if look.columns:
        yield look
    found = open_data(path, settings)
    found.features()  # remembered: the window need not wait for them in its own thread
    yield found


def first_look(path: str, settings: Values | None = None) -> TablePreview:
    """The first rows of a table, before all of it is read; nothing of other data."""
    from studio.data.preview import preview_of_frame
    from studio.data.recognition import recognised
    from studio.data.tables import first_rows

    found = recognised(path, settings or {})
    if found.source != "table":
        return TablePreview()
    frame = first_rows(Path(found.path), found.settings, _LOOK_ROWS).frame
    return preview_of_frame(frame, max(_LEAST_ROWS, _LOOK_CELLS // max(1, frame.shape[1])), 0)


def preview(spec: DatasetSpec, rows: int = 100, start: int = 0) -> Preview:
    """Some rows, images, sounds or clips from `start` (from 0) on, as plain values."""
    from studio.data import sources

    return sources.preview(spec, rows, start)


def profile(spec: DatasetSpec) -> "Iterator[ColumnProfile]":
    """What each column holds, one after the other; between two of them it may be left."""
    from studio.data.profile import profile as found

    return found(spec)


def profile_of_rows(spec: DatasetSpec) -> "DatasetProfile":
    """How many rows are copies of others, and how many rows each class has."""
    from studio.data.profile import profile_of_rows as found

    return found(spec)


def text_preview(spec: DatasetSpec, rows: int = 50, start: int = 0) -> TextPreview:
    """Some texts and the tokens that they become."""
    from studio.data.text_preview import text_preview as found

    return found(spec, rows, start)


def series_preview(spec: DatasetSpec, group: str = "", points: int = 2000) -> SeriesPreview:
    """A series over time, thinned for a screen."""
    from studio.data.series_preview import series_preview as found

    return found(spec, group, points)


def clip_at(spec: DatasetSpec, position: int) -> SoundClip:
    """One whole sound, to be heard; `position` counts the rows of the data from 0."""
    from studio.data.sources import clip_at as found

    return found(spec, position)


def before_after(spec: DatasetSpec, step: int) -> "BeforeAfter":
    """What the step of that number changes."""
    from studio.data.before_after import before_after as found

    return found(spec, step)


def variants(spec: DatasetSpec, name: str = "", position: int = 0, count: int = 10) -> Varied:
    """A sample of the training part as it is, then `count` times as augmentation varies it.

    `name` is the input of the model to look at (the first that is varied where unsaid).
    """
    from studio.data.shown import preview_of_values
    from studio.engine.augmentation import varied

    arrays, fitted = fitted_data(spec)
    place = _varied_input(spec, arrays, name)
    source = arrays.model_inputs[place]
    training = arrays.parts["training"]
    raw = arrays.inputs[place].take(training[position : position + 1])
    made = varied(spec, fitted, raw[0], source.name, count, seed=0)
    return preview_of_values(spec, source, raw, made)


def _varied_input(spec: DatasetSpec, arrays: "Arrays", name: str) -> int:
    """The place of the input that is looked at."""
    names = [one.name for one in arrays.model_inputs]
    wanted = [name] if name else [n for step in spec.augmentation for n in step.columns]
    return next((names.index(one) for one in wanted if one in names), 0)


def join_data(spec: DatasetSpec, path: str, key: str = "", other_key: str = "") -> DatasetSpec:
    """The data with the columns of other data beside them, matched by key or row by row."""
    from studio.data.join import join

    return join(spec, path, key, other_key)


def read_as(spec: DatasetSpec, kind: str) -> DatasetSpec:
    """The rows of a table as plain rows ("table") or as a time series ("series")."""
    if kind not in READINGS or spec.summary is None or spec.summary.kind != "table":
        raise refuse(
            tr("These data cannot be read as {kind}.", kind=kind),
            tr("Tables can be read as one of: {kinds}.", kinds=", ".join(READINGS)),
            place=Place("data"),
            code="cannot-read-as",
        )
    if kind == "table":
        return replace(spec, series=None)
    from studio.data.sources import series_of

    return replace(spec, series=spec.series or series_of(spec) or SeriesSpec())


def check_files(project: Project) -> tuple[Problem, ...]:
    """What is wrong with the files of a project."""
    from studio.data import sources

    networks = (*backbone_problems(project.graph), *tokenizer_problems(project.dataset))
    return (
        networks if project.dataset.is_empty else (*sources.check_data(project.dataset), *networks)
    )


def read_backbone(path: str) -> str:
    """What is known of the pretrained network in a folder, as its layer keeps it."""
    from studio.engine.backbone_folder import read_backbone as found

    network = found(path)
    if network.kind == "text":
        from studio.data.backbone_tokens import require_tokens

        require_tokens(network)
    return network.as_text()


def samples_at(spec: DatasetSpec, positions: Sequence[int]) -> Preview:
    """The rows, pictures or sounds at some positions of the loaded data."""
    from studio.data.behind import samples_at as found

    return found(spec, loaded(spec), positions)


_last_loaded: "list[tuple[DatasetSpec, Arrays]]" = []
_loading = Lock()  # two that want the same data at once read the file once


def loaded(spec: DatasetSpec, memory: int = 0) -> "Arrays":
    """The data; the last ones stay, since a person looks at the same ones again.

    `memory` is how many MB may be held (0: a share of what is free).
    """
    from studio.data import sources

    spec = replace(spec, augmentation=())  # another variation of the same samples
    with _loading:
        for known, arrays in _last_loaded:
            if known == spec:
                return arrays
        arrays = sources.load(spec, memory=memory)
        _last_loaded[:] = [(spec, arrays)]
        return arrays


def fitted_data(spec: DatasetSpec) -> "tuple[Arrays, Fitted]":
    """The data ready for a model, and what their training part teaches about preparing them."""
    from studio.data import prepare

    arrays = loaded(spec)
    fitted = prepare.fit(spec, arrays)
    return prepare.ready(arrays, fitted), fitted


def where_it_is_now(dataset: DatasetSpec, runs_folder: Path) -> DatasetSpec:
    """The run's data where they lie today: project and data may have moved together."""
    project = runs_folder.with_suffix(SUFFIX)
    if dataset.source in PLACELESS or Path(dataset.path).exists() or not project.exists():
        return dataset
    today = read_project(project).dataset
    is_same = today.source == dataset.source and today.sha256 == dataset.sha256
    return replace(dataset, path=today.path, joined=today.joined) if is_same else dataset


def aimed_at(dataset: DatasetSpec, targets: Sequence[str]) -> DatasetSpec:
    """The data with other targets; StudioError for a column that they do not have."""
    _refuse_unknown(dataset, targets)
    for column in dataset.targets():
        if column.role == "target":
            dataset = dataset.with_column(column.name, role="input")
    for target in targets:
        dataset = dataset.with_column(target, role="target")
    return dataset


def rebuilding(dataset: DatasetSpec, names: Sequence[str]) -> DatasetSpec:
    """The data with these columns as input and target, and no others to tell.

    StudioError for a column that they do not have.
    """
    _refuse_unknown(dataset, names)
    for column in dataset.targets():
        dataset = dataset.with_column(column.name, role="ignore")
    for name in names:
        dataset = dataset.with_column(name, role="both")
    return dataset


def _refuse_unknown(dataset: DatasetSpec, names: Sequence[str]) -> None:
    known = [column.name for column in dataset.columns]
    for name in names:
        if name not in known:
            raise refuse(
                tr("The data have no column called {target}.", target=name),
                tr("Choose one of: {names}.", names=", ".join(known[:50])),
                place=Place("column", name),
                code="unknown-column",
            )
