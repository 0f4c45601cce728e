"""What the left and the right side of the Data page say, and the edits that they send."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from studio.core.design.dataset import leak_detail
from studio.core.design.project import Project
from studio.core.problems import Fix, Place, Problem, Severity
from studio.ui.cards import Card
from studio.ui.controls import Button, Tag
from studio.ui.document import Document
from studio.ui.editors import TEXT_INSET, Combo
from studio.ui.panels.column_facts import ColumnFacts
from studio.ui.panels.data_problems import DataProblems
from studio.ui.panels.dataset import DatasetPanel, size_in_words
from studio.ui.theme import INSPECTOR_WIDTH, SMALL_ICON_SIZE
from tests.ui.panels.datasets import pictures, table


@pytest.fixture
def document():
    made = Document()
    made.open_project(Project(table()), None)
    return made


def shown(qtbot, widget):
    qtbot.addWidget(widget)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def pick(field, key):
    field.combo.setCurrentIndex(field.combo.findData(key))
    field.combo.activated.emit(field.combo.currentIndex())


def field(widget, key):
    return widget.findChild(object, f"field.{key}")


def words_of(widget):
    from PySide6.QtWidgets import QLabel

    return [w.text() for w in widget.findChildren(QLabel) if w.isVisibleTo(widget)]


def test_the_target_is_chosen_among_columns_that_can_be_one(qtbot, document):
    panel = shown(qtbot, DatasetPanel(document))
    combo = field(panel, "target").combo
    assert [combo.itemData(i) for i in range(combo.count())] == [
        *("", "weight", "colour", "price", "note")
    ]
    assert combo.currentData() == "price"
    pick(field(panel, "target"), "colour")
    assert [c.name for c in document.project.dataset.targets()] == ["colour"]
    assert document.undo_stack.undoText() == "Make colour the target"
    document.undo_stack.undo()
    assert field(panel, "target").combo.currentData() == "price"


def test_several_targets_are_shown_as_they_are(qtbot, document):
    panel = shown(qtbot, DatasetPanel(document))
    document.apply(lambda p: Project(p.dataset.with_column("weight", role="target")), "Two")
    assert field(panel, "target").combo.currentText() == "weight, price"


def test_scaling_is_an_edit_and_the_target_scales_only_as_a_number(qtbot, document):
    panel = shown(qtbot, DatasetPanel(document))
    pick(field(panel, "scaling"), "min-max")
    assert document.project.dataset.scaling == "min-max"
    assert field(panel, "scales_target").isVisible()
    qtbot.mouseClick(field(panel, "scales_target").switch, Qt.MouseButton.LeftButton)
    assert not document.project.dataset.scales_target
    pick(field(panel, "target"), "colour")
    assert not field(panel, "scales_target").isVisible()


def test_an_import_setting_asks_for_reading_again(qtbot, document):
    panel = shown(qtbot, DatasetPanel(document))
    with qtbot.waitSignal(panel.settings_chosen) as sent:
        pick(field(panel, "delimiter"), ";")
    assert sent.args[0]["delimiter"] == ";"
    assert sent.args[0]["header"] is True
    assert document.undo_stack.count() == 0
    panel.show_import()
    assert field(panel, "delimiter").combo.currentData() == ","


def test_pictures_have_settings_of_their_own(qtbot, document):
    panel = shown(qtbot, DatasetPanel(document))
    dataset = replace(pictures(), settings={"height": 4, "width": 4, "channels": 1})
    document.open_project(Project(dataset), None)
    assert field(panel, "delimiter") is None
    with qtbot.waitSignal(panel.settings_chosen) as sent:
        pick(field(panel, "channels"), "3")
    assert sent.args[0]["channels"] == 3
    assert "4 × 4 pixels, grey" in words_of(panel)


def test_the_file_is_described(qtbot, document):
    said = words_of(shown(qtbot, DatasetPanel(document)))
    assert "goods.csv" in said
    assert "4 columns: 2 inputs, 1 target" in said
    assert "1.2 kB" in said
    assert size_in_words(12) == "12 bytes"
    assert size_in_words(3_400_000_000) == "3.4 GB"


def test_a_number_is_shown_in_figures_and_a_category_by_its_values(qtbot, document):
    facts = shown(qtbot, ColumnFacts(document))
    facts.choose("weight")
    assert {"Lowest", "Highest", "Mean", "Deviation", "4.5"} <= set(words_of(facts))
    assert "2  (2.0 %)" in words_of(facts)
    assert facts.histogram.isVisible()
    facts.choose("colour")
    assert facts.frequencies.isVisible()
    assert not facts.histogram.isVisible()
    assert "Mean" not in words_of(facts)
    assert facts.frequencies.accessibleDescription() == "red: 75; blue: 25"


def test_kind_and_role_are_edits_and_follow_undo(qtbot, document):
    facts = shown(qtbot, ColumnFacts(document))
    facts.choose("weight")
    pick(field(facts, "kind"), "category")
    pick(field(facts, "role"), "ignore")
    choice = document.project.dataset.columns[0]
    assert (choice.kind, choice.role) == ("category", "ignore")
    assert document.undo_stack.undoText() == "Ignore weight"
    document.undo_stack.undo()
    document.undo_stack.undo()
    assert field(facts, "kind").combo.currentData() == "number"
    assert field(facts, "role").combo.currentData() == "input"


def test_a_column_that_is_gone_is_not_shown(qtbot, document):
    facts = shown(qtbot, ColumnFacts(document))
    facts.choose("weight")
    document.open_project(Project(pictures()), None)
    assert not facts.isVisible()


def problem(severity, fix=None):
    return Problem(
        "The column weight is odd.", "Look at it.", severity, Place("column", "weight"), "odd", fix
    )


def with_problems(dataset, *problems):
    return replace(dataset, summary=replace(dataset.summary, problems=problems))


def links(widget):
    return [b for b in widget.findChildren(Button) if b.isVisibleTo(widget) and b.text()]


def test_a_problem_is_mended_by_its_link_in_one_step(qtbot, document):
    fix = Fix("set_role", "Ignore weight", {"column": "weight", "role": "ignore"})
    document.open_project(Project(with_problems(table(), problem(Severity.WARNING, fix))), None)
    panel = shown(qtbot, DataProblems(document))
    assert "The column weight is odd. Look at it." in words_of(panel)
    qtbot.mouseClick(links(panel)[0], Qt.MouseButton.LeftButton)
    assert document.project.dataset.columns[0].role == "ignore"
    assert document.undo_stack.undoText() == "Ignore weight"


def leak(name):
    fix = Fix("set_role", f"Ignore {name}", {"column": name, "role": "ignore"})
    return Problem(
        f"{name} gives price away.",
        severity=Severity.WARNING,
        place=Place("column", name),
        code="leakage",
        fix=fix,
        detail=leak_detail("price"),
    )


def test_columns_that_give_the_target_away_stand_in_one_card(qtbot, document):
    """One click ignores all, and is one step to undo; each is one click away."""
    before = with_problems(table(), leak("weight"), leak("colour"))
    document.open_project(Project(before), None)
    panel = shown(qtbot, DataProblems(document))
    assert any("2 columns" in said and "weight, colour" in said for said in words_of(panel))
    assert "weight gives price away." not in words_of(panel)
    together, each = links(panel)[:2]
    qtbot.mouseClick(each, Qt.MouseButton.LeftButton)
    assert "weight gives price away." in words_of(panel)
    assert [link.text() for link in links(panel)[2:4]] == ["Ignore weight", "Ignore colour"]
    assert panel.count == 2
    qtbot.mouseClick(together, Qt.MouseButton.LeftButton)
    roles = {column.name: column.role for column in document.project.dataset.columns}
    assert (roles["weight"], roles["colour"]) == ("ignore", "ignore")
    document.undo_stack.undo()
    assert document.project.dataset == before


def test_how_it_is_read_stands_above_what_is_learnt(qtbot, document):
    panel = shown(qtbot, DatasetPanel(document))
    titles = [words for words in words_of(panel) if words in ("How it is read", "What is learnt")]
    cards = sorted(panel.findChildren(Card), key=lambda card: card.y())
    seen = [card.title.text() for card in cards if card.isVisibleTo(panel)]
    assert seen.index("How it is read") + 1 == seen.index("What is learnt")
    assert len(titles) == 2


def test_errors_come_first_and_a_column_can_be_shown(qtbot, document):
    document.open_project(
        Project(
            with_problems(
                table(), problem(Severity.NOTE), replace(problem(Severity.ERROR), message="Bad.")
            )
        ),
        None,
    )
    panel = shown(qtbot, DataProblems(document))
    said = [words for words in words_of(panel) if "Look at it." in words]
    assert said[0] == "Bad. Look at it."
    assert panel.findChild(Tag).property("tag") == "problem"
    with qtbot.waitSignal(panel.column_wanted) as sent:
        qtbot.mouseClick(links(panel)[0], Qt.MouseButton.LeftButton)
    assert sent.args == ["weight"]


def test_no_problem_is_said_too(qtbot, document):
    document.open_project(
        Project(table().with_column("price", role="ignore").with_column("colour", role="target")),
        None,
    )
    panel = shown(qtbot, DataProblems(document))
    assert "Nothing. The data can be learnt from." in words_of(panel)
    assert not panel.findChild(Tag).isVisible()


def test_the_longest_role_and_kind_have_room_beside_each_other(qtbot, document):
    dataset = document.project.dataset
    name = dataset.columns[1].name
    both = dataset.with_column(name, kind="identifier", role="both")
    document.apply(lambda project: replace(project, dataset=both), "Both")
    facts = ColumnFacts(document)
    facts.choose(name)
    facts.resize(INSPECTOR_WIDTH, 400)
    shown(qtbot, facts)
    boxes = {box.currentText(): box for box in facts.findChildren(Combo)}
    for words in ("Identifier", "Input and target"):
        box = boxes[words]
        room = box.width() - SMALL_ICON_SIZE - 3 * TEXT_INSET
        assert box.fontMetrics().horizontalAdvance(words) <= room
