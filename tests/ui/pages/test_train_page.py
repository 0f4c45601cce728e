from dataclasses import replace

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtWidgets import QLabel

from studio import jobs
from studio.core.catalogue import OPTIMIZERS, SCHEDULES
from studio.core.design.rate_plan import planned_rates
from studio.core.problems import Place, Problem
from studio.core.run.control import RunControl
from studio.core.run.events import RunEnded, RunStarted
from studio.core.run.results import DeviceInfo
from studio.ui.pages.train import TrainPage
from tests.ui.fake_runs import FakeJob, epoch_done, events_of
from tests.ui.pages.conftest import PATIENCE


@pytest.fixture
def page(context, show):
    return show(TrainPage(context))


@pytest.fixture
def fake(context):
    """Puts a job into the controller that a test holds in its hand."""

    def put(job):
        context.runs.start_job = job
        return job

    return put


def _type(qtbot, field, text):
    field.entry.setFocus()
    field.entry.selectAll()
    qtbot.keyClicks(field.entry, text)
    qtbot.keyClick(field.entry, Qt.Key.Key_Return)


def test_before_the_first_run_the_next_step_stands_there(page, context, rows_project):
    context.files.new(rows_project, "Machines")
    assert page.empty.state.title.text() == "Ready to train"
    assert page.empty.train.isVisible()
    assert not page.runs.isVisible()
    assert not page.runs.nothing.isHidden()
    assert page.runs.use_button.isHidden()


def test_an_obstacle_stands_there_with_its_fix_and_one_click_removes_it(
    page, context, rows_project, qtbot
):
    broken = replace(rows_project, training=replace(rows_project.training, loss="mse"))
    context.files.new(broken, "Machines")
    assert "does not fit" in page.empty.state.title.text()
    assert not page.empty.train.isVisible()
    qtbot.mouseClick(page.empty.fix, Qt.MouseButton.LeftButton)
    assert context.document.report.can_train
    assert page.empty.train.isVisible()
    context.document.undo_stack.undo()
    assert not page.empty.train.isVisible()


def test_show_where_leads_to_the_place_of_the_obstacle(page, context, rows_project, qtbot):
    context.files.new(
        replace(rows_project, training=replace(rows_project.training, loss="mse")), "Machines"
    )
    places = []
    context.navigation.place_wanted.connect(places.append)
    page.empty.show_place.click()
    assert places == [Place("field", "loss")]
    assert page.settings.fields["loss"].focusProxy().hasFocus()


def test_a_typed_setting_is_one_step_of_undo(page, context, rows_project, qtbot):
    context.files.new(rows_project, "Machines")
    _type(qtbot, page.settings.fields["epochs"], "125")
    assert context.document.project.training.epochs == 125
    _type(qtbot, page.settings.fields["epochs"], "7")
    context.document.undo_stack.undo()
    assert context.document.project.training.epochs == 125
    context.document.undo_stack.undo()
    assert context.document.project.training.epochs == 3
    assert page.settings.fields["epochs"].entry.text() == "3"


def test_the_learning_rate_follows_the_optimizer_until_a_person_sets_one(
    page, context, rows_project, qtbot
):
    context.files.new(rows_project, "Machines")
    fields = page.settings.fields
    assert context.document.project.training.learning_rate == 0.001
    fields["optimizer"].combo.activated.emit(fields["optimizer"].combo.findData("sgd"))
    assert context.document.project.training.learning_rate == 0.01
    _type(qtbot, fields["learning_rate"], "0.2")
    fields["optimizer"].combo.activated.emit(fields["optimizer"].combo.findData("adam"))
    assert context.document.project.training.learning_rate == 0.2


def test_more_shows_what_the_chosen_optimizer_brings(page, context, rows_project, qtbot):
    context.files.new(rows_project, "Machines")
    page.settings.more.click()
    assert {"of optimizer beta1", "patience", "seed"} <= page.settings.details.fields.keys()
    optimizer = page.settings.fields["optimizer"]
    optimizer.combo.activated.emit(optimizer.combo.findData("sgd"))
    fields = page.settings.details.fields
    assert "of optimizer beta1" not in fields
    _type(qtbot, fields["of optimizer momentum"], "0.5")
    assert context.document.project.training.optimizer_params == {"momentum": 0.5}


def test_another_optimizer_leaves_the_other_fields_as_they_are(page, context, rows_project):
    context.files.new(rows_project, "Machines")
    details = page.settings.details
    assert not details.fields  # nobody has seen them yet
    page.settings.more.click()
    before, ticks = dict(details.fields), dict(details.ticks)
    combo = page.settings.fields["optimizer"].combo
    combo.activated.emit(combo.findData("sgd"))
    after = details.fields
    kept = {key for key in after if after[key] is before.get(key)}
    assert {"patience", "seed", "schedule", "balance"} <= kept
    assert "of optimizer momentum" not in kept
    assert details.ticks == ticks
    assert _by_tab(after) == list(after)


def _by_tab(fields):
    """The keys of the fields in the order in which Tab walks through them."""
    first = next(iter(fields.values()))
    found, at = [], first
    while True:
        found += [key for key, one in fields.items() if one.isAncestorOf(at) or one is at]
        at = at.nextInFocusChain()
        if at is first:
            return list(dict.fromkeys(found))


@pytest.mark.parametrize("key", OPTIMIZERS)
def test_every_optimizer_brings_its_fields(page, context, rows_project, key):
    context.files.new(rows_project, "Machines")
    page.settings.more.click()
    combo = page.settings.fields["optimizer"].combo
    combo.activated.emit(combo.findData(key))
    details = page.settings.details
    wanted = {f"of optimizer {param.key}" for param in OPTIMIZERS[key].params}
    assert wanted == {name for name in details.fields if name.startswith("of optimizer")}
    assert OPTIMIZERS[key].help in details.about.text()
    assert context.document.report.can_train


@pytest.mark.parametrize("key", SCHEDULES)
def test_every_schedule_brings_its_fields_and_its_curve(page, context, rows_project, key):
    training = replace(rows_project.training, epochs=20)
    context.files.new(replace(rows_project, training=training), "Machines")
    page.settings.more.click()
    details = page.settings.details
    combo = details.fields["schedule"].combo
    combo.activated.emit(combo.findData(key))
    assert context.document.project.training.schedule == key
    wanted = {f"of schedule {param.key}" for param in SCHEDULES[key].params}
    assert wanted == {name for name in details.fields if name.startswith("of schedule")}
    xs, ys = planned_rates(context.document.project.training)
    assert details.preview.plot.span == (0.0, context.document.project.training.epochs)
    assert xs == sorted(xs)
    assert (len(set(ys)) > 1) == (key not in ("none", "plateau"))


def test_the_planned_learning_rate_is_true_after_a_change_on_another_page(
    page, context, rows_project
):
    context.files.new(rows_project, "Machines")
    page.settings.more.click()
    page.hide()
    context.document.apply(
        lambda project: replace(project, training=replace(project.training, epochs=7)), "Seven"
    )
    page.show()
    assert page.settings.details.preview.plot.span == (0.0, 7.0)


def test_a_loss_is_chosen_from_those_that_fit(page, context, rows_project):
    context.files.new(rows_project, "Machines")
    combo = page.settings.fields["loss"].combo
    assert combo.findData("mse") == -1
    combo.activated.emit(combo.findData("bce"))
    assert context.document.project.training.loss == "bce"
    assert context.document.report.can_train


def test_a_place_in_the_schedule_opens_the_finer_points(page, context, rows_project):
    context.files.new(rows_project, "Machines")
    page.settings.show_place(Place("field", "schedule"))
    assert page.settings.details.fields["schedule"].isVisible()


def test_only_classes_can_be_balanced(page, context, rows_project, numbers_project):
    context.files.new(rows_project, "Machines")
    page.settings.more.click()
    fields = page.settings.details.fields
    assert fields["balance"].isEnabled()
    context.files.new(numbers_project, "Houses")
    fields = page.settings.details.fields
    assert not fields["balance"].isEnabled()
    assert fields["balance"].toolTip() == "Only classes can be rare."


def test_metrics_are_ticked_and_the_last_one_stays(page, context, rows_project, qtbot):
    context.files.new(rows_project, "Machines")
    page.settings.more.click()
    ticks = page.settings.details.ticks
    assert all(tick.isChecked() for tick in ticks.values())
    ticks["f1"].click()
    assert context.document.project.training.metrics == ("accuracy",)
    page.settings.details.ticks["accuracy"].click()
    assert context.document.project.training.metrics == ("accuracy",)
    assert page.settings.details.ticks["accuracy"].isChecked()


def test_a_device_that_is_missing_cannot_be_chosen_and_says_why(context, show, qtbot, monkeypatch):
    found = (
        DeviceInfo("cpu", "CPU", True),
        DeviceInfo("cuda", "CUDA", False, "There is no NVIDIA card."),
    )
    monkeypatch.setattr("studio.jobs.devices", lambda: found)
    page = show(TrainPage(context))
    combo = page.settings.fields["device"].combo
    qtbot.waitUntil(
        lambda: (
            combo.findData("cuda") >= 0
            and not combo.model().item(combo.findData("cuda")).isEnabled()
        )
    )
    item = combo.model().item(combo.findData("cuda"))
    assert not item.isEnabled()
    assert "NVIDIA" in item.toolTip()


def test_a_run_fills_the_page_and_its_settings_say_when_they_apply(
    page, context, rows_project, fake, qtbot
):
    context.files.new(rows_project, "Machines")
    job = fake(FakeJob(events_of(epochs=3), hold_after=7))
    context.runs.start()
    qtbot.waitUntil(job.holding.is_set)
    assert page.next_run.isVisible()
    qtbot.waitUntil(lambda: context.runs.history.epochs_done == 1)
    qtbot.waitUntil(lambda: page.figures.loss.accessibleName().startswith("Validation loss 1.000"))
    assert page.curves.isVisible()
    with qtbot.waitSignal(context.runs.ended):
        job.release()
    assert not page.next_run.isVisible()
    assert page.figures.left.accessibleName().startswith("Time taken")
    assert "weights of epoch 3 kept as best" in page.words.state.text()


def test_what_the_curves_say_offers_the_change_that_answers_it(
    page, context, rows_project, fake, qtbot
):
    context.files.new(rows_project, "Machines")
    flat = [
        RunStarted("r", "cpu", 1, 1, 4, batch_size=32),
        *(epoch_done(epoch, loss=1.0) for epoch in range(1, 5)),
        RunEnded("completed", 1),
    ]
    fake(FakeJob(flat))
    with qtbot.waitSignal(context.runs.ended):
        context.runs.start()
    qtbot.waitUntil(
        lambda: any(n.link.text() == "Learning rate 0.01 next time" for n in _notes(page))
    )
    note = next(n for n in _notes(page) if "Learning rate" in n.link.text())
    qtbot.mouseClick(note.link, Qt.MouseButton.LeftButton)
    assert context.document.project.training.learning_rate == 0.01
    assert context.document.undo_stack.undoText() == "Learning rate 0.01 next time"


def test_a_failed_run_says_why_and_leads_to_its_node(page, context, rows_project, fake, qtbot):
    context.files.new(rows_project, "Machines")
    problem = Problem("The loss is not a number.", "Lower it.", place=Place("node", "linear_1"))
    fake(FakeJob([RunStarted("r", "cpu", 1, 1, 4), RunEnded("failed", problem=problem)]))
    with qtbot.waitSignal(context.runs.ended):
        context.runs.start()
    qtbot.waitUntil(lambda: any("not a number" in n.words.text() for n in _notes(page)))
    places = []
    context.navigation.place_wanted.connect(places.append)
    note = next(n for n in _notes(page) if "not a number" in n.words.text())
    qtbot.mouseClick(note.link, Qt.MouseButton.LeftButton)
    assert places == [Place("node", "linear_1")]


def test_real_runs_are_listed_compared_and_chosen_for_use(
    page, context, rows_project, train, qtbot
):
    first = train(rows_project)
    context.document.apply(
        lambda p: replace(p, training=replace(p.training, learning_rate=0.02)), "Learning rate"
    )
    train()
    qtbot.waitUntil(lambda: len(page.runs.rows) == 2)
    rows = page.runs.rows
    assert page.runs.nothing.isHidden()
    assert not page.runs.use_button.isHidden()
    assert [row.title for row in rows] == ["Run 2", "Run 1"]
    assert rows[0].words == "learning rate 0.02"
    _choose(page, 1)
    qtbot.waitUntil(lambda: page.curves.history.run == first.run)
    page.runs.use_button.click() if page.runs.use_button.isEnabled() else None
    assert context.past.in_use.run == first.run
    _choose(page, 0)
    qtbot.waitUntil(lambda: any("Run 2" in words for words in page.curves.loss.values_in_words()))


def test_another_project_clears_the_page(page, context, rows_project, train, qtbot):
    train(rows_project)
    qtbot.waitUntil(lambda: page.runs.isVisible())
    context.files.new(rows_project, "Other")
    assert page.empty.isVisible()
    assert page.curves.history.state == "waiting"


def test_a_run_that_trains_stands_in_the_list_as_running(
    page, context, rows_project, fake, qtbot, monkeypatch
):
    """From when it says its name: its record is there then, and not yet when it was asked for."""
    from studio.core.run.results import RunRecord

    record = RunRecord("run-1", 1, 0.0, 0.0, "running", "cpu", 0, 3, rows_project)
    known = context.runs
    monkeypatch.setattr("studio.jobs.runs", lambda _f: (record,) if known.history.run else ())
    monkeypatch.setattr("studio.jobs.best_run", lambda _folder: None)
    context.files.new(rows_project, "Machines")
    fake(FakeJob(hold_after=1))
    assert context.runs.start() is None
    qtbot.waitUntil(lambda: len(page.runs.rows) == 1)
    assert page.runs.rows[0].words == "running"
    assert page.runs.nothing.isHidden()


def test_before_a_run_has_a_name_the_list_says_that_it_starts(
    page, context, rows_project, fake, qtbot
):
    context.files.new(rows_project, "Machines")
    job = fake(FakeJob(hold_after=0))
    assert context.runs.start() is None
    qtbot.waitUntil(job.holding.is_set)
    assert page.runs.nothing.text() == "A run is starting."
    assert not page.runs.nothing.isHidden()


def test_an_interrupted_run_offers_to_go_on(page, context, rows_project, fake, qtbot, monkeypatch):
    from studio.core.run.results import RunRecord

    record = RunRecord(
        "run-9",
        9,
        0.0,
        0.0,
        "interrupted",
        "cpu",
        2,
        2,
        rows_project,
        {"accuracy": 0.5},
        has_weights=True,
        is_resumable=True,
    )
    monkeypatch.setattr("studio.jobs.runs", lambda _folder: (record,))
    monkeypatch.setattr("studio.jobs.best_run", lambda _folder: record)
    monkeypatch.setattr("studio.jobs.run_events", lambda _folder, _run: ())
    context.files.new(rows_project, "Machines")
    qtbot.waitUntil(lambda: len(page.runs.rows) == 1)
    assert page.runs.rows[0].words.startswith("interrupted · ")
    job = fake(FakeJob(events_of(run="run-9")))
    _choose(page, 0)
    assert page.runs.resume_button.isVisible()
    with qtbot.waitSignal(context.runs.ended):
        qtbot.mouseClick(page.runs.resume_button, Qt.MouseButton.LeftButton)
    assert job.calls[0][2] == "run-9"


def _choose(page, row):
    index = page.runs.view.model().index(row, 0)
    page.runs.view.selectionModel().select(index, QItemSelectionModel.SelectionFlag.Select)


def _notes(page):
    from studio.ui.cards import Note

    return [note for note in page.words.findChildren(Note) if note.isVisible()]


def _trained(project, folder, epochs):
    """A project file with one past run of so many epochs."""
    folder.mkdir()
    path = folder / "machines.studio"
    project = replace(project, training=replace(project.training, epochs=epochs))
    jobs.save_project(project, path)
    for _event in jobs.train(project, jobs.runs_folder_of(path), RunControl()):
        pass
    return path


def _words(page):
    return " ".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def test_a_project_with_past_runs_shows_its_newest_run(
    context, rows_project, show, tmp_path, qtbot
):
    path = _trained(rows_project, tmp_path / "one", 2)
    context.opening.open_paths([path])
    qtbot.waitUntil(lambda: bool(context.past.records), timeout=PATIENCE)
    context.past.history_of("run-1")
    qtbot.waitUntil(lambda: context.past.history_of("run-1") is not None, timeout=PATIENCE)
    page = show(TrainPage(context))
    qtbot.waitUntil(lambda: "Epoch 2 of 2" in _words(page), timeout=PATIENCE)


def test_another_project_shows_its_own_run_of_the_same_name(
    page, context, train, rows_project, tmp_path, qtbot
):
    other = _trained(rows_project, tmp_path / "other", 2)
    first = tmp_path / "machines.studio"
    jobs.save_project(rows_project, first)
    context.opening.open_paths([first])
    qtbot.waitUntil(lambda: context.document.path == first, timeout=PATIENCE)
    train()
    qtbot.waitUntil(lambda: "Epoch 3 of 3" in _words(page), timeout=PATIENCE)
    context.opening.open_paths([other])
    qtbot.waitUntil(lambda: "Epoch 2 of 2" in _words(page), timeout=PATIENCE)
