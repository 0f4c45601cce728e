"""Dialogs for files: opened without blocking, named, and doing what their action says."""

import pytest
from PySide6.QtWidgets import QToolButton, QWidget

from studio import jobs
from studio.ui.dialogs.file_actions import FileActions
from studio.ui.dialogs.file_dialog import FileDialog
from tests.builders import chain, table

PROJECT = chain(table(), ("linear", {"out_features": 3}))


@pytest.fixture
def window(qtbot, studio):
    made = QWidget()
    qtbot.addWidget(made)
    FileActions(studio, made)
    with qtbot.waitExposed(made):
        made.show()
    return made


def asked(qtbot, window, path):
    """Gives the open dialog an answer, as a person types one."""
    (dialog,) = [d for d in window.findChildren(FileDialog) if d.isVisible()]
    dialog.setDirectory(str(path.parent))
    dialog.selectFile(path.name)
    dialog.accept()
    return dialog


def test_saving_is_impossible_while_nothing_is_open(window, studio):
    assert not studio.actions["save"].isEnabled()
    assert studio.actions["save_as"].statusTip() == "Nothing is open."
    studio.files.new(PROJECT)
    assert studio.actions["save"].isEnabled()


def test_save_asks_for_a_name_once_and_then_no_more(qtbot, window, studio, tmp_path):
    studio.files.new(PROJECT, "Check")
    studio.actions.trigger("save")
    dialog = asked(qtbot, window, tmp_path / "check")
    assert dialog.windowTitle() == "Save project"
    assert studio.document.path == tmp_path / "check.studio"
    studio.actions.trigger("save")
    assert [d for d in window.findChildren(FileDialog) if d.isVisible()] == []


def test_open_opens_a_project(qtbot, window, studio, tmp_path):
    path = tmp_path / "a.studio"
    jobs.save_project(PROJECT, path)
    studio.actions.trigger("open")
    asked(qtbot, window, path)
    assert studio.document.path == path


def test_open_data_reads_a_table(qtbot, window, studio, tmp_path):
    path = tmp_path / "goods.csv"
    rows = "".join(f"{n},{n}.5,{'xy'[n % 2]}\n" for n in range(80))
    path.write_text("a,b,kind\n" + rows, encoding="utf-8")
    studio.actions.trigger("open_data")
    with qtbot.waitSignal(studio.opening.ended, timeout=20_000):
        asked(qtbot, window, path)
    assert studio.files.name == "goods"


def test_giving_up_changes_nothing(qtbot, window, studio):
    studio.files.new(PROJECT)
    studio.actions.trigger("save_as")
    (dialog,) = window.findChildren(FileDialog)
    dialog.reject()
    assert studio.document.path is None


def test_the_dialog_s_own_buttons_have_names(qtbot, window, studio):
    studio.actions.trigger("open")
    (dialog,) = window.findChildren(FileDialog)
    buttons = [b for b in dialog.findChildren(QToolButton) if b.isVisible()]
    assert buttons
    assert all(button.accessibleName() for button in buttons)
    dialog.reject()


def test_code_that_studio_wrote_is_imported_where_nothing_is_open(qtbot, window, studio, tmp_path):
    path = tmp_path / "model.py"
    path.write_text(jobs.network_code(PROJECT).whole, encoding="utf-8")
    studio.actions["import_code"].trigger()
    with qtbot.waitSignal(studio.importing.imported, timeout=60_000):
        asked(qtbot, window, path)
    assert studio.document.project.graph.nodes.keys() == PROJECT.graph.nodes.keys()
    assert studio.files.name == "model"
