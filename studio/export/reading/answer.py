"""Answer: what the child process is asked and says, as plain values in a file."""

from dataclasses import dataclass
from typing import Literal

from studio.core.design.graph import Graph
from studio.core.design.graph_json import graph_from_json, graph_to_json
from studio.core.design.imported import Imported
from studio.core.plain import dump, from_plain, object_of, parse, to_plain
from studio.core.problems import Place, Problem, Severity, StudioError
from studio.core.shapes import Shape
from studio.core.words import tr

Kind = Literal["python", "program"]


@dataclass(frozen=True, slots=True)
class Row:
    """What one row of the data is at an input: its sizes, and how many categories; 0: numbers."""

    shape: Shape
    categories: int = 0


@dataclass(frozen=True, slots=True)
class Order:
    """What the child is asked: the file, which network in it, and what the data are like."""

    file: str
    kind: Kind
    answer: str
    name: str = ""
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """A Problem as it crosses over."""

    message: str
    hint: str = ""
    node: str = ""
    code: str = ""
    detail: str = ""
    severity: Severity = Severity.ERROR

    def problem(self) -> Problem:
        """As a Problem, at its node or in the file."""
        place = Place("node", self.node) if self.node else Place("file")
        return Problem(
            self.message, self.hint, self.severity, place, code=self.code, detail=self.detail
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """What the child says beside the graph; `trouble` where nothing came of it."""

    trouble: Told | None = None
    problems: tuple[Told, ...] = ()
    name: str = ""
    known: int = 0
    steps: int = 0
    sizes: tuple[Shape, ...] = ()
    are_guessed: bool = False
    choices: tuple[str, ...] = ()


def told(problem: Problem) -> Told:
    """A Problem, ready to cross over."""
    key = problem.place.key if problem.place.kind == "node" else ""
    return Told(problem.message, problem.hint, key, problem.code, problem.detail, problem.severity)


def written(answer: Answer, graph: Graph) -> bytes:
    """The answer and the graph as they stand in their file."""
    return dump({"said": to_plain(answer), "graph": graph_to_json(graph)})


def read(data: bytes, file: str) -> Imported:
    """What stands in these bytes, read as strictly as a file that somebody sent.

    StudioError with the trouble where nothing came of the file called `file`.
    """
    what = tr("What the other process said")
    parts = object_of(parse(data, what), what, frozenset({"said", "graph"}))
    answer = from_plain(Answer, parts["said"], what)
    if answer.trouble is not None:
        raise StudioError(answer.trouble.problem())
    return Imported(
        graph=graph_from_json(parts["graph"]),
        problems=tuple(one.problem() for one in answer.problems),
        file=file,
        name=answer.name,
        known=answer.known,
        steps=answer.steps,
        sizes=answer.sizes,
        are_guessed=answer.are_guessed,
        choices=answer.choices,
    )


def order_of(data: bytes) -> Order:
    """The order in these bytes."""
    what = tr("The order")
    return from_plain(Order, parse(data, what), what)
