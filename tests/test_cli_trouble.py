"""The command line under trouble: what is refused, what goes on, and what is never overwritten."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from studio import jobs
from studio.__main__ import main as start
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


def target_roles(project: Path) -> list[str]:
    columns = json.loads(project.read_text())["dataset"]["columns"]
    return [column["name"] for column in columns if column["role"] == "target"]


def test_several_targets_are_named_one_by_one(rows: Path, tmp_path: Path, capsys: Capture) -> None:
    words = ("--data", rows, "--target", "width", "--target", "height")
    assert target_roles(made(capsys, tmp_path / "a.studio", *words)) == ["width", "height"]


def test_a_project_that_cannot_be_trained_is_not_called_ready(
    tmp_path: Path, capsys: Capture
) -> None:
    only = tmp_path / "only.csv"
    only.write_text("y\n" + "a\nb\n" * 30)
    status, out, err = run(capsys, "new", "--data", only, "-o", tmp_path / "a.studio")
    assert status == 1
    assert "cannot be trained yet" in out
    assert "No column is an input" in err


def test_rows_whose_inputs_are_all_the_same_become_a_project_that_says_so(
    tmp_path: Path, capsys: Capture
) -> None:
    same = tmp_path / "same.csv"
    same.write_text("a,b,y\n" + "1,2,x\n1,2,y\n" * 50)
    status, out, err = run(capsys, "new", "--data", same, "-o", tmp_path / "a.studio")
    assert status == 1
    assert "cannot be trained yet" in out
    assert "No column is an input" in err


def test_more_folds_than_rows_are_refused(tmp_path: Path, capsys: Capture) -> None:
    few = tmp_path / "few.csv"
    few.write_text("a,y\n0.5,x\n1.5,y\n2.5,x\n3.5,y\n")
    project = made(capsys, tmp_path / "a.studio", "--data", few)
    status, _out, err = run(capsys, "train", project, "--folds", 5, "--epochs", 1)
    assert status == 1
    assert "5 folds need a row each" in err


@pytest.mark.parametrize("setting", ["header=maybe", "evil=1", "decimal=zz", "header=7"])
def test_an_import_setting_that_is_none_is_refused(
    setting: str, rows: Path, capsys: Capture
) -> None:
    status, _out, err = run(capsys, "look", rows, "--set", setting)
    assert status == 1
    assert setting.split("=")[0] in err.lower() or "names in first row" in err.lower()


@pytest.mark.parametrize("setting", ["missing=-999", "header=true", "delimiter=,", "quoting=false"])
def test_an_import_setting_may_look_like_a_number(
    setting: str, rows: Path, capsys: Capture
) -> None:
    assert run(capsys, "look", rows, "--set", setting)[0] == 0


def test_a_target_that_pictures_lack_is_refused(tmp_path: Path, capsys: Capture) -> None:
    words = ("new", "--template", "classify-images", "--target", "x", "-o", tmp_path / "a.studio")
    status, _out, err = run(capsys, *words)
    assert status == 1
    assert "no column called x" in err
    assert "picture, class" in err


@pytest.mark.parametrize("words", [("--epochs", "x"), ("--seed", "1.5"), ("--epochs", "0")])
def test_a_word_that_is_no_number_is_wrong_usage(
    words: tuple[str, str], tmp_path: Path, capsys: Capture
) -> None:
    with pytest.raises(SystemExit) as left:
        run(capsys, "train", tmp_path / "a.studio", *words)
    assert left.value.code == 2
    assert "expected a whole number" in capsys.readouterr().err


def test_odd_rows_are_told_and_nothing_is_written_over(
    rows: Path, tmp_path: Path, capsys: Capture
) -> None:
    project = made(capsys, tmp_path / "a.studio", "--data", rows)
    assert run(capsys, "train", project, "--epochs", 1)[0] == 0
    odd = tmp_path / "odd.csv"
    odd.write_text("verdict,colour,height,width\ngood,purple,tall,1.5\nbad,red,2,3\n")
    status, out, err = run(capsys, "predict", project, "--data", odd, "-o", tmp_path / "o.csv")
    assert status == 0
    assert out.startswith("2 answers")
    assert "purple" in err
    assert "row 1 (tall)" in err
    status, out, err = run(capsys, "evaluate", project, "--data", odd)
    assert "all of" in out
    assert "purple" in err
    for precious in (odd, project):
        before = precious.read_bytes()
        status, _out, err = run(capsys, "predict", project, "--data", odd, "-o", precious)
        assert status == 1
        assert "left as it is" in err
        assert precious.read_bytes() == before
    assert run(capsys, "export", project, "-o", project)[0] == 1
    assert jobs.open_project(project)


def test_results_go_to_standard_output_and_progress_does_not(
    rows: Path, tmp_path: Path, capsys: Capture
) -> None:
    project = made(capsys, tmp_path / "a.studio", "--data", rows)
    status, out, err = run(capsys, "train", project, "--epochs", 2)
    assert status == 0
    assert out.startswith("Best epoch")
    assert len(out.splitlines()) == 1
    assert "Epoch 2:" in err
    _status, out, _err = run(capsys, "runs", project)
    head, only = out.splitlines()
    assert head.split()[:3] == ["run", "started", "outcome"]
    assert only.index("completed") == head.index("outcome")


def test_names_cannot_steer_the_terminal(rows: Path, tmp_path: Path, capsys: Capture) -> None:
    project = made(capsys, tmp_path / "a.studio", "--data", rows)
    data = json.loads(project.read_text())
    data["graph"]["nodes"][1]["name"] = "\x1b[31m\nred"
    data["training"]["optimizer"] = "\x1b[2Jevil"
    project.write_text(json.dumps(data))
    status, out, err = run(capsys, "check", project)
    assert status == 1
    assert "\x1b" not in out + err
    assert "evil" in err


def test_a_terminal_of_few_letters_stops_nothing(rows: Path) -> None:
    words = [sys.executable, "-m", "studio", "look", str(rows)]
    rows.write_text(rows.read_text().replace("colour", "größe"), encoding="utf-8")
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(words, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    assert "gr\\xf6" in done.stdout


def test_ctrl_c_while_the_program_still_loads_is_no_traceback(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Interrupts:
        def find_spec(self, name: str, *_rest: object) -> None:
            if name == "studio.cli":
                raise KeyboardInterrupt

    monkeypatch.delitem(sys.modules, "studio.cli")
    monkeypatch.setattr(sys, "meta_path", [Interrupts(), *sys.meta_path])
    assert start(["doctor"]) == 130
