"""The drawing as a picture: whole, with its words and nothing selected; the canvas stays."""

from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QSizeF
from PySide6.QtGui import QImage

from studio.core.design.remarks import add_remark
from studio.ui.canvas.drawing_file import LONGEST_SIDE, MOST_PIXELS, png_of, sharpness_of, svg_of
from studio.ui.canvas.view import CanvasView
from studio.ui.document import Document
from studio.ui.selection import Selection
from studio.ui.theme import Theme

MARGINS = 48.0


def test_the_svg_holds_every_word(canvas: CanvasView, document: Document) -> None:
    area = (0.0, 400.0, 300.0, 120.0)
    document.apply_to_graph(lambda g: add_remark(g, "frame", area, "Eyes & <ears>")[0], "Add")
    canvas.zoom_to(0.15)  # so far away that the canvas itself shows no words
    svg = svg_of(canvas, "My network")
    tree = ElementTree.fromstring(svg)
    words = "".join(tree.itertext())
    for node in document.project.graph:
        assert node.name in words
    assert "Eyes & <ears>" in words
    assert "My network" in words
    assert b"sans-serif" in svg
    assert not list(tree.iter("{http://www.w3.org/2000/svg}image"))
    assert canvas.zoom == 0.15


def test_the_png_is_twice_life_size(canvas: CanvasView) -> None:
    image = QImage.fromData(png_of(canvas, ""))
    content = canvas.picture.content()
    assert image.width() == pytest.approx(2 * (content.width() + MARGINS), abs=2)
    assert image.height() == pytest.approx(2 * (content.height() + MARGINS), abs=2)
    assert image.pixelColor(2, 2) == Theme.current().color("canvas")


def test_what_is_selected_is_not_in_the_picture_but_still_selected(
    canvas: CanvasView, selection: Selection
) -> None:
    plain = png_of(canvas, "")
    selection.choose(("conv2d_1", "relu_1"))
    before = canvas.grab().toImage()
    assert png_of(canvas, "") == plain
    assert selection.nodes == {"conv2d_1", "relu_1"}
    assert canvas.grab().toImage() == before


def test_a_huge_drawing_can_be_made_at_all() -> None:
    assert sharpness_of(QSizeF(1000.0, 800.0)) == 2.0
    for size in (QSizeF(100_000.0, 500.0), QSizeF(40_000.0, 40_000.0)):
        share = sharpness_of(size)
        assert size.width() * share <= LONGEST_SIDE
        assert size.width() * size.height() * share**2 <= MOST_PIXELS * 1.001


def test_an_empty_network_makes_a_small_picture(canvas: CanvasView, document: Document) -> None:
    document.apply_to_graph(lambda graph: type(graph)(), "Clear")
    assert not QImage.fromData(png_of(canvas, "")).isNull()
    assert svg_of(canvas, "").startswith(b"<?xml")
