"""studio code and studio import: a drawing as Python, and back."""

import json

import pytest

from studio import jobs
from studio.cli import main
from studio.core.design.imported import Imported
from studio.core.problems import StudioError


@pytest.fixture
def project(tmp_path):
    path = tmp_path / "machines.studio"
    jobs.save_project(jobs.new_project("classify-rows"), path)
    return path


def test_a_drawing_goes_out_as_code_and_comes_back(project, tmp_path, capsys):
    code, back = tmp_path / "model.py", tmp_path / "back.studio"
    assert main(["code", str(project), "-o", str(code)]) == 0
    assert main(["import", str(code), "-o", str(back), "--json"]) == 0
    said = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert said["own"] is True
    assert said["problems"] == []
    assert jobs.open_project(back).graph == jobs.open_project(project).graph


def test_without_a_file_the_code_is_printed(project, capsys):
    assert main(["code", str(project)]) == 0
    shown = capsys.readouterr().out
    assert "class Network(nn.Module):" in shown
    assert "studio-drawing" not in shown


def test_another_s_file_is_not_run_unless_it_is_trusted(tmp_path, capsys):
    path, trace = tmp_path / "other.py", tmp_path / "was-run"
    path.write_text(f"open({str(trace)!r}, 'w').close()\n", encoding="utf-8")
    assert main(["import", str(path), "-o", str(tmp_path / "a.studio")]) == 1
    assert "--trust" in capsys.readouterr().err
    assert not trace.exists()


def test_of_several_networks_one_is_to_be_named(tmp_path, capsys, monkeypatch):
    path = tmp_path / "other.py"
    path.write_text("", encoding="utf-8")
    monkeypatch.setattr(
        jobs, "run_code", lambda *_: Imported(file="other.py", choices=("First", "Second"))
    )
    words = ["import", str(path), "--trust", "-o", str(tmp_path / "a.studio")]
    assert main(words) == 1
    said = capsys.readouterr().err
    assert "First, Second" in said
    assert "--network" in said


def test_nothing_is_written_over_unasked(project, tmp_path, capsys):
    code = tmp_path / "model.py"
    code.write_text("mine", encoding="utf-8")
    assert main(["code", str(project), "-o", str(code)]) == 1
    assert main(["import", str(code), "-o", str(project)]) == 1
    assert main(["import", str(code), "-o", str(tmp_path / "a.txt")]) == 1
    assert code.read_text(encoding="utf-8") == "mine"
    assert main(["code", str(project), "-o", str(code), "--force"]) == 0
    assert capsys.readouterr().err.count("--force") == 2


def test_a_file_that_is_no_text_or_not_there_is_told(tmp_path):
    path = tmp_path / "data.py"
    path.write_bytes(b"\xff\xfe\x00")
    assert jobs.read_code(path) is None
    with pytest.raises(StudioError) as refusal:
        jobs.read_code(tmp_path / "none.py")
    assert refusal.value.problem.code == "cannot-read"
