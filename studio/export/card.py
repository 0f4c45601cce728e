"""Card: what every exported file says about itself, so that it can be used without Studio."""

import base64
import platform
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

import studio
from studio.core.plain import to_plain
from studio.core.run.results import RunRecord
from studio.data.arrays import Arrays, Fitted, FittedFeature

SCHEMA = 1
SAMPLES = 5
# Other processors round otherwise: what a sample's answer may differ by elsewhere, of the
# largest answer. The proof on this machine is ten times stricter.
SAMPLE_TOLERANCE = 1e-5

_UNIT = re.compile(r"\[([^\[\]]{1,20})\]\s*$")


def card_of(
    record: RunRecord, fitted: Fitted, arrays: Arrays, *, answers: NDArray[np.float32], weights: str
) -> dict[str, object]:
    """The card as plain JSON values; `answers` are those to `sample_rows(arrays)`."""
    return {
        "schema": SCHEMA,
        "task": fitted.task,
        "inputs": [_table_input(fitted) if fitted.kind == "table" else _image_input(fitted)],
        "outputs": [_output(fitted)],
        "metrics": {key: float(value) for key, value in record.test.items()},
        "samples": _samples(sample_rows(arrays), answers),
        "data": _data(record, arrays),
        "training": _training(record),
        "versions": {
            "studio": studio.__version__,
            "torch": torch.__version__,
            "python": platform.python_version(),
        },
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "weights_sha256": weights,
    }


def sample_rows(arrays: Arrays) -> NDArray[np.generic]:
    """Five raw rows, spread over the test part (over all rows where there is none)."""
    return arrays.inputs[proof_positions(arrays, SAMPLES)]


def proof_positions(arrays: Arrays, most: int) -> NDArray[np.int64]:
    """At most so many positions, spread evenly over the test part, or over all rows."""
    test = arrays.parts.get("test", np.zeros(0, np.int64))
    pool = test if len(test) else np.arange(len(arrays.inputs), dtype=np.int64)
    places = np.linspace(0, len(pool) - 1, min(most, len(pool))).round().astype(np.int64)
    return pool[places]


def unit_in(name: str) -> str | None:
    """The unit that a column's name ends in: ``Air temperature [K]``."""
    found = _UNIT.search(name)
    return found[1].strip() if found else None


def _table_input(fitted: Fitted) -> dict[str, object]:
    return {
        "name": "rows",
        "kind": "table",
        "dtype": "float32",
        "shape": ["N", len(fitted.features)],
        "columns": [_column(known) for known in fitted.features],
    }


def _column(known: FittedFeature) -> dict[str, object]:
    feature = known.feature
    column: dict[str, object] = {
        "name": feature.name,
        "kind": feature.kind,
        "unit": unit_in(feature.name),
    }
    if feature.kind == "category":
        column["categories"] = list(feature.categories)
        column["seen"] = list(known.seen)
    else:
        column["smallest"], column["largest"] = known.low, known.high
        column["fill"] = known.fill
    return column


def _image_input(fitted: Fitted) -> dict[str, object]:
    channels, height, width = fitted.sample_shape
    return {
        "name": "images",
        "kind": "image",
        "dtype": "uint8",
        "shape": ["N", channels, "H", "W"],
        "colours": "grey" if channels == 1 else "RGB",
        "trained_on": {"height": height, "width": width},
    }


def _output(fitted: Fitted) -> dict[str, object]:
    if fitted.task == "classes":
        return {
            "name": "probabilities",
            "kind": "classes",
            "dtype": "float32",
            "shape": ["N", len(fitted.labels)],
            "labels": list(fitted.labels),
        }
    return {
        "name": "numbers",
        "kind": "numbers",
        "dtype": "float32",
        "shape": ["N", len(fitted.target_names)],
        "columns": [{"name": name, "unit": unit_in(name)} for name in fitted.target_names],
    }


def _samples(rows: NDArray[np.generic], answers: NDArray[np.float32]) -> list[dict[str, object]]:
    tolerance = SAMPLE_TOLERANCE * max(1.0, float(np.abs(answers).max(initial=0.0)))
    return [
        {
            "input": _plain_row(row),
            "output": [float(value) for value in answer],
            "tolerance": tolerance,
        }
        for row, answer in zip(rows, answers, strict=True)
    ]


def _plain_row(row: NDArray[np.generic]) -> object:
    """A table row as numbers, missing as null; an image as its bytes."""
    if row.ndim == 1:
        return [None if np.isnan(value) else float(value) for value in row]
    return {
        "dtype": "uint8",
        "shape": list(row.shape),
        "base64": base64.b64encode(row.tobytes()).decode("ascii"),
    }


def _data(record: RunRecord, arrays: Arrays) -> dict[str, object]:
    dataset = record.project.dataset
    return {
        "name": Path(dataset.path).name,
        "source": dataset.source,
        "bytes": dataset.size,
        "sha256": dataset.sha256,
        "rows": {
            part: len(arrays.parts.get(part, ())) for part in ("training", "validation", "test")
        },
    }


def _training(record: RunRecord) -> Mapping[str, object]:
    settings: dict[str, object] = to_plain(record.project.training)
    return {
        **settings,
        "run": record.run,
        "device_used": record.device,
        "epochs_done": record.epochs_done,
        "best_epoch": record.best_epoch,
        "split": to_plain(record.project.dataset.split),
    }
