"""What the outline asks of whoever holds the edits: the canvas's own, so that both do the same."""

from typing import Protocol

from studio.core.design.graph import Edge
from studio.core.problems import Problem


class OutlineEdits(Protocol):
    """Every edit is one undo step with its name; a place that is not given is found.

    Where a layer is placed, its key may be that of a block.
    """

    def place_after(self, layer: str, node_id: str) -> str:
        """Places a layer beside a node and wires it to what comes out of that."""

    def place_alone(self, layer: str) -> str:
        """Places a layer to the right of all, wired to nothing."""

    def place_behind(self, layer: str, node_id: str) -> str | None:
        """Puts a layer between a node and all that it feeds."""

    def replace(self, node_id: str, layer: str) -> object:
        """Puts another layer in the place of a node."""

    def swap(self, node_id: str, step: int) -> Problem | None:
        """A node changes places with the one before or behind it; else why it does not."""

    def connect(self, edge: Edge) -> None:
        """Draws a wire; the one that ended there goes."""

    def disconnect(self, edge: Edge) -> None:
        """Takes a wire away."""

    def rename(self, node_id: str, name: str) -> None:
        """Gives a node another name."""

    def delete_chosen(self, *, is_reconnected: bool = False) -> None:
        """Deletes what is selected."""

    def copy(self) -> None:
        """Puts what is selected on the clipboard."""

    def cut(self) -> None:
        """Moves what is selected to the clipboard."""

    def paste_aside(self) -> Problem | None:
        """Adds what is on the clipboard; a Problem where that is anything else."""

    def duplicate(self) -> None:
        """Adds what is selected a second time."""

    def choose_all(self) -> None:
        """Selects every node."""
