"""What is being opened shows its first rows at once, fills in, and can be left."""

import csv

import pytest
from PySide6.QtCore import Qt

from studio import jobs
from studio.core.design.dataset import ColumnSummary
from studio.core.design.previews import TablePreview
from studio.core.design.project import Project
from studio.core.patience import Progress
from studio.core.problems import refuse
from studio.ui import opening as opening_module
from studio.ui.main_window import MainWindow
from tests.builders import table
from tests.ui.test_background import Gate

PATIENCE = 20_000
LOOK = TablePreview(("size", "colour"), ((1, "red"), (2.5, None)), (1, 2))


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    monkeypatch.setattr(opening_module, "PAUSE_MS", 0)


@pytest.fixture
def window(qtbot, context):
    made = MainWindow(context)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    context.document.undo_stack.clear()
    context.files.discard()


@pytest.fixture
def gate(monkeypatch):
    """An opening that shows its first rows and then waits until it is let go on."""
    made = Gate()

    def slow(path, settings=None):
        yield LOOK
        made()
        yield table()

    monkeypatch.setattr(jobs, "opening", slow)
    yield made
    made.open.set()


def begun(qtbot, window, path):
    with qtbot.waitSignal(window.context.opening.looked, timeout=PATIENCE):
        window.context.opening.open_paths([path])
    return window.page("data")


def test_the_first_rows_stand_there_while_the_rest_is_read(qtbot, window, gate, tmp_path):
    page = begun(qtbot, window, tmp_path / "a.csv")
    look = page.first_look
    assert window.shown_page == "data"
    assert look.is_shown
    assert look.table.rows.index(0, 1).data() == "red"
    assert look.table.rows.index(1, 1).data() == "–"
    assert look.table.rows.index(0, 0).data(Qt.ItemDataRole.TextAlignmentRole) & (
        Qt.AlignmentFlag.AlignRight
    )
    assert page.waiting.text == "Reading the rest…"
    assert not window.context.files.is_open
    with qtbot.waitSignal(window.context.opening.ended, timeout=PATIENCE):
        gate.open.set()
    assert not look.is_shown
    assert window.context.document.project.dataset == table()


def test_heads_fill_in_as_columns_become_known(qtbot, window, gate, tmp_path):
    page = begun(qtbot, window, tmp_path / "a.csv")
    head, told = page.first_look.table.head, window.context.opening.told
    assert [one.foot for one in head.heads] == ["", ""]
    told.emit(Progress("reading", 0.43))
    assert page.waiting.text == "Reading the rest… 43%"
    told.emit(ColumnSummary("colour", "text", "input", 0, 2, ("blue", "red"), (5, 9)))
    assert head.heads[0].foot == ""
    assert head.heads[1].foot == "2 different"
    assert head.heads[1].bars.counts == (9, 5)
    assert page.waiting.text == "Looking at the columns… 1 of 2"
    told.emit(ColumnSummary("size", "number", "input", 3, 7, edges=(0.0, 1.0), bars=(4,)))
    assert head.heads[0].foot == "3 missing"
    assert page.waiting.text == "Finding out what each column is for…"


def test_nothing_can_be_chosen_in_heads_that_are_not_known(qtbot, window, gate, tmp_path):
    page = begun(qtbot, window, tmp_path / "a.csv")
    head, heard = page.first_look.table.head, []
    head.column_chosen.connect(heard.append)
    head.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Return):
        qtbot.keyClick(head, key)
    qtbot.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=head.chip(0, "kind").center())
    assert heard == []
    assert head.findChildren(type(head)) == []


@pytest.mark.parametrize("how", ["escape", "button"])
def test_leaving_brings_back_what_was_open(qtbot, window, gate, tmp_path, how):
    window.context.files.new(Project(table()), "Before")
    before = window.context.document.project
    window.show_page("model")
    with qtbot.waitActive(window, timeout=PATIENCE):
        window.activateWindow()
    page = begun(qtbot, window, tmp_path / "a.csv")
    with qtbot.waitSignal(window.context.opening.ended, timeout=PATIENCE):
        if how == "escape":
            qtbot.keyClick(page, Qt.Key.Key_Escape)
        else:
            page.waiting.findChild(object, "waiting.button").click()
    assert window.shown_page == "model"
    assert window.context.document.project is before
    assert not page.first_look.is_shown
    assert page.waiting.isHidden()
    gate.open.set()
    qtbot.waitUntil(lambda: not window.context.background.is_busy, timeout=PATIENCE)
    assert window.context.document.project is before


def test_after_leaving_another_file_opens(qtbot, window, gate, tmp_path, monkeypatch):
    begun(qtbot, window, tmp_path / "a.csv")
    window.context.opening.cancel()
    monkeypatch.undo()
    (tmp_path / "b.csv").write_text("a,b\n" + "".join(f"{n},{n % 2}\n" for n in range(40)))
    with qtbot.waitSignal(window.context.opening.ended, timeout=PATIENCE):
        window.context.opening.open_paths([tmp_path / "b.csv"])
    assert window.context.document.project.dataset.summary.rows == 40


def test_what_cannot_be_read_to_its_end_leaves_what_was_open(qtbot, window, tmp_path, monkeypatch):
    gate = Gate()

    def broken(path, settings=None):
        yield LOOK
        gate()
        raise refuse("It is cut short.", "Copy it again.", code="damaged")

    monkeypatch.setattr(jobs, "opening", broken)
    window.context.files.new(Project(table()), "Before")
    window.show_page("data")
    page = begun(qtbot, window, tmp_path / "a.csv")
    said = []
    window.context.navigation.said.connect(lambda notice: said.append(notice.text))
    gate.open.set()
    qtbot.waitUntil(lambda: any("cut short" in text for text in said), timeout=PATIENCE)
    assert not page.first_look.is_shown
    assert page.table.isVisible()


def test_what_is_read_at_once_shows_no_first_rows(qtbot, request, tmp_path, monkeypatch):
    monkeypatch.setattr(opening_module, "PAUSE_MS", 3_600_000)
    context, heard = request.getfixturevalue("context"), []
    context.opening.looked.connect(heard.append)
    (tmp_path / "b.csv").write_text("a,b\n" + "".join(f"{n},{n % 2}\n" for n in range(40)))
    with qtbot.waitSignal(context.opening.ended, timeout=PATIENCE):
        context.opening.open_paths([tmp_path / "b.csv"])
    assert heard == []
    assert context.document.project.dataset.summary.rows == 40


def test_far_rows_are_shown_as_they_stand_in_the_file(qtbot, window, tmp_path):
    path = tmp_path / "long.csv"
    lines = [f"{n},{'odd, it is' if n % 2 else 'even'},{n / 8}" for n in range(30_000)]
    quoted = [line.replace("odd, it is", '"odd, it is"') for line in lines]
    path.write_text("\n".join(["piece,kind,weight", *quoted]), encoding="utf-8")
    with path.open(encoding="utf-8", newline="") as stream:
        written = list(csv.reader(stream))[1:]
    with qtbot.waitSignal(window.context.opening.ended, timeout=PATIENCE):
        window.context.opening.open_paths([path])
    table = window.page("data").table
    table.setFocus()
    for key, row in ((Qt.Key.Key_End, 29_999), (Qt.Key.Key_Home, 0)):
        qtbot.keyClick(table, key, Qt.KeyboardModifier.ControlModifier)
        assert table.currentIndex().row() == row
        here = [table.rows.index(row, column) for column in range(3)]
        qtbot.waitUntil(lambda here=here: here[0].data() is not None, timeout=PATIENCE)
        assert [float(here[0].data()), here[1].data(), float(here[2].data())] == [
            float(written[row][0]),
            written[row][1],
            float(written[row][2]),
        ]
        assert table.visualRect(here[0]).bottom() <= table.viewport().height()
