"""Glimpses: one sample through a drawing, part by part, and what each part makes of it.

Unlike a model that is built, a drawing need not be finished: what can be reached is shown. Parts
and what they gave are kept while neither they nor what comes into them change.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import torch
from torch import Tensor, nn

from studio.core.catalogue import LAYERS
from studio.core.catalogue.ends import OUTPUT
from studio.core.catalogue.entry import MANY, LayerCall
from studio.core.design.aims import aims_of
from studio.core.design.edits import add_node, connect
from studio.core.design.effective import unrolled
from studio.core.design.graph import Edge, Graph, Node
from studio.core.design.inputs import follows_answer, inputs_of, is_end, node_inputs
from studio.core.design.project import Project
from studio.core.design.shape_flow import layer_calls
from studio.core.design.training_check import loss_for
from studio.core.patience import go_on
from studio.core.run.archive import BEST
from studio.core.run.glimpse import Glimpse
from studio.data.arrays import Fitted
from studio.engine.build import OwnDraws, data_inputs, made, part_name
from studio.engine.checkpoints import read_weights
from studio.engine.decoding import decoding_of
from studio.engine.glimpse_kinds import glimpse_of, picture_of, probabilities_of, words_of
from studio.engine.loaders import tensor_of
from studio.engine.node_learning import owner_of
from studio.engine.preparation import preparation_of
from studio.engine.writing import shifted

Words: TypeAlias = Callable[[str, Sequence[int]], tuple[str, ...]]
Weights: TypeAlias = Mapping[str, Tensor]
_STEPS_OF_SCORES = 3
TROUBLE = (RuntimeError, ValueError, TypeError, IndexError, MemoryError)


@dataclass(frozen=True, slots=True)
class Sample:
    """One row: raw values [1, ...] for each input of the data, and its tokens where it has any."""

    raw: tuple[Any, ...]
    tokens: Tensor | None = None


@dataclass(slots=True)
class _Known:
    node: Node
    call: LayerCall
    takes: tuple[Tensor | None, ...]
    gave: Tensor
    glimpse: Glimpse | None = None


class Prober:
    """Sends samples through drawings; remembers parts and values from one drawing to the next.

    Torch's random numbers are not touched: weights that no run has learnt are drawn from
    numbers of their own.
    """

    def __init__(self, words: Words) -> None:
        self._words = words
        self._parts: dict[str, tuple[Node, LayerCall, nn.Module]] = {}
        self._known: dict[str, _Known] = {}
        self._inputs: tuple[object, dict[str, Tensor]] = (None, {})
        self._source: tuple[object, ...] = ()

    def glimpses(
        self, project: Project, fitted: Fitted, sample: Sample, folder: Path | None = None
    ) -> dict[str, Glimpse]:
        """What the sample is behind each node that can be reached, by the ids of drawn nodes.

        `folder` is that of a run of the same network, whose weights are taken. Of a node that
        is repeated the last copy is shown.
        """
        drawn = unrolled(project.graph)
        graph = drawn.graph
        calls = layer_calls(graph, project.dataset)
        source = (project.dataset, project.training.seed, folder, id(sample))
        if source[1:3] != self._source[1:3]:
            self._parts.clear()
        if source != self._source:
            self._known.clear()
        self._source = source
        weights = read_weights(folder / BEST) if folder is not None else {}
        values = self._given(graph, project, fitted, sample)
        self._forget(graph)
        with torch.inference_mode():
            for node_id in graph.order():
                go_on()
                self._visit(graph, graph.nodes[node_id], calls, values, weights, project)
        found = {}
        for node_id, value in values.items():
            glimpse = self._glimpse(project, graph, fitted, graph.nodes[node_id], value)
            found[drawn.origin(node_id).node] = glimpse
        for node_id, passes in drawn.passed.items():
            if passes in found:
                found[node_id] = found[passes]
        return {node_id: one for node_id, one in found.items() if one is not None}

    def _given(
        self, graph: Graph, project: Project, fitted: Fitted, sample: Sample
    ) -> dict[str, Tensor]:
        """What each Input gives, by its node; what cannot be prepared is left out."""
        inputs = tuple(inputs_of(graph))
        key = (inputs, project.dataset, id(sample))
        if self._inputs[0] == key:
            return dict(self._inputs[1])
        taken = node_inputs(graph, project.dataset)
        found: dict[str, Tensor] = {}
        for node in inputs:
            if follows_answer(node) and sample.tokens is not None:
                found[node.id] = shifted(sample.tokens)
            elif node.id in taken:
                prepared = _prepared(node, project, fitted, sample)
                if prepared is not None:
                    found[node.id] = prepared
        self._inputs = (key, found)
        self._known.clear()
        return dict(found)

    def _forget(self, graph: Graph) -> None:
        for kept in (self._parts, self._known):
            for node_id in set(kept) - set(graph.nodes):
                del kept[node_id]

    def _visit(
        self,
        graph: Graph,
        node: Node,
        calls: Mapping[str, LayerCall],
        values: dict[str, Tensor],
        weights: Weights,
        project: Project,
    ) -> None:
        call = calls.get(node.id)
        edges = graph.incoming(node.id)
        if call is None or node.id in values or any(e.source not in values for e in edges):
            return
        takes: tuple[Tensor | None, ...] = tuple(values[edge.source] for edge in edges)
        if is_end(node, "output"):
            if takes and takes[0] is not None:
                values[node.id] = takes[0]
            return
        known = self._known.get(node.id)
        if known is not None and _is_same(known, node, call, takes):
            values[node.id] = known.gave
            return
        part = self._part(graph, node, calls, weights, project.training.seed)
        if part is None:
            return
        try:
            gave = part(*_arguments(graph, node, values))
        except TROUBLE:  # what is wrong with it, the report says
            return
        if isinstance(gave, Tensor):
            values[node.id] = gave
            self._known[node.id] = _Known(node, call, takes, gave)

    def _part(
        self,
        graph: Graph,
        node: Node,
        calls: Mapping[str, LayerCall],
        weights: Weights,
        seed: int,
    ) -> nn.Module | None:
        owner = owner_of(graph, node)
        call = calls.get(owner.id)
        if call is None:
            return None
        known = self._parts.get(owner.id)
        if known is not None and known[0] is owner and known[1] == call:
            return known[2]
        try:
            with OwnDraws(seed):
                part = made(owner, call)
            prefix = part_name(owner.id) + "."
            own = {k[len(prefix) :]: t for k, t in weights.items() if k.startswith(prefix)}
            if own:
                part.load_state_dict(own)
        except TROUBLE:
            return None
        self._parts[owner.id] = (owner, call, part.eval())
        return part

    def _glimpse(
        self, project: Project, graph: Graph, fitted: Fitted, node: Node, value: Tensor
    ) -> Glimpse | None:
        if is_end(node, "input"):
            return self._of_input(project, graph, fitted, node, value)
        if is_end(node, "output"):
            return self._of_output(project, graph, fitted, node, value)
        known = self._known[node.id]
        if known.glimpse is None:
            known.glimpse = glimpse_of(value)
        return known.glimpse

    def _of_output(
        self, project: Project, graph: Graph, fitted: Fitted, node: Node, value: Tensor
    ) -> Glimpse | None:
        aim = next((a for a in aims_of(graph, project.dataset) if a.node.id == node.id), None)
        known = next((o for o in fitted.outputs if aim and o.name == aim.output.name), None)
        if aim is None or known is None:
            return glimpse_of(value)
        if known.task == "sequences" and value.dim() == _STEPS_OF_SCORES:
            best = value.argmax(dim=-1)
            return words_of(best, self._words(known.tokenizer, best[0].tolist()))
        if known.task not in ("classes", "numbers"):
            return glimpse_of(value)
        training = aim.training(project.training)
        try:
            with torch.inference_mode():
                decoding = decoding_of(known, loss_for(training, known.task), training.loss_params)
                decoded: Tensor = decoding.eval()(value)
        except TROUBLE:  # its shape does not fit yet
            return glimpse_of(value)
        if known.task == "classes" and decoded.shape[-1] == len(known.output.labels):
            return probabilities_of(decoded[0], known.output.labels)
        return glimpse_of(decoded)

    def _of_input(
        self, project: Project, graph: Graph, fitted: Fitted, node: Node, value: Tensor
    ) -> Glimpse | None:
        if follows_answer(node):
            return words_of(value, self._words(fitted.tokenizer, value[0].tolist()))
        source = node_inputs(graph, project.dataset)[node.id][0]
        known = next((one for one in fitted.inputs if one.input.name == source.name), None)
        if known is not None and known.tokenizer:
            return words_of(value, self._words(known.tokenizer, value[0].tolist()))
        return picture_of(value) if source.kind in ("image", "video") else glimpse_of(value)


def _prepared(node: Node, project: Project, fitted: Fitted, sample: Sample) -> Tensor | None:
    """What one Input gives, whether or not it leads anywhere yet."""
    alone = Graph(nodes={node.id: node}, positions={node.id: (0.0, 0.0)})
    alone, end = add_node(alone, OUTPUT.key, (200.0, 0.0))
    alone = connect(alone, Edge(node.id, end))
    if not data_inputs(alone):
        return None
    try:
        preparation = preparation_of(alone, project.dataset, fitted).eval()
        raws = [tensor_of(block) for block in sample.raw]
        with torch.inference_mode():
            prepared: list[Tensor] = preparation(raws)
    except (*TROUBLE, KeyError):
        return None
    return prepared[0]


def _arguments(graph: Graph, node: Node, values: Mapping[str, Tensor]) -> tuple[Any, ...]:
    edges = graph.incoming(node.id)
    if LAYERS[node.layer].arity[1] == MANY:
        return ([values[edge.source] for edge in edges],)
    by_port = {edge.port: values[edge.source] for edge in edges}
    return tuple(by_port.get(port) for port in range(max(by_port, default=-1) + 1))


def _is_same(known: _Known, node: Node, call: LayerCall, takes: tuple[Tensor | None, ...]) -> bool:
    return (
        known.node is node
        and known.call == call
        and len(known.takes) == len(takes)
        and all(one is other for one, other in zip(known.takes, takes, strict=True))
    )
