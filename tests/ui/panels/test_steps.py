"""Repairs and variations as cards: added by what fits, changed, moved, switched off, undone."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QMenu, QWidget

from studio.core.catalogue import CLEANING
from studio.core.design.profile import BeforeAfter, ColumnChange, Spread
from studio.core.design.project import Project
from studio.core.design.shaping import SeriesSpec
from studio.ui.document import Document
from studio.ui.panels.step_edits import offers_for_all, offers_for_column, variations
from studio.ui.panels.step_effect import StepEffect, effect_words
from studio.ui.panels.steps import StepsPanel
from tests.ui.panels.datasets import pictures, table


@pytest.fixture
def document():
    made = Document()
    made.open_project(Project(table()), None)
    return made


@pytest.fixture
def panel(qtbot, dressed, document):
    made = StepsPanel(document, "recipe")
    qtbot.addWidget(made)
    made.resize(288, 700)
    with qtbot.waitExposed(made):
        made.show()
    return made


def offered(offers):
    return {offer.entry.key for offer in offers}


def add(panel, key, column=""):
    offers = [offer for _, some in panel.offers() for offer in some]
    columns = (column,) if column else ()
    panel.add_step(next(o for o in offers if (o.entry.key, o.columns) == (key, columns)))


def recipe(document):
    return document.project.dataset.recipe


def test_what_is_offered_fits_the_kind_of_the_column():
    dataset = table()
    assert {"fill_missing", "clip_outliers", "log"} <= offered(offers_for_column(dataset, "weight"))
    of_colour = offered(offers_for_column(dataset, "colour"))
    assert {"rare_categories", "merge_categories", "to_number"} <= of_colour
    assert not {"log", "date_parts", "smooth"} & of_colour
    assert "to_number" not in offered(offers_for_all(dataset))
    assert "smooth" in offered(offers_for_all(replace(dataset, series=SeriesSpec())))
    assert offers_for_column(dataset, "nowhere") == ()


def test_the_menu_speaks_of_the_chosen_column_first(qtbot, panel):
    panel.choose_column("weight")
    qtbot.mouseClick(panel.add, Qt.MouseButton.LeftButton)
    menu = panel.findChild(QMenu, "recipe.menu")
    words = [action.text() for action in menu.actions()]
    assert words[0] == "For weight"
    assert words.index("Fill gaps") < words.index("For all columns")
    action = next(a for a in menu.actions() if a.text() == "Limit outliers")
    assert "Brings numbers far" in action.toolTip()
    action.trigger()
    menu.close()
    assert [card.face.entry.key for card in panel.cards] == ["clip_outliers"]


def test_a_step_is_one_undo_and_opens_at_once(qtbot, panel, document):
    panel.choose_column("weight")
    with qtbot.waitSignal(panel.step_opened) as opened:
        add(panel, "fill_missing", "weight")
    assert opened.args == [0]
    assert recipe(document)[0].columns == ("weight",)
    assert document.undo_stack.undoText() == "Add Fill gaps"
    qtbot.waitUntil(panel.findChild(object, "field.method").isVisible)
    document.undo_stack.undo()
    assert panel.cards == []


def test_a_text_that_is_read_as_a_number_becomes_one_in_the_same_step(panel, document):
    panel.choose_column("note")
    add(panel, "to_number", "note")
    assert document.project.dataset.choice("note").kind == "number"
    assert document.undo_stack.count() == 1
    document.undo_stack.undo()
    assert document.project.dataset.choice("note").kind == "text"
    assert recipe(document) == ()


def test_values_and_columns_are_edits_of_the_step(qtbot, panel, document):
    panel.choose_column("weight")
    add(panel, "fill_missing", "weight")
    field = panel.findChild(object, "field.method")
    field.combo.setCurrentIndex(field.combo.findData("mean"))
    field.combo.activated.emit(field.combo.currentIndex())
    assert recipe(document)[0].params["method"] == "mean"
    columns = panel.findChild(object, "field.columns")
    assert columns.list.names == ("weight", "price")
    columns.list.ticked.emit(("weight", "price"))
    assert recipe(document)[0].columns == ("weight", "price")
    assert panel.cards[0].remark.whole_text == "weight, price · The mean"


def test_categories_to_merge_are_those_of_the_column(panel, document):
    panel.choose_column("colour")
    add(panel, "merge_categories", "colour")
    assert panel.findChild(object, "field.from").list.names == ("blue", "red")


def test_a_step_is_switched_off_without_being_lost(qtbot, panel, document):
    add(panel, "remove_duplicates")
    qtbot.mouseClick(panel.cards[0].switch, Qt.MouseButton.LeftButton)
    assert not recipe(document)[0].is_on
    assert document.undo_stack.undoText() == "Leave Remove repeated rows"
    document.undo_stack.undo()
    assert panel.cards[0].switch.isChecked()


def test_keys_move_and_remove_a_step(qtbot, panel, document):
    add(panel, "remove_duplicates")
    add(panel, "drop_missing")
    title = panel.cards[1].title
    title.setFocus()
    qtbot.keyClick(title, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert [step.key for step in recipe(document)] == ["drop_missing", "remove_duplicates"]
    assert panel.cards[0].accessibleName() == "Step 1 of 2: Leave out rows with gaps"
    assert panel.open_step == 0
    qtbot.keyClick(panel.cards[0].title, Qt.Key.Key_Delete)
    assert [step.key for step in recipe(document)] == ["remove_duplicates"]
    assert document.undo_stack.undoText() == "Remove Leave out rows with gaps"


def test_a_step_is_dragged_to_another_place(qtbot, panel, document):
    for key in ("remove_duplicates", "drop_missing", "scale"):
        add(panel, key)
    panel.open(2)
    card = panel.cards[0]
    start = QPoint(4, 4)
    qtbot.mousePress(card.handle, Qt.MouseButton.LeftButton, pos=start)
    way = QPoint(0, 2 * card.height())
    qtbot.mouseRelease(card.handle, Qt.MouseButton.LeftButton, pos=start + way)
    assert [step.key for step in recipe(document)] == ["drop_missing", "scale", "remove_duplicates"]


def test_variations_fit_what_the_model_takes(qtbot, dressed, document):
    panel = StepsPanel(document, "augmentation")
    qtbot.addWidget(panel)
    document.open_project(Project(pictures()), None)
    assert "flip_horizontal" in offered(variations(document.project.dataset))
    assert panel.add.isEnabled()
    panel.add_step(next(o for o in variations(document.project.dataset) if o.columns))
    assert document.project.dataset.augmentation[0].columns == ("images",)


def test_without_anything_to_vary_the_button_says_so(qtbot, dressed, document, monkeypatch):
    monkeypatch.setattr("studio.ui.panels.steps.variations", lambda _dataset: ())
    panel = StepsPanel(document, "augmentation")
    qtbot.addWidget(panel)
    assert not panel.add.isEnabled()
    assert "Nothing that these data hold" in panel.add.toolTip()


CHANGE = ColumnChange(
    "weight",
    "number",
    Spread(edges=(0.0, 5.0, 90.0), bars=(9, 1)),
    Spread(edges=(0.0, 5.0, 9.0), bars=(9, 1)),
    missing_before=2,
    cells=((90.0, 9.0), (None, 4.5)),
    cell_rows=(7, 12),
    changed=3,
)


@pytest.mark.parametrize(
    ("effect", "words"),
    [
        (BeforeAfter(0, 100, 100), "It changes nothing in these data."),
        (
            BeforeAfter(0, 100, 98, left_out=(3, 9)),
            "2 of 100 rows are left out, such as row 3, 9.",
        ),
        (BeforeAfter(0, 100, 100, (CHANGE,)), "3 values become others."),
        (BeforeAfter(0, 9, 9, added=("day: hour",)), "New columns: day: hour."),
    ],
)
def test_what_a_step_does_is_said_in_words(effect, words):
    assert effect_words(effect) == words


def test_of_a_large_table_the_words_say_how_many_rows_were_looked_at():
    words = effect_words(BeforeAfter(0, 900, 890, sampled=900))
    assert words == "10 of 900 rows are left out. Seen in 900 rows drawn at random."


def test_before_and_after_stand_beside_each_other(qtbot, dressed):
    view = StepEffect()
    qtbot.addWidget(view)
    view.resize(250, 300)
    view.show_waiting()
    view.show_effect(BeforeAfter(0, 100, 100, (CHANGE,) * 5))
    words = [part.text() for part in view.findChildren(QLabel)]
    assert "90 → 9" in words
    assert "– → 4.5" in words
    assert "2 → 0" in words
    assert "and 2 more columns" in words
    said = [part.accessibleDescription() for part in view.findChildren(QWidget)]
    assert said.count("before: 0 to 90; after: 0 to 9") == 3
    view.show_trouble("")
    assert not view.isVisible()


def test_a_value_that_was_not_among_the_most_frequent_is_not_said_to_be_new(qtbot, dressed):
    before, after = (("red", 40), ("blue", 30)), (("red", 38), ("green", 20))
    change = ColumnChange("colour", "category", frequent_before=before, frequent_after=after)
    view = StepEffect()
    qtbot.addWidget(view)
    view.show_effect(BeforeAfter(0, 100, 90, (change,)))
    words = [part.text() for part in view.findChildren(QLabel)]
    assert "40 → 38" in words
    assert "green" not in words


def test_every_repair_has_its_place_in_some_menu():
    dataset = replace(table(), series=SeriesSpec())
    for name, kind in (("note", "text"), ("weight", "date"), ("price", "number")):
        dataset = dataset.with_column(name, kind=kind)
    found = offered(offers_for_all(dataset))
    for column in dataset.columns:
        found |= offered(offers_for_column(dataset, column.name))
    assert found == set(CLEANING)
