"""A block in a file of its own (.studioblock), read as strictly as a project."""

from dataclasses import replace
from pathlib import Path

from studio.core.design.blocks import contents
from studio.core.design.clipboard import part_of
from studio.core.design.graph import Graph
from studio.core.design.graph_json import (
    NEEDED_KEYS,
    OPTIONAL_KEYS,
    graph_from_json,
    graph_to_json,
)
from studio.core.design.storage import write_atomically
from studio.core.plain import dump, object_of, parse
from studio.core.problems import Place, Problem, StudioError, refuse
from studio.core.words import tr

FORMAT = "studio-block"
VERSION = 1
SUFFIX = ".studioblock"
LARGEST = 8 << 20  # bytes


def block_alone(graph: Graph, block_id: str) -> Graph:
    """A block with all that is in it, closed, in a graph of its own."""
    part = part_of(graph, contents(graph, block_id))
    block = replace(part.blocks[block_id], is_open=False)
    return replace(part, blocks={**part.blocks, block_id: block})


def write_block(part: Graph, path: Path) -> None:
    """Writes a block whole or not at all; StudioError where that cannot be done."""
    write_atomically(path, dump({"format": FORMAT, "version": VERSION, **graph_to_json(part)}))


def read_block(path: Path) -> Graph:
    """The block in a file; StudioError, with the file as its place, for anything wrong."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as reason:
        raise refuse(
            tr(
                "The block {name} cannot be opened: {reason}.",
                name=path.name,
                reason=reason.strerror or reason,
            ),
            tr("Check that it is there and that you may read it."),
            place=Place("file", str(path)),
            code="cannot-read",
        ) from None
    try:
        return block_from(data, path.name)
    except StudioError as error:
        raise StudioError(replace(error.problem, place=Place("file", str(path)))) from None


def block_from(data: bytes, name: str) -> Graph:
    """The block in the bytes of a file; StudioError where they are anything else."""
    where = tr("The block {name}", name=name)
    if len(data) > LARGEST:
        raise refuse(
            tr("{where} is larger than {most} MB.", where=where, most=LARGEST >> 20),
            tr("A block of layers is a small file; choose another."),
            code="too-large",
        )
    parts = parse(data, where)
    if not isinstance(parts, dict) or parts.get("format") != FORMAT:
        raise refuse(
            tr("{where} is not a block of Studio.", where=where),
            tr("Choose a file that ends in {suffix}.", suffix=SUFFIX),
            code="not-a-block",
        )
    version = parts.get("version")
    if version != VERSION or isinstance(version, bool):
        raise refuse(
            tr("{where} was written by another version of Studio.", where=where),
            tr("Open it with that version."),
            code="newer-version",
        )
    object_of(parts, where, NEEDED_KEYS | {"format", "version"}, OPTIONAL_KEYS)
    keys = (NEEDED_KEYS | OPTIONAL_KEYS) & parts.keys()
    try:
        graph = graph_from_json({key: parts[key] for key in keys})
    except StudioError as error:
        raise StudioError(_of_file(error.problem, where)) from None
    require_one_block(graph, where)
    return graph


def _of_file(problem: Problem, where: str) -> Problem:
    """What is wrong in a file says which file that is."""
    message = tr("{where} cannot be used: {message}", where=where, message=problem.message)
    return replace(problem, message=message)


def name_of(part: Graph) -> str:
    """The name of the block that a graph is."""
    return next(block.name for block in part.blocks.values() if not block.parent)


def require_one_block(graph: Graph, where: str) -> None:
    """StudioError where a graph is not one block and nothing else."""
    outer = [block.id for block in graph.blocks.values() if not block.parent]
    if len(outer) != 1 or len(contents(graph, outer[0])) != len(graph) or graph.remarks:
        raise refuse(
            tr("{where} does not hold one block.", where=where),
            tr("Save the block once more, as a file or to the palette."),
            code="not-a-block",
        )
