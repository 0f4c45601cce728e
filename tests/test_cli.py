"""The command line, from a file of rows to a proven model, in the words of the contract."""

import csv
import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from studio.cli import main
from studio.core.design.templates import TEMPLATES
from tests.data.media_files import picture
from tests.few import few_rows

ROWS = 240


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    """A small table whose class follows from two numbers and a category."""
    chance = random.Random(3)
    path = tmp_path / "parts.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["width", "height", "colour", "verdict"])
        for _ in range(ROWS):
            width, height = chance.uniform(0, 10), chance.uniform(0, 10)
            colour = chance.choice(["red", "green", "blue"])
            good = width + height > 10 or colour == "red"
            cells = [f"{width:.3f}", f"{height:.3f}" if chance.random() > 0.03 else "", colour]
            writer.writerow([*cells, "good" if good else "bad"])
    return path


def run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    """The exit status, standard output and standard error of one command."""
    status = main([str(word) for word in words])
    said = capsys.readouterr()
    return status, said.out, said.err


def lines(text: str) -> list[dict[str, object]]:
    """Each line as JSON; anything else on standard output is a fault."""
    return [json.loads(line) for line in text.splitlines()]


def test_look_prints_one_object(rows: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _err = run(capsys, "look", rows, "--rows", 3, "--json")
    found = lines(out)
    assert status == 0
    assert len(found) == 1
    facts = found[0]
    assert facts["kind"] == "table"
    assert facts["rows"] == ROWS
    columns = {c["name"]: c for c in facts["columns"]}  # type: ignore[attr-defined]
    assert columns["verdict"]["role"] == "target"
    assert columns["colour"]["kind"] == "category"
    assert columns["height"]["missing"] > 0
    assert len(facts["head"]) == 3  # type: ignore[arg-type]


def test_look_counts_what_can_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for label, colour in (("red", (255, 0, 0)), ("blue", (0, 0, 255))):
        for i in range(4):
            picture(tmp_path / label / f"{i}.png", colour)
    (tmp_path / "red" / "3.png").write_bytes(b"\x89PNG")
    _status, out, _err = run(capsys, "look", tmp_path, "--json")
    [facts] = lines(out)
    assert (facts["rows"], facts["broken_rows"]) == (7, 1)
    assert facts["labels"] == {"blue": 4, "red": 3}
    _status, out, _err = run(capsys, "look", tmp_path)
    assert "7 rows (1 more cannot be read)" in out


def test_from_a_file_to_a_proven_model(
    rows: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = tmp_path / "parts.studio"
    status, _out, err = run(capsys, "new", "--data", rows, "--target", "verdict", "-o", project)
    assert status == 0, err
    assert json.loads(project.read_text())["dataset"]["path"] == "parts.csv"

    status, out, _err = run(capsys, "check", project, "--json")
    report = lines(out)[0]
    assert status == 0
    assert report["can_train"] is True

    status, out, err = run(capsys, "train", project, "--epochs", 12, "--seed", 1, "--json")
    events = lines(out)
    assert status == 0, err
    assert events[0]["event"] == "run_started"
    assert [e["event"] for e in events].count("run_ended") == 1
    assert events[-1]["event"] == "run_ended"
    assert events[-1]["outcome"] == "completed"
    assert events[-1]["test"]["accuracy"] > 0.7  # type: ignore[index]
    done = [e for e in events if e["event"] == "epoch_done"]
    assert [e["epoch"] for e in done] == list(range(1, len(done) + 1))
    assert done[-1]["training"]["loss"] < done[0]["training"]["loss"]  # type: ignore[index]

    status, out, _err = run(capsys, "runs", project, "--json")
    assert status == 0
    assert lines(out)[0]["outcome"] == "completed"

    status, out, _err = run(capsys, "evaluate", project, "--json")
    figures = lines(out)[0]
    assert status == 0
    assert figures["figures"]["accuracy"] == pytest.approx(  # type: ignore[index]
        events[-1]["test"]["accuracy"]
    )  # type: ignore[index]
    assert sum(map(sum, figures["matrix"])) == figures["rows"]  # type: ignore[arg-type]

    answers = tmp_path / "answers.csv"
    status, _out, err = run(capsys, "predict", project, "--data", rows, "-o", answers)
    assert status == 0, err
    missing = sum(not line.split(",")[1] for line in rows.read_text().splitlines())
    assert f"{missing} numbers are missing and are filled" in err
    assert f"{missing} in height" in err
    with answers.open(newline="", encoding="utf-8") as file:
        given = list(csv.DictReader(file))
    assert len(given) == ROWS
    assert {row["verdict"] for row in given} <= {"good", "bad"}
    assert all(abs(float(row["good"]) + float(row["bad"]) - 1) < 1e-4 for row in given)

    model = tmp_path / "parts.pt"
    status, out, err = run(capsys, "export", project, "--format", "torchscript", "-o", model)
    assert status == 0, err
    assert model.exists()
    assert "fresh process" in out


def test_data_that_changed_since_they_were_opened_are_named_in_the_run(
    rows: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = tmp_path / "parts.studio"
    run(capsys, "new", "--data", rows, "--target", "verdict", "-o", project)
    rows.write_text(rows.read_text(encoding="utf-8") + "1.0,2.0,red,good\n", encoding="utf-8")
    status, out, err = run(capsys, "train", project, "--epochs", 1, "--json")
    assert status == 0, err
    assert any(e["event"] == "note" and "has changed" in str(e["text"]) for e in lines(out))


def test_trouble_is_said_without_a_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = run(capsys, "train", tmp_path / "none.studio")
    assert status == 1
    assert out == ""
    assert "cannot be opened" in err
    assert "Traceback" not in err


def test_wrong_usage_gives_two(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["train"])
    assert left.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_new_does_not_replace_a_file_unasked(
    rows: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = tmp_path / "a.studio"
    project.write_text("precious")
    status, _out, err = run(capsys, "new", "--data", rows, "-o", project)
    assert status == 1
    assert project.read_text() == "precious"
    assert "there already" in err
    assert run(capsys, "new", "--data", rows, "-o", project, "--force")[0] == 0


def test_an_unknown_target_names_the_columns(
    rows: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, _out, err = run(
        capsys, "new", "--data", rows, "--target", "price", "-o", tmp_path / "a.studio"
    )
    assert status == 1
    assert "verdict" in err


def test_commands_without_a_model_say_so(
    rows: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = tmp_path / "a.studio"
    run(capsys, "new", "--data", rows, "-o", project)
    for words in (
        ("evaluate", project),
        ("export", project, "-o", tmp_path / "m.pt"),
        ("predict", project, "--data", rows, "-o", tmp_path / "o.csv"),
        ("train", project, "--resume"),
    ):
        status, _out, err = run(capsys, *words)
        assert status == 1, words
        assert "error:" in err
    assert not (tmp_path / "m.pt").exists()
    assert not (tmp_path / "o.csv").exists()


ASKED = [key for key, template in TEMPLATES.items() if template.family == "question"]


@pytest.mark.parametrize("template", ASKED)
def test_every_promised_template_trains_on_its_sample(
    template: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = tmp_path / "sample.studio"
    with few_rows(90, {"demand": 500, "machine": 500, "states": 500, "ratings": 900}):
        assert run(capsys, "new", "--template", template, "-o", project)[0] == 0
        status, out, err = run(capsys, "train", project, "--epochs", 1, "--json")
    assert status == 0, err
    assert lines(out)[-1]["outcome"] == "completed"


def test_layers_and_templates_print_the_catalogue(capsys: pytest.CaptureFixture[str]) -> None:
    _status, out, _err = run(capsys, "layers", "--json")
    layers = {layer["key"]: layer for layer in lines(out)}
    assert layers["conv2d"]["torch"] == "Conv2d"
    assert {"key", "kind", "default"} <= set(layers["conv2d"]["params"][0])  # type: ignore[index]
    _status, out, _err = run(capsys, "templates", "--json")
    assert {"classify-rows", "predict-number", "classify-images"} <= {
        template["key"] for template in lines(out)
    }


def test_doctor_names_versions_and_devices(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _err = run(capsys, "doctor", "--json")
    facts = lines(out)[0]
    assert status == 0
    assert set(facts["devices"]) == {"cpu", "cuda", "mps"}  # type: ignore[call-overload]
    assert facts["packages"]["torch"].startswith("2.13")  # type: ignore[index]


def test_ctrl_c_keeps_a_run_that_can_go_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = tmp_path / "a.studio"
    run(capsys, "new", "--template", "classify-rows", "-o", project)
    words = [sys.executable, "-m", "studio", "train", str(project), "--epochs", "400", "--json"]
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, text=True, env={**os.environ, "OMP_NUM_THREADS": "1"}
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if json.loads(line)["event"] == "epoch_done":
                process.send_signal(signal.SIGINT)
                break
        rest = process.stdout.read()
        assert process.wait() == 130
    assert json.loads(rest.splitlines()[-1])["outcome"] == "stopped"
    done = int(lines(run(capsys, "runs", project, "--json")[1])[0]["epochs_done"])  # type: ignore[call-overload]
    status, out, err = run(capsys, "train", project, "--resume", "--epochs", done + 2, "--json")
    events = lines(out)
    assert status == 0, err
    assert events[0]["first_epoch"] >= 1  # type: ignore[operator]
    assert [e["epoch"] for e in events if e["event"] == "epoch_done"][-1] == done + 2
