"""Long drawings go on in rows: what a row may be cut at, and how large it can be read."""

import pytest

from studio.core.design.arrange import arranged
from studio.core.design.edits import GAP, NODE_SIZE
from studio.core.design.folding import GAP_BETWEEN_ROWS, LEGIBLE, MARGIN
from studio.core.design.graph import Edge, Graph, Node, Position

WIDTH, HEIGHT = NODE_SIZE
CANVAS = (840.0, 700.0)
NARROW = (620.0, 560.0)


def drawing(count: int, *skips: tuple[int, int]) -> Graph:
    nodes = {f"n{i}": Node(f"n{i}", "relu", f"Node {i}") for i in range(count)}
    chain = [Edge(f"n{i}", f"n{i + 1}", 0) for i in range(count - 1)]
    return Graph(nodes, (*chain, *(Edge(f"n{a}", f"n{b}", 1) for a, b in skips)))


def rows(places: dict[str, Position]) -> list[list[int]]:
    """The numbers of the nodes of each row, from left to right; for chains."""
    heights = sorted({y for _x, y in places.values()})
    return [
        [int(i[1:]) for i in sorted(places, key=lambda i: places[i]) if places[i][1] == height]
        for height in heights
    ]


def zoom(places: dict[str, Position], room: tuple[float, float]) -> float:
    wide = max(x for x, _y in places.values()) + WIDTH
    high = max(y for _x, y in places.values()) + HEIGHT
    return min((room[0] - 2 * MARGIN) / wide, (room[1] - 2 * MARGIN) / high, 1.0)


@pytest.mark.parametrize("count", range(2, 21))
@pytest.mark.parametrize("room", [CANVAS, NARROW])
def test_up_to_20_layers_are_legible_as_a_whole(count, room):
    places = dict(arranged(drawing(count), room=room))
    assert zoom(places, room) >= LEGIBLE - 0.05
    read = [number for row in rows(places) for number in row]
    assert read == list(range(count))
    assert all(places[f"n{row[0]}"][0] == 0.0 for row in rows(places))


def test_what_fits_stays_in_one_row_and_rows_are_even():
    assert rows(dict(arranged(drawing(5), room=CANVAS))) == [[0, 1, 2, 3, 4]]
    assert rows(dict(arranged(drawing(6), room=CANVAS))) == [[0, 1, 2], [3, 4, 5]]
    places = dict(arranged(drawing(6), room=CANVAS))
    assert places["n3"] == (0.0, HEIGHT + GAP_BETWEEN_ROWS)


def test_a_row_is_cut_only_where_one_wire_leads_on():
    """Not beside a layer that a second wire passes."""
    skips = ((1, 4), (5, 8))
    places = dict(arranged(drawing(10, *skips), room=(500.0, 900.0)))
    backwards = {
        (e.source, e.target)
        for e in drawing(10, *skips).edges
        if places[e.target][0] <= places[e.source][0]
    }
    assert backwards
    assert backwards <= {("n0", "n1"), ("n4", "n5"), ("n8", "n9")}


def test_what_cannot_be_cut_stays_one_row():
    graph = drawing(12, (0, 11))
    assert arranged(graph, room=CANVAS) == arranged(graph)


def test_a_very_long_one_is_legible_across_and_goes_on_below():
    places = dict(arranged(drawing(120), room=CANVAS))
    wide = max(x for x, _y in places.values()) + WIDTH
    assert wide <= (CANVAS[0] - 2 * MARGIN) / LEGIBLE
    assert len(rows(places)[0]) == (wide + GAP) / (WIDTH + GAP)
    assert [number for row in rows(places) for number in row] == list(range(120))
