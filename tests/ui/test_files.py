"""Files: saved where it should be, never over what is not ours, and found again after a crash."""

import subprocess
import sys
from dataclasses import replace

import pytest

from studio import jobs
from studio.core.design.project import Project
from studio.ui.context import new_context
from studio.ui.folders import recovery_folder
from tests.builders import chain, table
from tests.fences import ROOT


@pytest.fixture
def project():
    return chain(table(), ("linear", {"out_features": 3}))


@pytest.fixture
def said(studio):
    heard = []
    studio.navigation.said.connect(heard.append)
    return heard


def edit(studio, epochs):
    studio.document.apply(
        lambda p: replace(p, training=replace(p.training, epochs=epochs)), "Change epochs"
    )


def answer(notice, words):
    next(a for a in notice.answers if a.words == words).act()


def train_a_little(studio):
    """What a run leaves behind, without a run."""
    folder = studio.files.prepare_run()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "runs.sqlite").write_bytes(b"run")
    studio.files.settle_run()
    return folder


def test_a_saved_project_is_read_back_and_remembered(studio, project, tmp_path):
    path = tmp_path / "check.studio"
    studio.files.new(project, "Check")
    studio.files.save_to(path)
    assert studio.document.is_saved
    assert studio.document.path == path
    assert studio.settings.recent == (path,)
    assert jobs.open_project(path).graph == project.graph


def test_the_ending_is_added(studio, project, tmp_path):
    studio.files.new(project)
    studio.files.save_to(tmp_path / "v1.2 check")
    assert (tmp_path / "v1.2 check.studio").is_file()


def test_saving_without_a_file_asks_for_one(qtbot, studio, project, tmp_path):
    studio.files.new(project)
    followed = []
    with qtbot.waitSignal(studio.files.save_as_wanted) as wanted:
        studio.files.save(lambda: followed.append("then"))
    studio.files.save_to(tmp_path / "a.studio", wanted.args[0])
    assert followed == ["then"]


def test_a_file_that_cannot_be_read_is_left_alone_and_so_is_what_is_open(
    studio, project, said, tmp_path
):
    broken = tmp_path / "broken.studio"
    broken.write_text("{", encoding="utf-8")
    studio.files.new(project, "Mine")
    assert not studio.files.open(broken)
    assert studio.document.project is project
    assert said[-1].tone == "problem"
    studio.files.save_to(broken)
    assert broken.read_text(encoding="utf-8") == "{"
    assert "cannot be read" in said[-1].text


def test_a_change_by_another_program_is_asked_about(studio, project, said, tmp_path):
    path = tmp_path / "a.studio"
    studio.files.new(project)
    studio.files.save_to(path)
    other = replace(project, training=replace(project.training, epochs=77))
    jobs.save_project(other, path)
    edit(studio, 3)
    studio.files.save()
    assert "another program" in said[-1].text
    assert jobs.open_project(path).training.epochs == 77
    answer(said[-1], "Replace it")
    assert jobs.open_project(path).training.epochs == 3


def test_an_edit_makes_it_unsaved_and_undo_saved_again(studio, project, tmp_path):
    studio.files.new(project)
    assert not studio.files.has_unsaved_work
    studio.files.save_to(tmp_path / "a.studio")
    edit(studio, 3)
    assert studio.files.has_unsaved_work
    studio.document.undo_stack.undo()
    assert not studio.files.has_unsaved_work


def test_runs_without_a_file_are_unsaved_work_and_move_with_the_first_save(
    studio, project, tmp_path
):
    studio.files.new(project)
    first = train_a_little(studio)
    assert studio.files.has_unsaved_work
    studio.files.save_to(tmp_path / "a.studio")
    assert studio.files.runs_folder == tmp_path / "a.runs"
    assert (tmp_path / "a.runs" / "runs.sqlite").read_bytes() == b"run"
    assert not first.exists()
    assert not studio.files.has_unsaved_work


def test_runs_move_after_the_run_where_it_is_saved_in_the_middle(studio, project, tmp_path):
    studio.files.new(project)
    folder = studio.files.prepare_run()
    folder.mkdir(parents=True, exist_ok=True)
    studio.files.save_to(tmp_path / "a.studio")
    assert studio.files.runs_folder == folder
    (folder / "runs.sqlite").write_bytes(b"run")
    studio.files.settle_run()
    assert studio.files.runs_folder == tmp_path / "a.runs"
    assert (tmp_path / "a.runs" / "runs.sqlite").is_file()


def test_runs_that_are_there_already_are_kept_aside(studio, project, tmp_path):
    old = tmp_path / "a.runs"
    old.mkdir()
    (old / "runs.sqlite").write_bytes(b"older")
    studio.files.new(project)
    train_a_little(studio)
    studio.files.save_to(tmp_path / "a.studio")
    assert (tmp_path / "a.runs" / "runs.sqlite").read_bytes() == b"run"
    assert (tmp_path / "a.runs.1" / "runs.sqlite").read_bytes() == b"older"


def test_renaming_moves_file_and_runs(studio, project, tmp_path):
    studio.files.new(project)
    studio.files.save_to(tmp_path / "a.studio")
    train_a_little(studio)
    studio.files.rename("b")
    assert {path.name for path in tmp_path.iterdir()} == {"b.studio", "b.runs"}
    assert studio.document.path == tmp_path / "b.studio"
    assert studio.settings.recent == (tmp_path / "b.studio",)


def test_renaming_never_takes_the_place_of_another_project(studio, project, said, tmp_path):
    (tmp_path / "b.studio").write_text("other", encoding="utf-8")
    studio.files.new(project)
    studio.files.save_to(tmp_path / "a.studio")
    studio.files.rename("b")
    assert (tmp_path / "b.studio").read_text(encoding="utf-8") == "other"
    assert studio.files.name == "a"
    assert "already" in said[-1].text


LONG = "long" * 90


def test_a_name_that_no_disk_can_hold_is_said(studio, project, said, tmp_path):
    studio.files.new(project)
    studio.files.save_to(tmp_path / LONG)
    assert "could not be written" in said[-1].text
    studio.files.save_to(tmp_path / "a.studio")
    said.clear()
    studio.files.rename(LONG)
    assert "could not be written" in said[-1].text
    assert studio.files.name == "a"


def test_a_copy_under_another_name_says_where_the_runs_are(studio, project, said, tmp_path):
    studio.files.new(project)
    studio.files.save_to(tmp_path / "a.studio")
    studio.files.save_to(tmp_path / "b.studio")
    assert not said, "nothing was trained"
    studio.files.save_to(tmp_path / "a.studio")
    train_a_little(studio)
    studio.files.save_to(tmp_path / "c.studio")
    assert "stay with a" in said[-1].text


def test_what_could_not_be_saved_is_no_news_once_it_is(studio, project, said, tmp_path):
    heard = []
    studio.navigation.unsaid.connect(heard.append)
    studio.files.new(project)
    studio.files.save_to(tmp_path / "nowhere" / "a.studio")
    heard.clear()
    studio.files.save_to(tmp_path / "a.studio")
    assert said[-1].key in heard


@pytest.mark.parametrize("name", ["", "..", "../b", "a"])
def test_what_is_no_name_renames_nothing(studio, project, said, tmp_path, name):
    studio.files.new(project)
    studio.files.save_to(tmp_path / "a.studio")
    studio.files.rename(name)
    assert [path.name for path in tmp_path.iterdir()] == ["a.studio"]
    assert not said


def test_renaming_without_a_file_is_a_suggestion(studio, project):
    studio.files.new(project)
    studio.files.rename("Surface check")
    assert studio.files.name == "Surface check"


def test_after_the_set_time_a_recovery_copy_is_kept(qtbot, studio, project):
    studio.settings.set_value("autosave_seconds", 5)
    studio.files.new(project, "Lost")
    edit(studio, 9)
    timer = studio.files.timer
    assert timer.isActive()
    assert timer.interval() == 5000
    timer.timeout.emit()  # the five seconds are over

    def copies():
        return list(recovery_folder().glob("*/about.json"))

    qtbot.waitUntil(lambda: len(copies()) == 1)
    copy = copies()[0].with_name("unsaved.studio")
    assert jobs.open_project(copy).training.epochs == 9


def test_before_a_run_a_copy_is_kept(studio, project):
    studio.files.new(project, "Trained")
    studio.files.prepare_run()
    assert len(list(recovery_folder().glob("*/unsaved.studio"))) == 1
    studio.files.settle_run()


def test_before_the_run_of_a_saved_project_there_is_nothing_to_recover(studio, project, tmp_path):
    studio.files.new(project)
    studio.files.save_to(tmp_path / "a.studio")
    studio.files.prepare_run()
    assert not list(recovery_folder().glob("*/unsaved.studio"))
    studio.files.settle_run()


def test_saving_takes_the_copy_away(studio, project, tmp_path):
    studio.files.new(project)
    studio.files.save_to(tmp_path / "a.studio")
    edit(studio, 4)
    studio.files.prepare_run()
    studio.files.settle_run()
    studio.files.save()
    assert list(recovery_folder().glob("*/*.studio")) == []


CRASH = """
import os
from pathlib import Path
from PySide6.QtWidgets import QApplication
from studio import jobs
from studio.ui.context import new_context
app = QApplication([])
context = new_context()
context.files.new(jobs.open_project(Path({path!r})), "Lost")
folder = context.files.prepare_run()
folder.mkdir(parents=True)
(folder / "runs.sqlite").write_bytes(b"run")
os._exit(9)
"""


@pytest.fixture
def crashed(project, tmp_path):
    """A process that kept a copy, began a run and died."""
    path = tmp_path / "given.studio"
    changed = replace(project, training=replace(project.training, epochs=11))
    jobs.save_project(changed, path)
    code = CRASH.format(path=str(path))
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=60)
    assert done.returncode == 9
    path.unlink()


def test_what_a_crash_left_is_offered_and_can_be_recovered(crashed, studio, tmp_path):
    (found,) = studio.files.leftovers()
    assert found.name == "Lost"
    assert studio.files.recover(found)
    assert studio.document.project.training.epochs == 11
    assert not studio.document.is_saved
    assert studio.files.has_unsaved_work
    assert studio.files.leftovers() == ()
    studio.files.save_to(tmp_path / "found.studio")
    assert (tmp_path / "found.runs" / "runs.sqlite").is_file()
    assert list(recovery_folder().glob("*")) == []


def test_a_recovered_copy_is_kept_until_it_is_saved(crashed, studio):
    (found,) = studio.files.leftovers()
    assert studio.files.recover(found)
    assert found.copy.is_file()
    studio.files.close()
    assert found.copy.is_file()


def test_the_copy_of_a_living_process_is_left_alone(studio, project):
    other = new_context()
    other.files.new(project, "Other")
    other.files.prepare_run()
    assert studio.files.leftovers() == ()
    other.files.settle_run()
    other.files.discard()
    other.close()


def test_a_copy_that_cannot_be_read_is_said_and_kept(crashed, studio, said):
    (found,) = studio.files.leftovers()
    found.copy.write_text("{", encoding="utf-8")
    assert not studio.files.recover(found)
    assert said[-1].tone == "problem"
    assert found.copy.exists()


def test_closing_without_unsaved_work_leaves_nothing(dressed, project, tmp_path):
    context = new_context()
    context.files.new(project)
    context.files.save_to(tmp_path / "a.studio")
    context.close()
    assert list(recovery_folder().glob("*")) == []


def test_discarding_takes_edits_and_runs_away(studio, project):
    studio.files.new(project)
    edit(studio, 5)
    train_a_little(studio)
    studio.files.discard()
    assert list(recovery_folder().glob("*")) == []


def test_discarding_in_mid_run_waits_for_its_end(studio, project):
    studio.files.new(project)
    folder = studio.files.prepare_run()
    folder.mkdir(parents=True, exist_ok=True)
    studio.files.discard()
    assert folder.is_dir()
    studio.files.settle_run()
    assert not folder.exists()


def test_a_full_disk_is_said_and_the_old_file_stands(studio, project, said, tmp_path, monkeypatch):
    path = tmp_path / "a.studio"
    studio.files.new(project)
    studio.files.save_to(path)
    before = path.read_bytes()
    edit(studio, 3)

    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    studio.files.save()
    assert path.read_bytes() == before
    assert not studio.document.is_saved
    assert "No space left" in said[-1].text


def test_nothing_open_has_nothing_unsaved(studio):
    assert not studio.files.is_open
    assert not studio.files.has_unsaved_work
    assert studio.document.project == Project()
