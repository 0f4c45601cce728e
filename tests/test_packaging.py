"""What is shipped and how it starts: the wheel, the pins, the first start and the plain words."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from studio import assets, machine

ROOT = Path(__file__).resolve().parent.parent
ON_LINUX = sys.platform.startswith("linux")
only_linux = pytest.mark.skipif(not ON_LINUX, reason="only Linux may lack a screen or libraries")


@pytest.fixture(scope="module")
def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def pins():
    lines = (ROOT / "packaging" / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return dict(line.split("==") for line in lines if line and not line.startswith("#"))


@pytest.fixture
def environment(monkeypatch, tmp_path):
    """packaging/environment.py, with a folder of its own instead of this one's environment."""
    monkeypatch.syspath_prepend(str(ROOT / "packaging"))
    monkeypatch.delitem(sys.modules, "environment", raising=False)
    import environment

    folder = tmp_path / ".venv"
    for name, place in (
        ("ENVIRONMENT", folder),
        ("STAMP", folder / "studio-stamp.json"),
        ("LOG", tmp_path / "build" / "start.log"),
        ("LOCK", tmp_path / "build" / "start.lock"),
        ("UNFINISHED", tmp_path / "build" / "start.unfinished"),
    ):
        monkeypatch.setattr(environment, name, place)
    yield environment
    sys.modules.pop("environment", None)


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


# What is shipped


def test_the_build_knows_every_package(project):
    found = {".".join(p.parent.relative_to(ROOT).parts) for p in ROOT.glob("studio/**/__init__.py")}
    assert set(project["tool"]["setuptools"]["packages"]) == found | {"studio._resources"}


def test_every_dependency_is_pinned_within_its_range(project, pins):
    pinned = {_normal(name): version for name, version in pins.items()}
    texts = project["project"]["dependencies"] + project["project"]["optional-dependencies"]["test"]
    for wanted in map(Requirement, texts):
        assert wanted.specifier.contains(pinned[_normal(wanted.name)]), wanted


def test_whatever_a_dependency_brings_is_pinned_too(project, pins):
    pinned = set(map(_normal, pins))
    waiting = [Requirement(text).name for text in project["project"]["dependencies"]]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if _normal(name) in seen:
            continue
        seen.add(_normal(name))
        for text in metadata.requires(name) or ():
            needed = Requirement(text)
            is_needed = needed.marker is None or needed.marker.evaluate({"extra": ""})
            # What torch brings for a graphics card it pins itself.
            if is_needed and not needed.name.startswith(("nvidia-", "cuda-", "triton")):
                waiting.append(needed.name)
    assert seen - pinned == set()


@pytest.mark.slow
def test_the_wheel_carries_its_resources(tmp_path):
    source = tmp_path / "source"
    source.mkdir()
    for name in ("studio", "resources"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    build = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "-q"]
    subprocess.run([*build, "-w", tmp_path, source], check=True, capture_output=True, timeout=100)
    unpacked = tmp_path / "unpacked"
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        wheel.extractall(unpacked)

    ask = (
        f"import sys; sys.path.insert(0, {str(unpacked)!r})\n"
        "from studio import assets; print(assets.path('fonts', 'Inter-Regular.otf'))"
    )
    answer = subprocess.run(
        [sys.executable, "-P", "-c", ask], check=True, capture_output=True, text=True, timeout=60
    )
    found = Path(answer.stdout.strip())
    assert found.is_file()
    assert found.is_relative_to(unpacked)
    assert not (found.parents[1] / "pictures").exists(), "they are for the README alone"


def test_resources_are_found_and_read():
    assert "SIL OPEN FONT LICENSE" in assets.text("fonts", "Inter-LICENSE.txt")
    assert {path.suffix for path in assets.path("fonts").iterdir()} == {".otf", ".ttc", ".txt"}


def test_pictures_of_the_readme_are_there_and_quick_to_load():
    named = set(
        re.findall(r"\(resources/pictures/([^)]+)\)", (ROOT / "README.md").read_text("utf-8"))
    )
    files = {path.name: path.stat().st_size for path in (ROOT / "resources/pictures").iterdir()}
    assert named == files.keys(), "each is shown, and each that is shown is there"
    most = {".png": 250_000, ".webp": 3_000_000}
    assert [name for name, size in files.items() if size > most[Path(name).suffix]] == []


# What this machine has


@only_linux
def test_a_library_that_is_not_there_is_missing_and_its_package_named(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: "/usr/bin/" + name)
    here, gone = machine.Library("libc.so.6", "libc6"), machine.Library("libgone.so.9", "libgone9")
    absent = machine.missing([here, gone])
    assert absent == (gone,)
    assert machine.advice(absent) == (
        "Install them with: sudo apt-get install -y --no-install-recommends libgone9"
    )


@only_linux
@pytest.mark.parametrize("display", [None, ":987"], ids=["no DISPLAY", "DISPLAY of a dead server"])
def test_without_a_screen_the_window_says_so_and_names_the_command_line(display):
    settings = {
        name: value
        for name, value in os.environ.items()
        if name not in {"QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"}
    }
    if display:
        settings["DISPLAY"] = display
    done = subprocess.run(
        [sys.executable, "-m", "studio"],
        cwd=ROOT,
        env=settings,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert "no screen" in done.stderr
    assert "studio train" in done.stderr
    assert "Traceback" not in done.stderr


# The first start


def _pretend_ready(environment, *, tests: bool) -> None:
    interpreter = environment.python()
    interpreter.parent.mkdir(parents=True)
    interpreter.symlink_to(sys.executable)
    (environment.ENVIRONMENT / "lib/python3/site-packages/torch-2.dist-info").mkdir(parents=True)
    environment.UNFINISHED.parent.mkdir(parents=True, exist_ok=True)
    environment.write_stamp(tests=tests, window=True)


def _refuse(*_arguments, **_named):
    raise AssertionError("there was nothing to do")


@only_linux
def test_a_second_start_does_no_work(environment, monkeypatch):
    _pretend_ready(environment, tests=True)
    for name in ("_run_logged", "_install_packages", "_alone"):
        monkeypatch.setattr(environment, name, _refuse)
    environment.prepare(with_tests=True, with_window=True)


def _spoil_constraints(environment, monkeypatch, tmp_path):
    changed = tmp_path / "constraints.txt"
    changed.write_text("torch==9\n")
    monkeypatch.setattr(environment, "CONSTRAINTS", changed)


SPOILERS = {
    "the pins changed": _spoil_constraints,
    "python is gone": lambda environment, *_: environment.python().unlink(),
    "a package is gone": lambda environment, *_: shutil.rmtree(
        environment.libraries() / "torch-2.dist-info"
    ),
    "an install was cut off": lambda environment, *_: environment.UNFINISHED.touch(),
    "the stamp is broken": lambda environment, *_: environment.STAMP.write_text("{"),
}


@only_linux
@pytest.mark.parametrize("what", SPOILERS, ids=str)
def test_a_changed_or_broken_environment_is_mended(environment, monkeypatch, tmp_path, what):
    _pretend_ready(environment, tests=True)
    SPOILERS[what](environment, monkeypatch, tmp_path)
    mended = []
    monkeypatch.setattr(environment, "_install_system_libraries", lambda **_: None)
    monkeypatch.setattr(environment, "_install_packages", lambda **_: mended.append(True))
    monkeypatch.setattr(environment, "write_stamp", lambda **_: None)
    environment.prepare(with_tests=True, with_window=True)
    assert mended == [True]


@only_linux
def test_missing_libraries_are_named_with_the_exact_command(environment, monkeypatch, capsys):
    gone = machine.Library("libgone.so.9", "libgone9")
    monkeypatch.setattr(machine, "OFFSCREEN", (gone,))
    monkeypatch.setattr(machine, "X11", ())
    monkeypatch.setattr(environment.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(shutil, "which", lambda name: "/usr/bin/" + name)
    with pytest.raises(environment.CannotStart) as caught:
        environment.prepare(with_tests=True, with_window=True)
    for said in (str(caught.value), capsys.readouterr().out):
        assert "sudo apt-get install -y --no-install-recommends libgone9" in said


@only_linux
def test_a_failing_pip_is_told_in_plain_words(environment, monkeypatch):
    environment.UNFINISHED.parent.mkdir(parents=True)
    environment.UNFINISHED.touch()
    environment.python().parent.mkdir(parents=True)
    environment.python().write_text("#!/bin/sh\necho 'ERROR: No matching distribution'; exit 1\n")
    environment.python().chmod(0o755)
    with pytest.raises(environment.CannotStart) as caught:
        environment.pip(["install", "torch"])
    said = str(caught.value)
    assert "ERROR: No matching distribution" in said
    assert "connection to the internet" in said
    assert str(environment.LOG) in said
    assert not environment.UNFINISHED.exists()


def test_an_older_python_is_told_which_one_it_takes(monkeypatch, capsys):
    monkeypatch.syspath_prepend(str(ROOT / "packaging"))
    import start

    monkeypatch.setattr(start, "OLDEST", (9, 8))
    monkeypatch.setattr(start.shutil, "which", lambda _name: None)
    with pytest.raises(SystemExit) as ended:
        start.require_python()
    assert ended.value.code == 1
    assert "Expected: Python 9.8" in capsys.readouterr().err
