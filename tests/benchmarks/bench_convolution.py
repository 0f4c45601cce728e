"""A training step on large pictures beside plain PyTorch, and what the building adds: ratios.

    python tests/benchmarks/bench_convolution.py [--rounds 7]

The first: convolution of 32 filters, max pooling, dropout, flatten, 64, classes at 224 x 224 x 3
in batches of 32, as a run takes its steps; beside it the same layers in an nn.Sequential, eager
and contiguous, with torch's threads as they come and Adam as it comes. Aim: at most 0.5.
The second: a step of the module that is built from a drawing, beside the same network written
by hand, in one thread; networks without anything to tune. Aim: at most 1.02.
The third: what a run chooses when it tries the ways of computing at its start, beside the best of
all of them, measured afterwards on whole batches. Aim: at most 1.10, and 2.5 seconds of trying.
The sides take their steps in turn, so that a busy machine slows both; medians are compared.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import nn

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from studio.core.design.picture_networks import classic, residual
from studio.core.design.project import Project
from studio.core.design.training import TrainingSpec
from studio.core.run.control import RunControl
from studio.data.prepare import fit
from studio.engine.build import build
from studio.engine.calibration import calibrated
from studio.engine.devices import cores
from studio.engine.run_state import RunState
from studio.engine.stepping import Stepper
from studio.engine.ways import Way
from tests.builders import chain, images, table
from tests.engine.material import arrays_of

BATCH, SIDE, CLASSES = 32, 224, 10
AIM, AIM_OF_BUILDING, AIM_OF_CHOICE, MOST_SECONDS = 0.5, 1.02, 1.10, 2.5
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


def calibrating(rounds: int) -> bool:
    """Pictures as a run gets them; every form in one, half and all of the threads."""
    found = []
    for text, project in networks():
        state = state_of(project)
        chosen = calibrated(state, RunControl())
        assert chosen is not None
        taken = times_of(state, rounds)
        best = min(taken, key=lambda way: taken[way])
        ratio = taken[chosen.way] / taken[best]
        for way, seconds in sorted(taken.items(), key=lambda pair: pair[1]):
            print(f"  {way.form}, {way.threads}: {seconds * 1e3:.0f} ms")
        print(f"{text}: {chosen.words}")
        print(f"{text}: {ratio:.3f} of the best, found in {chosen.seconds:.1f} s")
        found.append(ratio <= AIM_OF_CHOICE and chosen.seconds <= MOST_SECONDS)
    return all(found)


def networks() -> Iterator[tuple[str, Project]]:
    """The one of the textbooks, one without pooling, and a residual one."""
    dataset = images(3, SIDE, SIDE, classes=CLASSES)
    yield f"classic {SIDE} x {SIDE} x 3", Project(dataset, classic(dataset))
    conv = ("conv2d", {"out_channels": 32, "kernel_size": 3, "stride": 2, "keep_size": True})
    small = images(3, 128, 128, classes=CLASSES)
    layers = (conv, "batch_norm", "relu") * 3
    yield (
        "strided 128 x 128 x 3",
        chain(small, *layers, "flatten", ("linear", {"out_features": 10})),
    )
    yield "residual 28 x 28", Project(images(), residual()(images()))


def state_of(project: Project) -> RunState:
    rows = 4 * BATCH
    shape = project.dataset.model_inputs()[0].shape
    pixels = np.random.default_rng(0).integers(0, 256, (rows, *shape), np.uint8)
    classes = np.arange(rows, dtype=np.int64) % project.dataset.outputs()
    arrays = arrays_of(project.dataset, pixels, classes)
    training = TrainingSpec(batch_size=BATCH, epochs=1000, device="cpu")
    return RunState(replace(project, training=training), arrays, fit(project.dataset, arrays))


def times_of(state: RunState, rounds: int) -> dict[Way, float]:
    """The shortest seconds of a step in each way, which take turns: the machine may be busy."""
    batches = state.batches
    *inputs, target = next(batches.blocks(1, batches.order(1)))[0]
    counts = sorted({1, max(1, cores() // 2), cores()})
    ways = [Way(form, count) for form in state.stepper.forms.known for count in counts]
    taken: dict[Way, list[float]] = {way: [] for way in ways}
    for number in range(rounds + 1):
        for way in ways:
            state.stepper.form = way.form
            forward, loss_of, take = state.stepper.ways(state.loss.forward)
            torch.set_num_threads(way.threads)
            began = time.perf_counter()
            loss = loss_of(forward(*inputs), target)
            state.stepper.clear()
            loss.backward()
            take()
            if number:
                taken[way].append(time.perf_counter() - began)
    torch.set_num_threads(1)
    return {way: min(times) for way, times in taken.items()}


def _often(step: Step, times: int) -> Step:
    return lambda: [step() for _ in range(times)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    threads = torch.get_num_threads()
    print(f"torch has {threads} threads as it comes")
    reached = [large_pictures(rounds, threads), building(rounds), calibrating(rounds)]
    return 0 if all(reached) else 1


if __name__ == "__main__":
    raise SystemExit(main())
