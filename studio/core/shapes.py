"""Shape and its arithmetic: convolve, pool, flatten, reshape, concatenate. No batch, no torch."""

from math import prod
from typing import TypeAlias

Shape: TypeAlias = tuple[int, ...]

MOST_VALUES = 2**40


def show(shape: Shape) -> str:
    """The shape as a person reads it: ``32 × 14 × 14``."""
    return " × ".join(f"{size:,}".replace(",", "\u2009") for size in shape)


def size_of(shape: Shape) -> int:
    """How many numbers one sample of that shape holds."""
    return prod(shape)


def convolved_size(size: int, *, kernel: int, stride: int, padding: int, dilation: int = 1) -> int:
    """One direction after a convolution or pooling; 0 or less where the kernel does not fit.

    The formula of torch.nn.Conv2d and MaxPool2d with ceil_mode off.
    """
    return (size + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1


def pooled_size(size: int, *, window: int, stride: int, padding: int, ceil: bool) -> int:
    """One direction after pooling; with `ceil`, a last window may reach over the end.

    The formula of torch.nn.MaxPool2d: such a window has to begin within the input or before it.
    """
    if not ceil:
        return convolved_size(size, kernel=window, stride=stride, padding=padding)
    found = -((window - size - 2 * padding) // stride) + 1
    return found - 1 if (found - 1) * stride >= size + padding else found


def flattened(shape: Shape) -> Shape:
    """All in one line."""
    return (prod(shape),)


def reshaped(shape: Shape, wanted: Shape) -> Shape | None:
    """`wanted` with its -1 worked out, or None where the counts do not agree."""
    total = prod(shape)
    if -1 not in wanted:
        return wanted if prod(wanted) == total else None
    rest = prod(size for size in wanted if size != -1)
    if rest == 0 or total % rest:
        return None
    return tuple(total // rest if size == -1 else size for size in wanted)


def concatenated(shapes: tuple[Shape, ...], axis: int) -> Shape | None:
    """The shapes put behind each other along `axis` (0 is the first without the batch), or None."""
    first = shapes[0]
    if not -len(first) <= axis < len(first):
        return None
    axis %= len(first)
    for shape in shapes:
        if len(shape) != len(first) or shape[:axis] + shape[axis + 1 :] != (
            first[:axis] + first[axis + 1 :]
        ):
            return None
    return (*first[:axis], sum(shape[axis] for shape in shapes), *first[axis + 1 :])
