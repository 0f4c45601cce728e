"""A column's profile beside pandas' describe of the same column: prints times and ratios.

    python tests/benchmarks/bench_profile.py [--rows 1000000] [--rounds 5]

Each kind of column has so many rows, with gaps. Rounds alternate, so that a busy machine
slows both; medians are compared. A profile holds much more than describe does (histogram,
outliers, frequent values, tokens, the relation to the target). Reaches its aim where every
column takes at most half a second, or at most three times what describe takes.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from studio.core.design.dataset import ColumnChoice, DatasetSpec
from studio.data.column_profile import profile_of, targets_of
from studio.data.tables import Table

AIM_SECONDS, AIM_RATIO = 0.5, 3.0
KINDS = {
    "number": "number",
    "whole number": "number",
    "category": "category",
    "identifier": "identifier",
    "date": "date",
    "text": "text",
    "target": "number",
}


def material(rows: int) -> tuple[Table, DatasetSpec]:
    draw = np.random.default_rng(0)
    numbers = draw.normal(size=rows)
    numbers[::50] = np.nan
    days = pd.Timestamp("2000-01-01") + pd.to_timedelta(draw.integers(0, 10**7, rows), "min")
    words = np.array(
        ["the", "pump", "ran", "hot", "and", "was", "stopped", "by", "a", "guard", "at", "night"]
    )
    columns = {
        "number": numbers,
        "whole number": draw.integers(0, 100, rows).astype(np.float64),
        "category": texts(np.array(list("abcdefgh"))[draw.integers(0, 8, rows)]),
        "identifier": texts([f"id {i}" for i in draw.integers(0, rows, rows)]),
        "date": texts(days.strftime("%Y-%m-%d %H:%M")),
        "text": texts([" ".join(some) for some in words[draw.integers(0, len(words), (rows, 6))]]),
        "target": np.nan_to_num(numbers) + draw.normal(size=rows),
    }
    choices = (
        ColumnChoice(name, kind, "target" if name == "target" else "input")
        for name, kind in KINDS.items()
    )
    table = Table("rows.csv", pd.DataFrame(columns), {"decimal": "."})
    return table, DatasetSpec("table", "rows.csv", columns=tuple(choices))


def texts(cells: object) -> pd.Series:
    return pd.Series(cells, dtype=pd.StringDtype("pyarrow", na_value=np.nan))


def seconds(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


def measured(rows: int, rounds: int) -> dict[str, tuple[float, float]]:
    """For each column the median seconds of its profile and of describe."""
    table, spec = material(rows)
    targets = targets_of(table, spec)
    found: dict[str, tuple[list[float], list[float]]] = {c.name: ([], []) for c in spec.columns}
    for _ in range(rounds):
        for choice in spec.columns:
            ours, theirs = found[choice.name]
            column = table.frame[choice.name]
            ours.append(seconds(lambda choice=choice: profile_of(choice, table, spec, targets)))
            theirs.append(seconds(column.describe))
    return {
        name: (statistics.median(ours), statistics.median(theirs))
        for name, (ours, theirs) in found.items()
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    is_reached = True
    for name, (ours, theirs) in measured(asked.rows, asked.rounds).items():
        is_fast = ours <= AIM_SECONDS or ours <= AIM_RATIO * theirs
        is_reached &= is_fast
        ratio = f"{ours / theirs:.2f} x describe"
        print(f"{name:14} {ours:6.3f} s   {ratio}   {'' if is_fast else 'too slow'}")
    print("aim reached" if is_reached else "aim missed")
    return 0 if is_reached else 1


if __name__ == "__main__":
    sys.exit(main())
