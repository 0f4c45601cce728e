"""Rows that do not fit: pictures read from PNG files beside pictures in memory, and the memory
that a table four times its limit takes.

    python tests/benchmarks/bench_streaming.py [--images FOLDER] [--rows N] [--memory MB]

`--images` is a folder with the IDX files of Fashion-MNIST; without it pictures are drawn. They
are written as so many PNG files, and the same network is trained on them twice: held in
memory, and with so little memory allowed that they are streamed. Aims: 0.6 of the rows a second in
the first epoch, in which every file is opened, and 0.9 in those after it. The table lies in a
file on the disk; what the process takes while it trains is read from the system. Its aim is the
limit itself.
"""

import argparse
import gzip
import sys
import tempfile
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from studio.core.design.training import TrainingSpec
from studio.core.run.control import RunControl
from studio.core.run.events import EpochDone, RunEnded
from studio.data.arrays import Arrays
from studio.data.disk_rows import DiskRows
from studio.data.media import media_rows
from studio.data.prepare import fit
from studio.engine.trainer import train
from tests.builders import chain, images, table

FIRST, LATER = 0.6, 0.9
EPOCHS = 3
COLUMNS = 50
MEGABYTE = 1 << 20
# A step of the small network takes less time than a file takes to be opened.
AIMED_AT = "convolutions"
NETWORKS = {
    "small": (("linear", {"out_features": 128}), "relu"),
    "convolutions": (
        ("conv2d", {"out_channels": 8, "kernel_size": (3, 3)}),
        "relu",
        "max_pool2d",
        ("conv2d", {"out_channels": 16, "kernel_size": (3, 3)}),
        "relu",
        "max_pool2d",
    ),
}


def pictures(folder: str | None, rows: int):
    """Grey pictures of 28 by 28 with their classes."""
    if folder is None:
        draw = np.random.default_rng(0)
        return draw.integers(0, 256, (rows, 28, 28)).astype(np.uint8), draw.integers(0, 10, rows)
    found, kinds = [], []
    for name in ("train", "t10k"):
        for path in Path(folder).rglob(f"{name}-images*"):
            found.append(_idx(path, 16).reshape(-1, 28, 28))
        for path in Path(folder).rglob(f"{name}-labels*"):
            kinds.append(_idx(path, 8))
    return np.concatenate(found)[:rows], np.concatenate(kinds)[:rows].astype(np.int64)


def _idx(path: Path, head: int):
    data = path.read_bytes()
    data = gzip.decompress(data) if path.suffix == ".gz" else data
    return np.frombuffer(data, np.uint8, offset=head)


def written(block, folder: Path) -> list[str]:
    """Each picture as a PNG file; their references."""
    paths = [folder / f"{number // 1000}" / f"{number}.png" for number in range(len(block))]
    for path, pixels in zip(paths, block, strict=True):
        path.parent.mkdir(exist_ok=True)
        Image.fromarray(pixels).save(path)
    return [str(path) for path in paths]


def arrays_of(dataset, rows, targets) -> Arrays:
    count = len(targets)
    nothing = np.empty(0, dtype=np.int64)
    parts = {"training": np.arange(count), "validation": nothing, "test": nothing}
    return Arrays(
        dataset.kind,
        dataset.model_inputs(),
        (rows,),
        dataset.model_outputs(),
        (targets,),
        parts,
        np.arange(1, count + 1),
    )


def epochs_of(project, arrays: Arrays, fitted) -> list[float]:
    """Rows a second of each epoch."""
    with tempfile.TemporaryDirectory() as folder:
        events = list(
            train(project, arrays, RunControl(), fitted=fitted, run="run-1", folder=Path(folder))
        )
    assert isinstance(events[-1], RunEnded)
    assert events[-1].outcome == "completed", events[-1].problem
    return [event.samples_per_second for event in events if isinstance(event, EpochDone)]


def compare(name: str, references: list[str], kinds, memory: int) -> bool:
    dataset = images(1, 28, 28, classes=10)
    layers = (*NETWORKS[name], "flatten", ("linear", {"out_features": 10}))
    layers = ("flatten", *layers[:2], layers[-1]) if name == "small" else layers
    training = TrainingSpec(epochs=EPOCHS, batch_size=64, device="cpu")
    project = replace(chain(dataset, *layers), training=training)
    feature = dataset.model_inputs()[0].feature
    held = arrays_of(dataset, media_rows(references, feature, dataset).rows, kinds)
    fitted = fit(dataset, held)
    streaming = replace(project, training=replace(training, memory=memory))
    in_memory = epochs_of(project, held, fitted)
    rows = media_rows(references, feature, dataset, memory=memory * MEGABYTE).rows
    assert rows.held is None
    streamed = epochs_of(streaming, arrays_of(dataset, rows, kinds), fitted)
    again = epochs_of(project, held, fitted)
    plain = float(np.median([*in_memory, *again]))
    first, later = streamed[0] / plain, float(np.median(streamed[1:])) / plain
    has_aim = name == AIMED_AT
    print(
        f"{name}: {plain:,.0f} rows/s in memory; streamed {streamed[0]:,.0f} in the first epoch "
        f"({first:.2f}, {f'aim {FIRST}' if has_aim else 'no aim'}), "
        f"{np.median(streamed[1:]):,.0f} after it "
        f"({later:.2f}, {f'aim {LATER}' if has_aim else 'no aim'})"
    )
    return not has_aim or (first >= FIRST and later >= LATER)


class Peak:
    """The most memory that this process took while it was watched, in MB above the start."""

    def __enter__(self) -> "Peak":
        self._process, self._end = psutil.Process(), threading.Event()
        self.begun = self.most = self._process.memory_info().rss
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def _watch(self) -> None:
        while not self._end.wait(0.02):
            self.most = max(self.most, self._process.memory_info().rss)

    def __exit__(self, *_reason: object) -> None:
        self._end.set()
        self._thread.join()

    @property
    def megabytes(self) -> float:
        return (self.most - self.begun) / MEGABYTE


def large_table(memory: int) -> bool:
    dataset = table(numbers=COLUMNS, classes=3)
    count = 4 * memory * MEGABYTE // (4 * COLUMNS)
    rows, draw = DiskRows((COLUMNS,), np.float32), np.random.default_rng(0)
    for start in range(0, count, 10_000):
        size = min(10_000, count - start)
        rows.append(draw.normal(size=(size, COLUMNS)).astype(np.float32))
    arrays = arrays_of(dataset, rows, draw.integers(0, 3, count))
    project = chain(dataset, ("linear", {"out_features": 3}))
    training = TrainingSpec(epochs=1, batch_size=256, device="cpu", memory=memory)
    project = replace(project, training=training)
    small = replace(arrays, parts={**arrays.parts, "training": np.arange(1_000)})
    fitted = fit(dataset, small)
    epochs_of(project, small, fitted)  # what torch needs once is not the data's
    with Peak() as peak:
        pace = epochs_of(project, arrays, fitted)[0]
    print(
        f"table of {4 * memory} MB, {count:,} rows, {memory} MB allowed: {peak.megabytes:,.0f} MB "
        f"taken while training at {pace:,.0f} rows/s"
    )
    return peak.megabytes <= memory


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--images")
    parser.add_argument("--rows", type=int, default=70_000)
    parser.add_argument("--memory", type=int, default=128)
    given = parser.parse_args()
    block, kinds = pictures(given.images, given.rows)
    with tempfile.TemporaryDirectory() as folder:
        references = written(block, Path(folder))
        allowed = max(1, block.nbytes // (2 * MEGABYTE))
        reached = [compare(name, references, kinds, allowed) for name in NETWORKS]
    reached.append(large_table(given.memory))
    return 0 if all(reached) else 1


if __name__ == "__main__":
    raise SystemExit(main())
