"""Blocks that are ready: each fits behind an Input of its kind, has no Problem, and can learn."""

from dataclasses import replace

import pytest

from studio.core.catalogue.entry import Signal
from studio.core.design import edits
from studio.core.design.block_edits import opened, with_block
from studio.core.design.block_files import block_alone, block_from, read_block, write_block
from studio.core.design.block_wiring import fed
from studio.core.design.blocks import contents, exits_of, inlets_of
from studio.core.design.clipboard import added
from studio.core.design.graph import Edge, Graph
from studio.core.design.graph_json import graph_from_json, graph_to_json
from studio.core.design.project import Project
from studio.core.design.ready_blocks import READY_BLOCKS, USUAL_WIDTH, ReadyBlock, fragment
from studio.core.design.report import examine
from studio.core.plain import dump
from studio.core.problems import StudioError
from tests.builders import chain, images

EACH = pytest.mark.parametrize("ready", READY_BLOCKS.values(), ids=lambda ready: ready.key)
REPEATABLE = ("residual", "bottleneck", "squeeze_and_excite", "inverted_residual")


def placed(ready: ReadyBlock, side: int = 8) -> tuple[Project, str]:
    """A block between an Input and an Output of three classes, and its id."""
    dataset = images(4, side, side, 3)
    graph, source = chain(dataset).graph, "input_1"
    graph = edits.disconnect(graph, Edge("input_1", "output_1"))
    if ready.takes == "sequence":
        graph, shaped = edits.add_node(graph, "reshape", (0, 0), {"shape": (side, 4 * side)})
        graph, source = edits.connect(graph, Edge(source, shaped)), shaped
    signal = examine(Project(dataset, graph)).nodes[source].signal
    graph, new = added(graph, fragment(ready, signal), (400, 0))
    block = next(b.id for b in graph.blocks.values() if not b.parent)
    (end,) = exits_of(graph, contents(graph, block))
    graph = fed(graph, block, source)
    for layer, params in (("flatten", {}), ("linear", {"out_features": 3})):
        graph, following = edits.add_node(graph, layer, (0, 0), params)  # type: ignore[arg-type]
        graph, end = edits.connect(graph, Edge(end, following)), following
    assert new
    return Project(dataset, edits.connect(graph, Edge(end, "output_1"))), block


@EACH
def test_each_has_no_problem_behind_a_fitting_input(ready: ReadyBlock) -> None:
    project, block = placed(ready)
    report = examine(project)
    assert report.can_train, report.problems
    assert len(inlets_of(project.graph, block)) == 1
    assert project.graph.blocks[block].name == ready.title


@EACH
def test_each_is_one_thing_in_and_one_out(ready: ReadyBlock) -> None:
    part = fragment(ready)
    (block,) = [b for b in part.blocks.values() if not b.parent]
    assert len(inlets_of(part, block.id)) == 1
    assert len(exits_of(part, contents(part, block.id))) == 1
    assert graph_from_json(graph_to_json(part)) == part
    assert not block.is_open


@pytest.mark.parametrize("key", REPEATABLE)
def test_those_that_keep_the_size_are_repeated(key: str) -> None:
    project, block = placed(READY_BLOCKS[key])
    once = examine(project)
    graph = with_block(project.graph, replace(project.graph.blocks[block], repeats=3))
    report = examine(replace(project, graph=graph))
    assert report.can_train
    inside = contents(graph, block)
    before = sum(once.nodes[i].weights for i in inside)
    assert sum(report.nodes[i].weights for i in inside) == 3 * before > 0


def test_what_is_not_known_is_drawn_at_a_usual_width() -> None:
    part = fragment(READY_BLOCKS["residual"])
    assert part.nodes["conv2d_1"].params["out_channels"] == USUAL_WIDTH
    part = fragment(READY_BLOCKS["residual"], Signal((24, 9, 9)))
    assert part.nodes["conv2d_1"].params["out_channels"] == 24
    part = fragment(READY_BLOCKS["residual"], Signal((5,)))
    assert part.nodes["conv2d_1"].params["out_channels"] == USUAL_WIDTH


@EACH
@pytest.mark.parametrize("shape", [(7 * 10**6, 8, 8), (16, 7 * 10**6), (16, 64 * 4099)])
def test_what_is_wider_than_a_layer_can_be_gets_a_block_all_the_same(
    ready: ReadyBlock, shape: tuple[int, ...]
) -> None:
    part = fragment(ready, Signal(shape))
    assert graph_from_json(graph_to_json(part)) == part


def test_the_widths_stand_on_the_block_itself() -> None:
    part = fragment(READY_BLOCKS["bottleneck"])
    (block,) = part.blocks.values()
    assert [one.key for one in block.exposed] == ["out_channels"] * 3


def saved(graph: Graph) -> bytes:
    return dump({"format": "studio-block", "version": 1, **graph_to_json(graph)})


def test_a_block_comes_back_from_its_file(tmp_path) -> None:
    project, block = placed(READY_BLOCKS["unet_stage"])
    part = block_alone(opened(project.graph, block, is_open=True), block)
    write_block(part, tmp_path / "mine.studioblock")
    again = read_block(tmp_path / "mine.studioblock")
    assert again.blocks == part.blocks
    assert again.edges == part.edges
    assert len(inlets_of(again, block)) == 1
    graph, new = added(project.graph, again, (0, 900))
    assert len(new) == len(part)
    assert len(graph.blocks) == 2 * len(part.blocks)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "cannot be read"),
        (b"\x00\xff" * 99, "cannot be read"),
        (b"[1, 2]", "is not a block"),
        (b'{"format": "studio-project", "version": 1}', "is not a block"),
        (b'{"format": "studio-block", "version": 2}', "another version"),
        (b'{"format": "studio-block", "version": true}', "another version"),
        (b'{"format": "studio-block", "version": 1}', "lacks the key"),
        (b"[" * 100_000, "cannot be read"),
        (b" " * (9 << 20), "larger than"),
        (saved(Graph()), "does not hold one block"),
        (saved(chain(images(), "relu").graph), "does not hold one block"),
    ],
)
def test_files_that_are_no_blocks_are_refused(data: bytes, words: str) -> None:
    with pytest.raises(StudioError, match=words):
        block_from(data, "a.studioblock")


def test_a_file_that_is_not_there_is_told_with_its_place(tmp_path) -> None:
    with pytest.raises(StudioError, match="cannot be opened") as told:
        read_block(tmp_path / "nothing.studioblock")
    assert told.value.problem.place.kind == "file"
