"""What scripts may rely on: the JSON of every command, key by key, as the contract names them.

The lists are copied out of the contract on purpose: a key that is renamed fails here, a key
that is added does not.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import onnxruntime
import pytest
import torch

from studio.cli import main
from studio.core.run.events import KINDS
from studio.engine import modules
from tests.test_cli import lines, rows, run

__all__ = ["rows"]  # a fixture
Capture = pytest.CaptureFixture[str]
Say = Callable[..., list[dict[str, Any]]]

EVENTS = {
    "run_started": {"run", "device", "parameters", "steps_per_epoch", "epochs"},
    "step_done": {"epoch", "step", "loss", "learning_rate"},
    "epoch_done": {"epoch", "training", "validation", "seconds", "samples_per_second"},
    "checkpoint_saved": {"epoch", "path"},
    "note": {"text"},
    "run_ended": {"outcome", "best_epoch", "test", "problem"},
}
PROBLEM = {"severity", "place", "code", "message", "hint"}
RANGE = {"at_least", "at_most", "above", "choices"}
LOOK = {"kind", "settings", "rows", "columns", "head", "problems"}
COLUMN = {"name", "kind", "role", "missing", "distinct"}
SETTINGS = {"delimiter", "encoding", "decimal", "header"}
CARD = {
    *("schema", "task", "inputs", "outputs", "metrics", "samples", "data", "training"),
    *("versions", "created", "weights_sha256"),
}


@pytest.fixture
def say(capsys: Capture) -> Say:
    """Runs a command with --json that must succeed, and gives its lines."""

    def said(*words: object) -> list[dict[str, Any]]:
        status, out, err = run(capsys, *words, "--json")
        assert status == 0, err
        return lines(out)

    return said


@pytest.fixture
def project(rows: Path, tmp_path: Path) -> Path:
    """A tiny project, ready to train."""
    path = tmp_path / "parts.studio"
    assert main(["new", "--data", str(rows), "--target", "verdict", "-o", str(path)]) == 0
    return path


@pytest.fixture
def trained(project: Path, say: Say) -> Path:
    """The same with one run."""
    say("train", project, "--epochs", 1)
    return project


def test_look_says_how_a_table_was_read(rows: Path, say: Say) -> None:
    rows.write_text(rows.read_text(encoding="utf-8") + "1,,red,\n", encoding="utf-8")
    (found,) = say("look", rows, "--rows", 300)
    assert found.keys() >= LOOK
    assert found["settings"].keys() >= SETTINGS
    assert all(column.keys() >= COLUMN for column in found["columns"])
    assert found["head"][-1] == [1, None, "red", None]


def test_look_says_what_pictures_are_there(say: Say, tmp_path: Path) -> None:
    image = pytest.importorskip("PIL.Image")
    for label in ("cat", "dog"):
        (tmp_path / "pets" / label).mkdir(parents=True)
        for number in range(3):
            image.new("L", (8, 8), 40 * number).save(tmp_path / "pets" / label / f"{number}.png")
    (found,) = say("look", tmp_path / "pets")
    assert found.keys() >= LOOK
    assert found["kind"] == "images"
    assert found["rows"] == 6


def test_every_problem_has_its_place_and_hint(project: Path, capsys: Capture) -> None:
    data = json.loads(project.read_text(encoding="utf-8"))
    data["graph"]["edges"] = []
    project.write_text(json.dumps(data), encoding="utf-8")
    status, out, _err = run(capsys, "check", project, "--json")
    (found,) = lines(out)
    assert status == 1
    assert found["problems"]
    assert all(p.keys() >= PROBLEM and p["hint"] for p in found["problems"])  # type: ignore[attr-defined]


def test_check_gives_shape_and_parameters_of_each_node(project: Path, say: Say) -> None:
    (found,) = say("check", project)
    assert found["nodes"]
    assert all(node.keys() >= {"id", "shape", "parameters"} for node in found["nodes"])


def test_layers_say_what_each_becomes_and_in_which_range(say: Say) -> None:
    for layer in say("layers"):
        assert layer.keys() >= {"key", "title", "family", "torch", "inputs", "ports", "params"}
        assert 0 <= layer["inputs"]["least"] <= layer["inputs"]["most"]
        assert len(layer["ports"]) <= layer["inputs"]["most"]
        assert hasattr(torch.nn, layer["torch"]) or hasattr(modules, layer["torch"])
        assert all(param.keys() >= {"key", "kind", "default", *RANGE} for param in layer["params"])
    norm = {layer["key"]: layer for layer in say("layers")}["batch_norm"]
    eps = {param["key"]: param for param in norm["params"]}["eps"]
    assert eps["above"] == 0.0


def test_templates_say_what_can_be_chosen(say: Say) -> None:
    promised = {"classify-rows", "predict-number", "classify-images"}
    assert {template["key"] for template in say("templates")} >= promised


def test_train_prints_the_events_of_a_run(project: Path, say: Say) -> None:
    events = say("train", project, "--epochs", 2)
    assert EVENTS.keys() - {"note"} <= {event["event"] for event in events} <= EVENTS.keys()
    for event in events:
        assert event.keys() >= EVENTS[event["event"]], event
    assert events[-1]["event"] == "run_ended"
    assert events[-1]["outcome"] == "completed"
    assert events[-1]["problem"] is None


def test_every_kind_of_event_is_in_the_contract() -> None:
    for_the_window = {"health_seen"}  # never printed
    assert KINDS.keys() - for_the_window == EVENTS.keys()


def test_a_run_that_fails_ends_with_its_problem(project: Path, rows: Path, capsys: Capture) -> None:
    rows.unlink()
    status, out, _err = run(capsys, "train", project, "--json")
    (ended,) = lines(out)
    assert status == 1
    assert (ended["event"], ended["outcome"]) == ("run_ended", "failed")
    assert ended.keys() >= EVENTS["run_ended"]
    assert ended["problem"].keys() >= PROBLEM  # type: ignore[attr-defined]


def test_runs_and_evaluate_give_settings_and_figures(trained: Path, say: Say) -> None:
    (record,) = say("runs", trained)
    assert record.keys() >= {"run", "outcome", "training", "figures", "best_epoch"}
    assert record["training"].keys() >= {"optimizer", "learning_rate", "batch_size", "seed"}
    (found,) = say("evaluate", trained, "--part", "validation")
    assert found.keys() >= {"run", "part", "figures"}
    assert found["part"] == "validation"


def test_an_export_carries_its_card(trained: Path, say: Say, tmp_path: Path) -> None:
    (found,) = say("export", trained, "-o", tmp_path / "parts.pt")
    assert found.keys() >= {"format", "path", "size", "proof"}
    extra = {"card.json": ""}
    torch.jit.load(str(tmp_path / "parts.pt"), _extra_files=extra)
    card = json.loads(extra["card.json"])
    assert card.keys() >= CARD
    assert all(part.keys() >= {"name", "kind", "dtype", "shape"} for part in card["inputs"])
    assert all(column.keys() >= {"name", "kind", "unit"} for column in card["inputs"][0]["columns"])
    assert all(part.keys() >= {"name", "kind", "labels"} for part in card["outputs"])
    assert all(sample.keys() >= {"input", "output", "tolerance"} for sample in card["samples"])
    assert len(card["samples"]) == 5


def test_onnx_leaves_with_other_operators_and_a_fixed_shape(
    trained: Path, say: Say, tmp_path: Path
) -> None:
    path = tmp_path / "parts.onnx"
    settings = ("--format", "onnx", "--opset", 20, "--batch", 2)
    (found,) = say("export", trained, *settings, "-o", path)
    assert found["proof"]["checked_batch_sizes"] == [2]
    session = onnxruntime.InferenceSession(str(path))
    assert session.get_inputs()[0].shape[0] == 2
    assert "card" in session.get_modelmeta().custom_metadata_map


def test_doctor_gives_versions_and_devices(say: Say) -> None:
    (found,) = say("doctor")
    assert found.keys() >= {"packages", "devices", "missing_libraries"}
