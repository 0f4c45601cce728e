"""The commands of the terminal that are about code: writing a network as code, and reading it."""

import argparse
from pathlib import Path

from studio import jobs, terminal
from studio.core.design.imported import Imported
from studio.core.design.project import Project
from studio.core.design.report import examine
from studio.core.design.storage import SUFFIX, write_atomically
from studio.core.problems import StudioError, refuse
from studio.core.words import tr

DONE, NOT_DONE = 0, 1


def write_code(options: argparse.Namespace) -> int:
    """The network of a project as Python, into a file or onto the screen."""
    code = jobs.network_code(jobs.open_project(Path(options.project)))
    if options.output is None:
        terminal.say(code.text.rstrip("\n"))
        return DONE
    target = Path(options.output)
    _keep(target, force=options.force)
    write_atomically(target, code.whole.encode("utf-8"))
    terminal.say(tr("{path} is written.", path=target))
    return DONE


def import_code(options: argparse.Namespace) -> int:
    """A project of the network in a file; what is not known in it is told."""
    path, target = Path(options.file), Path(options.output)
    if target.suffix != SUFFIX:
        raise refuse(
            tr("{path} does not end in {suffix}.", path=target, suffix=SUFFIX),
            tr("Name the project file NAME{suffix}.", suffix=SUFFIX),
            code="bad-name",
        )
    _keep(target, force=options.force)
    project = Project() if options.data is None else Project(jobs.open_data(options.data))
    if options.target:
        project = Project(jobs.aimed_at(project.dataset, options.target))
    found = _read(path, project, options)
    project = Project(project.dataset, found.graph, project.training)
    jobs.save_project(project, target)
    if options.json:
        terminal.write_json(_as_json(found, target))
    else:
        _show(found, project, target)
    return DONE


def _read(path: Path, project: Project, options: argparse.Namespace) -> Imported:
    own = jobs.read_code(path)
    if own is not None:
        return own
    if not options.trust:
        raise _not_trusted(path)
    dataset = None if project.dataset.is_empty else project.dataset
    found = jobs.run_code(path, dataset, options.network)
    if found.choices:
        raise refuse(
            tr(
                "{file} holds several networks: {names}.",
                file=path.name,
                names=", ".join(found.choices),
            ),
            tr("Name one of them with --network."),
            code="several-networks",
        )
    return found


def _show(found: Imported, project: Project, target: Path) -> None:
    for problem in found.problems:
        terminal.show_problem(problem)
    terminal.say(
        tr(
            "{path} is written: {known} of {steps} {steps|step|steps} of {name} are drawn.",
            path=target,
            known=found.known,
            steps=found.steps,
            name=found.name,
        )
    )
    if not project.dataset.is_empty and examine(project).obstacle is not None:
        terminal.say(tr("It cannot be trained yet; studio check {path} says why.", path=target))


def _as_json(found: Imported, target: Path) -> dict[str, object]:
    return {
        "project": str(target),
        "network": found.name,
        "known": found.known,
        "steps": found.steps,
        "sizes": [list(shape) for shape in found.sizes],
        "own": found.is_own,
        "problems": [problem.as_json() for problem in found.problems],
    }


def _keep(target: Path, *, force: bool) -> None:
    if target.exists() and not force:
        raise refuse(
            tr("{path} is there already.", path=target),
            tr("Choose another name, or add --force to replace it."),
            code="exists",
        )


def _not_trusted(path: Path) -> StudioError:
    return refuse(
        tr(
            "{file} was not written by Studio. To draw its network it must be run, and then it "
            "can do all that you can do: read, change and delete your files.",
            file=path.name,
        ),
        tr("Where you trust it, add --trust."),
        code="not-trusted",
    )
