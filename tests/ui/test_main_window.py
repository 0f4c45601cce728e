"""The window: stages, title, drops, questions before closing, and nothing left behind."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QMimeData, QObject, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QWindow
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget

from studio import jobs
from studio.core.problems import Place, Problem, Severity
from studio.ui.context import new_context
from studio.ui.main_window import MainWindow
from studio.ui.pages import start
from studio.ui.run_controller import RunController
from studio.ui.stages import STAGES
from tests.builders import chain, table
from tests.ui.fake_runs import FakeJob, events_of

PROJECT = chain(table(), ("linear", {"out_features": 3}))
BROKEN = chain(table(), ("linear", {"out_features": 99}))


@pytest.fixture
def held():
    job = FakeJob(events_of(), hold_after=3)
    yield job
    job.release()


@pytest.fixture
def window(qtbot, dressed, held):
    context = new_context()
    runs = RunController(context.document, context.files.prepare_run, held)
    runs.ended.connect(context.files.settle_run)
    context.files.stop_wanted.connect(runs.stop)
    made = MainWindow(replace(context, runs=runs))
    qtbot.addWidget(made, before_close_func=put_away)
    with qtbot.waitExposed(made):
        made.show()
    return made


def put_away(window):
    window.context.runs.close()
    window.context.files.discard()
    window.context.close()


def edit(window, epochs=3):
    window.context.document.apply(
        lambda p: replace(p, training=replace(p.training, epochs=epochs)), "Change epochs"
    )


def dropped(window, path):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    middle = QPointF(window.rect().center())
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(middle.toPoint(), Qt.DropAction.CopyAction, data, buttons, keys)
    QApplication.sendEvent(window, entering)
    assert entering.isAccepted()
    assert window.drop_hint.isVisible()
    QApplication.sendEvent(
        window, QDropEvent(middle, Qt.DropAction.CopyAction, data, buttons, keys)
    )
    assert not window.drop_hint.isVisible()


def test_it_opens_on_the_start_page_with_nothing_to_train(window):
    assert window.shown_page == "start"
    assert window.windowTitle() == "Studio"
    assert not window.context.actions["train"].isEnabled()
    assert not any(button.isEnabled() for button in window.rail.buttons.values())


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.key)
def test_every_stage_has_its_page(window, stage):
    window.context.files.new(PROJECT)
    window.rail.buttons[stage.key].click()
    assert window.shown_page == stage.key
    assert window.findChild(QWidget, f"page.{stage.key}") is window.page(stage.key)
    assert window.rail.buttons[stage.key].isChecked()


def test_the_keys_lead_to_the_stages(window):
    window.context.files.new(PROJECT)
    for stage in STAGES:
        window.context.actions.trigger(f"page_{stage.key}")
        assert window.shown_page == stage.key


def test_export_needs_a_trained_model(window):
    window.context.files.new(PROJECT)
    assert window.context.actions["export"].statusTip() == "Train the network first."


def test_the_rail_says_how_far_each_stage_is(window):
    window.context.files.new(PROJECT)
    states = {key: button.state for key, button in window.rail.buttons.items()}
    assert states == {"data": "done", "model": "done", "train": "", "evaluate": "", "export": ""}
    window.context.files.new(BROKEN)
    model = window.rail.buttons["model"]
    assert model.state == "attention"
    assert model.accessibleName() == "Model, needs attention"
    assert model.toolTip() == window.context.document.report.obstacle.message


def test_the_title_says_what_is_open_and_whether_it_is_saved(window, tmp_path):
    window.context.files.new(PROJECT, "Surface check")
    assert window.windowTitle().startswith("Surface check ")
    assert window.top_bar.state.text() == "not saved"
    window.context.files.save_to(tmp_path / "a.studio")
    assert window.top_bar.state.text() == "saved"
    edit(window)
    assert window.windowTitle().startswith("a* ")
    assert window.top_bar.state.text() == "not saved"


def test_the_name_is_changed_where_it_stands(qtbot, window):
    window.context.files.new(PROJECT, "Old")
    title = window.top_bar.title
    title.setFocus()
    title.selectAll()
    qtbot.keyClicks(title, "New name")
    qtbot.keyClick(title, Qt.Key.Key_Return)
    assert window.context.files.name == "New name"
    title.setFocus()
    qtbot.keyClicks(title, "zzz")
    qtbot.keyClick(title, Qt.Key.Key_Escape)
    assert title.text() == "New name"


def test_undo_says_what_it_would_undo(window):
    window.context.files.new(PROJECT)
    actions = window.context.actions
    assert actions["undo"].toolTip() == "Nothing to undo"
    edit(window)
    assert "Change epochs" in window.top_bar.undo.toolTip()
    actions.trigger("undo")
    assert window.context.document.project is PROJECT
    assert actions["redo"].isEnabled()


def test_the_status_bar_says_what_there_is(window):
    window.context.files.new(PROJECT)
    assert window.status.problems.text() == "No problems"
    assert window.status.data.whole_text == "200 rows · 5 columns · 3 classes"
    assert window.status.network.text() == "3 nodes · 15 parameters"
    window.context.files.new(BROKEN)
    assert "problem" in window.status.problems.text()
    assert window.status.problems.text() != "No problems"


def test_status_bar_and_checks_count_the_same_problems(window):
    """What a look at all rows finds counts in both; what is of the network is told apart."""
    window.context.files.new(PROJECT)
    document, checks = window.context.document, window.page("data").side.problems
    found = Problem("Rows 1 and 2 are the same.", severity=Severity.WARNING, place=Place("data"))
    document.take_found((found,))
    assert (checks.count, window.status.problems.text()) == (1, "1 problem")
    assert found in document.problems
    edit = replace(BROKEN, dataset=PROJECT.dataset)
    document.apply(lambda _project: edit, "Other units")
    assert checks.count == 1
    assert window.status.problems.text() == "2 problems: 1 in the data"
    document.take_found(())
    assert (checks.count, window.status.problems.text()) == (0, "1 problem")
    document.take_found((found,))
    window.context.files.new(BROKEN)
    assert found not in document.problems


def test_a_problem_is_mended_from_the_status_bar(qtbot, window):
    window.context.files.new(BROKEN)
    window.status.problems.click()
    assert window.problems.isVisible()
    fix = window.context.document.report.obstacle.fix
    button = next(b for b in window.problems.findChildren(QAbstractButton) if b.text() == fix.label)
    button.click()
    assert window.context.document.report.can_train
    assert not window.problems.isVisible()
    assert window.context.document.undo_stack.undoText() == fix.label


def test_a_project_dropped_anywhere_opens(window, tmp_path):
    path = tmp_path / "dropped.studio"
    jobs.save_project(PROJECT, path)
    dropped(window, path)
    assert window.context.document.path == path
    assert window.shown_page == "model"


def test_a_table_dropped_anywhere_opens_as_data(qtbot, window, tmp_path):
    path = tmp_path / "goods.csv"
    path.write_text(
        "a,b,kind\n" + "".join(f"{n},{n}.5,{'xy'[n % 2]}\n" for n in range(80)), encoding="utf-8"
    )
    with qtbot.waitSignal(window.context.opening.ended, timeout=20_000):
        dropped(window, path)
    assert window.shown_page == "data"
    assert window.context.files.name == "goods"


def test_closing_with_unsaved_changes_asks_in_place(window):
    window.context.files.new(PROJECT, "Mine")
    edit(window)
    window.close()
    assert window.isVisible()
    assert window.notices.texts == ("Mine has changes that are not saved.",)
    window.notices.answer("Keep working")
    assert window.isVisible()
    assert window.notices.texts == ()
    window.close()
    window.notices.answer("Discard")
    assert not window.isVisible()


def test_closing_can_save_first(window, tmp_path):
    path = tmp_path / "a.studio"
    window.context.files.new(PROJECT)
    window.context.files.save_to(path)
    edit(window, 44)
    window.close()
    window.notices.answer("Save")
    assert not window.isVisible()
    assert jobs.open_project(path).training.epochs == 44


def test_closing_in_mid_run_stops_waits_and_then_closes(qtbot, window, held, tmp_path):
    window.context.files.new(PROJECT)
    window.context.files.save_to(tmp_path / "a.studio")
    window.context.actions.trigger("train")
    assert held.holding.wait(5)
    window.close()
    assert window.isVisible()
    assert "Waiting for the run" in window.notices.texts[0]
    held.release()
    qtbot.waitUntil(lambda: not window.isVisible())
    assert not window.context.runs.is_running


def test_during_a_run_the_same_place_shows_it_on_every_stage(qtbot, window, held):
    window.context.files.new(PROJECT)
    strip = window.top_bar.run
    assert strip.currentIndex() == 0
    window.context.actions.trigger("train")
    assert held.holding.wait(5)
    qtbot.waitUntil(lambda: "Epoch 1 of 3" in strip.pill.accessibleName())
    for stage in STAGES:
        window.show_page(stage.key)
        assert strip.pill.isVisible()
        assert strip.stop.isVisible()
    assert window.rail.buttons["train"].state == "running"
    window.context.actions.trigger("pause")
    assert "paused" in strip.pill.accessibleName()
    assert strip.pause.text() == "Go on"
    window.context.actions.trigger("stop")
    held.release()
    qtbot.waitUntil(lambda: strip.currentIndex() == 0)


def test_another_project_in_mid_run_is_asked_about(qtbot, window, held):
    window.context.files.new(PROJECT, "Running")
    window.context.actions.trigger("train")
    assert held.holding.wait(5)
    window.context.opening.start_empty()
    assert "A run is going on" in window.notices.texts[0]
    assert window.context.files.name == "Running"
    window.notices.answer("Stop the run")
    held.release()
    qtbot.waitUntil(
        lambda: (
            "was trained and is not saved" in " ".join(window.notices.texts)
            or window.context.files.name != "Running"
        )
    )
    assert not window.context.runs.is_running


def test_the_device_is_chosen_in_the_top_bar_as_one_step(window):
    window.context.files.new(PROJECT)
    device = window.top_bar.run.device
    device.setCurrentIndex(device.findData("cpu"))
    device.activated.emit(device.currentIndex())
    assert window.context.document.project.training.device == "cpu"
    window.context.document.undo_stack.undo()
    assert device.currentData() == "auto"


def test_the_theme_is_switched_live_and_kept(window):
    was_dark = window.context.theme.is_dark
    window.context.actions.trigger("theme")
    assert window.context.theme.is_dark is not was_dark
    assert window.context.settings.value("theme") == ("light" if was_dark else "dark")


def test_the_preferences_hold_at_once(qtbot, window):
    window.context.actions.trigger("preferences")
    dialog = window.findChild(QWidget, "dialog.preferences")
    assert dialog.isVisible()
    qtbot.mouseClick(dialog.fields.fields["motion"].switch, Qt.MouseButton.LeftButton)
    assert window.context.theme.has_motion is False
    dialog.accept()


@pytest.mark.parametrize("stage", ["start", *(stage.key for stage in STAGES)])
def test_nothing_is_clipped_in_the_smallest_window(window, stage):
    window.context.files.new(PROJECT, "A project with a name of some length")
    window.resize(1000, 700)
    window.show_page(stage)
    QApplication.sendPostedEvents()
    assert window.width() == 1000
    assert window.height() == 700
    assert window.page(stage).width() <= 1000 - window.rail.width()


@pytest.mark.parametrize("stage", ["start", *(stage.key for stage in STAGES)])
def test_every_control_has_a_name_for_a_screen_reader(window, stage):
    window.context.files.new(PROJECT)
    window.show_page(stage)
    nameless = [
        f"{type(control).__name__} '{control.objectName()}'"
        for control in window.findChildren(QWidget)
        if isinstance(control, QAbstractButton | QLineEdit)
        and control.isVisible()
        and control.focusPolicy() != Qt.FocusPolicy.NoFocus
        and not (control.accessibleName() or getattr(control, "text", str)())
    ]
    assert nameless == []


def test_the_window_remembers_its_place(qtbot, window, dressed):
    window.resize(1000, 730)  # what the screen of a test can hold
    window.close()
    again = new_context()
    assert again.settings.window_text("geometry")
    other = MainWindow(again)
    qtbot.addWidget(other, before_close_func=put_away)
    assert (other.width(), other.height()) == (1000, 730)


def test_the_start_page_is_where_recent_projects_are(window, tmp_path):
    window.context.files.new(PROJECT)
    window.context.files.save_to(tmp_path / "a.studio")
    window.context.actions.trigger("start_page")
    assert isinstance(window.page("start"), start.StartPage)
    assert not any(button.isChecked() for button in window.rail.buttons.values())


def test_what_reads_data_is_loaded_once_the_pages_are_made(qtbot, monkeypatch, request):
    loaded = []
    monkeypatch.setattr(jobs, "get_ready", lambda: loaded.append(True))
    window = request.getfixturevalue("window")
    qtbot.waitUntil(lambda: bool(loaded), timeout=20_000)
    assert all(window.findChild(QWidget, f"page.{stage.key}") for stage in STAGES)
    assert loaded == [True]


class WindowsShown(QObject):
    """Which windows of their own appear."""

    def __init__(self):
        super().__init__()
        self.names = []

    def eventFilter(self, watched, event):  # noqa: N802 - Qt's name
        if isinstance(watched, QWindow) and event.type() == QEvent.Type.Show:
            self.names.append(watched.objectName())
        return False


def test_no_window_flashes_up_while_pages_are_made(qapp, window):
    """One that does would take the keyboard away from whoever is typing."""
    shown = WindowsShown()
    qapp.installEventFilter(shown)
    for stage in STAGES:
        window.page(stage.key)
    qapp.removeEventFilter(shown)
    assert shown.names == []
