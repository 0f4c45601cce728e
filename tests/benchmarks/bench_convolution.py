"""A training step on large pictures beside plain PyTorch, and what the building adds: ratios.

    python tests/benchmarks/bench_convolution.py [--rounds 7]

The first: convolution of 32 filters, max pooling, dropout, flatten, 64, classes at 224 x 224 x 3
in batches of 32, as a run takes its steps; beside it the same layers in an nn.Sequential, eager
and contiguous, with torch's threads as they come and Adam as it comes. Aim: at most 0.5.
The second: a step of the module that is built from a drawing, beside the same network written
by hand, in one thread; networks without anything to tune. Aim: at most 1.02.
The sides take their steps in turn, so that a busy machine slows both; medians are compared.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import torch
from torch import nn

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from studio.core.design.picture_networks import classic
from studio.core.design.project import Project
from studio.core.design.training import TrainingSpec
from studio.engine.build import build
from studio.engine.stepping import Stepper
from tests.builders import chain, images, table

BATCH, SIDE, CLASSES = 32, 224, 10
AIM, AIM_OF_BUILDING = 0.5, 1.02
CPU = torch.device("cpu")
Step = Callable[[], object]


def plain_step(model: nn.Module, x, y, *, fused: bool = False) -> Step:
    """The step that anybody would write."""
    optimizer = torch.optim.Adam(model.parameters(), fused=fused)
    loss_of = nn.CrossEntropyLoss()

    def step() -> None:
        loss = loss_of(model(x), y)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()

    return step


def studio_step(project, x, y) -> Step:
    """The step that a run takes."""
    model = build(project.graph, project.dataset)
    stepper = Stepper(TrainingSpec(), model, CPU)
    forward, loss_of, take = stepper.ways(nn.CrossEntropyLoss())
    parameters = tuple(model.parameters())

    def step() -> None:
        loss = loss_of(forward(x), y)
        for parameter in parameters:
            parameter.grad = None
        loss.backward()
        take()

    return step


def by_hand() -> nn.Module:
    wide = (SIDE - 2) // 2
    return nn.Sequential(
        nn.Conv2d(3, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Dropout(0.25), nn.Flatten(),
        nn.Linear(32 * wide * wide, 64), nn.ReLU(), nn.Linear(64, CLASSES),
    )  # fmt: skip


def ratio(text: str, plain: Step, ours: Step, rounds: int, threads: tuple[int, int]) -> float:
    """The median time of our step over that of the other, which take turns."""
    taken: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds + 2):  # the first are to get warm
        sides = list(zip((plain, ours), taken, threads, strict=True))
        for step, times, count in sides if number % 2 else reversed(sides):
            torch.set_num_threads(count)
            began = time.perf_counter()
            step()
            if number > 1:
                times.append(time.perf_counter() - began)
    before, after = (statistics.median(times) for times in taken)
    print(f"{text}: {before * 1e3:.2f} ms and {after * 1e3:.2f} ms: {after / before:.3f}")
    return after / before


def large_pictures(rounds: int, threads: int) -> bool:
    dataset = images(3, SIDE, SIDE, classes=CLASSES)
    project = Project(dataset, classic(dataset))
    x, y = torch.randn(BATCH, 3, SIDE, SIDE), torch.randint(0, CLASSES, (BATCH,))
    sides = plain_step(by_hand(), x, y), studio_step(project, x, y)
    return ratio(f"classic {SIDE} x {SIDE} x 3", *sides, rounds, (threads, 1)) <= AIM


def building(rounds: int) -> bool:
    """Small steps many times over, so that what the building adds would be seen."""
    dense = chain(
        table(numbers=100, classes=10), ("linear", {"out_features": 64}), "relu",
        ("linear", {"out_features": 64}), "relu", ("linear", {"out_features": 10}),
    )  # fmt: skip
    written = nn.Sequential(
        nn.Linear(100, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10)
    )
    small = chain(
        images(1, 28, 28, classes=10), ("conv2d", {"out_channels": 16, "kernel_size": 3}),
        "batch_norm", "relu", "flatten", ("linear", {"out_features": 10}),
    )  # fmt: skip
    picture = nn.Sequential(
        nn.Conv2d(1, 16, 3), nn.BatchNorm2d(16), nn.ReLU(), nn.Flatten(),
        nn.Linear(16 * 26 * 26, 10),
    )  # fmt: skip
    y = torch.randint(0, 10, (BATCH,))
    found = []
    for text, project, model, x, times in (
        ("100-64-64-10", dense, written, torch.randn(BATCH, 100), 300),
        ("convolution 28 x 28", small, picture, torch.randn(BATCH, 1, 28, 28), 40),
    ):
        plain, ours = plain_step(model, x, y, fused=True), studio_step(project, x, y)
        found.append(ratio(text, _often(plain, times), _often(ours, times), 3 * rounds, (1, 1)))
    return max(found) <= AIM_OF_BUILDING


def _often(step: Step, times: int) -> Step:
    return lambda: [step() for _ in range(times)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    threads = torch.get_num_threads()
    print(f"torch has {threads} threads as it comes")
    reached = [large_pictures(rounds, threads), building(rounds)]
    return 0 if all(reached) else 1


if __name__ == "__main__":
    raise SystemExit(main())
