"""The program as a whole: built without an event loop, opening what it is given."""

import gc

import pytest

from studio import jobs
from studio.ui.app import build, spare_long_searches
from studio.ui.recovery import Recovery
from tests.builders import chain, table

PROJECT = chain(table(), ("linear", {"out_features": 3}))


@pytest.fixture
def opened(qtbot, dressed):
    def made(*argv):
        _app, window = build(list(argv))
        qtbot.addWidget(window, before_close_func=put_away)
        return window

    return made


def put_away(window):
    window.context.files.discard()
    window.context.close()


def test_with_nothing_it_shows_the_start_page(opened):
    assert opened().shown_page == "start"


def test_a_project_is_opened(opened, tmp_path):
    path = tmp_path / "a.studio"
    jobs.save_project(PROJECT, path)
    window = opened(str(path))
    assert window.context.document.path == path
    assert window.shown_page == "model"


def test_the_sample_is_ready_to_train(qtbot, opened):
    window = opened("--sample")
    with qtbot.waitSignal(window.context.files.opened, timeout=30_000):
        pass
    assert window.context.actions["train"].isEnabled()


def test_a_file_that_is_not_there_is_said(qtbot, opened, tmp_path):
    window = opened(str(tmp_path / "nowhere.studio"))
    assert "nowhere.studio" in window.notices.texts[0]
    assert window.shown_page == "start"


def test_what_an_earlier_process_left_is_offered(opened):
    recovery = Recovery()
    recovery.keep(PROJECT, "Lost work", None)
    del recovery  # with it goes its lock, as with its process
    window = opened()
    assert "Lost work" in window.notices.texts[0]
    window.notices.answer("Recover")
    assert window.context.files.name == "Lost work"
    assert window.shown_page == "model"
    assert window.context.files.has_unsaved_work


def test_what_is_thrown_away_is_not_offered_again(opened):
    recovery = Recovery()
    recovery.keep(PROJECT, "Lost work", None)
    del recovery
    opened().notices.answer("Throw away")
    assert opened().notices.texts == ()


def test_broken_preferences_are_told(opened, own_folders):
    folder = own_folders / "studio"
    folder.mkdir()
    (folder / "preferences.json").write_text("{", encoding="utf-8")
    assert "preferences" in opened().notices.texts[0]


def test_what_the_libraries_made_is_searched_for_garbage_once(qtbot, opened):
    devices = opened().context.devices
    spare_long_searches(devices)
    before = gc.get_freeze_count()
    try:
        with qtbot.waitSignal(devices.found, timeout=60_000):
            devices.ask()
        assert gc.get_freeze_count() > before + 10_000
    finally:
        gc.unfreeze()
