"""Edits of the dataset, from Project to Project, as the Data page sends them to the document."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from studio.core.design.dataset import ColumnKind, ColumnRole, DatasetSpec, Scaling, SplitSpec
from studio.core.design.project import Project
from studio.core.design.templates import project_from_template, template_for
from studio.core.problems import StudioError

Edit: TypeAlias = Callable[[Project], Project]

_KEPT = (
    *("split", "scaling", "scales_target", "text", "sound", "clips", "series"),
    *("recipe", "augmentation", "joined"),
)


def with_dataset(dataset: DatasetSpec) -> Edit:
    """Puts another dataset in its place."""
    return lambda project: replace(project, dataset=dataset)


def with_other_inputs(dataset: DatasetSpec) -> Edit:
    """Puts a dataset of other inputs in its place; a suggested network is suggested anew.

    A network that a person has changed is left as it is, and so are changed settings.
    """

    def edit(project: Project) -> Project:
        after = replace(project, dataset=dataset)
        old, new = _suggested(project.dataset), _suggested(dataset)
        if old is None or new is None or project.graph != old.graph:
            return after
        is_as_suggested = project.training == old.training
        training = new.training if is_as_suggested else project.training
        return replace(after, graph=new.graph, training=training)

    return edit


def with_dataset_changed(change: Callable[[DatasetSpec], DatasetSpec]) -> Edit:
    """Puts the changed dataset in its place."""
    return lambda project: replace(project, dataset=change(project.dataset))


def with_kind(name: str, kind: ColumnKind) -> Edit:
    """Gives a column another kind."""
    return lambda project: replace(project, dataset=project.dataset.with_column(name, kind=kind))


def with_role(name: str, role: ColumnRole) -> Edit:
    """Gives a column another role. A new target joins those that are there."""
    return lambda project: replace(project, dataset=project.dataset.with_column(name, role=role))


def with_target(name: str) -> Edit:
    """Makes a column the only target; those before it become inputs. None for an empty name."""

    def edit(project: Project) -> Project:
        dataset = project.dataset
        for choice in dataset.targets():
            dataset = dataset.with_column(choice.name, role="input")
        if name:
            dataset = dataset.with_column(name, role="target")
        return replace(project, dataset=dataset)

    return edit


def with_split(split: SplitSpec) -> Edit:
    """Deals the rows in another way."""
    return lambda project: replace(project, dataset=replace(project.dataset, split=split))


def with_scaling(scaling: Scaling) -> Edit:
    """Scales numbers in another way."""
    return lambda project: replace(project, dataset=replace(project.dataset, scaling=scaling))


def with_scaled_target(is_scaled: bool) -> Edit:
    """Scales a number target, or leaves it as it is."""
    return lambda project: replace(
        project, dataset=replace(project.dataset, scales_target=is_scaled)
    )


def _suggested(dataset: DatasetSpec) -> Project | None:
    """What is suggested for data when they are opened; None where nothing can be learnt."""
    try:
        return project_from_template(template_for(dataset), dataset)
    except StudioError:
        return None


def read_again(old: DatasetSpec, new: DatasetSpec) -> DatasetSpec:
    """Data that were read anew, with what the person chose about them before."""
    kept = {name: getattr(old, name) for name in _KEPT}
    return replace(new, **kept)


def own_choices(dataset: DatasetSpec) -> tuple[tuple[str, ColumnKind, ColumnRole], ...]:
    """The columns whose kind or role is not what the program guessed."""
    guessed = (
        {c.name: (c.kind, c.role) for c in dataset.summary.columns} if (dataset.summary) else {}
    )
    return tuple(
        (c.name, c.kind, c.role) for c in dataset.columns if guessed.get(c.name) != (c.kind, c.role)
    )
