"""Every edit of blocks and of what is bypassed or muted, as a pure function of Graphs."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from studio.core.catalogue import LAYERS
from studio.core.design.block import (
    DEEPEST_BLOCK,
    MOST_BLOCKS,
    MOST_NODES,
    MOST_REMARKS,
    MOST_REPEATS,
    Block,
    Exposed,
)
from studio.core.design.blocks import (
    contents,
    depth_of,
    exits_of,
    homes,
    inlets_of,
    inside,
    leaving,
    path_to,
    shared_block,
)
from studio.core.design.graph import Graph, State
from studio.core.problems import Place, StudioError, refuse
from studio.core.words import tr

LONGEST_NAME = 200


def grouped(graph: Graph, members: Iterable[str], name: str = "") -> tuple[Graph, str]:
    """Makes one open block of nodes, and gives its id; blocks among them go inside it whole.

    StudioError where more than one thing would come out of it, where a way out of it leads
    back into it, or where only part of a block is taken.
    """
    chosen = frozenset(members) & frozenset(graph.nodes)
    if not chosen:
        raise _cannot(tr("There is nothing to make a block of."), tr("Select layers first."))
    around = shared_block(graph, chosen)
    taken = _blocks_taken(graph, chosen, around)
    _require_one_way_out(graph, chosen)
    _require_no_way_back(graph, chosen)
    if len(graph.blocks) >= MOST_BLOCKS:
        raise _cannot(
            tr("There would be more than {most} blocks.", most=MOST_BLOCKS),
            tr("Ungroup some first."),
        )
    if len(path_to(graph.blocks, around)) + _depth(graph, taken) >= DEEPEST_BLOCK:
        raise _cannot(
            tr("Blocks can lie {most} deep in one another at most.", most=DEEPEST_BLOCK),
            tr("Ungroup one of those around it first."),
        )
    held = {i for block_id in taken for i in contents(graph, block_id)}
    block_id, number = _free_id(graph)
    made = Block(
        block_id,
        clean_name(name) or tr("Block {number}", number=number),
        tuple(i for i in graph.nodes if i in chosen - held),
        around,
    )
    blocks = {i: _without_members(block, chosen - held) for i, block in graph.blocks.items()}
    for inner in taken:
        blocks[inner] = replace(blocks[inner], parent=block_id)
    return replace(graph, blocks={**blocks, block_id: made}), block_id


def ungrouped(graph: Graph, block_id: str) -> Graph:
    """Takes a block away and leaves what is in it, in the block around it where there is one."""
    gone = graph.blocks[block_id]
    blocks: dict[str, Block] = {}
    for block in graph.blocks.values():
        if block.id == gone.parent:
            block = replace(block, members=_in_order(graph, (*block.members, *gone.members)))
        if block.parent == block_id:
            block = replace(block, parent=gone.parent)
        if block.id != block_id:
            blocks[block.id] = block
    return replace(graph, blocks=blocks)


def with_block(graph: Graph, block: Block) -> Graph:
    """Changes what a person sets of a block: name, open or not, repeats, exposed params, colour.

    Its members and where it lies stay. StudioError where it cannot be repeated so.
    """
    before = graph.blocks[block.id]
    repeats = min(max(1, block.repeats), MOST_REPEATS)
    if repeats > max(1, before.repeats):
        require_repeatable(graph, block.id)
    after = replace(
        block,
        name=clean_name(block.name) or before.name,
        members=before.members,
        parent=before.parent,
        repeats=repeats,
        exposed=_still_there(graph, block),
    )
    if after == before:
        return graph
    changed = replace(graph, blocks={**graph.blocks, block.id: after})
    count = unrolled_count(changed)
    if repeats > before.repeats and count > MOST_NODES:
        raise _cannot(
            tr(
                "Repeated {repeats} times the network would have {count} layers; at most "
                "{most} are drawn.",
                repeats=repeats,
                count=count,
                most=MOST_NODES,
            ),
            tr("Repeat it fewer times."),
        )
    return changed


def opened(graph: Graph, block_id: str, *, is_open: bool) -> Graph:
    """Opens a block to a frame around its layers, or closes it to one card."""
    return with_block(graph, replace(graph.blocks[block_id], is_open=is_open))


def with_state(graph: Graph, nodes: Iterable[str], state: State) -> Graph:
    """Bypasses or mutes nodes, or takes them in again; ends of the network are never bypassed."""
    changed = {
        i: replace(graph.nodes[i], state=state)
        for i in nodes
        if i in graph.nodes and graph.nodes[i].state != state and _may_be(graph, i, state)
    }
    return replace(graph, nodes={**graph.nodes, **changed}) if changed else graph


def joined(graph: Graph, node_id: str, block_id: str) -> Graph:
    """Puts a node into a block, out of the one that it was in; with "" into none."""
    if homes(graph).get(node_id, "") == block_id:
        return graph
    blocks = {i: _without_members(block, {node_id}) for i, block in graph.blocks.items()}
    if block_id:
        block = blocks[block_id]
        members = _in_order(graph, (*block.members, node_id))
        blocks[block_id] = replace(block, members=members)
    return of_their_own(replace(graph, blocks=pruned(blocks, graph.nodes)))


def of_their_own(graph: Graph) -> Graph:
    """Blocks that tell of what is in them alone: something may have left them."""
    blocks = {
        i: _telling_of(block, frozenset(contents(graph, i))) for i, block in graph.blocks.items()
    }
    return replace(graph, blocks=blocks) if blocks != graph.blocks else graph


def pruned(blocks: Mapping[str, Block], nodes: Collection[str]) -> Mapping[str, Block]:
    """The blocks where only these nodes are left; one that holds nothing any more is gone."""
    if all(i in nodes for block in blocks.values() for i in block.members) and not any(
        _is_empty(blocks, block_id) for block_id in blocks
    ):
        return blocks
    kept = {i: _limited(block, nodes) for i, block in blocks.items()}
    return {i: block for i, block in kept.items() if not _is_empty(kept, i)}


def without(graph: Graph, gone: Collection[str]) -> Mapping[str, Block]:
    """The blocks once these nodes are gone."""
    return pruned(graph.blocks, graph.nodes.keys() - gone) if graph.blocks else graph.blocks


def require_repeatable(graph: Graph, block_id: str) -> None:
    """StudioError where a block cannot stand behind itself: not one way in, not one way out."""
    problem = why_not_repeat(graph, block_id)
    if problem:
        raise _cannot(problem, tr("Take those layers out of the block that belong outside."))


def why_not_repeat(graph: Graph, block_id: str) -> str:
    """Why a block cannot be repeated, in words; "" where it can."""
    name, members = graph.blocks[block_id].name, contents(graph, block_id)
    ends = [i for i in members if _is_end(graph, i)]
    if ends:
        return tr(
            "{block} holds {name}, an end of the network, so it cannot be repeated.",
            block=name,
            name=graph.nodes[ends[0]].name,
        )
    ways_in, ways_out = len(inlets_of(graph, block_id)), len(exits_of(graph, members))
    if ways_in == 1 and ways_out == 1:
        return ""
    return tr(
        "A block is repeated by what it gives going in again, so one thing comes in and one "
        "goes out; into {block} {ways_in|comes|come} {ways_in}, and out of it "
        "{ways_out|comes|come} {ways_out}.",
        block=name,
        ways_in=ways_in,
        ways_out=ways_out,
    )


def require_room(graph: Graph, part: Graph) -> None:
    """StudioError where two graphs together would hold more than is read from a file."""
    count = len(graph) + len(part)
    if count > MOST_NODES:
        message = tr(
            "The network would have {count} layers; at most {most} are drawn.",
            count=count,
            most=MOST_NODES,
        )
    elif len(graph.blocks) + len(part.blocks) > MOST_BLOCKS:
        message = tr("There would be more than {most} blocks.", most=MOST_BLOCKS)
    elif len(graph.remarks) + len(part.remarks) > MOST_REMARKS:
        message = tr("There would be more than {most} frames and notes.", most=MOST_REMARKS)
    else:
        return
    raise refuse(
        message,
        tr("Delete some, or repeat a block where the same comes again and again."),
        place=Place(),
        code="too-many-nodes",
    )


def unrolled_count(graph: Graph) -> int:
    """How many nodes there are when all repeats are written out."""
    home = homes(graph)
    times = {
        i: _product(graph.blocks[b].repeats for b in path_to(graph.blocks, i)) for i in graph.blocks
    }
    return sum(times.get(home.get(i, ""), 1) for i in graph.nodes)


def _product(numbers: Iterable[int]) -> int:
    product = 1
    for number in numbers:
        product *= number
    return product


def _blocks_taken(graph: Graph, chosen: Collection[str], around: str) -> tuple[str, ...]:
    """The blocks directly in the one around that are chosen whole; part of one is refused."""
    taken = []
    for block in graph.blocks.values():
        held = contents(graph, block.id) if block.parent == around else ()
        found = sum(i in chosen for i in held)
        if 0 < found < len(held):
            raise _cannot(
                tr("Only a part of {name} is selected.", name=block.name),
                tr("Select the whole block, or layers inside it alone."),
            )
        if found:
            taken.append(block.id)
    return tuple(taken)


def _require_one_way_out(graph: Graph, chosen: Collection[str]) -> None:
    leads_out = {edge.source for edge in leaving(graph, chosen)}
    sources = _in_order(graph, leads_out)
    if len(sources) > 1:
        raise _cannot(
            tr(
                "A block gives one thing, and {first} and {second} both feed what stands outside.",
                first=graph.nodes[sources[0]].name,
                second=graph.nodes[sources[1]].name,
            ),
            tr("Select what they feed as well, up to where it comes together, or one of them."),
        )


def _require_no_way_back(graph: Graph, chosen: Collection[str]) -> None:
    """An edge that leaves may not lead to one that enters: block and outside would wait."""
    outside = {edge.target for edge in leaving(graph, chosen)}
    leads_in = graph.ancestors(chosen)
    between = next((i for i in graph.nodes if i in outside and i in leads_in), None)
    if between is not None:
        raise _cannot(
            tr(
                "{name} stands outside, but takes from the selection and leads back into it.",
                name=graph.nodes[between].name,
            ),
            tr("Select it as well."),
        )


def _depth(graph: Graph, taken: Iterable[str]) -> int:
    """How deep blocks lie in one another in these."""
    depths = (depth_of(graph.blocks, block_id) for block_id in taken)
    return max(depths, default=0)


def _free_id(graph: Graph) -> tuple[str, int]:
    number = 1
    while f"block_{number}" in graph.blocks or f"block_{number}" in graph.nodes:
        number += 1
    return f"block_{number}", number


def _without_members(block: Block, gone: Collection[str]) -> Block:
    if not any(i in gone for i in block.members):
        return block
    return replace(
        block,
        members=tuple(i for i in block.members if i not in gone),
        exposed=tuple(one for one in block.exposed if one.node not in gone),
    )


def _limited(block: Block, nodes: Collection[str]) -> Block:
    """The block with what is said of nodes that are left."""
    members = tuple(i for i in block.members if i in nodes)
    return replace(_telling_of(block, nodes), members=members)


def _telling_of(block: Block, nodes: Collection[str]) -> Block:
    groups = (tuple(one for one in group if one.node in nodes) for group in block.inlets)
    return replace(
        block,
        exposed=tuple(one for one in block.exposed if one.node in nodes),
        inlets=tuple(group for group in groups if group),
    )


def _is_empty(blocks: Mapping[str, Block], block_id: str) -> bool:
    return not any(block.members for block in inside(blocks, block_id))


def _still_there(graph: Graph, block: Block) -> tuple[Exposed, ...]:
    held = frozenset(contents(graph, block.id))
    found = {(one.node, one.key): one for one in block.exposed if one.node in held}
    return tuple(
        one
        for (node_id, key), one in found.items()
        if any(param.key == key for param in LAYERS[graph.nodes[node_id].layer].params)
    )


def _may_be(graph: Graph, node_id: str, state: State) -> bool:
    return state != "bypassed" or not _is_end(graph, node_id)


def _is_end(graph: Graph, node_id: str) -> bool:
    entry = LAYERS.get(graph.nodes[node_id].layer)
    return entry is not None and bool(entry.end)


def _in_order(graph: Graph, members: Iterable[str]) -> tuple[str, ...]:
    held = set(members)
    return tuple(i for i in graph.nodes if i in held)


def clean_name(name: str) -> str:
    """A name on one line, without what cannot be printed."""
    seen = "".join(sign if sign.isprintable() else " " for sign in name[: 2 * LONGEST_NAME])
    return " ".join(seen.split())[:LONGEST_NAME]


def _cannot(message: str, hint: str) -> StudioError:
    return refuse(message, hint, place=Place(), code="cannot-group")
