"""Who lets rows be answered hears how many numbers were missing, and where."""

import numpy as np

from studio.data.filled import filled_problems
from studio.data.prepare import fit
from studio.data.sources import load, load_rows, open_data

ROWS = "".join(
    f"{n * 7 % 13 + 0.25},{n * 5 % 11 + 0.5},{'a' if n % 3 else 'b'},{n % 4 + 0.125}\n"
    for n in range(60)
)


def read(tmp_path, rows):
    path = tmp_path / "known.csv"
    path.write_text("size,width,kind,answer\n" + ROWS)
    spec = open_data(str(path))
    fitted = fit(spec, load(spec))
    other = tmp_path / "other.csv"
    other.write_text("size,width,kind,answer\n" + rows)
    return load_rows(spec, str(other), fitted=fitted), fitted


def test_missing_numbers_are_counted_by_column(tmp_path):
    arrays, fitted = read(tmp_path, ",1,a,\n2,,b,\n3,?,,\n4,5,a,\n")
    [said] = filled_problems(arrays, fitted)
    assert said.severity.value == "note"
    assert said.message == (
        "3 numbers are missing and are filled as in training: 2 in width, 1 in size."
    )


def test_where_nothing_is_missing_nothing_is_said(tmp_path):
    assert filled_problems(*read(tmp_path, "1,2,a,\n3,4,,\n")) == ()


def test_many_rows_are_counted_piece_by_piece(tmp_path, monkeypatch):
    monkeypatch.setattr("studio.data.filled._AT_ONCE", 7)
    rows = "".join(f"{'' if n % 5 == 0 else n},{n},b,\n" for n in range(40))
    arrays, fitted = read(tmp_path, rows)
    assert int(np.isnan(arrays.inputs[0].take(np.arange(40))).sum()) == 8
    [said] = filled_problems(arrays, fitted)
    assert said.message.startswith("8 numbers are missing")
    assert said.message.endswith(": 8 in size.")
