"""The Data page with every kind of data: looked at, read as something else, repaired, varied."""

import threading
from dataclasses import replace

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit

from studio import jobs
from studio.core.design.profile import ColumnProfile
from studio.core.design.project import Project
from studio.core.design.shaping import Step
from studio.core.problems import Place
from studio.ui.dialogs.join import JoinDialog
from studio.ui.pages.data import NARROW, DataPage
from studio.ui.sample_words import counted_rows

PATIENCE = 20_000


@pytest.fixture
def page(qtbot, context):
    made = DataPage(context)
    qtbot.addWidget(made)
    made.resize(1200, 760)
    with qtbot.waitExposed(made):
        made.show()
    return made


def open_sample(context, key, **changes):
    dataset = replace(jobs.open_sample(key), **changes)
    context.files.new(Project(dataset), key)
    return dataset


def choose(segments, key):
    segments.button(key).click()


def test_texts_show_their_tokens_and_follow_the_settings_at_once(qtbot, page, context):
    open_sample(context, "reviews")
    assert page.views.shown == "tokens"
    model = page.views.texts.model
    qtbot.waitUntil(lambda: model.rowCount() > 0, timeout=PATIENCE)
    words = model.rows[0].tokens
    field = page.findChild(object, "field.tokenizer")
    field.combo.setCurrentIndex(field.combo.findData("character"))
    field.combo.activated.emit(field.combo.currentIndex())
    qtbot.waitUntil(lambda: len(model.rows[0].tokens) > len(words), timeout=PATIENCE)
    choose(page.views.choice, "rows")
    assert page.table.isVisible()


def test_a_series_is_drawn_and_its_parts_told_by_their_dates(qtbot, page, context):
    dataset = open_sample(context, "demand")
    assert page.views.shown == "time"
    qtbot.waitUntil(
        lambda: "By time: training until" in page.split.words.whole_text, timeout=PATIENCE
    )
    window = page.views.series.plot.window_area()[0].width()
    context.document.apply(
        lambda p: replace(p, dataset=replace(dataset, series=replace(dataset.series, window=96))),
        "Window",
    )
    qtbot.waitUntil(
        lambda: page.views.series.plot.window_area()[0].width() > 1.9 * window, timeout=PATIENCE
    )


def test_a_series_that_is_told_from_its_own_past_is_not_said_to_have_no_inputs(page, context):
    dataset = open_sample(context, "demand")
    target = dataset.targets()[0].name
    for column in dataset.columns:
        if column.name != target:
            dataset = dataset.with_column(column.name, role="ignore")
    context.document.apply(lambda p: replace(p, dataset=dataset), "Ignore")
    said = [part.text() for part in page.panel.findChildren(QLabel)]
    assert f"{len(dataset.columns)} columns: 1 target" in said


def test_a_series_can_be_read_as_a_plain_table_and_back(qtbot, page, context):
    open_sample(context, "demand")
    choose(page.panel.reading, "table")
    qtbot.waitUntil(lambda: context.document.project.dataset.series is None, timeout=PATIENCE)
    assert page.views.recognized.whole_text.startswith("Read as table")
    context.document.undo_stack.undo()
    assert context.document.project.dataset.series is not None
    assert page.panel.reading.key == "series"


def test_the_first_sound_is_shown_and_another_class_filters(qtbot, page, context):
    dataset = open_sample(context, "sounds")
    words = page.views.recognized.whole_text
    assert words == f"Read as sound: {counted_rows(dataset, 450)}, 5 classes"
    sound = page.thumbnails.sound
    qtbot.waitUntil(lambda: "kHz" in sound.facts.text(), timeout=PATIENCE)
    page.thumbnails.classes.setCurrentRow(2)
    model = page.thumbnails.model
    qtbot.waitUntil(lambda: model.index(0).data() == "e", timeout=PATIENCE)
    assert model.rowCount() == 90


def test_clips_come_with_all_their_frames(qtbot, page, context):
    dataset = open_sample(context, "clips")
    model = page.thumbnails.model
    qtbot.waitUntil(lambda: model.thumbnail(0) is not None, timeout=PATIENCE)
    assert len(model.thumbnail(0).frames) == dataset.clips.frames


def test_a_column_is_profiled_while_it_is_looked_at(qtbot, page, context):
    open_sample(context, "houses")
    page.choose_column("price")
    qtbot.waitUntil(lambda: page.facts.is_profiled, timeout=PATIENCE)
    qtbot.waitUntil(lambda: "Median" in words_of(page.facts))
    assert "Outliers" in words_of(page.facts)
    page.choose_column(next(c.name for c in context.document.project.dataset.inputs()))
    qtbot.waitUntil(lambda: any(w.startswith("Goes with price") for w in words_of(page.facts)))


def test_leaving_the_page_ends_the_profile(qtbot, page, context, monkeypatch):
    asked, gate = [], threading.Event()

    def endless(_dataset):
        while True:
            asked.append(len(asked))
            gate.wait(5)
            yield ColumnProfile("price", "number", 9)

    monkeypatch.setattr(jobs, "profile", endless)
    open_sample(context, "houses")
    qtbot.waitUntil(lambda: bool(asked))
    page.hide()
    gate.set()
    qtbot.waitUntil(lambda: not context.background.is_busy)
    assert not page.facts.is_profiled


def test_what_a_repair_changes_is_shown_while_it_is_open(qtbot, page, context):
    dataset = open_sample(context, "houses")
    name = next(c.name for c in dataset.inputs() if c.kind == "number")
    step = Step("clip_outliers", (name,), {"method": "quantile", "amount": 5.0})
    context.document.apply(lambda p: replace(p, dataset=replace(dataset, recipe=(step,))), "Add")
    page.side.show_tab("recipe")
    qtbot.mouseClick(page.side.recipe.cards[0].title, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(
        lambda: "values become others" in page.side.effect.words.text(), timeout=PATIENCE
    )
    qtbot.mouseClick(page.side.recipe.cards[0].title, Qt.MouseButton.LeftButton)
    assert page.side.effect.isHidden()


def test_ten_variants_of_a_picture_are_shown(qtbot, page, context):
    dataset = open_sample(context, "shapes")
    step = Step("rotate", ("images",), {"degrees": 40.0})
    context.document.apply(
        lambda p: replace(p, dataset=replace(dataset, augmentation=(step,))), "Rotate"
    )
    page.side.show_tab("augmentation")
    qtbot.waitUntil(lambda: "ten times" in page.side.variants.words.text(), timeout=60_000)
    assert page.side.variants.tiles.isVisible()


def test_a_step_that_cannot_be_done_says_why(qtbot, page, context):
    dataset = open_sample(context, "houses")
    step = Step("drop_outliers", ("no such column",))
    context.document.apply(lambda p: replace(p, dataset=replace(dataset, recipe=(step,))), "Add")
    context.navigation.show_place(Place("recipe", "0"))
    assert page.side.tab == "recipe"
    page.side.recipe.open(0)
    qtbot.waitUntil(lambda: not context.background.is_busy, timeout=PATIENCE)
    assert page.side.effect.words.text()


def test_a_narrow_page_folds_file_and_settings_away(qtbot, page, context):
    open_sample(context, "houses")
    assert page.panel.isVisible()
    page.resize(NARROW - 100, 700)
    assert not page.panel.isVisible()
    assert page.views.fold.accessibleName() == "Show file and settings"
    qtbot.mouseClick(page.views.fold, Qt.MouseButton.LeftButton)
    assert page.panel.isVisible()
    page.resize(NARROW + 200, 700)
    assert page.panel.isVisible()
    assert page.views.fold.accessibleName() == "Hide file and settings"


def test_troubles_of_the_data_come_first_and_a_column_is_one_click_away(qtbot, page, context):
    open_sample(context, "houses")
    assert page.side.tab == "column"
    page.table.head.column_chosen.emit("price")
    assert page.side.tab == "column"
    choose(page.side.tabs, "problems")
    assert page.problems.isVisible()
    page.facts.names.activated.emit(0)
    assert page.side.tab == "column"
    assert page.table.chosen == 0


def test_every_control_has_a_name(qtbot, page, context):
    for key in ("houses", "demand", "sounds", "reviews"):
        open_sample(context, key)
        qtbot.waitUntil(lambda: not context.background.is_busy, timeout=PATIENCE)
        for kind in (QAbstractButton, QComboBox, QLineEdit):
            for part in page.findChildren(kind):
                if part.isVisible() and not part.objectName().startswith("qt_"):
                    assert part.accessibleName() or part.text(), (key, part, part.objectName())


def test_another_sheet_of_a_workbook_is_chosen_by_its_name(qtbot, page, context, tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Machines"
    plants = book.create_sheet("Plants")
    for n in range(-1, 60):
        book.active.append(["load", "kind"] if n < 0 else [n * 1.5, "ab"[n % 2]])
        plants.append(["size", "country"] if n < 0 else [n * n, "xyz"[n % 3]])
    book.save(tmp_path / "book.xlsx")
    context.files.new(Project(jobs.open_data(str(tmp_path / "book.xlsx"))), "book")

    def sheets():
        combo = getattr(page.findChild(object, "field.sheet"), "combo", None)
        return [combo.itemText(n) for n in range(combo.count())] if combo else []

    qtbot.waitUntil(lambda: sheets() == ["Machines", "Plants"], timeout=PATIENCE)
    field = page.findChild(object, "field.sheet")
    field.combo.setCurrentIndex(1)
    field.combo.activated.emit(1)
    qtbot.waitUntil(lambda: not page.waiting.isVisible(), timeout=PATIENCE)
    assert [c.name for c in context.document.project.dataset.columns] == ["size", "country"]
    qtbot.waitUntil(lambda: page.table.rows.index(2, 0).data() == "4", timeout=PATIENCE)


def words_of(widget):
    return [part.text() for part in widget.findChildren(QLabel) if part.isVisibleTo(widget)]


def test_columns_of_another_file_stand_beside_these_in_one_step(qtbot, page, context, tmp_path):
    parts = tmp_path / "parts.csv"
    rows = "".join(f"p{n % 7},{n},{'ab'[n % 2]}\n" for n in range(90))
    parts.write_text("plant,weight,kind\n" + rows, encoding="utf-8")
    plants = tmp_path / "plants.csv"
    more = "".join(f"p{n},{n * 1.5}\n" for n in range(7))
    plants.write_text("plant,height\n" + more, encoding="utf-8")
    context.files.new(jobs.new_project(data=str(parts)), "parts")
    qtbot.mouseClick(page.findChild(object, "data.join"), Qt.MouseButton.LeftButton)
    dialog = page.window().findChild(JoinDialog)
    dialog.path.setText(str(plants))
    dialog.path.editingFinished.emit()
    qtbot.waitUntil(lambda: dialog.other_key.currentData() == "plant", timeout=PATIENCE)
    assert dialog.key.currentData() == "plant"
    qtbot.mouseClick(dialog.join_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(context.document.project.dataset.joined), timeout=PATIENCE)
    assert "height" in [c.name for c in context.document.project.dataset.columns]
    assert "With the columns of plants.csv." in words_of(page.panel)
    assert context.document.project == jobs.new_project(dataset=context.document.project.dataset), (
        "the suggested network goes along"
    )
    context.document.undo_stack.undo()
    assert not context.document.project.dataset.joined
