"""A proof without its fresh process, which takes seconds to start: all else is as it is."""

import sys
from io import BytesIO

import pytest
import torch

from studio.export import fresh, proof


def prove_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on files are loaded and asked in this very process, from the file alone."""

    def run(path, format, rows, batches, _patience):
        order = {
            "model": str(path),
            "format": format,
            "inputs": [{"shape": list(raw.shape), "dtype": str(raw.dtype)} for raw in rows],
            "batches": [(batch.size, batch.rows) for batch in batches],
            "threads": torch.get_num_threads(),
        }
        found, answers = fresh.answered(order, BytesIO(b"".join(raw.tobytes() for raw in rows)))
        sys.modules.pop("model", None)
        return found, [[one.float().numpy() for one in batch] for batch in answers]

    monkeypatch.setattr(proof, "_run_fresh", run)
    monkeypatch.setattr(fresh, "MOST_TIMED", 1)
