"""Opening: what is dropped or chosen becomes a project, and nothing unsaved is lost on the way."""

import gzip
import sqlite3

import pytest

from studio.core.design.project import Project
from studio.ui.opening import are_texts
from tests.builders import chain, table

ROWS = "".join(f"{n},{n * 2}.5,{'red' if n % 3 else 'blue'}\n" for n in range(1, 201))


@pytest.fixture
def said(studio):
    heard = []
    studio.navigation.said.connect(heard.append)
    return heard


@pytest.fixture
def pages(studio):
    heard = []
    studio.navigation.page_wanted.connect(heard.append)
    return heard


@pytest.fixture
def goods(tmp_path):
    path = tmp_path / "goods.csv"
    path.write_text("piece,weight,colour\n" + ROWS, encoding="utf-8")
    return path


@pytest.fixture
def other(tmp_path):
    path = tmp_path / "other.csv"
    path.write_text("a,b,kind\n" + ROWS, encoding="utf-8")
    return path


def opened(qtbot, studio, path):
    with qtbot.waitSignal(studio.opening.ended, timeout=20_000):
        studio.opening.open_paths([path])


def answer(notice, words):
    next(a for a in notice.answers if a.words == words).act()


def test_a_table_with_nothing_open_becomes_a_project_that_can_train(qtbot, studio, pages, goods):
    opened(qtbot, studio, goods)
    assert studio.files.name == "goods"
    assert studio.document.report.can_train
    assert pages == ["data"]


def test_of_a_folder_of_several_tables_each_is_one_click_away(
    qtbot, studio, said, goods, other, tmp_path
):
    opened(qtbot, studio, tmp_path)
    assert [one.words for one in said[-1].answers] == ["goods.csv", "other.csv"]
    assert said[-1].text == f"{tmp_path.name} holds 2 tables. Open one:"
    with qtbot.waitSignal(studio.files.opened, timeout=20_000):
        answer(said[-1], "other.csv")
    assert studio.files.name == "other"


def test_a_compressed_table_names_the_project_without_its_endings(qtbot, studio, goods, tmp_path):
    packed = tmp_path / "packed.csv.gz"
    packed.write_bytes(gzip.compress(goods.read_bytes()))
    opened(qtbot, studio, packed)
    assert studio.files.name == "packed"


def test_a_sample_template_is_ready_to_train(qtbot, studio, pages):
    with qtbot.waitSignal(studio.files.opened, timeout=20_000):
        studio.opening.start_template("classify-rows")
    assert studio.document.report.can_train
    assert pages == ["model"]
    assert not studio.files.has_unsaved_work


def test_data_without_a_usable_target_opens_all_the_same(qtbot, studio, pages, tmp_path):
    path = tmp_path / "ids.csv"
    path.write_text(
        "name\n" + "".join(f"person {n} of many\n" for n in range(50)), encoding="utf-8"
    )
    opened(qtbot, studio, path)
    assert studio.files.is_open
    assert not studio.document.project.dataset.is_empty
    assert pages == ["data"]


def test_data_into_a_drawn_network_is_one_step_of_undo(qtbot, studio, goods):
    studio.files.new(Project(graph=chain(table(), "relu").graph), "Drawn")
    opened(qtbot, studio, goods)
    assert len(studio.document.project.dataset.columns) == 3
    assert len(studio.document.project.graph) == 3
    studio.document.undo_stack.undo()
    assert studio.document.project.dataset.is_empty


def test_the_same_columns_replace_the_data_without_a_question(qtbot, studio, said, goods):
    opened(qtbot, studio, goods)
    graph = studio.document.project.graph
    opened(qtbot, studio, goods)
    assert said == []
    assert studio.document.project.graph is graph


def test_other_columns_are_asked_about_and_nothing_changes_before(
    qtbot, studio, said, goods, other
):
    opened(qtbot, studio, goods)
    before = studio.document.project
    opened(qtbot, studio, other)
    assert studio.document.project is before
    assert "other columns" in said[-1].text
    answer(said[-1], "Start a new project")
    assert studio.files.name == "other"
    assert studio.document.report.can_train


def test_other_columns_can_be_used_here(qtbot, studio, said, goods, other):
    opened(qtbot, studio, goods)
    opened(qtbot, studio, other)
    answer(said[-1], "Use it here")
    assert studio.files.name == "goods"
    assert [c.name for c in studio.document.project.dataset.columns] == ["a", "b", "kind"]
    assert studio.document.undo_stack.canUndo()


def test_what_cannot_be_read_is_said_and_leaves_all_as_it_is(qtbot, studio, said, tmp_path):
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"")
    opened(qtbot, studio, empty)
    assert not studio.files.is_open
    assert said[-1].tone == "problem"


def test_a_project_file_opens_as_project(qtbot, studio, pages, tmp_path):
    path = tmp_path / "a.studio"
    studio.files.new(chain(table()))
    studio.files.save_to(path)
    studio.opening.open_paths([path])
    assert studio.document.path == path
    assert pages[-1] == "model"


def test_unsaved_changes_are_asked_about_first(studio, said, tmp_path):
    path = tmp_path / "a.studio"
    studio.files.new(chain(table()), "First")
    studio.files.save_to(path)
    studio.document.apply_to_graph(lambda graph: chain(table(), "relu").graph, "Add ReLU")
    studio.opening.start_empty()
    assert "First" not in said[-1].text  # it has a file, and its name is that of the file
    assert "a has changes that are not saved." in said[-1].text
    assert len(studio.document.project.graph) == 3
    answer(said[-1], "Keep working")
    assert len(studio.document.project.graph) == 3
    studio.opening.start_empty()
    answer(said[-1], "Save")
    assert len(studio.document.project.graph) == 0
    studio.opening.open_project(path)
    assert len(studio.document.project.graph) == 3


def test_discarding_opens_the_other_at_once(studio, said):
    studio.files.new(chain(table()), "First")
    studio.document.apply_to_graph(lambda graph: chain(table(), "relu").graph, "Add ReLU")
    studio.opening.start_empty()
    answer(said[-1], "Discard")
    assert len(studio.document.project.graph) == 0
    assert not studio.files.has_unsaved_work


def test_of_several_files_the_first_is_opened_and_that_is_said(qtbot, studio, said, goods, other):
    with qtbot.waitSignal(studio.opening.ended, timeout=20_000):
        studio.opening.open_paths([goods, other])
    assert studio.files.name == "goods"
    assert "goods.csv" in said[-1].text


def test_what_could_not_be_opened_is_no_news_once_something_else_is(qtbot, studio, said, goods):
    heard = []
    studio.navigation.unsaid.connect(heard.append)
    opened(qtbot, studio, goods.with_name("nowhere.csv"))
    assert "nowhere.csv" in said[-1].text
    heard.clear()
    opened(qtbot, studio, goods)
    assert said[-1].key in heard


def test_two_texts_at_once_are_pairs_line_by_line(qtbot, studio, tmp_path, said):
    words = ("cat", "dog", "bird", "fish", "horse", "cow", "sheep", "goat")
    lines = [f"a {word} runs {n}" for n in range(6) for word in words]
    paths = [tmp_path / "news.en", tmp_path / "news.de"]
    for path in paths:
        path.write_text("\n".join(lines), encoding="utf-8")
    with qtbot.waitSignal(studio.opening.ended, timeout=20_000):
        studio.opening.open_paths(paths)
    dataset = studio.document.project.dataset
    assert (dataset.kind, dataset.summary.rows) == ("pairs", 48)
    assert said == []


def test_a_database_is_asked_by_its_address(qtbot, studio, tmp_path):
    path = tmp_path / "plant.db"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE parts (weight REAL, colour TEXT)")
        rows = [(n * 1.5, "red" if n % 3 else "blue") for n in range(90)]
        database.executemany("INSERT INTO parts VALUES (?, ?)", rows)
    database.close()
    with qtbot.waitSignal(studio.opening.ended, timeout=20_000):
        studio.opening.open_database(
            f"sqlite:///{path}", "SELECT * FROM parts WHERE weight > 30", "plant"
        )
    dataset = studio.document.project.dataset
    assert studio.files.name == "plant"
    assert dataset.summary.rows == 69


@pytest.mark.parametrize(
    ("names", "are_pairs"),
    [
        (("a.en", "a.fr"), True),
        (("train.en.gz", "train.fr.gz"), True),
        (("one.txt", "two.txt"), True),
        (("a.csv", "b.csv"), False),
        (("a.txt", "b.md"), False),
        (("a.txt", "a.txt"), False),
    ],
)
def test_which_two_files_are_pairs(tmp_path, names, are_pairs):
    paths = [tmp_path / name for name in names]
    for path in paths:
        path.write_text("line", encoding="utf-8")
    assert are_texts(*paths) is are_pairs
