"""What can be wrong with the Outputs of a network and the targets that they answer."""

from collections.abc import Iterator

from studio.core.catalogue import LOSSES
from studio.core.catalogue.ends import OUTPUT_LOSS, OUTPUT_TARGET
from studio.core.design.aims import Aim, aims_of, target_named
from studio.core.design.answers import ModelOutput
from studio.core.design.graph import Graph, Node
from studio.core.design.inputs import outputs_of, place_of
from studio.core.design.project import Project
from studio.core.design.training import AUTO, TrainingSpec
from studio.core.problems import Fix, Place, Problem, Severity
from studio.core.words import tr


def aim_problems(project: Project) -> Iterator[Problem]:
    """Outputs without a target of their own, targets without an Output, losses that do not fit."""
    asked, aims = project.dataset.model_outputs(), aims_of(project.graph, project.dataset)
    answered = {aim.output.name for aim in aims}
    open_ones = [one for one in asked if one.name not in answered]
    nodes = outputs_of(project.graph)
    if not asked:
        yield from (_one_too_many(extra, ()) for extra in nodes[1:])
        return
    placed = {aim.node.id for aim in aims}
    for node in nodes:
        if node.id not in placed:
            yield _without_target(project.graph, node, asked, open_ones)
    if nodes:
        yield from (_without_output(one) for one in open_ones)
    for aim in aims:
        yield from _loss(aim)
        yield from _pairs(aim, project.training)


def _pairs(aim: Aim, training: TrainingSpec) -> Iterator[Problem]:
    """A loss that compares pairs, for more or fewer than two classes."""
    entry = LOSSES.get(aim.training(training).loss)
    count = len(aim.output.labels)
    if entry is None or not entry.compares or count in (0, 2):
        return
    yield Problem(
        tr(
            "The loss {loss} tells same from different, and {name} has {count} "
            "{count|class|classes}.",
            loss=tr(entry.title),
            name=aim.output.name,
            count=count,
        ),
        tr("Use the suggested loss, or a target with two classes."),
        place=place_of(aim.node),
        code="not-two-classes",
        fix=Fix("set_training", tr("Use the suggested loss"), {"key": "loss", "value": AUTO})
        if aim.loss == AUTO
        else _usual_loss(aim),
    )


def _without_target(
    graph: Graph, node: Node, asked: tuple[ModelOutput, ...], open_ones: list[ModelOutput]
) -> Problem:
    name = target_named(node)
    if not name:
        return _one_too_many(node, asked)
    twin = next((one for one in asked if one.is_called(name)), None)
    if twin is None:
        message = tr(
            "{name} answers the target {target}, which is none.", name=node.name, target=name
        )
    else:
        message = tr(
            "{name} answers {target}, as another Output already does.", name=node.name, target=name
        )
    wanted = open_ones[0].name if open_ones else ""
    is_alone = len(outputs_of(graph)) == 1
    fix = (
        Fix(
            "set_param",
            tr("Let it answer {target}", target=wanted) if wanted else tr("Answer the target"),
            {"node": node.id, "key": OUTPUT_TARGET, "value": wanted},
        )
        if wanted or is_alone
        else _removal(node)
    )
    return Problem(
        message,
        tr("Name another target there, make it one on the Data page, or delete the Output."),
        place=place_of(node),
        code="unknown-target" if twin is None else "target-twice",
        fix=fix,
    )


def _one_too_many(node: Node, asked: tuple[ModelOutput, ...]) -> Problem:
    if len(asked) > 1:
        message = tr(
            "{name} is an Output too many: the data ask for {count} answers.",
            name=node.name,
            count=len(asked),
        )
    else:
        message = tr("{name} is a second Output; one is expected.", name=node.name)
    return Problem(
        message,
        tr("Delete it, or make another column a target on the Data page."),
        place=place_of(node),
        code="second-output",
        fix=_removal(node),
    )


def _removal(node: Node) -> Fix:
    return Fix("remove_node", tr("Delete it"), {"node": node.id})


def _without_output(output: ModelOutput) -> Problem:
    return Problem(
        tr("No Output answers the target {target}, so it is left out.", target=output.name),
        tr("Add an Output for it, or set the column to ignore on the Data page."),
        Severity.NOTE,
        Place("project", "graph"),
        "target-without-output",
        Fix(
            "add_output",
            tr("Add an Output for {target}", target=output.name),
            {"target": output.name},
        ),
    )


def _loss(aim: Aim) -> Iterator[Problem]:
    entry = LOSSES.get(aim.loss)
    if aim.loss == AUTO or (entry is not None and aim.output.task in entry.fits):
        return
    yield Problem(
        tr(
            "The loss {loss} of {name} does not fit its target {target}.",
            loss=tr(entry.title) if entry else aim.loss[:60],
            name=aim.node.name,
            target=aim.output.name,
        ),
        tr("Leave it to the program: auto."),
        place=place_of(aim.node),
        code="loss-does-not-fit",
        fix=_usual_loss(aim),
    )


def _usual_loss(aim: Aim) -> Fix:
    arguments = {"node": aim.node.id, "key": OUTPUT_LOSS, "value": AUTO}
    return Fix("set_param", tr("Use the usual loss"), arguments)
