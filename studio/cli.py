"""The command line: every job without a window, in the words and exit codes of the contract."""

import argparse
import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType
from typing import TypeAlias

from studio import __version__, jobs, progress, terminal
from studio.core.catalogue import LAYERS
from studio.core.design.report import examine
from studio.core.design.storage import SUFFIX
from studio.core.design.templates import TEMPLATES
from studio.core.problems import StudioError, refuse
from studio.core.run.control import RunControl
from studio.core.run.events import RunEnded
from studio.core.words import tr

DONE, NOT_DONE, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 - argparse has no public name
_WHICH_RUN = tr("which run; the best finished one if unsaid")
FORMATS = ("torchscript", "onnx", "pt2", "source", "bundle")


def main(argv: Sequence[str] | None = None) -> int:
    """Does what the words ask for; gives the exit status."""
    options = _parser().parse_args(argv)
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
    spec = jobs.open_data(options.data)
    table = jobs.preview(spec, options.rows)
    if options.json:
        terminal.write_json(terminal.looked(spec, table))
    else:
        terminal.show_data(spec, table)
    return DONE


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
    project = jobs.new_project(options.template, data=options.data, targets=options.target)
    jobs.save_project(project, target)
    report = examine(project)
    for problem in report.problems:
        terminal.show_problem(problem)
    if not report.can_train:
        terminal.say(tr("{path} is written, but it cannot be trained yet.", path=target))
        return NOT_DONE
    terminal.say(
        tr(
            "{path} is ready: {nodes} nodes, {parameters} parameters.",
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
    shown = progress.EventLines() if options.json else progress.EventProgress()
    ended: RunEnded | None = None
    with shown:
        for event in jobs.train(project, folder, control, resume=resume.run if resume else None):
            shown.show(event)
            ended = event if isinstance(event, RunEnded) else ended
    assert ended is not None, "a run ends with RunEnded"
    if ended.problem is not None:
        terminal.show_problem(ended.problem)
    elif not options.json:
        terminal.show_end(ended)
    return {"completed": DONE, "stopped": INTERRUPTED, "failed": NOT_DONE}[ended.outcome]


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
    count, problems = jobs.predict(_runs_of(options.source), options.data, output, options.run)
    for problem in problems:
        terminal.show_problem(problem)
    terminal.say(tr("{count} answers written to {path}.", count=count, path=options.output))
    return DONE


def _export(options: argparse.Namespace) -> int:
    _keep(Path(options.output), options.project)
    result = jobs.export(
        _runs_of(options.project), options.run, options.format, Path(options.output)
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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="studio",
        description=tr("Build, train and ship neural networks without code."),
        epilog=tr("Without a command the window opens: studio [PATH ...]"),
    )
    parser.add_argument("--version", action="version", version=f"studio {__version__}")
    commands = parser.add_subparsers(dest="name", required=True, metavar="COMMAND")
    _add_looking(commands)
    _add_training(commands)
    _add_using(commands)
    _command(commands, "doctor", _doctor, tr("versions, devices, and what is missing here"))
    return parser


def _add_looking(commands: Commands) -> None:
    look = _command(commands, "look", _look, tr("what the program reads in a file or folder"))
    look.add_argument("data", metavar="DATA")
    look.add_argument(
        "--rows", type=_count, default=5, metavar="N", help=tr("how many rows to show; 5 if unsaid")
    )

    new = _command(
        commands, "new", _new, tr("writes a project that is ready to train"), has_json=False
    )
    new.add_argument("--template", metavar="KEY", help=tr("one of: studio templates"))
    new.add_argument("--data", metavar="PATH", help=tr("a table, a folder of pictures, IDX files"))
    new.add_argument(
        "--target",
        metavar="COLUMN",
        action="append",
        help=tr("the column to tell; again for each further number"),
    )
    new.add_argument("--force", action="store_true", help=tr("replace an existing file"))
    _output(new, "FILE.studio")

    _command(commands, "templates", _templates, tr("the templates that can be chosen"))
    _command(commands, "layers", _layers, tr("the catalogue of layers"))


def _add_training(commands: Commands) -> None:
    _project(_command(commands, "check", _check, tr("every problem, shape and count")))

    train = _command(commands, "train", _train, tr("one run"))
    _project(train)
    train.add_argument(
        "--device", choices=("auto", "cpu", "cuda", "mps"), help=tr("where to compute")
    )
    train.add_argument("--epochs", type=_count, metavar="N", help=tr("passes over the data"))
    train.add_argument(
        "--seed", type=_seed, metavar="N", help=tr("the same seed gives the same run")
    )
    train.add_argument(
        "--resume",
        nargs="?",
        const="",
        metavar="RUN",
        help=tr("goes on with a run; the last one where none is named"),
    )

    _project(_command(commands, "runs", _runs, tr("past runs with their figures")))


def _add_using(commands: Commands) -> None:
    evaluate = _command(commands, "evaluate", _evaluate, tr("the figures of a trained model"))
    _project(evaluate)
    evaluate.add_argument("--run", metavar="RUN", help=_WHICH_RUN)
    evaluate.add_argument(
        "--part",
        choices=("test", "validation", "training"),
        default="test",
        help=tr("which part of the project's own data; test if unsaid"),
    )
    evaluate.add_argument("--data", metavar="PATH", help=tr("other data, all rows of them"))

    predict = _command(commands, "predict", _predict, tr("one answer for each row"), has_json=False)
    predict.add_argument("source", metavar="SOURCE", help=tr("a project"))
    predict.add_argument("--data", required=True, metavar="PATH", help=tr("the rows to answer"))
    predict.add_argument("--run", metavar="RUN", help=_WHICH_RUN)
    _output(predict, "OUT.csv")

    export = _command(commands, "export", _export, tr("a model that needs no Studio"))
    _project(export)
    export.add_argument("--format", choices=FORMATS, default="torchscript")
    export.add_argument("--run", metavar="RUN", help=_WHICH_RUN)
    _output(export, "PATH")


def _command(
    commands: Commands,
    name: str,
    function: Callable[[argparse.Namespace], int],
    words: str,
    *,
    has_json: bool = True,
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=words, description=words)
    parser.set_defaults(command=function)
    if has_json:
        parser.add_argument("--json", action="store_true", help=tr("JSON, one object a line"))
    return parser


def _project(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", metavar="FILE.studio")


def _output(parser: argparse.ArgumentParser, name: str) -> None:
    parser.add_argument("-o", "--output", required=True, metavar=name)


def _count(text: str) -> int:
    value = _whole(text)
    if value is None or value < 1:
        raise argparse.ArgumentTypeError(tr("expected a whole number of 1 or more"))
    return value


def _seed(text: str) -> int:
    value = _whole(text)
    if value is None or not 0 <= value < 2**31:
        raise argparse.ArgumentTypeError(tr("expected a whole number from 0 to 2147483647"))
    return value


def _whole(text: str) -> int | None:
    try:
        return int(text)
    except ValueError:
        return None
