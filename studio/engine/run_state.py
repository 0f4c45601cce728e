"""RunState: everything a run changes as it goes, and how it is captured and put back."""

import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, fx, nn

from studio.core.design.project import Project
from studio.core.design.shape_flow import layer_calls
from studio.core.problems import Place, refuse
from studio.core.shapes import size_of
from studio.core.words import tr
from studio.data.arrays import Arrays, Fitted
from studio.engine.augmentation import augmenter_of
from studio.engine.build import build, node_parts, parameter_count, part_name, written_count
from studio.engine.causality import check_causal
from studio.engine.checkpoints import Facts, Snapshot, put_weights
from studio.engine.decoding import training_targets
from studio.engine.devices import (
    free_memory,
    random_states,
    resolve,
    set_random_states,
    use_one_thread,
    use_threads,
)
from studio.engine.given import Given, as_given, as_tuple, each, joined
from studio.engine.judging import Judges, Tally
from studio.engine.loaders import Batches, Feed, Part, chunk_rows
from studio.engine.node_learning import penalties_of, resting
from studio.engine.preparation import preparation_of
from studio.engine.stepping import Stepper
from studio.engine.ways import Way

MOST_OUTPUT_BYTES = 256 << 20  # beyond that the training part has no metrics, only a loss
# Of the memory that a person allows: the figures take several times what they are made of.
SHARE_OF_OUTPUTS = 16
SNAPSHOT_ROOM = 0.25  # the share of free memory that a snapshot may take
_MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Parts:
    """The three parts of the data, on the device."""

    training: Part
    validation: Part
    test: Part


class RunState:
    """A model with its optimizer and data, and how far its run is.

    `judges` hold what each output is held against, and `loss` is that of a step; `kept` says
    what of the model's outputs is enough for the figures.
    `facts` say where the run stands; `losses` and `outputs` gather what the steps of the
    epoch gave and are read from the device by `gather` alone, since reading waits for it.
    """

    def __init__(self, project: Project, arrays: Arrays, fitted: Fitted) -> None:
        training = project.training
        self.project = project
        self.device = resolve(training.device)
        use_one_thread()
        torch.manual_seed(training.seed)
        self.model: fx.GraphModule = build(project.graph, project.dataset, loss=training.loss).to(
            self.device
        )
        parts = node_parts(project.graph, self.model)
        self.stepper = Stepper(
            training, self.model, self.device, penalties_of(project.graph, parts)
        )
        self._resting = resting(project.graph, parts)
        self.judges = Judges(project, fitted)
        for judge in self.judges.each:
            judge.plain_loss.to(self.device)
        self.loss: nn.Module = self.judges.loss.to(self.device)
        self.parts = _parts(project, arrays, fitted, self.device)
        self.batches = _batches(project, fitted, self.parts.training)
        only = self.judges.each[0].scorer.kept if len(self.judges.each) == 1 else None
        self.kept: Callable[[Any], Given] = only or self.judges.kept
        self.stepper.start(self.batches.steps)
        self.facts = Facts()
        self.best: dict[str, Tensor] = {}
        self.losses: list[Tensor] = []
        self.outputs: deque[Given] = deque()
        self._gathered_losses: list[float] = []
        self._gathered_outputs: list[Given] = []
        self.keeps_outputs = self._outputs_fit()
        self._began = time.perf_counter()
        _check_batches(project, self.model, self.batches)
        check_causal(project.graph, self.model, self.parts.training)
        self.reset_epoch()

    @property
    def parameters(self) -> int:
        """How many numbers are learnt."""
        return parameter_count(self.model)

    @property
    def seconds(self) -> float:
        """How long the run has taken, over all its sittings and without its pauses."""
        return self.facts.seconds + time.perf_counter() - self._began

    def pass_over(self, seconds: float) -> None:
        """Leaves a pause out of the time."""
        self._began += seconds

    def take_way(self, way: Way | None) -> None:
        """From now on the run is computed in that way; None is the one by rule, in one thread."""
        self.facts = replace(self.facts, way=way)
        self.stepper.form = self.stepper.forms.usual if way is None else way.form
        use_threads(1 if way is None else way.threads)

    def begin_epoch(self) -> None:
        """Gets ready for the steps of the epoch that are yet to be taken."""
        self.model.train()
        for part in self._resting:
            part.eval()
        self.stepper.go_to((self.facts.epoch - 1) * self.batches.steps + self.facts.step)

    def reset_epoch(self) -> None:
        """Forgets what the steps of the last epoch gave."""
        self.losses = []
        # A deque without room takes what it is given and keeps nothing, at no cost.
        self.outputs = deque(maxlen=None if self.keeps_outputs else 0)
        self._gathered_losses, self._gathered_outputs = [], []

    def gather(self) -> list[float]:
        """Reads the losses of the steps since the last time, and counts those steps as done."""
        if not self.losses:
            return []
        values: list[float] = torch.stack(self.losses).tolist()
        self.losses.clear()
        if self.outputs:
            self._gathered_outputs.append(joined(self.outputs))
            self.outputs.clear()
        self._gathered_losses.extend(values)
        self.facts = replace(self.facts, step=self.facts.step + len(values))
        return values

    def training_figures(self, order: Tensor) -> dict[str, float]:
        """The figures of the epoch's steps, as the model was when it took each."""
        sizes = [self.batches.batch_size] * self.batches.steps
        sizes[-1] = self.batches.rows - sum(sizes[:-1])
        total = sum(loss * size for loss, size in zip(self._gathered_losses, sizes, strict=True))
        found = {"loss": total / self.batches.rows}
        if self._gathered_outputs:
            targets = each(self.parts.training.targets, lambda one: one.index_select(0, order))
            found |= self.judges.figures(joined(self._gathered_outputs), targets)
        return found

    def remember_best(self) -> None:
        """Keeps the weights of now as the best."""
        now = self.model.state_dict()
        if not self.best:
            self.best = {key: tensor.clone() for key, tensor in now.items()}
        for key, tensor in now.items():
            self.best[key].copy_(tensor)

    def capture(self, *, is_whole: bool = True) -> Snapshot:
        """All that is needed to go on from here; not whole, only to take the same steps again."""
        watched = self.stepper.schedule.watched
        facts = replace(self.facts, seconds=self.seconds, watched=watched)
        tensors = {f"model.{key}": t.clone() for key, t in self.model.state_dict().items()}
        tensors |= {f"optimizer.{key}": t for key, t in self.stepper.state().items()}
        tensors |= {f"random.{key}": t for key, t in random_states(self.device).items()}
        return Snapshot(facts, tensors | self._gathered() if is_whole else tensors)

    def _gathered(self) -> dict[str, Tensor]:
        found = {f"best.{key}": t.clone() for key, t in self.best.items()}
        if self._gathered_losses:
            found["epoch.losses"] = torch.tensor(self._gathered_losses, dtype=torch.float64)
        if self._gathered_outputs:
            outputs = as_tuple(joined(self._gathered_outputs))
            found |= {_outputs_key("epoch.", place): one for place, one in enumerate(outputs)}
        return found

    def restore(self, snapshot: Snapshot, path: Path | None = None) -> None:
        """Goes back, or on, to a captured moment; `path` is the file it is from."""
        put_weights(self.model, snapshot.group("model"), path or Path())
        self.best = {key: t.to(self.device, copy=True) for key, t in snapshot.group("best").items()}
        self.stepper.restore(snapshot.group("optimizer"), snapshot.facts.watched)
        set_random_states(self.device, snapshot.group("random"))
        self.facts = snapshot.facts
        self.take_way(snapshot.facts.way)
        self._began = time.perf_counter()
        self.reset_epoch()
        epoch = snapshot.group("epoch")
        if "losses" in epoch:
            self._gathered_losses = epoch["losses"].tolist()
        keys = [_outputs_key("", place) for place in range(len(self.judges.each))]
        if keys[0] in epoch:
            self._gathered_outputs = [as_given([epoch[key].to(self.device) for key in keys])]

    def can_capture(self) -> bool:
        """True where a copy of everything fits into memory with room to spare."""
        size = sum(t.numel() * t.element_size() for t in self.model.state_dict().values())
        return bool(4 * size < SNAPSHOT_ROOM * free_memory(self.device))

    def _outputs_fit(self) -> bool:
        bytes_each = sum(one.scorer.bytes_kept for one in self.judges.each)
        allowed = self.project.training.memory * _MEGABYTE // SHARE_OF_OUTPUTS
        most = min(MOST_OUTPUT_BYTES, allowed or MOST_OUTPUT_BYTES)
        return self.batches.rows * bytes_each <= most


def _outputs_key(group: str, place: int) -> str:
    """Where a snapshot holds what the steps of the epoch gave at an output."""
    return f"{group}outputs.{place}" if place else f"{group}outputs"


def figures_of_part(state: RunState, part: Part) -> dict[str, float]:
    """Loss and metrics of a part with the model as it is; nothing where it has no rows."""
    if not len(part):
        return {}
    state.model.eval()
    size = chunk_rows(part.values_each, state.judges.answers_each)
    kept, tally = [], Tally(state.judges.each)
    with torch.inference_mode():
        for inputs, targets in part.chunks(size):
            outputs = state.model(*inputs)
            kept.append(state.kept(outputs))
            tally.add(outputs, targets)
        found = {**tally.figures, **state.judges.figures(joined(kept), part.targets)}
    return {key: value for key, value in found.items() if math.isfinite(value)}


def _parts(project: Project, arrays: Arrays, fitted: Fitted, device: torch.device) -> Parts:
    if not len(arrays.parts["training"]):
        raise refuse(
            tr("The training part has no rows."),
            tr("Give it more of the data on the Data page."),
            place=Place("data"),
            code="no-training-rows",
        )
    prepare = preparation_of(project.graph, project.dataset, fitted).to(device)
    feed = Feed(arrays.inputs, prepare, device, frozenset(prepare.takes))
    targets = training_targets(arrays, fitted)
    room, written = project.training.memory * _MEGABYTE or None, written_count(project.graph)
    parts: list[Part] = []
    for name in ("training", "validation", "test"):
        parts.append(Part(feed, targets, arrays.parts[name], room, written=written))
        room = room and max(1, room - parts[-1].bytes_kept)
    return Parts(*parts)


def _batches(project: Project, fitted: Fitted, part: Part) -> Batches:
    training = project.training
    targets = zip(fitted.outputs, as_tuple(part.targets), strict=True)
    classes = next((values for known, values in targets if known.task == "classes"), None)
    return Batches(
        part,
        training.batch_size,
        training.seed,
        vary=augmenter_of(project.graph, project.dataset, fitted),
        classes=classes if training.balance == "resample" else None,
    )


def _check_batches(project: Project, model: fx.GraphModule, batches: Batches) -> None:
    """Torch cannot normalize over a batch that holds a single number for a channel."""
    if batches.batch_size > 1 and batches.rows > 1:
        return
    parts = dict(model.named_children())
    calls = layer_calls(project.graph, project.dataset)
    if any(
        isinstance(parts.get(part_name(node_id)), nn.BatchNorm1d | nn.BatchNorm2d | nn.BatchNorm3d)
        and size_of(call.shape[1:]) == 1
        for node_id, call in calls.items()
    ):
        raise refuse(
            tr("Batch normalization compares the rows of a batch, but each batch has one row."),
            tr("Set the batch size to 2 or more."),
            place=Place("field", "batch_size"),
            code="batch-too-small",
        )
