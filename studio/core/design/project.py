"""Project: dataset, graph and training as one frozen value: what a file holds, what a run gets."""

from dataclasses import dataclass

from studio.core.design.dataset import DatasetSpec
from studio.core.design.graph import Graph
from studio.core.design.training import TrainingSpec


@dataclass(frozen=True, slots=True)
class Project:
    """What the user made. An edit is a function from one Project to the next."""

    dataset: DatasetSpec = DatasetSpec()
    graph: Graph = Graph()
    training: TrainingSpec = TrainingSpec()
