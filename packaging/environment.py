"""Makes the environment that Studio runs in, and finds out by trying what is missing.

What a person asks for is in start.py. Needs Python alone, and speaks in plain words: everything
that pip and apt-get say goes to a log.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import platform
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO

from studio import machine

OLDEST, NEWEST = (3, 11), (3, 13)
ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
STAMP = ENVIRONMENT / "studio-stamp.json"
CONSTRAINTS = ROOT / "packaging" / "constraints.txt"
LOG = ROOT / "build" / "start.log"
LOCK = ROOT / "build" / "start.lock"
UNFINISHED = ROOT / "build" / "start.unfinished"
TEST_TOOLS = ("xvfb", "xauth", "xdotool")
TEST_PROGRAMS = ("Xvfb", "xauth", "xdotool")
ON_WINDOWS = sys.platform == "win32"
ON_LINUX = sys.platform.startswith("linux")
WAIT_FOR_APT = "DPkg::Lock::Timeout=300"  # another program may be installing
PIP_HINTS = (
    ("No space left", "Make room on this disk (about 3 GB) and start again."),
    ("Permission denied", "Make Studio's folder writable for you and start again."),
    ("THESE PACKAGES DO NOT MATCH THE HASHES", "A download was damaged: start again."),
    ("Connection", "Check the connection to the internet (or the proxy) and start again."),
    ("resolution", "Check the connection to the internet (or the proxy) and start again."),
    ("No matching distribution", "Check the connection to the internet and start again."),
)


class CannotStart(Exception):
    """Carries what happened, what was expected and how to fix it, in plain words."""


def prepare(*, with_tests: bool, with_window: bool) -> None:
    """Makes sure that everything is there; where it was found before, this reads three files."""
    if _is_ready(with_tests=with_tests, with_window=with_window):
        return
    with _alone():
        if _is_ready(with_tests=with_tests, with_window=with_window):
            return  # another start did it while this one waited
        _forget_log()
        _install_system_libraries(with_tests=with_tests, with_window=with_window)
        stamp = _read_stamp()
        has_tests = stamp.get("tests") is True
        if not _holds(stamp, with_tests=with_tests):
            _install_packages(with_tests=with_tests or has_tests)
            has_tests = with_tests or has_tests
        write_stamp(tests=has_tests, window=with_window or stamp.get("window") is True)
    say("Everything is installed.\n")


def _is_ready(*, with_tests: bool, with_window: bool) -> bool:
    stamp = _read_stamp()
    wants_window = with_window and ON_LINUX
    return _holds(stamp, with_tests=with_tests) and (not wants_window or bool(stamp.get("window")))


def _holds(stamp: dict[str, object], *, with_tests: bool) -> bool:
    """Whether the stamp speaks of this program, and the environment is still as it says."""
    if UNFINISHED.exists() or stamp.get("key") != _key():
        return False
    if with_tests and not stamp.get("tests"):
        return False
    expected = stamp.get("packages")
    return isinstance(expected, list) and set(expected) <= set(_installed())


def _key() -> str:
    """Changes with everything that would make another environment."""
    digest = hashlib.sha256()
    for path in (ROOT / "pyproject.toml", CONSTRAINTS):
        digest.update(path.read_bytes())
    with contextlib.suppress(OSError):
        digest.update((ENVIRONMENT / "pyvenv.cfg").read_bytes())
    # Where the system's Python was replaced by a newer one, the link leads to another place.
    for fact in (ROOT, os.path.realpath(str(python())), platform.machine(), sys.platform):
        digest.update(str(fact).encode())
    return digest.hexdigest()


def _installed() -> list[str]:
    return sorted(folder.name for folder in libraries().glob("*.dist-info"))


def libraries() -> Path:
    """Where the environment keeps what pip installed."""
    if ON_WINDOWS:
        return ENVIRONMENT / "Lib" / "site-packages"
    return next(iter(ENVIRONMENT.glob("lib/python*/site-packages")), ENVIRONMENT)


def python() -> Path:
    """The environment's own Python."""
    if ON_WINDOWS:
        return ENVIRONMENT / "Scripts" / "python.exe"
    return ENVIRONMENT / "bin" / "python"


def _read_stamp() -> dict[str, object]:
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) and python().exists() else {}


def write_stamp(*, tests: bool, window: bool) -> None:
    """Notes what is there now, so that the next start need not look."""
    stamp = {"key": _key(), "tests": tests, "window": window, "packages": _installed()}
    beside = STAMP.with_suffix(".new")
    beside.write_text(json.dumps(stamp, indent=1), encoding="utf-8")
    os.replace(str(beside), str(STAMP))


def _install_packages(*, with_tests: bool) -> None:
    with contextlib.suppress(OSError):
        STAMP.unlink()
    was_cut_off = UNFINISHED.exists()
    UNFINISHED.touch()
    if was_cut_off or not _environment_works():
        _make_environment()
        say("Installing what Studio needs (about 400 MB to fetch; this takes some minutes) ...")
    else:
        say("Bringing the environment up to date ...")
    pip(["install", "-c", str(CONSTRAINTS), *_requirements(with_tests=with_tests)])
    pip(["install", "--no-deps", "--no-build-isolation", "-e", str(ROOT)])
    _prove_installation()
    UNFINISHED.unlink()


def _requirements(*, with_tests: bool) -> list[str]:
    import tomllib

    with (ROOT / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)["project"]
    extra = project["optional-dependencies"]["test"] if with_tests else []
    return ["setuptools", *project["dependencies"], *extra]


def _environment_works() -> bool:
    if not python().exists():
        return False
    script = f"import sys, pip; sys.exit(not {OLDEST} <= sys.version_info[:2] <= {NEWEST})"
    return _run_logged([str(python()), "-c", script]) == 0


def _make_environment() -> None:
    say(f"Making the environment in {ENVIRONMENT} ...")
    if ENVIRONMENT.is_symlink() or ENVIRONMENT.is_file():
        ENVIRONMENT.unlink()
    shutil.rmtree(str(ENVIRONMENT), ignore_errors=True)
    make = [sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)]
    if _run_logged(make) == 0 and _environment_works():
        return
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    if ON_LINUX and shutil.which("apt-get"):
        if _apt_install([package]) and _run_logged(make) == 0 and _environment_works():
            return
        raise CannotStart(
            "What happened: Python's own module venv could not make an environment.\n"
            "Expected: a Python with venv and ensurepip, which Debian and Ubuntu ship separately.\n"
            f"To fix it: {machine.install_command([package])}\nDetails: {LOG}"
        )
    raise CannotStart(
        f"What happened: {sys.executable} -m venv failed.\n"
        "Expected: a Python with the modules venv and ensurepip.\n"
        "To fix it: install Python from python.org or from your system's packages, with venv.\n"
        f"Details: {LOG}"
    )


def pip(arguments: list[str]) -> None:
    """Runs pip in the environment; where it fails, says why in plain words."""
    command = [str(python()), "-m", "pip", "--no-input", "--disable-pip-version-check"]
    command += [*arguments, "--progress-bar", "off"]
    if _run_logged(command, tell=_tell_pip_progress) == 0:
        return
    tail = LOG.read_text(encoding="utf-8", errors="replace").rpartition("\n$ ")[2]
    if "Installing collected packages" not in tail:
        UNFINISHED.unlink()  # it failed before it unpacked anything, so nothing is half done
    hint = next((hint for sign, hint in PIP_HINTS if sign in tail), "Read the log and start again.")
    errors = [line for line in tail.splitlines() if line.startswith("ERROR")]
    raise CannotStart(
        "What happened: the libraries that Studio needs could not be installed.\n"
        + (f"  {errors[-1]}\n" if errors else "")
        + "Expected: pip fetches and installs them.\n"
        f"To fix it: {hint}\nDetails: {LOG}"
    )


def _prove_installation() -> None:
    """Loads what matters most; a file that was damaged on the way shows here and not later."""
    script = "import numpy, pandas, torch, PySide6.QtCore, studio"
    if _run_logged([str(python()), "-c", script]) == 0:
        return
    raise CannotStart(
        "What happened: the libraries are installed but cannot be loaded.\n"
        "Expected: Python loads numpy, pandas, torch and PySide6.\n"
        f"To fix it: start again, which makes the environment anew.\nDetails: {LOG}"
    )


# System libraries


def _install_system_libraries(*, with_tests: bool, with_window: bool) -> None:
    if not ON_LINUX:
        return
    wanted = machine.OFFSCREEN
    if with_tests:
        wanted += machine.X11
    elif with_window:
        wanted = machine.libraries_for_window()
    packages = [*machine.packages_of(machine.missing(wanted))]
    if with_tests and not all(map(shutil.which, TEST_PROGRAMS)):
        packages += TEST_TOOLS
    if packages and not _apt_install(packages):
        say(f"Please install what is missing:\n  {machine.install_command(packages)}")
    absent = machine.missing(wanted)
    needed = machine.missing(machine.OFFSCREEN) if with_tests or not with_window else absent
    if needed and (with_tests or with_window):
        names = ", ".join(library.soname for library in needed)
        raise CannotStart(
            f"What happened: this system lacks {names}.\n"
            "Expected: the libraries that Qt loads for a window.\n"
            f"To fix it: {machine.advice(needed)}"
        )


def _apt_install(packages: Iterable[str]) -> bool:
    """Installs Debian packages where this process may; False where it may not or could not."""
    names = list(packages)
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return False
    say(f"Installing system packages: {' '.join(names)} ...")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    _run_logged(["apt-get", "-o", WAIT_FOR_APT, "update"], environment=quiet)
    install = ["apt-get", "-o", WAIT_FOR_APT, "install", "-y", "--no-install-recommends", *names]
    return _run_logged(install, environment=quiet) == 0


# Telling and running


def say(text: str) -> None:
    """Prints one line at once, also into a pipe."""
    print(text, flush=True)


def _tell_pip_progress(line: str) -> None:
    word, _, rest = line.strip().partition(" ")
    if word == "Downloading" and rest.endswith("MB)"):
        name, _, size = rest.rpartition(" (")
        file = name.rsplit("/", 1)[-1].split("-")[0]
        say(f"  fetching {file} ({size}")
    elif line.startswith("Installing collected packages") and "," in rest:
        say(f"  unpacking {rest.count(',') + 1} packages ...")


def _run_logged(
    command: list[str],
    *,
    tell: Callable[[str], None] | None = None,
    environment: dict[str, str] | None = None,
) -> int:
    """Runs a command; everything that it says goes to the log."""
    LOG.parent.mkdir(parents=True, exist_ok=True)
    with LOG.open("a", encoding="utf-8", errors="replace") as log:
        log.write(f"\n$ {' '.join(map(shlex.quote, command))}\n")
        log.flush()
        try:
            process = subprocess.Popen(
                command,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                env=environment,
                encoding="utf-8",
                errors="replace",
            )
        except OSError as error:
            log.write(f"{error}\n")
            return 127
        with process:
            for line in process.stdout or ():
                log.write(line)
                log.flush()
                if tell is not None:
                    tell(line)
        return process.returncode


def _forget_log() -> None:
    with contextlib.suppress(OSError):
        LOG.unlink()


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Waits while another start installs; the lock goes with the process that holds it."""
    try:
        LOCK.parent.mkdir(parents=True, exist_ok=True)
        file = LOCK.open("a")
    except OSError as error:
        raise CannotStart(
            f"What happened: Studio's folder cannot be written to ({error}).\n"
            "Expected: a folder of your own, for the environment that Studio makes in it.\n"
            "To fix it: copy the folder to your home folder and start it there."
        ) from None
    with file:
        told = False
        while not _try_lock(file):
            if not told:
                say("Another start of Studio is installing; waiting for it ...")
            told = True
            time.sleep(0.5)
        yield


def _try_lock(file: IO[str]) -> bool:
    try:
        if ON_WINDOWS:
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
