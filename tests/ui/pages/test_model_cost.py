"""What each layer costs, as colours on the cards, and the total beside what a person allows."""

import pytest
from PySide6.QtWidgets import QLabel, QMenu, QPushButton

from studio.core.design.budget import Budget
from studio.ui.cards import Note
from studio.ui.pages.model import ModelPage
from studio.ui.pages.model_cost import HeatButton
from tests.builders import chain, images

PATIENCE = 30_000


@pytest.fixture
def page(context, show):
    conv = ("conv2d", {"out_channels": 8, "kernel_size": 3, "keep_size": True})
    project = chain(images(), conv, "relu", "flatten", ("linear", {"out_features": 10}))
    context.document.open_project(project, None)
    return show(ModelPage(context))


def node_id(page, layer):
    graph = page.stage.canvas.picture.graph
    return next(node.id for node in graph if node.layer == layer)


def said(page):
    return [note.words.text() for note in page.cost_view.findChildren(Note) if note.isVisible()]


def test_colours_are_off_until_they_are_chosen_from_the_button(qtbot, page):
    assert page.marks.heat == {}
    heat = page.findChild(HeatButton)
    heat.click()
    menu = heat.findChild(QMenu)
    next(a for a in menu.actions() if a.objectName() == "model.heat.multiply_adds").trigger()
    menu.close()
    assert heat.text() == "Multiply-adds"
    linear, conv = node_id(page, "linear"), node_id(page, "conv2d")
    assert page.marks.heat[linear].share == 1.0
    assert page.marks.heat[conv].share == pytest.approx(0.9)
    assert node_id(page, "relu") not in page.marks.heat
    page.cost.choose_heat(None)
    assert page.marks.heat == {}


def test_the_choice_is_kept_for_the_next_time(page, context, show):
    page.cost.choose_heat("weights")
    other = show(ModelPage(context))
    assert other.cost.heat == "weights"
    assert node_id(page, "linear") in other.marks.heat


def test_a_budget_that_is_passed_names_the_costliest_and_leads_there(qtbot, page, context):
    assert said(page) == []
    page.cost_view.budget_changed.emit(Budget(size=0.01), "budget_size")
    qtbot.waitUntil(lambda: len(said(page)) == 1)
    (words,) = said(page)
    linear = node_id(page, "linear")
    assert context.document.project.graph.nodes[linear].name in words
    link = next(b for b in page.cost_view.findChildren(QPushButton) if b.text() == "Show it")
    link.click()
    assert context.selection.only == linear
    page.cost_view.budget_changed.emit(Budget(), "budget_size")
    assert said(page) == []


def test_the_budget_belongs_to_the_project_and_is_undone_with_it(qtbot, page, context):
    document, view = context.document, page.cost_view
    view.unfold.click()
    field = view.fields.fields["budget_size"]
    for typed in ("0.0", "0.01"):
        field.edited.emit(float(typed))
    field.finished.emit()
    assert document.project.budget == Budget(size=0.01)
    qtbot.waitUntil(lambda: len(said(page)) == 1)
    document.undo_stack.undo()  # what was typed in one go is one step
    assert document.project.budget == Budget()
    assert said(page) == []
    assert field.value() == 0.0
    document.undo_stack.redo()
    assert field.value() == 0.01
    document.open_project(chain(images(), "flatten", "linear"), None)
    assert field.value() == 0.0


def told(facts):
    """Each fact as it is spoken."""
    return [one.accessibleName() for one in facts.findChildren(QLabel) if not one.isHidden()]


def test_time_is_measured_only_where_it_is_bounded(qtbot, page):
    def is_timed():
        return any(words.startswith("Time here") for words in told(page.cost_view.facts))

    assert not is_timed()
    page.cost_view.budget_changed.emit(Budget(milliseconds=1e-6), "budget_milliseconds")
    qtbot.waitUntil(is_timed, timeout=PATIENCE)
    qtbot.waitUntil(lambda: len(said(page)) == 1)


def test_the_node_tells_what_it_costs(page, context):
    context.selection.choose((node_id(page, "linear"),))
    assert "Multiply-adds 62\u2009720" in told(page.inspector.node.facts)
