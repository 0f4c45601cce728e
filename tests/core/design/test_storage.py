"""Project files: round trips, hostile files, and kill -9 while saving."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core.design.budget import Budget
from studio.core.design.shaping import SplitSpec
from studio.core.design.storage import project_from_json, read_project, to_json, write_project
from studio.core.design.training import TrainingSpec
from studio.core.problems import StudioError
from tests.builders import chain, images, table


def good() -> dict[str, object]:
    """A valid project file as plain values."""
    return json.loads(json.dumps(to_json(chain(table(classes=3), ("linear", {"out_features": 3})))))


def test_a_project_comes_back_as_it_was(tmp_path: Path) -> None:
    project = chain(table(classes=3, categories={"city": 4}), "linear", "relu")
    project = replace(
        project,
        training=TrainingSpec(
            optimizer="sgd", epochs=3, optimizer_params={"momentum": 0.5, "nesterov": True}
        ),
    )
    write_project(project, tmp_path / "a.studio")
    assert read_project(tmp_path / "a.studio") == project


def test_what_is_kept_together_is_stored_and_older_files_keep_nothing(tmp_path: Path) -> None:
    project = chain(table(), "linear")
    split = SplitSpec(method="column", column="part", together="x1")
    project = replace(project, dataset=replace(project.dataset, split=split))
    write_project(project, tmp_path / "a.studio")
    assert read_project(tmp_path / "a.studio").dataset.split == split
    plain = json.loads((tmp_path / "a.studio").read_text())
    del plain["dataset"]["split"]["together"]
    older = project_from_json(plain, tmp_path)
    assert older.dataset.split == replace(split, together="")


def test_the_budget_is_kept_in_the_file_and_an_older_file_has_none(tmp_path: Path) -> None:
    project = chain(table(), "linear")
    write_project(project, tmp_path / "a.studio")
    assert "budget" not in json.loads((tmp_path / "a.studio").read_text())
    assert read_project(tmp_path / "a.studio").budget == Budget()
    bounded = replace(project, budget=Budget(milliseconds=2.5, size=10.0))
    write_project(bounded, tmp_path / "b.studio")
    assert read_project(tmp_path / "b.studio") == bounded


@pytest.mark.parametrize("wrong", [-1.0, 1e30, True, "many", None])
def test_a_budget_that_cannot_be_is_refused(wrong: object) -> None:
    with pytest.raises(StudioError, match="budget"):
        project_from_json({**good(), "budget": {"memory": wrong}})


def test_the_same_project_gives_the_same_bytes(tmp_path: Path) -> None:
    project = chain(images(), "flatten", "linear")
    write_project(project, tmp_path / "a.studio")
    write_project(read_project(tmp_path / "a.studio"), tmp_path / "b.studio")
    assert (tmp_path / "a.studio").read_bytes() == (tmp_path / "b.studio").read_bytes()


def test_data_are_found_again_when_the_folder_moves(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    project = chain(table(), "linear")
    project = replace(project, dataset=replace(project.dataset, path=str(old / "rows.csv")))
    write_project(project, old / "a.studio")
    assert json.loads((old / "a.studio").read_text())["dataset"]["path"] == "rows.csv"
    old.rename(new)
    assert read_project(new / "a.studio").dataset.path == str(new / "rows.csv")


def _broken(**changes: object) -> bytes:
    return json.dumps({**good(), **changes}).encode()


def _with_node(**changes: object) -> bytes:
    data = good()
    data["graph"]["nodes"][1].update(changes)  # type: ignore[index]
    return json.dumps(data).encode()


def _circle() -> bytes:
    data = good()
    graph = data["graph"]
    graph["edges"] = [{"source": "linear_1", "target": "linear_1", "port": 0}]  # type: ignore[index]
    return json.dumps(data).encode()


HOSTILE = {
    "empty": b"",
    "truncated": json.dumps(good()).encode()[:-40],
    "not json": b"\x80\x04\x95pickle",
    "another format": b'{"format": "gimp"}',
    "a list": b"[]",
    "newer": _broken(version=2),
    "version true": _broken(version=True),
    "version text": _broken(version="1"),
    "unknown key": _broken(plugins=["os.system"]),
    "missing key": json.dumps({k: v for k, v in good().items() if k != "graph"}).encode(),
    "unknown layer": _with_node(layer="torch.load"),
    "import name": _with_node(id="__import__('os')"),
    "huge size": _with_node(params={"out_features": 10**12}),
    "huge digits": _with_node(params={"out_features": "9"}).replace(b'"9"', b"9" * 10_000),
    "unknown param": _with_node(params={"code": "print()"}),
    "nan": _with_node(params={"out_features": float("nan")}),
    "double id": _with_node(id="input_1"),
    "circle": _circle(),
    "deep": b'{"format": ' + b"[" * 200_000 + b"]" * 200_000 + b"}",
    "deep but allowed by the parser": b'{"format": ' + b"[" * 500 + b"]" * 500 + b"}",
    "duplicate keys": b'{"format": "studio-project", "format": "studio-project"}',
    "infinity": _broken(training={"learning_rate": float("inf")}),
    "wrong type": _broken(training={"epochs": "many"}),
    "bool as number": _broken(training={"epochs": True}),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_one_clear_problem(name: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.studio"
    path.write_bytes(HOSTILE[name])
    with pytest.raises(StudioError) as caught:
        read_project(path)
    problem = caught.value.problem
    assert problem.message
    assert problem.place.key
    assert path.read_bytes() == HOSTILE[name]


def test_a_missing_file_and_a_folder_are_problems(tmp_path: Path) -> None:
    for path in (tmp_path / "none.studio", tmp_path):
        with pytest.raises(StudioError, match="cannot be opened"):
            read_project(path)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda part: st.lists(part) | st.dictionaries(st.text(), part),
    max_leaves=20,
)


@given(st.sampled_from(["dataset", "graph", "training", "budget"]), JSON)
def test_any_part_replaced_by_anything_is_read_or_refused(key: str, value: object) -> None:
    try:
        project_from_json({**good(), key: value})
    except StudioError as error:
        assert error.problem.message  # noqa: PT017 - either outcome is right


def test_writing_where_one_may_not_leaves_the_old_file(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="could not be written"):
        write_project(chain(table(), "linear"), tmp_path / "no" / "a.studio")


KILLED = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from studio.core.design.storage import write_project
from tests.builders import chain, table
projects = [chain(table(numbers=n), "linear") for n in (300, 310)]
print("ready", flush=True)
while True:
    for project in projects:
        write_project(project, Path(sys.argv[1]))
"""


def test_kill_while_saving_leaves_the_old_or_the_new_version(tmp_path: Path) -> None:
    path = tmp_path / "a.studio"
    projects = [chain(table(numbers=n), "linear") for n in (300, 310)]
    write_project(projects[0], path)
    root = str(Path(__file__).parents[3])
    for number in range(12):
        with subprocess.Popen(
            [sys.executable, "-c", KILLED, str(path), root], stdout=subprocess.PIPE
        ) as process:
            assert process.stdout is not None
            process.stdout.readline()
            deadline = time.monotonic() + 0.004 * number
            while time.monotonic() < deadline:
                os.sched_yield()
            process.send_signal(signal.SIGKILL)
        assert read_project(path) in projects


def _first(data: dict) -> dict:
    return data["dataset"]["summary"]["columns"][0]


@pytest.mark.parametrize(
    "damage",
    [
        lambda d: d["dataset"].update(path="a\0b"),
        lambda d: d["dataset"].update(path="", source="table"),
        lambda d: d["dataset"]["columns"].append(d["dataset"]["columns"][0]),
        lambda d: d["dataset"]["summary"]["columns"].append(_first(d)),
        lambda d: d["dataset"]["summary"].update(rows=-5),
        lambda d: d["dataset"]["summary"].update(own_test_rows=10**9),
        lambda d: _first(d).update(kind="image", shape=[1, 0, 28]),
        lambda d: _first(d).update(kind="image", shape=[3, 10**9, 10**9]),
        lambda d: _first(d).update(categories=["a", "b"], counts=[1]),
        lambda d: _first(d).update(categories=["a", "a"], counts=[1, 1]),
        lambda d: _first(d).update(bars=[1, 2], edges=[0.0]),
        lambda d: _first(d).update(missing=10**9),
    ],
)
def test_a_dataset_that_contradicts_itself_is_refused(damage) -> None:
    data = good()
    project_from_json(data)
    damage(data)
    with pytest.raises(StudioError, match="about its data cannot be"):
        project_from_json(data)


def test_half_a_character_is_refused(tmp_path: Path) -> None:
    data = good()
    data["graph"]["nodes"][0]["name"] = "\ud800"
    path = tmp_path / "a.studio"
    path.write_text(json.dumps(data))
    with pytest.raises(StudioError, match="half of a character"):
        read_project(path)
    data["graph"]["nodes"][0]["name"] = "\U0001f600"
    path.write_text(json.dumps(data))
    assert "\U0001f600" in {node.name for node in read_project(path).graph}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="POSIX pipes")
def test_a_pipe_is_no_project(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.studio")
    with pytest.raises(StudioError, match="a pipe"):
        read_project(tmp_path / "a.studio")
