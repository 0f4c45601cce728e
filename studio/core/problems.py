"""Problem: something a person can put right, as a value; and the exception that carries one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

PlaceKind = Literal[
    "project", "data", "file", "column", "node", "edge", "field", "run", "recipe", "augmentation"
]


class Severity(StrEnum):
    """How much a Problem stands in the way."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a Problem is: a node's id, a column's name, a field's key, a path, a step's number."""

    kind: PlaceKind = "project"
    key: str = ""

    def __str__(self) -> str:
        return f"{self.kind} {self.key}" if self.key else self.kind


@dataclass(frozen=True, slots=True)
class Fix:
    """An edit that would put the Problem right, as data: `design.fixes.apply_fix` performs it.

    `key` names the edit (one of `design.fixes.FIXES`), `label` is the words on the button.
    """

    key: str
    label: str
    arguments: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Problem:
    """What happened and what was expected (`message`), and how to fix it (`hint`).

    `code` is a stable word for tests and scripts; `detail` is for experts (a traceback).
    """

    message: str
    hint: str = ""
    severity: Severity = Severity.ERROR
    place: Place = Place()
    code: str = ""
    fix: Fix | None = None
    detail: str = ""

    @property
    def is_error(self) -> bool:
        """True where the Problem forbids training."""
        return self.severity is Severity.ERROR

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()

    def as_json(self) -> dict[str, object]:
        """Plain values for `--json`."""
        return {
            "severity": self.severity.value,
            "place": {"kind": self.place.kind, "key": self.place.key},
            "code": self.code,
            "message": self.message,
            "hint": self.hint,
            "fix": self.fix.label if self.fix else None,
        }


class StudioError(Exception):
    """Trouble on the way that a person can put right; `problem` says how."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def refuse(
    message: str, hint: str = "", *, place: Place | None = None, code: str = "", detail: str = ""
) -> StudioError:
    """The StudioError to raise for one Problem of severity error."""
    return StudioError(Problem(message, hint, place=place or Place(), code=code, detail=detail))
