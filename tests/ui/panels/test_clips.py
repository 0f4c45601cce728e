"""Clips play under the pointer, and only there."""

import pytest
from PySide6.QtCore import QEvent, QPoint
from PySide6.QtWidgets import QApplication

from studio.core.design.dataset import ColumnChoice, ColumnSummary, DatasetSpec, DatasetSummary
from studio.core.design.previews import ImagePreview, VideoPreview
from studio.ui.panels.thumbnails import Thumbnails


def clips(count=2, frames=4):
    columns = (
        ColumnSummary("clip", "video", "input", 0, count, shape=(1, 4, 4)),
        ColumnSummary("class", "category", "target", 0, 2, ("a", "b"), (1, 1)),
    )
    choices = tuple(ColumnChoice(c.name, c.kind, c.role) for c in columns)
    summary = DatasetSummary("video", count, columns)
    spec = DatasetSpec("files", "/somewhere/clips", columns=choices, summary=summary)
    pixels = tuple(bytes([n * 60] * 16) for n in range(frames))
    made = (ImagePreview(4, 4, 1, pixels, (x,) * frames, (f"{x}.mp4",) * frames) for x in "ab")
    return spec, VideoPreview(tuple(made))


@pytest.fixture
def view(qtbot, dressed):
    made = Thumbnails()
    qtbot.addWidget(made)
    made.resize(600, 300)
    spec, preview = clips()
    made.show_dataset(spec)
    with qtbot.waitExposed(made):
        made.show()
    qtbot.waitUntil(lambda: made.model.wanted is not None)
    made.model.take(made.model.wanted, preview)
    return made


def point_at(qtbot, view, row):
    place = view.pictures.visualRect(view.model.index(row)).center()
    qtbot.mouseMove(view.pictures.viewport(), place)


def test_a_clip_plays_under_the_pointer_until_it_is_left(qtbot, view):
    tiles = view.pictures.itemDelegate()
    still = view.pictures.grab().toImage()
    point_at(qtbot, view, 1)
    assert tiles.playing == 1
    qtbot.waitUntil(lambda: view.pictures.grab().toImage() != still)
    QApplication.sendEvent(view.pictures.viewport(), QEvent(QEvent.Type.Leave))
    assert tiles.playing == -1
    assert view.pictures.grab().toImage() == still


def test_nothing_plays_on_when_the_page_is_left(qtbot, view):
    point_at(qtbot, view, 0)
    assert view.pictures.itemDelegate().playing == 0
    view.leave()
    assert view.pictures.itemDelegate().playing == -1


def test_nothing_plays_where_no_motion_is_wanted(qtbot, view, dressed):
    dressed.has_motion = False
    point_at(qtbot, view, 0)
    assert view.pictures.itemDelegate().playing == -1


def test_each_clip_is_named_by_its_class(view):
    assert [view.model.index(n).data() for n in range(2)] == ["a", "b"]
    assert view.classes.isVisible()
    assert view.pictures.accessibleName() == "Clips"


def test_in_little_room_the_clips_have_it(qtbot, view):
    view.resize(400, 300)
    assert not view.classes.isVisible()
    assert view.pictures.indexAt(QPoint(20, 20)).isValid()
