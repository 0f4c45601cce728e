"""Figures, times and differences of runs as a person reads them."""

import math
from collections.abc import Iterator, Mapping

from studio.core.catalogue import LAYERS, LOSSES, METRICS, OPTIMIZERS, SCHEDULES
from studio.core.catalogue.entry import Entry
from studio.core.design.graph import Graph, Node
from studio.core.design.project import Project
from studio.core.design.training import AUTO, TRAINING_PARAMS, TrainingSpec
from studio.core.params import Param, Value, Values
from studio.core.run.history import RATE
from studio.core.run.results import RunRecord
from studio.core.words import tr

THIN_SPACE = "\N{NARROW NO-BREAK SPACE}"
DASH = "\N{EN DASH}"
MOST_DIFFERENCES = 2
LOSS = "loss"
MINUTE, HOUR = 60.0, 3600.0


def count_words(count: float) -> str:
    """A whole number with thin separators: ``1 234``."""
    whole = round(count)
    return f"{whole:,}".replace(",", THIN_SPACE)


def figure_words(value: float | None) -> str:
    """A figure with about three digits that tell: ``0.791``, ``12.4``, ``3 420``."""
    if value is None or math.isnan(value):
        return DASH
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    size = abs(value)
    if size >= 1000:
        return count_words(value)
    if 0 < size < 0.001:
        return f"{value:.1g}"
    return f"{value:.3f}" if size < 10 else f"{value:.4g}"


def metric_title(key: str) -> str:
    """The name of a figure: a metric's title, or the loss; of which output, if one is named."""
    output, plain = _of_output(key)
    known = {LOSS: "Loss", RATE: "Learning rate"}
    title = tr(known.get(plain) or (METRICS[plain].title if plain in METRICS else plain))
    return tr("{output}: {title}", output=output, title=title) if output else title


def _of_output(key: str) -> tuple[str, str]:
    """The output that a figure is of ("" for the only one), and the figure's own key."""
    output, _, plain = key.rpartition(": ")
    return output, plain


def is_more_better(key: str) -> bool:
    """Which way a figure should go; the loss should fall."""
    plain = _of_output(key)[1]
    return plain in METRICS and METRICS[plain].is_more_better


def headline(figures: Mapping[str, float]) -> tuple[str, float | None]:
    """The figure that stands for a run: its first metric, or the loss where there is none."""
    key = next((key for key in METRICS if key in figures), None)
    key = key or next((key for key in figures if _of_output(key)[1] in METRICS), LOSS)
    return key, figures.get(key)


def headline_words(record: RunRecord) -> str:
    """The same with the part of the data that it is of: ``Accuracy 0.93, validation``.

    Nothing where the run has no figure yet.
    """
    key, value = headline(record.figures)
    if value is None:
        return ""
    said = {"name": metric_title(key), "value": figure_words(value)}
    split = record.project.dataset.split
    if split.validation or split.folds or split.method == "column":
        return tr("{name} {value}, validation", **said)
    return tr("{name} {value}, training", **said)


def duration_words(seconds: float) -> str:
    """An honest length of time: ``about 2 min``, never to a second that is not known."""
    if seconds < 5:
        return tr("a few seconds")
    if seconds < MINUTE - 5:
        return tr("about {count} s", count=max(5, 5 * round(seconds / 5)))
    if seconds < HOUR - MINUTE / 2:
        return tr("about {count} min", count=max(1, round(seconds / MINUTE)))
    hours, rest = divmod(round(seconds / MINUTE / 5) * 5, 60)
    if not rest or hours >= 10:
        return tr("about {count} h", count=hours)
    return tr("about {hours} h {minutes} min", hours=hours, minutes=rest)


def elapsed_words(seconds: float) -> str:
    """A length of time that is over, and so known: ``4.2 s``, ``1 min 40 s``."""
    if seconds < 10:
        return tr("{count} s", count=f"{seconds:.1f}")
    if seconds < MINUTE:
        return tr("{count} s", count=round(seconds))
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return tr("{minutes} min {seconds} s", minutes=minutes, seconds=rest)
    return tr("{hours} h {minutes} min", hours=minutes // 60, minutes=minutes % 60)


def differences(project: Project, other: Project | None) -> str:
    """What sets a run apart from the one before it, in a few words; its optimizer where alone."""
    found = list(_differences(project, other)) if other is not None else []
    if not found:
        return _in_short(project.training) if other is None else tr("the same again")
    return ", ".join(found[:MOST_DIFFERENCES]) + (" …" if len(found) > MOST_DIFFERENCES else "")


def _in_short(training: TrainingSpec) -> str:
    title = tr(OPTIMIZERS[training.optimizer].title)
    return tr(
        "{optimizer}, {epochs} {epochs|epoch|epochs}", optimizer=title, epochs=training.epochs
    )


def _differences(project: Project, other: Project) -> Iterator[str]:
    yield from _graph_differences(project.graph, other.graph)
    yield from _training_differences(project.training, other.training)
    if project.dataset != other.dataset:
        yield tr("other data")


def _graph_differences(graph: Graph, other: Graph) -> Iterator[str]:
    for node in graph:
        before = other.nodes.get(node.id)
        if before is None or before.layer != node.layer:
            yield tr("with {layer}", layer=node.name)
        elif before.params != node.params:
            yield _node_words(node)
        elif before.learning != node.learning:
            yield tr("{name} learns otherwise", name=node.name)
    for node in other:
        if node.id not in graph.nodes:
            yield tr("without {layer}", layer=node.name)
    if set(graph.nodes) == set(other.nodes) and set(graph.edges) != set(other.edges):
        yield tr("other edges")


def _node_words(node: Node) -> str:
    entry = LAYERS.get(node.layer)
    badge = entry.badge_of(node.params) if entry else ""
    return tr("{name}: {badge}", name=node.name, badge=badge) if badge else node.name


def _training_differences(training: TrainingSpec, other: TrainingSpec) -> Iterator[str]:
    if training.optimizer != other.optimizer:
        yield tr(OPTIMIZERS[training.optimizer].title)
    elif training.optimizer_params != other.optimizer_params:
        yield from _entry_differences(
            OPTIMIZERS[training.optimizer], training.optimizer_params, other.optimizer_params
        )
    if training.schedule != other.schedule:
        yield tr(SCHEDULES[training.schedule].title)
    elif training.schedule_params != other.schedule_params:
        yield from _entry_differences(
            SCHEDULES[training.schedule], training.schedule_params, other.schedule_params
        )
    if training.loss != other.loss:
        yield tr("suggested loss") if training.loss == AUTO else tr(LOSSES[training.loss].title)
    for param in TRAINING_PARAMS:
        value = training.value(param.key)
        if value != other.value(param.key):
            yield _param_words(param, value)


def _param_words(param: Param, value: Value) -> str:
    if param.key == "epochs":
        return tr("{count} {count|epoch|epochs}", count=value)
    return tr("{label} {value}", label=tr(param.label).lower(), value=param.show(value))


def _entry_differences(entry: Entry, given: Values, other: Values) -> Iterator[str]:
    for param in entry.params:
        value = given.get(param.key, param.default)
        if value != other.get(param.key, param.default):
            yield _param_words(param, value)
