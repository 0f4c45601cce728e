"""Code on the Model page: written as the network changes, and drawings that come out of code."""

from dataclasses import replace

import pytest

from studio.core.design import edits
from studio.core.design.imported import Imported
from studio.core.design.project import Project
from studio.core.problems import Place, Problem
from studio.ui.dialogs.file_dialog import FileDialog
from studio.ui.pages.model import ModelPage
from tests.builders import chain, images

PATIENCE = 60_000


@pytest.fixture
def page(qtbot, studio, dressed):
    dressed.has_motion = False
    network = chain(images(), "flatten", ("linear", {"out_features": 10}))
    studio.files.new(network, "Digits")
    made = ModelPage(studio)
    qtbot.addWidget(made)
    made.resize(1350, 820)
    with qtbot.waitExposed(made):
        made.show()
    return made


@pytest.fixture
def said(studio):
    heard = []
    studio.navigation.said.connect(heard.append)
    return heard


def answer(notice, words):
    next(one for one in notice.answers if one.words == words).act()


def written(qtbot, page, text):
    code = page.code_tabs.code
    qtbot.waitUntil(
        lambda: code.is_showing_code and text in code.text.toPlainText(), timeout=PATIENCE
    )
    return code


def test_one_key_opens_the_code_and_puts_it_away(page, studio, qtbot):
    studio.actions["code"].trigger()
    code = written(qtbot, page, "out_features=10")
    assert code.isVisible()
    studio.actions["code"].trigger()
    assert page.drawer.is_folded


def test_the_code_follows_the_network_and_says_what_is_in_the_way(page, studio, qtbot):
    studio.actions["code"].trigger()
    code = written(qtbot, page, "out_features=10")
    studio.document.apply_to_graph(
        lambda graph: edits.set_param(graph, "linear_1", "bias", False), "No bias"
    )
    written(qtbot, page, "bias=False")
    edge = studio.document.project.graph.edges[0]
    studio.document.apply_to_graph(lambda graph: edits.disconnect(graph, edge), "Cut")
    qtbot.waitUntil(lambda: code.empty.title.text() == "No code yet", timeout=PATIENCE)
    assert "no input" in code.empty.text.text()
    studio.document.undo_stack.undo()
    written(qtbot, page, "bias=False")


def test_code_and_selection_lead_to_each_other(page, studio, qtbot):
    studio.actions["code"].trigger()
    code = written(qtbot, page, "out_features=10")
    studio.selection.choose(("linear_1",))
    assert code.text.marked == code.code.lines["linear_1"]
    code.text.line_chosen.emit(code.code.lines["flatten_1"][0])
    assert studio.selection.only == "flatten_1"
    assert code.text.marked == code.code.lines["flatten_1"]


def test_saved_code_comes_back_as_the_drawing(page, studio, qtbot, said, tmp_path):
    studio.actions["code"].trigger()
    code = written(qtbot, page, "out_features=10")
    path = tmp_path / "model.py"
    code.save.click()
    dialog = page.findChild(FileDialog)
    dialog.fileSelected.emit(str(path))
    dialog.reject()
    drawn = studio.document.project.graph
    studio.document.apply_to_graph(lambda graph: edits.remove(graph, ("linear_1",)), "Remove")
    studio.opening.open_paths([path])
    qtbot.waitUntil(lambda: bool(said) and len(said[-1].answers) == 3, timeout=PATIENCE)
    answer(said[-1], "Replace the network")
    assert studio.document.project.graph == drawn
    report = page.code_tabs.report
    assert report.isVisible()
    studio.document.undo_stack.undo()
    assert "linear_1" not in studio.document.project.graph.nodes


FOREIGN = Imported(
    problems=(
        Problem("fft is not known.", "Its place is open.", place=Place("node", "flatten_1")),
    ),
    file="other.py",
    name="Odd",
    known=8,
    steps=9,
    sizes=((8,),),
    are_guessed=True,
)


@pytest.fixture
def foreign(tmp_path):
    path = tmp_path / "other.py"
    path.write_text("from torch import nn\n", encoding="utf-8")
    return path


def test_another_s_file_runs_only_when_the_person_trusts_it(
    page, studio, qtbot, said, foreign, monkeypatch
):
    ran = []

    def run(path, dataset, name):
        ran.append((path, dataset is studio.document.project.dataset, name))
        return replace(FOREIGN, graph=studio.document.project.graph)

    monkeypatch.setattr("studio.jobs.run_code", run)
    studio.opening.open_paths([foreign])
    qtbot.waitUntil(lambda: bool(said), timeout=PATIENCE)
    assert said[-1].tone == "attention"
    assert "delete your files" in said[-1].text
    answer(said[-1], "Leave it")
    assert ran == []
    studio.opening.open_paths([foreign])
    qtbot.waitUntil(lambda: len(said) == 2, timeout=PATIENCE)
    answer(said[-1], "I trust it: run it")
    qtbot.waitUntil(lambda: said[-1].text.endswith("has one."), timeout=PATIENCE)
    assert ran == [(foreign, True, "")]
    answer(said[-1], "Start a new project")
    report = page.code_tabs.report
    assert studio.document.project.dataset == Project().dataset
    assert report.isVisible()
    row = next(one for one in report.findChildren(object) if hasattr(one, "problem"))
    row.chosen.emit(row.problem)
    assert studio.selection.only == "flatten_1"
    report.closed.emit()
    assert not report.isVisible()


def test_of_several_networks_the_person_chooses(page, studio, qtbot, said, foreign, monkeypatch):
    def run(_path, _dataset, name):
        drawn = studio.document.project.graph
        return replace(FOREIGN, graph=drawn) if name else Imported(choices=("First", "Second"))

    monkeypatch.setattr("studio.jobs.run_code", run)
    studio.opening.open_paths([foreign])
    qtbot.waitUntil(lambda: bool(said), timeout=PATIENCE)
    answer(said[-1], "I trust it: run it")
    qtbot.waitUntil(lambda: "Which one" in said[-1].text, timeout=PATIENCE)
    answer(said[-1], "Second")
    qtbot.waitUntil(lambda: said[-1].text.endswith("has one."), timeout=PATIENCE)


def test_of_many_networks_all_can_be_reached(page, studio, qtbot, said, foreign, monkeypatch):
    names = tuple(f"Net{number}" for number in range(6))
    monkeypatch.setattr("studio.jobs.run_code", lambda *_: Imported(choices=names))
    studio.opening.open_paths([foreign])
    qtbot.waitUntil(lambda: bool(said), timeout=PATIENCE)
    answer(said[-1], "I trust it: run it")
    qtbot.waitUntil(lambda: "Which one" in said[-1].text, timeout=PATIENCE)
    assert [one.words for one in said[-1].answers] == [*names[:4], "Show others"]
    answer(said[-1], "Show others")
    assert [one.words for one in said[-1].answers] == [*names[4:], "Show others"]
    answer(said[-1], "Show others")
    assert said[-1].answers[0].words == "Net0"


def test_into_an_empty_project_it_is_drawn_at_once(page, studio, qtbot, said, foreign, monkeypatch):
    drawn = studio.document.project.graph
    monkeypatch.setattr("studio.jobs.run_code", lambda *_: replace(FOREIGN, graph=drawn))
    studio.files.new(Project(), "Empty")
    studio.importing.open(foreign)
    qtbot.waitUntil(lambda: bool(said), timeout=PATIENCE)
    with qtbot.waitSignal(studio.importing.imported, timeout=PATIENCE):
        answer(said[-1], "I trust it: run it")
    assert studio.document.project.graph == drawn


def test_the_tab_of_an_import_pushes_no_other_out_of_sight(page, studio, foreign):
    studio.importing.imported.emit(replace(FOREIGN, graph=studio.document.project.graph))
    tabs = page.drawer.tabs
    assert tabs.tabText(tabs.currentIndex()) == "Import"
    assert tabs.tabRect(0).left() >= 0
