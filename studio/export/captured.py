"""Captured: a deployed model as torch.export sees it, for every batch size and size of pictures."""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, fx

from studio.core.words import tr
from studio.export.making import CARD, Making, cannot_export

EXAMPLES = 2  # rows that show the way; with one, torch would take the batch for a fixed size
# What torch and its exporters raise where they meet what they cannot write down.
REFUSALS = (RuntimeError, TypeError, ValueError, NotImplementedError, AssertionError, KeyError)


def pt2_bytes(making: Making) -> bytes:
    """The exported program with the card inside."""
    buffer = io.BytesIO()
    with silenced():
        program = captured(making.plain, making.raws, kinds_of(making))
        torch.export.save(program, buffer, extra_files={CARD: making.card_text})
    return buffer.getvalue()


def captured(
    module: fx.GraphModule, raws: tuple[Tensor, ...], kinds: list[str], *, batch: int = 0
) -> torch.export.ExportedProgram:
    """The program of a module that takes `raws`, which are inputs of these kinds of the card.

    With a `batch` all sizes are fixed: so many rows, and the sizes that `raws` have.
    StudioError with code ``cannot-export`` where it hangs on more than its steps.
    """
    rows = tuple(_some(raw, batch or EXAMPLES) for raw in raws)
    axes = None if batch else dynamic_axes(rows, kinds)
    try:
        return torch.export.export(module, rows, dynamic_shapes=axes)
    except REFUSALS as reason:
        raise cannot_export(tr("a program of fixed steps"), str(reason)) from None


def kinds_of(making: Making) -> list[str]:
    """The kind of each input, in the words of the card."""
    inputs = making.card["inputs"]
    assert isinstance(inputs, list)
    return [part["kind"] for part in inputs]


def dynamic_axes(rows: tuple[Tensor, ...], kinds: list[str]) -> tuple[dict[int, Any], ...]:
    """The axes of each input that may have any size: the batch, and what the card leaves open."""
    batch = torch.export.Dim("batch", min=1)
    found: list[dict[int, Any]] = []
    for place, (raw, kind) in enumerate(zip(rows, kinds, strict=True)):
        axes: dict[int, Any] = {0: batch}
        if kind in ("image", "video"):
            axes[raw.dim() - 2] = torch.export.Dim(f"height_{place}", min=1)
            axes[raw.dim() - 1] = torch.export.Dim(f"width_{place}", min=1)
        if kind == "audio":
            axes[1] = torch.export.Dim(f"samples_{place}", min=1)
        found.append(axes)
    return tuple(found)


@contextmanager
def silenced() -> Iterator[None]:
    """What exporters say about their own code, and attention without its short way."""
    had_fast_path = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", category=UserWarning, module=r"torch\..*")
            warnings.filterwarnings("ignore", message=".*_flat_weights.*")
            warnings.filterwarnings("ignore", message=".*treespec.*")
            yield
    finally:
        torch.backends.mha.set_fastpath_enabled(had_fast_path)


def _some(raw: Tensor, count: int) -> Tensor:
    """So many rows, the last one again where there are fewer."""
    return raw[[min(place, len(raw) - 1) for place in range(count)]]
