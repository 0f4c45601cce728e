"""Small things: they say their reason, follow their action, keep their words, obey the keyboard."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from studio.core.catalogue.formats import FORMATS
from studio.ui.actions import Actions
from studio.ui.cards import Card, EmptyState, FigureCard, Note
from studio.ui.controls import ActionButton, Button, Elided, IconButton, Tag, label
from studio.ui.editors import Opener, SearchField, TitleEdit
from studio.ui.pages.start_cards import QuestionCard, ShortCard
from studio.ui.panels.format_tiles import FormatTile
from studio.ui.rail import StageButton
from studio.ui.stages import STAGES
from studio.ui.switches import Segments, Switch
from studio.ui.theme import SPACE_4, Theme

LONG = "A text that is a good deal longer than the room that it is given here"


@pytest.fixture
def shown(qtbot, dressed):
    def show(widget, *, width=None):
        qtbot.addWidget(widget)
        if width:
            widget.setFixedWidth(width)
        with qtbot.waitExposed(widget):
            widget.show()
        return widget

    return show


def test_buttons_and_fields_have_the_height_of_the_grid(shown):
    assert shown(Button("Save")).height() == 32
    assert shown(SearchField("Search")).sizeHint().height() == 32
    assert shown(IconButton("undo", "Undo")).height() == 32


def test_a_disabled_button_says_why(shown):
    button = shown(Button("Train"))
    button.set_reason("There are no data yet.")
    assert not button.isEnabled()
    assert button.toolTip() == "There are no data yet."
    assert button.accessibleDescription() == "There are no data yet."
    button.set_reason("")
    assert button.isEnabled()


def test_a_button_follows_its_action(qtbot, shown):
    actions = Actions()
    button = shown(ActionButton(actions["train"], "filled"))
    actions.set_reason("train", "A run is going on.")
    assert not button.isEnabled()
    assert button.toolTip() == "A run is going on."
    actions.set_reason("train", "")
    with qtbot.waitSignal(actions["train"].triggered):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_an_icon_button_has_its_words_for_a_reader(shown):
    actions = Actions()
    button = shown(IconButton("undo", "Undo"))
    button.follow(actions["undo"])
    actions.set_words("undo", "Undo rename")
    assert button.accessibleName() == "Undo rename"
    assert "Ctrl+Z" in button.toolTip()


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
@pytest.mark.parametrize(
    "make",
    [
        lambda: Button("Arrange"),
        lambda: IconButton("undo", "Undo"),
        lambda: StageButton(STAGES[0]),
        lambda: QuestionCard("Which kind is it?", "Rows", "rows", int, "question"),
        lambda: ShortCard("How does it go on?", "Forecast", "Series", int, "short"),
        lambda: FormatTile(next(iter(FORMATS.values()))),
        Opener,
    ],
    ids=["words", "icon", "stage", "card", "short card", "format", "opener"],
)
def test_enter_presses_what_has_the_keyboard_and_so_does_space(qtbot, shown, make, key):
    button = shown(make())
    presses = []
    button.clicked.connect(lambda: presses.append(key))
    qtbot.keyClick(button, key)
    assert presses == [key]


def test_icons_follow_the_theme(shown, dressed):
    button = shown(IconButton("undo", "Undo"))
    light = button.icon().pixmap(20, 20).toImage()
    dressed.choose("dark")
    assert button.icon().pixmap(20, 20).toImage() != light


def test_a_text_without_room_ends_in_dots_and_keeps_its_words(shown):
    words = shown(Elided(LONG), width=80)
    assert words.text().endswith("…")
    assert words.toolTip() == LONG
    assert words.whole_text == LONG
    words.set_text("Short")
    assert words.text() == "Short"
    assert words.toolTip() == ""


def test_a_text_with_hardly_any_room_is_left_out(shown):
    words = shown(Elided(LONG, least=60), width=50)
    assert words.text() == ""
    assert words.toolTip() == words.accessibleName() == LONG
    words.setFixedWidth(70)
    assert words.text().endswith("…")
    words.setFixedWidth(50)
    words.set_text("Tiny")
    assert words.text() == "Tiny"


def test_words_are_never_markup(dressed):
    assert label("<b>x</b>").textFormat() == Qt.TextFormat.PlainText
    assert Tag("<b>x</b>").textFormat() == Qt.TextFormat.PlainText


def test_a_note_acts_by_its_link(qtbot, shown):
    heard = []
    note = shown(
        Note("The gap grew.", "attention", link="Add it", act=lambda: heard.append("added")),
        width=240,
    )
    qtbot.mouseClick(note.link, Qt.MouseButton.LeftButton)
    assert heard == ["added"]
    assert not Note("Fine.", "good").link.isVisibleTo(note)


def test_a_figure_is_read_out_as_one(shown):
    card = shown(FigureCard("Validation loss"))
    card.show_figure("0.426", "down 0.041", "good")
    assert card.accessibleName() == "Validation loss 0.426 down 0.041"


def test_a_narrow_card_cuts_nothing_off_its_figure(shown):
    card = shown(FigureCard("Time left"))
    card.show_figure("a few seconds")
    card.resize(150, card.height())
    value = next(one for one in card.findChildren(QLabel) if one.text() == "a few seconds")
    assert value.fontMetrics().horizontalAdvance(value.text()) <= 150 - 2 * SPACE_4
    height = value.minimumHeight()
    card.resize(300, card.height())
    assert value.font().pixelSize() == 20
    assert value.minimumHeight() == height


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_a_narrow_card_cuts_nothing_off_in_another_theme(shown, scheme):
    card = shown(FigureCard("Time left"))
    card.show_figure("a few seconds")
    card.resize(150, card.height())
    value = next(one for one in card.findChildren(QLabel) if one.text() == "a few seconds")
    small = value.font().pixelSize()
    Theme.current().choose(scheme)
    QApplication.processEvents()
    assert value.font().pixelSize() == small < 20


def test_an_empty_state_says_the_next_step(shown):
    empty = shown(EmptyState("data", "No data yet", "Open a table.", button=Button("Open")))
    assert empty.accessibleName() == "No data yet"
    empty.say("Other", "")
    assert not empty.text.isVisible()


def test_a_card_has_its_heading_as_name(shown):
    assert shown(Card("Runs")).accessibleName() == "Runs"


def test_segments_are_chosen_by_a_person_only(qtbot, shown):
    segments = shown(Segments((("a", "First"), ("b", "Second"))))
    with qtbot.assertNotEmitted(segments.chosen):
        segments.show_key("b")
    assert segments.key == "b"
    with qtbot.waitSignal(segments.chosen) as heard:
        qtbot.mouseClick(segments.button("a"), Qt.MouseButton.LeftButton)
    assert heard.args == ["a"]


def test_a_switch_is_there_at_once_without_motion(shown, dressed):
    dressed.has_motion = False
    switch = shown(Switch("Motion"))
    off = switch.grab().toImage()
    switch.setChecked(True)
    on = switch.grab().toImage()
    assert on != off
    assert on.pixelColor(12 * int(on.devicePixelRatio()), 12).name() == (
        dressed.color_name("accent").lower()
    )


def test_escape_empties_a_search(qtbot, shown):
    field = shown(SearchField("Search layers", "Tab"))
    field.setFocus()
    qtbot.keyClicks(field, "conv")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == ""


@pytest.mark.parametrize(("typed", "kept"), [("New", "New"), ("  ", "Old"), ("Old", "Old")])
def test_a_title_takes_only_a_new_name(qtbot, shown, typed, kept):
    title, heard = shown(TitleEdit("Name")), []
    title.renamed.connect(heard.append)
    title.show_title("Old")
    title.setFocus()
    title.selectAll()
    qtbot.keyClicks(title, typed)
    qtbot.keyClick(title, Qt.Key.Key_Return)
    assert title.text() == kept
    assert heard == (["New"] if kept == "New" else [])
