from dataclasses import replace

import pytest

from studio.core.design.dataset import (
    ColumnChoice,
    ColumnSummary,
    DatasetSpec,
    DatasetSummary,
)
from studio.core.run.usage import answers_of, example, gives, inputs_of, takes
from tests.builders import images

TABLE = DatasetSpec(
    "table",
    "/tmp/iris.csv",
    columns=(
        ColumnChoice("length", "number", "input"),
        ColumnChoice("site", "category", "input"),
        ColumnChoice("species", "category", "target"),
    ),
    summary=DatasetSummary(
        "table",
        10,
        (
            ColumnSummary("length", "number", "input", mean=5.25),
            ColumnSummary("site", "category", "input", categories=("A", "B")),
            ColumnSummary("species", "category", "target", categories=("x", "y", "z")),
        ),
    ),
)
IMAGES = images(1, 28, 28, classes=2)


def test_inputs_stand_in_the_order_of_the_file_with_what_may_stand_there():
    assert [(slot.place, slot.name) for slot in inputs_of(TABLE)] == [
        ("0", "length"),
        ("1", "site"),
    ]
    assert inputs_of(TABLE)[1].meaning == "0 = A, 1 = B; -1 for any other"
    assert [slot.name for slot in answers_of(TABLE)] == ["x", "y", "z"]
    assert (takes(TABLE), gives(TABLE)) == ("float32 [N, 2]", "float32 [N, 3]")
    assert (takes(IMAGES), gives(IMAGES)) == ("uint8 [N, 1, H, W]", "float32 [N, 2]")


@pytest.mark.parametrize("dataset", [TABLE, IMAGES])
def test_the_python_lines_are_python(dataset):
    code = example(dataset, 'my "best" model.pt', "python")
    compile(code, "example", "exec")
    assert code.count("\n") == 3


def test_the_lines_ask_with_a_typical_row():
    assert "torch.tensor([[5.25, 0.0]])" in example(TABLE, "iris.pt", "python")
    assert "torch::tensor({5.25f, 0.0f}).reshape({1, 2})" in example(TABLE, "iris.pt", "c++")
    assert 'torch::jit::load("iris.pt")' in example(TABLE, "iris.pt", "c++")
    assert "torch::zeros({1, 1, 28, 28}, torch::kUInt8)" in example(IMAGES, "i.pt", "c++")


def test_a_table_with_texts_and_sounds_takes_an_input_for_each():
    summary = replace(
        TABLE.summary,
        columns=(
            *TABLE.summary.columns,
            ColumnSummary("note", "text", "input"),
            ColumnSummary("noise", "sound", "input"),
        ),
    )
    mixed = replace(
        TABLE,
        columns=(
            *TABLE.columns,
            ColumnChoice("note", "text", "input"),
            ColumnChoice("noise", "sound", "input"),
        ),
        summary=summary,
    )
    assert takes(mixed) == "float32 [N, 2], int64 [N, 32], float32 [N, S]"
    assert [slot.name for slot in inputs_of(mixed)] == ["length", "site", "text", "sound"]
    compile(example(mixed, "m.pt", "python"), "example", "exec")
