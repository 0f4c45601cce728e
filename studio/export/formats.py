"""FORMATS: how each kind of file is made and how exact it is, and export_run() for all."""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from studio.core.catalogue.formats import BATCH, FormatEntry
from studio.core.catalogue.formats import FORMATS as ENTRIES
from studio.core.design.formats_check import in_the_way
from studio.core.design.storage import write_atomically
from studio.core.params import Values, checked
from studio.core.patience import go_on
from studio.core.problems import Place, StudioError, refuse
from studio.core.run.results import ExportResult, Proof, RunRecord
from studio.core.words import tr
from studio.data.arrays import Arrays
from studio.engine.checkpoints import read_fitted
from studio.engine.loaders import tensor_of
from studio.engine.predict import Predictor
from studio.export.bundle import bundle_files, prove_bundle
from studio.export.captured import pt2_bytes
from studio.export.card import Said, card_of, proof_positions, sample_rows
from studio.export.deployed import weights_digest
from studio.export.making import CARD, Made, Maker, Making
from studio.export.onnx_file import onnx_bytes
from studio.export.proof import PATIENCE, Claim, prove, rows_of_proof
from studio.export.source import source_files
from studio.export.torchscript import torchscript_bytes


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file: what it is, how it is made, and the largest difference of its answers."""

    entry: FormatEntry
    make: Maker
    tolerance: float


_MAKERS: tuple[tuple[str, Maker, float], ...] = (
    ("torchscript", torchscript_bytes, 1e-6),
    ("onnx", onnx_bytes, 1e-5),
    ("pt2", pt2_bytes, 1e-6),
    ("source", source_files, 1e-6),
    ("bundle", bundle_files, 1e-5),
)
FORMATS: Mapping[str, Format] = MappingProxyType(
    {key: Format(ENTRIES[key], make, tolerance) for key, make, tolerance in _MAKERS}
)


def export_run(
    record: RunRecord,
    folder: Path,
    arrays: Arrays,
    path: Path,
    key: str = "torchscript",
    *,
    settings: Values | None = None,
    patience: float = PATIENCE,
) -> ExportResult:
    """Writes the best weights in a run's `folder` as a file or a folder, proven in a fresh process.

    `arrays` are the run's data, loaded and with texts as token numbers: their test part gives
    the rows of the proof. `settings` are params of the format. The file stands at `path` only
    after the proof; where it failed, what stood there before still does, and the result's
    `problem` says what differed. StudioError where the file could not be made or written at all.
    """
    kind = _format_of(key)
    _refuse_strange_place(path, kind)
    chosen, refused = checked(
        kind.entry.params, settings or {}, Place("field", "format"), tr(kind.entry.title)
    )
    for problem in (*refused, *in_the_way(record.project.graph)[key]):
        raise StudioError(problem)
    fitted = read_fitted(folder)
    predictor = Predictor(record.project, fitted, folder)
    samples = sample_rows(arrays)
    answers = predictor.all_answers(samples)
    rows = arrays.taken(proof_positions(arrays, rows_of_proof(samples, answers)))
    making = Making(record, fitted, folder, {}, tuple(map(tensor_of, samples)), chosen)
    weights = weights_digest(making.module)
    said = Said(answers, predictor.readings)
    making.card = card_of(record, predictor.fitted, arrays, said=said, weights=weights)
    tasks = tuple(one.task for one in predictor.fitted.outputs)
    claim = Claim(
        rows,
        predictor.all_answers,
        tasks,
        making.card,
        kind.tolerance,
        weights,
        making.setting(BATCH),
    )
    return _proven(kind, path, kind.make(making), claim, patience)


def _proven(kind: Format, path: Path, made: Made, claim: Claim, patience: float) -> ExportResult:
    """Writes beside the target, has that proven, and only then puts it in its place."""
    unproven = path.with_name(f".{path.name}.unproven")
    key = kind.entry.key
    try:
        _write(unproven, made)
        proof = _proof(kind, unproven, claim, patience)
        go_on()  # where nobody waits any longer, nothing is put anywhere
        _put(unproven, path)
    except StudioError as error:
        if error.problem.code == "cannot-write":
            raise
        return ExportResult(key, str(path), 0, problem=error.problem)
    except OSError as reason:
        raise _cannot_replace(path, reason) from None
    finally:
        _remove(unproven)
    size = len(made) if isinstance(made, bytes) else sum(map(len, made.values()))
    return ExportResult(key, str(path), size, proof)


def _proof(kind: Format, path: Path, claim: Claim, patience: float) -> Proof:
    if kind.entry.holds:
        return prove_bundle(path, claim, patience=patience)
    return prove(path, claim, format=kind.entry.key, patience=patience)


def _write(path: Path, made: Made) -> None:
    if isinstance(made, bytes):
        write_atomically(path, made)
        return
    _remove(path)
    for name, data in made.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path / name, data)


def _put(unproven: Path, path: Path) -> None:
    """A file is replaced at once; of a folder the former one is there until the new one is."""
    former = path.with_name(f".{path.name}.former")
    is_replaced = unproven.is_dir() and path.exists()
    if is_replaced:
        _remove(former)
        os.replace(path, former)
    os.replace(unproven, path)
    _remove(former)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _format_of(key: str) -> Format:
    if key not in FORMATS:
        raise refuse(
            tr("A model cannot be exported as {key} yet.", key=key),
            tr("Choose one of: {keys}.", keys=", ".join(FORMATS)),
            place=Place("file"),
            code="unknown-format",
        )
    return FORMATS[key]


def _refuse_strange_place(path: Path, kind: Format) -> None:
    """Said before the work is done, and in other words than the system's."""
    if path.is_dir() and not kind.entry.is_folder:
        raise refuse(
            tr("{path} is a folder. Expected the name of a file.", path=path),
            tr("Add a name, such as model{suffix}.", suffix=kind.entry.suffix),
            place=Place("file", str(path)),
            code="cannot-write",
        )
    if kind.entry.is_folder and path.exists() and not _is_ours(path):
        raise refuse(
            tr("{path} is there already, and is no model of this kind.", path=path),
            tr("Choose the name of a new folder; nothing of yours is to be lost."),
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


def _is_ours(path: Path) -> bool:
    """Whether a folder is empty or a former export, so that it may be replaced."""
    return path.is_dir() and ((path / CARD).is_file() or not any(path.iterdir()))


def _cannot_replace(path: Path, reason: OSError) -> StudioError:
    return refuse(
        tr("{path} could not be written: {reason}.", path=path, reason=reason.strerror or reason),
        tr("Choose another place. What was there before is untouched."),
        place=Place("file", str(path)),
        code="cannot-write",
    )
