"""What the fresh process runs: loads an exported file with torch alone and gives its answers.

Run as a script by `proof.py`, with Python's isolated mode: nothing of Studio is imported here,
which is what shows that the file needs none of it. On standard input stand the order (a line
of JSON) and the raw rows; on standard output the report (a line of JSON) and the raw answers.
"""

import ctypes
import hashlib
import json
import sys
import time
import warnings
from collections.abc import Iterator
from math import prod

import torch

LONGEST_TIMING = 1.0
MOST_TIMED = 50


def main() -> None:
    """Does what the order asks."""
    order = json.loads(sys.stdin.buffer.readline())
    rows = _rows(sys.stdin.buffer.read(), order)
    torch.set_num_threads(int(order["threads"]))
    model, card = _loaded(order["model"])
    with torch.inference_mode():
        answers = [_answer(model, rows[:count], size) for size, count in order["batches"]]
        report = {
            "card": card,
            "shapes": [list(answer.shape) for answer in answers],
            "weights": _weights(model),
            "rows_per_second": _speed(model, rows[: order["batches"][-1][0]]),
            "milliseconds": 1000 / _speed(model, rows[:1]),
        }
    out = sys.stdout.buffer
    out.write(json.dumps(report).encode("utf-8") + b"\n")
    for answer in answers:
        out.write(_bytes(answer.to(torch.float32)))
    out.flush()


def _rows(raw: bytes, order: dict[str, object]) -> torch.Tensor:
    kind = {"float32": torch.float32, "uint8": torch.uint8}[str(order["dtype"])]
    shape = order["shape"]
    assert isinstance(shape, list)
    assert len(raw) == prod(shape) * kind.itemsize
    return torch.frombuffer(bytearray(raw), dtype=kind).reshape(shape)


def _loaded(path: str) -> tuple[torch.nn.Module, str]:
    files = {"card.json": ""}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        model = torch.jit.load(path, map_location="cpu", _extra_files=files)  # type: ignore[no-untyped-call]
    text: str | bytes = files["card.json"]
    return model, text.decode("utf-8") if isinstance(text, bytes) else text


def _answer(model: torch.nn.Module, rows: torch.Tensor, size: int) -> torch.Tensor:
    return torch.cat([model(batch) for batch in _batches(rows, size)])


def _batches(rows: torch.Tensor, size: int) -> Iterator[torch.Tensor]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


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


def _speed(model: torch.nn.Module, batch: torch.Tensor) -> float:
    model(batch)
    started, done = time.perf_counter(), 0
    while done < MOST_TIMED and time.perf_counter() - started < LONGEST_TIMING:
        model(batch)
        done += 1
    return done * len(batch) / (time.perf_counter() - started)


if __name__ == "__main__":
    main()
