"""A table is shown by its first rows before all of it is read, and reading it may be left."""

import pytest

from studio import jobs
from studio.core.design.dataset import ColumnSummary, DatasetSpec, TablePreview
from studio.core.patience import Left, Patience, Progress, waited_for
from studio.core.problems import StudioError


@pytest.fixture
def goods(tmp_path):
    path = tmp_path / "goods.csv"
    rows = [f"{n},{n * 2}.5,{'red' if n % 3 else 'blue'}" for n in range(3000)]
    path.write_text("\n".join(["piece,weight,colour", *rows]), encoding="utf-8")
    return path


def test_the_first_rows_come_before_the_whole(goods):
    look, spec = jobs.opening(str(goods))
    assert isinstance(look, TablePreview)
    assert look.columns == ("piece", "weight", "colour")
    assert look.rows[:2] == ((0, 0.5, "blue"), (1, 2.5, "red"))
    assert look.row_numbers == tuple(range(1, 201))
    assert spec == jobs.open_data(str(goods))
    assert spec.summary.rows == 3000


def test_a_folder_shows_the_first_rows_of_its_obvious_table(goods):
    look, spec = jobs.opening(str(goods.parent))
    assert look.columns == ("piece", "weight", "colour")
    assert spec.path == str(goods)


def test_import_settings_hold_for_the_first_rows_too(goods):
    look, _ = jobs.opening(str(goods), {"header": False})
    assert look.rows[:2] == ((None, None, "colour"), (0, 0.5, "blue"))


def test_what_is_wrong_is_said_by_the_whole(tmp_path):
    (tmp_path / "empty.csv").write_bytes(b"")
    with pytest.raises(StudioError) as raised:
        list(jobs.opening(str(tmp_path / "empty.csv")))
    assert raised.value.problem.place.kind == "file"


def test_wide_tables_show_fewer_rows_at_first(tmp_path):
    path = tmp_path / "wide.csv"
    line = ",".join(str(n) for n in range(4000))
    path.write_text("\n".join([line.replace("1", "a"), *[line] * 60]), encoding="utf-8")
    look = next(jobs.opening(str(path)))
    assert len(look.columns) == 4000
    assert len(look.rows) == 25


def test_every_column_is_told_of_once_it_is_known(goods):
    news = []
    with waited_for(Patience(news.append)):
        _, spec = jobs.opening(str(goods))
    told = [one for one in news if isinstance(one, ColumnSummary)]
    assert [one.name for one in told] == ["piece", "weight", "colour"]
    assert [one.distinct for one in told] == [c.distinct for c in spec.summary.columns]
    shares = [one.share for one in news if isinstance(one, Progress)]
    assert shares == sorted(shares)
    assert 0.9 < shares[-1] <= 1.0


@pytest.mark.parametrize("where", ["reading", "column"])
def test_reading_ends_where_it_is_left(goods, where):
    news = []

    def hear(one):
        news.append(one)
        if where == "reading" or isinstance(one, ColumnSummary):
            patience.leave()

    patience = Patience(hear)
    found = []
    with pytest.raises(Left), waited_for(patience):
        found.extend(jobs.opening(str(goods)))
    assert not any(isinstance(one, DatasetSpec) for one in found)
    assert sum(isinstance(one, ColumnSummary) for one in news) == (where == "column")


def test_a_file_that_changes_after_its_first_rows_is_read_as_it_is_then(goods):
    opening = jobs.opening(str(goods))
    look = next(opening)
    goods.write_text("other,columns\n" + "".join(f"{n},x{n % 2}\n" for n in range(50)))
    spec = next(opening)
    assert look.columns == ("piece", "weight", "colour")
    assert [c.name for c in spec.columns] == ["other", "columns"]
    assert spec.summary.rows == 50
    assert jobs.preview(spec, 2).rows == ((0, "x0"), (1, "x1"))


def test_a_file_that_vanishes_after_its_first_rows_is_named(goods):
    opening = jobs.opening(str(goods))
    next(opening)
    goods.unlink()
    with pytest.raises(StudioError) as raised:
        next(opening)
    assert raised.value.problem.code == "no-file"
