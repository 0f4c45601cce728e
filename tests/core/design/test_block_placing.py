"""Blocks come in whole: what they would give at a place, and where they lie once they are there."""

from dataclasses import replace

import pytest

from studio.core.catalogue.entry import Signal
from studio.core.design.block import DEEPEST_BLOCK, Exposed, Inlet
from studio.core.design.block_edits import grouped, joined, opened, with_block, with_state
from studio.core.design.block_files import block_alone
from studio.core.design.block_fitting import Spot, fit_at, fit_of_block, spot_before, spot_instead
from studio.core.design.block_placing import (
    fed_onward,
    gathered,
    nested,
    placed,
    replaced_by_block,
    taken_out,
)
from studio.core.design.block_wiring import inserted
from studio.core.design.blocks import contents, home_of
from studio.core.design.edits import add_node, connect
from studio.core.design.graph import Edge, Graph
from studio.core.design.ready_blocks import READY_BLOCKS, fragment
from studio.core.design.report import examine
from studio.core.design.shown import shown
from studio.core.design.writing_out import written_out
from studio.core.problems import StudioError
from tests.builders import chain, images

PICTURE = Signal((16, 8, 8))
RESIDUAL = READY_BLOCKS["residual"]


@pytest.fixture
def network():
    return chain(images(), ("conv2d", {"out_channels": 16}), "relu", "flatten", "linear")


def spot(*signals, leads_on=False):
    return Spot(signals, is_fed=True, leads_on=leads_on)


@pytest.mark.parametrize("key", READY_BLOCKS)
def test_a_ready_block_says_what_it_would_give(key):
    ready = READY_BLOCKS[key]
    signal = PICTURE if ready.takes == "image" else Signal((5, 32))
    fit, _signal = fit_at(lambda given: fragment(ready, given), spot(signal))
    assert fit.reason == ""
    assert len(fit.signal.shape) == len(signal.shape)


def test_what_goes_wrong_inside_a_block_is_its_reason():
    stage = fragment(READY_BLOCKS["unet_stage"], Signal((4, 7, 7)))
    assert fit_of_block(stage, spot(Signal((4, 8, 8)))).reason == ""
    reason = fit_of_block(stage, spot(Signal((4, 7, 7)))).reason
    assert reason.startswith("Inside it: Concatenate")


def test_repeats_count(network):
    graph, block = grouped(network.graph, ("conv2d_1", "relu_1"))
    own = block_alone(graph, block)
    assert fit_of_block(own, spot(Signal((1, 28, 28)))).signal.shape == (16, 26, 26)
    own = with_block(own, replace(own.blocks[block], repeats=3))
    assert fit_of_block(own, spot(Signal((1, 28, 28)))).signal.shape == (16, 22, 22)
    assert "Inside it" in fit_of_block(own, spot(Signal((1, 5, 5)))).reason


def test_a_block_that_gives_or_takes_nothing_says_so(network):
    graph, tail = grouped(network.graph, ("flatten_1", "linear_1", "output_1"))
    end = block_alone(graph, tail)
    assert fit_of_block(end, spot(PICTURE, leads_on=True)).reason == "Gives nothing to go on with."
    graph, head = grouped(network.graph, ("input_1", "conv2d_1"))
    start = block_alone(graph, head)
    assert fit_of_block(start, spot(PICTURE)).reason == "Takes no input."
    assert fit_of_block(start, Spot()).reason == ""


def test_a_block_before_an_input_is_drawn_for_what_could_come_in(network):
    signals = {i: one.signal for i, one in examine(network).nodes.items() if one.signal}
    fit, signal = fit_at(
        lambda given: fragment(RESIDUAL, given), spot_before(network.graph, "relu_1", 0, signals)
    )
    assert (fit.signal.shape, signal.shape) == ((16, 26, 26), (16, 26, 26))
    before_linear = spot_before(network.graph, "linear_1", 0, signals)
    assert fit_at(lambda given: fragment(RESIDUAL, given), before_linear)[0].reason


def test_a_block_takes_the_place_of_a_node_with_its_wires(network):
    signals = {i: one.signal for i, one in examine(network).nodes.items() if one.signal}
    assert spot_instead(network.graph, "relu_1", signals).leads_on
    graph, block = replaced_by_block(network.graph, "relu_1", fragment(RESIDUAL, PICTURE))
    held = contents(graph, block)
    assert "relu_1" not in graph.nodes or "relu_1" in held
    assert {e.target for e in graph.outgoing("conv2d_1")} <= set(held)
    assert graph.incoming("flatten_1")[0].source in held
    assert shown(graph).graph.positions[block] == network.graph.positions["relu_1"]
    assert shown(graph).wires


def test_in_a_block_it_lies_in_that_block(network):
    graph, around = grouped(network.graph, ("conv2d_1", "relu_1"))
    replaced, block = replaced_by_block(graph, "relu_1", fragment(RESIDUAL, PICTURE))
    assert replaced.blocks[block].parent == around
    loose, block = placed(graph, fragment(RESIDUAL, PICTURE))
    put = inserted(loose, Edge("conv2d_1", "relu_1"), block)
    assert put.blocks[block].parent == around
    closed = shown(opened(put, around, is_open=False)).graph
    assert len(closed.order()) == len(closed)  # closed, nothing leads out of it and back


def test_all_that_a_node_fed_is_fed_by_the_block(network):
    graph, side = add_node(network.graph, "dropout", (0.0, 300.0))
    graph = connect(graph, Edge("conv2d_1", side))
    graph, block = placed(graph, fragment(RESIDUAL, PICTURE))
    graph = fed_onward(inserted(graph, Edge("conv2d_1", "relu_1"), block), block, "conv2d_1")
    held = contents(graph, block)
    assert graph.incoming(side)[0].source in held
    assert graph.incoming("relu_1")[0].source in held


def test_nothing_lies_in_itself_or_too_deep():
    graph, node = add_node(Graph(), "relu", (0.0, 0.0))
    ids = []
    for _level in range(DEEPEST_BLOCK):
        graph, block = grouped(graph, (node,))
        ids.append(block)
    outer = next(b.id for b in graph.blocks.values() if not b.parent)
    inner = next(b.id for b in graph.blocks.values() if b.members)
    assert nested(graph, outer, inner) is graph
    graph, new = placed(graph, fragment(RESIDUAL))
    with pytest.raises(StudioError):
        nested(graph, new, inner)
    assert inserted(graph, Edge(node, node), new) is graph


@pytest.fixture
def deep(network):
    """A block in a block: the convolution and the ReLU in the inner one."""
    graph, inner = grouped(network.graph, ("conv2d_1", "relu_1"), "Inner")
    graph, outer = grouped(graph, ("conv2d_1", "relu_1", "flatten_1"), "Outer")
    return graph, inner, outer


def test_a_block_that_is_taken_out_goes_whole(deep):
    graph, inner, outer = deep
    after = taken_out(graph, ("conv2d_1", "relu_1"))
    assert after.blocks[inner].parent == ""
    assert after.blocks[inner].members == ("conv2d_1", "relu_1")
    assert contents(after, outer) == ("flatten_1",)
    assert taken_out(after, ("conv2d_1", "relu_1")) is after
    alone = taken_out(graph, ("relu_1",))
    assert alone.blocks[inner].members == ("conv2d_1",)
    assert "relu_1" in alone.blocks[outer].members


def test_what_leaves_a_block_is_told_of_by_it_no_more(deep):
    graph, inner, outer = deep
    exposed = (Exposed("conv2d_1", "out_channels"),)
    graph = with_block(graph, replace(graph.blocks[outer], exposed=exposed))
    graph = replace(
        graph,
        blocks={
            **graph.blocks,
            outer: replace(graph.blocks[outer], inlets=((Inlet("conv2d_1"), Inlet("flatten_1")),)),
        },
    )
    after = nested(graph, inner, "")
    assert after.blocks[outer].exposed == ()
    assert after.blocks[outer].inlets == ((Inlet("flatten_1"),),)
    after = joined(graph, "conv2d_1", "")
    assert after.blocks[outer].exposed == ()
    assert after.blocks[outer].inlets == ((Inlet("flatten_1"),),)


def test_what_is_added_lies_in_the_block_that_it_was_added_in(deep):
    graph, inner, outer = deep
    graph, one = add_node(graph, "dropout", (0.0, 0.0))
    graph, block = placed(graph, fragment(RESIDUAL))
    new = (one, *contents(graph, block))
    after = gathered(graph, new, inner)
    assert one in after.blocks[inner].members
    assert after.blocks[block].parent == inner
    assert gathered(graph, new, "") is graph
    assert home_of(after, new) == inner
    assert home_of(graph, ("conv2d_1", "relu_1")) == outer


def test_more_repeats_than_anybody_looks_at_are_not_drawn(network):
    graph, block = grouped(network.graph, ("relu_1",))
    graph = with_block(graph, replace(graph.blocks[block], repeats=1000))
    assert len(written_out(graph, block)[0]) == len(graph) + 999
    graph, block = grouped(network.graph, ("conv2d_1", "relu_1"))
    graph = with_block(graph, replace(graph.blocks[block], repeats=501))
    with pytest.raises(StudioError, match="1002 layers"):
        written_out(graph, block)


@pytest.mark.parametrize(
    ("state", "gives"), [("on", (16, 26, 26)), ("bypassed", (1, 28, 28)), ("muted", None)]
)
def test_a_block_of_which_all_is_left_out_passes_on_or_gives_nothing(network, state, gives):
    graph, block = grouped(network.graph, ("conv2d_1", "relu_1"))
    own = with_state(block_alone(graph, block), ("conv2d_1", "relu_1"), state)
    fit = fit_of_block(own, spot(Signal((1, 28, 28))))
    assert fit.reason == ""
    assert (fit.signal.shape if fit.signal else None) == gives
