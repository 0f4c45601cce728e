"""The drawer of the Model page draws the newest run as soon as it is opened."""

from PySide6.QtWidgets import QWidget

from studio.ui.pages.model import ModelPage


def test_the_drawer_draws_a_run_of_the_past_when_it_is_opened(
    qtbot, context, show, train, rows_project
):
    train(rows_project)
    page = show(ModelPage(context))
    assert page.drawer.is_folded
    assert page.findChild(QWidget, "model.curves") is None  # nothing heavy until it is asked for
    page.drawer.fold_button.click()
    qtbot.waitUntil(lambda: page.findChild(QWidget, "model.curves") is not None)
    curves = page.findChild(QWidget, "model.curves")
    qtbot.waitUntil(lambda: curves.repaints > 0)
    assert curves.isVisible()


def test_another_project_without_runs_says_what_to_do(
    qtbot, context, show, train, rows_project, numbers_project
):
    train(rows_project)
    page = show(ModelPage(context))
    page.drawer.fold_button.click()
    qtbot.waitUntil(lambda: page.findChild(QWidget, "model.curves") is not None)
    context.files.new(numbers_project, "Other")
    qtbot.waitUntil(lambda: page.curves.empty.isVisible())
    assert not page.findChild(QWidget, "model.curves").isVisible()
