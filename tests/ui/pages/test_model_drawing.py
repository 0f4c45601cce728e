"""The drawing is saved from the menu, in the format that the name says."""

from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog

from studio.ui.pages.model import ModelPage
from tests.builders import chain, images


@pytest.fixture
def page(qtbot, studio, dressed):
    dressed.has_motion = False
    studio.document.open_project(chain(images(), ("linear", {"out_features": 10})), None)
    made = ModelPage(studio)
    qtbot.addWidget(made)
    return made


def test_the_name_says_the_format(page: ModelPage, tmp_path: Path) -> None:
    page.drawing.save(tmp_path / "net.svg")
    page.drawing.save(tmp_path / "net.png")
    page.drawing.save(tmp_path / "net.of.mine")
    assert (tmp_path / "net.svg").read_bytes().startswith(b"<?xml")
    assert not QImage(str(tmp_path / "net.png")).isNull()
    assert (tmp_path / "net.of.mine.svg").is_file()


def test_a_folder_that_is_not_there_is_told(studio, page: ModelPage, tmp_path: Path) -> None:
    said = []
    studio.navigation.said.connect(said.append)
    page.drawing.save(tmp_path / "gone" / "net.svg")
    assert [notice.tone for notice in said] == ["problem"]


def test_the_action_asks_where(studio, page: ModelPage) -> None:
    studio.actions.trigger("save_drawing")
    dialog = page.window().findChild(QFileDialog, "dialog.file")
    assert dialog is not None
    assert dialog.acceptMode() == QFileDialog.AcceptMode.AcceptSave
    dialog.filterSelected.emit("Picture (*.png)")
    assert dialog.defaultSuffix() == "png"
    dialog.reject()
