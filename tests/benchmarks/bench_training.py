"""Training beside a bare PyTorch loop on the same network, rows and batches: prints ratios.

    python tests/benchmarks/bench_training.py [--sizes 784-128-10 1000-128-64-10] [--rounds 9]

The bare loop has its rows in memory, a fused optimizer and no news, no metrics, no files.
The run of Studio is taken whole: every event is read, training metrics are made, weights are
kept. Rounds alternate, so that a busy machine slows both. Reaches its aim at 0.95.
"""

import argparse
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import nn

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from studio.core.design.training import TrainingSpec
from studio.core.run.control import RunControl
from studio.core.run.events import EpochDone, RunEnded, RunStarted
from studio.data.arrays import Arrays, held
from studio.data.prepare import fit
from studio.engine.trainer import train
from tests.builders import chain, table

BATCH, AIM = 32, 0.95


def material(sizes: list[int], rows: int, epochs: int):
    draw = np.random.default_rng(0)
    dataset = table(numbers=sizes[0], classes=sizes[-1], rows=rows)
    hidden = [part for size in sizes[1:-1] for part in (("linear", {"out_features": size}), "relu")]
    project = chain(dataset, *hidden, ("linear", {"out_features": sizes[-1]}))
    project = replace(project, training=TrainingSpec(epochs=epochs, batch_size=BATCH, device="cpu"))
    nothing = np.empty(0, dtype=np.int64)
    arrays = Arrays(
        "table",
        dataset.model_inputs(),
        held(draw.normal(size=(rows, sizes[0])).astype(np.float32)),
        dataset.model_outputs(),
        (draw.integers(0, sizes[-1], rows),),
        {"training": np.arange(rows), "validation": nothing, "test": nothing},
        np.arange(1, rows + 1),
    )
    return project, arrays


def bare(arrays: Arrays, sizes: list[int], epochs: int) -> float:
    """Samples a second of the loop that anybody would write."""
    layers = []
    for inputs, outputs in zip(sizes, sizes[1:], strict=False):
        layers += [nn.Linear(inputs, outputs), nn.ReLU()]
    model = nn.Sequential(*layers[:-1])
    rows, targets = torch.from_numpy(arrays.inputs[0].held), torch.from_numpy(arrays.targets[0])
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001, fused=True)
    loss_of = nn.CrossEntropyLoss()
    began = time.perf_counter()
    for _ in range(epochs):
        order = torch.randperm(len(rows))
        for start in range(0, len(rows), BATCH):
            chosen = order[start : start + BATCH]
            loss = loss_of(model(rows[chosen]), targets[chosen])
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
    return epochs * len(rows) / (time.perf_counter() - began)


def studio(project, arrays: Arrays, folder: Path) -> tuple[float, float]:
    """Samples a second of a whole run, and of its steps alone."""
    steps, began, taken = [], 0.0, 0.0
    fitted = fit(project.dataset, arrays)
    for event in train(project, arrays, RunControl(), fitted=fitted, run="run-1", folder=folder):
        match event:
            case RunStarted():
                began = time.perf_counter()
            case EpochDone():
                steps.append(event.samples_per_second)
            case RunEnded():
                assert event.outcome == "completed", event.problem
                taken = time.perf_counter() - began
    return project.training.epochs * len(arrays) / taken, statistics.median(steps)


def compare(text: str, rows: int, epochs: int, rounds: int) -> bool:
    sizes = [int(size) for size in text.split("-")]
    project, arrays = material(sizes, rows, epochs)
    found = []
    for number in range(rounds + 1):  # the first is to get warm
        plain = bare(arrays, sizes, epochs)
        with tempfile.TemporaryDirectory() as folder:
            whole, steps = studio(project, arrays, Path(folder))
        if number:
            found.append((whole / plain, steps / plain))
            print(
                f"{text}: bare {plain:,.0f} rows/s, studio {whole:,.0f} ({whole / plain:.3f}), "
                f"steps alone {steps:,.0f} ({steps / plain:.3f})"
            )
    whole, steps = (statistics.median(column) for column in zip(*found, strict=True))
    print(f"{text}: median ratio {whole:.3f} whole, {steps:.3f} steps alone; aim {AIM}\n")
    return whole >= AIM


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--sizes", nargs="+", default=["784-128-10", "1000-128-64-10"])
    parser.add_argument("--rows", type=int, default=12_000)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=9)
    given = parser.parse_args()
    torch.set_num_threads(1)
    reached = [compare(s, given.rows, given.epochs, given.rounds) for s in given.sizes]
    return 0 if all(reached) else 1


if __name__ == "__main__":
    raise SystemExit(main())
