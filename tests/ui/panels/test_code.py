"""The code panel: coloured, numbered, marked where the selection is, and quiet when it changes."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from studio.core.design.network_code import NetworkCode
from studio.core.problems import Place, Problem
from studio.ui.panels.code import CodePanel
from studio.ui.panels.code_colors import pieces

LINES = [f"line_{number} = {number}" for number in range(1, 121)]
TEXT = "\n".join(LINES) + "\n"
CODE = NetworkCode(TEXT, "# carried\n", {"first": (3, 90), "second": (5,)})


@pytest.fixture
def panel(qtbot, dressed):
    made = CodePanel()
    qtbot.addWidget(made)
    made.resize(700, 320)
    made.show()
    made.show_code(CODE)
    return made


def shown_first(panel):
    return panel.text.firstVisibleBlock().blockNumber() + 1


def place_of(panel, line):
    block = panel.text.document().findBlockByNumber(line - 1)
    where = panel.text.blockBoundingGeometry(block).translated(panel.text.contentOffset())
    return QPoint(40, round(where.center().y()))


def test_the_lines_of_what_is_selected_are_marked_and_brought_into_sight(panel):
    panel.mark(frozenset({"first"}))
    assert panel.text.marked == (3, 90)
    assert shown_first(panel) == 1  # one of them can be seen already
    panel.show_code(NetworkCode(TEXT, "", {"first": (80, 90)}))
    panel.mark(frozenset({"first"}))
    assert shown_first(panel) < 80 <= shown_first(panel) + 20
    panel.mark(frozenset())
    assert panel.text.marked == ()


def test_a_mark_stays_in_sight_where_the_panel_gets_lower(panel):
    panel.show_code(NetworkCode(TEXT, "", {"first": (12,)}))
    panel.mark(frozenset({"first"}))
    assert shown_first(panel) == 1
    panel.resize(700, 150)
    assert shown_first(panel) > 1
    assert place_of(panel, 12).y() < panel.text.viewport().height()
    panel.text.verticalScrollBar().setValue(60)
    panel.resize(700, 300)
    assert shown_first(panel) == 61  # the person looks elsewhere


def test_a_click_on_a_line_says_which_node_it_belongs_to(panel, qtbot):
    with qtbot.waitSignal(panel.node_wanted) as heard:
        QTest.mouseClick(panel.text.viewport(), Qt.MouseButton.LeftButton, pos=place_of(panel, 5))
    assert heard.args == ["second"]
    with qtbot.assertNotEmitted(panel.node_wanted):
        QTest.mouseClick(panel.text.viewport(), Qt.MouseButton.LeftButton, pos=place_of(panel, 7))


def test_enter_does_what_a_click_does(panel, qtbot):
    cursor = panel.text.textCursor()
    cursor.setPosition(panel.text.document().findBlockByNumber(2).position())
    panel.text.setTextCursor(cursor)
    with qtbot.waitSignal(panel.node_wanted) as heard:
        QTest.keyClick(panel.text, Qt.Key.Key_Return)
    assert heard.args == ["first"]


def test_what_changes_is_replaced_alone_and_the_place_is_kept(panel):
    bar = panel.text.verticalScrollBar()
    bar.setValue(60)
    changes = []
    panel.text.document().contentsChange.connect(lambda *what: changes.append(what))
    other = [*LINES]
    other[100] = "line_101 = 0"
    other.insert(101, "more = 1")
    panel.show_code(NetworkCode("\n".join(other) + "\n", "", CODE.lines))
    assert panel.text.toPlainText() == "\n".join(other) + "\n"
    assert bar.value() == 60
    (position, removed, added) = changes[0]
    assert position >= TEXT.index("line_101")
    assert max(removed, added) < 40


@pytest.mark.parametrize(
    "text",
    [
        "",
        "one\n",
        TEXT.replace("line_1 ", "first "),
        TEXT + "last\n",
        "\n".join(LINES[:50]),
        "# \U0001f600 é\n" + TEXT,
    ],
)
def test_any_text_can_follow_any_other(panel, text):
    panel.show_code(NetworkCode(text))
    assert panel.text.toPlainText() == text
    panel.show_code(CODE)
    assert panel.text.toPlainText() == TEXT


def test_the_code_is_copied_as_it_is_read(panel):
    panel.copy.click()
    assert QGuiApplication.clipboard().text() == TEXT
    assert panel.copy.text() == "Copied"
    panel.copy_said.timeout.emit()  # as it does after a while
    assert panel.copy.text() == "Copy"


def test_an_obstacle_takes_the_place_of_the_code_and_leads_to_where_it_is(panel, qtbot):
    problem = Problem(
        "Linear 1 has no input.", "Draw a wire into it.", place=Place("node", "linear_1")
    )
    panel.show_obstacle(problem)
    assert not panel.is_showing_code
    assert "Draw a wire" in panel.empty.text.text()
    with qtbot.waitSignal(panel.place_wanted) as heard:
        panel.show_place.click()
    assert heard.args == [problem.place]


def test_words_of_python_texts_numbers_and_remarks_are_told_apart():
    text = 'def forward(self):  # a "remark"'
    found = {text[start : start + length]: kind for start, length, kind in pieces(text)}
    assert found == {"def": "word", "forward": "named", "self": "word", '# a "remark"': "comment"}
    text = "x = f('a # b', 1e-05, name_2)"
    found = {text[start : start + length]: kind for start, length, kind in pieces(text)}
    assert found == {"'a # b'": "text", "1e-05": "number"}


def test_both_themes_colour_texts_of_several_lines(panel, dressed):
    panel.show_code(NetworkCode('"""One\nclass two\n"""\nclass Three:\n'))
    for choice in ("light", "dark"):
        dressed.choose(choice)
        inner = panel.text.document().findBlockByNumber(1).layout().formats()
        assert [one.format.foreground().color() for one in inner] == [dressed.color("text_soft")]
        last = panel.text.document().findBlockByNumber(3).layout().formats()
        assert last[0].format.foreground().color() == dressed.color("accent")
