"""While a run is on, the cards say how their layers learn; a click on one tells more."""

import pytest
from PySide6.QtWidgets import QPushButton

from studio.core.catalogue.activation import LEAKY_RELU, RELU
from studio.core.design import edits
from studio.core.run.archive import Archive
from studio.core.run.curve import Curve
from studio.core.run.events import HealthSeen, NodeHealth, RunEnded, RunStarted
from studio.core.run.history import History
from studio.ui.pages.model import ModelPage
from studio.ui.panels.node_health import SmallCurve, points_of
from tests.builders import chain, table
from tests.ui.fake_runs import FakeJob

UNITS = {"out_features": 3}


@pytest.fixture
def page(qtbot, context, show):
    project = chain(table(), ("linear", UNITS), "relu", ("linear", UNITS))
    context.document.open_project(project, None)
    made = show(ModelPage(context))
    made.drawn = lambda: context.document.project
    return made


def node_id(page, layer):
    graph = page.stage.canvas.picture.graph
    return next(node.id for node in graph if node.layer == layer)


def looked(page, *looks):
    """Shows a run of the document's project in which the nodes were seen so."""
    history = History()
    history.add(RunStarted("run-1", "cpu", 1, 10, len(looks)))
    for epoch, nodes in enumerate(looks, 1):
        history.add(HealthSeen(epoch, 10, nodes))
    page.health.show_history(history, page.drawn())


def marks(page):
    return {i: sign.level for i, sign in page.marks.health.items()}


def test_cards_show_what_is_thought_of_their_layers(page):
    linear, relu = node_id(page, "linear"), node_id(page, RELU.key)
    looked(page, {linear: NodeHealth(slope=0.01), relu: NodeHealth(dead=0.95)})
    assert marks(page) == {linear: "good", relu: "bad"}
    assert "95%" in page.marks.health[relu].words


def test_news_of_a_run_reach_the_cards(qtbot, context, page):
    relu = node_id(page, RELU.key)
    seen = HealthSeen(1, 4, {relu: NodeHealth(dead=0.6)})
    context.runs.start_job = FakeJob(
        [RunStarted("run-1", "cpu", 1, 4, 1), seen, RunEnded("completed")]
    )
    with qtbot.waitSignal(context.runs.ended):
        assert context.runs.start() is None
    assert marks(page) == {relu: "doubtful"}


def test_a_run_of_the_past_is_played_again_on_the_cards(qtbot, context, page):
    relu = node_id(page, RELU.key)
    with Archive(context.past.folder).begin(page.drawn()) as log:
        log.append(RunStarted(log.run, "cpu", 1, 4, 1))
        log.append(HealthSeen(1, 4, {relu: NodeHealth(dead=0.6)}))
        log.append(RunEnded("completed"))
    context.past.refresh()
    qtbot.waitUntil(lambda: marks(page) == {relu: "doubtful"})


def test_the_selected_node_tells_its_curves_and_what_helps(page, context):
    relu = node_id(page, RELU.key)
    looked(page, {relu: NodeHealth(dead=0.2)}, {relu: NodeHealth(dead=0.8)})
    assert page.health_view.isHidden()
    context.selection.choose((relu,))
    assert page.health_view.isVisible()
    assert len(page.health_view.findChildren(SmallCurve)) == 1
    assert page.health_view.problem.code == "health-dead"
    context.selection.choose(())
    assert not page.health_view.isVisible()


def test_a_click_on_the_fix_changes_the_layer_and_its_mark_goes(page, context):
    relu = node_id(page, RELU.key)
    looked(page, {relu: NodeHealth(dead=0.8)})
    context.selection.choose((relu,))
    link = next(b for b in page.health_view.findChildren(QPushButton) if b.isVisible())
    link.click()
    assert context.document.project.graph.nodes[relu].layer == LEAKY_RELU.key
    assert marks(page) == {}
    context.document.undo_stack.undo()
    assert marks(page) == {relu: "doubtful"}


def test_a_deleted_card_takes_its_mark_along_and_another_project_has_none(page, context):
    relu, linear = node_id(page, RELU.key), node_id(page, "linear")
    looked(page, {relu: NodeHealth(dead=0.8), linear: NodeHealth(slope=0.1)})
    context.document.apply_to_graph(
        lambda graph: edits.remove_and_reconnect(graph, (relu,)), "Delete"
    )
    assert set(marks(page)) == {linear}
    context.document.open_project(chain(table()), None)
    assert marks(page) == {}


def test_a_small_curve_keeps_within_its_square():
    curve = Curve([1.0, 2.0, 3.0], [1e-3, 1e-2, 1e-1])
    assert points_of(curve, is_share=False) == [(0.0, 0.0), (0.5, 0.5), (1.0, 1.0)]
    assert points_of(Curve([1.0], [0.5]), is_share=True) == [(1.0, 0.5)]
    assert points_of(Curve(), is_share=False) == []
