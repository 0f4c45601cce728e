"""Budget: what a person allows the network to take, kept in the project; 0 allows any."""

from dataclasses import dataclass

from studio.core.plain import from_plain, to_plain
from studio.core.problems import Place, refuse
from studio.core.words import tr

MOST = 1e9


@dataclass(frozen=True, slots=True)
class Budget:
    """Milliseconds for one sample on this machine, megabytes for one sample and of the weights."""

    milliseconds: float = 0.0
    memory: float = 0.0
    size: float = 0.0

    @property
    def is_any(self) -> bool:
        """True where nothing is bounded."""
        return not (self.milliseconds or self.memory or self.size)


def budget_to_json(budget: Budget) -> dict[str, object]:
    """The key of a project file that holds it; none where nothing is bounded."""
    return {} if budget.is_any else {"budget": to_plain(budget)}


def budget_from_json(data: object) -> Budget:
    """The budget, or StudioError: unknown keys, no numbers, out of range."""
    budget = from_plain(Budget, data, tr("The budget"))
    for value in (budget.milliseconds, budget.memory, budget.size):
        if not 0 <= value <= MOST:
            raise refuse(
                tr(
                    "The budget holds {given}; each bound is a number from 0 to {most}.",
                    given=f"{value:g}",
                    most=f"{MOST:g}",
                ),
                tr("Correct it in the file, or restore the file from a copy."),
                place=Place("project"),
                code="wrong-value",
            )
    return budget
