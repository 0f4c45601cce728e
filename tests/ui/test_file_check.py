"""A project that is opened again says at once where its data are gone or others."""

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel

from studio import jobs
from studio.ui.main_window import MainWindow
from studio.ui.panels.data_problems import DataProblems

ROWS = "".join(f"{n},{n * 2}.5,{'red' if n % 3 else 'blue'}\n" for n in range(1, 101))


@pytest.fixture
def window(qtbot, studio):
    made = MainWindow(studio)
    qtbot.addWidget(made)
    yield made
    studio.document.undo_stack.clear()
    studio.files.discard()


@pytest.fixture
def goods(tmp_path):
    path = tmp_path / "goods.csv"
    path.write_text("piece,weight,colour\n" + ROWS, encoding="utf-8")
    return path


@pytest.fixture
def saved(goods, tmp_path):
    path = tmp_path / "goods.studio"
    dataset = jobs.open_data(str(goods))
    jobs.save_project(jobs.new_project(None, dataset), path)
    return path


def reopened(qtbot, window, path):
    context = window.context
    context.opening.open_project(path)
    qtbot.waitUntil(lambda: context.files.is_open and not context.background.is_busy)
    return [problem.code for problem in context.document.problems]


def test_data_that_are_gone_are_a_problem_at_once(qtbot, window, goods, saved):
    goods.unlink()
    assert "no-file" in reopened(qtbot, window, saved)
    assert "problem" in window.status.problems.text()
    [problem] = [p for p in window.context.document.problems if p.code == "no-file"]
    assert "goods.csv is not there" in problem.message
    assert problem.hint == "Put it back, or choose the data again."


def test_data_that_have_changed_are_a_problem_at_once(qtbot, window, goods, saved):
    goods.write_text(goods.read_text().replace("red", "green"), encoding="utf-8")
    assert "changed" in reopened(qtbot, window, saved)


def test_data_as_they_were_are_none(qtbot, window, saved):
    codes = reopened(qtbot, window, saved)
    assert not {"no-file", "changed"} & set(codes)


def test_data_that_are_found_again_are_no_longer_missed(qtbot, window, goods, saved, tmp_path):
    elsewhere = goods.rename(tmp_path / "moved.csv")
    assert "no-file" in reopened(qtbot, window, saved)
    with qtbot.waitSignal(window.context.opening.ended, timeout=20_000):
        window.context.opening.open_data(elsewhere)
    document = window.context.document
    assert document.project.dataset.path == str(elsewhere)
    assert "no-file" not in [problem.code for problem in document.problems]
    assert document.path == saved


def test_the_data_page_leads_to_the_file(qtbot, studio, goods, saved):
    goods.unlink()
    studio.files.open(saved)
    card = DataProblems(studio.document)
    qtbot.addWidget(card)
    studio.document.take_of_files(jobs.check_files(studio.document.project))
    assert any("goods.csv is not there" in part.text() for part in card.findChildren(QLabel))
    [link] = [b for b in card.findChildren(QAbstractButton) if b.text() == "Find the data"]
    with qtbot.waitSignal(card.file_wanted):
        link.click()
