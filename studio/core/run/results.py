"""What jobs hand back, as plain values: devices, past runs, evaluations, exports."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from studio.core.catalogue.entry import TaskKind
from studio.core.design.project import Project
from studio.core.problems import Problem
from studio.core.run.events import Figures


@dataclass(frozen=True, slots=True)
class DeviceInfo:
    """One device: `key` is cpu, cuda or mps; `reason` says why it cannot be chosen, if so."""

    key: str
    title: str
    is_available: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A past run as the archive keeps it. Times are seconds since 1970, `ended` 0 while open.

    `outcome` is completed, stopped, failed, running or interrupted (its process is gone).
    `number` counts the project's runs from 1. `figures` are the validation figures of the
    best epoch, `test` those of the test part. `project` is the frozen value it trained.
    """

    run: str
    number: int
    started: float
    ended: float
    outcome: str
    device: str
    epochs_done: int
    best_epoch: int
    project: Project
    figures: Figures = field(default_factory=dict)
    test: Figures = field(default_factory=dict)
    problem: Problem | None = None
    has_weights: bool = False
    is_resumable: bool = False


@dataclass(frozen=True, slots=True)
class Beside:
    """One row in pictures, RGB bytes: what came in, what should come out, and what did.

    `place` is the row's place in the part.
    """

    place: int
    height: int
    width: int
    picture: bytes
    truth: bytes
    answer: bytes


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How good a run's best weights are on one part. The tuples are as long as the part.

    classes: `truths` and `answers` are indices into `labels`, `confidences` the probability
    of the answer, `matrix[truth][answer]` counts; `per_class` holds precision, recall, f1
    and support for each label. numbers: `truths` and `answers` are of the first target, in
    its own unit, and `confidences` is empty; `per_target` holds the figures of each of
    `target_names`. Where there are several, `distances` say how far the whole answer is off:
    the root of the mean square, in deviations of each target; `intervals` are the two ends
    around each answer of a network that says how far it may be off. sequences: `answers` are the
    share of each text's tokens that are right, `truths` are 1, `confidences` the mean
    probability of the tokens given; `true_tokens` and `answer_tokens` are the token numbers,
    and `true_texts` and `answer_texts` what they say where that was asked for. `rows` are row
    numbers in the file (from 1), `positions` places in the loaded data.

    masks: `answers` are the mean IoU of each row, `truths` are 1, `matrix` and `per_class`
    count pixels. images: `answers` and `distances` say how far each rebuilt picture is off, of
    pixels from 0 to 1. Of both the worst rows stand in `pictures`, the worst first.

    `output` is what it is about, and `others` are the evaluations of the further outputs of
    the same network. `moments` are when the rows of a series were, in seconds since 1970.
    """

    run: str
    part: str
    task: TaskKind
    figures: Figures
    truths: tuple[float, ...]
    answers: tuple[float, ...]
    rows: tuple[int, ...]
    positions: tuple[int, ...]
    confidences: tuple[float, ...] = ()
    labels: tuple[str, ...] = ()
    target_names: tuple[str, ...] = ()
    matrix: tuple[tuple[int, ...], ...] = ()
    per_class: tuple[Mapping[str, float], ...] = ()
    names: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    per_target: tuple[Figures, ...] = ()
    distances: tuple[float, ...] = ()
    true_tokens: tuple[tuple[int, ...], ...] = ()
    answer_tokens: tuple[tuple[int, ...], ...] = ()
    true_texts: tuple[str, ...] = ()
    answer_texts: tuple[str, ...] = ()
    output: str = ""
    others: tuple["Evaluation", ...] = ()
    pictures: tuple[Beside, ...] = ()
    intervals: tuple[tuple[float, float], ...] = ()
    moments: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class ExportResult:
    """A finished export. `proof` is None where it was not proven, and `problem` says why."""

    format: str
    path: str
    size: int
    proof: "Proof | None" = None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """What the fresh process found: rows compared, the largest difference, its speed.

    `same_class` says that the answers name classes, the same ones each time; it is False where
    they are only numbers. `rows_per_second` is of whole batches, `milliseconds` of a single row.
    """

    rows: int
    largest_difference: float
    same_class: bool
    rows_per_second: float
    milliseconds: float
    checked_batch_sizes: tuple[int, ...] = ()
