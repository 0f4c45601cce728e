from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from studio import jobs
from studio.core.design.dataset import ImagePreview
from studio.core.design.edits import set_param
from studio.core.design.fixes import apply_fix
from studio.core.problems import Fix, Problem, Severity, StudioError
from studio.core.run.results import Evaluation
from studio.ui.pages.evaluate import EvaluatePage
from studio.ui.panels.behind import RowsBehind
from studio.ui.theme import Theme


@pytest.fixture
def page(context, show):
    return show(EvaluatePage(context))


def _evaluated(page, qtbot):
    qtbot.waitUntil(lambda: page.evaluation is not None, timeout=30_000)
    qtbot.waitUntil(lambda: page.rows.table.model().rowCount() > 0, timeout=30_000)
    return page.evaluation


def _click_cell(page, truth, answer):
    area = page.matrix.visualRect(page.matrix.model().index(truth, answer))
    QTest.mouseClick(
        page.matrix.viewport(),
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        area.center(),
    )


def test_without_a_run_the_page_leads_to_training(page, context, rows_project, qtbot):
    context.files.new(rows_project, "Machines")
    assert page.empty.isVisible()
    wanted = []
    context.navigation.page_wanted.connect(wanted.append)
    qtbot.mouseClick(_go(page), Qt.MouseButton.LeftButton)
    assert wanted == ["train"]


def test_the_figure_of_a_run_says_that_it_is_not_that_of_the_test_part(
    page, train, rows_project, qtbot
):
    train(rows_project)
    _evaluated(page, qtbot)
    assert page.choice.currentText().endswith(", validation")
    assert page.part.key == "test"


def test_a_click_on_a_cell_shows_exactly_the_rows_behind_it(page, train, rows_project, qtbot):
    train(rows_project)
    evaluation = _evaluated(page, qtbot)
    size = len(evaluation.labels)
    truth, answer = max(
        ((t, a) for t in range(size) for a in range(size)),
        key=lambda cell: evaluation.matrix[cell[0]][cell[1]],
    )
    count = evaluation.matrix[truth][answer]
    _click_cell(page, truth, answer)
    qtbot.waitUntil(lambda: page.rows.table.model().rowCount() == min(count, 200), timeout=10_000)
    assert evaluation.labels[truth] in page.rows.title.text()
    model = page.rows.table.model()
    columns = [model.headerData(c, Qt.Orientation.Horizontal) for c in range(model.columnCount())]
    target = columns.index(_target(rows_project))
    for row in range(model.rowCount()):
        assert model.index(row, 1).data() == evaluation.labels[truth]
        assert model.index(row, 2).data() == evaluation.labels[answer]
        assert model.index(row, target).data() == evaluation.labels[truth]


def test_what_is_to_be_known_about_the_figures_stands_above_them(
    page, train, rows_project, qtbot, monkeypatch
):
    """As the command line says it: the data are others than when it was trained."""
    evaluate = jobs.evaluate
    changed = Problem(
        "The data changed since run-1.", "Train again.", Severity.WARNING, code="data-changed"
    )

    def evaluated(*given):
        return replace(evaluate(*given), problems=(changed,))

    monkeypatch.setattr("studio.jobs.evaluate", evaluated)
    train(rows_project)
    _evaluated(page, qtbot)
    assert page.remarks.isVisible()
    assert page.remarks.words.text() == "The data changed since run-1. Train again."
    monkeypatch.setattr("studio.jobs.evaluate", evaluate)
    with qtbot.waitSignal(page.part.chosen):
        page.part.button("validation").click()
    qtbot.waitUntil(lambda: page.evaluation.part == "validation", timeout=10_000)
    assert not page.remarks.isVisible()


def test_the_keyboard_reaches_the_rows_of_a_cell(page, train, rows_project, qtbot):
    train(rows_project)
    evaluation = _evaluated(page, qtbot)
    page.matrix.setFocus()
    page.matrix.choose(0, 0)
    qtbot.keyClick(page.matrix, Qt.Key.Key_Right)
    assert (page.matrix.currentIndex().row(), page.matrix.currentIndex().column()) == (0, 1)
    qtbot.keyClick(page.matrix, Qt.Key.Key_Return)
    assert page.rows.title.text() == (f"{evaluation.labels[0]}, taken for {evaluation.labels[1]}")


def test_the_figures_are_those_of_the_evaluation_and_the_classes_add_up(
    page, context, train, rows_project, qtbot
):
    record = train(rows_project)
    evaluation = _evaluated(page, qtbot)
    again = jobs.evaluate(context.past.folder, record.run, "test")
    assert evaluation.figures == again.figures
    assert (
        page.figures.cards[0]
        .accessibleName()
        .startswith(f"Accuracy {evaluation.figures['accuracy']:.3f}")
    )
    model = page.classes.view.model()
    rows = [int(model.index(row, 4).data()) for row in range(model.rowCount())]
    assert sum(rows) == len(evaluation.rows)
    assert sum(map(sum, evaluation.matrix)) == len(evaluation.rows)


def test_another_part_is_evaluated_when_it_is_chosen(page, train, rows_project, qtbot):
    train(rows_project)
    _evaluated(page, qtbot)
    qtbot.mouseClick(page.part.button("validation"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.evaluation.part == "validation", timeout=30_000)
    assert page.state.text() == ""


def test_numbers_are_drawn_against_the_truth_and_a_point_leads_to_its_row(
    page, train, numbers_project, qtbot
):
    train(numbers_project)
    evaluation = _evaluated(page, qtbot)
    assert page.plot.isVisible()
    assert not page.matrix.isVisible()
    assert "in the unit of" in page.figures.cards[0].accessibleName()
    spot = page.plot.points.points()[3]
    place = page.plot.getPlotItem().getViewBox().mapViewToScene(spot.pos()).toPoint()
    QTest.mouseClick(
        page.plot.viewport(),
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        QPoint(place.x(), place.y()),
    )
    qtbot.waitUntil(lambda: page.rows.title.text().startswith("Row "), timeout=10_000)
    number = int(page.rows.title.text().removeprefix("Row "))
    assert number in evaluation.rows
    qtbot.waitUntil(lambda: page.rows.table.model().rowCount() == 1, timeout=10_000)


def test_what_cannot_be_evaluated_is_said_in_words_with_nothing_stale(
    page, train, rows_project, qtbot, monkeypatch
):
    train(rows_project)
    _evaluated(page, qtbot)

    def refuse(*_arguments):
        raise StudioError(Problem("The validation part has no rows.", "Give it some."))

    monkeypatch.setattr(jobs, "evaluate", refuse)
    qtbot.mouseClick(page.part.button("validation"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(page.trouble.isVisible)
    assert "Give it some" in page.trouble.words.text()
    assert not page.matrix.isVisible()
    assert not page.figures.isVisible()


def test_pictures_behind_a_cell_are_thumbnails_with_truth_and_answer(qtbot, qapp):
    evaluation = Evaluation(
        "r",
        "test",
        "classes",
        {},
        truths=(0, 1),
        answers=(1, 1),
        rows=(1, 2),
        positions=(0, 1),
        confidences=(0.9, 0.5),
        labels=("cat", "dog"),
        matrix=((0, 1), (0, 1)),
        names=("a", "b"),
    )
    panel = RowsBehind(Theme.current())
    qtbot.addWidget(panel)
    pixels = bytes([200, 10, 10] * 4)
    panel.show_samples(
        evaluation,
        (0, 1),
        ImagePreview(2, 2, 3, (pixels, pixels), ("cat", "dog"), ("a.png", "b.png")),
    )
    words = [panel.pictures.item(row).text() for row in range(panel.pictures.count())]
    assert words == ["cat → dog\n90 %", "dog\n50 %"]
    image = panel.pictures.item(0).icon().pixmap(64, 64).toImage()
    assert image.pixelColor(image.width() // 2, image.height() // 2).red() == 200


def _target(project):
    return project.dataset.targets()[0].name


def _go(page):
    from studio.ui.controls import Button

    return next(b for b in page.empty.findChildren(Button) if b.text() == "Go to Train")


def test_of_several_outputs_one_is_looked_at(page, train, rows_project, qtbot):
    number = next(c for c in rows_project.dataset.inputs() if c.kind == "number")
    dataset = rows_project.dataset.with_column(number.name, role="target")
    project = replace(rows_project, dataset=dataset)
    problem = Problem("", fix=Fix("add_output", "", {"target": number.name}))
    project = apply_fix(project, problem.fix)
    unnamed = next(n for n in project.graph if n.layer == "output" and "target" not in n.params)
    target = _target(rows_project)
    train(replace(project, graph=set_param(project.graph, unnamed.id, "target", target)))
    first = _evaluated(page, qtbot)
    (other,) = first.others
    assert page.outputs.key == first.output
    qtbot.mouseClick(page.outputs.button(other.output), Qt.MouseButton.LeftButton)
    assert page.evaluation is other
    assert page.matrix.isVisible() is (other.task == "classes")
