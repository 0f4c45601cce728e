"""The notes under the cards: which ones show their words, so that none covers another."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtWidgets import QGraphicsScene

from studio.ui.canvas.faces import Face
from studio.ui.canvas.note_item import WORDS_LEAST, NoteItem, readable_scale
from studio.ui.canvas.style import CanvasStyle

MOST_OPEN = 40


class Notes(Mapping[str, NoteItem]):
    """One note for each node that has a Problem."""

    def __init__(self, scene: QGraphicsScene) -> None:
        self._scene = scene
        self._items: dict[str, NoteItem] = {}
        self._zoom = 1.0

    def __getitem__(self, node_id: str) -> NoteItem:
        return self._items[node_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def show_face(self, node_id: str, face: Face, style: CanvasStyle) -> None:
        """Shows the Problem of a card, or takes the note away."""
        if face.problem is None:
            self.drop(node_id)
            return
        note = self._items.get(node_id)
        if note is None:
            note = NoteItem(node_id, face.problem, face.more_problems, style)
            self._items[node_id] = note
            self._scene.addItem(note)
        else:
            note.show_problem(face.problem, face.more_problems)

    def drop(self, node_id: str) -> None:
        """Takes a note away."""
        note = self._items.pop(node_id, None)
        if note is not None:
            self._scene.removeItem(note)

    def place(self, node_id: str, card: QRectF) -> None:
        """Puts a note under its card, or a mark at the card's corner."""
        note = self._items.get(node_id)
        if note is not None:
            note.stand_at(card)

    def show_zoom(self, zoom: float) -> None:
        """Takes in how large the scene is seen; `settle` shows it."""
        self._zoom = zoom

    def settle(self, card_of: Callable[[str], QRectF], first: Iterable[str]) -> None:
        """Opens every note that covers no other; the others show a mark.

        Those of `first` come first, then errors, then as one reads.
        """
        chosen, taken = set(first), list[QRectF]()
        feet = {node_id: card_of(node_id).bottomLeft() for node_id in self._items}

        def order(node_id: str) -> tuple[bool, bool, float, float]:
            is_error = self._items[node_id].problem.is_error
            return node_id not in chosen, not is_error, feet[node_id].x(), feet[node_id].y()

        for node_id in sorted(self._items, key=order):
            note = self._items[node_id]
            if self._zoom < WORDS_LEAST or len(taken) >= MOST_OPEN:
                note.close(self._zoom)
                continue
            area = QRectF(feet[node_id], self._seen_size(note))
            if not any(area.intersects(other) for other in taken):
                taken.append(area)
                note.open(self._zoom)
            else:
                note.close(self._zoom)

    def _seen_size(self, note: NoteItem) -> QSizeF:
        return note.words_size * readable_scale(self._zoom)
