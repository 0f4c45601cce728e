"""Blocks: what may become one, what is in it, and what edits and files make of it."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core.design import block_edits, edits
from studio.core.design.block import Block, Exposed, Inlet
from studio.core.design.block_edits import (
    grouped,
    joined,
    opened,
    ungrouped,
    with_block,
    with_state,
)
from studio.core.design.blocks import block_of_all, contents, exits_of, inlets_of
from studio.core.design.clipboard import copied, pasted
from studio.core.design.drawing import Drawing
from studio.core.design.effective import effective, unrolled
from studio.core.design.graph import Edge, Graph, difference
from studio.core.design.graph_json import graph_from_json, graph_to_json
from studio.core.design.remarks import add_remark
from studio.core.design.shown import shown
from studio.core.design.writing_out import written_out
from studio.core.problems import StudioError


def residual() -> Graph:
    """Input, two layers with a way past them, an Output."""
    drawing = Drawing()
    start = drawing.input()
    first = drawing.add("linear", start, out_features=4)
    second = drawing.add("relu", first)
    joined_up = drawing.add("add", start, second)
    drawing.output(joined_up)
    return drawing.graph()


INSIDE = ("linear_1", "relu_1", "add_1")


def test_a_selection_becomes_a_block_and_is_taken_apart_again() -> None:
    graph, block = grouped(residual(), INSIDE, "  Residual \n step ")
    assert graph.blocks[block].name == "Residual step"
    assert contents(graph, block) == INSIDE
    assert exits_of(graph, INSIDE) == ("add_1",)
    assert inlets_of(graph, block) == ((Inlet("linear_1"), Inlet("add_1")),)
    assert ungrouped(graph, block) == residual()


def test_what_would_give_two_things_is_refused() -> None:
    with pytest.raises(StudioError, match="Input and Linear 1 both feed"):
        grouped(residual(), ("input_1", "linear_1"))


def test_a_way_out_and_back_in_is_refused() -> None:
    graph = edits.remove(residual(), ("output_1",))
    with pytest.raises(StudioError, match="ReLU 1 stands outside"):
        grouped(graph, ("linear_1", "add_1"))


def test_nothing_is_no_block() -> None:
    with pytest.raises(StudioError, match="nothing to make a block of"):
        grouped(residual(), ())


def test_blocks_lie_in_one_another_whole() -> None:
    graph, inner = grouped(residual(), ("linear_1", "relu_1"))
    with pytest.raises(StudioError, match="Only a part of Block 1"):
        grouped(graph, ("relu_1", "add_1"))
    graph, outer = grouped(graph, INSIDE)
    assert graph.blocks[inner].parent == outer
    assert graph.blocks[outer].members == ("add_1",)
    assert contents(graph, outer) == INSIDE
    apart = ungrouped(graph, outer)
    assert apart.blocks[inner].parent == ""


def test_a_block_within_a_block_is_made_where_its_layers_are() -> None:
    graph, outer = grouped(residual(), INSIDE)
    graph, inner = grouped(graph, ("linear_1", "relu_1"))
    assert graph.blocks[inner].parent == outer
    assert graph.blocks[outer].members == ("add_1",)
    assert contents(graph, outer) == INSIDE
    assert ungrouped(graph, inner).blocks[outer].members == INSIDE


def test_the_block_of_a_selection_is_the_one_that_holds_just_this() -> None:
    graph, block = grouped(residual(), INSIDE)
    assert block_of_all(graph, set(INSIDE)) == block
    assert block_of_all(graph, {"linear_1", "relu_1"}) == ""
    assert block_of_all(graph, {*INSIDE, "input_1"}) == ""


def test_a_block_goes_with_its_last_layer_and_its_params_with_theirs() -> None:
    graph, block = grouped(residual(), ("linear_1", "relu_1"))
    shown = (Exposed("linear_1", "out_features", "Width"), Exposed("input_1", "columns"))
    graph = with_block(graph, replace(graph.blocks[block], exposed=shown))
    assert graph.blocks[block].exposed == shown[:1]
    graph = edits.remove(graph, ("linear_1",))
    assert graph.blocks[block].members == ("relu_1",)
    assert graph.blocks[block].exposed == ()
    assert edits.remove(graph, ("relu_1",)).blocks == {}


def test_only_what_has_one_way_in_and_out_is_repeated() -> None:
    graph, block = grouped(residual(), INSIDE)
    repeated = with_block(graph, replace(graph.blocks[block], repeats=4))
    assert repeated.blocks[block].repeats == 4
    graph, block = grouped(residual(), ("linear_1", "relu_1", "add_1", "output_1"))
    with pytest.raises(StudioError, match="Output, an end of the network"):
        with_block(graph, replace(graph.blocks[block], repeats=2))
    graph, block = grouped(residual(), ("relu_1", "add_1"))
    with pytest.raises(StudioError, match="into Block 1 come 2, and out of it comes 1"):
        with_block(graph, replace(graph.blocks[block], repeats=2))


def test_repeats_that_would_make_too_many_layers_are_refused() -> None:
    graph, inner = grouped(residual(), INSIDE)
    graph = with_block(graph, replace(graph.blocks[inner], repeats=1000))
    graph, outer = grouped(graph, INSIDE)
    with pytest.raises(StudioError, match="would have 30002 layers"):
        with_block(graph, replace(graph.blocks[outer], repeats=10))


def test_repeats_that_became_too_many_by_what_was_added_are_a_problem_not_a_lost_file() -> None:
    graph, inner = grouped(residual(), ("relu_1",))
    graph = with_block(graph, replace(graph.blocks[inner], repeats=1000))
    graph, outer = grouped(graph, INSIDE)
    graph = with_block(graph, replace(graph.blocks[outer], repeats=15))
    for _layer in range(20):
        graph = edits.insert_layer(graph, graph.incoming("relu_1")[0], "dropout")
        graph = joined(graph, list(graph.nodes)[-1], inner)
    assert graph_from_json(json.loads(json.dumps(graph_to_json(graph)))) == graph
    assert unrolled(graph).hindered


def test_what_cannot_be_read_again_is_not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(block_edits, "MOST_BLOCKS", 1)
    monkeypatch.setattr(block_edits, "MOST_REMARKS", 1)
    graph, _block = grouped(residual(), INSIDE)
    with pytest.raises(StudioError, match="more than 1 blocks"):
        grouped(graph, ("linear_1",))
    with pytest.raises(StudioError, match="more than 1 blocks"):
        pasted(graph, copied(graph, INSIDE), None)
    graph, note = add_remark(residual(), "note", (0.0, 0.0, 100.0, 100.0))
    with pytest.raises(StudioError, match="more than 1 frames and notes"):
        pasted(graph, copied(graph, (), (note,)), None)


def test_repeats_inside_a_block_are_drawn_inside_it() -> None:
    graph, inner = grouped(residual(), ("relu_1",))
    graph, outer = grouped(graph, INSIDE)
    graph = with_block(graph, replace(graph.blocks[inner], repeats=3))
    after, made = written_out(graph, inner)
    assert {after.blocks[i].parent for i in made} == {outer}
    closed = shown(opened(after, outer, is_open=False)).graph
    assert len(closed.order()) == len(closed) == len(residual()) - len(INSIDE) + 1
    assert len(effective(after)) == len(effective(graph))


def test_what_is_put_into_a_wire_inside_a_block_is_in_the_block() -> None:
    graph, block = grouped(residual(), INSIDE)
    graph = edits.insert_layer(graph, Edge("linear_1", "relu_1"), "dropout")
    assert "dropout_1" in contents(graph, block)
    graph = edits.insert_layer(graph, Edge("input_1", "linear_1"), "dropout")
    assert "dropout_2" not in contents(graph, block)
    assert contents(joined(graph, "dropout_2", block), block)[-1] == "dropout_2"
    assert "dropout_1" not in contents(joined(graph, "dropout_1", ""), block)


def test_ends_are_muted_but_never_bypassed() -> None:
    graph = with_state(residual(), ("input_1", "relu_1"), "bypassed")
    assert [node.state for node in graph] == ["on", "on", "bypassed", "on", "on"]
    assert with_state(graph, ("input_1",), "muted").nodes["input_1"].state == "muted"
    assert with_state(graph, ("relu_1",), "on") == residual()


def test_a_copied_block_comes_back_with_all_that_was_set() -> None:
    graph, block = grouped(residual(), INSIDE, "Step")
    exposed = (Exposed("linear_1", "out_features", "Width"),)
    graph = with_block(
        graph, replace(graph.blocks[block], repeats=3, is_open=False, exposed=exposed)
    )
    graph = with_state(graph, ("relu_1",), "bypassed")
    again, new = pasted(graph, copied(graph, INSIDE), None)
    copy = again.blocks["block_2"]
    assert (copy.name, copy.repeats, copy.is_open) == ("Step", 3, False)
    assert copy.members == new
    assert copy.exposed == (Exposed("linear_2", "out_features", "Width"),)
    assert again.nodes["relu_2"].state == "bypassed"
    assert inlets_of(again, "block_2") == ((Inlet("linear_2"), Inlet("add_2", 1)),)


def test_part_of_a_block_is_copied_without_it() -> None:
    graph, _block = grouped(residual(), INSIDE)
    assert "blocks" not in copied(graph, ("linear_1",))


def test_a_graph_with_blocks_comes_back_from_a_file() -> None:
    graph, block = grouped(residual(), INSIDE, "Step")
    graph, _outer = grouped(graph, (*INSIDE, "output_1"))
    graph = with_state(opened(graph, block, is_open=False), ("relu_1",), "muted")
    graph, _frame = add_remark(graph, "frame", (0, 0, 400, 300), "Head", "series.2")
    assert graph_from_json(graph_to_json(graph)) == graph


def test_a_graph_without_blocks_is_written_as_ever() -> None:
    assert set(graph_to_json(residual())) == {"nodes", "edges", "positions"}
    assert "state" not in graph_to_json(residual())["nodes"][0]  # type: ignore[index]


@pytest.mark.parametrize(
    "block",
    [
        {"id": "b", "name": "B", "members": ["nowhere"]},
        {"id": "relu_1", "name": "B", "members": ["relu_1"]},
        {"id": "b", "name": "B", "members": ["relu_1"], "parent": "c"},
        {"id": "b", "name": "B", "members": ["relu_1"], "parent": "b"},
        {"id": "b", "name": "B", "members": ["relu_1", "relu_1"]},
        {"id": "b", "name": "B", "members": ["relu_1"], "repeats": 0},
        {"id": "b", "name": "B", "members": ["relu_1"], "repeats": 10**9},
        {"id": "b", "name": "B", "members": ["relu_1"], "color": "red"},
        {"id": "b", "name": "B", "members": ["relu_1"], "inlets": [[{"node": "x", "port": 0}]]},
        {
            "id": "b",
            "name": "B",
            "members": ["relu_1"],
            "exposed": [{"node": "relu_1", "key": "x"}],
        },
        {"id": "b c", "name": "B", "members": ["relu_1"]},
        {"id": "b", "name": 7, "members": ["relu_1"]},
        {"id": "b", "name": "B", "members": ["relu_1"], "more": 1},
        "block",
    ],
)
def test_blocks_that_do_not_fit_are_refused(block: object) -> None:
    with pytest.raises(StudioError):
        graph_from_json({**graph_to_json(residual()), "blocks": [block]})


def test_blocks_in_each_other_are_refused() -> None:
    first = {"id": "b", "name": "B", "members": ["relu_1"], "parent": "c"}
    second = {"id": "c", "name": "C", "members": ["linear_1"], "parent": "b"}
    with pytest.raises(StudioError, match="lies in itself"):
        graph_from_json({**graph_to_json(residual()), "blocks": [first, second]})


def test_the_difference_tells_of_blocks() -> None:
    before, block = grouped(residual(), INSIDE)
    after = opened(before, block, is_open=False)
    assert difference(residual(), before).added_blocks == (block,)
    assert difference(before, after).redrawn_blocks == (block,)
    assert difference(before, residual()).removed_blocks == (block,)
    assert before.blocks[block] == Block(block, "Block 1", INSIDE)


def _sound() -> dict[str, object]:
    """A graph with nested blocks, a frame and a muted layer, as plain values."""
    graph, inner = grouped(residual(), ("linear_1", "relu_1"), "Inner")
    graph, _outer = grouped(graph, INSIDE, "Outer")
    exposed = (Exposed("linear_1", "out_features", "Width"),)
    graph = with_block(graph, replace(graph.blocks[inner], repeats=2, exposed=exposed))
    graph, _frame = add_remark(with_state(graph, ("relu_1",), "muted"), "frame", (0, 0, 400, 300))
    return json.loads(json.dumps(graph_to_json(graph)))  # type: ignore[no-any-return]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda part: (
        st.lists(part, max_size=3) | st.dictionaries(st.text(max_size=5), part, max_size=3)
    ),
    max_leaves=5,
)


@given(st.sampled_from(("blocks", "remarks", "nodes")), st.integers(0, 9), st.data())
def test_any_part_of_a_block_replaced_by_anything_is_read_or_refused(
    key: str, place: int, data: st.DataObject
) -> None:
    plain = _sound()
    parts = plain[key]
    assert isinstance(parts, list)
    part = parts[place % len(parts)]
    part[data.draw(st.sampled_from([*part, "more"]))] = data.draw(ANYTHING)
    try:
        graph = graph_from_json(plain)
    except StudioError as refusal:
        assert refusal.problem.message  # noqa: PT017 - either outcome is right
        return
    assert graph_from_json(json.loads(json.dumps(graph_to_json(graph)))) == graph
    assert len(effective(graph).order()) == len(effective(graph))
