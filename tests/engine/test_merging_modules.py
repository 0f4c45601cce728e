"""Layers over several inputs: what they give where numbers are equal or zero."""

import pytest
import torch

from studio.engine import merging_modules as merging


def test_dividing_by_nothing_gives_large_numbers_and_finite_slopes() -> None:
    first = torch.tensor([[1.0, -1.0, 0.0, 6.0]], requires_grad=True)
    second = torch.tensor([[0.0, -1e-9, 0.0, -3.0]], requires_grad=True)
    found = merging.Divide()(first, second)
    torch.testing.assert_close(found, torch.tensor([[1e6, 1e6, 0.0, -2.0]]))
    found.sum().backward()
    assert first.grad is not None
    assert second.grad is not None
    assert first.grad.isfinite().all()
    assert second.grad.isfinite().all()


def test_the_distance_of_equals_has_a_finite_slope() -> None:
    first = torch.tensor([[3.0, 4.0], [1.0, 2.0]], requires_grad=True)
    found = merging.Distance()(first, torch.tensor([[0.0, 0.0], [1.0, 2.0]]))
    torch.testing.assert_close(found, torch.tensor([[5.0], [1e-6]]))
    found.sum().backward()
    assert first.grad is not None
    assert first.grad.isfinite().all()


def test_the_cosine_asks_for_the_direction_alone() -> None:
    first = torch.tensor([[1.0, 2.0], [3.0, 0.0], [1.0, 1.0], [0.0, 0.0]])
    second = torch.tensor([[10.0, 20.0], [0.0, 5.0], [-2.0, -2.0], [1.0, 1.0]])
    found = merging.Cosine()(first, second)
    torch.testing.assert_close(found, torch.tensor([[1.0], [0.0], [-1.0], [0.0]]))


@pytest.mark.parametrize(
    ("layer", "wanted"),
    [
        (merging.Maximum(), [4.0, 5.0]),
        (merging.Minimum(), [1.0, -6.0]),
        (merging.Mean(), [2.0, 0.0]),
    ],
)
def test_three_inputs_become_one_number_by_number(
    layer: torch.nn.Module, wanted: list[float]
) -> None:
    inputs = [torch.tensor([values]) for values in ([1.0, 5.0], [4.0, 1.0], [1.0, -6.0])]
    assert layer(inputs).tolist() == [wanted]
    assert inputs[0].tolist() == [[1.0, 5.0]]


def test_a_matrix_product_turns_its_second_input() -> None:
    first, second = torch.rand(2, 3, 4), torch.rand(2, 5, 4)
    found = merging.MatrixProduct(transpose_second=True)(first, second)
    torch.testing.assert_close(found, torch.einsum("nij,nkj->nik", first, second))
