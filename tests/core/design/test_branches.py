"""A network as a tree: blocks before what is in them, chains in one piece."""

from studio.core.design import edits
from studio.core.design.block_edits import grouped
from studio.core.design.branches import Branch, branches
from tests.builders import chain, table


def test_blocks_stand_before_their_layers_and_in_one_another() -> None:
    graph = chain(table(), "linear", "relu", "linear").graph
    graph, inner = grouped(graph, ("linear_1", "relu_1"))
    graph, outer = grouped(graph, ("linear_1", "relu_1", "linear_2"))
    assert branches(graph) == (
        Branch("input_1", ""),
        Branch(outer, "", is_block=True),
        Branch(inner, outer, is_block=True),
        Branch("linear_1", inner),
        Branch("relu_1", inner),
        Branch("linear_2", outer),
        Branch("output_1", ""),
    )


def test_what_a_gap_parts_is_not_told_in_turns() -> None:
    graph = chain(table(), "linear", "relu", "linear", "relu").graph
    graph = edits.remove(graph, ("relu_1",))
    assert [one.key for one in branches(graph)] == [
        "input_1",
        "linear_1",
        "linear_2",
        "relu_2",
        "output_1",
    ]
