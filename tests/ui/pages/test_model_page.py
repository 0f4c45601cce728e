"""The Model page: its parts work together, and an empty canvas says the next step."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QListWidget,
    QMenu,
    QPushButton,
    QTreeWidget,
    QWidget,
)

from studio.core.design import edits
from studio.core.design.block_edits import grouped, opened
from studio.core.design.graph import Edge
from studio.core.design.project import Project
from studio.core.problems import Place
from studio.core.run.events import EpochDone, RunStarted
from studio.core.run.history import History
from studio.ui.pages.model import ModelPage
from tests.builders import chain, images, table
from tests.ui.canvas.conftest import Hand


@pytest.fixture
def page(qtbot, studio, dressed):
    dressed.has_motion = False
    studio.document.open_project(chain(images(), ("linear", {"out_features": 10})), None)
    made = ModelPage(studio)
    qtbot.addWidget(made)
    made.resize(1350, 820)
    with qtbot.waitExposed(made):
        made.show()
    return made


def button(page, words):
    return next(b for b in page.findChildren(QPushButton) if b.text() == words and b.isVisible())


def test_every_part_has_its_name_and_says_what_it_is(page):
    for name in ("palette", "canvas", "inspector", "network.layers", "outline", "problems"):
        part = page.findChild(QWidget, name)
        assert part is not None
        assert part.accessibleName()


def test_a_double_click_in_the_palette_places_the_layer_after_the_selected_node(page, studio):
    studio.selection.choose(("linear_1",))
    shown = page.findChild(QListWidget, "palette.layers")
    item = shown.findItems("ReLU", Qt.MatchFlag.MatchExactly)[0]
    shown.scrollToItem(item)
    place = shown.visualItemRect(item).center()
    QTest.mouseClick(shown.viewport(), Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseDClick(shown.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert Edge("linear_1", "relu_1") in studio.document.project.graph.edges


def test_the_outline_selects_a_node_and_brings_it_into_sight(page, studio):
    page.canvas.zoom_to(3.0)
    page.canvas.pan_by(-5000, -5000)
    outline = page.findChild(QTreeWidget, "network.layers")
    outline.setFocus()
    outline.go_to("linear_1")
    QTest.keyClick(outline, Qt.Key.Key_Return)
    assert studio.selection.only == "linear_1"
    seen = page.canvas.mapToScene(page.canvas.viewport().rect()).boundingRect()
    assert seen.contains(page.canvas.picture.content(("linear_1",)).center())


def test_the_place_of_a_problem_is_found(page, studio):
    studio.navigation.show_place(Place("node", "linear_1"))
    assert studio.selection.only == "linear_1"
    studio.navigation.show_place(Place("node", "nobody"))
    assert studio.selection.only == "linear_1"


def test_the_actions_arrange_and_fit_say_why_they_cannot(page, studio):
    assert studio.actions["arrange"].isEnabled()
    studio.document.apply_to_graph(
        lambda graph: edits.move(graph, {"linear_1": (900.0, 900.0)}), "Move"
    )
    studio.actions["arrange"].trigger()
    assert studio.document.undo_stack.undoText() == "Arrange"
    studio.document.open_project(Project(), None)
    assert not studio.actions["arrange"].isEnabled()
    assert studio.actions["arrange"].toolTip() == "The network has no layers yet."


def test_an_empty_canvas_starts_from_what_fits_the_data_as_one_step(page, studio):
    studio.document.open_project(Project(table()), None)
    button(page, "Start with Classify rows").click()
    assert studio.document.report.can_train
    assert studio.document.undo_stack.count() == 1
    studio.document.undo_stack.undo()
    assert len(studio.document.project.graph) == 0
    assert button(page, "Start with Classify rows").isVisible()


def test_what_is_carried_onto_an_empty_canvas_finds_nothing_in_its_way(page, studio):
    """A drop on a button would be lost, so none is there meanwhile."""
    studio.document.open_project(Project(images()), None)
    stage, hand = page.stage, Hand(page.canvas)
    parts = (stage.empty.words, stage.empty.buttons)
    shown = []
    page.canvas.carried.connect(lambda _is_on: shown.append([p.isVisibleTo(page) for p in parts]))
    middle = page.canvas.mapToScene(page.canvas.viewport().rect().center())
    hand.carry("relu", middle, drops=False)
    assert shown == [[False, False], [True, True]]
    hand.carry("relu", middle)
    assert "relu_1" in studio.document.project.graph.nodes
    assert not any(part.isVisibleTo(page) for part in parts)


def test_an_empty_canvas_offers_every_template_that_fits_the_data(page, studio):
    studio.document.open_project(Project(images()), None)
    page.findChild(QPushButton, "model.templates").click()
    menu = page.findChild(QMenu, "model.templates.menu")
    shown = {action.text(): action for action in menu.actions()}
    assert {"Recognize images", "ResNet-18", "Small residual network"} <= set(shown)
    assert not {"Fit a line", "Translate sentences"} & set(shown)
    shown["Small residual network"].trigger()
    menu.close()
    assert studio.document.report.can_train
    assert studio.document.undo_stack.undoText() == "Start with Small residual network"


def test_an_empty_canvas_without_data_leads_to_the_data(page, studio):
    studio.document.open_project(Project(), None)
    assert button(page, "Open data").isVisible()
    button(page, "Add a layer").click()
    box = page.findChild(QWidget, "quick_add")
    assert box.isVisible()
    QTest.keyClick(box.findChild(QWidget, ""), Qt.Key.Key_Escape)
    page.canvas.setFocus()


def test_the_zoom_is_shown_and_goes_back_to_life_size(page):
    page.canvas.zoom_to(0.5)
    button(page, "50 %").click()
    assert page.canvas.zoom == pytest.approx(1.0)
    assert button(page, "100 %").isVisible()


def test_the_drawer_opens_and_stays_as_it_was_left(page, studio, qtbot):
    problems = page.findChild(QWidget, "problems")
    assert not problems.isVisible()
    page.drawer.show_tab(1)
    page.drawer.fold_button.click()
    assert problems.isVisible()
    again = ModelPage(studio)
    qtbot.addWidget(again)
    assert not again.drawer.is_folded


def test_the_drawer_counts_the_problems(page, studio):
    tag = page.drawer.tabs.tabButton(1, page.drawer.tabs.ButtonPosition.RightSide)
    assert (tag.text(), tag.isVisible()) == ("1", True)
    button_row = page.problems.findChildren(QPushButton)[0]
    button_row.click()
    assert not tag.isVisible()


def test_a_narrow_page_folds_the_palette_and_gives_it_back(page):
    page.resize(912, 600)
    assert not page.layers.isVisible()
    page.stage.palette_button.click()
    assert page.layers.isVisible()
    assert not page.inspector.isVisible()  # both would leave no canvas between them
    assert page.stage.inspector_button.accessibleName() == "Show the inspector"
    page.stage.inspector_button.click()
    assert page.inspector.isVisible()
    assert not page.layers.isVisible()
    page.resize(1350, 820)
    page.stage.palette_button.click()
    assert page.layers.isVisible()
    assert page.inspector.isVisible()


def test_floating_buttons_stay_when_the_canvas_is_panned(page):
    place = page.stage.tools.pos()
    page.canvas.pan_by(70, -40)
    assert page.stage.tools.pos() == place


def test_the_curves_are_there_with_the_first_news_of_a_run(page, studio, qtbot):
    page.drawer.fold_button.click()
    train = [b for b in page.drawer.findChildren(QPushButton) if b.text() == "Train"]
    assert train[0].isVisible()
    history = History()
    history.add(RunStarted("r1", "cpu", 10, 5, 3))
    history.add(EpochDone(1, {"loss": 1.0}, {"loss": 1.1}, 0.1, 100.0, True))
    studio.runs.updated.emit(history)
    curves = page.findChild(QWidget, "model.curves")
    assert curves.isVisible()
    qtbot.waitUntil(lambda: curves.repaints > 0)


def test_tab_goes_from_the_left_column_over_the_canvas_to_the_right(page, qtbot):
    page.resize(1350, 820)
    page.window().activateWindow()
    page.left.show_panel("outline")
    page.left.outline.setFocus(Qt.FocusReason.TabFocusReason)
    passed = []
    for _ in range(30):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        passed.append(QApplication.focusWidget())
    order = [part for part in (page.canvas, page.inspector) if part in passed]
    assert order == [page.canvas, page.inspector]
    assert passed.index(page.canvas) < passed.index(page.inspector)


def test_it_is_seen_that_the_canvas_has_the_keyboard(page):
    edge = page.canvas.findChild(QWidget, "focus_edge")
    page.canvas.setFocus(Qt.FocusReason.TabFocusReason)
    assert edge.isVisible()
    assert edge.size() == page.canvas.size()
    page.layers.search.setFocus()
    assert not edge.isVisible()
    page.canvas.setFocus(Qt.FocusReason.MouseFocusReason)
    assert not edge.isVisible()


def test_the_left_column_keeps_what_it_showed(page, studio, qtbot):
    page.left.choice.button("outline").click()
    assert page.left.outline.isVisible()
    again = ModelPage(studio)
    qtbot.addWidget(again)
    assert again.left.shown == "outline"


def test_enter_leads_to_the_settings_and_escape_back_to_where_it_was(page, studio, qtbot):
    page.resize(1350, 820)
    page.window().activateWindow()
    studio.actions.trigger("outline")
    tree = page.left.outline.tree
    assert tree.hasFocus()
    studio.selection.choose(("linear_1",))
    qtbot.keyClick(tree, Qt.Key.Key_Return)
    assert page.inspector.isAncestorOf(QApplication.focusWidget())
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert tree.hasFocus()
    qtbot.keyClick(tree, Qt.Key.Key_Escape)
    assert page.canvas.hasFocus()
    qtbot.keyClick(page.canvas, Qt.Key.Key_Return)
    assert page.inspector.isAncestorOf(QApplication.focusWidget())
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert page.canvas.hasFocus()


def test_ctrl_f_opens_the_find_bar_on_the_canvas(page, studio):
    studio.actions.trigger("find_node")
    assert page.keyboard.find_bar.isVisible()
    assert page.keyboard.find_bar.field.hasFocus()
    page.keyboard.find_bar.close_bar()


def test_what_blocks_and_states_do_by_key_is_done_from_the_outline_too(page, studio, qtbot):
    page.window().activateWindow()
    studio.actions.trigger("outline")
    studio.selection.choose(("linear_1",))
    tree = page.left.outline.tree
    qtbot.keyClick(tree, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert studio.document.project.graph.nodes["linear_1"].state == "bypassed"
    rows = [tree.topLevelItem(number) for number in range(tree.topLevelItemCount())]
    said = [row.data(0, Qt.ItemDataRole.AccessibleTextRole) for row in rows]
    assert any("bypassed" in line for line in said)


def test_escape_leads_from_the_layers_back_to_the_canvas(page, qtbot):
    page.window().activateWindow()
    page.left.show_panel("layers")
    page.layers.search.setFocus()
    qtbot.keyClicks(page.layers.search, "relu")
    qtbot.keyClick(page.layers.search, Qt.Key.Key_Escape)
    assert page.layers.search.text() == ""
    assert page.layers.search.hasFocus()
    qtbot.keyClick(page.layers.search, Qt.Key.Key_Escape)
    assert page.canvas.hasFocus()


@pytest.fixture
def hidden(page, studio):
    """The ReLU in a closed block in another closed one, and what it takes is far too small."""
    project = chain(images(), ("conv2d", {"kernel_size": 31}), "relu", "flatten")
    graph, inner = grouped(project.graph, ("conv2d_1", "relu_1"), "Inner")
    graph, outer = grouped(graph, ("conv2d_1", "relu_1", "flatten_1"), "Outer")
    for block in (inner, outer):
        graph = opened(graph, block, is_open=False)
    studio.document.open_project(replace(project, graph=graph), None)
    return outer


def is_revealed(page, studio, node_id):
    graph = studio.document.project.graph
    seen = page.canvas.mapToScene(page.canvas.viewport().rect()).boundingRect()
    return (
        all(block.is_open for block in graph.blocks.values())
        and studio.selection.only == node_id
        and seen.contains(page.canvas.picture.content((node_id,)))
    )


def test_a_problem_inside_closed_blocks_opens_them_and_selects_its_node(page, studio, hidden):
    before = studio.document.undo_stack.count()
    (problem,) = [p for p in studio.document.report.problems if p.place.key == "conv2d_1"]
    studio.navigation.show_place(problem.place)
    assert is_revealed(page, studio, "conv2d_1")
    assert studio.document.undo_stack.count() == before + 1
    studio.document.undo_stack.undo()
    assert not any(b.is_open for b in studio.document.project.graph.blocks.values())


def test_a_row_of_the_outline_that_is_clicked_is_shown_in_its_block(page, studio, hidden):
    page.keyboard.outline_wanted.emit()
    tree = page.left.outline.tree
    tree.expandAll()
    item = tree.findItems("ReLU 1", Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive)[0]
    tree.scrollToItem(item)
    place = tree.visualItemRect(item).center()
    QTest.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert studio.selection.only == "relu_1"
    assert all(block.is_open for block in studio.document.project.graph.blocks.values())
    assert page.canvas.picture.view.card("relu_1") == "relu_1"


def test_walking_over_the_rows_of_the_outline_opens_nothing(page, studio, hidden):
    page.keyboard.outline_wanted.emit()
    tree = page.left.outline.tree
    tree.setFocus()
    before = studio.document.project
    for _row in range(5):
        QTest.keyClick(tree, Qt.Key.Key_Down)
    assert studio.document.project is before
    QTest.keyClick(tree, Qt.Key.Key_Up)
    assert studio.document.project is before
