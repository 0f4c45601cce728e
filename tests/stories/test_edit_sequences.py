"""2,000 random sequences of edits: undone to the start and redone to the end they are the same."""

import random
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from studio.core.catalogue import LAYERS
from studio.core.design import edits
from studio.core.design.arrange import arranged
from studio.core.design.block import TINTS
from studio.core.design.block_edits import grouped, opened, ungrouped, with_block, with_state
from studio.core.design.block_placing import let_go_in, placed, replaced_by_block, taken_out
from studio.core.design.block_wiring import inserted
from studio.core.design.clipboard import copied, pasted
from studio.core.design.detaching import detached
from studio.core.design.effective import effective
from studio.core.design.folding_blocks import folded
from studio.core.design.graph import Edge, Graph
from studio.core.design.graph_json import graph_from_json, graph_to_json
from studio.core.design.project import Project
from studio.core.design.ready_blocks import READY_BLOCKS, fragment
from studio.core.design.remarks import add_remark, change_remark, move_remark, remove_remark
from studio.core.design.reordering import inserted_after, swapped, why_not_swap
from studio.core.design.replacing import replaced
from studio.core.design.report import examine
from studio.core.design.shown import shown
from studio.core.plain import dump
from studio.core.problems import StudioError
from studio.ui.document import Document
from tests.builders import chain, images

SEQUENCES, LENGTH, HANDFULS = 2000, 12, 20
PALETTE = tuple(sorted(LAYERS))
Change = Callable[[Graph, random.Random], Graph]


def some(graph: Graph, chance: random.Random) -> tuple[str, ...]:
    return tuple(chance.sample(sorted(graph.nodes), min(len(graph), chance.randint(1, 4))))


def one(graph: Graph, chance: random.Random) -> str:
    return chance.choice(sorted(graph.nodes))


def spot(chance: random.Random) -> tuple[float, float]:
    return 20.0 * chance.randint(-40, 40), 20.0 * chance.randint(-20, 20)


def add(graph: Graph, chance: random.Random) -> Graph:
    return edits.add_node(graph, chance.choice(PALETTE), spot(chance))[0]


def add_remark_somewhere(graph: Graph, chance: random.Random) -> Graph:
    kind = chance.choice(("frame", "note"))
    return add_remark(graph, kind, (*spot(chance), 400.0, 300.0), "Words")[0]


def connect(graph: Graph, chance: random.Random) -> Graph:
    edge = Edge(one(graph, chance), one(graph, chance), chance.randint(0, 2))
    return graph if edits.why_not_connect(graph, edge) else edits.connect(graph, edge)


def disconnect(graph: Graph, chance: random.Random) -> Graph:
    return edits.disconnect(graph, chance.choice(graph.edges)) if graph.edges else graph


def insert(graph: Graph, chance: random.Random) -> Graph:
    if not graph.edges:
        return graph
    return edits.insert_layer(graph, chance.choice(graph.edges), chance.choice(PALETTE))


def set_param(graph: Graph, chance: random.Random) -> Graph:
    node = graph.nodes[one(graph, chance)]
    params = LAYERS[node.layer].params
    if not params:
        return graph
    param = chance.choice(params)
    value = chance.choice((param.default, 1, 2, 7, 0.5, True, "same", (3, 3)))
    return edits.set_param(graph, node.id, param.key, value)


def swap(graph: Graph, chance: random.Random) -> Graph:
    node, step = one(graph, chance), chance.choice((-1, 1))
    return graph if why_not_swap(graph, node, step) else swapped(graph, node, step)


def duplicate(graph: Graph, chance: random.Random) -> Graph:
    return pasted(graph, copied(graph, some(graph, chance)), None)[0]


def on_block(graph: Graph, chance: random.Random) -> Graph:
    if not graph.blocks:
        return grouped(graph, some(graph, chance), "Block")[0]
    block = graph.blocks[chance.choice(sorted(graph.blocks))]
    what = chance.choice(("open", "repeat", "name", "ungroup"))
    if what == "open":
        return opened(graph, block.id, is_open=not block.is_open)
    if what == "ungroup":
        return ungrouped(graph, block.id)
    if what == "name":
        return with_block(graph, replace(block, name="Other", color=chance.choice(TINTS)))
    return with_block(graph, replace(block, repeats=chance.randint(1, 4)))


def with_ready_block(graph: Graph, chance: random.Random) -> Graph:
    """A ready block beside all, in a wire, in the place of a node, or in another block."""
    part = fragment(READY_BLOCKS[chance.choice(("residual", "squeeze_and_excite"))])
    what = chance.choice(("beside", "wire", "instead", "inside"))
    if what == "instead":
        return replaced_by_block(graph, one(graph, chance), part)[0]
    graph, block = placed(graph, part)
    if what == "wire":
        return inserted(graph, chance.choice(graph.edges), block)
    return (
        let_go_in(graph, block, chance.choice(sorted(graph.blocks))) if what == "inside" else graph
    )


def fold(graph: Graph, chance: random.Random) -> Graph:
    if not graph.blocks:
        return graph
    block = graph.blocks[chance.choice(sorted(graph.blocks))]
    return folded(graph, block.id, is_open=not block.is_open)


def on_remark(graph: Graph, chance: random.Random) -> Graph:
    if not graph.remarks:
        return graph
    remark = chance.choice(sorted(graph.remarks))
    what = chance.randint(0, 2)
    if what == 0:
        return move_remark(graph, remark, *spot(chance))
    if what == 1:
        return change_remark(graph, remark, text="Other words")
    return remove_remark(graph, (remark,))


CHANGES: tuple[Change, ...] = (
    add,
    add,
    connect,
    connect,
    disconnect,
    insert,
    set_param,
    set_param,
    swap,
    duplicate,
    on_block,
    on_block,
    with_ready_block,
    fold,
    on_remark,
    lambda graph, chance: taken_out(graph, some(graph, chance)),
    add_remark_somewhere,
    lambda graph, chance: edits.remove(graph, some(graph, chance)),
    lambda graph, chance: edits.remove_and_reconnect(graph, some(graph, chance)),
    lambda graph, chance: edits.move(graph, {i: spot(chance) for i in some(graph, chance)}),
    lambda graph, chance: edits.rename(graph, one(graph, chance), chance.choice(("A", " ", "B c"))),
    lambda graph, chance: inserted_after(graph, one(graph, chance), chance.choice(PALETTE)),
    lambda graph, chance: replaced(graph, one(graph, chance), chance.choice(PALETTE)),
    lambda graph, chance: detached(graph, some(graph, chance)),
    lambda graph, chance: grouped(graph, some(graph, chance), "Block")[0],
    lambda graph, chance: with_state(
        graph, some(graph, chance), chance.choice(("on", "bypassed", "muted"))
    ),
    lambda graph, _chance: edits.move(graph, arranged(graph)),
)


def told(project: Project) -> bytes:
    return dump(graph_to_json(project.graph))


def changed(chance: random.Random, project: Project) -> Project:
    """The project after an edit, or as it was where the edit is refused in words."""
    if not len(project.graph):
        return replace(project, graph=add(project.graph, chance))
    try:
        return replace(project, graph=chance.choice(CHANGES)(project.graph, chance))
    except StudioError:  # in words, to be shown
        return project


def check(project: Project) -> None:
    """What must hold of every drawing that edits can lead to."""
    graph = project.graph
    assert set(graph.positions) == set(graph.nodes)
    assert graph_from_json(graph_to_json(graph)) == graph
    assert set(examine(project).nodes) == set(graph.nodes)
    assert len(shown(graph).graph) <= len(graph)
    trained = effective(graph)
    assert len(trained.order()) == len(trained)


@pytest.mark.parametrize("handful", range(HANDFULS))
def test_edits_are_undone_and_redone_to_the_byte(qapp, handful: int) -> None:
    for number in range(SEQUENCES // HANDFULS):
        chance = random.Random(handful * SEQUENCES + number)
        document = Document()
        document.open_project(chain(images(), "flatten", "linear", "relu", "linear"), None)
        states = [told(document.project)]
        for _ in range(LENGTH):
            before = document.project
            document.apply(partial(changed, chance), "An edit")
            if document.project is not before:
                states.append(told(document.project))
        check(document.project)
        stack = document.undo_stack
        assert stack.count() == len(states) - 1
        for wanted in reversed(states[:-1]):
            stack.undo()
            assert told(document.project) == wanted
        for wanted in states[1:]:
            stack.redo()
            assert told(document.project) == wanted
        document.close()
