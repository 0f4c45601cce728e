"""The folder of a pretrained network is chosen in the inspector, as one edit that can be undone."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from studio import jobs
from studio.core.problems import refuse
from studio.ui.dialogs.file_dialog import FileDialog
from studio.ui.pages.model import ModelPage
from tests.backbones import known, text_of
from tests.builders import chain, images

NODE = "picture_backbone_1"


@pytest.fixture
def page(qtbot, studio, dressed):
    dressed.has_motion = False
    studio.document.open_project(chain(images(), ("picture_backbone", {})), None)
    made = ModelPage(studio)
    qtbot.addWidget(made)
    made.resize(1350, 820)
    with qtbot.waitExposed(made):
        made.show()
    studio.selection.choose((NODE,))
    return made


def network_of(studio):
    return studio.document.project.graph.nodes[NODE].params.get("backbone", "")


def test_a_folder_is_chosen_read_and_undone(page, studio, qtbot, monkeypatch, tmp_path):
    asked = []
    monkeypatch.setattr(
        jobs, "read_backbone", lambda path: (asked.append(path), text_of("resnet"))[1]
    )
    shown = page.inspector.node._forms["picture_backbone"].fields["backbone"]  # noqa: SLF001
    assert shown.shown.text() == "none chosen"
    QTest.mouseClick(shown.button, Qt.MouseButton.LeftButton)
    dialog = page.findChild(FileDialog)
    assert dialog is not None
    dialog.fileSelected.emit(str(tmp_path))
    dialog.close()
    qtbot.waitUntil(lambda: bool(network_of(studio)))
    assert asked == [str(tmp_path)]
    assert network_of(studio) == text_of("resnet")
    assert shown.shown.text() == known("resnet").name
    studio.document.undo_stack.undo()
    assert network_of(studio) == ""
    assert shown.shown.text() == "none chosen"


def test_what_is_wrong_with_a_folder_is_said_and_nothing_changes(
    page, studio, qtbot, monkeypatch, tmp_path
):
    def strange(_path) -> str:
        raise refuse("config.json is not as expected.", "Choose another folder.")

    monkeypatch.setattr(jobs, "read_backbone", strange)
    said = []
    studio.navigation.said.connect(said.append)
    page.backbones.take(NODE, "backbone", tmp_path)
    qtbot.waitUntil(lambda: bool(said))
    assert "config.json is not as expected." in said[0].text
    assert network_of(studio) == ""
