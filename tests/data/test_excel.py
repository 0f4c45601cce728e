"""Excel sheets: which sheet and row of names, dates, merged cells, formulas."""

import datetime

import numpy as np
import openpyxl
import pandas as pd
import pytest

from studio.core.problems import StudioError
from studio.data.tables import first_rows, read_table


@pytest.fixture
def book(tmp_path):
    """Saves sheets of rows as a workbook and gives its path."""

    def made(**sheets):
        workbook = openpyxl.Workbook()
        workbook.remove(workbook.active)
        for title, rows in sheets.items():
            sheet = workbook.create_sheet(title)
            for row in rows:
                sheet.append(row)
        path = tmp_path / "book.xlsx"
        workbook.save(path)
        return path

    return made


ROWS = [["size", "kind"], [1.5, "a"], [2.5, "b"], [3.5, "a"]]


def test_the_first_sheet_with_values_is_read(book):
    path = book(empty=[], data=ROWS, other=[["x"], [1]])
    table = read_table(path)
    assert dict(table.settings) == {"format": "excel", "sheet": "data", "header_row": 1}
    assert table.frame["size"].tolist() == [1.5, 2.5, 3.5]
    assert read_table(path, {"sheet": "other"}).frame["x"].tolist() == [1.0]


def test_notes_before_the_table_are_passed_over(book):
    notes = [["Notes on the machines"], ["made by hand"]]
    assert read_table(book(Notes=notes, Measured=ROWS)).settings["sheet"] == "Measured"
    assert read_table(book(Notes=notes, Words=[["a"], ["b"]])).settings["sheet"] == "Notes"


def test_a_title_above_the_table_is_passed_over(book):
    rows = [["Report of May"], [], ["made by hand"], *ROWS]
    table = read_table(book(data=rows))
    assert table.settings["header_row"] == 4
    assert table.frame["kind"].tolist() == ["a", "b", "a"]


def test_the_row_of_names_can_be_chosen(book):
    path = book(data=[["group", "group"], *ROWS])
    assert list(read_table(path, {"header_row": 2}).frame.columns) == ["size", "kind"]
    table = read_table(path, {"header_row": 0})
    assert list(table.frame.columns) == ["column 1", "column 2"]
    assert table.frame["column 2"].tolist() == ["group", "kind", "a", "b", "a"]


def test_a_sheet_of_numbers_alone_has_no_names(book):
    table = read_table(book(data=[[1, 2.5], [3, 4.5]]))
    assert table.settings["header_row"] == 0
    assert table.frame.to_numpy().tolist() == [[1.0, 2.5], [3.0, 4.5]]


def test_dates_stay_dates_and_times_are_texts(book):
    moment = datetime.datetime(2024, 2, 29, 12, 30)
    rows = [["when", "day", "at"], [moment, moment.date(), moment.time()], [None, None, None]]
    frame = read_table(book(data=[*rows, [moment, None, None]])).frame
    assert str(frame["when"].dtype) == "datetime64[ns]"
    assert frame["when"].tolist() == [pd.Timestamp(moment)] * 2
    assert frame["day"].iloc[0] == pd.Timestamp(2024, 2, 29)
    assert frame["at"].iloc[0] == "12:30:00"


def test_numbers_among_texts_and_texts_among_numbers(book):
    rows = [["n", "t"], *([i + 0.5, f"word {i}"] for i in range(30)), ["oops", 7]]
    table = read_table(book(data=rows))
    [problem] = table.problems
    assert "row 31 (oops)" in problem.message
    assert np.isnan(table.frame["n"].iloc[30])
    assert table.frame["t"].iloc[30] == "7"


def test_merged_cells_hold_their_value_once(tmp_path):
    workbook = openpyxl.Workbook()
    for row in [["a", "b", "c"], ["x", 1, 2], ["y", 3, 4], ["z", 5, 6]]:
        workbook.active.append(row)
    workbook.active.merge_cells("A2:A3")
    workbook.save(tmp_path / "t.xlsx")
    frame = read_table(tmp_path / "t.xlsx").frame
    assert frame["a"].fillna("").tolist() == ["x", "", "z"]
    assert frame["c"].tolist() == [2.0, 4.0, 6.0]


def test_formulas_without_values_are_said(book):
    table = read_table(book(data=[["n", "twice"], [1, "=A2*2"], [2, "=A3*2"]]))
    [problem] = table.problems
    assert problem.code == "no-computed-values"
    assert problem.place.key == "twice"


def test_faults_of_formulas_count_as_missing(book):
    rows = [["n"], *([i] for i in range(20)), ["#DIV/0!"]]
    table = read_table(book(data=rows))
    assert table.problems == ()
    assert np.isnan(table.frame["n"].iloc[-1])


def test_a_sheet_that_is_gone_is_named(book):
    with pytest.raises(StudioError, match="no sheet called May") as caught:
        read_table(book(data=ROWS), {"sheet": "May"})
    assert "data" in caught.value.problem.message


def test_empty_rows_and_columns_are_left_out(book):
    rows = [[None, "a", None, "b"], [None, 1, None, "x"], [], [None, 2, None, "y"], []]
    table = read_table(book(data=rows))
    assert list(table.frame.columns) == ["a", "b"]
    assert table.frame["a"].tolist() == [1.0, 2.0]
    assert [problem.code for problem in table.problems] == ["empty-columns"]


def test_a_look_reads_the_first_rows(book):
    path = book(data=[["n"], *([i] for i in range(5000))])
    assert first_rows(path, rows=3).frame["n"].tolist() == [0.0, 1.0, 2.0]
