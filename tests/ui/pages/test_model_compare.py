"""Compare: a past run beside today's drawing, with what differs and the scores of both."""

from dataclasses import replace
from itertools import combinations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from studio.core.design import edits
from studio.core.design.project import Project
from studio.core.run.results import RunRecord
from studio.ui.context import Context
from studio.ui.controls import Swatch
from studio.ui.pages.model_compare import Compare
from tests.builders import chain, table


def then() -> Project:
    return chain(table(), ("linear", {"out_features": 16}), "relu", ("linear", {"out_features": 3}))


def now() -> Project:
    project = then()
    graph = edits.set_param(project.graph, "linear_1", "out_features", 64)
    graph = edits.remove_and_reconnect(graph, ("relu_1",))
    graph, _added = edits.add_node(graph, "tanh", (0.0, 200.0))
    return replace(project, graph=graph, training=replace(project.training, epochs=5))


def record(number: int, project: Project, accuracy: float) -> RunRecord:
    figures = {"loss": 0.5, "accuracy": accuracy}
    return RunRecord(
        f"run-{number}",
        number,
        0.0,
        9.0,
        "completed",
        "cpu",
        5,
        5,
        project,
        figures,
        {"accuracy": accuracy - 0.1},
        has_weights=True,
    )


@pytest.fixture
def compare(studio: Context, qtbot, monkeypatch: pytest.MonkeyPatch) -> Compare:
    records = (record(1, then(), 0.9), record(2, replace(then(), graph=now().graph), 0.8))
    monkeypatch.setattr(type(studio.past), "records", property(lambda _self: records))
    monkeypatch.setattr(type(studio.past), "in_use", property(lambda _self: records[0]))
    monkeypatch.setattr(
        studio.past, "record", lambda run: next((r for r in records if r.run == run), None)
    )
    studio.document.open_project(now(), None)
    made = Compare(studio)
    qtbot.addWidget(made.view)
    made.view.resize(900, 700)
    made.view.show()
    return made


def rows(compare: Compare) -> list[tuple[str, str, str]]:
    table_of = compare.view.table
    return [
        tuple(table_of.item(row, column).text() for column in (1, 2, 3))  # type: ignore[misc]
        for row in range(table_of.rowCount())
    ]


def test_what_differs_is_outlined_and_told(compare: Compare) -> None:
    compare.open()
    assert compare.view.then.changes == {"linear_1": "changed", "relu_1": "removed"}
    assert compare.view.now.changes == {"linear_1": "changed", "tanh_1": "added"}
    told = rows(compare)
    assert ("Accuracy, validation", "0.900", "not trained yet") in told
    assert ("Linear 1: Units", "16", "64") in told
    assert ("Epochs", "20", "5") in told
    assert compare.view.state.whole_text == "Different: 3 layers, 1 setting"
    compare.close()


def test_another_run_is_chosen(compare: Compare) -> None:
    compare.open()
    assert [compare.view.runs.itemText(i) for i in range(2)] == [
        "Run 2 · Accuracy 0.800, validation",
        "Run 1 · Accuracy 0.900, validation",
    ]
    compare.view.runs.setCurrentIndex(0)
    compare.view.runs.activated.emit(0)
    assert compare.view.then_title.text() == "Run 2"
    assert compare.view.then.changes == {}
    assert compare.view.state.whole_text == "Different: 1 setting"


def test_a_run_of_what_is_drawn_now_lends_its_scores(compare: Compare, studio: Context) -> None:
    project = replace(then(), graph=now().graph)
    studio.document.open_project(project, None)
    compare.open()
    assert ("Accuracy, validation", "0.900", "0.800") in rows(compare)


def test_it_follows_edits_and_both_drawings_go_together(compare: Compare, studio: Context) -> None:
    compare.open()
    studio.document.apply_to_graph(lambda graph: edits.remove(graph, ("tanh_1",)), "Delete")
    assert compare.view.now.changes == {"linear_1": "changed"}
    compare.view.then.scale(0.5, 0.5)
    compare.view.then.went.emit(compare.view.then.mapToScene(0, 0), 0.25)
    assert compare.view.now.transform().m11() == 0.25


@pytest.mark.parametrize("width", [560, 600, 816])
def test_the_parts_of_the_head_never_cover_each_other(compare: Compare, width: int) -> None:
    compare.open()
    view = compare.view
    view.resize(width, 560)
    parts = [view.runs, view.state, *view.findChildren(Swatch), view.close_button]
    areas = [part.geometry() for part in parts]
    for one, other in combinations(areas, 2):
        assert not one.intersects(other)
    assert max(area.right() for area in areas) < width


def test_drawings_stand_where_they_are_seen_larger(compare: Compare, studio: Context) -> None:
    """A long one below the other, one in many rows beside."""
    view = compare.view
    compare.open()
    assert view.now.mapTo(view, QPoint()).y() > view.then.mapTo(view, QPoint()).y()
    before = view.now.transform().m11()
    graph = studio.document.project.graph
    places = {node: (0.0, 120.0 * row) for row, node in enumerate(graph.order())}
    tall = replace(studio.document.project, graph=edits.move(graph, places))
    compare.view.show_drawings(("Run 1", tall, {}), ("Today", tall, {}))
    view.fit()
    then_at, now_at = (part.mapTo(view, QPoint()) for part in (view.then, view.now))
    assert then_at.y() == now_at.y()
    assert now_at.x() > then_at.x()
    assert view.then.width() == pytest.approx(view.now.width(), abs=2)
    assert before < 1
    area = view.now.sceneRect()
    shown = view.now.mapFromScene(area).boundingRect()
    assert view.now.rect().adjusted(-2, -2, 2, 2).contains(shown)


def test_escape_leads_back_to_the_drawing(compare: Compare, qtbot) -> None:
    compare.open()
    with qtbot.waitSignal(compare.closed):
        QTest.keyClick(compare.view.table, Qt.Key.Key_Escape)


def test_without_a_run_there_is_nothing_to_compare_with(studio: Context, qtbot) -> None:
    studio.document.open_project(now(), None)
    made = Compare(studio)
    qtbot.addWidget(made.view)
    assert made.reason
    made.open()
    with qtbot.waitSignal(made.closed):
        made.show_run("run-9")
