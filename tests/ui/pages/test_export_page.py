import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from studio import jobs
from studio.core.problems import Problem, StudioError
from studio.core.run.results import ExportResult
from studio.ui.pages.export import ExportPage

PATIENCE = 60_000


@pytest.fixture
def page(context, show):
    return show(ExportPage(context))


def _export_to(page, path, qtbot):
    page.card.path.setFocus()
    page.card.path.selectAll()
    qtbot.keyClicks(page.card.path, str(path))
    qtbot.mouseClick(page.card.button, Qt.MouseButton.LeftButton)


def test_without_a_run_there_is_nothing_to_export_and_the_way_to_one(page, context, rows_project):
    context.files.new(rows_project, "Machines")
    assert page.empty.isVisible()
    assert not page.card.isVisible()


def test_a_real_run_is_exported_and_the_tick_stands_on_its_proof(
    page, train, rows_project, qtbot, tmp_path
):
    record = train(rows_project)
    path = tmp_path / "machines.pt"
    _export_to(page, path, qtbot)
    assert page.card.progress.isVisible()
    assert not page.card.proof.isVisible()
    assert not page.card.button.isEnabled()
    qtbot.waitUntil(page.card.proof.isVisible, timeout=PATIENCE)
    assert path.is_file()
    assert "same answers" in page.card.proof.words.text()
    figures = page.card.proof.figures
    assert figures["size"].accessibleName().startswith("Size ")
    rows = figures["rows"].accessibleName().split()
    assert int("".join(part for part in rows[2] if part.isdigit())) > 0
    assert page.card.button.isEnabled()
    assert page.card.open_folder.isVisible()
    assert record.run


def test_a_failure_is_told_in_words_and_shows_no_tick(
    page, train, rows_project, qtbot, monkeypatch, tmp_path
):
    train(rows_project)

    def refuse(*_arguments):
        raise StudioError(Problem("The answers differ by 0.5.", "Do not use the file."))

    monkeypatch.setattr(jobs, "export", refuse)
    _export_to(page, tmp_path / "a.pt", qtbot)
    qtbot.waitUntil(page.card.trouble.isVisible, timeout=PATIENCE)
    assert "Do not use the file" in page.card.trouble.words.text()
    assert not page.card.proof.isVisible()
    assert not page.card.open_folder.isVisible()


def test_a_file_without_a_proof_gets_no_tick(
    page, train, rows_project, qtbot, monkeypatch, tmp_path
):
    train(rows_project)
    monkeypatch.setattr(jobs, "export", lambda *_: ExportResult("torchscript", "a.pt", 100))
    _export_to(page, tmp_path / "a.pt", qtbot)
    qtbot.waitUntil(page.card.trouble.isVisible, timeout=PATIENCE)
    assert "not proven" in page.card.trouble.words.text()
    assert not page.card.proof.isVisible()


def test_the_order_of_inputs_is_the_model_s_and_the_lines_name_the_file(
    page, train, rows_project, qtbot, tmp_path
):
    train(rows_project)
    words = [label.text() for label in page.inputs.findChildren(type(page.inputs.title))]
    names = [feature.name for feature in rows_project.dataset.features()]
    assert [word for word in words if word in names] == names
    page.card.path.clear()
    qtbot.keyClicks(page.card.path, str(tmp_path / "mine.pt"))
    assert 'torch.jit.load("mine.pt")' in page.code.code.toPlainText()
    qtbot.mouseClick(page.code.language.button("c++"), Qt.MouseButton.LeftButton)
    assert 'torch::jit::load("mine.pt")' in page.code.code.toPlainText()
    qtbot.mouseClick(page.code.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == page.code.code.toPlainText()
    assert page.code.copy.text() == "Copied"


def test_the_python_lines_run_on_the_exported_file(
    page, train, rows_project, qtbot, tmp_path, monkeypatch
):
    train(rows_project)
    path = tmp_path / "machines.pt"
    _export_to(page, path, qtbot)
    qtbot.waitUntil(page.card.proof.isVisible, timeout=PATIENCE)
    monkeypatch.chdir(path.parent)
    assert "tensor" in _printed(page.code.code.toPlainText())


def test_a_file_is_suggested_beside_the_project_until_a_person_names_another(
    page, context, train, rows_project, qtbot, tmp_path
):
    train(rows_project)
    assert page.card.target == Path.home() / "Machines.pt"
    context.files.save_to(tmp_path / "Iris.studio")
    assert page.card.target == tmp_path / "Iris.pt"
    page.card.path.clear()
    qtbot.keyClicks(page.card.path, str(tmp_path / "mine"))
    assert page.card.target == tmp_path / "mine.pt"


def test_nowhere_is_no_place_for_a_file(page, train, rows_project, qtbot):
    train(rows_project)
    page.card.path.setFocus()
    page.card.path.selectAll()
    qtbot.keyClick(page.card.path, Qt.Key.Key_Delete)
    assert not page.card.button.isEnabled()
    assert page.card.button.toolTip()


def _printed(code):
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
