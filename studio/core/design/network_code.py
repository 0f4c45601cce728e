"""NetworkCode: the source of a drawing, and which of its lines belong to which node."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

Lines = Mapping[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class NetworkCode:
    """A network as Python.

    `text` is what a person reads; `carried` are the lines that a saved file has behind it, by
    which it comes back as the same drawing. `lines` holds for each node its lines, from 1.
    """

    text: str
    carried: str = ""
    lines: Lines = field(default_factory=lambda: MappingProxyType({}))

    @property
    def whole(self) -> str:
        """What a file holds."""
        return f"{self.text}{self.carried}"

    def node_at(self, line: int) -> str | None:
        """The node that a line belongs to."""
        return next((node_id for node_id, lines in self.lines.items() if line in lines), None)

    def lines_of(self, nodes: frozenset[str]) -> tuple[int, ...]:
        """The lines of these nodes, from the top."""
        return tuple(sorted(line for node_id in nodes for line in self.lines.get(node_id, ())))
