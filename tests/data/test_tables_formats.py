"""Whatever a table is written in, the same values come back."""

import bz2
import csv
import gzip
import io
import json
import lzma
import zipfile

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.data.tables import blocks, first_rows, read_columns, read_table

ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030", "cp1252", "latin-1"]
WESTERN = "ab é\"',;\t|:\n"
ALPHABETS = {"gb18030": "ab é漢字\"',;\t|:\n", "cp1252": WESTERN, "latin-1": WESTERN + "\x85\xa0"}
EVERYTHING = "ab é漢\U0001f600\"',;\t|:\n\x85\xa0\u2028"
NUMBERS = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e30, max_value=1e30)
WHOLE = st.integers(-(2**53) + 1, 2**53 - 1)


@st.composite
def columns(draw, alphabet=EVERYTHING):
    """A column of numbers, one of whole numbers, one of texts and one of codes, with gaps."""
    rows = draw(st.integers(8, 20))

    def some(values):
        return draw(st.lists(values, min_size=rows, max_size=rows))

    return {
        "number": some(NUMBERS | st.none()),
        "whole": some(WHOLE | st.none()),
        "text": some(st.text(alphabet, max_size=8)),
        "code": [f"{i:03d}" for i in range(rows)],
    }


def wanted(texts):
    bare = [text.strip() for text in texts]
    return [text if text else None for text in bare]


def assert_same(frame, made):
    for name in ("number", "whole"):
        values = np.array([np.nan if v is None else v for v in made[name]], np.float64)
        np.testing.assert_array_equal(frame[name].to_numpy(np.float64), values)
    if any(wanted(made["text"])):
        found = [None if pd.isna(v) else v for v in frame["text"]]
        assert found == wanted(made["text"])
    assert frame["code"].tolist() == made["code"]


def rows_of(made):
    return list(zip(*made.values(), strict=True))


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_any_text_table_is_read_back(tmp_path_factory, data):
    encoding = data.draw(st.sampled_from(ENCODINGS))
    made = data.draw(columns(ALPHABETS.get(encoding, EVERYTHING)))
    delimiter = data.draw(st.sampled_from([",", ";", "\t", "|"]))
    quoting = data.draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]))
    out = io.StringIO()
    ends = data.draw(st.sampled_from(["\n", "\r\n"]))
    writer = csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator=ends)
    writer.writerow(made)
    writer.writerows([["" if v is None else v for v in row] for row in rows_of(made)])
    path = tmp_path_factory.mktemp("t") / "t.csv"
    path.write_bytes(out.getvalue().encode(encoding))
    given_settings = {
        "delimiter": delimiter,
        "encoding": encoding.removesuffix("-sig"),
        "header": True,
        "quoting": True,
        "decimal": ".",
        "thousands": "",
    }
    assert_same(read_table(path, given_settings).frame, made)


def typed(made):
    return pd.DataFrame(
        {
            "number": pd.array(made["number"], "Float64"),
            "whole": pd.array(made["whole"], "Int64"),
            "text": pd.array(made["text"], "object"),
            "code": pd.array(made["code"], "object"),
        }
    )


def write_parquet(made, path):
    typed(made).to_parquet(path)


def write_feather(made, path):
    typed(made).to_feather(path)


def objects_of(made):
    return [dict(zip(made, row, strict=True)) for row in rows_of(made)]


def write_lines(made, path):
    text = "\n".join(json.dumps(row, ensure_ascii=False) for row in objects_of(made))
    path.write_text(text, encoding="utf-8")


def write_list(made, path):
    path.write_text(json.dumps(objects_of(made), indent=1), encoding="utf-8")


def write_object(made, path):
    path.write_text(json.dumps(made), encoding="utf-16")


@pytest.mark.parametrize(
    ("write", "name"),
    [
        (write_parquet, "t.parquet"),
        (write_feather, "t.feather"),
        (write_lines, "t.jsonl"),
        (write_list, "t.json"),
        (write_object, "wide.json"),
    ],
)
@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(made=columns())
def test_any_typed_table_is_read_back(tmp_path_factory, write, name, made):
    path = tmp_path_factory.mktemp("t") / name
    write(made, path)
    assert_same(read_table(path).frame, made)


@settings(max_examples=10, suppress_health_check=list(HealthCheck))
@given(made=columns("ab é漢\"',;|:\n"))
def test_any_sheet_is_read_back(tmp_path_factory, made):
    book = openpyxl.Workbook()
    book.active.append(list(made))
    # A number as a spreadsheet keeps it has 15 digits.
    made["number"] = [v if v is None else float(f"{v:.12g}") for v in made["number"]]
    made["whole"] = [v if v is None else v % 10**12 for v in made["whole"]]
    for row in rows_of(made):
        book.active.append(row)
    path = tmp_path_factory.mktemp("t") / "t.xlsx"
    book.save(path)
    assert_same(read_table(path).frame, made)


TEXT = "name,size\n" + "".join(f"thing {i},{i * 1.5}\n" for i in range(50))


def zipped(data):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("__MACOSX/._data.csv", b"\0\1")
        archive.writestr("folder/data.csv", data)
    return out.getvalue()


def zstandard(data):
    out = pa.BufferOutputStream()
    with pa.CompressedOutputStream(out, "zstd") as stream:
        stream.write(data)
    return out.getvalue().to_pybytes()


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, zipped, zstandard])
def test_a_packed_table_is_unpacked(tmp_path, pack):
    path = tmp_path / "data.csv.packed"
    path.write_bytes(pack(TEXT.encode()))
    frame = read_table(path).frame
    assert frame["size"].tolist() == [i * 1.5 for i in range(50)]
    assert frame["name"].iloc[-1] == "thing 49"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("user::7::x\nother::8::y\nthird::9::z::\n"[:-3] + "\n", [7.0, 8.0, 9.0]),
        ("1::7::1365029107\n1::8::1366576639\n2::9::1364690142\n", [7.0, 8.0, 9.0]),
    ],
)
def test_two_colons_part_columns(tmp_path, text, wanted):
    path = tmp_path / "ratings.dat"
    path.write_text(text, encoding="utf-8")
    table = read_table(path)
    assert table.settings["delimiter"] == "::"
    assert table.frame.iloc[:, 1].tolist() == wanted


CHAT = [
    'ham\t"Happy valentines day" I know its early',
    "spam\tWIN a prize now",
    'ham\t"Hello there, are you coming',
    'ham\tHe said "the cave" and left',
    "ham\tsee you\x85later",
    'spam\tthe end"',
] * 4


@pytest.mark.parametrize("late", [0, 4000])
def test_quotation_marks_of_prose_are_plain_characters(tmp_path, late):
    lines = [f"ham\tplain message number {i} of many" for i in range(late)] + CHAT
    path = tmp_path / "chat.tsv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    table = read_table(path)
    assert table.settings["quoting"] is False
    assert table.frame.iloc[:, 1].tolist() == [line.split("\t")[1] for line in lines]


def test_quotation_stays_on_where_one_value_is_loose(tmp_path):
    lines = ['"a, b",1', '"c" d e,2', '"f, g",3']
    path = tmp_path / "t.csv"
    path.write_text("text,n\n" + "\n".join(lines) + "\n", encoding="utf-8")
    table = read_table(path)
    assert table.settings["quoting"] is True
    assert table.frame["text"].tolist() == ["a, b", "c d e", "f, g"]


def test_quoting_chosen_by_hand_stands(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text('a,b\n"x",1\n"y",2\n', encoding="utf-8")
    assert read_table(path, {"quoting": False}).frame["a"].tolist() == ['"x"', '"y"']
    assert read_table(path).frame["a"].tolist() == ["x", "y"]


def test_spaces_before_quotation_marks(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text('a, b\n1, "x, y"\n2,   "z ""q"""\n3, w\n', encoding="utf-8")
    assert read_table(path).frame["b"].tolist() == ["x, y", 'z "q"', "w"]


def test_marks_of_missing_values_can_be_named(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("a,b\n-999,x\n2,unknown\n3,z\n", encoding="utf-8")
    frame = read_table(path, {"missing": "-999, unknown"}).frame
    assert np.isnan(frame["a"].iloc[0])
    assert frame["b"].isna().tolist() == [False, True, False]


def test_sentences_are_no_names(tmp_path):
    path = tmp_path / "pairs.txt"
    path.write_text("Go.\tVa !\nHi.\tSalut !\nRun!\tCours !\n", encoding="utf-8")
    assert read_table(path).settings["header"] is False


def table_of(rows):
    return "n,late,text,code\n" + "".join(
        f"{i},{'oops' if i == rows - 2 else i / 4},{'x' * (i % 5)} {i},{i:07d}\n"
        for i in range(rows)
    )


@pytest.fixture(params=["csv", "parquet", "jsonl", "xlsx"])
def made(request, tmp_path):
    """The same table of 1,000 rows in several formats."""
    frame = pd.DataFrame(
        {
            "n": np.arange(1000),
            "half": np.arange(1000) / 2,
            "text": [f"row {i}" for i in range(1000)],
        }
    )
    path = tmp_path / f"t.{request.param}"
    if request.param == "csv":
        frame.to_csv(path, index=False)
    elif request.param == "parquet":
        frame.to_parquet(path, row_group_size=300)
    elif request.param == "jsonl":
        frame.to_json(path, orient="records", lines=True)
    else:
        frame.to_excel(path, index=False)
    return path, frame


def test_blocks_give_all_rows_once(made):
    path, frame = made
    kinds = {"half": "number", "text": "text", "absent": "number"}
    found = list(blocks(path, read_table(path).settings, kinds, 256))
    assert [len(table.frame) for table in found] == [256, 256, 256, 232]
    whole = pd.concat([table.frame for table in found])
    assert list(whole.columns) == ["half", "text"]
    assert whole.index.tolist() == list(range(1000))
    np.testing.assert_array_equal(whole["half"], frame["half"])
    assert whole["text"].tolist() == frame["text"].tolist()


def test_first_rows_are_the_first(made):
    path, frame = made
    table = first_rows(path, rows=7)
    assert table.frame["n"].tolist() == list(range(7))
    assert table.frame["text"].tolist() == frame["text"].tolist()[:7]
    assert first_rows(path, table.settings, 5, start=998).frame["n"].tolist() == [998.0, 999.0]
    assert len(first_rows(path, rows=5, start=5000).frame) == 0


def test_columns_are_read_as_their_kinds_say(made):
    path, _ = made
    settings = read_table(path).settings
    table = read_columns(path, settings, {"text": "number", "n": "number", "gone": "text"})
    assert list(table.frame.columns) == ["text", "n"]
    assert table.frame["text"].isna().all()
    assert [problem.code for problem in table.problems] == ["text-in-numbers"]
    assert len(read_columns(path, settings, {"gone": "text"}).frame) == 1000


def test_a_problem_in_a_block_names_the_row_of_the_file(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(table_of(1000), encoding="utf-8")
    found = list(blocks(path, {}, {"late": "number"}, 300))
    [problem] = [p for table in found for p in table.problems]
    assert "row 999 (oops)" in problem.message


def test_blocks_of_a_file_give_what_the_whole_gives(tmp_path, monkeypatch):
    monkeypatch.setattr("studio.data.text_table.BLOCK", 4096)
    path = tmp_path / "t.csv"
    path.write_text(table_of(3000), encoding="utf-8")
    table = read_table(path)
    assert table.frame["code"].iloc[-1] == "0002999"
    assert table.frame["n"].tolist() == list(range(3000))
    assert np.isnan(table.frame["late"].iloc[2998])
    assert table.frame["text"].iloc[7] == "xx 7"


def test_texts_further_down_are_kept_as_they_are_written(tmp_path, monkeypatch):
    monkeypatch.setattr("studio.data.text_table.BLOCK", 4096)
    path = tmp_path / "t.csv"
    head = "".join(f"{i}.50,x\n" for i in range(2000))
    path.write_text(
        "a,b\n" + head + "".join(f"word {i},x\n" for i in range(2000)), encoding="utf-8"
    )
    values = read_table(path).frame["a"]
    assert values.iloc[1] == "1.50"
    assert values.iloc[-1] == "word 1999"
