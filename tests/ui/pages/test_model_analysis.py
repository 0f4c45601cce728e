"""Analyze: what is wrong or doubtful, what layers cost, and what a real batch tells."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from studio import jobs
from studio.core.design.block_edits import grouped, opened
from studio.core.design.graph import Graph
from studio.core.design.project import Project
from studio.core.problems import Place
from studio.core.run.rehearsal import NodeCost, Rehearsal
from studio.ui.context import Context
from studio.ui.pages.model_analysis import Analysis
from tests.builders import chain, images

MEASURED = Rehearsal(
    "Processor", 32, 33, 0.002, 0.006, 0.25, 12_000_000, 1.1, {"linear_1": NodeCost(0.001, 4096)}
)


def doubtful() -> Project:
    return chain(
        images(), "flatten", ("linear", {"out_features": 64}), ("linear", {"out_features": 10})
    )


@pytest.fixture
def analysis(studio: Context, qtbot, monkeypatch: pytest.MonkeyPatch) -> Analysis:
    asked: list[Project] = []

    def rehearse(project: Project) -> Rehearsal:
        asked.append(project)
        return MEASURED

    monkeypatch.setattr(jobs, "rehearse", rehearse)
    studio.document.open_project(doubtful(), None)
    made = Analysis(studio)
    made.asked = asked  # type: ignore[attr-defined]
    qtbot.addWidget(made.view)
    made.view.resize(800, 600)
    made.view.show()
    return made


def words(analysis: Analysis, row: int) -> list[str]:
    table = analysis.view.layers
    item = table.topLevelItem(row)
    return [item.text(column) for column in range(table.columnCount())]


def test_the_drawing_is_told_at_once_and_the_measuring_when_it_is_there(
    analysis: Analysis, qtbot
) -> None:
    analysis.open()
    assert [problem.code for problem in analysis.view.findings.problems] == ["straight-line"]
    assert words(analysis, 2) == ["Linear 1", "64", "–", "50\u2009240", "256 B", "–"]
    qtbot.waitUntil(lambda: words(analysis, 2)[-1] == "1 ms")
    assert analysis.view.state.text() == "Processor: measured with 32 rows at once."
    analysis.close()


def test_a_fix_is_applied_and_the_times_of_before_are_taken_away(analysis: Analysis, qtbot) -> None:
    analysis.open()
    qtbot.waitUntil(lambda: words(analysis, 2)[-1] == "1 ms")
    (problem,) = analysis.view.findings.problems
    analysis.view.findings.fix_wanted.emit(problem)
    assert not analysis.view.findings.problems
    assert words(analysis, 3)[0].startswith("ReLU")
    assert words(analysis, 2)[-1] == "–"
    assert "changed" in analysis.view.state.text()
    analysis.view.again.click()
    qtbot.waitUntil(lambda: words(analysis, 2)[-1] == "1 ms")
    assert len(analysis.asked) == 2  # type: ignore[attr-defined]


def test_nothing_is_measured_of_what_cannot_be_trained(analysis: Analysis, studio: Context) -> None:
    graph = studio.document.project.graph
    studio.document.apply_to_graph(lambda _graph: replace(graph, edges=graph.edges[:-1]), "Cut")
    analysis.open()
    assert not analysis.asked  # type: ignore[attr-defined]
    assert analysis.view.findings.problems[0].is_error
    assert not analysis.view.again.isEnabled()
    assert "errors" in analysis.view.state.text()


def test_a_layer_leads_to_its_node_and_escape_back_to_the_drawing(
    analysis: Analysis, qtbot
) -> None:
    analysis.open()
    places: list[Place] = []
    analysis.place_wanted.connect(places.append)
    analysis.view.layers.go_to("linear_1")
    QTest.keyClick(analysis.view.layers, Qt.Key.Key_Return)
    assert places == [Place("node", "linear_1")]
    with qtbot.waitSignal(analysis.closed):
        QTest.keyClick(analysis.view.layers, Qt.Key.Key_Escape)
    analysis.close()


def test_the_layers_of_a_block_stand_below_it_with_its_sums(
    analysis: Analysis, studio: Context, qtbot
) -> None:
    def in_a_block(graph: Graph) -> Graph:
        graph, block = grouped(graph, ("flatten_1", "linear_1"), "Front")
        return opened(graph, block, is_open=False)

    studio.document.apply_to_graph(in_a_block, "Group")
    analysis.open()
    assert [words(analysis, row)[0] for row in range(4)] == [
        "Input 1",
        "Front",
        "Linear 2",
        "Output 1",
    ]
    assert words(analysis, 1)[1:4] == ["64", "–", "50\u2009240"]
    table = analysis.view.layers
    front = table.topLevelItem(1)
    assert [front.child(row).text(0) for row in range(2)] == ["Flatten 1", "Linear 1"]
    assert not front.isExpanded()
    places: list[Place] = []
    analysis.place_wanted.connect(places.append)
    table.setCurrentItem(front)
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert front.isExpanded()
    assert not places
    analysis.close()


def test_what_the_device_cannot_run_is_a_finding(
    analysis: Analysis, qtbot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(project: Project) -> Rehearsal:
        from studio.core.problems import Problem

        problem = Problem("This device cannot run Linear 1.", place=Place("node", "linear_1"))
        return Rehearsal("NVIDIA graphics card", 32, 33, problems=(problem,))

    monkeypatch.setattr(jobs, "rehearse", refused)
    analysis.open()
    qtbot.waitUntil(lambda: len(analysis.view.findings.problems) == 2)
    assert analysis.view.findings.problems[0].message == "This device cannot run Linear 1."
    assert "could not be measured" in analysis.view.state.text()
