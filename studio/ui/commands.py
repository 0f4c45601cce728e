"""EditProject: the one undo command, two values of the project."""

from collections.abc import Callable
from typing import TypeAlias

from PySide6.QtGui import QUndoCommand
from typing_extensions import override

from studio.core.design.project import Project

Show: TypeAlias = Callable[[Project], None]

MERGING_ID = 1
NEVER_MERGED_ID = -1


class EditProject(QUndoCommand):
    """Shows `after`, and on undo `before`. Edits with the same merge key melt into one step."""

    def __init__(
        self, before: Project, after: Project, text: str, show: Show, merge_key: str = ""
    ) -> None:
        super().__init__(text)
        self._before = before
        self._show = show
        self.after, self.merge_key = after, merge_key

    @override
    def undo(self) -> None:
        self._show(self._before)

    @override
    def redo(self) -> None:
        self._show(self.after)

    @override
    def id(self) -> int:
        return MERGING_ID if self.merge_key else NEVER_MERGED_ID

    @override
    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, EditProject) or other.merge_key != self.merge_key:
            return False
        self.after = other.after
        self.setObsolete(self.after == self._before)
        return True
