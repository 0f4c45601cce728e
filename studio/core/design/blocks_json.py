"""Blocks and remarks as plain JSON values, read strictly: nothing points to what is not there."""

import math
from collections.abc import Collection, Mapping
from dataclasses import fields, replace

from studio.core.catalogue import LAYERS
from studio.core.design.block import (
    DEEPEST_BLOCK,
    MOST_BLOCKS,
    MOST_REMARKS,
    MOST_REPEATS,
    Block,
    Remark,
)
from studio.core.design.block_edits import clean_name, pruned
from studio.core.design.graph import Graph
from studio.core.design.remarks import LONGEST_REMARK, sound_area
from studio.core.plain import from_plain, list_of, to_plain
from studio.core.problems import StudioError, refuse
from studio.core.words import tr


def blocks_to_json(blocks: Mapping[str, Block]) -> list[dict[str, object]]:
    """Each block with what differs from a block of which nothing was set."""
    plain = Block("", "")
    return [
        {
            field.name: to_plain(getattr(block, field.name))
            for field in fields(block)
            if field.name in ("id", "name", "members")
            or getattr(block, field.name) != getattr(plain, field.name)
        }
        for block in blocks.values()
    ]


def remarks_to_json(remarks: Mapping[str, Remark]) -> list[object]:
    """Each remark whole."""
    return [to_plain(remark) for remark in remarks.values()]


def with_blocks_from(graph: Graph, data: object) -> Graph:
    """The graph with its blocks, or StudioError where they do not fit it."""
    parts = list_of(data, tr("The list of blocks"))
    if len(parts) > MOST_BLOCKS:
        raise _wrong(tr("There are more than {most} blocks.", most=MOST_BLOCKS))
    found: dict[str, Block] = {}
    home: dict[str, str] = {}
    for number, part in enumerate(parts, 1):
        block = from_plain(Block, part, tr("Block {number}", number=number))
        _check_id(block.id, graph.nodes)
        _check_id(block.id, found)
        for member in block.members:
            if member not in graph.nodes or member in home:
                raise _wrong(
                    tr(
                        "{name} holds a node that is not there or is in two blocks.",
                        name=block.name[:60],
                    )
                )
            home[member] = block.id
        name = clean_name(block.name) or tr("Block {number}", number=number)
        found[block.id] = replace(block, name=name)
    graph = replace(graph, blocks=found)
    for block in found.values():
        _check_parents(found, block)
        _check_details(graph, block)
    # Repeats that are too many together were drawn so: that is a Problem of the network.
    return replace(graph, blocks=pruned(found, graph.nodes))


def remarks_from_json(data: object) -> dict[str, Remark]:
    """The remarks by id, or StudioError."""
    parts = list_of(data, tr("The list of remarks"))
    if len(parts) > MOST_REMARKS:
        raise _wrong(tr("There are more than {most} frames and notes.", most=MOST_REMARKS))
    found: dict[str, Remark] = {}
    for number, part in enumerate(parts, 1):
        remark = from_plain(Remark, part, tr("Remark {number}", number=number))
        _check_id(remark.id, found)
        if not all(math.isfinite(side) for side in remark.area):
            raise _wrong(tr("A frame or note lies nowhere."))
        found[remark.id] = replace(
            remark, text=remark.text[:LONGEST_REMARK], area=sound_area(remark.area)
        )
    return found


def _check_id(given: str, taken: Collection[str]) -> None:
    if not given.isidentifier() or len(given) > 100 or given in taken:
        raise _wrong(tr("The id {id} is not a plain name, or it is there twice.", id=given[:60]))


def _check_parents(blocks: Mapping[str, Block], block: Block) -> None:
    """Each lies in a block that is there, not too deep, and in no circle."""
    parent, depth = block.parent, 1
    while parent:
        depth += 1
        if parent == block.id:
            raise _wrong(tr("{name} lies in itself.", name=block.name[:60]))
        if parent not in blocks:
            raise _wrong(tr("{name} lies in a block that is not there.", name=block.name[:60]))
        if depth > DEEPEST_BLOCK:
            words = tr("Blocks can lie {most} deep in one another at most.", most=DEEPEST_BLOCK)
            raise _wrong(words)
        parent = blocks[parent].parent


def _check_details(graph: Graph, block: Block) -> None:
    if not 1 <= block.repeats <= MOST_REPEATS:
        raise _wrong(
            tr(
                "{name} is repeated {count} times; 1 to {most} times are possible.",
                name=block.name[:60],
                count=block.repeats,
                most=MOST_REPEATS,
            )
        )
    ports = [(one.node, one.port) for group in block.inlets for one in group]
    known = {i: LAYERS[graph.nodes[i].layer] for i in graph.nodes}
    has_loose_inlet = any(i not in known or not 0 <= p < known[i].arity[1] for i, p in ports)
    has_loose_param = any(
        one.node not in known or one.key not in {p.key for p in known[one.node].params}
        for one in block.exposed
    )
    if has_loose_inlet or has_loose_param:
        raise _wrong(
            tr("{name} shows something of a node that has no such thing.", name=block.name[:60])
        )


def _wrong(message: str) -> StudioError:
    return refuse(message, tr("Restore the file from a copy."), code="wrong-block")
