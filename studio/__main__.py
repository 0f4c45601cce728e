"""Opens the door: the window, or the command line where the first word is a command.

Everything is imported late, so that a command never loads Qt and a child process loads nothing.
"""

import atexit
import gc
import sys
from collections.abc import Sequence

COMMANDS = frozenset(
    {
        "check",
        "code",
        "doctor",
        "evaluate",
        "export",
        "import",
        "layers",
        "look",
        "new",
        "predict",
        "runs",
        "templates",
        "train",
    }
)
SAMPLE = "--sample"
INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the program and gives its exit status."""
    # Python would search all that torch has made for garbage before it ends: seconds for nothing.
    atexit.register(gc.freeze)
    arguments = list(sys.argv[1:] if argv is None else argv)
    if _is_for_command_line(arguments):
        try:
            from studio.cli import main as run_command
        except KeyboardInterrupt:  # before there is anything to stop
            return INTERRUPTED
        return run_command(arguments)
    return _open_window(arguments)


def _is_for_command_line(arguments: Sequence[str]) -> bool:
    if not arguments:
        return False
    first = arguments[0]
    return first in COMMANDS or (first.startswith("-") and first != SAMPLE)


def _open_window(arguments: list[str]) -> int:
    reason = _why_no_window()
    if reason is not None:
        return _refuse(reason)
    try:
        from studio.ui.app import run
    except ImportError as error:
        if not _is_about_qt(error):
            raise
        return _refuse(_without_qt(error))
    return run(arguments)


def _why_no_window() -> str | None:
    from studio import machine
    from studio.core.words import tr

    absent = machine.missing(machine.libraries_for_window())
    if not machine.has_screen():
        return tr(
            "Studio cannot open its window: this session has no screen "
            "(neither DISPLAY nor WAYLAND_DISPLAY leads to one).\n"
            "Start it from a desktop session, or use the command line, which needs no screen:\n"
            "  studio new --template classify-rows -o sample.studio\n"
            "  studio train sample.studio\n"
            "  studio --help"
        )
    if absent:
        return tr(
            "Studio cannot open its window: the system libraries {names} are missing.\n{advice}",
            names=", ".join(library.soname for library in absent),
            advice=machine.advice(absent),
        )
    return None


def _is_about_qt(error: ImportError) -> bool:
    name = error.name or ""
    return name.partition(".")[0] in {"PySide6", "shiboken6"} or ".so" in str(error)


def _without_qt(error: ImportError) -> str:
    from studio.core.words import tr

    return tr(
        "Studio cannot open its window: its window library PySide6 could not be loaded ({error}).\n"
        "Run python3 packaging/start.py in Studio's folder, which installs what is missing.",
        error=error,
    )


def _refuse(reason: str) -> int:
    sys.stderr.write(reason + "\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
