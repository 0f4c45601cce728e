"""Layers as rows to choose from: those that fit, best first, then the others with the reason."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from studio.core.catalogue import LAYERS
from studio.core.catalogue.entry import FAMILIES, LayerEntry, Signal
from studio.core.design.block_fitting import Spot, spot_after, spot_instead
from studio.core.design.blocks import contents, exits_of
from studio.core.design.fitting import (
    Fit,
    fits_after,
    fits_anywhere,
    fits_before,
    fits_instead,
)
from studio.core.design.graph import Graph
from studio.core.design.inputs import outputs_of
from studio.core.design.project import Project
from studio.core.design.ranking import Setting, ranked
from studio.core.design.report import Report
from studio.core.shapes import Shape, show
from studio.core.words import tr
from studio.ui.layer_rows import LayerRow
from studio.ui.layer_search import found, is_named

MOST_LIKELY = 6  # so many rows stand under a heading of their own

Finder: TypeAlias = Callable[[str], Sequence[LayerRow]]


@dataclass(frozen=True, slots=True)
class Ground:
    """What offers are made from: the project, what is known of it, what was placed lately."""

    project: Project
    report: Report
    recent: Sequence[str] = ()

    @property
    def graph(self) -> Graph:
        """The network."""
        return self.project.graph

    def signals(self) -> Mapping[str, Signal]:
        """What comes out of each node, where that is known; of repeats the last one."""
        graph, nodes = self.graph, self.report.nodes
        repeated = (block.id for block in graph.blocks.values() if block.repeats > 1)
        ends = {end for block_id in repeated for end in exits_of(graph, contents(graph, block_id))}
        found = {i: known.outcome if i in ends else known.signal for i, known in nodes.items()}
        return {i: signal for i, signal in found.items() if signal is not None}

    def setting(self, before: str = "", after: str = "", instead_of: str = "") -> Setting:
        """What is known of a place between two nodes, where a third may stand now."""
        return Setting(
            graph=self.graph,
            before=before,
            after=after,
            instead_of=instead_of,
            gives=self.signals().get(instead_of),
            signal=self.signals().get(before),
            recent=self.recent,
            answers=answers_open(self.project),
        )


def anywhere(ground: Ground) -> Finder:
    """Layers for a place of which nothing is known."""
    return _finder(fits_anywhere(), ground.setting())


def after(ground: Ground, node_id: str) -> Finder:
    """Layers that a node could feed."""
    fits = fits_after(ground.signals().get(node_id))
    return _finder(fits, ground.setting(node_id))


def before(ground: Ground, node_id: str, port: int) -> Finder:
    """Layers that could feed an input of a node."""
    fits = fits_before(ground.graph, node_id, port, ground.signals())
    return _finder(fits, ground.setting(after=node_id))


def between(ground: Ground, source: str, target: str) -> Finder:
    """Layers that go into a wire."""
    fits = fits_after(ground.signals().get(source), leads_on=True)
    return _finder(fits, ground.setting(source, target))


def behind(ground: Ground, node_id: str) -> Finder:
    """Layers that go between a node and all that it feeds."""
    outgoing = ground.graph.outgoing(node_id)
    return between(ground, node_id, outgoing[0].target) if outgoing else after(ground, node_id)


def instead(ground: Ground, node_id: str) -> Finder:
    """Layers in the place of a node, which itself is not among them."""
    fits = dict(fits_instead(ground.graph, node_id, ground.signals()))
    fits.pop(ground.graph.nodes[node_id].layer, None)
    incoming, outgoing = ground.graph.incoming(node_id), ground.graph.outgoing(node_id)
    source = incoming[0].source if incoming else ""
    target = outgoing[0].target if outgoing else ""
    return _finder(fits, ground.setting(source, target, node_id))


def spot_behind(ground: Ground, node_id: str) -> Spot:
    """The place of `behind`, for a block."""
    leads_on = bool(ground.graph.outgoing(node_id))
    return spot_after(ground.signals().get(node_id), leads_on=leads_on)


def spot_of(ground: Ground, node_id: str) -> Spot:
    """The place of `instead`, for a block."""
    return spot_instead(ground.graph, node_id, ground.signals())


def _finder(fits: Mapping[str, Fit], place: Setting) -> Finder:
    """What the box shows for what is typed. The layers are asked once, when it opens."""
    order = ranked(fits, place)
    likely = order[:MOST_LIKELY] if place.signal is not None or place.after else ()
    return lambda words: layer_rows(fits, order, words, likely)


def layer_rows(
    fits: Mapping[str, Fit], order: Sequence[str], words: str, likely: Sequence[str] = ()
) -> tuple[LayerRow, ...]:
    """The rows for what is typed; for nothing typed all of them, the likely ones apart.

    Who types the name of a layer that does not fit is to read why, not to get another.
    """
    if words.strip():
        return _matching(fits, order, words)
    fitting = [key for key in order if not fits[key].reason]
    first = [key for key in fitting if key in likely]
    return (
        *_section(tr("Likely here"), first, fits),
        *_section(tr("All that fit"), [k for k in fitting if k not in first], fits, bool(first)),
        *_section(tr("Do not fit here"), [key for key in order if fits[key].reason], fits),
    )


def answers_open(project: Project) -> tuple[Shape, ...]:
    """The shapes that are asked of the network, while it has fewer Outputs than are asked."""
    asked = project.dataset.model_outputs()
    has_all = len(outputs_of(project.graph)) >= len(asked)
    return () if has_all else tuple(one.shape for one in asked if one.shape)


def entry_row(entry: LayerEntry, fit: Fit = Fit()) -> LayerRow:  # noqa: B008 - a frozen value
    """One layer with what it would give."""
    return LayerRow(
        entry.key,
        tr(entry.title),
        entry.family,
        tr(FAMILIES[entry.family]),
        fit.reason,
        gives=show(fit.signal.shape) if fit.signal is not None else "",
        help=tr(entry.help),
    )


def _matching(fits: Mapping[str, Fit], order: Sequence[str], words: str) -> tuple[LayerRow, ...]:
    place = {key: number for number, key in enumerate(order)}
    matches = [entry.key for entry in found(LAYERS.values(), words) if entry.key in fits]
    named = [key for key in matches if is_named(LAYERS[key], words)]
    others = sorted((key for key in matches if key not in named), key=place.__getitem__)
    fitting = [key for key in (*named, *others) if not fits[key].reason]
    refused = [key for key in (*named, *others) if fits[key].reason]
    no = tr("Do not fit here")
    if named and all(fits[key].reason for key in named):
        return (
            *_section(no, refused, fits),
            *_section(tr("Fit, and speak of it"), fitting, fits),
        )
    return (*_section("", fitting, fits, False), *_section(no, refused, fits))


def _section(
    title: str, keys: Iterable[str], fits: Mapping[str, Fit], has_heading: bool = True
) -> tuple[LayerRow, ...]:
    rows = tuple(entry_row(LAYERS[key], fits[key]) for key in keys)
    return (LayerRow("", title), *rows) if rows and has_heading else rows
