"""The split as a bar: drag a border, move it by key, undo it."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt

from studio.core.design.dataset import SplitSpec
from studio.core.design.previews import SeriesPreview
from studio.core.design.project import Project
from studio.core.design.usable import usable_rows
from studio.ui.document import Document
from studio.ui.panels.split import SplitCard
from studio.ui.panels.split_bar import HANDLE_WIDTH, SplitBar, border_of, moved, percents
from tests.ui.panels.datasets import pictures, table


@pytest.mark.parametrize(
    ("border", "to", "wanted"),
    [
        ("validation", 60, (60, 25, 15)),
        ("validation", 99, (85, 0, 15)),
        ("validation", 2, (10, 75, 15)),
        ("test", 90, (70, 20, 10)),
        ("test", 100, (70, 30, 0)),
        ("test", 20, (70, 0, 30)),
    ],
)
def test_a_border_moves_alone_and_training_keeps_a_tenth(border, to, wanted):
    assert percents(moved(SplitSpec(), border, to)) == wanted


@pytest.fixture
def document():
    made = Document()
    made.open_project(Project(table()), None)
    return made


@pytest.fixture
def card(qtbot, document):
    made = SplitCard(document)
    qtbot.addWidget(made)
    made.resize(700, 140)
    with qtbot.waitExposed(made):
        made.show()
    return made


def drag(qtbot, handle, by, *, ends=True):
    start = QPoint(HANDLE_WIDTH // 2, 10)
    qtbot.mousePress(handle, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(handle, start + QPoint(by, 0))
    if ends:
        qtbot.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=start)


def test_a_drag_is_one_step_made_when_the_border_is_let_go(qtbot, card, document):
    handle = card.bar.handles["validation"]
    before = document.project
    tenth = round(card.bar.width() / 10)
    drag(qtbot, handle, -tenth, ends=False)
    assert document.project is before
    assert percents(card.bar.split) == (60, 25, 15)
    qtbot.mouseRelease(handle, Qt.MouseButton.LeftButton)
    assert percents(document.project.dataset.split) == (60, 25, 15)
    assert document.undo_stack.count() == 1
    document.undo_stack.undo()
    assert percents(card.bar.split) == (70, 15, 15)


def test_escape_puts_a_dragged_border_back(qtbot, card, document):
    handle = card.bar.handles["test"]
    drag(qtbot, handle, -50, ends=False)
    qtbot.keyClick(handle, Qt.Key.Key_Escape)
    qtbot.mouseRelease(handle, Qt.MouseButton.LeftButton)
    assert percents(card.bar.split) == (70, 15, 15)
    assert document.undo_stack.count() == 0


def test_arrow_keys_move_a_border_and_melt_into_one_step(qtbot, card, document):
    handle = card.bar.handles["validation"]
    handle.setFocus()
    for _ in range(3):
        qtbot.keyClick(handle, Qt.Key.Key_Right)
    qtbot.keyClick(handle, Qt.Key.Key_PageDown)
    assert percents(document.project.dataset.split) == (68, 17, 15)
    assert document.undo_stack.count() == 1


def test_the_bar_says_how_many_rows_have_a_target(card, document):
    assert usable_rows(document.project.dataset) == 96
    assert sum(card.bar.counts()) == 96
    assert "68 rows" in card.bar.accessibleDescription()


def test_a_test_part_of_the_source_stays_as_it_is(qtbot, card, document):
    dataset = pictures((40, 60))
    dataset = replace(dataset, summary=replace(dataset.summary, own_test_rows=20))
    document.open_project(Project(dataset), None)
    assert not card.bar.handles["test"].isVisible()
    assert card.bar.counts() == (68, 12, 20)
    qtbot.keyClick(card.bar.handles["validation"], Qt.Key.Key_Left)
    split = document.project.dataset.split
    assert (split.validation, split.test) == (0.16, 0.15)
    assert border_of(card.bar.split, "test") == 100


def test_seed_and_shares_are_edits(qtbot, card, document):
    qtbot.mouseClick(card.how, Qt.MouseButton.LeftButton)
    seed = card.findChild(object, "field.split_seed").entry
    seed.setFocus()
    seed.selectAll()
    qtbot.keyClicks(seed, "42")
    assert document.project.dataset.split.seed == 42
    assert document.undo_stack.count() == 1
    document.apply(
        lambda p: Project(
            p.dataset.with_column("price", role="input").with_column("colour", role="target")
        ),
        "Target",
    )
    qtbot.mouseClick(card.findChild(object, "field.stratified").switch, Qt.MouseButton.LeftButton)
    assert not document.project.dataset.split.is_stratified


def test_only_classes_have_shares_to_keep(card):
    field = card.findChild(object, "field.stratified")
    assert not field.isEnabled()
    assert field.toolTip() == "Only classes have shares to keep."


def pick(card, key, value):
    field = card.form.findChild(object, f"field.{key}")
    field.combo.setCurrentIndex(field.combo.findData(value))
    field.combo.activated.emit(field.combo.currentIndex())


def test_a_group_is_kept_together_by_a_column_that_is_offered_at_once(card, document):
    pick(card, "split_method", "group")
    split = document.project.dataset.split
    assert (split.method, split.column) == ("group", "colour")
    assert card.words.whole_text == "By group: rows with the same colour stay together."
    pick(card, "split_column", "weight")
    assert document.project.dataset.split.column == "weight"
    document.undo_stack.undo()
    document.undo_stack.undo()
    assert card.words.whole_text == "At random."


def test_what_belongs_together_is_kept_so_and_said(card, document):
    field = card.form.findChild(object, "field.split_together")
    assert field.isVisibleTo(card.form)
    assert field.combo.findData("price") == -1  # the target
    pick(card, "split_together", "colour")
    assert document.project.dataset.split.together == "colour"
    assert card.words.whole_text == "At random; rows with the same colour stay together."
    pick(card, "split_method", "group")
    assert document.project.dataset.split.column == "colour"
    assert not card.form.findChild(object, "field.split_together").isVisibleTo(card.form)
    assert card.words.whole_text == "By group: rows with the same colour stay together."
    pick(card, "split_method", "column")
    pick(card, "split_together", "")
    assert document.project.dataset.split.together == ""


def test_the_form_grows_upwards_and_the_button_below_it_stays_in_sight(qtbot, card):
    qtbot.mouseClick(card.how, Qt.MouseButton.LeftButton)
    before = card.form.geometry()
    pick(card, "split_method", "column")
    after = card.form.geometry()
    assert after.height() > before.height()
    assert after.bottom() <= before.bottom()


def test_pictures_are_not_called_rows(qtbot):
    document = Document()
    document.open_project(
        Project(replace(pictures(), split=SplitSpec(method="group", column="x"))), None
    )
    card = SplitCard(document)
    qtbot.addWidget(card)
    assert card.words.whole_text == "By group: images with the same x stay together."


def test_by_a_column_the_borders_stand_still_and_say_why(card, document):
    pick(card, "split_method", "column")
    handle = card.bar.handles["test"]
    assert not handle.isEnabled()
    assert "colour" in handle.toolTip()
    pick(card, "split_method", "random")
    assert handle.isEnabled()


def test_folds_cut_what_is_not_test(qtbot, card, document):
    qtbot.mouseClick(card.how, Qt.MouseButton.LeftButton)
    folds = card.form.findChild(object, "field.folds").entry
    folds.selectAll()
    qtbot.keyClicks(folds, "5")
    assert card.bar.counts()[1] == 16  # a fifth of 85 % of 96 rows
    pick(card, "fold", "3")
    assert document.project.dataset.split.fold == 3
    assert card.words.whole_text == "At random; fold 4 of 5 is validation."


def test_borders_of_a_series_are_told_by_their_dates(card, document):
    document.apply(lambda p: Project(replace(p.dataset, split=SplitSpec(method="time"))), "By time")
    assert card.words.whole_text == "By time: the last rows of the file are the test part."
    card.show_borders(SeriesPreview(borders=(1_700_000_000.0, 1_701_000_000.0), is_time=True))
    assert "until 14 Nov 2023, validation until 26 Nov 2023" in card.words.whole_text


def test_shares_of_whole_groups_are_said_to_be_about_right(qtbot):
    bar = SplitBar()
    qtbot.addWidget(bar)
    bar.show_split(SplitSpec(), 200)
    assert bar.part_words(0, "140")[0].startswith("70 %, 140")
    bar.show_split(SplitSpec(method="group", column="site"), 200)
    assert bar.part_words(0, "140") == ("about 70 %", "70 %")
    bar.show_split(SplitSpec(together="site"), 200)
    assert bar.part_words(0, "140") == ("about 70 %", "70 %")
    bar.show_split(SplitSpec(test=0.0, together="site"), 200, 50)
    assert bar.part_words(2, "50")[1] == "25 %, 50"
