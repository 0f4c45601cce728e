"""Two files that belong together line by line never come apart."""

import gzip

import pandas as pd
import pytest

from studio.core.problems import StudioError
from studio.data.lines import line_files, read_lines


@pytest.fixture
def written(tmp_path):
    def write(first, second, names=("news.en", "news.fr"), encoding="utf-8"):
        paths = [tmp_path / name for name in names]
        for path, text in zip(paths, (first, second), strict=True):
            path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return paths[0]

    return write


def pairs(table):
    cells = table.frame.astype(object).where(table.frame.notna(), None)
    return [tuple(row) for row in cells.itertuples(index=False)]


def refused(path, **settings):
    with pytest.raises(StudioError) as caught:
        read_lines(path, settings)
    assert caught.value.problem.hint
    return caught.value.problem


def test_lines_are_pairs(written):
    table = read_lines(written("a cat\na dog\n", "un chat\nun chien"), {"lines": True})
    assert list(table.frame.columns) == ["news.en", "news.fr"]
    assert pairs(table) == [("a cat", "un chat"), ("a dog", "un chien")]
    assert table.settings["other"] == "news.fr"
    assert table.problems == ()


def test_what_was_found_finds_it_again(written):
    path = written("a\n", "b\n")
    again = read_lines(path, read_lines(path, {}).settings)
    assert pairs(again) == [("a", "b")]


def test_the_other_file_may_be_named_and_lie_elsewhere(written, tmp_path):
    path = written("a\nb", "c\nd", ("one.txt", "two.txt"))
    assert pairs(read_lines(path, {"other": "two.txt"})) == [("a", "c"), ("b", "d")]
    folder = tmp_path / "far"
    folder.mkdir()
    (folder / "one.txt").write_text("e\nf")
    table = read_lines(path, {"other": str(folder / "one.txt")})
    assert list(table.frame.columns) == [f"{tmp_path.name} one", "far one"]
    assert pairs(table) == [("a", "e"), ("b", "f")]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_each_file_has_its_own_encoding(written, encoding):
    path = written("one\ntwo", "été à la mer\nnaïve façade".encode(encoding))
    assert pairs(read_lines(path, {})) == [("one", "été à la mer"), ("two", "naïve façade")]


def test_a_chinese_file_of_its_time(written):
    chinese = "我是学生，今天天气很好\n水泵坏了\n".encode("gb18030")
    assert pairs(read_lines(written("a\nb", chinese), {}))[1] == ("b", "水泵坏了")


def test_an_encoding_can_be_chosen(written):
    path = written("a", "\xe9t\xe9".encode("latin-1"))
    told = {"encoding": "utf-8", "other_encoding": "latin-1"}
    table = read_lines(path, told)
    assert pairs(table) == [("a", "été")]
    assert told.items() <= table.settings.items()
    assert refused(path, other_encoding="utf-8").code == "encoding"


def test_only_line_ends_of_files_break_lines(written):
    first = "a\u2028b\x0bc\x85d\r\ne\rf\n"
    assert pairs(read_lines(written(first, "1\n2\n3\n"), {})) == [
        ("a\u2028b\x0bc\x85d", "1"),
        ("e", "2"),
        ("f", "3"),
    ]


def test_packed_files_are_unpacked(written):
    path = written(
        gzip.compress(b"a\nb\n"), gzip.compress(b"c\nd\n"), ("x.en.txt.gz", "x.fr.txt.gz")
    )
    table = read_lines(path, {})
    assert list(table.frame.columns) == ["x.en", "x.fr"]
    assert pairs(table) == [("a", "c"), ("b", "d")]


def test_uneven_files_are_refused_with_both_counts_and_the_line(written):
    path = written("a\nb\n\nd\n", "1\n2\n3\n4\n5 is alone\n6\n")
    problem = refused(path)
    assert problem.code == "uneven-lines"
    assert "news.en has 4 lines and news.fr has 6" in problem.message
    assert "line 5 of news.fr: 5 is alone" in problem.message
    assert "Line 3 is blank" in problem.message


def test_blank_lines_at_the_end_are_no_lines(written):
    assert len(read_lines(written("a\nb\n\n\n", "1\n2\n"), {}).frame) == 2
    assert len(read_lines(written("a\nb\n\n", "1\n2\n3"), {}).frame) == 3


def test_blank_lines_are_missing_and_said(written):
    table = read_lines(written("a\n\nc\n", "1\n2\n3\n"), {})
    assert table.frame["news.en"].isna().tolist() == [False, True, False]
    assert [problem.code for problem in table.problems] == ["half-empty-lines"]
    assert "line 2" in table.problems[0].message


def test_words_for_missing_values_are_words_here(written):
    assert pairs(read_lines(written("NA\nnull\nnan", "1\n2\n3"), {})) == [
        ("NA", "1"),
        ("null", "2"),
        ("nan", "3"),
    ]


def test_an_unclear_partner_is_asked_for(written, tmp_path):
    path = written("a", "b")
    (tmp_path / "news.de").write_text("c")
    problem = refused(path, lines=True)
    assert problem.code == "no-other-file"
    assert "news.de, news.fr" in problem.message
    assert refused(path, other="news.en").code == "no-other-file"
    assert refused(path, other="gone").code == "no-file"
    assert line_files(path, {"other": "news.de"}) == (path, tmp_path / "news.de")


def test_files_that_are_none_are_said(written, tmp_path):
    path = written("", "")
    assert refused(path).code == "no-rows"
    (tmp_path / "folder").mkdir()
    assert refused(path, other="folder").code == "is-folder"
    (tmp_path / "cut.gz").write_bytes(gzip.compress(b"a" * 10_000)[:30])
    assert refused(path, other="cut.gz").code == "damaged"


def test_a_very_long_line_stays_one(written):
    long = "word " * 500_000
    table = read_lines(written(f"{long}\nb", "1\n2"), {})
    assert len(table.frame) == 2
    assert table.frame.iloc[0, 0] == long.strip()
    assert isinstance(table.frame["news.fr"].dtype, pd.StringDtype)
