"""Blocks go into the palette by key and by file, and out of it; hostile files are refused."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QMenu

from studio.core.design import edits
from studio.core.design.block_edits import grouped
from studio.core.design.block_files import block_alone, read_block, write_block
from studio.ui.canvas.menu import menu_of
from studio.ui.layer_rows import ROW
from studio.ui.pages.model import ModelPage
from tests.builders import chain, images

BODY = ("conv2d_1", "relu_1")


@pytest.fixture
def page(qtbot, studio, dressed, own_folders):
    dressed.has_motion = False
    project = chain(images(), "conv2d", "relu", "flatten", ("linear", {"out_features": 10}))
    graph, _block = grouped(project.graph, BODY, "Eye")
    studio.document.open_project(replace(project, graph=graph), None)
    made = ModelPage(studio)
    qtbot.addWidget(made)
    return made


@pytest.fixture
def said(studio):
    heard = []
    studio.navigation.said.connect(heard.append)
    return heard


def rows(page: ModelPage) -> list[str]:
    layers = page.layers.layers
    return [layers.item(number).text() for number in range(layers.count())]


def test_the_palette_offers_blocks_under_their_heading(page: ModelPage) -> None:
    shown = rows(page)
    assert shown[shown.index("Blocks") + 1 :][:2] == ["Residual", "Bottleneck"]
    page.layers.search.setText("bottleneck")
    assert "Bottleneck" in rows(page)
    assert not page.layers.nothing.isVisibleTo(page.layers)


def test_a_block_is_saved_and_taken_out_again(studio, page: ModelPage, said: list) -> None:
    studio.selection.choose(BODY)
    page.canvas.save_block()
    assert "Eye is in the palette" in said[-1].text
    shown = rows(page)
    assert shown[shown.index("Blocks") + 1] == "Eye"
    page.layers.layer_wanted.emit("saved:Eye")
    assert len(studio.document.project.graph.blocks) == 2
    page.layers.forget_wanted.emit("saved:Eye")
    assert "Eye" not in rows(page)


def test_a_block_is_shared_as_a_file(studio, page: ModelPage, said: list, tmp_path: Path) -> None:
    path = tmp_path / "eye.studioblock"
    page.blocks.write("block_1", path)
    assert said[-1].tone == "good"
    assert len(read_block(path)) == 2
    page.blocks.bring_in(path)
    assert "Eye" in rows(page)


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"\x80\x04K\x01.", b'{"format": "studio-project"}', b"[" * 10_000]
)
def test_files_that_are_no_blocks_are_refused(
    page: ModelPage, said: list, tmp_path: Path, data: bytes
) -> None:
    path = tmp_path / "bad.studioblock"
    path.write_bytes(data)
    page.blocks.bring_in(path)
    assert said[-1].tone == "problem"
    page.blocks.bring_in(tmp_path / "gone.studioblock")
    assert said[-1].tone == "problem"
    page.blocks.write("block_1", tmp_path / "gone" / "a.studioblock")
    assert said[-1].tone == "problem"


def test_dialogs_ask_for_the_files(studio, page: ModelPage) -> None:
    studio.selection.choose(BODY)
    menu = menu_of(page.canvas)
    action = next(a for a in menu.actions() if a.objectName() == "menu.save_block_file")
    action.trigger()
    dialog = page.window().findChild(QFileDialog, "dialog.file")
    assert dialog.acceptMode() == QFileDialog.AcceptMode.AcceptSave
    assert dialog.defaultSuffix() == "studioblock"
    dialog.reject()
    menu.deleteLater()


def test_the_palette_has_a_menu_at_its_blocks(page: ModelPage, qtbot) -> None:
    page.show()
    layers = page.layers.layers
    number = next(
        n for n in range(layers.count()) if layers.item(n).data(ROW).key == "block:residual"
    )
    layers.scrollToItem(layers.item(number))
    layers.customContextMenuRequested.emit(layers.visualItemRect(layers.item(number)).center())
    menu = page.layers.findChild(QMenu, "palette.menu")
    assert [action.text() for action in menu.actions()] == ["Bring in a block file…"]
    with qtbot.waitSignal(page.layers.block_files_wanted):
        menu.actions()[0].trigger()
    menu.close()
    page.window().findChild(QFileDialog, "dialog.file").reject()


def test_a_block_that_is_dropped_on_the_window_goes_into_the_palette(
    studio, page: ModelPage, said: list, tmp_path: Path
) -> None:
    path = tmp_path / "eye.studioblock"
    page.blocks.write("block_1", path)
    studio.opening.open_paths([path])
    assert "Eye is in the palette" in said[-1].text
    path.write_bytes(b"{")
    studio.opening.open_paths([path])
    assert said[-1].tone == "problem"
    assert "eye.studioblock" in said[-1].text


def test_a_block_of_a_file_never_takes_the_place_of_another_of_its_name(
    studio, page: ModelPage, said: list, tmp_path: Path
) -> None:
    path = tmp_path / "eye.studioblock"
    page.blocks.write("block_1", path)
    page.blocks.bring_in(path)
    page.blocks.bring_in(path)
    assert [row for row in rows(page) if row.startswith("Eye")] == ["Eye"]
    graph = edits.set_param(studio.document.project.graph, "conv2d_1", "out_channels", 7)
    write_block(block_alone(graph, "block_1"), path)
    page.blocks.bring_in(path)
    assert [row for row in rows(page) if row.startswith("Eye")] == ["Eye", "Eye 2"]
    assert "Eye 2 is in the palette" in said[-1].text


def test_a_block_taken_out_can_be_put_back(page: ModelPage, said: list, tmp_path: Path) -> None:
    path = tmp_path / "eye.studioblock"
    page.blocks.write("block_1", path)
    page.blocks.bring_in(path)
    page.layers.forget_wanted.emit("saved:Eye")
    assert "Eye" not in rows(page)
    (answer,) = said[-1].answers
    answer.act()
    assert "Eye" in rows(page)


def test_a_block_that_went_while_its_file_was_chosen_is_not_written(
    page: ModelPage, said: list, tmp_path: Path
) -> None:
    page.blocks.write("block_7", tmp_path / "gone.studioblock")
    assert not list(tmp_path.glob("*.studioblock"))
    assert said == []
