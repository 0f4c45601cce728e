"""Templates: networks and settings that are ready to train, by the question they answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from studio.core.catalogue import LAYERS
from studio.core.catalogue.entry import TaskKind
from studio.core.design.dataset import DataKind, DatasetSpec
from studio.core.design.edits import GAP, NODE_SIZE, add_node, connect
from studio.core.design.graph import Edge, Graph
from studio.core.design.project import Project
from studio.core.design.training import TrainingSpec
from studio.core.params import Value
from studio.core.problems import Place, refuse
from studio.core.words import tr

LARGEST_DENSE_SIDE = 32
OUTPUTS = "outputs"  # stands for "as many as the data ask for" among the params of a template


@dataclass(frozen=True, slots=True)
class Placed:
    """One layer of a template's chain, with params that are not the default."""

    layer: str
    params: Mapping[str, Value] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Template:
    """A network as a chain of layers between Input and Output, and how it is trained."""

    key: str
    title: str
    question: str
    help: str
    kind: DataKind
    task: TaskKind
    sample: str
    layers: tuple[Placed, ...]
    training: TrainingSpec


def _dense(*units: int) -> tuple[Placed, ...]:
    """Linear and ReLU for each size, then a Linear that gives what the data ask for."""
    hidden = [
        part
        for size in units
        for part in (Placed("linear", {"out_features": size}), Placed("relu"))
    ]
    return (*hidden, Placed("linear", {"out_features": OUTPUTS}))


def _convolved(filters: int) -> tuple[Placed, ...]:
    same: dict[str, Value] = {"out_channels": filters, "kernel_size": (3, 3), "padding": (1, 1)}
    return (Placed("conv2d", same), Placed("relu"), Placed("max_pool2d"))


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
                _dense(64, 32),
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
                _dense(64, 64),
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
                (Placed("flatten"), *_dense(128)),
                TrainingSpec(epochs=5),
            ),
            Template(
                "recognize-images",
                "Recognize images",
                "What do these photos show?",
                "Sorts photos into classes with convolutions, which find a pattern anywhere.",
                "images",
                "classes",
                "shapes",
                (
                    *_convolved(16),
                    *_convolved(32),
                    Placed("adaptive_avg_pool2d", {"output_size": (4, 4)}),
                    Placed("flatten"),
                    Placed("dropout", {"p": 0.2}),
                    *_dense(64),
                ),
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
    if dataset.summary.kind == "images":
        is_small = max(dataset.summary.sample_shape[1:]) <= LARGEST_DENSE_SIDE
        return "classify-images" if is_small else "recognize-images"
    return "classify-rows" if task == "classes" else "predict-number"


def project_from_template(key: str, dataset: DatasetSpec) -> Project:
    """A project of these data with the template's network and settings."""
    template = TEMPLATES.get(key)
    if template is None:
        raise refuse(
            tr("There is no template called {key}.", key=key),
            tr("Choose one of: {keys}.", keys=", ".join(TEMPLATES)),
            code="unknown-template",
        )
    _check_fit(template, dataset)
    return Project(dataset, _graph_of(template, dataset.outputs()), template.training)


def _check_fit(template: Template, dataset: DatasetSpec) -> None:
    kind = dataset.summary.kind if dataset.summary else None
    if kind != template.kind:
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


def _graph_of(template: Template, outputs: int) -> Graph:
    graph, previous = Graph(), ""
    for number, placed in enumerate((Placed("input"), *template.layers, Placed("output"))):
        params = {
            key: outputs if value == OUTPUTS else value for key, value in placed.params.items()
        }
        entry = LAYERS[placed.layer]
        name = tr(entry.title) if entry.end else ""
        graph, added = add_node(
            graph, placed.layer, (number * (NODE_SIZE[0] + GAP), 0.0), params, name
        )
        if previous:
            graph = connect(graph, Edge(previous, added))
        previous = added
    return graph
