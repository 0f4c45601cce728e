import math
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from studio.core.run.events import RunEnded, RunStarted, StepDone
from studio.core.run.history import History
from studio.core.run.thinning import MOST_BUCKETS
from studio.ui.document import Document
from studio.ui.lines import Line, Mark
from studio.ui.panels.chart import Chart
from studio.ui.panels.live_curves import LiveCurves, Overlay
from studio.ui.run_controller import RunController
from studio.ui.theme import Theme
from tests.builders import chain, table
from tests.ui.fake_runs import FakeJob, epoch_done, events_of


@pytest.fixture
def document(qapp):
    return Document()


@pytest.fixture
def runs(document):
    made = RunController(document, lambda: Path("runs"), FakeJob())
    yield made
    made.close()


@pytest.fixture
def curves(qtbot, runs):
    widget = LiveCurves(runs, Theme.current())
    qtbot.addWidget(widget)
    widget.resize(900, 560)
    widget.show()
    return widget


def _history(events):
    history = History()
    history.add_all(events)
    return history


def _shown(curves, history, qtbot):
    repaints = curves.repaints
    curves.show_history(history)
    qtbot.waitUntil(lambda: curves.repaints > repaints and curves.is_drawn)


def test_the_curves_of_a_run_are_drawn_and_told_in_words(curves, qtbot):
    _shown(curves, _history(events_of()), qtbot)
    assert curves.loss.values_in_words() == ["training 0.283", "validation 0.333"]
    assert curves.figure.title.text() == "Accuracy"
    assert curves.figure.values_in_words() == ["training 0.833", "validation 0.813"]


def test_a_hundred_thousand_steps_stay_a_few_points(curves, qtbot):
    history = History()
    history.add(RunStarted("r", "cpu", 1, 100_000, 1, batch_size=32))
    for step in range(1, 100_001):
        history.add(StepDone(1, step, 1 + math.sin(step), 0.001, step / 1000))
    _shown(curves, history, qtbot)
    assert 100 < curves.loss.plot.points_drawn <= 3 * MOST_BUCKETS + 3


def test_news_without_end_is_drawn_a_few_times_a_second(curves, runs, qtbot):
    history = runs.history
    history.add(RunStarted("r", "cpu", 1, 2000, 1, batch_size=32))
    before = curves.repaints
    for step in range(1, 2001):
        history.add(StepDone(1, step, 1.0, 0.001, step / 1000))
        runs.updated.emit(history)
    assert curves.repaints == before  # nothing is drawn while the news comes in
    qtbot.waitUntil(lambda: curves.repaints > before)
    assert curves.repaints == before + 1


def test_what_nobody_sees_is_not_drawn_until_it_is_seen(curves, runs, qtbot):
    curves.hide()
    before = curves.repaints
    runs.updated.emit(_history(events_of()))
    assert curves.is_drawn
    assert curves.repaints == before
    curves.show()
    assert curves.repaints == before + 1


def test_a_resumed_run_replaces_the_steps_it_repeats(curves, qtbot):
    history = _history(list(events_of(epochs=2))[:-1])
    _shown(curves, history, qtbot)
    drawn = curves.loss.plot.points_drawn
    history.add(RunStarted("run-1", "cpu", 1, 4, 2, first_epoch=2, batch_size=32))
    _shown(curves, history, qtbot)
    assert curves.loss.plot.points_drawn < drawn


def test_plots_are_made_once_and_used_again(curves, qtbot):
    _shown(curves, _history(events_of()), qtbot)
    items = set(curves.loss.plot.getPlotItem().items)
    for _ in range(3):
        _shown(curves, _history(events_of(epochs=5)), qtbot)
    assert set(curves.loss.plot.getPlotItem().items) == items


def test_past_runs_lie_over_the_one_in_view_and_go_again(curves, qtbot):
    _shown(curves, _history(events_of()), qtbot)
    repaints = curves.repaints
    curves.compare([Overlay("Run 3", "series.3", _history(events_of(epochs=6)))])
    qtbot.waitUntil(lambda: curves.repaints > repaints)
    assert "Run 3 0.167" in curves.loss.values_in_words()
    repaints = curves.repaints
    curves.compare([])
    qtbot.waitUntil(lambda: curves.repaints > repaints)
    assert not any("Run 3" in words for words in curves.loss.values_in_words())


def test_with_several_figures_the_person_chooses_one(curves, qtbot):
    done = epoch_done(1)
    more = {"accuracy": 0.5, "f1": 0.25, "loss": 1.0}
    history = _history(
        [RunStarted("r", "cpu", 1, 1, 1), type(done)(1, more, more, 0.1, 10.0, True)]
    )
    _shown(curves, history, qtbot)
    qtbot.waitUntil(lambda: curves.figures.isVisible())
    qtbot.mouseClick(curves.figures.button("f1"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: curves.figure.title.text() == "F1")
    assert "validation 0.250" in curves.figure.values_in_words()


@pytest.fixture
def chart(qtbot):
    widget = Chart("Loss", Theme.current(), key="loss", has_log=True)
    qtbot.addWidget(widget)
    widget.resize(700, 300)
    widget.show()
    lines = [Line("training", "training", "training", [0, 5, 10], [2.0, 1.0, 0.5])]
    widget.show_lines(lines, (0, 10), Mark(10, "best epoch 10"))
    return widget


def test_the_mouse_reads_the_values_under_it(chart, qtbot):
    plot = chart.plot
    moved = []
    chart.cursor_moved.connect(moved.append)
    QTest.mouseMove(plot.viewport(), QPoint(plot.width() // 2, plot.height() // 2))
    qtbot.waitUntil(lambda: bool(moved))
    assert moved[-1] == pytest.approx(4.7, abs=0.6)
    words = [label.text() for label in chart.findChildren(type(chart.epoch_words))]
    assert chart.epoch_words.text().startswith("epoch 4") or "epoch 5" in chart.epoch_words.text()
    assert any(text.startswith("1.0") for text in words)


def test_the_arrow_keys_read_the_values_too(chart, qtbot):
    chart.plot.setFocus()
    qtbot.keyClick(chart.plot, Qt.Key.Key_Left)
    assert chart.epoch_words.text() == "epoch 9.0"
    qtbot.keyClick(chart.plot, Qt.Key.Key_Right)
    assert chart.epoch_words.text() == "epoch 10.0"


def test_a_logarithmic_scale_shows_numbers_and_not_logarithms(chart, qtbot):
    chart.log_switch.click()
    assert ("1", 0.0) in [(words, round(place, 6)) for place, words in chart.plot.ticks]


def test_both_themes_repaint_the_chart(chart, qtbot):
    theme = Theme.current()
    light = chart.grab().toImage().pixelColor(5, 150)
    try:
        theme.choose("dark")
        dark = chart.plot.grab().toImage().pixelColor(60, 50)
        assert dark == theme.color("surface")
    finally:
        theme.choose("light")
    assert light != dark


def test_a_run_that_failed_before_its_first_epoch_leaves_no_promise_in_either_chart(
    curves, runs, document, qtbot
):
    held = FakeJob([RunStarted("run-1", "cpu", 1, 10, 4), RunEnded("failed")], hold_after=0)
    runs.start_job = held
    document.open_project(chain(table(), ("linear", {"out_features": 3})), None)
    runs.ended.connect(lambda _event: curves.show_history(runs.history))
    assert runs.start() is None
    _shown(curves, runs.history, qtbot)
    assert "epoch 1" in curves.figure.waiting.text()
    held.release()
    runs.wait()
    qtbot.waitUntil(lambda: curves.is_drawn)
    for chart in (curves.loss, curves.figure):
        assert "ended before" in chart.waiting.text()


def test_before_the_first_epoch_ends_both_charts_have_the_planned_range_and_say_so(
    curves, runs, document, qtbot
):
    """Not a range from 0 to 1 epochs, and not an empty frame without a word."""
    held = FakeJob(events_of(epochs=40), hold_after=0)
    runs.start_job = held
    project = chain(table(), ("linear", {"out_features": 3}))
    forty = replace(project, training=replace(project.training, epochs=40))
    document.open_project(forty, None)
    assert runs.start() is None
    _shown(curves, runs.history, qtbot)
    for chart in (curves.loss, curves.figure):
        assert chart.plot.span == (0.0, 40.0)
        assert chart.waiting.isVisible()
    assert "epoch 1" in curves.figure.waiting.text()
    held.release()
    runs.wait()
    qtbot.waitUntil(lambda: curves.is_drawn and bool(curves.figure.values_in_words()))
    assert not curves.loss.waiting.isVisible()
    assert not curves.figure.waiting.isVisible()
