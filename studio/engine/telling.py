"""Telling: what a trained model says to one row, and what its attention layers looked at."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import torch
from torch import Tensor, nn

from studio.core.design.effective import effective_project
from studio.core.design.graph import Graph, Node
from studio.core.design.inputs import follows_answer, inputs_of, node_inputs
from studio.core.design.project import Project
from studio.core.run.told import Attention, Told
from studio.core.words import tr
from studio.data.arrays import Fitted
from studio.engine.attention_modules import (
    AdditiveAttention,
    AttentionPooling,
    CrossAttention,
    read_weights,
)
from studio.engine.build import data_inputs, node_of_part
from studio.engine.loaders import Inputs
from studio.engine.predict import Predictor, Raw
from studio.engine.writing import shifted

Words = Callable[[str, Sequence[int]], tuple[str, ...]]
_LAYER = re.compile(r"layers\.(\d+)")
_MATRIX, _HEADS = 2, 3
_ITSELF, _MEMORY = 0, 1  # at which port of its node a layer finds what it looks at


def tell(project: Project, fitted: Fitted, folder: Path, row: Raw, words: Words) -> Told:
    """The first answer to one row, [1, ...] for each input of the data.

    `words(tokenizer, ids)` says tokens; what a writer wrote stands in `tokens` alone.
    """
    project = effective_project(project)
    predictor = Predictor(project, fitted, folder)
    answer = predictor.brief_answers(row)[0][0]
    inputs = next(predictor.ready(row))
    known = predictor.fitted
    if known.task == "sequences":
        told = Told(tokens=tuple(int(number) for number in answer))
    elif known.task == "classes":
        pairs = zip(known.labels, map(float, answer), strict=True)
        told = Told(classes=tuple(sorted(pairs, key=lambda pair: -pair[1])))
    else:
        told = Told()
    looking = _Looking(project, predictor, inputs, told.tokens, words)
    return Told(told.text, told.classes, told.tokens, looking.found())


class _Looking:
    """One row on its way through the model, with the words for each axis of attention."""

    def __init__(
        self,
        project: Project,
        predictor: Predictor,
        inputs: Inputs,
        answer: Sequence[int],
        words: Words,
    ) -> None:
        self._graph: Graph = project.graph
        self._predictor, self._words = predictor, words
        self._answer = tuple(answer)
        self._takes = _with_answer(predictor, inputs, self._answer)
        taken = node_inputs(project.graph, project.dataset)
        tokenizers = {one.input.name: one.tokenizer for one in predictor.fitted.inputs}
        pairs = zip(data_inputs(project.graph), inputs, strict=False)
        self._read = {
            node.id: (tokenizers[taken[node.id][0].name], tuple(map(int, ids[0])))
            for node, ids in pairs
            if node.id in taken and tokenizers[taken[node.id][0].name]
        }

    def found(self) -> tuple[Attention, ...]:
        """What each attention layer looked at, in the order of the model."""
        model = self._predictor.model
        weights = read_weights(model, *self._takes)
        return tuple(
            shown
            for name, found in weights.items()
            if (shown := self._shown(name, model.get_submodule(name), found[0])) is not None
        )

    def _shown(self, name: str, part: nn.Module, weights: Tensor) -> Attention | None:
        node = node_of_part(self._graph, name.partition(".")[0])
        if node is None:
            return None
        if weights.dim() == _HEADS:
            weights = weights.mean(dim=0)
        is_crossing = isinstance(part, CrossAttention | AdditiveAttention)
        across, kept = self._axis(node, _MEMORY if is_crossing else _ITSELF, weights.shape[-1])
        if isinstance(part, AttentionPooling):
            return Attention(node.name, across, (), _numbers(weights.unsqueeze(0), [0], kept))
        down, lines = self._axis(node, _ITSELF, weights.shape[0], is_asking=True)
        title = _title(node, name, is_crossing=is_crossing)
        return Attention(title, across, down, _numbers(weights, lines, kept))

    def _axis(
        self, node: Node, port: int, length: int, *, is_asking: bool = False
    ) -> tuple[tuple[str, ...], list[int]]:
        """The words along an axis, without padding, and at which steps they stand."""
        tokenizer, ids = self._tokens_at(node, port, is_asking=is_asking)
        if len(ids) != length:
            return tuple(str(step + 1) for step in range(length)), list(range(length))
        words = self._words(tokenizer, ids)  # of padding nothing
        kept = [step for step, word in enumerate(words) if word] or [length - 1]
        return tuple(words[step] for step in kept), kept

    def _tokens_at(self, node: Node, port: int, *, is_asking: bool) -> tuple[str, tuple[int, ...]]:
        """Which text comes in at a port: what was written of the answer, or one that was read."""
        edges = [edge for edge in self._graph.incoming(node.id) if edge.port == port]
        behind = self._graph.ancestors(edge.source for edge in edges)
        starts = [one for one in inputs_of(self._graph) if one.id in behind]
        if any(follows_answer(one) for one in starts):
            known = self._predictor.fitted.tokenizer
            return known, self._answer if is_asking else _begun(self._answer)
        return next((self._read[one.id] for one in starts if one.id in self._read), ("", ()))


def _with_answer(predictor: Predictor, inputs: Inputs, answer: Sequence[int]) -> Inputs:
    """What the model takes: one that writes, its own answer too."""
    writer = predictor.writer
    if writer is None:
        return inputs
    read = inputs[:-1] if writer.is_prompted else inputs
    begun = shifted(torch.tensor([answer], dtype=torch.int64))
    return (*read, *[begun] * writer.written)


def _begun(answer: Sequence[int]) -> tuple[int, ...]:
    """The token before each of an answer; behind its end nothing."""
    begun = shifted(torch.tensor([list(answer)], dtype=torch.int64))[0].tolist()
    return tuple(before if own else 0 for before, own in zip(begun, answer, strict=True))


def _numbers(weights: Tensor, lines: list[int], kept: list[int]) -> tuple[tuple[float, ...], ...]:
    chosen = weights[lines][:, kept]
    return tuple(tuple(line) for line in chosen.tolist())


def _title(node: Node, name: str, *, is_crossing: bool) -> str:
    layer = _LAYER.search(name)
    if layer is None and "." not in name:
        return node.name
    number = int(layer.group(1)) + 1 if layer else 1
    if is_crossing:
        return tr("{name}, layer {number}: what was read", name=node.name, number=number)
    return tr("{name}, layer {number}: itself", name=node.name, number=number)
