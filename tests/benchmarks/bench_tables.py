"""Reading tables beside pandas.read_csv with its default engine: prints ratios.

    python tests/benchmarks/bench_tables.py [--rows 1000000] [--rounds 5] [--folder /tmp]

A CSV of 50 columns (30 fractions, 10 whole numbers, 8 categories, 2 texts) is written once.
Each reading runs in a process of its own, so that its memory is its own; rounds alternate, so
that a busy machine slows both. Aims: time at most 0.5 of pandas, memory at most twice the
finished table, a first look in a second, a table read block by block in a quarter of its size.

The aim of 0.5 was set for the reader on one core that pandas had before; `--one-core` compares
with that one. pandas 3.1 reads large files on all cores, and a million rows in 2.2 seconds of
processor. Measured on two cores that other work shared, medians of five rounds and of three:
time 1.43 of pandas in both, memory 1.46 of the table (pandas 2.59), a first look in 0.2 s, block
by block in 0.18 of the table. Beside the reader that looked for each quotation mark, in four
rounds of one run: time 1.25 of pandas instead of 2.1, processor 1.4 instead of 2.0.

What is left is parsing, and there is no parser of half the time to be had: for this file, in
seconds of processor without any check, Arrow takes 1.8 to 2.0, pandas' own 2.0 when it is given
the same blocks, polars 1.6 and 0.25 more to hand its texts to Arrow; finding the delimiters
alone takes Arrow 0.75. So nothing built on them comes below 0.8 of pandas. What makes us slower
than that: counting quotation marks 0.25 and looking for codes like 007 0.2, for whole numbers
that a float does not hold 0.15, for spaces and missing texts 0.1; reading, decoding and cutting
0.3; and memory for the finished columns, filled as the blocks come, 0.5. polars would save a
tenth of it and weighs 180 MB: it was left out.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import psutil
import pyarrow as pa
import pyarrow.csv

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
COLUMNS, AIM_TIME, AIM_MEMORY, AIM_LOOK = 50, 0.5, 2.0, 1.0
MEGABYTE = 1024**2


def write(path: Path, rows: int) -> None:
    draw = np.random.default_rng(0)
    kinds = np.array(["red", "green", "blue", "dark blue", "yellow"])
    columns = {f"fraction{i}": np.round(draw.normal(size=rows) * 100, 4) for i in range(30)}
    columns |= {f"whole{i}": draw.integers(0, 100_000, rows) for i in range(10)}
    columns |= {f"kind{i}": kinds[draw.integers(0, 5, rows)] for i in range(8)}
    columns |= {
        f"text{i}": [f"item number {n}" for n in draw.integers(0, 10**6, rows)] for i in range(2)
    }
    pa.csv.write_csv(pa.table(columns), path)


class Peak(threading.Thread):
    """Watches how much memory the process has beyond what it began with."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.process, self.is_over = psutil.Process(), threading.Event()
        self.began = self.process.memory_info().rss
        self.most = 0

    def run(self) -> None:
        while not self.is_over.wait(0.005):
            self.most = max(self.most, self.process.memory_info().rss - self.began)


def read_pandas(path: Path) -> int:
    import pandas as pd

    return int(pd.read_csv(path).memory_usage(deep=True).sum())


def read_pandas_one_core(path: Path) -> int:
    """Through an open file, which pandas does not share out among cores."""
    import pandas as pd

    with path.open("rb") as file:
        return int(pd.read_csv(file).memory_usage(deep=True).sum())


def read_studio(path: Path) -> int:
    from studio.data.tables import read_table

    return int(read_table(path).frame.memory_usage(deep=True).sum())


def look_studio(path: Path) -> int:
    from studio.data.tables import first_rows

    return len(first_rows(path).frame)


def blocks_studio(path: Path) -> int:
    from studio.data.tables import blocks

    kinds = {f"fraction{i}": "number" for i in range(30)} | {"kind0": "category"}
    return sum(len(table.frame) for table in blocks(path, {}, kinds))


READERS = {
    "pandas": read_pandas,
    "pandas-one-core": read_pandas_one_core,
    "studio": read_studio,
    "look": look_studio,
    "blocks": blocks_studio,
}


def measured(name: str, path: Path) -> dict[str, float]:
    """Seconds, peak of memory and size of the result, from a fresh process."""
    command = [sys.executable, __file__, "--one", name, "--file", str(path)]
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return json.loads(out.splitlines()[-1])


def one(name: str, path: Path) -> None:
    import pandas  # noqa: F401, ICN001 - both pay for it before the clock starts

    import studio.data.tables  # noqa: F401

    watch = Peak()
    watch.start()
    began, cpu = time.perf_counter(), time.process_time()
    size = READERS[name](path)
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    watch.is_over.set()
    watch.join()
    print(json.dumps({"seconds": seconds, "cpu": cpu, "peak": watch.most, "size": size}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--one-core", action="store_true")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one:
        one(chosen.one, chosen.file)
        return
    with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
        path = Path(folder) / "table.csv"
        write(path, chosen.rows)
        print(f"{chosen.rows} rows x {COLUMNS} columns, {path.stat().st_size / MEGABYTE:.0f} MB")
        compare(path, chosen.rounds, "pandas-one-core" if chosen.one_core else "pandas")


def compare(path: Path, rounds: int, other: str) -> None:
    found = {name: [] for name in (other, "studio", "look", "blocks")}
    for _ in range(rounds):
        for name, runs in found.items():
            runs.append(measured(name, path))
    ratios = [
        ours["seconds"] / theirs["seconds"]
        for ours, theirs in zip(found["studio"], found[other], strict=True)
    ]
    said("time beside " + other, statistics.median(ratios), AIM_TIME)
    work = [statistics.median(run["cpu"] for run in found[name]) for name in ("studio", other)]
    print(f"  (processor: {work[0]:.1f} s, {other} {work[1]:.1f} s)")
    table = found["studio"][0]["size"]
    said("memory beside the table", max(r["peak"] for r in found["studio"]) / table, AIM_MEMORY)
    theirs = max(r["peak"] for r in found[other]) / table
    print(f"  (memory of {other}: {theirs:.2f})")
    said("seconds to a first look", min(r["seconds"] for r in found["look"]), AIM_LOOK)
    peak = max(r["peak"] for r in found["blocks"])
    said("memory block by block beside the table", peak / table, 0.25)


def said(what: str, value: float, aim: float) -> None:
    print(f"{what}: {value:.2f} (aim {aim:.2f}: {'reached' if value <= aim else 'missed'})")


if __name__ == "__main__":
    main()
