"""The child process: runs a person's file, and writes down the drawing of a network in it.

Whatever the file does happens here: it may print, raise, end the process or never come back.
"""

import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import torch
from torch import fx, nn
from torch.nn.parameter import UninitializedParameter
from typing_extensions import override

from studio.core.design.graph import Graph
from studio.core.design.storage import write_atomically
from studio.core.problems import StudioError
from studio.export.captured import silenced
from studio.export.reading.agreeing import Agreement
from studio.export.reading.answer import Answer, Order, Row, order_of, told, written
from studio.export.reading.drawn import drawn
from studio.export.reading.finding import inputs_of, loaded, networks_in
from studio.export.reading.housed import housed
from studio.export.reading.modest import be_ended_first
from studio.export.reading.program import module_of, opened
from studio.export.reading.regrouped import regrouped
from studio.export.reading.rows import (
    first_layers,
    first_parts,
    signals,
    tensors,
    tries,
)
from studio.export.reading.traced import Trace, traced
from studio.export.reading.troubles import (
    broke,
    cannot_follow,
    is_compiled,
    nothing_in,
    takes_no_input,
    takes_nothing,
    too_long,
)

MOST_STEPS = 5_000  # more than any drawing is read by


class _Tracer(fx.Tracer):
    """Remembers the line of each call."""

    record_stack_traces = True

    @override
    def is_leaf_module(self, m: nn.Module, module_qualified_name: str) -> bool:
        """What no layer stands for is followed inside."""
        is_whole = super().is_leaf_module(m, module_qualified_name)
        return is_whole and not isinstance(m, nn.Transformer)


def start() -> None:
    """Reads the order from standard input, and does it.

    The file finds nothing more there, and no arguments. Threads that it started end with this
    process, whatever they wait for.
    """
    order = order_of(sys.stdin.buffer.read())
    sys.argv = [order.file]
    torch.set_num_threads(1)
    be_ended_first()
    answer(order)
    os._exit(0)


def answer(order: Order) -> None:
    """Does what the order asks; whatever happens, an answer is written."""
    path = Path(order.file)
    graph = Graph()
    try:
        said, graph = _answered(order)
    except StudioError as error:
        said = Answer(told(error.problem))
    except BaseException as reason:  # noqa: BLE001 - somebody's code may raise anything
        said = Answer(told(broke(path, reason)))
    write_atomically(Path(order.answer), written(said, graph))


def _answered(order: Order) -> tuple[Answer, Graph]:
    path = Path(order.file)
    if order.kind == "program":
        return _program(path)
    found = networks_in(loaded(path))
    if order.name not in found.networks and len(found.networks) > 1:
        return Answer(choices=tuple(found.networks)), Graph()
    if not found.networks:
        raise nothing_in(path, found)
    name = order.name if order.name in found.networks else next(iter(found.networks))
    return _network(name, found.networks[name].eval(), order.rows)


def _network(name: str, network: nn.Module, told_rows: Sequence[Row]) -> tuple[Answer, Graph]:
    if isinstance(network, torch.jit.ScriptModule):
        raise is_compiled(name)
    network = network.float()  # a drawing says nothing of how finely its numbers are kept
    for part in network.parameters():
        if not isinstance(part, UninitializedParameter):
            part.requires_grad_(False)
    try:
        steps = fx.GraphModule(network, _Tracer().trace(network))
    except Exception:  # noqa: BLE001 - what hangs on numbers cannot be followed this way
        return _exported(name, network, told_rows)
    _drop_defaults(steps)
    rows, is_told = _fitting(steps, tries(told_rows, first_layers(steps)), told_rows)
    return _drawn(name, traced(steps, tensors(rows)), rows, are_guessed=not is_told)


def _exported(name: str, network: nn.Module, told_rows: Sequence[Row]) -> tuple[Answer, Graph]:
    """The other way: torch.export follows what one run does."""
    count = inputs_of(network)
    options = tries(told_rows, first_parts(network, count))
    rows, is_told = _fitting(network, options, told_rows)
    try:
        with silenced():
            program = torch.export.export(network, tensors(rows), strict=False)
    except Exception as reason:  # noqa: BLE001 - torch says in many ways that it cannot
        raise cannot_follow(name, reason) from None
    given = tensors(rows)
    trace = traced(regrouped(module_of(program), given), given)
    return _drawn(name, trace, rows, are_guessed=not is_told)


def _program(path: Path) -> tuple[Answer, Graph]:
    found = opened(path)
    trace = traced(regrouped(found.module, found.given), found.given)
    return _drawn(path.stem, trace, found.rows, are_guessed=False)


def _fitting(
    module: nn.Module, options: Iterable[tuple[Row, ...]], told_rows: Sequence[Row]
) -> tuple[tuple[Row, ...], bool]:
    """The first rows that the network takes; whether they are those of the data."""
    last = ""
    for place, rows in enumerate(options):
        try:
            with torch.no_grad():
                module(*tensors(rows))
        except Exception as reason:  # noqa: BLE001 - it does not take these
            last = last or str(reason)
            continue
        return rows, bool(told_rows) and place == 0
    raise takes_nothing(last)


def _drop_defaults(module: fx.GraphModule) -> None:
    """Arguments that need not be given are as they are by default."""
    for node in list(module.graph.nodes):
        if node.op == "placeholder" and node.args:
            node.replace_all_uses_with(node.args[0])
            module.graph.erase_node(node)
    module.recompile()


def _drawn(
    name: str, trace: Trace, rows: Sequence[Row], *, are_guessed: bool
) -> tuple[Answer, Graph]:
    if not trace.walk.inputs:
        raise takes_no_input(name)
    if len(trace.walk.steps) > MOST_STEPS:
        raise too_long(name, len(trace.walk.steps), MOST_STEPS)
    given = dict(zip(trace.walk.inputs, signals(rows), strict=False))
    found = drawn(trace.walk, given, check=Agreement(trace))
    answer = Answer(
        problems=tuple(map(told, found.problems)),
        name=name,
        known=found.known,
        steps=len(trace.walk.steps),
        sizes=tuple(row.shape for row in rows),
        are_guessed=are_guessed,
    )
    return answer, housed(found.graph, found.nodes, trace.homes)
