"""Templates: networks and settings that are ready to train, by the question they answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from studio.core.catalogue.entry import TaskKind
from studio.core.design.aims import aims_of
from studio.core.design.dataset import DataKind, DatasetSpec
from studio.core.design.features import InputKind
from studio.core.design.fixes import apply_fix
from studio.core.design.graph import Graph
from studio.core.design.picture_networks import rebuilding, unet
from studio.core.design.project import Project
from studio.core.design.shaping import Purpose
from studio.core.design.template_networks import (
    BRANCHES,
    Branch,
    Head,
    dense,
    flat,
    network,
    squeezed,
    translated,
)
from studio.core.design.training import TrainingSpec
from studio.core.problems import Fix, Place, refuse
from studio.core.words import tr

LARGEST_DENSE_SIDE = 32
_FOR_ANY = ("classify-rows", "predict-number")  # they grow a branch for each input there is


@dataclass(frozen=True, slots=True)
class Template:
    """A network, made to fit the data, and how it is trained.

    `kind` and `task` say which data it is for; `sample` is the key of data it can show itself
    on. `branches` are the layers behind each kind of input, `head` those before the Output.
    """

    key: str
    title: str
    question: str
    help: str
    kind: DataKind
    task: TaskKind
    sample: str
    head: Head
    training: TrainingSpec
    branches: Mapping[InputKind, Branch] = field(default_factory=lambda: BRANCHES)
    purpose: Purpose | None = None


def _with(**branches: Branch) -> Mapping[InputKind, Branch]:
    return MappingProxyType({**BRANCHES, **branches})


TEMPLATES: Mapping[str, Template] = MappingProxyType(
    {
        template.key: template
        for template in (
            Template(
                "classify-rows",
                "Classify rows",
                "Which kind is it?",
                "Sorts the rows of a table into classes, such as machines that will fail or not.",
                "table",
                "classes",
                "factory",
                dense(64, 32),
                TrainingSpec(epochs=30, patience=8),
            ),
            Template(
                "predict-number",
                "Predict a number",
                "How much will it be?",
                "Says a number for each row of a table: demand, price, wear, energy.",
                "table",
                "numbers",
                "houses",
                dense(64, 64),
                TrainingSpec(epochs=60, patience=12),
            ),
            Template(
                "classify-images",
                "Classify small images",
                "What is in the picture?",
                "Sorts small pictures into classes with a dense network of 128 units.",
                "images",
                "classes",
                "shapes",
                dense(128),
                TrainingSpec(epochs=5),
                _with(image=flat),
            ),
            Template(
                "recognize-images",
                "Recognize images",
                "What do these photos show?",
                "Sorts photos into classes with convolutions, which find a pattern anywhere.",
                "images",
                "classes",
                "shapes",
                dense(64),
                TrainingSpec(epochs=10, batch_size=16),
            ),
            Template(
                "classify-sounds",
                "Classify sounds",
                "What is to be heard?",
                "Sorts sounds into classes: spoken words, machines that run well or badly.",
                "sound",
                "classes",
                "sounds",
                dense(),
                TrainingSpec(epochs=12),
            ),
            Template(
                "classify-texts",
                "Classify texts",
                "What is this text about?",
                "Sorts texts into classes: spam or not, content or annoyed, which department.",
                "text",
                "classes",
                "reviews",
                dense(),
                TrainingSpec(learning_rate=0.002, epochs=10, patience=3),
            ),
            Template(
                "translate",
                "Translate sentences",
                "How is this said in another way?",
                "Writes a sentence for a sentence: another language, another form.",
                "pairs",
                "sequences",
                "phrases",
                dense(),
                TrainingSpec(learning_rate=0.003, epochs=8, batch_size=64, patience=2),
                _with(text=translated),
            ),
            Template(
                "forecast",
                "Forecast a series",
                "How does it go on?",
                "Says the next values of a series: demand, load, temperature.",
                "series",
                "numbers",
                "demand",
                dense(),
                TrainingSpec(learning_rate=0.003, epochs=12, batch_size=64, patience=4),
                purpose="forecast",
            ),
            Template(
                "flag-anomalies",
                "Flag what is unusual",
                "Is the machine still well?",
                "Learns to rebuild what is usual in a series; what it cannot rebuild stands out.",
                "series",
                "numbers",
                "machine",
                dense(64),
                TrainingSpec(epochs=20, patience=5),
                _with(series=squeezed),
                purpose="rebuild",
            ),
            Template(
                "classify-series",
                "Classify windows of a series",
                "In which state is it?",
                "Tells the state of a machine from its readings of the last minutes.",
                "series",
                "classes",
                "states",
                dense(),
                TrainingSpec(epochs=20, patience=5),
                purpose="classify",
            ),
            Template(
                "recommend",
                "Recommend",
                "Who will like what?",
                "Says how a person would rate a thing from who rated what before.",
                "table",
                "numbers",
                "ratings",
                dense(64, dropout=0.2),
                TrainingSpec(
                    "adamw",
                    {"weight_decay": 0.3},
                    learning_rate=0.003,
                    epochs=8,
                    batch_size=256,
                    patience=2,
                ),
            ),
            Template(
                "classify-clips",
                "Classify video clips",
                "What happens here?",
                "Sorts short video clips into classes by what moves in them.",
                "video",
                "classes",
                "clips",
                dense(),
                TrainingSpec(epochs=10),
            ),
        )
    }
)


def template_for(dataset: DatasetSpec) -> str:
    """The key of the template that fits the data; StudioError where none does."""
    task = dataset.task()
    if dataset.summary is None or task is None:
        raise refuse(
            tr("The data have no target that can be learnt."),
            tr("Choose a column of numbers or of categories as target."),
            place=Place("field", "target"),
            code="no-target",
        )
    if len(dataset.model_inputs()) > 1:
        return "classify-rows" if task == "classes" else "predict-number"
    purpose = dataset.series.purpose if dataset.series else None
    fitting = [
        one
        for one in TEMPLATES.values()
        if (one.kind, one.task, one.purpose) == (dataset.kind, task, purpose)
    ]
    if dataset.kind == "images":
        is_small = max(dataset.summary.sample_shape[1:]) <= LARGEST_DENSE_SIDE
        return "classify-images" if is_small else "recognize-images"
    if dataset.kind == "table" and task == "numbers":
        is_rating = any(feature.kind == "identifier" for feature in dataset.features())
        return "recommend" if is_rating else "predict-number"
    return fitting[0].key if fitting else "classify-rows" if task == "classes" else "predict-number"


def project_from_template(key: str, dataset: DatasetSpec) -> Project:
    """A project of these data with the template's network and settings."""
    template = TEMPLATES.get(key)
    if template is None:
        raise refuse(
            tr("There is no template called {key}.", key=key),
            tr("Choose one of: {keys}.", keys=", ".join(TEMPLATES)),
            code="unknown-template",
        )
    dataset = _prepared(template, dataset)
    draw = _drawn_for(dataset)
    if draw is not None and key == template_for(dataset):
        return _answering_all(Project(dataset, draw(dataset), TrainingSpec(epochs=20, patience=5)))
    _check_fit(template, dataset)
    graph = network(dataset, template.branches, template.head)
    return _answering_all(Project(dataset, graph, template.training))


def _drawn_for(dataset: DatasetSpec) -> Callable[[DatasetSpec], Graph] | None:
    """What draws the network where pixels are told apart, or what came in is given again."""
    task = dataset.task()
    if len(dataset.model_inputs()) == 1 and task in ("masks", "images"):
        return unet if task == "masks" else rebuilding
    targets = dataset.targets()
    is_rebuilt = bool(targets) and all(c.role == "both" and c.kind == "number" for c in targets)
    if dataset.series is None and is_rebuilt and len(dataset.model_inputs()) == 1:
        narrow = max(1, len(targets) // 3)
        return lambda spec: network(spec, BRANCHES, dense(32, narrow, 32))
    return None


def _answering_all(project: Project) -> Project:
    """With an Output for every further target of the data."""
    answered = {aim.output.name for aim in aims_of(project.graph, project.dataset)}
    for one in project.dataset.model_outputs():
        if one.name not in answered and len(one.shape) == 1:
            project = apply_fix(project, Fix("add_output", "", {"target": one.name}))
    return project


def _prepared(template: Template, dataset: DatasetSpec) -> DatasetSpec:
    """The series used for what the template does, where it can be."""
    if template.purpose is None or dataset.series is None:
        return dataset
    return replace(dataset, series=replace(dataset.series, purpose=template.purpose))


def _check_fit(template: Template, dataset: DatasetSpec) -> None:
    is_mixed = len(dataset.model_inputs()) > 1 and template.kind == "table"
    if dataset.kind != template.kind and not is_mixed and template.key not in _FOR_ANY:
        raise refuse(
            tr("The template {title} is for another kind of data.", title=tr(template.title)),
            tr("Leave the template out: the one that fits is taken."),
            code="template-does-not-fit",
        )
    if dataset.task() != template.task:
        names = ", ".join(column.name for column in dataset.targets()) or tr("none")
        wanted = (
            tr("one column of categories")
            if template.task == "classes"
            else tr("columns of numbers")
        )
        raise refuse(
            tr(
                "The template {title} expects {wanted} as target; the target is: {names}.",
                title=tr(template.title),
                wanted=wanted,
                names=names,
            ),
            tr("Choose another target, or leave the template out."),
            place=Place("field", "target"),
            code="template-does-not-fit",
        )
