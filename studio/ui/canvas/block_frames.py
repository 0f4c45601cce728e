"""Open blocks on the canvas: a titled frame around what is in each, and which are selected."""

from collections.abc import Callable, Collection, Iterator, Mapping

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF, QPainter, QPolygonF
from PySide6.QtWidgets import QGraphicsRectItem, QGraphicsScene, QStyleOptionGraphicsItem, QWidget
from typing_extensions import override

from studio.core.design.block import Area, Block
from studio.core.design.blocks import contents
from studio.core.design.frames import PADDING, TITLE, frame_areas
from studio.core.design.graph import Graph
from studio.core.design.shown import Shown
from studio.core.words import tr
from studio.ui.canvas.style import CanvasStyle

FRAME_Z = -1.0  # behind the edges, above frames that a person drew
RADIUS = 12.0
BASELINE = 24.0
FOLD_LEFT, FOLD_SIDE = 16.0, 9.0
FOLD_REACH = 14.0
TEXT_LEFT = 32.0
DROP = 6.0  # so far a title stands lower where it is twice as large, to stay in its frame
EDGE_REACH = 5.0
TITLE_LEAST, TITLE_MOST = 0.7, 2.0  # the size of a title on the screen, and in the scene


class BlockFrame(QGraphicsRectItem):
    """The frame of one open block. It is placed by `BlockFrames`."""

    def __init__(self, block: Block, style: CanvasStyle) -> None:
        super().__init__()
        self.block = block
        self._style = style
        self._is_chosen = False
        self._zoom = 1.0
        self._size = QRectF()
        self.show_block(block)

    @property
    def area(self) -> QRectF:
        """What it takes in the scene."""
        return self._size.translated(self.pos())

    @property
    def title_area(self) -> QRectF:
        """Where it is grasped, named and folded."""
        return QRectF(self.x(), self.y(), self._size.width(), TITLE - PADDING / 2)

    def show_block(self, block: Block) -> None:
        """Shows another name, colour or number of repeats."""
        self.block = block
        self._words = title_of(block)
        self.setToolTip(self._words)
        self.update()

    def show_area(self, area: Area) -> None:
        """Stands around what is in the block."""
        left, top, width, height = area
        size = QRectF(0.0, 0.0, width, height)
        if QPointF(left, top) != self.pos() or size != self._size:
            self.setPos(left, top)
            self._size = size
            self.setRect(size.adjusted(-2.0, -2.0, 2.0, 2.0))
            # A block inside another lies above it.
            self.setZValue(FRAME_Z + 1.0 / (1.0 + width * height))

    def restyle(self, style: CanvasStyle) -> None:
        """Paints in another theme."""
        self._style = style
        self.update()

    def choose(self, is_chosen: bool) -> None:
        """Shows whether all that is in it is selected."""
        if is_chosen != self._is_chosen:
            self._is_chosen = is_chosen
            self.update()

    def show_zoom(self, zoom: float) -> None:
        """Takes in how large it is seen."""
        self._zoom = zoom

    def is_at(self, point: QPointF) -> bool:
        """True where it is grasped: by its title or its edge, not by what lies inside."""
        if self.title_area.contains(point):
            return True
        reach = EDGE_REACH / self._zoom
        inner = self.area.adjusted(reach, reach, -reach, -reach)
        outer = self.area.adjusted(-reach, -reach, reach, reach)
        return outer.contains(point) and not inner.contains(point)

    def is_fold_at(self, point: QPointF) -> bool:
        """True over the mark that closes the block."""
        mark = self.pos() + QPointF(FOLD_LEFT + FOLD_SIDE / 2, BASELINE - FOLD_SIDE / 2)
        away = point - mark
        return max(abs(away.x()), abs(away.y())) <= FOLD_REACH

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        style, tint = self._style, self._style.tints[self.block.color]
        painter.setPen(style.chosen_pen if self._is_chosen else tint.line)
        painter.setBrush(tint.ground)
        painter.drawRoundedRect(self._size, RADIUS, RADIUS)
        painter.setPen(style.soft)
        painter.setBrush(style.soft.color())
        top = BASELINE - FOLD_SIDE + 1
        painter.drawPolygon(
            QPolygonF(
                [
                    QPointF(FOLD_LEFT, top),
                    QPointF(FOLD_LEFT + FOLD_SIDE, top),
                    QPointF(FOLD_LEFT + FOLD_SIDE / 2, top + FOLD_SIDE * 0.6),
                ]
            )
        )
        self._paint_title(painter)

    def _paint_title(self, painter: QPainter) -> None:
        """Readable from far away, as long as there is room."""
        style = self._style
        width = QFontMetricsF(style.title_font).horizontalAdvance(self._words)
        room = (self._size.width() - TEXT_LEFT - PADDING) / max(width, 1.0)
        scale = max(1.0, min(TITLE_LEAST / self._zoom, TITLE_MOST, room))
        painter.save()
        painter.translate(TEXT_LEFT, BASELINE + (scale - 1.0) * DROP)
        painter.scale(scale, scale)
        painter.setPen(style.text)
        painter.setFont(style.title_font)
        painter.drawText(QPointF(), self._words)
        painter.restore()


class BlockFrames(Mapping[str, BlockFrame]):
    """One frame for each open block that is drawn."""

    def __init__(self, scene: QGraphicsScene) -> None:
        self._scene = scene
        self._items: dict[str, BlockFrame] = {}
        self._graph, self._view = Graph(), Shown(Graph())
        self._zoom = 1.0

    def __getitem__(self, block_id: str) -> BlockFrame:
        return self._items[block_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    @property
    def areas(self) -> tuple[QRectF, ...]:
        """What the frames take."""
        return tuple(item.area for item in self._items.values())

    def show(self, graph: Graph, view: Shown, style: CanvasStyle) -> None:
        """Keeps the frames equal to the graph; `fit` places them."""
        self._graph, self._view = graph, view
        for block_id in [i for i in self._items if i not in view.frames]:
            self._scene.removeItem(self._items.pop(block_id))
        for block_id in view.frames:
            item = self._items.get(block_id)
            if item is None:
                item = self._items[block_id] = BlockFrame(graph.blocks[block_id], style)
                item.show_zoom(self._zoom)
                self._scene.addItem(item)
            elif item.block != graph.blocks[block_id]:
                item.show_block(graph.blocks[block_id])

    def fit(self, card_of: Callable[[str], QRectF]) -> None:
        """Puts each frame around its cards, where these are seen now."""
        for block_id, area in self._areas(card_of).items():
            self._items[block_id].show_area(area)

    def titles(self, card_of: Callable[[str], QRectF]) -> tuple[QRectF, ...]:
        """Where the titles are, for cards that stand there: edges pass beside them."""
        areas = self._areas(card_of).values()
        return tuple(QRectF(left, top, wide, TITLE) for left, top, wide, _high in areas)

    def areas_around(self, card_of: Callable[[str], QRectF]) -> tuple[QRectF, ...]:
        """What the frames take, for cards that stand there."""
        return tuple(QRectF(*area) for area in self._areas(card_of).values())

    def _areas(self, card_of: Callable[[str], QRectF]) -> dict[str, Area]:
        if not self._items:
            return {}

        def area_of(card: str) -> Area:
            area = card_of(card)
            return area.left(), area.top(), area.width(), area.height()

        return frame_areas(self._graph.blocks, self._view, area_of)

    def choose(self, nodes: Collection[str]) -> None:
        """Shows which blocks are selected whole."""
        for block_id, item in self._items.items():
            item.choose(bool(nodes) and set(contents(self._graph, block_id)) <= set(nodes))

    def restyle(self, style: CanvasStyle) -> None:
        """Paints in another theme."""
        for item in self._items.values():
            item.restyle(style)

    def show_zoom(self, zoom: float) -> None:
        """Takes in how large the scene is seen."""
        self._zoom = zoom
        for item in self._items.values():
            item.show_zoom(zoom)

    def at(self, point: QPointF) -> str | None:
        """The open block that is grasped at a point, the innermost of several."""
        hit = [i for i, item in self._items.items() if item.is_at(point)]
        return hit[-1] if hit else None

    def fold_at(self, point: QPointF) -> str | None:
        """The open block whose folding mark lies under a point."""
        return next((i for i, item in self._items.items() if item.is_fold_at(point)), None)


def title_of(block: Block) -> str:
    """What stands on the frame of a block."""
    if block.repeats == 1:
        return block.name
    return tr("{name} · repeated {times} times", name=block.name, times=block.repeats)
