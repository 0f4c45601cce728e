"""How much memory there is: asked of the machine, and held against what training needs."""

from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from studio import machine
from studio.cli import main
from studio.core.design.edits import set_param
from studio.core.design.memory_check import MACHINE
from studio.core.design.picture_networks import classic
from studio.core.design.project import Project
from studio.core.design.storage import write_project
from tests.builders import images


@pytest.fixture
def large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose convolution gives a great deal, and a machine that is forgotten again."""
    monkeypatch.setattr(MACHINE, "memory", 0)
    dataset = images(3, 224, 224, classes=10)
    graph = set_param(classic(dataset), "conv2d_1", "out_channels", 33)
    project = Project(dataset, graph)
    path = tmp_path / "large.studio"
    write_project(replace(project, training=replace(project.training, batch_size=4096)), path)
    return path


def test_the_machine_says_how_much_memory_it_has() -> None:
    assert machine.memory() == pytest.approx(psutil.virtual_memory().total, rel=0.05)


def test_where_the_machine_does_not_say_nothing_is_held_against_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def unknown(_name: str) -> int:
        raise ValueError

    monkeypatch.setattr(machine.os, "sysconf", unknown)
    assert machine.memory() == 0


def test_a_check_names_the_node_that_takes_most(
    large: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "memory", lambda: 16 * 10**9)
    main(["check", str(large)])
    said = capsys.readouterr()
    text = " ".join((said.out + said.err).split())
    assert "Convolution 2D 1 takes most of it, 26.6 GB." in text
    assert "Set the batch size to 256, or make Convolution 2D 1 smaller." in text
