"""Problems of columns that are mended in the same way, gathered into one with one edit for all."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from studio.core.problems import Fix, Problem
from studio.core.words import tr

MOST_NAMED = 8


@dataclass(frozen=True, slots=True)
class Alike:
    """Two or more Problems of the same kind, each about another column."""

    problems: tuple[Problem, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The columns."""
        return tuple(problem.place.key for problem in self.problems)

    @property
    def message(self) -> str:
        """All of them in one sentence."""
        names = ", ".join(self.names[:MOST_NAMED])
        if len(self.names) > MOST_NAMED:
            names = tr("{names} and {count} more", names=names, count=len(self.names) - MOST_NAMED)
        count = len(self.names)
        if self.problems[0].code == "leakage":
            return tr(
                "{count} {count|column seems|columns seem} to give away what is to be learnt: "
                "{names}. A model that "
                "reads them looks better than it will be. What is only known afterwards is "
                "better ignored.",
                count=count,
                names=names,
            )
        return tr(
            "{count} {count|column has|columns have} the same problem: {names}.",
            count=count,
            names=names,
        )

    @property
    def fix(self) -> Fix:
        """The edit that mends them all, as one step of undo."""
        role = _role(self.problems[0])
        label = tr("Ignore all {count}", count=len(self.problems))
        return Fix("set_roles", label, {"columns": self.names, "role": role})


def gathered(problems: Iterable[Problem]) -> list[Problem | Alike]:
    """The Problems in their order; those alike stand where the first of them stood."""
    groups: dict[object, list[Problem]] = {}
    for number, problem in enumerate(problems):
        is_ignoring = problem.place.kind == "column" and _role(problem) == "ignore"
        key = (problem.code, problem.severity) if is_ignoring and problem.code else number
        groups.setdefault(key, []).append(problem)
    return [_one(group) for group in groups.values()]


def _one(group: Sequence[Problem]) -> Problem | Alike:
    return group[0] if len(group) == 1 else Alike(tuple(group))


def _role(problem: Problem) -> object:
    fix = problem.fix
    return fix.arguments.get("role") if fix is not None and fix.key == "set_role" else None
