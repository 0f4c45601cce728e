"""The real program, with a window through which its screen can be looked at, never touched.

    python tests/benchmarks/story_window.py SOCKET [FILE ...]

SOCKET is the number of an open socket. Each line that comes in is a question in JSON, a word and
what it is about; each line that goes out is the answer: an area of the screen as left, top, width
and height, a value, or null for what is not in sight. Nothing here changes anything.
"""

import json
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from PySide6.QtCore import QObject, QRect, QRectF, Signal, Slot  # noqa: E402
from PySide6.QtWidgets import (  # noqa: E402
    QAbstractButton,
    QApplication,
    QListView,
    QMenu,
    QWidget,
)

from studio.core.design.graph import Edge  # noqa: E402
from studio.ui.canvas.geometry import Port  # noqa: E402
from studio.ui.layer_rows import ROW  # noqa: E402
from studio.ui.main_window import MainWindow  # noqa: E402
from studio.ui.rail import StageButton  # noqa: E402

Area = tuple[int, int, int, int]


class Looker:
    """Says where on the screen something is, and what a person would read there."""

    def __init__(self, window: MainWindow) -> None:
        self.window, self.context = window, window.context
        self.known: Mapping[str, Callable[..., object]] = {
            "widget": self.widget,
            "button": self.button,
            "field": self.field,
            "layer": self.layer,
            "offer": self.offer,
            "menu": self.menu,
            "node": self.node,
            "port": self.port,
            "wire": self.wire,
            "fix": self.fix,
            "state": self.state,
        }

    def widget(self, name: str) -> Area | None:
        """A part of the window that is in sight, by its stable name."""
        return _first(_on_screen(w) for w in _visible(QWidget) if w.objectName() == name)

    def button(self, words: str) -> Area | None:
        """A button that can be pressed, by its words; the rail has names for its own."""
        buttons = (b for b in _visible(QAbstractButton) if not isinstance(b, StageButton))
        pressable = (button for button in buttons if button.isEnabled())
        return _first(_on_screen(b) for b in pressable if b.text() == words)

    def field(self, key: str) -> Area | None:
        """Where the value of a setting is typed."""
        fields = (w for w in _visible(QWidget) if w.objectName() == f"field.{key}")
        editors = (field.focusProxy() for field in fields)
        return _first(_on_screen(editor) for editor in editors if editor is not None)

    def layer(self, key: str) -> Area | None:
        """A row of the palette; one that is scrolled away is not in sight."""
        return _row(_found_list("palette.layers"), key)

    def offer(self, key: str) -> Area | None:
        """A row of the quick-add box."""
        box = next((w for w in _visible(QWidget) if w.objectName() == "quick_add"), None)
        return _row(box.findChild(QListView), key) if box is not None else None

    def menu(self, name: str) -> Area | None:
        """A row of the menu that is open."""
        for menu in _visible(QMenu):
            for action in menu.actions():
                if action.objectName() == name and action.isEnabled():
                    return _moved(menu.actionGeometry(action), menu)
        return None

    def node(self, layer: str) -> Area | None:
        """The card of the first layer of that kind."""
        item = self._item(layer)
        return self._area(item.card.translated(item.pos())) if item is not None else None

    def port(self, layer: str, side: str) -> Area | None:
        """A port of that card: its first input, or its output."""
        item = self._item(layer)
        if item is None:
            return None
        where = item.point_of(Port(item.node_id, side))  # type: ignore[arg-type]
        return self._area(QRectF(where.x() - 4, where.y() - 4, 8, 8))

    def wire(self, source: str, target: str) -> Area | None:
        """The middle of the wire between two layers."""
        ends = self._id(source), self._id(target)
        items = self._canvas.picture.edge_items
        if None in ends or (edge := Edge(*ends)) not in items:  # type: ignore[arg-type]
            return None
        middle = items[edge].path().pointAtPercent(0.5)
        return self._area(QRectF(middle.x() - 2, middle.y() - 2, 4, 4))

    def fix(self, layer: str) -> Area | None:
        """The fix that the note under a card offers."""
        note = self._canvas.picture.notes.get(self._id(layer) or "")
        return self._area(note.link) if note is not None and not note.link.isEmpty() else None

    def state(self) -> dict[str, object]:
        """What can be read in the window as it is now."""
        project, report = self.context.document.project, self.context.document.report
        graph, focus = project.graph, QApplication.focusWidget()
        page = self.window.shown_page
        records = self.context.past.records
        return {
            "page": page,
            "is_open": self.context.files.is_open,
            "is_busy": self.context.background.is_busy,
            "focus": focus.objectName() if focus is not None else None,
            "focus_words": focus.accessibleName() if focus is not None else None,
            "layers": [graph.nodes[node_id].layer for node_id in graph.order()],
            "wires": len(graph.edges),
            "chosen": [graph.nodes[i].layer for i in self.context.selection.nodes],
            "params": {node.layer: dict(node.params) for node in graph.nodes.values()},
            "problems": [problem.message for problem in report.problems],
            "can_train": report.can_train,
            "is_running": self.context.runs.is_running,
            "outcome": records[-1].outcome if records else "",
            "figures": dict(records[-1].figures) if records else {},
            "is_looked_at": page == "model" and self._stage.look.found is not None,
        }

    @property
    def _stage(self):
        return self.window.page("model").stage

    @property
    def _canvas(self):
        return self._stage.canvas

    def _id(self, layer: str) -> str | None:
        nodes = self.context.document.project.graph.nodes
        return next((i for i, node in nodes.items() if node.layer == layer), None)

    def _item(self, layer: str):
        return self._canvas.picture.node_items.get(self._id(layer) or "")

    def _area(self, area: QRectF) -> Area | None:
        """An area of the drawing on the screen; None where it is not on the canvas."""
        place = self._canvas.on_canvas(area)
        ground = self._canvas
        is_seen = ground.isVisible() and ground.rect().intersects(place)
        return _moved(place, ground) if is_seen else None


class Answering(QObject):
    """Reads questions on a thread of its own and answers them on that of the window."""

    asked = Signal(str)

    def __init__(self, line: socket.socket) -> None:
        super().__init__()
        self._line = line
        self._looker: Looker | None = None
        self.asked.connect(self._on_asked)

    def listen(self) -> None:
        """Until the other end is closed."""
        for question in self._line.makefile("r"):
            self.asked.emit(question)

    @Slot(str)
    def _on_asked(self, question: str) -> None:
        word, *about = json.loads(question)
        looker = self._found()
        answer = looker.known[word](*about) if looker is not None else None
        self._line.sendall(json.dumps(answer).encode() + b"\n")

    def _found(self) -> Looker | None:
        if self._looker is None:
            shown = (w for w in QApplication.topLevelWidgets() if w.isVisible())
            window = next((w for w in shown if isinstance(w, MainWindow)), None)
            self._looker = Looker(window) if window is not None else None
        return self._looker


def _visible(kind: type) -> Iterator:
    return (w for w in QApplication.allWidgets() if isinstance(w, kind) and w.isVisible())


def _first(areas: Iterator[Area | None]) -> Area | None:
    return next((area for area in areas if area is not None), None)


def _found_list(name: str) -> QListView | None:
    return next((w for w in _visible(QListView) if w.objectName() == name), None)


def _row(rows: QListView | None, key: str) -> Area | None:
    for number in range(rows.model().rowCount()) if rows is not None else ():
        index = rows.model().index(number, 0)
        area = rows.visualRect(index)
        is_seen = not rows.isRowHidden(number) and rows.viewport().rect().contains(area.center())
        if index.data(ROW).key == key and is_seen:
            return _moved(area, rows.viewport())
    return None


def _on_screen(widget: QWidget) -> Area | None:
    """What its parents show of it."""
    seen = QRect(widget.mapToGlobal(widget.rect().topLeft()), widget.size())
    above = widget.parentWidget()
    while above is not None and not widget.isWindow():
        seen &= QRect(above.mapToGlobal(above.rect().topLeft()), above.size())
        above = above.parentWidget() if not above.isWindow() else None
    return (seen.x(), seen.y(), seen.width(), seen.height()) if not seen.isEmpty() else None


def _moved(area: QRect, ground: QWidget) -> Area:
    place = area.translated(ground.mapToGlobal(area.topLeft()) - area.topLeft())
    return place.x(), place.y(), place.width(), place.height()


def main() -> int:
    """Runs the program as `python -m studio` does."""
    number, *paths = sys.argv[1:]
    line = socket.socket(fileno=int(number))
    answering = Answering(line)
    threading.Thread(target=answering.listen, daemon=True).start()
    sys.argv[1:] = paths
    from studio.__main__ import main as studio_main

    return studio_main(paths)


if __name__ == "__main__":
    raise SystemExit(main())
