"""The rows of an analysis: what each layer gives, sees, weighs and takes, summed up for blocks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from studio.core.catalogue.entry import Signal as NodeSignal
from studio.core.design.blocks import contents, exits_of
from studio.core.design.effective import effective
from studio.core.design.project import Project
from studio.core.design.reach import Reach, reaches
from studio.core.design.report import NodeReport, Report
from studio.core.design.shape_flow import shape_flow
from studio.core.run.rehearsal import NodeCost
from studio.core.shapes import show, size_of
from studio.core.words import tr
from studio.ui.panels.analysis import bytes_in_words, counted_or_dash, seconds_in_words
from studio.ui.panels.layer_tree import Cell, TreeRow
from studio.ui.panels.summary import layer_rows

BYTES_A_VALUE = 4
_NOTHING, _FREE = NodeReport(), NodeCost(0.0, 0)


@dataclass(frozen=True, slots=True)
class _Totals:
    weights: int
    seconds: float


def analysis_titles() -> tuple[str, ...]:
    """The head of each column behind the names."""
    return (
        tr("Gives"),
        tr("Receptive field"),
        tr("Parameters"),
        tr("One sample"),
        tr("Forward"),
    )


def analysis_rows(
    project: Project, report: Report, costs: Mapping[str, NodeCost]
) -> Iterator[TreeRow]:
    """Every node and block; `costs` are those that were measured, by node."""
    graph, trained = project.graph, effective(project.graph)
    seen = reaches(trained, shape_flow(trained, project.dataset))
    total = _Totals(
        sum(one.weights for one in report.nodes.values()),
        sum(one.seconds for one in costs.values()),
    )
    for row in layer_rows(graph, report):
        nodes = contents(graph, row.key) if row.is_block else (row.key,)
        ends = exits_of(graph, nodes) if row.is_block else nodes
        end = ends[0] if len(ends) == 1 else ""
        known = [report.nodes.get(i, _NOTHING) for i in nodes]
        last = report.nodes.get(end, _NOTHING)
        weights = sum(one.weights for one in known)
        seconds = sum(costs.get(i, _FREE).seconds for i in nodes)
        cells = (
            _gives(last.outcome if row.is_block else last.signal),
            _sees(seen.get(end)),
            Cell(counted_or_dash(weights), weights / max(1, total.weights)),
            Cell(bytes_in_words(sum(_bytes(one.signal) * one.copies for one in known))),
            Cell(seconds_in_words(seconds), seconds / (total.seconds or 1.0)),
        )
        yield replace(row, cells=cells)


def _gives(signal: NodeSignal | None) -> Cell:
    return Cell(show(signal.shape) if signal else "–")


def _sees(reach: Reach | None) -> Cell:
    return Cell(show(reach.sizes) if reach is not None and max(reach.sizes) > 1 else "–")


def _bytes(signal: NodeSignal | None) -> int:
    return BYTES_A_VALUE * size_of(signal.shape) if signal is not None else 0
