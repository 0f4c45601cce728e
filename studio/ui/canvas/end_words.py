"""What the two ends of a network say on their cards: what comes in, and what is asked for."""

from collections.abc import Mapping

from studio.core.design.aims import aims_of
from studio.core.design.answers import ModelOutput
from studio.core.design.dataset import DatasetSpec, Feature
from studio.core.design.features import ModelInput
from studio.core.design.graph import Graph
from studio.core.design.inputs import follows_answer, inputs_of, node_inputs, outputs_of
from studio.core.shapes import Shape, show
from studio.core.words import tr
from studio.ui.counts import counted

_COLOURS = {1: "{size}, grey", 3: "{size}, RGB"}


def end_words(graph: Graph, dataset: DatasetSpec) -> Mapping[str, str]:
    """A line for each Input and Output; none while no data are open."""
    if dataset.summary is None:
        return {}
    known = node_inputs(graph, dataset)
    taken = {
        node.id: _taken(dataset, *known[node.id]) for node in inputs_of(graph) if node.id in known
    }
    taken |= {n.id: tr("the answer so far") for n in inputs_of(graph) if follows_answer(n)}
    aims = aims_of(graph, dataset)
    given = dict.fromkeys((node.id for node in outputs_of(graph)), "")
    asked = {aim.node.id: _asked(aim.output, dataset.text.length) for aim in aims}
    return {**taken, **given, **asked}


def _taken(dataset: DatasetSpec, source: ModelInput, features: tuple[Feature, ...]) -> str:
    match source.kind:
        case "image" | "video":
            return _pictures(source.shape)
        case "sound":
            sound = dataset.sound
            return tr(
                "{seconds} s at {rate} kHz",
                seconds=f"{sound.seconds:g}",
                rate=f"{sound.rate / 1000:g}",
            )
        case "text":
            return tr("{count} {count|token|tokens}", count=dataset.text.length)
    if len(features) == 1 and features[0].kind == "identifier":
        return tr("{count} known", count=counted(features[0].size))
    if len(features) == 1:
        return features[0].name
    return tr("{count} {count|column|columns}", count=counted(len(features))) if features else ""


def _pictures(shape: Shape) -> str:
    """The size of pictures; for clips the number of their frames first. None was found: none."""
    if len(shape) < 3:  # noqa: PLR2004 - channels, height, width
        return ""
    *frames, channels, height, width = shape
    words = _COLOURS.get(channels, "{size}, {channels} {channels|channel|channels}")
    return tr(words, size=show((*frames, height, width)), channels=channels)


def _asked(output: ModelOutput, tokens: int) -> str:
    count = output.shape[-1] if output.shape else 0
    if output.task == "classes":
        return tr("{count} {count|class|classes}", count=count)
    if output.task == "sequences":
        return tr("{count} {count|token|tokens}", count=tokens)
    if output.task in ("masks", "images"):
        return show(output.shape)
    return tr("1 number") if count == 1 else tr("{count} numbers", count=count)
