"""FORMATS: the kinds of file that a model can leave the house in, and export_run() for all."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

from torch import Tensor, fx

from studio.core.design.storage import write_atomically
from studio.core.problems import Place, StudioError, refuse
from studio.core.run.results import ExportResult, RunRecord
from studio.core.words import tr
from studio.data.arrays import Arrays
from studio.engine.checkpoints import read_fitted
from studio.engine.loaders import tensor_of
from studio.engine.predict import Predictor
from studio.export.card import card_of, proof_positions, sample_rows
from studio.export.deployed import deployed, weights_digest
from studio.export.proof import PATIENCE, Claim, prove, rows_of_proof
from studio.export.torchscript import torchscript_bytes

Card: TypeAlias = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file: what it is called, its suffix, how its bytes are made, how exact it is."""

    key: str
    title: str
    suffix: str
    write: Callable[[fx.GraphModule, Card, tuple[Tensor, ...]], bytes]
    tolerance: float


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        entry.key: entry
        for entry in (Format("torchscript", "TorchScript", ".pt", torchscript_bytes, 1e-6),)
    }
)


def export_run(
    record: RunRecord,
    folder: Path,
    arrays: Arrays,
    path: Path,
    key: str = "torchscript",
    *,
    patience: float = PATIENCE,
) -> ExportResult:
    """Writes the best weights in a run's `folder` as one file, proven in a fresh process.

    `arrays` are the run's data, loaded and with texts as token numbers: their test part
    gives the rows of the proof. The
    file stands at `path` only after the proof; where it failed, what stood there before
    still does, and the result's `problem` says what differed. StudioError where the file
    could not be made or written at all.
    """
    kind = _format_of(key)
    _refuse_strange_place(path)
    fitted = read_fitted(folder)
    predictor = Predictor(record.project, fitted, folder)
    module = deployed(record.project, fitted, folder)
    weights = weights_digest(module)
    samples = sample_rows(arrays)
    answers = predictor.answers(samples)
    card = card_of(record, fitted, arrays, answers=answers, weights=weights)
    rows = arrays.taken(proof_positions(arrays, rows_of_proof(samples, answers)))
    claim = Claim(rows, predictor.answers, fitted.task, card, kind.tolerance, weights)
    data = kind.write(module, card, tuple(tensor_of(raw) for raw in samples))
    return _proven(kind, path, data, claim, patience)


def _proven(kind: Format, path: Path, data: bytes, claim: Claim, patience: float) -> ExportResult:
    """Writes beside the target, has that proven, and only then puts it in its place."""
    unproven = path.with_name(f".{path.name}.unproven")
    write_atomically(unproven, data)
    try:
        proof = prove(unproven, claim, patience=patience)
        os.replace(unproven, path)
    except StudioError as error:
        return ExportResult(kind.key, str(path), 0, problem=error.problem)
    except OSError as reason:
        raise _cannot_replace(path, reason) from None
    finally:
        unproven.unlink(missing_ok=True)
    return ExportResult(kind.key, str(path), len(data), proof)


def _format_of(key: str) -> Format:
    if key not in FORMATS:
        raise refuse(
            tr("A model cannot be exported as {key} yet.", key=key),
            tr("Choose one of: {keys}.", keys=", ".join(FORMATS)),
            place=Place("file"),
            code="unknown-format",
        )
    return FORMATS[key]


def _refuse_strange_place(path: Path) -> None:
    """Said before the work is done, and in other words than the system's."""
    if path.is_dir():
        raise refuse(
            tr("{path} is a folder. Expected the name of a file.", path=path),
            tr("Add a name, such as model.pt."),
            place=Place("file", str(path)),
            code="cannot-write",
        )
    if not path.parent.is_dir():
        raise refuse(
            tr("The folder {path} is not there.", path=path.parent),
            tr("Make it first, or choose another."),
            place=Place("file", str(path)),
            code="cannot-write",
        )


def _cannot_replace(path: Path, reason: OSError) -> StudioError:
    return refuse(
        tr("{path} could not be written: {reason}.", path=path, reason=reason.strerror or reason),
        tr("Choose another place. What was there before is untouched."),
        place=Place("file", str(path)),
        code="cannot-write",
    )
