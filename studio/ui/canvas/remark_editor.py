"""What a person can do to frames and notes, each as one undo step with its name."""

from collections.abc import Iterable

from studio.core.design.arranging import Box
from studio.core.design.block import Area, Remark, RemarkKind, Tint
from studio.core.design.graph import Graph
from studio.core.design.remarks import add_remark, change_remark, remove_remark
from studio.core.words import tr
from studio.ui.canvas.geometry import GRID, snapped
from studio.ui.document import Document

FRAME_SIZE, NOTE_SIZE = (440.0, 260.0), (220.0, 120.0)
FRAME_MARGIN, FRAME_HEAD = 20.0, 40.0


class RemarkEditor:
    """Hands the edits of remarks to the document. It looks at no item and draws nothing."""

    def __init__(self, document: Document) -> None:
        self._document = document

    @property
    def remarks(self) -> "dict[str, Remark]":
        """The remarks as they are now."""
        return dict(self._document.project.graph.remarks)

    def add_frame(self, around: Box | None, middle: tuple[float, float]) -> str:
        """Puts a frame around cards, or with its middle there; gives its id."""
        area = framing(around) if around is not None else _centred(middle, FRAME_SIZE)
        return self._add("frame", area, tr("Add a frame"))

    def add_note(self, middle: tuple[float, float]) -> str:
        """Puts a note with its middle there; gives its id."""
        return self._add("note", _centred(middle, NOTE_SIZE), tr("Add a note"))

    def write(self, remark_id: str, text: str) -> None:
        """Gives a remark other words."""
        graph = self._document.project.graph
        if remark_id in graph.remarks:
            self._apply(change_remark(graph, remark_id, text=text.strip()), tr("Write"))

    def resize(self, remark_id: str, area: Area) -> None:
        """Gives a remark another size."""
        graph = self._document.project.graph
        self._apply(change_remark(graph, remark_id, area=area), tr("Resize"))

    def tint(self, remark_ids: Iterable[str], color: Tint) -> None:
        """Gives remarks another colour."""
        graph = self._document.project.graph
        for remark_id in remark_ids:
            graph = change_remark(graph, remark_id, color=color)
        self._apply(graph, tr("Change the colour"))

    def delete(self, remark_ids: Iterable[str]) -> None:
        """Takes remarks away; what lies in a frame stays."""
        self._apply(remove_remark(self._document.project.graph, remark_ids), tr("Delete"))

    def _add(self, kind: RemarkKind, area: Area, words: str) -> str:
        graph, added = add_remark(self._document.project.graph, kind, area)
        self._apply(graph, words)
        return added

    def _apply(self, graph: Graph, words: str) -> None:
        self._document.end_merge()
        self._document.apply_to_graph(lambda _graph: graph, words)


def framing(box: Box) -> Area:
    """A frame around cards, on the grid, with room for its title."""
    left = (box.left - FRAME_MARGIN) // GRID * GRID
    top = (box.top - FRAME_HEAD) // GRID * GRID
    right = -((-box.right - FRAME_MARGIN) // GRID) * GRID
    bottom = -((-box.bottom - FRAME_MARGIN) // GRID) * GRID
    return left, top, right - left, bottom - top


def _centred(middle: tuple[float, float], size: tuple[float, float]) -> Area:
    left, top = snapped((middle[0] - size[0] / 2, middle[1] - size[1] / 2))
    return left, top, *size
