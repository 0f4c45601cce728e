"""The table of the Data page reads only what is looked at, and its heads say what columns hold."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from studio.core.design.dataset import ColumnSummary, DatasetSpec, DatasetSummary, TablePreview
from studio.ui.panels.data_table import DataTable
from studio.ui.panels.histogram import bar_rects, bars_of, most_frequent
from studio.ui.panels.table_model import CHUNK, MISSING, TableModel
from tests.ui.panels.datasets import COLUMNS, rows_of, table


@pytest.fixture
def model(qtmodeltester):
    made = TableModel()
    made.show(table(rows=1_000_000))
    made.take(0, rows_of(0, CHUNK))
    return made


def shown(model, row, column, role=Qt.ItemDataRole.DisplayRole):
    return model.data(model.index(row, column), role)


def test_the_model_keeps_qts_rules(model, qtmodeltester):
    small = TableModel()
    small.show(table(rows=30))
    small.take(0, rows_of(0, 30))
    qtmodeltester.check(small)


def test_a_million_rows_are_there_but_only_one_chunk_is_read(model):
    assert model.rowCount() == 1_000_000
    assert model.wanted is None
    assert shown(model, 3, 0) == "3"


def test_a_look_at_rows_that_are_not_here_asks_for_their_chunk(qtbot, model):
    with qtbot.waitSignal(model.chunk_wanted):
        assert shown(model, 700_001, 0) is None
    assert model.wanted == 700_000
    model.take(700_000, rows_of(700_000, CHUNK))
    assert shown(model, 700_001, 0) == "700001"
    assert model.headerData(700_001, Qt.Orientation.Vertical) == "700002"


def test_rows_that_could_not_be_read_are_not_asked_for_again(qtbot, model):
    model.take(400, rows_of(0, 0))
    with qtbot.assertNotEmitted(model.chunk_wanted):
        assert shown(model, 450, 0) is None


def test_missing_values_and_long_texts(model):
    assert shown(model, 10, 2) == MISSING
    assert shown(model, 10, 2, Qt.ItemDataRole.ToolTipRole) == "Missing"
    assert model.words_at(10, 2) == (MISSING, True)
    assert model.words_at(11, 2)[1] is False
    assert len(shown(model, 1, 3)) < 300


def test_numbers_stand_at_the_right(model):
    right, left = (shown(model, 1, column, Qt.ItemDataRole.TextAlignmentRole) for column in (0, 1))
    assert right & Qt.AlignmentFlag.AlignRight
    assert left & Qt.AlignmentFlag.AlignLeft


def test_bars_follow_the_kind_that_was_chosen():
    number, category = COLUMNS[0], COLUMNS[1]
    assert bars_of(number, "number").counts == (30, 68)
    assert bars_of(number, "number").ends == ("1", "9")
    assert bars_of(category, "category").labels == ("red", "blue")
    assert bars_of(category, "identifier").counts == ()
    assert most_frequent(category) == [("red", 75), ("blue", 25)]


def test_no_bar_is_higher_than_its_place():
    from PySide6.QtCore import QRectF

    area = QRectF(5, 10, 100, 40)
    rects = bar_rects(bars_of(COLUMNS[0], "number"), area)
    assert [area.contains(rect) for rect in rects] == [True, True]
    assert rects[1].height() == 40


@pytest.fixture
def view(qtbot):
    made = DataTable()
    qtbot.addWidget(made)
    made.resize(560, 400)
    made.show_dataset(table(), is_read_anew=True)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    for menu in made.findChildren(QMenu):
        menu.close()


def choose(menu, words):
    next(a for a in menu.actions() if a.text() == words).trigger()


def open_menu(view):
    return next(menu for menu in view.findChildren(QMenu) if menu.isVisible())


@pytest.mark.parametrize(
    ("what", "words", "signal", "told"),
    [
        ("kind", "Text", "kind_chosen", ["weight", "text"]),
        ("role", "Ignore", "role_chosen", ["weight", "ignore"]),
    ],
)
def test_a_click_on_a_chip_opens_its_menu(qtbot, view, what, words, signal, told):
    head = view.head
    qtbot.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=head.chip(0, what).center())
    menu = open_menu(view)
    assert [a.text() for a in menu.actions() if a.isChecked()] == [
        "Number" if what == "kind" else "Input"
    ]
    with qtbot.waitSignal(getattr(head, signal)) as sent:
        choose(menu, words)
    assert sent.args == told


def test_the_heads_are_walked_with_the_keyboard(qtbot, view):
    head = view.head
    head.setFocus()
    with qtbot.waitSignal(view.column_chosen) as sent:
        for _ in range(3):
            qtbot.keyClick(head, Qt.Key.Key_Right)
    assert sent.args == ["weight"]
    qtbot.keyClick(head, Qt.Key.Key_Return)
    with qtbot.waitSignal(head.role_chosen) as chosen:
        choose(open_menu(view), "Target")
    assert chosen.args == ["colour", "target"]
    assert head.accessibleDescription() == "colour: Category, Input"


def test_walking_to_a_column_brings_it_into_sight(qtbot, view):
    head = view.head
    head.setFocus()
    for _ in range(7):
        qtbot.keyClick(head, Qt.Key.Key_Right)
    last = head.chip(3, "kind")
    assert head.viewport().rect().contains(last)


def test_a_click_in_the_table_chooses_its_column(qtbot, view):
    view.rows.take(0, rows_of(0, 100))
    place = view.visualRect(view.rows.index(1, 1)).center()
    with qtbot.waitSignal(view.column_chosen) as sent:
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert sent.args == ["colour"]


def test_other_choices_leave_the_rows_that_were_read(view):
    view.rows.take(0, rows_of(0, 100))
    view.show_dataset(table().with_column("weight", role="ignore"), is_read_anew=False)
    assert shown(view.rows, 3, 0) == "3"
    assert view.head.is_ignored(0)


@pytest.mark.parametrize(("columns", "rows"), [(3, 200), (500, 200), (2000, 50), (10_000, 20)])
def test_rows_of_many_columns_come_in_smaller_chunks(qapp, columns, rows):
    found = tuple(ColumnSummary(f"c{n}", "number", "input", 0, 5) for n in range(columns))
    dataset = DatasetSpec("table", summary=DatasetSummary("table", 1000, found))
    model = TableModel()
    model.show(dataset)
    assert model.index(2 * rows + 3, columns - 1).data() is None
    assert (model.chunk, model.wanted) == (rows, 2 * rows)
    numbers = tuple(range(2 * rows + 1, 3 * rows + 1))
    names = tuple(c.name for c in found)
    model.take(2 * rows, TablePreview(names, tuple((n,) * columns for n in numbers), numbers))
    assert model.index(2 * rows + 3, columns - 1).data() == str(2 * rows + 4)
    assert model.wanted is None


def test_a_column_without_pictures_cannot_become_one(qtbot):
    view = DataTable()
    qtbot.addWidget(view)
    view.show_dataset(table(), is_read_anew=True)
    menu = view.head.open_menu(0, "kind")
    by_words = {action.text(): action for action in menu.actions()}
    assert not by_words["Image"].isEnabled()
    assert by_words["Image"].toolTip() == "No pictures were found in this column."
    assert by_words["Text"].isEnabled()
    menu.close()


def test_names_of_files_show_their_beginning_and_their_end(qtbot):
    view = DataTable()
    qtbot.addWidget(view)
    dataset = table(rows=CHUNK)
    view.show_dataset(dataset, is_read_anew=True)
    name, cells = dataset.columns[1].name, view.cells
    path = "/home/someone/pictures of animals/cats/sleeping on the sofa.png"
    assert cells.cut(path, 1, 150).startswith("/home/someone")
    assert not cells.cut(path, 1, 150).endswith("sofa.png")
    view.show_dataset(dataset.with_column(name, kind="image"), is_read_anew=False)
    assert cells.cut(path, 1, 150).startswith("/home/")
    assert cells.cut(path, 1, 150).endswith("sofa.png")
    assert cells.cut("cat.png", 1, 150) == "cat.png"


def test_the_selected_cell_is_known_by_its_place(qtbot):
    view = DataTable()
    qtbot.addWidget(view)
    view.show_dataset(table(rows=CHUNK), is_read_anew=True)
    view.setCurrentIndex(view.rows.index(3, 2))
    assert view.selected == (3, 2)
    view.clearSelection()
    assert view.selected == (-1, -1)
    assert not view.rows.index(CHUNK, 0).isValid()
    assert not view.rows.index(0, len(COLUMNS)).isValid()


def test_chosen_column_and_selected_cell_stand_on_grounds_of_their_own(qtbot, dressed):
    view = DataTable()
    qtbot.addWidget(view)
    view.resize(700, 400)
    view.show_dataset(table(rows=CHUNK), is_read_anew=True)
    view.rows.take(0, rows_of(0, CHUNK))
    with qtbot.waitExposed(view):
        view.show()
    view.setCurrentIndex(view.rows.index(2, 1))
    view.choose(COLUMNS[0].name)
    painted = view.viewport().grab().toImage()

    def ground(row, column):
        area = view.visualRect(view.rows.index(row, column))
        return painted.pixelColor(area.left() + 1, area.top() + 1).name()

    assert ground(1, 0) == dressed.color("hover").name()
    assert ground(2, 1) == dressed.color("accent_soft").name()
    assert ground(1, 1) == dressed.color("surface").name()
    cell = view.visualRect(view.rows.index(0, 0))
    inks = {
        painted.pixelColor(x, cell.center().y()).name() for x in range(cell.left(), cell.right())
    }
    assert len(inks) > 1  # its words
