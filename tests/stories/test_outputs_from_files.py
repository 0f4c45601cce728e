"""From folders and tables to answers: masks, pictures again, two pictures compared, two targets."""

import csv
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from studio import jobs
from studio.core.design.report import examine
from studio.core.run.control import RunControl
from studio.core.run.events import RunEnded
from tests.engine.test_outputs import drawn


def trained(project, folder):
    training = replace(project.training, epochs=2, patience=0, device="cpu")
    report = examine(project)
    assert report.can_train, report.obstacle
    events = list(jobs.train(replace(project, training=training), folder, RunControl()))
    assert isinstance(events[-1], RunEnded)
    assert events[-1].outcome == "completed", events[-1].problem


def lines(path):
    return list(csv.reader(path.read_text().splitlines()))


def test_a_folder_of_pictures_and_masks_opens_trains_and_is_told(tmp_path):
    drawn(tmp_path / "data")
    project = jobs.new_project(data=str(tmp_path / "data"))
    assert project.dataset.task() == "masks"
    trained(project, tmp_path / "runs")
    found = jobs.evaluate(tmp_path / "runs")
    assert 0 <= found.figures["mean_iou"] <= 1
    count, _ = jobs.predict(tmp_path / "runs", str(tmp_path / "data"), tmp_path / "said.csv")
    head, *rows = lines(tmp_path / "said.csv")
    assert (head, count, len(rows)) == (["file", "mask 0", "mask 255"], 24, 24)
    assert sum(map(float, rows[0][1:])) == pytest.approx(1, abs=1e-5)
    result = jobs.export(tmp_path / "runs", None, "torchscript", tmp_path / "model.pt")
    assert result.proof.same_class


def test_pictures_that_are_input_and_target_are_given_again(tmp_path):
    drawn(tmp_path / "data")
    dataset = jobs.open_data(str(tmp_path / "data"))
    dataset = dataset.with_column("mask", role="ignore").with_column("picture", role="both")
    trained(jobs.new_project(dataset=dataset), tmp_path / "runs")
    found = jobs.evaluate(tmp_path / "runs")
    assert len(found.distances) == len(found.rows)
    jobs.predict(tmp_path / "runs", str(tmp_path / "data"), tmp_path / "said.csv")
    head, *rows = lines(tmp_path / "said.csv")
    assert head == ["file", "picture: distance"]
    assert all(0 <= float(row[1]) <= 1 for row in rows)


def test_two_pictures_of_a_row_go_through_two_branches(tmp_path):
    draw = np.random.default_rng(0)
    rows = ["left,right,same"]
    for number in range(40):
        shade = draw.integers(0, 2, 2) * 200
        for side, value in zip(("a", "b"), shade, strict=True):
            pixels = np.clip(value + draw.integers(0, 40, (8, 8)), 0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(tmp_path / f"{side}{number}.png")
        rows.append(f"a{number}.png,b{number}.png,{'yes' if shade[0] == shade[1] else 'no'}")
    (tmp_path / "pairs.csv").write_text("\n".join(rows) + "\n")
    project = jobs.new_project(data=str(tmp_path / "pairs.csv"), targets=["same"])
    assert [one.name for one in project.dataset.model_inputs()] == ["left", "right"]
    trained(project, tmp_path / "runs")
    assert jobs.evaluate(tmp_path / "runs").labels == ("no", "yes")


def table(tmp_path, rows: int = 80):
    draw = np.random.default_rng(0)
    text = ["x,y,side,far"]
    for x, y in draw.normal(0, 1, (rows, 2)):
        text.append(f"{x:.4f},{y:.4f},{'right' if x > 0 else 'left'},{10 + 3 * y:.4f}")
    path = tmp_path / "table.csv"
    path.write_text("\n".join(text) + "\n")
    return path


def test_two_targets_of_a_table_are_told_in_one_file(tmp_path):
    path = table(tmp_path)
    project = jobs.new_project(data=str(path), targets=["side", "far"])
    trained(project, tmp_path / "runs")
    found = jobs.evaluate(tmp_path / "runs")
    assert (found.output, [one.output for one in found.others]) == ("side", ["far"])
    jobs.predict(tmp_path / "runs", str(path), tmp_path / "said.csv")
    head, *rows = lines(tmp_path / "said.csv")
    assert head == ["row", "side", "left", "right", "far"]
    assert len(rows) == 80


def test_numbers_and_a_category_of_a_table_are_given_again(tmp_path):
    dataset = jobs.open_data(str(table(tmp_path)))
    for name in ("x", "y", "far", "side"):
        dataset = dataset.with_column(name, role="both")
    project = jobs.new_project(dataset=dataset)
    assert [one.name for one in project.dataset.model_outputs()] == ["numbers", "side"]
    trained(project, tmp_path / "runs")
    found = jobs.evaluate(tmp_path / "runs")
    assert found.target_names == ("x", "y", "far")
    assert len(found.distances) == len(found.rows)
    jobs.predict(tmp_path / "runs", str(tmp_path / "table.csv"), tmp_path / "said.csv")
    head, *rows = lines(tmp_path / "said.csv")
    assert head == ["row", "x", "y", "far", "numbers: distance", "side", "left", "right"]
    told = {int(row[0]): float(row[4]) for row in rows}
    for row, distance in zip(found.rows, found.distances, strict=True):
        assert told[row] == pytest.approx(distance, rel=1e-3)
