"""Deployed: preparation, model and decoding as one module that takes raw values and gives answers.

Section 3 of the contract says what goes in and what comes out. The module runs on the
processor, in evaluation mode, and carries no gradients.
"""

import ctypes
import hashlib
from pathlib import Path

import torch
from torch import Tensor, fx, nn
from torch.nn import functional
from typing_extensions import override

from studio.core.design.project import Project
from studio.data.arrays import Fitted
from studio.engine.predict import Predictor


class RawRows(nn.Module):
    """Takes a table batch as it comes, and refuses one with other columns."""

    def __init__(self, columns: int) -> None:
        super().__init__()
        self.columns = columns

    @override
    def forward(self, raw: Tensor) -> Tensor:
        if raw.dim() != 2 or raw.shape[1] != self.columns:  # noqa: PLR2004 - rows and columns
            raise ValueError("Expected rows with one number for each column of the card.")
        return raw.to(torch.float32)


class RawImages(nn.Module):
    """Takes images of any height and width, and brings them to the size of training.

    Resized as the program itself resizes pictures: bilinear, with antialiasing, in bytes.
    """

    def __init__(self, channels: int, height: int, width: int) -> None:
        super().__init__()
        self.channels, self.height, self.width = channels, height, width

    @override
    def forward(self, raw: Tensor) -> Tensor:
        if raw.dim() != 4 or raw.shape[1] != self.channels:  # noqa: PLR2004 - N, C, H, W
            raise ValueError("Expected images as [N, C, H, W] with the channels of the card.")
        if raw.dtype != torch.uint8:
            raise ValueError("Expected bytes from 0 to 255.")
        if raw.shape[2] != self.height or raw.shape[3] != self.width:
            raw = functional.interpolate(
                raw,
                size=[self.height, self.width],
                mode="bilinear",
                align_corners=False,
                antialias=True,
            )
        return raw


def deployed(project: Project, fitted: Fitted, folder: Path) -> fx.GraphModule:
    """The best weights in a run's folder, made ready to stand alone."""
    predictor = Predictor(project, fitted, folder)
    parts: dict[str, nn.Module] = {"raw": _raw_of(fitted)}
    for place, part in enumerate(predictor.preparation.parts):
        parts[f"preparation_{place}"] = part
    parts["network"], parts["decoding"] = predictor.model, predictor.decoding
    module = fx.GraphModule(parts, _drawn(len(predictor.preparation.parts)), class_name="Deployed")
    return module.requires_grad_(False).eval()


def weights_digest(module: nn.Module) -> str:
    """The sha256 of every tensor's name and bytes, in the order of their names.

    The fresh process of the proof works it out again from the file.
    """
    state = module.state_dict()
    found = hashlib.sha256()
    for name in sorted(state):
        tensor = state[name].detach().cpu().contiguous()
        found.update(name.encode("utf-8"))
        found.update(ctypes.string_at(tensor.data_ptr(), tensor.nbytes) if tensor.nbytes else b"")
    return found.hexdigest()


def _raw_of(fitted: Fitted) -> nn.Module:
    if fitted.kind == "images":
        channels, height, width = fitted.sample_shape
        return RawImages(channels, height, width)
    return RawRows(len(fitted.features))


def _drawn(inputs: int) -> fx.Graph:
    graph = fx.Graph()
    raw = graph.call_module("raw", (graph.placeholder("rows"),))
    prepared = tuple(graph.call_module(f"preparation_{place}", (raw,)) for place in range(inputs))
    graph.output(graph.call_module("decoding", (graph.call_module("network", prepared),)))
    return graph
