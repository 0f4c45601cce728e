"""Bundle: a folder with everything that somebody needs who gets the model handed over."""

import csv
import hashlib
import json
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from studio.core.catalogue.formats import FORMATS
from studio.core.design.formats_check import in_the_way
from studio.core.design.storage import write_atomically
from studio.core.problems import Place, refuse
from studio.core.run.results import Proof
from studio.core.words import tr
from studio.engine.alignment import collapsed, fitted_to
from studio.export.card_samples import plain_row
from studio.export.fresh_process import run_fresh
from studio.export.making import CARD, Making
from studio.export.onnx_file import onnx_bytes
from studio.export.proof import Claim, Raws, breaks, differs, hangs, largest_difference, prove
from studio.export.torchscript import torchscript_bytes

MANIFEST = "manifest.json"
SAMPLES = "samples/samples.json"
HANDED = Path(__file__).with_name("handed")
PROGRAMS = ("predict.py", "serve.py")
MOST_ROWS = 200  # that the bundle's own program answers in its proof
_MAKERS = {"torchscript": torchscript_bytes, "onnx": onnx_bytes}
_LIBRARIES = {"image": "pillow", "audio": "soundfile", "text": "tokenizers"}


def bundle_files(making: Making) -> dict[str, bytes]:
    """All files by their names; formats that cannot carry the network are left out."""
    obstacles = in_the_way(making.record.project.graph)
    chosen = [key for key in FORMATS["bundle"].holds if not obstacles[key]]
    files = {f"model{FORMATS[key].suffix}": _MAKERS[key](making) for key in chosen}
    texts = {
        CARD: making.card_text,
        SAMPLES: json.dumps(making.card["samples"], ensure_ascii=False, indent=1),
        "README.md": _readme(making),
        "requirements.txt": _requirements(making, chosen),
    }
    files |= {name: text.encode("utf-8") for name, text in texts.items()}
    files |= {name: (HANDED / name).read_bytes() for name in PROGRAMS}
    return {**files, MANIFEST: _manifest(files)}


def prove_bundle(path: Path, claim: Claim, *, patience: float) -> Proof:
    """Each model in the folder as it is alone, and then the folder's own program on real rows."""
    check_manifest(path)
    proofs = []
    for key in FORMATS["bundle"].holds:
        model = path / f"model{FORMATS[key].suffix}"
        if model.is_file():
            proofs.append(prove(model, claim, format=key, patience=patience))
    _run_program(path, claim, patience)
    return max(proofs, key=lambda proof: proof.largest_difference)


def check_manifest(path: Path) -> None:
    """StudioError where a file of the folder is not there or is another than was written."""
    try:
        known = json.loads((path / MANIFEST).read_text(encoding="utf-8"))["files"]
        found = {name: _digest((path / name).read_bytes()) for name in known}
    except (OSError, ValueError, KeyError, TypeError) as reason:
        raise differs(tr("A file of the folder cannot be read: {reason}.", reason=reason)) from None
    for name, digest in found.items():
        if digest != known[name]:
            raise differs(tr("{file} is not the one that was written.", file=name))


def _run_program(path: Path, claim: Claim, patience: float) -> None:
    """Real rows in, a CSV file out, and in it the program's own answers."""
    rows = tuple(raw[:MOST_ROWS] for raw in claim.rows)
    with TemporaryDirectory() as folder:
        source, target = Path(folder, "rows.json"), Path(folder, "answers.csv")
        write_atomically(source, json.dumps(_samples(rows, claim)).encode("utf-8"))
        order = [sys.executable, str(path / "predict.py"), str(source), str(target)]
        try:
            done = run_fresh(order, folder, patience=patience)
        except subprocess.TimeoutExpired:
            raise hangs(patience) from None
        if done.returncode != 0:
            raise breaks(done.stderr.decode("utf-8", "replace"))
        with target.open(encoding="utf-8", newline="") as file:
            lines = list(csv.reader(file))
    _compare(lines, rows, claim)


def _samples(rows: Raws, claim: Claim) -> list[dict[str, object]]:
    inputs = claim.card["inputs"]
    assert isinstance(inputs, list)
    names = [part["name"] for part in inputs]
    plain = [[plain_row(raw[place]) for raw in rows] for place in range(len(rows[0]))]
    return [
        {"input": each[0] if len(each) == 1 else dict(zip(names, each, strict=True))}
        for each in plain
    ]


def _compare(lines: list[list[str]], rows: Raws, claim: Claim) -> None:
    """The numbers of each line, in the order of the outputs; of texts the tokens."""
    wanted, at = claim.answer(rows), 1
    outputs = claim.card["outputs"]
    assert isinstance(outputs, list)
    for answers, task, part in zip(wanted, claim.tasks, outputs, strict=True):
        count = len(answers)
        if len(lines) != count + 1:
            raise differs(tr("The folder's own program answers another number of rows."))
        if task in ("classes", "numbers"):
            start = at + (task == "classes")
            at = start + answers.shape[1]
            got = np.array([line[start:at] for line in lines[1:]], np.float32)
            largest_difference(got, answers, task, max(claim.tolerance, 1e-6))
            continue
        at += 2 if task == "sequences" else 1
        if task == "sequences":
            best = [" ".join(map(str, row)) for row in _tokens(answers, part)]
            said = [line[at - 1] for line in lines[1:]]
            if sum(one != other for one, other in zip(best, said, strict=True)) > count // 100:
                raise differs(tr("The folder's own program writes other texts."))


def _tokens(answers: NDArray[np.float32], part: dict[str, Any]) -> list[list[int]]:
    best = torch.from_numpy(answers.argmax(axis=-1))
    read = fitted_to(collapsed(best), part["length"]) if part["decoding"] == "ctc" else best
    found: list[list[int]] = read.tolist()
    return found


def _readme(making: Making) -> str:
    card = making.card
    inputs, outputs = making.names("inputs"), making.names("outputs")
    metrics = card["metrics"]
    assert isinstance(metrics, dict)
    figures = "\n".join(f"- {key}: {value:.4g}" for key, value in metrics.items())
    lines = [
        f"# {Path(making.record.project.dataset.path).stem or tr('A trained model')}",
        tr("A model that takes raw values and gives answers. `card.json` says all about it."),
        tr(
            "- takes: {inputs}\n- gives: {outputs}",
            inputs=", ".join(inputs),
            outputs=", ".join(outputs),
        ),
        tr("On rows that it had never seen:\n\n{figures}", figures=figures) if figures else "",
        "```\npip install -r requirements.txt\npython predict.py rows.csv answers.csv\n"
        "python serve.py --port 8000\n```",
        tr(
            "`samples/samples.json` holds inputs with the answers that the model must give, and "
            "`manifest.json` the SHA-256 of every file."
        ),
    ]
    return "\n\n".join(line for line in lines if line) + "\n"


def _requirements(making: Making, chosen: list[str]) -> str:
    inputs = making.card["inputs"]
    assert isinstance(inputs, list)
    needed = {"numpy"} | {
        library for part in inputs if (library := _LIBRARIES.get(part["kind"])) is not None
    }
    needed.add("onnxruntime" if "onnx" in chosen else "torch")
    if any(task == "sequences" for task in (part.task for part in making.fitted.outputs)):
        needed.add("tokenizers")
    return "".join(f"{name}>={found}\n" for name in sorted(needed) if (found := _version(name)))


def _version(name: str) -> str:
    try:
        return torch.__version__.partition("+")[0] if name == "torch" else version(name)
    except PackageNotFoundError:
        return "0"


def _manifest(files: dict[str, bytes]) -> bytes:
    found = {"schema": 1, "files": {name: _digest(data) for name, data in sorted(files.items())}}
    return json.dumps(found, indent=1).encode("utf-8")


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def answer_with_bundle(path: Path, data: Path, output: Path) -> int:
    """Answers rows with a bundle by this program's own code, never by that in the folder."""
    from studio.export.handed.predict import answer_file

    check_manifest(path)
    try:
        return answer_file(path, data, output)
    except ValueError as reason:
        raise refuse(
            tr("The rows do not fit the model: {reason}", reason=reason),
            tr("Bring them into the columns that card.json names."),
            place=Place("file", str(data)),
            code="rows-do-not-fit",
        ) from None
