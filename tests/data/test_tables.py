"""Tables are read as they were written, or refused with row and column named."""

import csv
import gzip
import io
import os
import time

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.core.problems import StudioError
from studio.data.sources import load, open_data, preview
from studio.data.tables import read_table


@pytest.fixture
def write(tmp_path):
    def written(data, name="data.csv"):
        path = tmp_path / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return path

    return written


def refused(path):
    with pytest.raises(StudioError) as caught:
        open_data(str(path))
    problem = caught.value.problem
    assert problem.message
    assert problem.hint
    assert "Expected" in problem.message
    return problem


def codes(spec):
    return [problem.code for problem in spec.summary.problems]


WORDS = st.sampled_from(
    [
        "red",
        "dark blue",
        "a, b",
        'the "big" one',
        "x;y",
        "half|full",
        "café",
        "naïve",
        "Größe",
        "line\nbreak",
    ]
)
PLAIN = st.sampled_from(["red", "blue", "café", "naïve", "Größe", "été"])
NUMBERS = st.floats(-1e12, 1e12, allow_nan=False).map(lambda v: round(v, 6)) | st.integers(
    -(10**9), 10**9
).map(float)


@st.composite
def tables(draw):
    delimiter = draw(st.sampled_from([",", ";", "\t", "|"]))
    decimal = draw(st.sampled_from([".", ","]))
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]))
    rows = draw(st.integers(6, 25))
    words = PLAIN if encoding == "cp1252" or decimal == "," else WORDS
    numbers = [
        draw(st.lists(NUMBERS | st.none(), min_size=rows, max_size=rows))
        for _ in range(draw(st.integers(1, 3)))
    ]
    numbers[0] = [i + 0.25 for i in range(rows)]
    texts = draw(st.lists(words, min_size=rows, max_size=rows))
    return delimiter, decimal, encoding, numbers, texts


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(tables())
def test_what_was_written_is_read_back(tmp_path_factory, made):
    delimiter, decimal, encoding, numbers, texts = made
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow([*(f"n{i}" for i in range(len(numbers))), "größe"])
    for row in zip(*numbers, texts, strict=True):
        shown = ["" if v is None else repr(v).replace(".", decimal) for v in row[:-1]]
        writer.writerow([*shown, row[-1]])
    path = tmp_path_factory.mktemp("t") / "t.csv"
    path.write_bytes(out.getvalue().encode(encoding))
    table = read_table(path)
    assert table.settings["delimiter"] == delimiter
    assert list(table.frame.columns) == [*(f"n{i}" for i in range(len(numbers))), "größe"]
    for i, column in enumerate(numbers):
        wanted = np.array([np.nan if v is None else v for v in column])
        np.testing.assert_array_equal(table.frame[f"n{i}"].to_numpy(), wanted)
    assert table.frame["größe"].tolist() == texts


@pytest.mark.parametrize(
    ("text", "row", "line"),
    [
        ("a,b,c\n1,2,3\n4,5,6,7\n8,9,10\n", 2, 3),
        ("a,b,c\n1,2,3,4\n4,5,6\n8,9,10\n", 1, 2),
        ("a,b,c\n1,2,3\n4,5\n8,9,10\n", 2, 3),
        ('a,b,c\n\n"x\ny",2,3\n4,5,6\n8,9,10,11\n', 3, 6),
    ],
)
def test_a_row_with_another_number_of_values_is_named(write, text, row, line):
    problem = refused(write(text))
    assert problem.code == "ragged-row"
    assert f"Row {row} of data.csv (line {line})" in problem.message
    assert "Expected 3" in problem.message


def test_row_names_without_a_header_do_not_shift_the_columns(write):
    assert refused(write("a,b\n1,2,3\n4,5,6\n")).code == "ragged-row"


def test_a_delimiter_at_the_end_of_each_row_adds_no_column(write):
    spec = open_data(str(write("a,b\n1,2,\n4,5,\n8,9,\n")))
    assert [c.name for c in spec.columns] == ["a", "b"]
    assert codes(spec) == ["empty-columns"]


def test_stray_quotation_marks_are_part_of_the_text(write):
    table = read_table(write('a,b\n1,5" pipe\n3,6"\n4,big\n'))
    assert table.frame["b"].tolist() == ['5" pipe', '6"', "big"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"\n\n\n", "no-rows"),
        (b"a,b,c\n", "no-rows"),
        (b"x" * 5_000_000, "long-line"),
        (b"a,b\n1,2\n" + b"x" * 5_000_000, "long-line"),
        (b'a,b\n1,"2\n' + b"3,4\n" * 500_000, "long-line"),
        (b'a,b\n1,"2\n3,4\n', "unreadable-table"),
        (b"\x89PNG\r\n\x1a\n\0\0", "not-a-table"),
        (b"PK\x03\x04\0\0", "not-a-table"),
        (b"a,b\n1,\0\n", "not-a-table"),
        (b"\x1f\x8bnothing", "damaged"),
        (gzip.compress(os.urandom(5000))[:-20], "damaged"),
    ],
)
def test_what_is_no_table_is_refused_at_once(write, data, code):
    start = time.monotonic()
    assert refused(write(data)).code == code
    assert time.monotonic() - start < 10


def test_a_vanished_file_is_named(tmp_path):
    problem = refused(tmp_path / "gone.csv")
    assert problem.code == "no-file"
    assert "gone.csv" in problem.message


def test_a_folder_without_samples_is_refused(tmp_path):
    assert refused(tmp_path).code == "no-media"


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("gb18030", "长度,宽度,种类\n1.5,2.5,苹果\n2.5,3.5,梨子\n3.5,4.5,苹果\n"),
        ("cp1252", "größe,preis,art\n1.5,2.5,süß\n2.5,3.5,été\n3.5,4.5,süß\n"),
        ("utf-16-le", "length,width,kind\n1.5,2.5,a\n2.5,3.5,b\n3.5,4.5,a\n"),
    ],
)
def test_encodings_are_told_apart(write, encoding, text):
    path = write(text.encode(encoding))
    table = read_table(path)
    assert list(table.frame.columns) == text.split("\n")[0].split(",")
    assert table.frame.iloc[:, 2].tolist() == [r.split(",")[2] for r in text.split("\n")[1:4]]


def test_an_encoding_that_shows_late_is_still_found(write):
    table = read_table(write(b"a,b\n" + b"1,x\n" * 20_000 + b"2,caf\xe9\n"))
    assert table.frame["b"].iloc[-1] == "café"
    assert table.settings["encoding"] == "cp1252"


def test_a_wrong_encoding_chosen_by_hand_is_named(write):
    path = write("a,b\n1,é\n2,x\n".encode("cp1252"))
    with pytest.raises(StudioError, match="line 2"):
        open_data(str(path), {"encoding": "utf-8"})


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a;b\n1.234,50;x\n2.345,10;y\n12,00;x\n", [1234.5, 2345.1, 12.0]),
        ('a,b\n"1,234.50",x\n"2,345.10",y\n12.00,x\n', [1234.5, 2345.1, 12.0]),
        ("a, b\n 1.5, x\n 2.5, y\n 3.5, x\n", [1.5, 2.5, 3.5]),
        ("a,b\r1,x\r2,y\r3,x\r", [1.0, 2.0, 3.0]),
    ],
)
def test_ways_to_write_numbers(write, text, wanted):
    table = read_table(write(text))
    assert table.frame["a"].tolist() == wanted
    assert table.frame["b"].tolist() == ["x", "y", "x"]


@pytest.mark.parametrize("mark", ["", "NA", "?", " ", "NaN", "null", "-", "None"])
def test_markers_of_missing_values(write, mark):
    table = read_table(write(f"a,b\n1.5,x\n{mark},y\n2.5,x\n"))
    assert np.isnan(table.frame["a"].iloc[1])
    assert table.problems == ()


def test_a_table_without_header_numbers_its_columns(write):
    spec = open_data(str(write("5.1,3.5,setosa\n4.9,3.0,setosa\n6.1,2.0,other\n")))
    assert spec.settings["header"] is False
    assert [c.name for c in spec.columns] == ["column 1", "column 2", "column 3"]
    assert spec.summary.rows == 3


def test_names_are_made_unique_and_said(write):
    spec = open_data(str(write("a,a,,b\n1,2,3,x\n4,5,6,y\n8,9,1,x\n")))
    assert [c.name for c in spec.columns] == ["a", "a (2)", "column 3", "b"]
    assert codes(spec) == ["duplicate-name", "empty-name"]


def rows_of(cell, count=100):
    lines = [f"{cell(i)},{i * 0.5},{'xy'[i % 2]}" for i in range(count)]
    return "n,v,label\n" + "\n".join(lines) + "\n"


def test_codes_with_leading_zeros_stay_texts(write):
    table = read_table(write(rows_of(lambda i: f"{i % 30:03d}")))
    assert table.frame["n"].iloc[7] == "007"


def test_a_leading_zero_below_the_head_is_seen(write):
    table = read_table(write(rows_of(lambda i: "007" if i == 1500 else i + 1000, 2000)))
    assert table.frame["n"].iloc[1500] == "007"
    assert table.frame["v"].iloc[1500] == 750.0


def test_a_small_power_of_ten_is_no_code(write):
    table = read_table(write(rows_of(lambda i: f"-{i}e-05")))
    assert table.frame["n"].iloc[2] == -2e-05


def test_numbers_beyond_64_bits_stay_as_written(write):
    spec = open_data(str(write(rows_of(lambda i: 10**25 + i))))
    assert spec.columns[0].kind == "identifier"
    assert preview(spec, 1).rows[0][0] == str(10**25)


@pytest.mark.parametrize("huge", ["1e400", "-1e39", "inf"])
def test_a_number_too_large_is_named_and_missing(write, huge):
    spec = open_data(str(write(rows_of(lambda i: huge if i == 6 else i * 1.5))))
    [problem] = [p for p in spec.summary.problems if p.code == "too-large-number"]
    assert problem.place.key == "n"
    assert "row 7" in problem.message
    assert spec.summary.column("n").missing == 1


@pytest.mark.parametrize(("where", "count"), [(5, 100), (1700, 2000), (3, 12)])
def test_a_text_among_numbers_is_named_and_missing(write, where, count):
    spec = open_data(str(write(rows_of(lambda i: "oops" if i == where else i * 1.5, count))))
    [problem] = [p for p in spec.summary.problems if p.code == "text-in-numbers"]
    assert f"row {where + 1} (oops)" in problem.message
    assert problem.place.key == "n"
    assert spec.columns[0].kind == "number"
    assert np.isnan(load(spec).inputs[0].held[:, 0]).sum() == 1


def test_settings_given_by_hand_win(write):
    path = write("1;2\n3;4\n5;6\n")
    assert open_data(str(path), {"header": True}).columns[0].name == "1"
    assert len(open_data(str(path), {"delimiter": ","}).columns) == 1


def test_preview_gives_plain_values_from_any_row(write):
    spec = open_data(str(write("a;b;c\n1,5;x;7\n;y;8\n3,5;;9\n")))
    shown = preview(spec, 2, 1)
    assert shown.columns == ("a", "b", "c")
    assert shown.rows == ((None, "y", 8), (3.5, None, 9))
    assert shown.row_numbers == (2, 3)


def test_gzip_is_unpacked(write):
    path = write(gzip.compress(rows_of(lambda i: i * 1.5).encode()), "data.csv.gz")
    assert open_data(str(path)).summary.rows == 100
