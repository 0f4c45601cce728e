"""Project: data, graph, training and budget, one frozen value: a file holds it, a run gets it."""

from dataclasses import dataclass

from studio.core.design.budget import Budget
from studio.core.design.dataset import DatasetSpec
from studio.core.design.graph import Graph
from studio.core.design.training import TrainingSpec


@dataclass(frozen=True, slots=True)
class Project:
    """What the user made. An edit is a function from one Project to the next."""

    dataset: DatasetSpec = DatasetSpec()
    graph: Graph = Graph()
    training: TrainingSpec = TrainingSpec()
    budget: Budget = Budget()
