"""Raw rows become what the model takes; answers come back in their own unit."""

import numpy as np
import pytest
import torch

from studio.core.design.answers import ModelOutput
from studio.core.design.dataset import Feature
from studio.data.arrays import Fitted, FittedFeature, FittedInput, FittedOutput
from studio.engine.column_values import ColumnIndex, ColumnValues
from studio.engine.decoding import Numbers, decoding_of, training_targets
from studio.engine.loaders import tensor_of
from studio.engine.preparation import Preparation, preparation_of
from tests.engine.material import line, spirals, strokes
from tests.engine.test_build import branched

NAN = float("nan")
AGE = FittedFeature(Feature("age", "number"), fill=40.0, offset=30.0, scale=10.0)
TOWN = FittedFeature(Feature("town", "category", ("a", "b", "c")), seen=(True, False, True))


def test_numbers_are_filled_and_scaled_and_categories_spread():
    part = ColumnValues([0, 1], [TOWN, AGE])
    raw = torch.tensor([[0.0, 30.0], [2.0, NAN], [1.0, 20.0], [-1.0, 50.0], [NAN, 30.0]])
    expected = [[1, 0, 0, 0], [0, 0, 1, 1], [0, 0, 0, -1], [0, 0, 0, 2], [0, 0, 0, 0]]
    assert part(raw).tolist() == expected


def test_columns_are_taken_from_their_places():
    part = ColumnValues([2], [AGE])
    assert part(torch.tensor([[9.0, 9.0, 50.0]])).tolist() == [[2.0]]


def test_the_number_of_a_category_is_its_index_and_one():
    part = ColumnIndex(1, TOWN, 3)
    raw = torch.tensor([[0.0, 0.0], [0.0, 2.0], [0.0, 1.0], [0.0, -1.0], [0.0, NAN], [0.0, 7.0]])
    found = part(raw)
    assert found.dtype == torch.int64
    assert found.tolist() == [[1], [3], [0], [0], [0], [0]]


def test_pixels_are_moved_about_zero():
    task = strokes()
    prepared = preparation_of(task.project.graph, task.project.dataset, task.fitted)
    raws = task.arrays.taken(task.arrays.parts["training"])
    (values,) = prepared([tensor_of(raw) for raw in raws])
    assert values.dtype == torch.float32
    assert abs(float(values.mean())) < 1e-3
    assert abs(float(values.std()) - 1.0) < 1e-2


def test_each_input_gets_its_own_columns():
    graph, dataset = branched()
    columns = tuple(FittedFeature(f, seen=(True,) * len(f.categories)) for f in dataset.features())
    (rows,) = dataset.model_inputs()
    output = FittedOutput(ModelOutput("kind", "classes", labels=("x", "y")))
    fitted = Fitted((FittedInput(rows, columns),), (output,))
    index, values = preparation_of(graph, dataset, fitted)([torch.tensor([[1.0, 2.0, 3.0, 4.0]])])
    assert index.tolist() == [[5]]
    assert values.tolist() == [[1.0, 2.0, 3.0]]


def test_it_is_scripted_equal():
    preparation = Preparation([ColumnValues([0, 1], [TOWN, AGE]), ColumnIndex(0, TOWN, 3)], [0, 0])
    raw = torch.tensor([[0.0, 30.0], [2.0, NAN], [-1.0, 20.0], [9.0, 1.0]])
    for ours, scripted in zip(
        preparation([raw]), torch.jit.script(preparation)([raw]), strict=True
    ):
        assert torch.equal(ours, scripted)


@pytest.mark.parametrize("task", [line, spirals])
def test_decoding_undoes_what_the_targets_went_through(task):
    task = task()
    targets = training_targets(task.arrays, task.fitted)
    decoding = torch.jit.script(decoding_of(task.fitted.outputs[0]))
    if task.fitted.task == "numbers":
        assert np.allclose(decoding(targets), task.arrays.targets[0], rtol=1e-5, atol=1e-3)
        assert abs(float(targets[torch.from_numpy(task.arrays.parts["training"])].mean())) < 1e-5
    else:
        shares = decoding(torch.tensor([[0.0, 0.0], [9.0, 9.0]]))
        assert targets.dtype == torch.int64
        assert shares.tolist() == [[0.5, 0.5], [0.5, 0.5]]


def test_a_large_offset_keeps_its_digits():
    decoding = Numbers((1e6,), (0.5,))
    assert decoding(torch.tensor([[1.0]])).tolist() == [[1e6 + 0.5]]


def test_rows_that_may_not_be_written_to_are_taken_without_a_warning():
    block = np.arange(6, dtype=np.float32).reshape(3, 2)
    block.flags.writeable = False
    assert torch.equal(tensor_of(block), torch.tensor(block.tolist()))
