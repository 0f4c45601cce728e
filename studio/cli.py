"""The command line: every job without a window, in the words and exit codes of the contract."""

import argparse
import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType

from studio import code_commands, jobs, machine, progress, terminal, terminal_data
from studio.arguments import parser_of
from studio.core.catalogue import LAYERS
from studio.core.catalogue.formats import BATCH, OPSET
from studio.core.design.dataset import DatasetSpec
from studio.core.design.memory_check import MACHINE
from studio.core.design.project import Project
from studio.core.design.report import examine
from studio.core.design.settings_check import settings_problems
from studio.core.design.storage import SUFFIX
from studio.core.design.templates import TEMPLATES
from studio.core.problems import Problem, StudioError, refuse
from studio.core.run.control import RunControl
from studio.core.run.events import RunEnded
from studio.core.run.folds import fold_projects, mean_and_deviation
from studio.core.words import tr

DONE, NOT_DONE, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Does what the words ask for; gives the exit status."""
    options = parser_of(_COMMANDS, jobs.READINGS).parse_args(argv)
    MACHINE.memory = machine.memory()
    terminal.write_what_can_be_written()
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        return command(options)
    except StudioError as error:
        terminal.show_problem(error.problem)
        return NOT_DONE
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the reader went away, as `| head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NOT_DONE


def _look(options: argparse.Namespace) -> int:
    spec = _opened(options)
    table = jobs.preview(spec, options.rows)
    if options.json:
        terminal.write_json(terminal_data.looked(spec, table))
    else:
        terminal_data.show_data(spec, table)
    return DONE


def _opened(options: argparse.Namespace) -> DatasetSpec:
    """The data at the path or address that was named, read as was asked."""
    settings = dict(options.set or ())
    if options.query:
        settings["query"] = options.query
    spec = jobs.open_data(options.data, settings or None)
    for problem in settings_problems(spec, dict(options.set or ())):
        raise StudioError(problem)
    return jobs.read_as(spec, options.read_as) if options.read_as else spec


def _new(options: argparse.Namespace) -> int:
    target = Path(options.output)
    if target.suffix != SUFFIX:
        raise refuse(
            tr("{path} does not end in {suffix}.", path=target, suffix=SUFFIX),
            tr("Name the project file NAME{suffix}.", suffix=SUFFIX),
            code="bad-name",
        )
    if target.exists() and not options.force:
        raise refuse(
            tr("{path} is there already.", path=target),
            tr("Choose another name, or add --force to replace it."),
            code="exists",
        )
    dataset = _opened(options) if options.data else None
    if dataset is not None and options.rebuild:
        dataset = jobs.rebuilding(dataset, options.rebuild)
    project = jobs.new_project(options.template, dataset, targets=options.target)
    jobs.save_project(project, target)
    report = examine(project)
    for problem in report.problems:
        terminal.show_problem(problem)
    if not report.can_train:
        terminal.say(tr("{path} is written, but it cannot be trained yet.", path=target))
        return NOT_DONE
    terminal.say(
        tr(
            "{path} is ready: {nodes} {nodes|node|nodes}, {parameters} "
            "{parameters|parameter|parameters}.",
            path=target,
            nodes=len(project.graph),
            parameters=f"{report.parameters:,}",
        )
    )
    return DONE


def _templates(options: argparse.Namespace) -> int:
    for template in TEMPLATES.values():
        if options.json:
            terminal.write_json(
                {
                    "key": template.key,
                    "title": template.title,
                    "question": template.question,
                    "help": template.help,
                    "kind": template.kind,
                    "task": template.task,
                    "sample": template.sample,
                    "family": template.family,
                }
            )
        else:
            terminal.say(f"{template.key:20} {tr(template.title)}. {tr(template.help)}")
    return DONE


def _layers(options: argparse.Namespace) -> int:
    for entry in LAYERS.values():
        if options.json:
            terminal.write_json(
                {
                    "key": entry.key,
                    "title": entry.title,
                    "family": entry.family,
                    "torch": entry.torch,
                    "inputs": {"least": entry.arity[0], "most": entry.arity[1]},
                    "ports": list(entry.ports),
                    "help": entry.help,
                    "params": [param.as_json() for param in entry.params],
                }
            )
        else:
            terminal.say(f"{entry.key:22} {tr(entry.title)}. {tr(entry.help)}")
    return DONE


def _check(options: argparse.Namespace) -> int:
    project = jobs.open_project(Path(options.project))
    report = jobs.check(project)
    if options.json:
        terminal.write_json(terminal.checked(project, report))
    else:
        terminal.show_report(project, report)
    return DONE if report.can_train else NOT_DONE


def _train(options: argparse.Namespace) -> int:
    path = Path(options.project)
    project = jobs.with_overrides(
        jobs.open_project(path), device=options.device, epochs=options.epochs, seed=options.seed
    )
    folder = jobs.runs_folder_of(path)
    resume = None
    if options.resume is not None:
        resume = jobs.run_to_resume(folder, options.resume or None)
        project = jobs.with_overrides(
            resume.project, device=options.device, epochs=options.epochs, seed=None
        )
    control = RunControl()
    _stop_on_signals(control)
    if options.folds:
        return _train_folds(options, project, folder, control)
    ended = _one_run(options, project, folder, control, resume.run if resume else None)
    if ended.problem is None and not options.json:
        terminal.show_end(ended)
    return _STATUS[ended.outcome]


def _one_run(
    options: argparse.Namespace,
    project: Project,
    folder: Path,
    control: RunControl,
    resume: str | None = None,
) -> RunEnded:
    shown = progress.EventLines() if options.json else progress.EventProgress()
    ended: RunEnded | None = None
    with shown:
        for event in jobs.train(project, folder, control, resume=resume):
            shown.show(event)
            ended = event if isinstance(event, RunEnded) else ended
    assert ended is not None, "a run ends with RunEnded"
    if ended.problem is not None:
        terminal.show_problem(ended.problem)
    return ended


def _train_folds(
    options: argparse.Namespace, project: Project, folder: Path, control: RunControl
) -> int:
    """A run for each fold, one after the other; the first that does not end well is the last."""
    if options.resume is not None:
        raise refuse(
            tr("Folds are trained from their beginning, so none can be resumed."),
            tr("Leave out --resume, or --folds."),
            code="folds",
        )
    figures = []
    for each in fold_projects(project, options.folds):
        ended = _one_run(options, each, folder, control)
        if ended.outcome != "completed":
            return _STATUS[ended.outcome]
        figures.append(jobs.runs(folder)[-1].figures)
    terminal.show_folds(mean_and_deviation(figures), options.folds, as_json=options.json)
    return DONE


def _runs(options: argparse.Namespace) -> int:
    records = jobs.runs(_runs_of(options.project))
    if options.json:
        for record in records:
            terminal.write_json(terminal.record(record))
    elif records:
        terminal.show_records(records)
    else:
        terminal.say(tr("No runs yet. Train with: studio train {path}", path=options.project))
    return DONE


def _evaluate(options: argparse.Namespace) -> int:
    folder = _runs_of(options.project)
    found = jobs.evaluate(folder, options.run, options.part, options.data)
    for problem in found.problems:
        terminal.show_problem(problem)
    if options.json:
        terminal.write_json(terminal.evaluated(found))
    else:
        terminal.show_evaluation(found, options.data)
    return DONE


def _predict(options: argparse.Namespace) -> int:
    output = Path(options.output)
    _keep(output, options.source, options.data)
    problems: tuple[Problem, ...] = ()
    if jobs.is_bundle(Path(options.source)):
        count = jobs.predict_with_bundle(Path(options.source), Path(options.data), output)
    else:
        count, problems = jobs.predict(_runs_of(options.source), options.data, output, options.run)
    for problem in problems:
        terminal.show_problem(problem)
    terminal.say(tr("{count} answers written to {path}.", count=count, path=options.output))
    return DONE


def _export(options: argparse.Namespace) -> int:
    _keep(Path(options.output), options.project)
    named = {key: getattr(options, key) for key in (OPSET, BATCH)}
    result = jobs.export(
        _runs_of(options.project),
        options.run,
        options.format,
        Path(options.output),
        settings={key: value for key, value in named.items() if value is not None},
    )
    if options.json:
        terminal.write_json(result)
    else:
        terminal.show_export(result)
    return DONE


def _doctor(options: argparse.Namespace) -> int:
    facts = jobs.doctor()
    if options.json:
        terminal.write_json(facts)
    else:
        terminal.show_facts(facts)
    return DONE


def _keep(output: Path, *precious: str) -> None:
    """StudioError where the answer would be written over what it is made from."""
    for name in precious:
        if output.exists() and Path(name).exists() and output.samefile(name):
            raise refuse(
                tr("{path} is what the answer is made from. It is left as it is.", path=output),
                tr("Choose another name for the answer."),
                code="would-overwrite",
            )


def _runs_of(project: str) -> Path:
    """The runs folder of a project that can be opened."""
    path = Path(project)
    jobs.open_project(path)
    return jobs.runs_folder_of(path)


def _stop_on_signals(control: RunControl) -> None:
    """The first Ctrl-C ends the run after its step and keeps it; a second one ends at once."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        if control.is_stopped:
            raise KeyboardInterrupt
        control.stop()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)


_STATUS = {"completed": DONE, "stopped": INTERRUPTED, "failed": NOT_DONE}
_COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "look": _look,
    "new": _new,
    "code": code_commands.write_code,
    "import": code_commands.import_code,
    "templates": _templates,
    "layers": _layers,
    "check": _check,
    "train": _train,
    "runs": _runs,
    "evaluate": _evaluate,
    "predict": _predict,
    "export": _export,
    "doctor": _doctor,
}
