"""What the fresh process runs: loads an exported file with torch alone and gives its answers.

Run as a script by `proof.py`, with Python's isolated mode: nothing of Studio is imported here,
which is what shows that the file needs none of it. On standard input stand the order (a line
of JSON) and the raw rows of each input; on standard output the report (a line of JSON) and the
raw answers.
"""

import ctypes
import hashlib
import json
import sys
import time
import warnings
from math import prod
from typing import BinaryIO

import torch

LONGEST_TIMING = 1.0
MOST_TIMED = 50

Rows = tuple[torch.Tensor, ...]
_KINDS = {"float32": torch.float32, "uint8": torch.uint8, "int64": torch.int64}


def main() -> None:
    """Does what the order asks."""
    order = json.loads(sys.stdin.buffer.readline())
    rows = tuple(_rows(sys.stdin.buffer, part) for part in order["inputs"])
    torch.set_num_threads(int(order["threads"]))
    model, card = _loaded(order["model"])
    with torch.inference_mode():
        answers = [_answer(model, _cut(rows, 0, count), size) for size, count in order["batches"]]
        report = {
            "card": card,
            "shapes": [list(answer.shape) for answer in answers],
            "weights": _weights(model),
            "rows_per_second": _speed(model, _cut(rows, 0, order["batches"][-1][0])),
            "milliseconds": 1000 / _speed(model, _cut(rows, 0, 1)),
        }
    out = sys.stdout.buffer
    out.write(json.dumps(report).encode("utf-8") + b"\n")
    for answer in answers:
        out.write(_bytes(answer.to(torch.float32)))
    out.flush()


def _rows(stream: BinaryIO, order: dict[str, object]) -> torch.Tensor:
    kind = _KINDS[str(order["dtype"])]
    shape = order["shape"]
    assert isinstance(shape, list)
    size = prod(shape) * kind.itemsize
    raw = bytearray(stream.read(size))
    assert len(raw) == size
    return torch.frombuffer(raw, dtype=kind).reshape(shape)


def _loaded(path: str) -> tuple[torch.nn.Module, str]:
    files = {"card.json": ""}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        model = torch.jit.load(path, map_location="cpu", _extra_files=files)  # type: ignore[no-untyped-call]
    text: str | bytes = files["card.json"]
    return model, text.decode("utf-8") if isinstance(text, bytes) else text


def _cut(rows: Rows, start: int, stop: int) -> Rows:
    return tuple(raw[start:stop] for raw in rows)


def _answer(model: torch.nn.Module, rows: Rows, size: int) -> torch.Tensor:
    starts = range(0, len(rows[0]), size)
    return torch.cat([model(*_cut(rows, start, start + size)) for start in starts])


def _weights(model: torch.nn.Module) -> str:
    state = model.state_dict()
    found = hashlib.sha256()
    for name in sorted(state):
        found.update(name.encode("utf-8"))
        found.update(_bytes(state[name]))
    return found.hexdigest()


def _bytes(tensor: torch.Tensor) -> bytes:
    steady = tensor.detach().cpu().contiguous()
    return ctypes.string_at(steady.data_ptr(), steady.nbytes) if steady.nbytes else b""


def _speed(model: torch.nn.Module, batch: Rows) -> float:
    model(*batch)
    started, done = time.perf_counter(), 0
    while done < MOST_TIMED and time.perf_counter() - started < LONGEST_TIMING:
        model(*batch)
        done += 1
    return done * len(batch[0]) / (time.perf_counter() - started)


if __name__ == "__main__":
    main()
