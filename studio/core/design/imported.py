"""Imported: a drawing that was read out of code, and what is to be said of it."""

from dataclasses import dataclass, field

from studio.core.design.graph import Graph
from studio.core.problems import Problem
from studio.core.shapes import Shape

CODE, PROGRAM = ".py", ".pt2"


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of a file.

    `name` is that of the network in it; `steps` counts its calls and `known` those that were
    drawn. `sizes` are those of one row at each input, where it was run; `are_guessed` where
    neither file nor data told them. `is_own` marks a file that Studio wrote: then the Problems
    tell what was edited in it since. Where the file holds several networks, `choices` are their
    names and nothing is drawn yet.
    """

    graph: Graph = field(default_factory=Graph)
    problems: tuple[Problem, ...] = ()
    file: str = ""
    name: str = ""
    known: int = 0
    steps: int = 0
    sizes: tuple[Shape, ...] = ()
    are_guessed: bool = False
    is_own: bool = False
    choices: tuple[str, ...] = ()
