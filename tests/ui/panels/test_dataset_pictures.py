"""Pictures by class, read in chunks."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from studio.core.design.dataset import ImagePreview
from studio.ui.panels.thumbnail_model import CHUNK, SIDE, ThumbnailModel, rounds_before
from studio.ui.panels.thumbnails import Thumbnails
from studio.ui.sample_words import looking_words, readable_words, recognized_words
from studio.ui.status_bar import data_words
from studio.ui.theme import SPACE_1
from tests.ui.panels.datasets import pictures, table


def preview(labels):
    pixels = tuple(bytes([i * 20] * 16) for i in range(len(labels)))
    return ImagePreview(
        4, 4, 1, pixels, tuple(labels), tuple(f"{i}.png" for i in range(len(labels)))
    )


def labels_of(model):
    return [model.index(i).data() for i in range(model.rowCount())]


def test_pictures_of_one_class_are_found_by_their_rounds():
    # a b c, a c, a: six pictures of three classes
    assert [rounds_before((3, 1, 2), n) for n in range(5)] == [0, 3, 5, 6, 6]


def test_all_pictures_are_read_by_the_chunk(qtbot):
    model = ThumbnailModel()
    model.show(pictures((200, 100)))
    assert model.rowCount() == 300
    with qtbot.waitSignal(model.chunk_wanted):
        assert model.index(150).data() is None
    assert (model.wanted.start, model.wanted.rows, model.wanted.label) == (CHUNK, CHUNK, "")


def test_a_class_alone_shows_only_its_own(qtbot):
    model = ThumbnailModel()
    model.show(pictures((3, 1, 2)))
    model.filter("c")
    assert model.rowCount() == 2
    assert model.index(0).data() is None
    wanted = model.wanted
    assert (wanted.start, wanted.rows) == (0, 6)
    model.take(wanted, preview("abcaca"))
    assert labels_of(model) == ["c", "c"]
    assert model.index(1).data(Qt.ItemDataRole.ToolTipRole) == "c, 4.png"
    picture = model.index(0).data(Qt.ItemDataRole.DecorationRole)
    assert picture.deviceIndependentSize().toSize().width() == SIDE


def test_an_answer_for_another_class_is_dropped(qtbot):
    model = ThumbnailModel()
    model.show(pictures())
    model.index(0).data()
    late = model.wanted
    model.filter("a")
    model.take(late, preview("abcaca"))
    assert model.index(0).data() is None


def test_the_list_of_classes_filters(qtbot):
    view = Thumbnails()
    qtbot.addWidget(view)
    view.show_dataset(pictures())
    said = [view.classes.item(i).data(Qt.ItemDataRole.AccessibleTextRole) for i in range(4)]
    assert said == ["All classes, 6 images", "a, 3 images", "b, 1 image", "c, 2 images"]
    view.classes.setCurrentRow(2)
    assert view.model.label == "b"
    view.show_dataset(pictures((5, 5)))
    assert view.model.label == ""
    assert view.classes.count() == 3


def test_it_is_painted(qtbot):
    view = Thumbnails()
    qtbot.addWidget(view)
    view.resize(600, 300)
    view.show_dataset(pictures())
    view.grab()
    view.model.take(view.model.wanted, preview("abcaca"))
    before = view.grab().toImage()
    view.classes.setCurrentRow(1)
    assert view.grab().toImage() != before


@pytest.mark.parametrize("width", range(300, 1200, 37))
def test_tiles_fill_the_width_whatever_it_is(qtbot, width):
    """No empty column behind the last: what is left over is less than one tile."""
    view = Thumbnails()
    qtbot.addWidget(view)
    view.show_dataset(pictures((100, 100)))
    gallery = view.pictures
    view.resize(width, 400)
    with qtbot.waitExposed(view):
        view.show()
    gallery.doItemsLayout()
    cells = [gallery.visualRect(gallery.model().index(row, 0)) for row in range(60)]
    first_row = [cell for cell in cells if cell.top() == cells[0].top()]
    behind = gallery.viewport().width() - first_row[-1].right()
    least = SIDE + 2 * SPACE_1
    assert behind < len(first_row) + 3 * SPACE_1
    assert len(first_row) == (gallery.viewport().width() - 2 * SPACE_1) // (least + SPACE_1)


def test_what_is_looked_at_is_called_by_its_name():
    assert looking_words(table()) == "Looking at all rows…"
    assert looking_words(pictures()) == "Looking at all images…"


def test_what_cannot_be_read_is_not_counted_among_what_can():
    spec = pictures((3, 1, 2))
    columns = tuple(
        replace(column, missing=2) if column.kind == "image" else column
        for column in spec.summary.columns
    )
    broken = replace(spec, summary=replace(spec.summary, columns=columns))
    assert readable_words(spec) == "6 images"
    assert readable_words(broken) == "4 images (2 cannot be read)"
    assert "4 images (2 cannot be read)" in recognized_words(broken)
    assert "4 images (2 cannot be read)" in data_words(broken)


def test_what_cannot_be_read_has_no_place_in_the_gallery(qtbot):
    dataset = pictures((3, 1, 2))  # of nine files: three cannot be read
    summary = dataset.summary
    [picture] = [c for c in summary.columns if c.kind == "image"]
    left = replace(picture, missing=3, unread=(0, 4, 8))
    columns = tuple(left if c is picture else c for c in summary.columns)
    dataset = replace(dataset, summary=replace(summary, rows=9, columns=columns))
    view = Thumbnails()
    qtbot.addWidget(view)
    view.show_dataset(dataset)
    assert view.model.rowCount() == 6
    every = view.classes.item(0)
    assert every.data(Qt.ItemDataRole.AccessibleTextRole) == "All classes, 6 images"
    assert every.toolTip() == "6 images (3 cannot be read)"
