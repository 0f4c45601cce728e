"""Network source: a drawing as Python that anybody can read, which runs by itself.

`source.py` writes a trained model with its preparation; here it is the network alone, as it was
drawn, with weights that are yet to be learnt.
"""

import keyword
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from studio.core.catalogue import INITIALIZATIONS, LAYERS
from studio.core.catalogue.custom import EXPRESSION
from studio.core.catalogue.entry import MANY, LayerCall, Signal
from studio.core.design.effective import unrolled
from studio.core.design.graph import Graph, Node
from studio.core.design.learning_check import ONLY_LEARNING
from studio.core.design.network_code import NetworkCode
from studio.core.design.project import Project
from studio.core.design.report import examine
from studio.core.design.shape_flow import Flow, shape_flow
from studio.core.design.training import TrainingSpec
from studio.core.problems import Place, StudioError, refuse
from studio.core.shapes import show
from studio.core.words import tr
from studio.engine import modules
from studio.engine.build import model_ends, model_inputs, nodes_between, part_name
from studio.engine.node_learning import owner_of
from studio.engine.optimizers import checked_values
from studio.export.formula_source import formula_source
from studio.export.settings_source import arguments_source, is_of_torch, shown
from studio.export.source_carried import carried
from studio.export.source_parts import Clippings

NETWORK = "Network"
SOURCE = "source"  # the key of the format that such layers say they cannot be written in
STEP, GAP = "        ", "    "
FAR = 72  # no remark stands further to the right than it must
_TAKEN = frozenset({"self", "torch", "nn", "super", "range", "len", "float", "int", NETWORK})
# Layers that are one sign or one function of torch between their inputs, by what the engine
# makes of them.
_JOINED: Mapping[str, str] = {
    modules.Add.__name__: " + ",
    modules.Multiply.__name__: " * ",
    modules.Subtract.__name__: " - ",
}
_BESIDE = modules.Concatenate.__name__

_BEGIN = '''def begin(part, draw, directions, zero_biases, **settings):
    """Draws the weights of a part anew."""
    for name, weight in part.named_parameters():
        if "bias" not in name.rpartition(".")[2]:
            if weight.ndim >= directions:
                draw(weight, **settings)
        elif zero_biases:
            nn.init.zeros_(weight)'''
_MAIN = """if __name__ == "__main__":
    network = Network().eval()
    print(network)
    answers = network(*example())
    for answer in answers if isinstance(answers, tuple) else [answers]:
        print("gives", tuple(answer.shape))"""


@dataclass(slots=True)
class _Page:
    """Lines, and which node each of them belongs to."""

    lines: list[str] = field(default_factory=list)
    nodes: dict[str, list[int]] = field(default_factory=dict)

    def add(self, text: str = "", node_id: str = "") -> None:
        for line in text.split("\n"):
            self.lines.append(line)
            if node_id:
                self.nodes.setdefault(node_id, []).append(len(self.lines))


def network_source(project: Project, title: str = "") -> NetworkCode:
    """The code of a drawing; StudioError with what is in the way of building it."""
    spec = TrainingSpec(loss=project.training.loss)
    problems = examine(Project(project.dataset, project.graph, spec)).problems
    obstacle = next(
        (one for one in problems if one.is_error and one.code not in ONLY_LEARNING), None
    )
    if obstacle is not None:
        raise StudioError(obstacle)
    whole = unrolled(project.graph)
    flow = shape_flow(whole.graph, project.dataset)
    writer = _Writer(whole.graph, flow, project)
    page = writer.page(title or tr("A network as plain PyTorch."))
    text = "\n".join(page.lines) + "\n"
    lines: dict[str, tuple[int, ...]] = {}
    for node_id, found in page.nodes.items():
        drawn = whole.origin(node_id).node
        lines[drawn] = (*lines.get(drawn, ()), *found)
    return NetworkCode(text, carried(text, project.graph, writer.written_as, writer.ends), lines)


class _Writer:
    """Writes one network."""

    def __init__(self, graph: Graph, flow: Flow, project: Project) -> None:
        self._graph, self._flow = graph, flow
        self._inputs = model_inputs(graph)
        self._ends = model_ends(graph, project.dataset)
        self._steps = nodes_between(graph, self._ends)
        self.written_as = {node.id: _variable(node.id) for node in (*self._inputs, *self._steps)}
        self.ends = tuple(node.id for node in self._ends)
        self._clippings = Clippings(keeps_making=True)
        self._clippings.imports |= {"import torch", "from torch import nn"}
        for node in self._steps:
            self._refuse_bound_to_files(node)

    def page(self, title: str) -> _Page:
        """The whole file, less what is carried behind it."""
        body = _Page()
        self._add_class(body)
        whole = _Page()
        whole.add(f'"""{title}\n\n{_usage()}\n"""\n')
        if self._clippings.definitions:
            whole.add("from __future__ import annotations\n")
        whole.add("\n".join(_sorted_imports(self._clippings.imports)))
        whole.add("\n")
        before = len(whole.lines)
        whole.lines += body.lines
        for node_id, lines in body.nodes.items():
            whole.nodes[node_id] = [before + line for line in lines]
        # What the network is made of is looked up when it is made, so it may stand below.
        for part in (*dict.fromkeys(self._definitions()), self._example(), _MAIN):
            whole.add(f"\n\n{part}")
        return whole

    def _definitions(self) -> Iterator[str]:
        yield from self._clippings.definitions.values()
        if any(INITIALIZATIONS[node.learning.start].torch for node in self._owners()):
            yield _BEGIN

    def _owners(self) -> tuple[Node, ...]:
        found = {owner_of(self._graph, node).id: None for node in self._steps}
        return tuple(self._graph.nodes[node_id] for node_id in found)

    def _add_class(self, page: _Page) -> None:
        page.add(f"class {NETWORK}(nn.Module):")
        page.add(f'    """{self._takes()}"""\n')
        page.add("    def __init__(self) -> None:\n        super().__init__()")
        for node in self._owners():
            for line in self._making(node):
                page.add(f"{STEP}{line}", node.id)
        page.add()
        given = ", ".join(f"{self.written_as[node.id]}: torch.Tensor" for node in self._inputs)
        page.add(f"    def forward(self, {given}) -> {_answer_type(len(self._ends))}:")
        for node in self._inputs:
            page.nodes.setdefault(node.id, []).append(len(page.lines))
        lines = [(self._called(node), node.id) for node in self._steps]
        edge = min(FAR, max((len(line) for line, _ in lines), default=0))
        for line, node_id in lines:
            remark = f"{line.ljust(edge)}  # {_plain(self._flow.signals[node_id])}"
            page.add(f"{STEP}{remark}", node_id)
        answers = [self.written_as[self._graph.incoming(end.id)[0].source] for end in self._ends]
        page.add(f"{STEP}return {', '.join(answers)}")
        for end in self._ends:
            page.nodes.setdefault(end.id, []).append(len(page.lines))

    def _takes(self) -> str:
        taken = ", ".join(_plain(self._flow.signals[node.id]) for node in self._inputs)
        given = ", ".join(_plain(self._flow.signals[end.id]) for end in self._ends)
        return tr("From {taken} to {given}; the batch comes first.", taken=taken, given=given)

    def _making(self, node: Node) -> Iterator[str]:
        """The lines that make a part; none for one that is written where it is used."""
        call = self._flow.calls[node.id]
        name, arguments = _torch_of(node, call)
        if node.layer == EXPRESSION.key or _is_inline(name):
            return
        if not is_of_torch(name):
            self._clippings.add(name, modules)
        home = "nn." if is_of_torch(name) else ""
        part = f"self.{part_name(node.id)}"
        remark = "" if _is_numbered(node) else f"  # {_one_line(node.name)}"
        yield f"{part} = {home}{name}({arguments_source(name, arguments)}){remark}"
        yield from _beginning(part, node)

    def _called(self, node: Node) -> str:
        variable = self.written_as[node.id]
        owner = owner_of(self._graph, node)
        call = self._flow.calls[node.id]
        name, arguments = _torch_of(owner, self._flow.calls[owner.id])
        taken = self._taken(node)
        if node.layer == EXPRESSION.key:
            return f"{variable} = {formula_source(call.text(EXPRESSION.params[0].key), taken)}"
        if name in _JOINED:
            return f"{variable} = {_JOINED[name].join(taken)}"
        if name == _BESIDE:
            return f"{variable} = torch.cat([{', '.join(taken)}], dim={arguments['axis']})"
        given = ", ".join(taken)
        if LAYERS[node.layer].arity[1] == MANY:
            given = f"[{given}]"
        return f"{variable} = self.{part_name(owner.id)}({given})"

    def _taken(self, node: Node) -> list[str]:
        """The variables that a node takes, at each port; None stands for one left open."""
        edges = self._graph.incoming(node.id)
        if LAYERS[node.layer].arity[1] == MANY:
            return [self.written_as[edge.source] for edge in edges]
        by_port = {edge.port: self.written_as[edge.source] for edge in edges}
        return [by_port.get(port, "None") for port in range(max(by_port, default=-1) + 1)]

    def _example(self) -> str:
        rows = [_noise(self._flow.signals[node.id]) for node in self._inputs]
        given = f"({rows[0]},)" if len(rows) == 1 else _tuple_of(rows)
        words = tr("Rows of noise in the sizes that the network takes.")
        return f'def example(rows=2):\n    """{words}"""\n    return {given}'

    def _refuse_bound_to_files(self, node: Node) -> None:
        if SOURCE in LAYERS[node.layer].cannot:
            raise refuse(
                tr("{name} brings a whole network in files of its own with it.", name=node.name),
                tr("It is not written as code. Export the model as TorchScript or ONNX."),
                place=Place("node", node.id),
                code="not-as-code",
            )


def _torch_of(node: Node, call: LayerCall) -> tuple[str, Mapping[str, object]]:
    entry = LAYERS[node.layer]
    return entry.torch_name(call), entry.arguments(call)


def _is_inline(name: str) -> bool:
    return name in _JOINED or name == _BESIDE


def _beginning(part: str, node: Node) -> Iterator[str]:
    """How its weights begin, where that was set, and that they rest."""
    entry = INITIALIZATIONS[node.learning.start]
    if entry.torch:
        values = checked_values(entry.params, node.learning.start_params, "start", entry.title)
        are_zero = values.pop("biases") == "zero"
        rest = "".join(f", {key}={shown(value)}" for key, value in values.items())
        yield f"begin({part}, nn.init.{entry.torch}, {entry.directions}, {are_zero}{rest})"
    if node.learning.is_frozen:
        yield f"{part}.requires_grad_(False)"


def _variable(node_id: str) -> str:
    """What a node's answer is called: its id, unless that has a meaning of its own."""
    return f"{node_id}_" if node_id in _TAKEN or keyword.iskeyword(node_id) else node_id


def _is_numbered(node: Node) -> bool:
    """Whether it is called as it was when it was placed, so that its id says the same."""
    return node.name.startswith(tr(LAYERS[node.layer].title))


def _one_line(name: str) -> str:
    return " ".join(name.split())


def _plain(signal: Signal) -> str:
    sizes = show(signal.shape).replace("\u2009", "")
    return tr("{sizes} tokens", sizes=sizes) if signal.categories else sizes


def _noise(signal: Signal) -> str:
    sizes = ", ".join(map(str, signal.shape))
    if signal.categories:
        return f"torch.randint({signal.categories}, (rows, {sizes}))"
    return f"torch.rand(rows, {sizes})"


def _tuple_of(rows: Sequence[str]) -> str:
    inner = "".join(f"        {row},\n" for row in rows)
    return f"(\n{inner}    )"


def _answer_type(count: int) -> str:
    if count == 1:
        return "torch.Tensor"
    return f"tuple[{', '.join(['torch.Tensor'] * count)}]"


def _usage() -> str:
    return tr("Written by Studio. It needs nothing but torch: `python model.py` tries it.")


def _sorted_imports(imports: set[str]) -> list[str]:
    """Those of Python itself, then those of torch; what comes from one place on one line."""
    names: dict[str, set[str]] = {}
    plain = {line for line in imports if not line.startswith("from ")}
    for line in imports - plain:
        home, _, found = line.removeprefix("from ").partition(" import ")
        names.setdefault(home, set()).update(found.split(", "))
    plain |= {f"from {home} import {', '.join(sorted(found))}" for home, found in names.items()}
    foreign = sorted((line for line in plain if "torch" in line), key=_import_order)
    own = sorted(plain - set(foreign), key=_import_order)
    return [*own, "", *foreign] if own else foreign


def _import_order(line: str) -> tuple[bool, str]:
    return line.startswith("from "), line
