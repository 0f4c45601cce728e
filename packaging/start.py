"""One command on a fresh machine: makes the environment, then opens the window or runs the tests.

    python3 packaging/start.py [PATH ...]           the window; the sample project without PATH
    python3 packaging/start.py test [ARGUMENTS]     the tests; ARGUMENTS go to pytest
    python3 packaging/start.py check                ruff and mypy

Needs Python alone. What is there already is found out by trying it; the second start does no work.
"""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

OLDEST, NEWEST = (3, 11), (3, 13)
SAMPLE = ["--template", "classify-rows"]
ROOT = Path(__file__).resolve().parent.parent


def require_python() -> None:
    """Goes on with a Python that Studio knows, or says which ones it takes."""
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return
    for minor in (12, 13, 11):
        other = shutil.which(f"python3.{minor}")
        if other and _answers(other) and sys.platform != "win32":
            os.execv(other, [other, os.path.abspath(__file__), *sys.argv[1:]])
    _give_up_on_python()


def _answers(python: str) -> bool:
    """A name on the path may be a stand-in that only says that this version is not there."""
    done = subprocess.run([python, "-c", ""], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return done.returncode == 0


def _give_up_on_python() -> NoReturn:
    oldest, newest = (".".join(map(str, version)) for version in (OLDEST, NEWEST))
    sys.stderr.write(
        "Studio could not be started.\n"
        f"What happened: this is Python {sys.version_info[0]}.{sys.version_info[1]}.\n"
        f"Expected: Python {oldest} to {newest}.\n"
        "To fix it: install one of them and start Studio with it, for example: "
        f"python{newest} packaging/start.py\n"
    )
    sys.exit(1)


require_python()  # first, for the lines below need a Python that Studio knows
sys.path.insert(0, str(ROOT))

from environment import ON_WINDOWS, CannotStart, prepare, python, say  # noqa: E402

from studio import machine  # noqa: E402


def main(arguments: list[str]) -> int:
    """Does what the arguments say and gives the exit status."""
    _speak_utf8()
    command = arguments[0] if arguments else ""
    try:
        if command == "test":
            return _run_tests(arguments[1:])
        if command == "check":
            return _run_checks()
        if command in ("-h", "--help"):
            say(__doc__.strip())
            return 0
        return _open(arguments)
    except CannotStart as trouble:
        sys.stderr.write(f"\nStudio could not be started.\n{trouble}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped. Start again with the same command to go on.\n")
        return 130


# What a person may ask for


def _open(paths: list[str]) -> int:
    has_screen = machine.has_screen()
    prepare(with_tests=False, with_window=has_screen)
    if has_screen:
        return _become(["-P", "-m", "studio", *(paths or ["--sample"])])
    say("This session has no screen for a window, so Studio works in the terminal instead.")
    return _work_in_terminal(paths)


def _run_tests(arguments: list[str]) -> int:
    prepare(with_tests=True, with_window=True)
    for name, value in (
        ("QT_QPA_PLATFORM", "offscreen"),
        ("OMP_NUM_THREADS", "1"),
        ("MKL_NUM_THREADS", "1"),
    ):
        os.environ.setdefault(name, value)
    os.chdir(ROOT)
    return _become(["-m", "pytest", *(arguments or ["-n", "2"])])


def _run_checks() -> int:
    prepare(with_tests=True, with_window=True)
    os.chdir(ROOT)
    checks = (["ruff", "check"], ["ruff", "format", "--check"], ["mypy"])
    results = []
    for check in checks:
        say("> " + " ".join(check))
        results.append(subprocess.call([str(python()), "-m", *check]))
    return 1 if any(results) else 0


def _work_in_terminal(paths: list[str]) -> int:
    project = _project_for(paths)
    model = project.with_suffix(".pt")
    steps = [
        ["train", str(project)],
        ["export", str(project), "--format", "torchscript", "-o", str(model)],
    ]
    if not project.exists():
        project.parent.mkdir(parents=True, exist_ok=True)
        source = ["--data", str(Path(paths[0]).resolve())] if paths else SAMPLE
        steps.insert(0, ["new", *source, "-o", str(project)])
    for step in steps:
        say(f"\nstudio {shlex.join(step)}")
        status = _studio(step)
        if status:
            return status
    say(f"\nThe project:       {project}\nThe trained model: {model}")
    say(f"Every command:     {shlex.quote(str(python()))} -m studio --help")
    return 0


def _project_for(paths: list[str]) -> Path:
    """The project that the terminal works on: the given one, one beside the data, or the sample."""
    if paths:
        return Path(paths[0]).resolve().with_suffix(".studio")
    documents = Path.home() / "Documents"
    folder = documents if documents.is_dir() else Path.home()
    return folder / "Studio sample" / "sample.studio"


def _studio(command: list[str]) -> int:
    # Ctrl-C is for the command, which ends its run in order; this process only waits.
    handler = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        return subprocess.Popen([str(python()), "-P", "-m", "studio", *command]).wait()
    finally:
        signal.signal(signal.SIGINT, handler)


def _become(arguments: list[str]) -> int:
    command = [str(python()), *arguments]
    sys.stdout.flush()
    if not ON_WINDOWS:
        os.execv(command[0], command)
    return subprocess.call(command)


def _speak_utf8() -> None:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
