"""The list of problems: words, fix links, the way to the place, the count."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QFrame, QLabel, QPushButton

from studio.core.design import edits
from studio.core.design.graph import Edge
from studio.core.problems import Place
from studio.ui.document import Document
from studio.ui.panels.problems import ProblemRow, Problems
from tests.builders import chain, images


@pytest.fixture
def document(qtbot, dressed):
    made = Document()
    made.open_project(chain(images(), ("linear", {"out_features": 10})), None)
    yield made
    made.deleteLater()


@pytest.fixture
def problems(qtbot, document):
    made = Problems(document)
    qtbot.addWidget(made)
    made.resize(800, 220)
    with qtbot.waitExposed(made):
        made.show()
    return made


def words(problems):
    return [label.text() for label in problems.findChildren(QLabel) if label.isVisible()]


def test_a_problem_is_said_with_severity_hint_and_fix(problems):
    said = words(problems)
    assert "Error" in said
    assert "Linear 1 expects one line of numbers, but gets 1 × 28 × 28." in said
    assert "Put a Flatten before it." in said


def test_the_fix_is_one_step_and_the_list_follows(problems, document, qtbot):
    counts = QSignalSpy(problems.counted)
    fix = next(b for b in problems.findChildren(QPushButton) if b.text() == "Insert Flatten")
    QTest.mouseClick(fix, Qt.MouseButton.LeftButton)
    assert document.report.problems == ()
    assert counts.at(counts.count() - 1) == [0]
    assert "Nothing is wrong" in words(problems)
    document.undo_stack.undo()
    assert problems.count == 1


def test_a_click_leads_to_the_place(problems):
    wanted = QSignalSpy(problems.place_wanted)
    row = problems.findChild(ProblemRow)
    QTest.mouseClick(row, Qt.MouseButton.LeftButton)
    assert wanted.at(0) == [Place("node", "linear_1")]


def test_enter_leads_to_the_place_too(problems):
    wanted = QSignalSpy(problems.place_wanted)
    row = problems.findChild(ProblemRow)
    row.setFocus()
    QTest.keyClick(row, Qt.Key.Key_Return)
    assert wanted.count() == 1


def test_a_move_leaves_the_rows_alone(problems, document):
    row = problems.findChild(ProblemRow)
    document.apply_to_graph(lambda graph: edits.move(graph, {"linear_1": (0.0, 400.0)}), "Move")
    assert problems.findChild(ProblemRow) is row


def test_many_problems_are_cut_short_with_their_number(problems, document):
    def many(graph):
        for number in range(60):
            graph, added = edits.add_node(graph, "linear", (0.0, 20.0 * number))
            graph = edits.connect(graph, Edge("input_1", added))
        return graph

    document.apply_to_graph(many, "Many")
    rows = [row for row in problems.widget().findChildren(QFrame) if isinstance(row, ProblemRow)]
    assert len(rows) == 50
    assert f"and {len(document.report.problems) - 50} more" in words(problems)
