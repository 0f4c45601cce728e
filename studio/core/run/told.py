"""What a model says to one row or to a text that is typed, and what it looked at, as values."""

from dataclasses import dataclass

from studio.core.design.effective import effective
from studio.core.design.features import ModelInput
from studio.core.design.inputs import follows_answer, inputs_of, node_inputs
from studio.core.design.project import Project


@dataclass(frozen=True, slots=True)
class Attention:
    """What one layer looked at, mean over its heads.

    `weights` has a line for each of `down`, of as many numbers as there are `across`, which add
    up to about 1. Without `down` it is one line: how much each counted for the whole.
    """

    layer: str
    across: tuple[str, ...]
    down: tuple[str, ...]
    weights: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class Told:
    """An answer: the text that was written, or each class with its probability, surest first."""

    text: str = ""
    classes: tuple[tuple[str, float], ...] = ()
    tokens: tuple[int, ...] = ()
    attention: tuple[Attention, ...] = ()


def typed_inputs(project: Project) -> tuple[ModelInput, ...]:
    """The texts that a person can type for the network; none where it takes anything else too.

    One that goes on writing takes the beginning of the text.
    """
    dataset, graph = project.dataset, effective(project.graph)
    taken = {one.name: one for one, _features in node_inputs(graph, dataset).values()}
    if any(follows_answer(node) for node in inputs_of(graph)):
        asked = {name for output in dataset.model_outputs() for name in output.columns}
        begun = (one for one in dataset.model_inputs() if one.kind == "text")
        taken |= {one.name: one for one in begun if one.feature.source in asked}
    is_typed = all(one.kind == "text" for one in taken.values())
    return tuple(taken.values()) if is_typed else ()


def goes_on(project: Project) -> bool:
    """True for a network that takes nothing but the beginning of the text that it writes."""
    graph = effective(project.graph)
    writes = any(follows_answer(node) for node in inputs_of(graph))
    return writes and not node_inputs(graph, project.dataset)
