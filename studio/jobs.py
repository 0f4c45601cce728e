"""What a person may wait for, as plain functions that import late: the one door to the engine."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from studio.code_jobs import network_code as network_code
from studio.code_jobs import read_code as read_code
from studio.code_jobs import run_code as run_code
from studio.core.design.dataset import DatasetSpec
from studio.core.design.project import Project
from studio.core.design.report import Report, examine
from studio.core.design.storage import read_project, write_project
from studio.core.design.templates import TEMPLATES, project_from_template, template_for
from studio.core.params import Values
from studio.core.problems import Problem, StudioError, refuse
from studio.core.run.archive import RESUME, Archive
from studio.core.run.chosen import best_run as best_run
from studio.core.run.chosen import chosen_run
from studio.core.run.chosen import run_to_resume as run_to_resume
from studio.core.run.control import RunControl
from studio.core.run.events import Note, RunEnded, RunEvent
from studio.core.run.failure import failure_of
from studio.core.run.rehearsal import Rehearsal
from studio.core.run.results import DeviceInfo, Evaluation, ExportResult, RunRecord
from studio.core.run.told import Told, goes_on
from studio.core.words import tr
from studio.data_jobs import READINGS as READINGS
from studio.data_jobs import aimed_at as aimed_at
from studio.data_jobs import before_after as before_after
from studio.data_jobs import check_files as check_files
from studio.data_jobs import clip_at as clip_at
from studio.data_jobs import first_look as first_look
from studio.data_jobs import get_ready as get_ready
from studio.data_jobs import join_data as join_data
from studio.data_jobs import (
    loaded,
    where_it_is_now,
)
from studio.data_jobs import open_data as open_data
from studio.data_jobs import open_sample as open_sample
from studio.data_jobs import open_sql as open_sql
from studio.data_jobs import opening as opening
from studio.data_jobs import preview as preview
from studio.data_jobs import profile as profile
from studio.data_jobs import profile_of_rows as profile_of_rows
from studio.data_jobs import read_as as read_as
from studio.data_jobs import read_backbone as read_backbone
from studio.data_jobs import rebuilding as rebuilding
from studio.data_jobs import samples as samples
from studio.data_jobs import samples_at as samples_at
from studio.data_jobs import series_preview as series_preview
from studio.data_jobs import tables_in as tables_in
from studio.data_jobs import text_preview as text_preview
from studio.data_jobs import variants as variants

if TYPE_CHECKING:
    from studio.core.run.run_log import RunLog

RUNS_SUFFIX = ".runs"


def new_project(
    template: str | None = None,
    dataset: DatasetSpec | None = None,
    *,
    data: str | None = None,
    targets: Sequence[str] | None = None,
) -> Project:
    """A project ready to train, of a dataset, of the data at a path, or of the template's sample.

    Without a template the one that fits the data is taken; without data, `classify-rows`.
    """
    if template is not None and template not in TEMPLATES:
        raise refuse(
            tr("There is no template called {key}.", key=template),
            tr("Choose one of: {keys}.", keys=", ".join(TEMPLATES)),
            code="unknown-template",
        )
    if dataset is None and data is not None:
        dataset = open_data(data)
    if dataset is None:
        dataset = open_sample(TEMPLATES[template or next(iter(TEMPLATES))].sample)
    if targets:
        dataset = aimed_at(dataset, targets)
    return project_from_template(template or template_for(dataset), dataset)


def open_project(path: Path) -> Project:
    """The project in a file."""
    return read_project(path)


def save_project(project: Project, path: Path) -> None:
    """Writes a project, whole or not at all."""
    write_project(project, path)


def check(project: Project) -> Report:
    """The report of a project, with what is wrong with its files as well."""
    report = examine(project)
    found = check_files(project)
    return replace(report, problems=(*found, *report.problems)) if found else report


def runs_folder_of(path: Path) -> Path:
    """Where the runs of a project file live."""
    return path.with_suffix(RUNS_SUFFIX)


def with_overrides(
    project: Project,
    *,
    device: str | None = None,
    epochs: int | None = None,
    seed: int | None = None,
) -> Project:
    """The project with the settings that were named; None leaves one as it is."""
    given = {"device": device, "epochs": epochs, "seed": seed}
    named = {key: value for key, value in given.items() if value is not None}
    return replace(project, training=replace(project.training, **named))  # type: ignore[arg-type]


def train(
    project: Project, folder: Path, control: RunControl, resume: str | None = None
) -> Iterator[RunEvent]:
    """One run, as news. Never raises: whatever happens, exactly one RunEnded comes last.

    `folder` is the project's runs folder; `resume` the run to go on with. Each event is in
    the archive before it is handed on.
    """
    archive = Archive(folder)
    try:
        if resume is not None:
            project = replace(project, dataset=where_it_is_now(project.dataset, folder))
        log = archive.resume(resume) if resume else archive.begin(project)
    except StudioError as error:
        yield RunEnded("failed", problem=error.problem)
        return
    try:
        yield from _logged(project, control, log, is_resumed=resume is not None)
    finally:
        log.close()


def rehearse(project: Project) -> Rehearsal:
    """What a run would take, measured on a few real batches; StudioError where it cannot begin."""
    from studio.data import prepare
    from studio.engine import preflight

    obstacle = examine(project).obstacle
    if obstacle is not None:
        raise StudioError(obstacle)
    arrays = loaded(project.dataset, project.training.memory)
    fitted = prepare.fit(project.dataset, arrays)
    return preflight.rehearse(project, prepare.ready(arrays, fitted), fitted)


def seconds_a_sample(project: Project) -> float:
    """How long the network takes to answer one sample here, by really asking it."""
    from studio.engine import latency

    return latency.seconds_a_sample(project)


def runs(folder: Path) -> tuple[RunRecord, ...]:
    """Past runs, newest last."""
    return Archive(folder).records()


def run_events(folder: Path, run: str) -> tuple[RunEvent, ...]:
    """What happened in a run; played again it shows the run."""
    return Archive(folder).events(run)


def devices() -> tuple[DeviceInfo, ...]:
    """What can compute here, and why the others cannot. Imports torch."""
    from studio.engine.devices import devices as found

    return found()


def evaluate(
    folder: Path, run: str | None = None, part: str = "test", data: str | None = None
) -> Evaluation:
    """How good a run (the best, where none is named) is on a part, or on all of other data."""
    from studio.data import prepare, sources
    from studio.data.row_times import row_times
    from studio.engine import evaluate as engine
    from studio.engine.checkpoints import read_fitted

    record = chosen_run(folder, run)
    dataset = where_it_is_now(record.project.dataset, folder)
    fitted = read_fitted(folder / record.run)
    if data is None:
        arrays = loaded(dataset, record.project.training.memory)
    else:
        arrays = sources.load_rows(dataset, data, needs_target=True, fitted=fitted)
        part = "test"
    arrays = prepare.ready(arrays, fitted)
    found = engine.evaluate(record.project, arrays, folder / record.run, record.run, part)
    tokenizers = {one.name: one.tokenizer for one in fitted.outputs}
    others = tuple(_in_words(one, tokenizers.get(one.output, "")) for one in found.others)
    is_scored = not goes_on(record.project)  # what follows a beginning may be right in many ways
    found = replace(_in_words(found, fitted.tokenizer, is_scored=is_scored), others=others)
    # Rows that came or went since the run may stand in another part today: that must be said.
    problems = sources.check_data(dataset) if data is None else arrays.problems
    moments = row_times(dataset, found.rows) if data is None else ()
    others = tuple(replace(one, moments=moments) for one in found.others)
    return replace(found, problems=problems, moments=moments, others=others)


def predict(
    folder: Path, data: str, output: Path, run: str | None = None
) -> tuple[int, tuple[Problem, ...]]:
    """Writes one answer for each row of `data` into a CSV file.

    Gives how many, and what was odd about the rows.
    """
    from studio.data import prepare, sources
    from studio.data.answers import write_answers
    from studio.data.filled import filled_problems
    from studio.engine.checkpoints import read_fitted
    from studio.engine.predict import Predictor

    record = chosen_run(folder, run)
    fitted = read_fitted(folder / record.run)
    rows = sources.load_rows(record.project.dataset, data, needs_target=False, fitted=fitted)
    arrays = prepare.ready(rows, fitted)
    predictor = Predictor(record.project, fitted, folder / record.run)
    answers = predictor.brief_answers(arrays.inputs)
    write_answers(output, answers, rows, predictor.fitted)
    return len(answers[0]), (*arrays.problems, *filled_problems(rows, fitted))


def tell(
    folder: Path, run: str | None = None, *, row: int = 0, texts: Mapping[str, str] | None = None
) -> Told:
    """What a run (the best, where none is named) says to a row of its data, and what it looked at.

    With `texts` to those instead, by the names of the inputs they were typed for.
    """
    from studio.data import single, text
    from studio.engine import telling
    from studio.engine.checkpoints import read_fitted

    record = chosen_run(folder, run)
    fitted = read_fitted(folder / record.run)
    if texts is None:
        dataset = where_it_is_now(record.project.dataset, folder)
        given = single.row_at(loaded(dataset, record.project.training.memory), fitted, row)
    else:
        given = single.typed_row(fitted, texts)
    told = telling.tell(record.project, fitted, folder / record.run, given, single.token_words)
    return replace(told, text=text.decoded(fitted.tokenizer, told.tokens)) if told.tokens else told


def is_bundle(path: Path) -> bool:
    """Whether a path is a folder that `export` wrote as a bundle."""
    return all((path / name).is_file() for name in ("card.json", "manifest.json"))


def predict_with_bundle(bundle: Path, data: Path, output: Path) -> int:
    """Answers rows with an exported bundle, without its project; gives how many."""
    from studio.export.bundle import answer_with_bundle

    return answer_with_bundle(bundle, data, output)


def export(
    folder: Path,
    run: str | None,
    format: str,
    path: Path,  # noqa: A002 - the contract's word
    settings: Values | None = None,
) -> ExportResult:
    """Writes a run (the best, where none is named) as a model that needs no Studio, proven.

    `settings` are params of the format, by key; none given are as they are by default.
    StudioError where the file could not be made, or where the fresh process did not agree.
    """
    from studio.data import prepare
    from studio.engine.checkpoints import read_fitted
    from studio.export.formats import export_run

    record = chosen_run(folder, run)
    arrays = prepare.ready(
        loaded(where_it_is_now(record.project.dataset, folder), record.project.training.memory),
        read_fitted(folder / record.run),
    )
    result = export_run(record, folder / record.run, arrays, path, format, settings=settings)
    if result.problem is not None:
        raise StudioError(result.problem)
    return result


def doctor() -> dict[str, object]:
    """Versions, devices and what is missing on this machine."""
    from studio import doctor as examination

    return examination.facts(devices())


def _in_words(found: Evaluation, tokenizer: str, *, is_scored: bool = True) -> Evaluation:
    """The same with what its tokens say, where texts were asked for."""
    if not found.answer_tokens:
        return found
    from studio.data.text import decoded
    from studio.engine.text_scores import text_scores

    truths = tuple(decoded(tokenizer, tokens) for tokens in found.true_tokens)
    answers = tuple(decoded(tokenizer, tokens) for tokens in found.answer_tokens)
    figures = {**found.figures, **(text_scores(answers, truths) if is_scored else {})}
    return replace(found, figures=figures, true_texts=truths, answer_texts=answers)


def _logged(
    project: Project, control: RunControl, log: "RunLog", *, is_resumed: bool
) -> Iterator[RunEvent]:
    ended: RunEnded | None = None
    try:
        for event in _run(project, control, log, is_resumed=is_resumed):
            ended = event if isinstance(event, RunEnded) else None
            log.append(event)
            if ended is None:
                yield event
        assert ended is not None, "the trainer ends with RunEnded"
    except GeneratorExit:  # nobody listens any more; the run is kept as stopped
        log.append(RunEnded("stopped"))
        raise
    except StudioError as error:
        ended = _failed(log, error.problem)
    except Exception as error:
        ended = _failed(log, failure_of(error))
    yield ended


def _run(
    project: Project, control: RunControl, log: "RunLog", *, is_resumed: bool
) -> Iterator[RunEvent]:
    from studio.data import prepare, sources
    from studio.engine import trainer
    from studio.engine.checkpoints import read_fitted

    obstacle = examine(project).obstacle
    if obstacle is not None:
        raise StudioError(obstacle)
    changed = sources.check_data(project.dataset)
    arrays = sources.load(project.dataset, memory=project.training.memory)
    has_begun = is_resumed and (log.folder / RESUME).exists()
    # The weights were learnt with what was fitted then: neither other rows nor less memory,
    # of which rows are only sampled, may change it.
    fitted = read_fitted(log.folder) if has_begun else prepare.fit(project.dataset, arrays)
    arrays = prepare.ready(arrays, fitted)
    events = trainer.train(
        project,
        arrays,
        control,
        fitted=fitted,
        run=log.run,
        folder=log.folder,
        resume=log.folder if has_begun else None,
    )
    for number, event in enumerate(events):
        yield event
        if number == 0:
            yield from (Note(str(problem)) for problem in (*changed, *arrays.problems))
            if is_resumed and not has_begun:
                yield Note(tr("Nothing of the run was kept yet: it starts from its beginning."))


def _failed(log: "RunLog", problem: Problem) -> RunEnded:
    ended = RunEnded("failed", problem=problem)
    try:
        log.append(ended)
    except StudioError:  # a full disk: the person hears of it all the same
        return ended
    return ended
