"""Troubles: why nothing came of a person's file, in plain words."""

import traceback
from pathlib import Path

from studio.core.design.imported import PROGRAM
from studio.core.problems import Place, Problem, StudioError, refuse
from studio.core.words import tr
from studio.export.reading.finding import Holding

LONGEST_DETAIL = 20_000
_LONGEST_LINE = 200
BROKE = "file-broke"


def broke(path: Path, reason: BaseException) -> Problem:
    """What was raised while the file was run or read."""
    said = "".join(traceback.format_exception(reason))[-LONGEST_DETAIL:]
    message, hint, code = _words(path, reason)
    if path.suffix.lower() == PROGRAM and code == BROKE:
        hint = tr("It is damaged, or no program that torch.export.save wrote. Save it again.")
    return Problem(message, hint, place=Place("file", str(path)), code=code, detail=said)


def _words(path: Path, reason: BaseException) -> tuple[str, str, str]:
    """What happened, how to mend it, and the code of that."""
    file = path.name
    match reason:
        case SystemExit():
            return (
                tr("{file} ended the program while it was run.", file=file),
                tr("Put what ends it under: if __name__ == “__main__”. That is not run here."),
                BROKE,
            )
        case ModuleNotFoundError(name=str(package)):
            return (
                tr("{file} needs the package {package}, which is not here.", file=file,
                   package=package),
                tr("Studio brings torch and numpy. Take out the line that imports {package}, or "
                   "move the network into a file without it.", package=package),
                "no-package",
            )  # fmt: skip
        case EOFError():
            return (
                tr("{file} asks for something to be typed, which nobody can here.", file=file),
                tr("Put that under: if __name__ == “__main__”. That is not run here."),
                "file-asks",
            )
        case AssertionError() if "CUDA" in str(reason):
            return (
                tr("{file} puts its network onto a graphics card, which is not used here.",
                   file=file),
                tr("Take out what puts it there, such as .cuda() or .to(\"cuda\")."),
                "wants-device",
            )  # fmt: skip
        case RecursionError():
            return (
                tr("{file} calls itself without end, or is nested too deep.", file=file),
                tr("The details say where it goes round."),
                "too-deep",
            )
    if _is_of_memory(reason):
        return (
            tr("{file} needs more memory than this machine has left.", file=file),
            tr("Close other programs, or make the network smaller: what is drawn is the same."),
            "no-memory",
        )
    return (
        tr("{file} could not be read: {reason}", file=file, reason=_last_line(reason)),
        tr("The details say where. Put that right in the file and open it again."),
        BROKE,
    )


def _is_of_memory(reason: BaseException) -> bool:
    """Whether memory ran out; torch says that in a RuntimeError of its own."""
    return isinstance(reason, MemoryError) or "can't allocate memory" in _last_line(reason)


def _last_line(reason: BaseException) -> str:
    """What was raised and what it says, in one line; a person's own class may not even say it."""
    lines = "".join(traceback.format_exception_only(reason)).strip().splitlines()
    if isinstance(reason, SyntaxError):
        return tr("line {line}: {said}", line=reason.lineno or 1, said=lines[-1])[:_LONGEST_LINE]
    return lines[0][:_LONGEST_LINE]


def nothing_in(path: Path, found: Holding) -> StudioError:
    """There is no network, or none that can be made."""
    for name, reason in found.failing.items():
        problem = broke(path, reason)
        if problem.code != BROKE:
            return StudioError(problem)
        message = tr(
            "{name} in {file} could not be made: {reason}",
            name=name,
            file=path.name,
            reason=_last_line(reason),
        )
        return refuse(message, problem.hint, code="no-network", detail=problem.detail)
    if not found.needing:
        return refuse(
            tr("{file} holds no network: no class that is an nn.Module.", file=path.name),
            tr("Choose the file in which the network is made."),
            code="no-network",
        )
    name, arguments = next(iter(found.needing.items()))
    return refuse(
        tr(
            "{name} in {file} cannot be made without being told: {arguments}.",
            name=name,
            file=path.name,
            arguments=arguments,
        ),
        tr(
            "Give these arguments a default, or make one in the file: network = {name}(…).",
            name=name,
        ),
        code="no-network",
        detail="\n".join(f"{one}: {needed}" for one, needed in found.needing.items()),
    )


def too_long(name: str, count: int, most: int) -> StudioError:
    """More calls than a drawing can show."""
    return refuse(
        tr(
            "{name} makes {count} calls; at most {most} are drawn.",
            name=name,
            count=count,
            most=most,
        ),
        tr("Give one of its parts alone, and repeat that as a block."),
        code="too-many-steps",
    )


def cannot_follow(name: str, reason: Exception) -> StudioError:
    """What it does is not the same each time."""
    return refuse(
        tr("{name} cannot be followed: what it does hangs on the numbers that come in.", name=name),
        tr("Take out what asks for them, such as: if x.sum() > 0. The details say where."),
        code="cannot-follow",
        detail=str(reason)[:LONGEST_DETAIL],
    )


def is_compiled(name: str) -> StudioError:
    """TorchScript knows no classes of layers any more."""
    return refuse(
        tr("{name} is TorchScript, out of which no layers can be read.", name=name),
        tr("Take out torch.jit, or open the Python file that it was made from."),
        code="compiled",
    )


def takes_no_input(name: str) -> StudioError:
    """Nothing goes in that could be followed."""
    return refuse(
        tr("{name} takes no numbers that could be followed through it.", name=name),
        tr("Give its forward each input by a name of its own: forward(self, x)."),
        code="no-input",
    )


def takes_nothing(reason: str) -> StudioError:
    """No sizes were found that it takes."""
    return refuse(
        tr("The network could not be run: none of the usual sizes of a row fits it."),
        tr("Open data that it was made for first; then it is tried with those."),
        code="no-size",
        detail=reason[:LONGEST_DETAIL],
    )
