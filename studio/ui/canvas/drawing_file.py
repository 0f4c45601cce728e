"""The drawing as a picture: SVG, whose words stay words, or PNG at twice life size."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QGraphicsItem

from studio.ui.canvas.pointing import PointedCanvas
from studio.ui.canvas.scene import CanvasScene
from studio.ui.theme import FAMILIES

MARGIN = 24.0
SHARPNESS = 2.0
MOST_PIXELS = 80_000_000  # of a PNG: 320 megabytes while it is made
LONGEST_SIDE = 32_000
# Where the file is looked at there may be neither of the program's own typefaces.
_OWN = ",".join(FAMILIES)
_FONTS = f'"{_OWN}"'.encode(), f'"{_OWN},Arial,Helvetica,sans-serif"'.encode()


def svg_of(canvas: PointedCanvas, title: str) -> bytes:
    """The whole drawing as an SVG file, in the colours of the theme in use."""
    area = _area(canvas.picture)
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(area.size().toSize())
    generator.setViewBox(QRectF(0.0, 0.0, area.width(), area.height()))
    generator.setTitle(title)
    painter = QPainter(generator)
    _render(canvas, painter, area, area.size())
    painter.end()
    return bytes(data.data()).replace(*_FONTS)


def png_of(canvas: PointedCanvas, _title: str) -> bytes:
    """The whole drawing as a PNG file; a very large one is less sharp."""
    area = _area(canvas.picture)
    size = (area.size() * sharpness_of(area.size())).toSize()
    image = QImage(size.expandedTo(QSize(1, 1)), QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _render(canvas, painter, area, QSizeF(image.size()))
    painter.end()
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(data.data())


PICTURES: Mapping[str, Callable[[PointedCanvas, str], bytes]] = {".svg": svg_of, ".png": png_of}


def sharpness_of(size: QSizeF) -> float:
    """How many pixels a unit of the scene gets, so that the picture can be made at all."""
    by_area = (MOST_PIXELS / max(size.width() * size.height(), 1.0)) ** 0.5
    by_side = LONGEST_SIDE / max(size.width(), size.height(), 1.0)
    return float(min(SHARPNESS, by_area, by_side))


def _area(picture: CanvasScene) -> QRectF:
    return picture.content().adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)


def _render(canvas: PointedCanvas, painter: QPainter, area: QRectF, size: QSizeF) -> None:
    target = QRectF(0.0, 0.0, size.width(), size.height())
    painter.fillRect(target, canvas.picture.style_in_use.canvas)
    with _plain(canvas):
        canvas.picture.render(painter, target, area, Qt.AspectRatioMode.IgnoreAspectRatio)


@contextmanager
def _plain(canvas: PointedCanvas) -> Iterator[None]:
    """Every card with its words, nothing selected, and none painted from a kept picture."""
    picture, no_cache = canvas.picture, QGraphicsItem.CacheMode.NoCache
    picture.stop_moving()
    edges, remarks = picture.chosen_edges, picture.remarks.chosen
    picture.choose_edges(())
    picture.remarks.choose(())
    cards = picture.cards_chosen()
    for card in cards:
        picture.node_items[card].choose(False)
    picture.frames.choose(frozenset())
    picture.show_zoom(1.0)
    cached = [(item, item.cacheMode()) for item in picture.items() if item.cacheMode() != no_cache]
    for item, _mode in cached:
        item.setCacheMode(no_cache)
    try:
        yield
    finally:
        for item, mode in cached:
            item.setCacheMode(mode)
        picture.show_zoom(canvas.zoom)
        for card in cards:
            picture.node_items[card].choose(True)
        picture.frames.choose(canvas.selection.nodes)
        picture.choose_edges(edges)
        picture.remarks.choose(remarks)
