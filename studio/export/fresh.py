"""What the fresh process runs: loads an exported file without Studio and gives its answers.

Run as a script by `proof.py`, with Python's isolated mode: nothing of Studio is imported here,
which is what shows that the file needs none of it. On standard input stand the order (a line
of JSON) and the raw rows of each input; on standard output the report (a line of JSON) and the
raw answers, output after output of each batch.
"""

import ctypes
import hashlib
import importlib.util
import json
import sys
import time
import warnings
from collections.abc import Callable
from io import BytesIO
from math import prod
from pathlib import Path
from typing import Any, BinaryIO

import torch

LONGEST_TIMING = 1.0
MOST_TIMED = 50

Rows = tuple[torch.Tensor, ...]
Asked = Callable[[Rows], Rows]
Loaded = tuple[Asked, str, str]  # what answers, the card, and the digest of the weights
_KINDS = {"float32": torch.float32, "uint8": torch.uint8, "int64": torch.int64}


def main() -> None:
    """Does what the order asks."""
    order = json.loads(sys.stdin.buffer.readline())
    torch.set_num_threads(int(order["threads"]))
    report, answers = answered(order, sys.stdin.buffer)
    out = sys.stdout.buffer
    out.write(json.dumps(report).encode("utf-8") + b"\n")
    for answer in answers:
        for one in answer:
            out.write(_bytes(one.to(torch.float32)))
    out.flush()


def answered(order: dict[str, Any], stream: BinaryIO) -> tuple[dict[str, Any], list[Rows]]:
    """The report, and for each batch the answers of every output; `stream` holds the raw rows."""
    rows = tuple(_rows(stream, part) for part in order["inputs"])
    ask, card, weights = _LOADERS[order["format"]](order["model"])
    with torch.inference_mode():
        answers = [_answer(ask, _cut(rows, 0, count), size) for size, count in order["batches"]]
        report = {
            "card": card,
            "shapes": [[list(one.shape) for one in answer] for answer in answers],
            "weights": weights,
            "rows_per_second": _speed(ask, _cut(rows, 0, order["batches"][-1][0])),
            "milliseconds": 1000 / _speed(ask, _cut(rows, 0, order["batches"][0][0])),
        }
    return report, answers


def _rows(stream: BinaryIO, order: dict[str, object]) -> torch.Tensor:
    kind = _KINDS[str(order["dtype"])]
    shape = order["shape"]
    assert isinstance(shape, list)
    size = prod(shape) * kind.itemsize
    raw = bytearray(stream.read(size))
    assert len(raw) == size
    return torch.frombuffer(raw, dtype=kind).reshape(shape)


def _torchscript(path: str) -> Loaded:
    files = {"card.json": ""}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        model = torch.jit.load(path, map_location="cpu", _extra_files=files)  # type: ignore[no-untyped-call]
    return _asking(model), _text(files["card.json"]), _weights(model.state_dict())


def _pt2(path: str) -> Loaded:
    files = {"card.json": ""}
    with Path(path).open("rb") as file:  # whatever it is called
        program = torch.export.load(BytesIO(file.read()), extra_files=files)
    # The parts of a program share what the network shares, each under a name of its own.
    return _asking(program.module()), _text(files["card.json"]), _weights(program.state_dict)


def _onnx(path: str) -> Loaded:
    import onnxruntime  # type: ignore[import-untyped]

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = torch.get_num_threads()
    options.log_severity_level = 3  # errors alone
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    names = [one.name for one in session.get_inputs()]

    def ask(rows: Rows) -> Rows:
        given = {name: row.numpy() for name, row in zip(names, rows, strict=True)}
        return tuple(torch.from_numpy(found) for found in session.run(None, given))

    return ask, session.get_modelmeta().custom_metadata_map["card"], ""


def _source(path: str) -> Loaded:
    """The folder's own code, as somebody who goes on with it would load it."""
    spec = importlib.util.spec_from_file_location("model", Path(path, "model.py"))
    assert spec is not None
    assert spec.loader is not None
    code = importlib.util.module_from_spec(spec)
    sys.modules["model"] = code
    spec.loader.exec_module(code)
    model = code.load()
    card = Path(path, "card.json").read_text(encoding="utf-8")
    return _asking(model), card, _weights(model.state_dict())


def _asking(model: torch.nn.Module) -> Asked:
    def ask(rows: Rows) -> Rows:
        found = model(*rows)
        return tuple(found) if isinstance(found, (tuple, list)) else (found,)

    return ask


def _text(found: str | bytes) -> str:
    return found.decode("utf-8") if isinstance(found, bytes) else found


def _cut(rows: Rows, start: int, stop: int) -> Rows:
    return tuple(raw[start:stop] for raw in rows)


def _answer(ask: Asked, rows: Rows, size: int) -> Rows:
    starts = range(0, len(rows[0]), size)
    parts = [ask(_cut(rows, start, start + size)) for start in starts]
    return tuple(torch.cat(column) for column in zip(*parts, strict=True))


def _weights(state: dict[str, torch.Tensor]) -> str:
    found = hashlib.sha256()
    for name in sorted(state):
        found.update(name.encode("utf-8"))
        found.update(_bytes(state[name]))
    return found.hexdigest()


def _bytes(tensor: torch.Tensor) -> bytes:
    steady = tensor.detach().cpu().contiguous()
    return ctypes.string_at(steady.data_ptr(), steady.nbytes) if steady.nbytes else b""


def _speed(ask: Asked, batch: Rows) -> float:
    ask(batch)
    started, done = time.perf_counter(), 0
    while done < MOST_TIMED and time.perf_counter() - started < LONGEST_TIMING:
        ask(batch)
        done += 1
    return done * len(batch[0]) / (time.perf_counter() - started)


_LOADERS: dict[str, Callable[[str], Loaded]] = {
    "torchscript": _torchscript,
    "pt2": _pt2,
    "onnx": _onnx,
    "source": _source,
}

if __name__ == "__main__":
    main()
