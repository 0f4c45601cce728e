"""What can go wrong with a project's file and its runs, in words."""

from pathlib import Path

from studio.core.problems import Place, Problem
from studio.core.words import tr


def not_ours(path: Path) -> Problem:
    """Something else has the name that was chosen; it is never replaced."""
    return Problem(
        tr("{name} is there already and cannot be read as a project.", name=path.name),
        tr("Save under another name. The file is left as it is."),
        place=Place("file", str(path)),
        code="not-replaced",
    )


def taken(path: Path) -> Problem:
    """Another project has the new name."""
    return Problem(
        tr("There is already a project called {name} in this folder.", name=path.stem),
        tr("Choose another name."),
        place=Place("file", str(path)),
        code="name-taken",
    )


def in_use() -> Problem:
    """A rename would take the folder from under the run."""
    return Problem(
        tr("The project cannot be renamed while it trains."),
        tr("Rename it when the run has ended."),
        place=Place("run"),
        code="busy",
    )


def runs_stay(folder: Path, reason: OSError) -> Problem:
    """The first save could not bring the runs along."""
    return Problem(
        tr(
            "The runs could not be moved to the project: {reason}.",
            reason=reason.strerror or reason,
        ),
        tr("They are kept in {folder}.", folder=folder),
        place=Place("file", str(folder)),
        code="runs-not-moved",
    )


def cannot_move(path: Path, reason: OSError) -> Problem:
    """The rename did not work."""
    return Problem(
        tr(
            "{name} could not be renamed: {reason}.",
            name=path.name,
            reason=reason.strerror or reason,
        ),
        tr("Save it under another name instead."),
        place=Place("file", str(path)),
        code="not-renamed",
    )
