"""The Data page with real files: opened, read again, mended, undone."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from studio import jobs
from studio.core.design.project import Project
from studio.core.problems import Place
from studio.ui.context import new_context
from studio.ui.pages.data import DataPage

ROWS = "".join(f"{n},{n * 2}.5,{'red' if n % 3 else 'blue'}\n" for n in range(1, 301))


@pytest.fixture
def context(qapp):
    made = new_context()
    yield made
    made.close()


@pytest.fixture
def page(qtbot, context):
    made = DataPage(context)
    qtbot.addWidget(made)
    made.resize(1200, 760)
    with qtbot.waitExposed(made):
        made.show()
    return made


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "goods.csv"
    path.write_text("piece,weight,colour\n" + ROWS, encoding="utf-8")
    return path


def open_here(context, path):
    dataset = jobs.open_data(str(path))
    context.files.new(Project(dataset), path.stem)
    return dataset


def cell(page, row, column):
    model = page.table.rows
    return model.data(model.index(row, column))


def pick(field, key):
    field.combo.setCurrentIndex(field.combo.findData(key))
    field.combo.activated.emit(field.combo.currentIndex())


def field(page, key):
    return page.findChild(object, f"field.{key}")


def test_with_nothing_open_it_says_the_next_step(page, context):
    assert page.empty.isVisible()
    assert page.objectName() == "page.data"
    assert field(page, "target") is None or not field(page, "target").isVisible()


def test_a_sample_opens_by_its_button(qtbot, page, context):
    qtbot.mouseClick(page.findChild(object, "sample.houses"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not context.document.project.dataset.is_empty, timeout=20_000)
    assert not page.empty.isVisible()
    assert page.facts.name == "price"


def test_rows_come_in_as_they_are_looked_at(qtbot, page, context, table):
    open_here(context, table)
    qtbot.waitUntil(lambda: cell(page, 0, 1) == "2.5")
    assert page.table.rows.rowCount() == 300
    page.table.scrollToBottom()
    qtbot.waitUntil(lambda: cell(page, 299, 1) == "600.5")
    assert not page.waiting.isVisible()


def test_another_delimiter_is_read_in_the_background_and_one_step(qtbot, page, context, tmp_path):
    path = tmp_path / "odd.csv"
    path.write_text("a;b,c\n" + "".join(f"{n};{n},{n}\n" for n in range(9)), encoding="utf-8")
    open_here(context, path)
    other = "," if context.document.project.dataset.settings["delimiter"] == ";" else ";"
    names = [c.name for c in context.document.project.dataset.columns]
    pick(field(page, "delimiter"), other)
    assert page.waiting.isVisible()
    qtbot.waitUntil(lambda: not page.waiting.isVisible())
    after = context.document.project.dataset
    assert after.settings["delimiter"] == other
    assert [c.name for c in after.columns] != names
    assert context.document.undo_stack.count() == 1
    context.document.undo_stack.undo()
    assert [c.name for c in context.document.project.dataset.columns] == names


def test_own_choices_outlive_other_settings(qtbot, page, context, table):
    open_here(context, table)
    page.table.head.role_chosen.emit("weight", "ignore")
    pick(field(page, "encoding"), "latin-1")
    qtbot.waitUntil(lambda: not page.waiting.isVisible())
    roles = {c.name: c.role for c in context.document.project.dataset.columns}
    assert context.document.project.dataset.settings["encoding"] == "latin-1"
    assert roles["weight"] == "ignore"


def test_a_file_that_cannot_be_read_like_that_says_so_and_nothing_changes(
    qtbot, page, context, tmp_path
):
    path = tmp_path / "umlauts.csv"
    path.write_bytes("name,size\nMüller,1\nSchröder,2\n".encode("latin-1") * 3)
    before = open_here(context, path)
    pick(field(page, "encoding"), "utf-8")
    qtbot.waitUntil(lambda: "umlauts.csv" in page.waiting.text and page.waiting.isVisible())
    qtbot.waitUntil(lambda: not context.background.is_busy)
    assert page.waiting.accessibleName() == page.waiting.text
    assert context.document.project.dataset is before
    assert field(page, "encoding").combo.currentData() == before.settings["encoding"]


def test_reading_again_can_be_cancelled(qtbot, page, context, table):
    before = open_here(context, table)
    pick(field(page, "delimiter"), ";")
    cancel = page.waiting.findChild(object, "waiting.button")
    qtbot.mouseClick(cancel, Qt.MouseButton.LeftButton)
    assert not page.waiting.isVisible()
    qtbot.waitUntil(lambda: not context.background.is_busy)
    assert context.document.project.dataset is before
    assert field(page, "delimiter").combo.currentData() == ","


def test_data_that_are_being_opened_are_named_and_can_be_left(qtbot, page, context, table):
    context.opening.open_data(table)
    assert page.waiting.text == "Reading goods.csv…"
    qtbot.mouseClick(page.waiting.findChild(object, "waiting.button"), Qt.MouseButton.LeftButton)
    assert not page.waiting.isVisible()
    qtbot.waitUntil(lambda: not context.background.is_busy)
    assert context.document.project.dataset.is_empty


def test_classes_of_idx_files_get_names(qtbot, page, context, tmp_path):
    _idx(tmp_path / "digits")
    open_here(context, tmp_path / "digits")
    assert context.document.project.dataset.labels() == ("0", "1")
    labels = field(page, "labels").entry
    labels.setFocus()
    qtbot.keyClicks(labels, "shirt, shoe")
    qtbot.keyClick(labels, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: context.document.project.dataset.labels() == ("shirt", "shoe"))
    assert context.document.undo_stack.count() == 1
    qtbot.keyClick(labels, Qt.Key.Key_Return)
    assert not page.waiting.isVisible()


def _idx(folder: Path) -> None:
    folder.mkdir()
    head = bytes([0, 0, 8])
    sizes = b"".join(n.to_bytes(4, "big") for n in (6, 3, 3))
    (folder / "train-images-idx3-ubyte").write_bytes(head + b"\x03" + sizes + bytes(range(54)))
    (folder / "train-labels-idx1-ubyte").write_bytes(
        head + b"\x01" + (6).to_bytes(4, "big") + bytes([0, 1] * 3)
    )


def test_a_network_that_fits_is_one_click(qtbot, page, context, table):
    open_here(context, table)
    link = page.findChild(object, "data.network")
    assert link.isVisible()
    qtbot.mouseClick(link, Qt.MouseButton.LeftButton)
    assert len(context.document.project.graph) > 2
    assert context.document.undo_stack.count() == 1
    assert not link.isVisible()


def test_the_place_of_a_problem_is_shown(page, context, table):
    open_here(context, table)
    context.navigation.show_place(Place("column", "weight"))
    assert page.facts.name == "weight"
    assert page.table.chosen == 1


def test_the_chosen_column_stays_chosen_through_edits(page, context, table):
    open_here(context, table)
    page.choose_column("weight")
    page.table.head.kind_chosen.emit("weight", "category")
    assert page.facts.name == "weight"
    context.document.undo_stack.undo()
    assert page.table.chosen == 1


def test_pictures_are_shown_by_class(qtbot, page, context, tmp_path):
    folder = _pictures(tmp_path / "shots")
    open_here(context, folder)
    assert page.thumbnails.isVisible()
    assert not page.table.isVisible()
    model = page.thumbnails.model
    qtbot.waitUntil(lambda: model.index(0).data() == "cat")
    page.thumbnails.classes.setCurrentRow(2)
    qtbot.waitUntil(lambda: model.index(0).data() == "dog")
    assert model.rowCount() == 3


def _pictures(folder: Path) -> Path:
    from PIL import Image

    for label, shade in (("cat", 40), ("dog", 200)):
        (folder / label).mkdir(parents=True)
        for n in range(3):
            Image.new("L", (6, 6), shade + n).save(folder / label / f"{n}.png")
    return folder


def test_another_target_offers_the_change_of_the_network_at_once(qtbot, page, context, table):
    open_here(context, table)
    link = page.findChild(object, "data.network")
    qtbot.mouseClick(link, Qt.MouseButton.LeftButton)
    pick(field(page, "target"), "weight")
    assert not context.document.report.can_train
    assert "1 unit" in link.text()
    qtbot.mouseClick(link, Qt.MouseButton.LeftButton)
    assert context.document.report.can_train
    assert not link.isVisible()
