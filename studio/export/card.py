"""Card: what every exported file says about itself, so that it can be used without Studio."""

import platform
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import torch

import studio
from studio.core.plain import to_plain
from studio.core.run.results import RunRecord
from studio.data.arrays import (
    Arrays,
    Fitted,
    FittedFeature,
    FittedInput,
    FittedOutput,
    Positions,
)
from studio.engine.objectives import PADDING
from studio.engine.writing import END
from studio.export.card_samples import Answers, Raws, samples_of

SCHEMA = 1
SAMPLES = 5

_UNIT = re.compile(r"\[([^\[\]]{1,20})\]\s*$")


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """What the model says: the answers of each output to `sample_rows`, and how each is read."""

    answers: Answers
    readings: tuple[str, ...]


def card_of(
    record: RunRecord, fitted: Fitted, arrays: Arrays, *, said: Said, weights: str
) -> dict[str, object]:
    """The card as plain JSON values; `fitted` has the outputs that the network answers."""
    names = [known.input.name for known in fitted.inputs]
    pairs = list(zip(fitted.outputs, said.answers, strict=True))
    readings = zip(pairs, said.readings, strict=True)
    return {
        "schema": SCHEMA,
        "task": fitted.task,
        "inputs": [_input(known, record) for known in fitted.inputs],
        "outputs": [
            _output(known, len(pairs) > 1, found.shape[1:], reading)
            for (known, found), reading in readings
        ],
        "metrics": {key: float(value) for key, value in record.test.items()},
        "samples": samples_of(names, sample_rows(arrays), pairs),
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


def sample_rows(arrays: Arrays) -> Raws:
    """Five raw rows of each input, spread over the test part (over all rows without one)."""
    return arrays.taken(proof_positions(arrays, SAMPLES))


def proof_positions(arrays: Arrays, most: int) -> Positions:
    """At most so many positions, spread evenly over the test part, or over all rows."""
    test = arrays.parts.get("test", np.zeros(0, np.int64))
    pool = test if len(test) else np.arange(len(arrays), dtype=np.int64)
    places = np.linspace(0, len(pool) - 1, min(most, len(pool))).round().astype(np.int64)
    return pool[places]


def unit_in(name: str) -> str | None:
    """The unit that a column's name ends in: ``Air temperature [K]``."""
    found = _UNIT.search(name)
    return found[1].strip() if found else None


def _input(known: FittedInput, record: RunRecord) -> dict[str, object]:
    source = known.input
    found: dict[str, object] = {"name": source.name, "kind": _KINDS.get(source.kind, source.kind)}
    match source.kind:
        case "table" | "series":
            columns = [_column(column) for column in known.columns]
            return {**found, **_tensor("float32", *source.shape), "columns": columns}
        case "image" | "video":
            return {**found, **_pixels(source.shape)}
        case "sound":
            rate = record.project.dataset.sound.rate
            length = {"trained_on": {"samples": source.shape[0]}, "rate": rate}
            return {**found, **_tensor("float32", "S"), **length}
    texts = {"vocabulary": source.feature.size, "tokenizer": known.tokenizer}
    return {**found, **_tensor("int64", *source.shape), **texts}


_KINDS = {"sound": "audio"}  # the contract's word


def _tensor(dtype: str, *shape: int | str) -> dict[str, object]:
    return {"dtype": dtype, "shape": ["N", *shape]}


def _column(known: FittedFeature) -> dict[str, object]:
    feature = known.feature
    column: dict[str, object] = {
        "name": feature.name,
        "kind": feature.kind,
        "unit": unit_in(feature.name),
    }
    if feature.part:
        column["date"], column["part"] = feature.source, feature.part
    if feature.kind in ("category", "identifier"):
        words = "categories" if feature.kind == "category" else "identifiers"
        column[words] = list(feature.categories)
        column["seen"] = list(known.seen)
    else:
        column["smallest"], column["largest"] = known.low, known.high
        column["fill"] = known.fill
    return column


def _pixels(shape: tuple[int, ...]) -> dict[str, object]:
    *frames, channels, height, width = shape
    return {
        **_tensor("uint8", *frames, channels, "H", "W"),
        "colours": "grey" if channels == 1 else "RGB",
        "trained_on": {"height": height, "width": width},
    }


def _output(
    known: FittedOutput, has_name: bool, shape: tuple[int, ...], reading: str
) -> dict[str, object]:
    """One answer; where it is the only one, its name says what it is."""
    name = _ONLY.get(known.task, "probabilities")
    found: dict[str, object] = {
        "name": known.name if has_name else name,
        "kind": known.task,
        **_tensor("float32", *shape),
    }
    if known.task == "sequences":
        return {**found, **_reading(known, reading), "tokenizer": known.tokenizer}
    if known.task != "numbers":
        return {**found, **({"labels": list(known.labels)} if known.labels else {})}
    columns = [{"name": name, "unit": unit_in(name)} for name in known.answer_names]
    return {**found, "columns": columns}


def _reading(known: FittedOutput, reading: str) -> dict[str, object]:
    """How probabilities become a text: of frames the blank tells nothing, and repeats are one."""
    blank = {"blank": PADDING} if reading == "ctc" else {}
    return {"decoding": reading, **blank, "end": END, "length": known.output.shape[0]}


_ONLY = {"numbers": "numbers", "images": "pictures"}


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
