"""Edits of remarks: frames that take their cards along, and notes. Pure functions of Graphs."""

from collections.abc import Iterable
from dataclasses import replace

from studio.core.design.block import Area, Remark, RemarkKind, Tint
from studio.core.design.graph import Graph

CARD = (140.0, 60.0)
LEAST_SIDE = 60.0
LONGEST_REMARK = 20_000
FARTHEST = 1e7


def add_remark(
    graph: Graph, kind: RemarkKind, area: Area, text: str = "", color: Tint | None = None
) -> tuple[Graph, str]:
    """Puts a frame or a note there, and gives its id too."""
    number = 1
    while f"{kind}_{number}" in graph.remarks:
        number += 1
    made = Remark(f"{kind}_{number}", kind, text[:LONGEST_REMARK], sound_area(area))
    made = made if color is None else replace(made, color=color)
    return replace(graph, remarks={**graph.remarks, made.id: made}), made.id


def change_remark(
    graph: Graph,
    remark_id: str,
    text: str | None = None,
    color: Tint | None = None,
    area: Area | None = None,
) -> Graph:
    """Gives a remark other words, another colour or size; what is None stays."""
    remark = graph.remarks[remark_id]
    changed = replace(
        remark,
        text=remark.text if text is None else text[:LONGEST_REMARK],
        color=remark.color if color is None else color,
        area=remark.area if area is None else sound_area(area),
    )
    if changed == remark:
        return graph
    return replace(graph, remarks={**graph.remarks, remark_id: changed})


def move_remark(
    graph: Graph, remark_id: str, by_x: float, by_y: float, *, takes_along: bool = True
) -> Graph:
    """Moves a remark; a frame takes the cards, notes and frames that lie wholly inside along."""
    moved = {remark_id}
    cards: frozenset[str] = frozenset()
    if takes_along:
        area = graph.remarks[remark_id].area
        is_frame = graph.remarks[remark_id].kind == "frame"
        cards = held_by(graph, remark_id)
        moved |= {o.id for o in graph.remarks.values() if is_frame and holds(area, o.area)}
    remarks = {
        i: replace(one, area=_shifted(one.area, by_x, by_y)) if i in moved else one
        for i, one in graph.remarks.items()
    }
    positions = {
        i: (x + by_x, y + by_y) if i in cards else (x, y) for i, (x, y) in graph.positions.items()
    }
    return replace(graph, remarks=remarks, positions=positions if cards else graph.positions)


def held_by(graph: Graph, remark_id: str) -> frozenset[str]:
    """The nodes whose cards lie wholly inside a frame; none for a note."""
    remark = graph.remarks[remark_id]
    if remark.kind != "frame":
        return frozenset()
    return frozenset(
        i for i, (x, y) in graph.positions.items() if holds(remark.area, (x, y, *CARD))
    )


def remove_remark(graph: Graph, remark_ids: Iterable[str]) -> Graph:
    """Takes remarks away; what lies in a frame stays."""
    gone = set(remark_ids) & set(graph.remarks)
    if not gone:
        return graph
    return replace(graph, remarks={i: one for i, one in graph.remarks.items() if i not in gone})


def sound_area(area: Area) -> Area:
    """The area with sides that can be seen and grasped, not too far away."""
    left, top, width, height = (max(-FARTHEST, min(FARTHEST, side)) for side in area)
    return left, top, max(LEAST_SIDE, width), max(LEAST_SIDE, height)


def _shifted(area: Area, by_x: float, by_y: float) -> Area:
    return sound_area((area[0] + by_x, area[1] + by_y, area[2], area[3]))


def holds(area: Area, other: Area) -> bool:
    """True where the other lies wholly in the area."""
    return (
        area[0] <= other[0]
        and area[1] <= other[1]
        and other[0] + other[2] <= area[0] + area[2]
        and other[1] + other[3] <= area[1] + area[3]
    )
