from pathlib import Path

import pytest

from studio.core.problems import StudioError
from studio.data.sources import check_data, load, open_data, preview

DATA = "size,kind\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number, name in enumerate(("north.csv", "south.csv", "west.csv")):
        rows = [f"{number * 100 + i * 0.5},{'ab'[i % 2]}" for i in range(40)]
        (tmp_path / name).write_text(DATA + "\n".join(rows) + "\n")
    (tmp_path / "README.txt").write_text("What this is\n")
    return tmp_path


def test_tables_with_the_same_columns_are_read_as_one(folder):
    spec = open_data(str(folder))
    assert spec.source == "tables"
    assert spec.summary.rows == 120
    assert [(c.name, c.role) for c in spec.columns] == [
        ("size", "input"),
        ("kind", "target"),
        ("file", "ignore"),
    ]
    arrays = load(spec)
    assert sorted(arrays.inputs[0].take(range(120))[:, 0])[-1] == pytest.approx(219.5)
    assert sum(len(part) for part in arrays.parts.values()) == 120
    shown = preview(spec, 2, 79)
    assert [row[2] for row in shown.rows] == ["south.csv", "west.csv"]


def test_the_file_can_be_chosen_to_keep_rows_together(folder):
    spec = open_data(str(folder))
    assert spec.summary.column("file").categories == ("north.csv", "south.csv", "west.csv")


def test_a_file_that_comes_later_is_a_change(folder):
    spec = open_data(str(folder))
    assert check_data(spec) == ()
    (folder / "east.csv").write_text(DATA + "1,a\n2,b\n")
    assert [p.code for p in check_data(spec)] == ["changed"]


def test_tables_with_other_columns_are_named_one_by_one(folder):
    (folder / "other.csv").write_text("a,b,c\n1,2,3\n4,5,6\n")
    with pytest.raises(StudioError, match="holds 4 tables"):
        open_data(str(folder))


def test_a_text_among_numbers_in_one_file_makes_it_texts_in_all(folder):
    (folder / "south.csv").write_text(DATA + "\n".join(f"{i} cm,a" for i in range(40)) + "\n")
    with pytest.raises(StudioError, match="holds 3 tables"):
        open_data(str(folder))
