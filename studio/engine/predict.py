"""Predict: raw rows in, answers out, with the best weights of a run and no data but the rows."""

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from studio.core.design.project import Project
from studio.core.run.archive import BEST
from studio.data.arrays import Fitted
from studio.engine.build import build_unfilled
from studio.engine.checkpoints import load_weights
from studio.engine.loaders import chunk_rows
from studio.engine.preparation import decoding_of, preparation_of


class Predictor:
    """A trained model with its preparation and decoding, on the processor."""

    def __init__(self, project: Project, fitted: Fitted, folder: Path) -> None:
        self.fitted = fitted
        self.model = build_unfilled(project.graph, project.dataset)
        load_weights(self.model, folder / BEST)
        self.model.eval()
        self.preparation = preparation_of(project.graph, project.dataset, fitted).eval()
        self.decoding = decoding_of(fitted).eval()

    def answers(self, raw: NDArray[np.generic] | Tensor) -> NDArray[np.float32]:
        """For raw rows, as in section 3 of the contract, the probabilities [N, K] or numbers."""
        found: NDArray[np.float32] = self.decoded(self.outputs(raw)).numpy()
        return found

    def outputs(self, raw: NDArray[np.generic] | Tensor) -> Tensor:
        """What the model itself gives, before decoding."""
        rows = raw if isinstance(raw, Tensor) else torch.from_numpy(np.array(raw))
        size = chunk_rows(rows[0].numel() if len(rows) else 1)
        # One empty chunk where there are no rows, so that the answer has its columns.
        starts = range(0, max(1, len(rows)), size)
        with torch.inference_mode():
            return torch.cat([self._of(rows[start : start + size]) for start in starts])

    def decoded(self, outputs: Tensor) -> Tensor:
        """Outputs as probabilities, or as numbers in their own unit."""
        with torch.inference_mode():
            decoded: Tensor = self.decoding(outputs)
        return decoded

    def _of(self, rows: Tensor) -> Tensor:
        outputs: Tensor = self.model(*self.preparation(rows))
        return outputs
