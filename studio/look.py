"""Looker: real samples seen inside a drawing, for the window; what is heavy is imported late."""

from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from studio.core.design.dataset import DatasetSpec
from studio.core.design.effective import effective
from studio.core.design.project import Project
from studio.core.run.glimpse import Glimpses
from studio.core.run.results import RunRecord

if TYPE_CHECKING:
    from studio.data.arrays import Arrays, Fitted
    from studio.engine.glimpses import Prober, Sample

MOST_SAMPLES = 64
MEMORY = 256  # MB of raw data held at once while samples are picked


@dataclass(frozen=True, slots=True)
class _Picked:
    dataset: DatasetSpec
    fitted: "Fitted"
    samples: tuple["Sample", ...]
    rows: tuple[int, ...]


class Looker:
    """Keeps some samples of the data that was looked at last, and what layers made of them."""

    def __init__(self) -> None:
        self._lock = Lock()  # an older look may still be under way when the next one begins
        self._picked: _Picked | None = None
        self._prober: Prober | None = None

    def look(
        self,
        project: Project,
        place: int = 0,
        record: RunRecord | None = None,
        folder: Path | None = None,
    ) -> Glimpses:
        """What a sample (of at most 64, by its place) looks like behind each node.

        With the weights of the run where its network is the one that is drawn; else with
        weights freshly drawn. StudioError where the data cannot be read.
        """
        with self._lock:
            picked = self._samples(project.dataset)
            fitted, run = picked.fitted, ""
            learnt: Path | None = None
            if record is not None and folder and is_same_network(record.project, project):
                from studio.engine.checkpoints import read_fitted

                run, learnt = record.run, folder / record.run
                fitted = read_fitted(learnt)
            place %= len(picked.samples)
            nodes = self._made().glimpses(project, fitted, picked.samples[place], learnt)
            return Glimpses(place, len(picked.samples), picked.rows[place], run, nodes)

    def _made(self) -> "Prober":
        if self._prober is None:
            from studio.data.single import token_words
            from studio.engine.glimpses import Prober

            self._prober = Prober(token_words)
        return self._prober

    def _samples(self, dataset: DatasetSpec) -> _Picked:
        known = self._picked
        if known is not None and (known.dataset is dataset or known.dataset == dataset):
            return known
        from studio.data import prepare
        from studio.data_jobs import loaded

        arrays = loaded(dataset, MEMORY)
        fitted = prepare.fit(dataset, arrays)
        self._picked = _picked(dataset, prepare.ready(arrays, fitted), fitted)
        return self._picked


def is_same_network(then: Project, now: Project) -> bool:
    """True where the weights of one fit the other: the same layers, wires and inputs."""
    if then.graph is now.graph:
        return _inputs(then) == _inputs(now)
    one, other = effective(then.graph), effective(now.graph)
    if set(one.edges) != set(other.edges) or set(one.nodes) != set(other.nodes):
        return False
    alike = all(
        (node.layer, node.params, node.learning.shares)
        == (
            other.nodes[node.id].layer,
            other.nodes[node.id].params,
            other.nodes[node.id].learning.shares,
        )
        for node in one
    )
    return alike and _inputs(then) == _inputs(now)


def _inputs(project: Project) -> tuple[object, ...]:
    dataset = project.dataset
    return (*dataset.model_inputs(), *dataset.model_outputs())


def _picked(dataset: DatasetSpec, arrays: "Arrays", fitted: "Fitted") -> _Picked:
    """Samples of the validation part, evenly spread; of another where there is none."""
    from studio.data.single import row_at
    from studio.engine.decoding import training_targets
    from studio.engine.given import as_tuple
    from studio.engine.glimpses import Sample

    parts = (arrays.parts[name] for name in ("validation", "test", "training"))
    positions = next((part for part in parts if len(part)), arrays.parts["training"])
    step = max(1, len(positions) // MOST_SAMPLES)
    chosen = [int(position) for position in positions[::step][:MOST_SAMPLES]]
    is_text = any(known.task == "sequences" for known in fitted.outputs)
    tokens = as_tuple(training_targets(arrays, fitted))[0] if is_text else None
    samples = tuple(
        Sample(
            row_at(arrays, fitted, position),
            tokens[position : position + 1] if tokens is not None else None,
        )
        for position in chosen
    )
    return _Picked(dataset, fitted, samples, tuple(int(arrays.rows[one]) for one in chosen))
