"""Files of other people, and what the child process would say of them, said in this one."""

import sys

import pytest

from studio.export.reading import child
from studio.export.reading.answer import Order, read
from studio.export.reading.finding import NAME


@pytest.fixture
def written(tmp_path, monkeypatch):
    """A file with that text; what it would leave in the process is taken away again."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    before = set(sys.modules)

    def write(text, name="given.py"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    yield write
    sys.modules.pop(NAME, None)
    for name in set(sys.modules) - before:
        file = getattr(sys.modules[name], "__file__", None) or ""
        if file.startswith(str(tmp_path)):
            del sys.modules[name]


@pytest.fixture
def drawn(tmp_path):
    """What the child would say of a file, said here: its other half is only how it is started."""

    def drawn(path, kind="python", **order):
        answer = tmp_path / "answer.json"
        child.answer(Order(str(path), kind, str(answer), **order))
        return read(answer.read_bytes(), path.name)

    return drawn
