"""The command line under trouble: what is refused, what goes on, and what is never overwritten."""

from pathlib import Path

import pytest

from studio import jobs
from studio.core.run.archive import Archive
from tests.test_cli import lines, rows, run

__all__ = ["rows"]  # a fixture
Capture = pytest.CaptureFixture[str]


def made(capsys: Capture, project: Path, *words: object) -> Path:
    """A new project."""
    status, _out, err = run(capsys, "new", "-o", project, *words)
    assert status == 0, err
    return project


def weights(project: Path, name: str) -> dict[str, bytes]:
    folder = project.with_suffix(".runs") / name
    return {kind: (folder / f"{kind}.safetensors").read_bytes() for kind in ("best", "last")}


def test_a_run_killed_before_its_first_checkpoint_starts_again(
    rows: Path, tmp_path: Path, capsys: Capture
) -> None:
    project = made(capsys, tmp_path / "a.studio", "--data", rows)
    assert run(capsys, "train", project, "--epochs", 3)[0] == 0
    changed = jobs.with_overrides(jobs.open_project(project), epochs=3)
    Archive(project.with_suffix(".runs")).begin(changed).close()  # as a kill leaves it
    status, out, err = run(capsys, "train", project, "--resume", "--json")
    events = lines(out)
    assert status == 0, err
    assert (events[0]["run"], events[0]["first_epoch"], events[0]["first_step"]) == ("run-2", 1, 1)
    assert any("from its beginning" in str(event.get("text")) for event in events)
    assert weights(project, "run-2") == weights(project, "run-1")


def test_a_run_goes_on_where_project_and_data_have_moved_together(
    rows: Path, tmp_path: Path, capsys: Capture
) -> None:
    project = made(capsys, tmp_path / "a.studio", "--data", rows)
    Archive(project.with_suffix(".runs")).begin(jobs.open_project(project)).close()
    moved = tmp_path / "moved"
    moved.mkdir()
    for path in (project, rows, project.with_suffix(".runs")):
        path.rename(moved / path.name)
    status, _out, err = run(capsys, "train", moved / "a.studio", "--resume", "--epochs", 1)
    assert status == 0, err
