"""Failure: an error that ends a run becomes a Problem, the same in the window and in a terminal."""

import traceback

from studio.core.problems import Place, Problem
from studio.core.words import tr


def failure_of(error: Exception) -> Problem:
    """What to tell of an error that nobody expected; called while it is handled."""
    if isinstance(error, MemoryError) or "out of memory" in str(error).lower():
        return _out_of_memory()
    return Problem(
        tr("The run broke: {reason}.", reason=str(error).split("\n")[0][:300]),
        tr(
            "This is a fault of Studio. The project and earlier weights are safe; "
            "report it with the details."
        ),
        place=Place("run"),
        code="run-broke",
        detail=traceback.format_exc(),
    )


def _out_of_memory() -> Problem:
    return Problem(
        tr("The memory of this machine was not enough for the run."),
        tr("Choose a smaller batch size, smaller layers or fewer rows."),
        place=Place("run"),
        code="out-of-memory",
        detail=traceback.format_exc(),
    )
