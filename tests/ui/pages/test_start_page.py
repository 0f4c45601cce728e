"""The start page: questions that start projects, recent projects, one that is gone."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QPushButton

from studio.core.design.templates import TEMPLATES
from studio.core.run.archive import Archive
from studio.ui.pages.start import StartPage
from studio.ui.pages.start_cards import QuestionCard, RecentCard, ShortCard
from studio.ui.theme import SPACE_4
from tests.builders import chain, table
from tests.ui.fake_runs import events_of


@pytest.fixture
def page(qtbot, studio):
    made = StartPage(studio)
    qtbot.addWidget(made)
    made.resize(1200, 800)
    return made


def shown(qtbot, page):
    with qtbot.waitExposed(page):
        page.show()
    return page


def recent(page):
    return page.findChildren(RecentCard)


def saved(studio, path):
    studio.files.new(chain(table(), ("linear", {"out_features": 3})))
    studio.files.save_to(path)


def test_every_question_stands_there_with_its_words(qtbot, page):
    shown(qtbot, page)
    cards = [
        card
        for card in page.findChildren(QPushButton)
        if card.objectName().startswith("start.") and card.objectName() != "start.open"
    ]
    assert len(cards) == len(TEMPLATES) + 2  # own data, and an empty canvas
    asked = [template for template in TEMPLATES.values() if template.family == "question"]
    assert sum(card.isVisible() for card in cards) == len(asked) + 2
    assert len(page.findChildren(QuestionCard)) == 6
    assert all(card.accessibleName().endswith("?") for card in cards)
    assert all(card.accessibleDescription() for card in cards)


def test_cards_keep_their_height_in_a_low_window(qtbot, page):
    page.resize(1200, 400)
    shown(qtbot, page)
    cards = [*page.findChildren(QuestionCard), *page.findChildren(ShortCard)]
    seen = [card for card in cards if card.isVisible()]
    assert len(seen) > 6
    assert all(card.height() == card.maximumHeight() for card in seen)


@pytest.mark.parametrize("key", TEMPLATES)
def test_each_template_starts_a_project_that_trains_at_once(qtbot, studio, page, key):
    shown(qtbot, page)
    card = page.findChild(QPushButton, f"start.{key}")
    if not card.isVisible():
        page.named.toggle.click()
    with qtbot.waitSignal(studio.files.opened, timeout=30_000):
        qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
    assert studio.document.report.can_train
    assert studio.files.name == TEMPLATES[key].title


def test_networks_by_name_are_one_click_away_and_found_by_a_word(qtbot, page):
    shown(qtbot, page)
    assert not any(card.isVisible() for card in page.named.cards.values())
    page.named.toggle.click()
    assert all(card.isVisible() for card in page.named.cards.values())
    page.named.search.setText("transformer")
    seen = [key for key, card in page.named.cards.items() if card.isVisible()]
    assert seen == ["translate-transformer", "vit-tiny"]
    page.named.search.setText("no such word")
    assert page.named.nothing.isVisible()
    assert not any(card.isVisible() for card in page.named.cards.values())
    page.named.search.clear()
    page.named.toggle.click()
    assert not page.named.cards["vit-tiny"].isVisible()


def test_an_empty_canvas_is_one_click_away(qtbot, studio, page):
    shown(qtbot, page)
    with qtbot.waitSignal(studio.navigation.page_wanted) as heard:
        page.findChild(QPushButton, "start.network").click()
    assert heard.args == ["model"]
    assert studio.files.is_open
    assert len(studio.document.project.graph) == 0


def test_a_recent_project_opens_and_shows_its_last_curve(qtbot, studio, page, tmp_path):
    path = tmp_path / "check.studio"
    saved(studio, path)
    log = Archive(studio.files.runs_folder).begin(studio.document.project)
    for event in events_of():
        log.append(event)
    log.close()
    shown(qtbot, page)
    qtbot.waitUntil(lambda: len(recent(page)) == 1)
    card = recent(page)[0]
    assert len(card.project.curve) == 3
    assert "Accuracy" in card.project.figure
    studio.opening.start_empty()
    qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
    assert studio.document.path == path


def test_one_that_is_gone_says_so_and_can_be_taken_off(qtbot, studio, page, tmp_path):
    path = tmp_path / "gone.studio"
    saved(studio, path)
    path.unlink()
    shown(qtbot, page)
    qtbot.waitUntil(lambda: len(recent(page)) == 1)
    card = recent(page)[0]
    assert "no longer there" in card.accessibleName()
    with qtbot.assertNotEmitted(studio.files.opened):
        qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
    card.forget.click()
    assert studio.settings.recent == ()
    qtbot.waitUntil(lambda: recent(page) == [])


def test_without_any_it_says_what_will_stand_there(qtbot, page):
    shown(qtbot, page)
    assert recent(page) == []
    assert any(
        "Projects that you save appear here" in words.text()
        for words in page.findChildren(object)
        if hasattr(words, "textFormat")
    )


def test_the_card_that_was_asked_says_that_it_works(qtbot, studio, page):
    shown(qtbot, page)
    card = page.findChild(QuestionCard, f"start.{next(iter(TEMPLATES))}")
    before = card.remark.text()
    with qtbot.waitSignal(studio.opening.ended, timeout=30_000):
        qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
        assert "…" in card.remark.text() != before
    assert card.remark.text() == before


def test_own_data_are_files_a_folder_or_a_database(qtbot, studio, page):
    shown(qtbot, page)
    qtbot.mouseClick(page.findChild(QuestionCard, "start.own-data"), Qt.MouseButton.LeftButton)
    menu = page.findChild(QMenu, "start.own-data.menu")
    keys = ("open_data", "open_folder", "open_database")
    assert menu.actions() == [studio.actions[key] for key in keys]
    menu.close()


def test_in_the_narrowest_window_no_card_is_cut_off(qtbot, page):
    page.resize(900, 620)
    shown(qtbot, page)
    for card in page.findChildren(QPushButton):
        if card.isVisible() and card.property("kind") == "card":
            right = card.mapTo(page, card.rect().topRight()).x()
            assert right < page.width() - SPACE_4, card.accessibleName()
