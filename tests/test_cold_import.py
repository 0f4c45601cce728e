"""What an import loads: the core nothing heavy, the window no torch and no pandas."""

import json
import subprocess
import sys

import pytest

from tests import fences

HEAVY = ("torch", "pandas", "numpy", "PySide6", "sklearn", "pyqtgraph")
MODULES = fences.modules_of_studio()


def _loaded_by(code: str) -> set[str]:
    """The heavy libraries that a fresh process has loaded after running the code."""
    script = (
        f"{code}\nimport json, sys\n"
        f"print('\\n' + json.dumps([name for name in {HEAVY!r} if name in sys.modules]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=fences.ROOT, timeout=100
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


def _need(*names: str) -> None:
    absent = [name for name in names if name not in MODULES]
    if absent:
        pytest.skip(f"not written yet: {', '.join(absent)}")


def test_the_core_loads_no_heavy_library():
    core = [name for name in MODULES if fences.is_within(name, "studio.core")]
    assert _loaded_by("import " + ", ".join(core)) == set()


def test_the_command_line_loads_no_heavy_library():
    _need("studio.jobs", "studio.cli")
    assert _loaded_by("import studio.jobs, studio.cli, studio.__main__") == set()


def test_help_and_version_load_no_heavy_library():
    _need("studio.cli")
    for word in ("--help", "--version"):
        code = (
            "import contextlib, studio.__main__ as door\n"
            "with contextlib.suppress(SystemExit):\n"
            f"    door.main([{word!r}])"
        )
        assert _loaded_by(code) == set()


def test_the_window_opens_without_torch_and_pandas():
    _need("studio.ui.app", "studio.ui.main_window")
    loaded = _loaded_by("from studio.ui.app import build\nkept = build([])")
    assert "PySide6" in loaded
    assert not loaded & {"torch", "pandas", "sklearn"}


def test_qt_keeps_its_references_to_none():
    """PySide6 6.12.0 loses one in each call; on Python 3.11 the process dies of it."""
    from PySide6.QtGui import QColor

    colour = QColor()
    before = sys.getrefcount(None)
    for _ in range(1000):
        colour.setRed(1)
    assert sys.getrefcount(None) > before - 500


def test_the_program_ends_without_a_search_for_garbage():
    """With torch loaded that search takes seconds, for memory that is given back anyway."""
    code = (
        "import atexit, gc\n"
        "from studio.__main__ import main\n"
        "atexit.register(lambda: print(gc.get_freeze_count() > 0))\n"  # the first comes last
        "main(['templates'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=fences.ROOT, timeout=100
    )
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "True"), done.stderr
