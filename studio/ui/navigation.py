"""Navigation: how one part of the window asks for another, and says something to the person."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QObject, Signal

from studio.core.problems import Place, Problem

PageKey = Literal["start", "data", "model", "train", "evaluate", "export"]
NoticeTone = Literal["good", "accent", "attention", "problem"]

_PAGE_OF_PLACE: dict[str, PageKey] = {
    "data": "data",
    "file": "data",
    "column": "data",
    "node": "model",
    "edge": "model",
    "project": "model",
    "field": "train",
    "run": "train",
    "recipe": "data",
    "augmentation": "data",
}
# Fields that stand on the page of the data; all others are settings of the training.
_DATA_FIELDS = frozenset(
    {"target", "split", "time", "group", "window", "horizon", "stride", "purpose", "query"}
)
PROBLEM = "problem"  # the key under which say_problem speaks


@dataclass(frozen=True, slots=True)
class Answer:
    """One button of a notice."""

    words: str
    act: Callable[[], object]
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence above the page, with answers. One with the same key takes its place."""

    text: str
    tone: NoticeTone = "accent"
    answers: tuple[Answer, ...] = ()
    key: str = ""
    detail: str = ""


class Navigation(QObject):
    """Wishes of the parts of the window; the window fulfils them.

    Signals:
        page_wanted(key): a page is to be shown.
        place_wanted(place): the place of a Problem is to be shown, chosen and in sight.
        said(notice): a Notice for the person.
        unsaid(key): the notices with that key no longer hold.
    """

    page_wanted = Signal(str)
    place_wanted = Signal(object)
    said = Signal(object)
    unsaid = Signal(str)

    def go_to(self, page: PageKey) -> None:
        """Shows a page."""
        self.page_wanted.emit(page)

    def show_place(self, place: Place) -> None:
        """Shows the page of a place; the page then finds the place itself."""
        is_data_field = place.kind == "field" and place.key in _DATA_FIELDS
        self.page_wanted.emit("data" if is_data_field else _PAGE_OF_PLACE[place.kind])
        self.place_wanted.emit(place)

    def say(
        self,
        text: str,
        tone: NoticeTone = "accent",
        answers: tuple[Answer, ...] = (),
        *,
        key: str = "",
        detail: str = "",
    ) -> None:
        """Says something above the page, until it is answered or closed."""
        self.said.emit(Notice(text, tone, answers, key, detail))

    def say_problem(self, problem: Problem) -> None:
        """Says what went wrong and how to put it right."""
        self.said.emit(Notice(str(problem), "problem", key=PROBLEM, detail=problem.detail))

    def unsay(self, key: str) -> None:
        """Takes back what was said under a key."""
        self.unsaid.emit(key)
