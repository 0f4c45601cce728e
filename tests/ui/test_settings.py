"""Preferences: kept between starts, and never in the way when their file is broken."""

import json
from pathlib import Path

import pytest

from studio.ui.settings import FILE, PREFERENCES, Settings


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "preferences"


def test_what_was_chosen_is_there_at_the_next_start(folder):
    first = Settings(folder)
    first.set_value("theme", "dark")
    first.remember(Path("/work/a.studio"))
    first.set_window_text("geometry", "xyz")
    again = Settings(folder)
    assert again.value("theme") == "dark"
    assert again.recent == (Path("/work/a.studio"),)
    assert again.window_text("geometry") == "xyz"


def test_the_defaults_are_allowed_values(folder):
    settings = Settings(folder)
    for param in PREFERENCES:
        assert settings.value(param.key) == param.check(param.default)


def test_a_value_out_of_range_is_refused(folder, qtbot):
    settings = Settings(folder)
    with qtbot.assertNotEmitted(settings.changed), pytest.raises(ValueError, match="60"):
        settings.set_value("autosave_seconds", 3600)
    assert settings.value("autosave_seconds") == 30


@pytest.mark.parametrize("broken", [b"", b"{", b"[1, 2", b"\xff\xfe\x00", b"[" * 100_000])
def test_a_broken_file_is_put_aside_and_the_defaults_hold(folder, broken):
    folder.mkdir()
    (folder / FILE).write_bytes(broken)
    settings = Settings(folder)
    assert settings.value("theme") == "system"
    assert "kept as" in settings.trouble
    aside = next(folder.glob("*broken*"))
    assert aside.read_bytes() == broken
    settings.set_value("theme", "light")
    assert Settings(folder).value("theme") == "light"


def test_what_another_version_wrote_does_no_harm(folder):
    folder.mkdir()
    kept = {
        "preferences": {"theme": "plaid", "motion": 3, "unknown": 1, "autosave_seconds": 10},
        "recent": ["/a.studio", 5],
        "window": [],
    }
    (folder / FILE).write_text(json.dumps(kept), encoding="utf-8")
    settings = Settings(folder)
    usual = {param.key: param.default for param in PREFERENCES}
    assert settings.values() == {**usual, "autosave_seconds": 10}
    assert settings.recent == (Path("/a.studio"),)
    assert settings.window_text("geometry") == ""


def test_the_newest_project_stands_first_and_each_stands_once(folder, qtbot):
    settings = Settings(folder)
    for name in ("a", "b", "a"):
        settings.remember(Path(f"/{name}.studio"))
    assert [path.stem for path in settings.recent] == ["a", "b"]
    with qtbot.waitSignal(settings.recent_changed):
        settings.forget(Path("/a.studio"))
    assert [path.stem for path in settings.recent] == ["b"]


def test_a_folder_that_cannot_be_written_to_keeps_nobody_from_working(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("in the way", encoding="utf-8")
    settings = Settings(blocked / "preferences")
    settings.set_value("theme", "dark")
    assert settings.value("theme") == "dark"
