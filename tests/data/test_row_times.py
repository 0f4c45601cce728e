"""The moments of rows, by their numbers in the file."""

from dataclasses import replace

from studio.core.design.shaping import SeriesSpec
from studio.data.row_times import row_times
from studio.data.sources import open_data

HOUR = 3600.0


def spec_of(tmp_path, first, lines):
    path = tmp_path / "heat.csv"
    path.write_text(f"{first},heat\n" + "\n".join(lines) + "\n")
    return open_data(str(path))


def test_each_row_has_its_moment_whatever_the_order_in_the_file(tmp_path):
    hours = [f"2024-03-0{1 + n // 24} {n % 24:02}:00,{n}.5" for n in range(48)]
    spec = spec_of(tmp_path, "when", reversed(hours))
    spec = replace(spec, series=SeriesSpec(time="when"))
    last, first = row_times(spec, (1, 48))
    assert last - first == 47 * HOUR
    assert first == 1709251200.0  # the first of March 2024
    assert row_times(spec, ()) == ()


def test_rows_without_dates_have_none(tmp_path):
    spec = spec_of(tmp_path, "step", [f"{n},{n * 7 % 5}.5" for n in range(40)])
    assert row_times(spec, (1, 2)) == ()
    assert row_times(replace(spec, series=SeriesSpec()), (1, 2)) == ()
    assert row_times(replace(spec, series=SeriesSpec(time="step")), (1, 2)) == ()
