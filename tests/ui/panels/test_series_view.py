"""A series over time: its parts, a window with its horizon, dates that a person reads."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from studio.core.design.previews import SeriesPreview
from studio.core.design.shaping import SeriesSpec
from studio.ui.panels.series_view import SeriesView
from studio.ui.time_scale import moment_words, place_words, scale_ticks
from tests.ui.panels.datasets import table

DAY = 86_400.0
START = datetime(2024, 3, 1, tzinfo=UTC).timestamp()


def preview(days=100, groups=(), columns=("weight", "price")):
    times = tuple(START + n * DAY for n in range(days))
    lines = tuple(tuple(float(n % 9) for n in range(days)) for _ in columns)
    borders = (times[days * 7 // 10], times[days * 17 // 20])
    return SeriesPreview(columns, times, lines, borders, is_time=True, groups=groups)


@pytest.fixture
def view(qtbot, dressed):
    made = SeriesView()
    qtbot.addWidget(made)
    made.resize(800, 420)
    with qtbot.waitExposed(made):
        made.show()
    return made


def series(**changes):
    return replace(table(), series=SeriesSpec(**changes))


def test_a_window_is_as_wide_as_its_rows_and_its_horizon_follows(view):
    view.show_preview(series(window=10, horizon=5), preview())
    window, ahead = view.plot.window_area()
    assert window.width() == pytest.approx(2 * ahead.width())
    assert ahead.left() == window.right()
    view.show_preview(series(window=20, horizon=5), preview())
    assert view.plot.window_area()[0].width() == pytest.approx(2 * window.width())


def test_only_a_forecast_looks_ahead(view):
    view.show_preview(series(window=10, horizon=5, purpose="classify"), preview())
    assert view.plot.window_area()[1].width() == 0


def test_from_when_to_when_is_told(view):
    view.show_preview(series(), preview())
    assert view.facts.whole_text == "2 columns, from 1 Mar 2024 to 8 Jun 2024"
    assert view.plot.accessibleDescription() == "weight, price"


def test_another_machine_can_be_looked_at(qtbot, view):
    view.show_preview(series(group="colour"), preview(groups=("red", "blue")))
    assert view.group.isVisible()
    view.group.setCurrentIndex(1)
    with qtbot.waitSignal(view.group_chosen) as chosen:
        view.group.activated.emit(1)
    assert chosen.args == ["blue"]
    view.show_preview(series(), preview())
    assert not view.group.isVisible()


def test_gaps_and_a_single_point_are_drawn_without_harm(view):
    holes = replace(preview(5, columns=("weight",)), values=((1.0, None, None, 4.0, None),))
    view.show_preview(series(), holes)
    with_gaps = view.grab().toImage()
    view.show_preview(series(), SeriesPreview(("weight",), (START,), ((1.0,),)))
    assert view.grab().toImage() != with_gaps
    view.show_trouble("There is no such column.")
    assert view.facts.whole_text == "There is no such column."


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0.2, ["00:00", "01:00", "02:00", "03:00", "04:00"]),
        (4, ["1 Mar", "2 Mar", "3 Mar", "4 Mar", "5 Mar"]),
        (150, ["Mar 2024", "Apr 2024", "May 2024", "Jun 2024", "Jul 2024"]),
        (1500, ["2025", "2026", "2027", "2028"]),
    ],
)
def test_marks_stand_at_round_moments(days, words):
    ticks = scale_ticks(START, START + days * DAY, 6, is_time=True)
    assert [said.replace("1 Mar", "00:00") if days < 1 else said for _, said in ticks] == words


def test_rows_are_numbered_where_there_is_no_time():
    assert scale_ticks(0, 100, 5, is_time=False)[1][1] == "25"
    assert place_words(12.0, is_time=False) == "row 12"
    assert moment_words(-DAY, with_hours=True) == "31 Dec 1969, 00:00"


def test_a_series_of_which_no_column_is_used_says_how_one_comes_back(view):
    view.show_preview(series(), replace(preview(), columns=(), values=()))
    assert view.plot.window_area() is None
    words = view.plot.grab().toImage()
    view.plot.show_nothing()
    assert words != view.plot.grab().toImage()
