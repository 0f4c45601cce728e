"""Proof: a fresh process loads an exported file, runs real rows and agrees, or says what differs.

What is compared: the file's answers with the program's own, row by row, in batches of one, of
two and as large as memory lets them be; the card; and the weights. Numbers are compared
relative to the largest answer of their column, probabilities as they are. Where the program's
own answers differ by the size of the batch, since sums of float32 are rounded, the file's may
differ as much.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray

from studio.core.design.dataset import TaskKind
from studio.core.problems import Place, StudioError, refuse
from studio.core.run.results import Proof
from studio.core.words import tr
from studio.engine.loaders import chunk_rows
from studio.export.fresh_process import run_fresh

MOST_ROWS = 1_000
MOST_BYTES = 128 << 20  # of raw rows and answers together
SMALL_BATCH_ROWS = 200
SMALLEST = 2
MOST_ROUNDING = 1e-5  # the sums of a sound network are not rounded further apart
PATIENCE = 300.0
MEASURED = frozenset({"numbers", "images"})  # tasks without classes
NO_WEIGHTS = ""  # of a format that keeps them under names of its own: its answers tell
FIXED = "onnx"  # the format whose sizes can be fixed
SCRIPT = Path(__file__).with_name("fresh.py")

Answers: TypeAlias = NDArray[np.float32]
Raws: TypeAlias = tuple[NDArray[Any], ...]
Answer: TypeAlias = Callable[[Raws], tuple[Answers, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class Claim:
    """What an exported file must bear out: these raw rows, answered like this, and this card.

    `rows` are those of each input of the model, `tasks` what each output is asked for.
    `answer` is the program's own way from raw rows to the answers of all outputs; `tolerance`
    the largest difference; `weights` the digest that the card states. `batch` is the only
    number of rows that an ONNX file takes at a time, 0 where it takes any.
    """

    rows: Raws
    answer: Answer
    tasks: tuple[TaskKind, ...]
    card: Mapping[str, object]
    tolerance: float
    weights: str
    batch: int = 0

    @property
    def is_greedy(self) -> bool:
        """Whether it writes, each time with the likeliest token, and with that in view goes on."""
        outputs = self.card.get("outputs")
        assert isinstance(outputs, list | None)
        return any(part.get("decoding") == "greedy" for part in outputs or [])


@dataclass(frozen=True, slots=True)
class _Batch:
    size: int
    rows: int


def prove(
    path: Path, claim: Claim, *, format: str = "torchscript", patience: float = PATIENCE
) -> Proof:
    """The proof of the file, or of the folder, or StudioError with what differed.

    The process is ended where it takes longer than `patience` seconds.
    """
    rows = tuple(np.ascontiguousarray(raw[:MOST_ROWS]) for raw in claim.rows)
    each = sum(answer.size for answer in claim.answer(_cut(rows, 0, 1)))
    batches = _batches_for(rows, each)
    if claim.batch and format == FIXED:
        rows = tuple(_filled(raw, claim.batch) for raw in rows)
        batches = (_Batch(claim.batch, len(rows[0])),)
    found, answers = _run_fresh(path, format, rows, batches, patience)
    _compare_card(found["card"], claim)
    if found["weights"] not in (claim.weights, NO_WEIGHTS):
        raise differs(tr("The weights in the file are not those of the run."))
    return Proof(
        rows=len(rows[0]),
        largest_difference=_compared(answers, rows, batches, claim),
        same_class=any(task not in MEASURED for task in claim.tasks),
        rows_per_second=float(found["rows_per_second"]),
        milliseconds=float(found["milliseconds"]),
        checked_batch_sizes=tuple(dict.fromkeys(batch.size for batch in batches)),
    )


def _compared(
    answers: Sequence[Sequence[Answers]], rows: Raws, batches: Sequence[_Batch], claim: Claim
) -> float:
    """The largest difference between all answers and the program's own, output by output."""
    own = [_own_answers(batch, rows, claim) for batch in batches]
    found = 0.0
    for place, task in enumerate(claim.tasks):
        wanted = [batch[place] for batch in own]
        tolerance = max(claim.tolerance, min(2 * _rounding(wanted, task), MOST_ROUNDING))
        for got, one in zip(answers, wanted, strict=True):
            if len(got) != len(claim.tasks):
                raise differs(tr("The file gives another number of answers."))
            said = until_a_tie(got[place], one, tolerance) if claim.is_greedy else got[place]
            found = max(found, largest_difference(said, one, task, tolerance))
    return found


def until_a_tie(got: Answers, wanted: Answers, tolerance: float) -> Answers:
    """Texts [N, T, V] up to a token as likely as another: there both may rightly go on apart.

    What follows such a token is taken from `wanted`.
    """
    if got.shape != wanted.shape:
        return got
    rows, best = np.arange(len(got)), got.argmax(axis=-1)
    is_apart = best != wanted.argmax(axis=-1)
    first = is_apart.argmax(axis=1)
    there = wanted[rows, first]
    is_tie = there.max(axis=-1) - there[rows, best[rows, first]] <= 2 * tolerance
    goes_on = (is_apart.any(axis=1) & is_tie)[:, None] & (np.arange(got.shape[1]) > first[:, None])
    return np.where(goes_on[..., None], wanted, got)


def rows_of_proof(raws: Raws, answers: Sequence[Answers]) -> int:
    """How many rows a proof takes, told from some: at most so many, and so many bytes."""
    each = sum(block[:1].nbytes for block in (*raws, *answers))
    return max(SMALLEST, min(MOST_ROWS, MOST_BYTES // max(1, each)))


def _cut(rows: Raws, start: int, stop: int) -> Raws:
    return tuple(raw[start:stop] for raw in rows)


def _filled(raw: NDArray[Any], batch: int) -> NDArray[Any]:
    """As many rows as whole batches have, some of them once more."""
    count = -(-len(raw) // batch) * batch
    return np.ascontiguousarray(raw[np.arange(count) % len(raw)])


def _batches_for(rows: Raws, answers_each: int) -> tuple[_Batch, ...]:
    count = len(rows[0])
    largest = min(count, chunk_rows(sum(raw[0].size for raw in rows), answers_each))
    few = min(count, SMALL_BATCH_ROWS)
    sizes = {1: few, 2: few, largest: count}
    return tuple(_Batch(size, rows) for size, rows in sizes.items() if size <= count)


def _run_fresh(
    path: Path, format: str, rows: Raws, batches: Sequence[_Batch], patience: float
) -> tuple[dict[str, Any], list[list[Answers]]]:
    order = {
        "model": str(path.resolve()),
        "format": format,
        "inputs": [{"shape": raw.shape, "dtype": str(raw.dtype)} for raw in rows],
        "batches": [(batch.size, batch.rows) for batch in batches],
        "threads": torch.get_num_threads(),
    }
    said = b"\n".join([json.dumps(order).encode("utf-8"), b"".join(r.tobytes() for r in rows)])
    try:
        program = [sys.executable, "-I", str(SCRIPT)]
        done = run_fresh(program, path.parent, given=said, patience=patience)
    except subprocess.TimeoutExpired:
        raise hangs(patience) from None
    if done.returncode != 0:
        raise breaks(done.stderr.decode("utf-8", "replace"))
    line, _, raw = done.stdout.partition(b"\n")
    found: dict[str, Any] = json.loads(line)
    return found, _answers(raw, found["shapes"])


def _answers(raw: bytes, shapes: Sequence[Sequence[Sequence[int]]]) -> list[list[Answers]]:
    """For each batch the answers of each output."""
    values, start = np.frombuffer(raw, dtype=np.float32), 0
    found: list[list[Answers]] = []
    for batch in shapes:
        found.append([])
        for shape in batch:
            found[-1].append(values[start : start + prod(shape)].reshape(shape))
            start += prod(shape)
    return found


def _compare_card(text: str, claim: Claim) -> None:
    try:
        card = json.loads(text)
    except ValueError:
        card = None
    if card != claim.card:
        raise differs(tr("The card inside the file is not the one that was written."))


def _own_answers(batch: _Batch, rows: Raws, claim: Claim) -> list[Answers]:
    parts = [
        claim.answer(_cut(rows, start, min(start + batch.size, batch.rows)))
        for start in range(0, batch.rows, batch.size)
    ]
    return [np.concatenate(column) for column in zip(*parts, strict=True)]


def _rounding(own: Sequence[Answers], task: TaskKind) -> float:
    """How far the program's own answers to the same rows lie apart in batches of other sizes."""
    few = min(map(len, own))
    gaps = (_gaps(one[:few], own[0][:few], task) for one in own)
    return max(float(gap.max(initial=0.0)) for gap in gaps)


def largest_difference(got: Answers, wanted: Answers, task: TaskKind, tolerance: float) -> float:
    """How far the answers lie apart, or StudioError where that is more than `tolerance`."""
    if got.shape != wanted.shape:
        raise differs(
            tr(
                "The file gives answers of another size: {got}, not {wanted}.",
                got=list(got.shape),
                wanted=list(wanted.shape),
            )
        )
    if not np.isfinite(got).all():
        row = int(np.argwhere(~np.isfinite(got))[0][0])
        raise differs(tr("The answer to row {row} is not a number.", row=row + 1))
    if str(task) == "masks":  # its classes are the channels of a picture
        got, wanted = np.moveaxis(got, 1, -1), np.moveaxis(wanted, 1, -1)
    gaps = _gaps(got, wanted, task)
    worst = np.unravel_index(int(gaps.argmax()), gaps.shape)
    if not gaps[worst] <= tolerance:
        raise _row_differs(int(worst[0]), got, wanted)
    if task not in MEASURED:
        _compare_classes(got, wanted, tolerance)
    return float(gaps[worst])


def _gaps(got: Answers, wanted: Answers, task: TaskKind) -> NDArray[np.float64]:
    gaps: NDArray[np.float64] = np.abs(got.astype(np.float64) - wanted)
    if task not in MEASURED:
        return gaps
    largest = np.abs(wanted).max(axis=0)
    return np.asarray(gaps / np.where(largest > 0, largest, 1.0))


def _compare_classes(got: Answers, wanted: Answers, tolerance: float) -> None:
    """The most probable class of each row, or token of each place in it, must be the same."""
    best = got.argmax(axis=-1)
    chosen = np.take_along_axis(wanted, best[..., None], axis=-1)[..., 0]
    is_tie = wanted.max(axis=-1) - chosen <= 2 * tolerance
    differs = (best != wanted.argmax(axis=-1)) & ~is_tie
    if differs.any():
        raise _row_differs(int(np.argwhere(differs)[0][0]), got, wanted)


def _row_differs(row: int, got: Answers, wanted: Answers) -> StudioError:
    return differs(
        tr(
            "The answer to row {row} is {got}; the program itself says {wanted}.",
            row=row + 1,
            got=_shown(got[row]),
            wanted=_shown(wanted[row]),
        )
    )


def _shown(answer: Answers) -> str:
    values = answer.ravel()[:6].tolist()
    return ", ".join(f"{value:.7g}" for value in values[:5]) + (", …" if len(values) > 5 else "")


def differs(what: str) -> StudioError:
    """The refusal of what is not the model that was trained."""
    message = tr(
        "The exported file was checked in a fresh process and is not the model that "
        "was trained. {what}",
        what=what,
    )
    return refuse(
        message,
        tr("Export it again. If that says the same, choose another format."),
        place=Place("file"),
        code="proof-differs",
    )


def hangs(patience: float) -> StudioError:
    """The refusal of what gives no answer in time."""
    return refuse(
        tr(
            "The exported file was loaded in a fresh process, which gave no answer within "
            "{seconds} {seconds|second|seconds} and was ended.",
            seconds=round(patience),
        ),
        tr("Close other programs and export again; a smaller network answers faster."),
        place=Place("file"),
        code="proof-hangs",
    )


def breaks(said: str) -> StudioError:
    """The refusal of what ends with an error."""
    last = next((line for line in reversed(said.splitlines()) if line.strip()), "")
    return refuse(
        tr("A fresh process could not run the exported file: {last}", last=last[:200]),
        tr("Export it again. If that says the same, the details say where it broke."),
        place=Place("file"),
        code="proof-breaks",
        detail=said,
    )
