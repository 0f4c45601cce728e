"""Files in every state: right values, or a Problem that names the place; never a hang."""

import contextlib
import gzip
import io
import json
import os
import random
import sqlite3
import threading
import time
import zipfile

import numpy as np
import openpyxl
import pandas as pd
import pytest

from studio.core.problems import StudioError
from studio.data.tables import blocks, first_rows, read_columns, read_sql, read_table, tables_in

MOST_SECONDS = 10  # of the processor: other programs may be busy, too


def refused(path, given=None):
    """The Problem; it comes in time and says what was expected."""
    began = time.process_time()
    with pytest.raises(StudioError) as caught:
        read_table(path, given)
    assert time.process_time() - began < MOST_SECONDS
    problem = caught.value.problem
    assert "Expected" in problem.message
    assert problem.hint
    str(problem).encode("utf-8")
    return problem


FRAME = pd.DataFrame({"n": np.arange(500) / 4, "word": [f"thing {i}" for i in range(500)]})


def whole_csv():
    return FRAME.to_csv(index=False).encode()


def whole_excel():
    out = io.BytesIO()
    FRAME.to_excel(out, index=False)
    return out.getvalue()


def whole_parquet():
    return FRAME.to_parquet()


def whole_feather():
    out = io.BytesIO()
    FRAME.to_feather(out)
    return out.getvalue()


def whole_json():
    return FRAME.to_json(orient="records").encode()


def whole_lines():
    return FRAME.to_json(orient="records", lines=True).encode()


def whole_sqlite(tmp_path):
    path = tmp_path / "made.db"
    with sqlite3.connect(path) as connection:
        FRAME.to_sql("things", connection, index=False)
    connection.close()
    return path.read_bytes()


WRITERS = {
    "t.csv.gz": lambda: gzip.compress(whole_csv()),
    "t.xlsx": whole_excel,
    "t.parquet": whole_parquet,
    "t.feather": whole_feather,
    "t.json": whole_json,
    "t.jsonl": whole_lines,
}


@pytest.fixture(params=[*WRITERS, "t.db"])
def sound(request, tmp_path):
    """The name and the bytes of a sound file of each format."""
    made = whole_sqlite(tmp_path) if request.param == "t.db" else WRITERS[request.param]()
    return tmp_path / request.param, made


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.97])
def test_a_file_cut_short_is_refused(sound, share):
    path, data = sound
    path.write_bytes(data[: int(len(data) * share)])
    assert refused(path).place.kind in ("file", "column")


def test_broken_bytes_give_values_or_a_problem(sound):
    path, data = sound
    draw = random.Random(5)
    for _ in range(25):
        broken = bytearray(data)
        for _ in range(draw.choice([1, 3, 30])):
            broken[draw.randrange(len(data))] = draw.randrange(256)
        path.write_bytes(broken)
        with contextlib.suppress(StudioError):
            assert len(read_table(path).frame.columns) > 0


@pytest.mark.parametrize("name", ["t.csv", "t.xlsx", "t.parquet", "t.json", "t.db", "t.csv.gz"])
def test_an_empty_file_and_a_folder_are_refused(tmp_path, name):
    path = tmp_path / name
    assert refused(path).code == "no-file"
    path.write_bytes(b"")
    assert refused(path).code == "empty"
    path.unlink()
    path.mkdir()
    assert refused(path).code == "is-folder"


@pytest.mark.parametrize("size", [1_000, 300_000])
def test_duplicate_and_empty_names(tmp_path, size):
    path = tmp_path / "t.csv"
    path.write_text("a,a,,a\n" + "1,2,3,x\n" * (size // 8), encoding="utf-8")
    table = read_table(path)
    assert list(table.frame.columns) == ["a", "a (2)", "column 3", "a (3)"]
    assert table.frame.iloc[-1].tolist() == [1, 2, 3, "x"]


@pytest.mark.parametrize("has_names", [True, False])
def test_ten_thousand_columns(tmp_path, has_names):
    path = tmp_path / "wide.csv"
    names = ",".join(f"column number {i}" if has_names else "same" for i in range(10_000))
    row = ",".join(str(i / 2) for i in range(10_000))
    path.write_text(names + "\n" + "\n".join([row] * 12) + "\n", encoding="utf-8")
    began = time.process_time()
    table = read_table(path, {"header": True})
    assert time.process_time() - began < MOST_SECONDS
    assert table.frame.shape == (12, 10_000)
    assert table.frame.iloc[11].tolist() == [i / 2 for i in range(10_000)]
    assert len(table.problems) < 30
    assert len(set(table.frame.columns)) == 10_000


@pytest.mark.parametrize("quote", [b"", b'"'])
def test_a_very_long_value_is_refused_at_its_line(tmp_path, quote):
    path = tmp_path / "t.csv"
    path.write_bytes(b"a,b\n1,x\n" * 3 + b"2," + quote + b"y" * 20_000_000 + quote + b"\n3,z\n")
    problem = refused(path)
    assert problem.code == "long-line"
    assert "Line 7" in problem.message


def test_a_long_row_of_short_values_is_read(tmp_path):
    path = tmp_path / "t.csv"
    row = ",".join(f"{i}.{'5' * 165}" for i in range(7_000))
    path.write_text(f"{row}\n{row}\n", encoding="utf-8")
    table = read_table(path, {"header": False, "delimiter": ","})
    assert table.frame.shape == (2, 7_000)
    assert table.frame.iloc[1, 7] == pytest.approx(7 + 5 / 9)


def rows(cell, count=3000):
    return "n,v,label\n" + "".join(f"{cell(i)},{i * 0.5},{'xy'[i % 2]}\n" for i in range(count))


@pytest.mark.parametrize(
    ("bad", "row", "line"),
    [("1,2,3,4", 2500, 2501), ("1,2", 2500, 2501), ('"1\n2",5,6,7', 2500, 2501)],
)
def test_a_ragged_row_far_down_is_named(tmp_path, monkeypatch, bad, row, line):
    monkeypatch.setattr("studio.data.text_table.BLOCK", 4096)
    lines = rows(lambda i: i).splitlines()
    lines[row] = bad
    path = tmp_path / "t.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    problem = refused(path)
    assert problem.code == "ragged-row"
    assert f"Row {row} of t.csv (line {line})" in problem.message


def test_blank_rows_far_down_are_passed_over(tmp_path, monkeypatch):
    monkeypatch.setattr("studio.data.text_table.BLOCK", 4096)
    lines = rows(lambda i: i).splitlines()
    path = tmp_path / "t.csv"
    path.write_text("\n".join([*lines[:2000], "", "  ", *lines[2000:], "", ""]), encoding="utf-8")
    assert read_table(path).frame["n"].tolist() == list(range(3000))


def test_quoted_line_ends_at_every_place(tmp_path, monkeypatch):
    texts = [f'{"x" * (i % 37)}\n"{i}", and\r\nmore' for i in range(2000)]
    frame = pd.DataFrame({"n": np.arange(2000), "text": texts})
    path = tmp_path / "t.csv"
    frame.to_csv(path, index=False)
    for size in (1024, 4096, 10_007):
        monkeypatch.setattr("studio.data.text_table.BLOCK", size)
        found = read_table(path).frame
        assert found["text"].tolist() == [text.replace("\r\n", "\n").strip() for text in texts]
        assert found["n"].tolist() == list(range(2000))


@pytest.mark.parametrize(
    ("cell", "first", "last"),
    [
        (lambda i: 10**25 + i, str(10**25), str(10**25 + 2999)),
        (lambda i: f"{i:05d}", "00000", "02999"),
        (lambda i: f"-0{i}", "-00", "-02999"),
        (lambda i: 2**63 + i, str(2**63), str(2**63 + 2999)),
    ],
)
def test_codes_and_numbers_beyond_64_bits_stay_as_written(tmp_path, cell, first, last):
    path = tmp_path / "t.csv"
    path.write_text(rows(cell), encoding="utf-8")
    values = read_table(path).frame["n"]
    assert values.iloc[0] == first
    assert values.iloc[-1] == last


@pytest.mark.parametrize("name", ["t.csv", "t.parquet", "t.jsonl", "t.db"])
def test_whole_numbers_beyond_what_a_float_holds_stay_exact(tmp_path, name):
    path = tmp_path / name
    frame = pd.DataFrame({"id": [2**62 + i for i in range(20)], "x": np.arange(20) / 2})
    if name == "t.csv":
        frame.to_csv(path, index=False)
    elif name == "t.parquet":
        frame.to_parquet(path)
    elif name == "t.jsonl":
        frame.to_json(path, orient="records", lines=True)
    else:
        with sqlite3.connect(path) as connection:
            frame.to_sql("t", connection, index=False)
        connection.close()
    assert read_table(path).frame["id"].tolist() == [str(2**62 + i) for i in range(20)]


@pytest.mark.parametrize("huge", ["1e400", "-1e400", "inf"])
@pytest.mark.parametrize("at", [3, 2900])
def test_numbers_too_large_are_missing_and_named(tmp_path, monkeypatch, huge, at):
    monkeypatch.setattr("studio.data.text_table.BLOCK", 4096)
    path = tmp_path / "t.csv"
    path.write_text(rows(lambda i: huge if i == at else i / 4), encoding="utf-8")
    table = read_table(path)
    [problem] = table.problems
    assert problem.code == "too-large-number"
    assert f"row {at + 1}" in problem.message
    assert problem.place.key == "n"
    assert np.isnan(table.frame["n"].iloc[at])
    assert table.frame["n"].iloc[at - 1] == (at - 1) / 4


def test_mixed_dates_stay_texts(tmp_path):
    dates = ["2024-01-31", "31.01.2024", "01/31/24", "Jan 31 2024", ""]
    path = tmp_path / "t.csv"
    path.write_text(
        "when,n\n" + "".join(f"{d},{i}\n" for i, d in enumerate(dates)), encoding="utf-8"
    )
    values = read_table(path).frame["when"]
    assert values.dropna().tolist() == dates[:-1]
    assert np.isnan(values.iloc[-1])


@pytest.mark.skipif(os.name == "nt", reason="names of files are text there")
@pytest.mark.parametrize("suffix", [b".csv", b".parquet", b".xlsx", b".jsonl", b".db"])
def test_names_that_are_no_utf8(tmp_path, suffix):
    made = {
        b".csv": whole_csv,
        b".parquet": whole_parquet,
        b".xlsx": whole_excel,
        b".jsonl": whole_lines,
        b".db": lambda: whole_sqlite(tmp_path),
    }[suffix]()
    path = type(tmp_path)(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9" + suffix))
    path.write_bytes(made)
    table = read_table(path)
    np.testing.assert_array_equal(table.frame["n"], FRAME["n"])
    assert table.name.encode("utf-8").startswith(b"caf")
    path.write_bytes(made[: len(made) // 2])
    if suffix != b".csv":
        assert "caf" in refused(path).message


def test_a_file_that_vanishes_or_changes_while_it_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr("studio.data.text_table.BLOCK", 4096)
    path = tmp_path / "t.csv"
    path.write_text(rows(lambda i: i, 200_000), encoding="utf-8")
    reading = blocks(path, {}, {"n": "number"}, 100)
    assert len(next(reading).frame) == 100
    with path.open("a") as more:
        more.write("1,2,x\n")
    with pytest.raises(StudioError, match="changed while it was read"):
        list(reading)
    reading = blocks(path, {}, {"n": "number"}, 100)
    next(reading)
    path.unlink()
    assert sum(len(table.frame) for table in reading) == 199_901
    assert refused(path).code == "no-file"


@pytest.mark.parametrize("end", [0, 100])
def test_a_file_cut_while_it_is_read(tmp_path, monkeypatch, end):
    monkeypatch.setattr("studio.data.text_table.BLOCK", 4096)
    path = tmp_path / "t.csv"
    path.write_text(rows(lambda i: i, 200_000), encoding="utf-8")
    reading = blocks(path, {}, {"n": "number"}, 100)
    next(reading)
    os.truncate(path, end)
    with pytest.raises(StudioError):
        list(reading)


@pytest.mark.parametrize("name", ["t.csv.gz", "t.csv.zip"])
def test_a_bomb_is_refused(tmp_path, monkeypatch, name):
    monkeypatch.setattr("studio.data.unpack.SMALL_ENOUGH", 1_000_000)
    text = b"a,b\n" + b"1,2\n" * 2_000_000
    path = tmp_path / name
    if name.endswith("zip"):
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("t.csv", text)
    else:
        path.write_bytes(gzip.compress(text, 6))
    assert refused(path).code == "grows-too-far"
    assert len(first_rows(path).frame) == 200


def test_a_table_larger_than_memory_is_refused_and_read_in_blocks(tmp_path, monkeypatch):
    monkeypatch.setattr("studio.data.tables.most_memory", lambda: 1_000_000)
    path = tmp_path / "t.parquet"
    pd.DataFrame({"n": np.zeros(500_000)}).to_parquet(path)
    assert refused(path).code == "too-large"
    assert sum(len(table.frame) for table in blocks(path, {}, {"n": "number"})) == 500_000


def test_an_excel_bomb_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("studio.data.excel.SMALL_ENOUGH", 1_000_000)
    path = tmp_path / "t.xlsx"
    path.write_bytes(whole_excel())
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image1.bin", b"\0" * 20_000_000)
    assert refused(path).code == "grows-too-far"


def test_a_zip_of_several_files_names_them(tmp_path):
    path = tmp_path / "t.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("one.csv", "a\n1\n")
        archive.writestr("two.csv", "a\n1\n")
    problem = refused(path)
    assert problem.code == "not-a-table"
    assert "one.csv, two.csv" in problem.hint


def database(path, mode="delete"):
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(f"PRAGMA journal_mode = {mode}")
    connection.execute("CREATE TABLE things (n REAL, word TEXT)")
    connection.execute("INSERT INTO things VALUES (1.5, 'a'), (2.5, 'b')")
    return connection


def test_a_locked_database_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr("studio.data.sql._PATIENCE", 0.05)
    path = tmp_path / "t.db"
    connection = database(path)
    connection.execute("BEGIN EXCLUSIVE")
    try:
        assert refused(path).code == "locked"
    finally:
        connection.close()
    assert read_table(path).frame["n"].tolist() == [1.5, 2.5]


def test_a_database_with_a_journal_beside_it_is_read(tmp_path):
    path = tmp_path / "t.db"
    connection = database(path, "wal")
    try:
        assert read_table(path).frame["word"].tolist() == ["a", "b"]
        copy = tmp_path / "copies"
        copy.mkdir()
        for suffix in ("", "-wal"):
            (copy / f"t.db{suffix}").write_bytes((tmp_path / f"t.db{suffix}").read_bytes())
        assert read_table(copy / "t.db").frame["word"].tolist() == ["a", "b"]
    finally:
        connection.close()


def test_reading_goes_on_in_several_threads(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(rows(lambda i: i, 50_000), encoding="utf-8")
    found = []
    readers = [
        threading.Thread(target=lambda: found.append(read_table(path).frame["n"].sum()))
        for _ in range(4)
    ]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert found == [50_000 * 49_999 / 2] * 4


def test_no_more_threads_than_cores(tmp_path, monkeypatch):
    monkeypatch.setattr("studio.data.text_table.BLOCK", 4096)
    monkeypatch.setattr("studio.data.text_table.threads", lambda: 1)
    path = tmp_path / "t.csv"
    path.write_text(rows(lambda i: i, 20_000), encoding="utf-8")
    before, most = threading.active_count(), 0
    for _ in blocks(path, {}, {"n": "number"}, 100):
        most = max(most, threading.active_count() - before)
    assert most == 1
    assert threading.active_count() == before


def test_sheets_and_tables_are_listed(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "notes"
    book.create_sheet("data").append(["a"])
    book.save(tmp_path / "t.xlsx")
    database(tmp_path / "t.db").close()
    (tmp_path / "t.csv").write_bytes(whole_csv())
    assert tables_in(tmp_path / "t.xlsx") == ("notes", "data")
    assert tables_in(tmp_path / "t.db") == ("things",)
    assert tables_in(tmp_path / "t.csv") == ()


def test_a_table_without_rows_is_refused(tmp_path):
    pd.DataFrame({"a": pd.Series(dtype=float)}).to_parquet(tmp_path / "t.parquet")
    assert refused(tmp_path / "t.parquet").code == "no-rows"
    (tmp_path / "t.json").write_text(json.dumps([]), encoding="utf-8")
    assert refused(tmp_path / "t.json").code == "no-rows"
    with pytest.raises(StudioError):
        read_columns(tmp_path / "t.parquet", {}, {"a": "number"})


def test_a_url_of_a_file_is_read_as_the_file(tmp_path):
    database(tmp_path / "t.db").close()
    table = read_sql(f"sqlite:///{tmp_path / 't.db'}", "SELECT word FROM things WHERE n > 2")
    assert table.frame["word"].tolist() == ["b"]
