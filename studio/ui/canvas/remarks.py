"""Frames and notes on the canvas: keeps their items equal to the Graph, and knows the chosen."""

from collections.abc import Iterable, Iterator, Mapping

from PySide6.QtCore import QObject, QPointF, QRectF, Signal
from PySide6.QtWidgets import QGraphicsScene

from studio.core.design.block import Area, Remark
from studio.core.design.graph import Graph
from studio.ui.canvas.remark_item import Corner, RemarkItem
from studio.ui.canvas.style import CanvasStyle


class Remarks(QObject):
    """One item for each remark.

    Signals:
        chosen_changed(): others are selected.
    """

    chosen_changed = Signal()

    def __init__(self, scene: QGraphicsScene) -> None:
        super().__init__(scene)
        self._scene = scene
        self._items: dict[str, RemarkItem] = {}
        self._chosen: frozenset[str] = frozenset()
        self._zoom = 1.0

    def __getitem__(self, remark_id: str) -> RemarkItem:
        return self._items[remark_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    @property
    def items(self) -> Mapping[str, RemarkItem]:
        """The item of each remark."""
        return self._items

    @property
    def chosen(self) -> frozenset[str]:
        """The selected ones."""
        return self._chosen

    @property
    def areas(self) -> Iterator[QRectF]:
        """What each takes in the scene."""
        return (item.area for item in self._items.values())

    def show(self, graph: Graph, style: CanvasStyle) -> None:
        """Shows the remarks of a graph, where it says that they are."""
        for gone in set(self._items) - set(graph.remarks):
            self._scene.removeItem(self._items.pop(gone))
        for remark in graph.remarks.values():
            self._show_one(remark, style)
        self.choose(self._chosen & set(graph.remarks))

    def choose(self, remark_ids: Iterable[str]) -> None:
        """Selects these and no others."""
        chosen = frozenset(remark_ids)
        if chosen == self._chosen:
            return
        for remark_id in chosen ^ self._chosen:
            if remark_id in self._items:
                self._items[remark_id].choose(remark_id in chosen)
        self._chosen = chosen
        self.chosen_changed.emit()

    def restyle(self, style: CanvasStyle) -> None:
        """Paints in another theme."""
        for item in self._items.values():
            item.restyle(style)

    def show_zoom(self, zoom: float) -> None:
        """Tells each how large it is seen."""
        self._zoom = zoom
        for item in self._items.values():
            item.show_zoom(zoom)

    def show_at(self, areas: Mapping[str, Area]) -> None:
        """Shows some elsewhere while they are dragged; the graph knows nothing of it."""
        for remark_id, area in areas.items():
            self._items[remark_id].show_area(area)

    def show_all_at_home(self) -> None:
        """Shows each where its remark says that it is."""
        self.show_at({i: item.remark.area for i, item in self._items.items()})

    def at(self, point: QPointF) -> str | None:
        """The remark that is grasped at a point of the scene."""
        return next((i for i in self._topmost() if self._items[i].is_at(point)), None)

    def corner_at(self, point: QPointF) -> tuple[str, Corner] | None:
        """The corner of a remark within reach of a point of the scene."""
        for remark_id in self._topmost():
            corner = self._items[remark_id].corner_at(point)
            if corner is not None:
                return remark_id, corner
        return None

    def within(self, area: QRectF) -> frozenset[str]:
        """The remarks that lie wholly in an area."""
        return frozenset(i for i, item in self._items.items() if area.contains(item.area))

    def with_held(self, remark_ids: Iterable[str]) -> frozenset[str]:
        """The remarks, and those that lie wholly in the frames among them."""
        frames = [self._items[i].area for i in self.frames_of(remark_ids)]
        return frozenset(remark_ids).union(*(self.within(area) for area in frames))

    def frames_of(self, remark_ids: Iterable[str]) -> tuple[str, ...]:
        """The frames among these remarks."""
        return tuple(i for i in remark_ids if self._items[i].remark.kind == "frame")

    def _topmost(self) -> list[str]:
        order = sorted(self._items, key=lambda i: self._items[i].zValue(), reverse=True)
        return sorted(order, key=lambda i: i not in self._chosen)

    def _show_one(self, remark: Remark, style: CanvasStyle) -> None:
        item = self._items.get(remark.id)
        if item is None:
            item = RemarkItem(remark, style)
            item.show_zoom(self._zoom)
            self._items[remark.id] = item
            self._scene.addItem(item)
        elif item.remark != remark or item.area != QRectF(*remark.area):
            item.show_remark(remark)
