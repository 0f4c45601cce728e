"""Template: a network, made to fit the data, with how it is trained and what it is for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Literal, TypeAlias

from studio.core.catalogue.entry import TaskKind
from studio.core.design.dataset import DataKind, DatasetSpec
from studio.core.design.features import InputKind
from studio.core.design.graph import Graph
from studio.core.design.shaping import Purpose
from studio.core.design.template_networks import BRANCHES, Branch, Head, network
from studio.core.design.training import TrainingSpec

Draw: TypeAlias = Callable[[DatasetSpec], Graph]
Family = Literal["question", "textbook", "by name"]
# What stands above the templates of a family where they are listed.
FAMILIES: Mapping[Family, str] = MappingProxyType(
    {"question": "Questions", "textbook": "From the textbook", "by name": "Networks by name"}
)


@dataclass(frozen=True, slots=True)
class Template:
    """A network, made to fit the data, and how it is trained.

    `kind` and `task` say which data it is for, `takes` which inputs exactly (None: it grows
    a branch for each there is); `sample` is the key of data it can show itself on. `draw`
    makes the network, `prepare` sets the data as this template needs them. `rebuilds` is True
    where the targets are inputs, too.
    """

    key: str
    title: str
    question: str
    help: str
    kind: DataKind
    task: TaskKind
    sample: str
    draw: Draw
    training: TrainingSpec
    family: Family = "question"
    takes: tuple[InputKind, ...] | None = None
    purpose: Purpose | None = None
    prepare: Callable[[DatasetSpec], DatasetSpec] | None = None
    rebuilds: bool = False


def branched(head: Head, **branches: Branch) -> Draw:
    """Draws an Input and a branch for each thing that the model takes, joined before the head.

    `branches` replace the usual ones of their kind of input.
    """
    chosen: Mapping[InputKind, Branch] = MappingProxyType({**BRANCHES, **branches})  # type: ignore[dict-item]
    return partial(network, branches=chosen, head=head)
