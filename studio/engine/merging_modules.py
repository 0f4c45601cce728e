"""Modules that make one of several inputs: difference, quotient, distance, matrix product."""

import torch
from torch import Tensor, nn
from torch.nn import functional
from typing_extensions import override


class Subtract(nn.Module):
    """The first less the second."""

    @override
    def forward(self, first: Tensor, second: Tensor) -> Tensor:
        return first - second


class Divide(nn.Module):
    """The first by the second; a divisor nearer to 0 than 1e-6 counts as 1e-6 of its sign."""

    @override
    def forward(self, first: Tensor, second: Tensor) -> Tensor:
        least = torch.full_like(second, 1e-6)
        least = torch.where(second < 0.0, -least, least)
        return first / torch.where(second.abs() < 1e-6, least, second)


class Maximum(nn.Module):
    """The largest of all inputs, number by number."""

    @override
    def forward(self, inputs: list[Tensor]) -> Tensor:
        largest = inputs[0]
        for other in inputs[1:]:
            largest = torch.maximum(largest, other)
        return largest


class Minimum(nn.Module):
    """The smallest of all inputs, number by number."""

    @override
    def forward(self, inputs: list[Tensor]) -> Tensor:
        smallest = inputs[0]
        for other in inputs[1:]:
            smallest = torch.minimum(smallest, other)
        return smallest


class Mean(nn.Module):
    """The mean of all inputs, number by number."""

    @override
    def forward(self, inputs: list[Tensor]) -> Tensor:
        total = inputs[0]
        for other in inputs[1:]:
            total = total + other
        return total / len(inputs)


class Stack(nn.Module):
    """All inputs on one another along a new axis; 1 is the first after the batch."""

    def __init__(self, axis: int) -> None:
        super().__init__()
        self.axis = axis

    @override
    def forward(self, inputs: list[Tensor]) -> Tensor:
        return torch.stack(inputs, dim=self.axis)

    @override
    def extra_repr(self) -> str:
        return f"axis={self.axis}"


class Cosine(nn.Module):
    """The cosine of the angle along the last axis, of which one number is left."""

    @override
    def forward(self, first: Tensor, second: Tensor) -> Tensor:
        return functional.cosine_similarity(first, second, dim=-1).unsqueeze(-1)


class Distance(nn.Module):
    """The root of the summed squares along the last axis; equal inputs are 1e-6 apart.

    Without that little the slope of the root at 0 would be infinite.
    """

    @override
    def forward(self, first: Tensor, second: Tensor) -> Tensor:
        return ((first - second).square().sum(dim=-1, keepdim=True) + 1e-12).sqrt()


class MatrixProduct(nn.Module):
    """The last two axes of both, multiplied as matrices."""

    def __init__(self, transpose_second: bool) -> None:
        super().__init__()
        self.transpose_second = transpose_second

    @override
    def forward(self, first: Tensor, second: Tensor) -> Tensor:
        return torch.matmul(first, second.transpose(-2, -1) if self.transpose_second else second)

    @override
    def extra_repr(self) -> str:
        return f"transpose_second={self.transpose_second}"
