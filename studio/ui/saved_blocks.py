"""SavedBlocks: the blocks that a person keeps in the palette, each a file in a folder of theirs."""

import re
from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from studio.core.design.block_files import SUFFIX, name_of, read_block, write_block
from studio.core.design.graph import Graph
from studio.core.problems import Place, Problem, StudioError, refuse
from studio.core.words import tr
from studio.ui.folders import preferences_folder

FOLDER = "blocks"
MOST = 200  # files that are read


class SavedBlocks(QObject):
    """The saved blocks by the names of their files. The folder is made with the first one.

    Signals:
        changed(): other blocks are there.
    """

    changed = Signal()

    def __init__(self, folder: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = folder or preferences_folder() / FOLDER
        self._blocks: dict[str, Graph] = {}
        self.problems: tuple[Problem, ...] = ()
        self._read()

    @property
    def blocks(self) -> Mapping[str, Graph]:
        """Each block as a graph of its own."""
        return self._blocks

    def save(self, part: Graph) -> None:
        """Keeps a block; one of the same name is replaced. StudioError where it cannot be."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as reason:
            raise refuse(
                tr("The folder of blocks, {path}, cannot be made.", path=self._folder),
                tr("See that nothing else has its name, and that you may write there."),
                place=Place("file", str(self._folder)),
                code="cannot-write",
                detail=str(reason),
            ) from None
        write_block(part, self._folder / f"{file_name(name_of(part))}{SUFFIX}")
        self._read()
        self.changed.emit()

    def forget(self, key: str) -> None:
        """Takes a block out of the palette for good."""
        (self._folder / f"{key}{SUFFIX}").unlink(missing_ok=True)
        self._read()
        self.changed.emit()

    def _read(self) -> None:
        """All that can be read; what cannot is told in `problems` and left where it is."""
        found: dict[str, Graph] = {}
        problems: list[Problem] = []
        paths = sorted(self._folder.glob(f"*{SUFFIX}")) if self._folder.is_dir() else []
        for path in paths[:MOST]:
            try:
                found[path.stem] = read_block(path)
            except StudioError as error:
                problems.append(error.problem)
        self._blocks, self.problems = found, tuple(problems)


def file_name(name: str) -> str:
    """A name as a file may be called."""
    return re.sub(r"[^\w \-]", "_", name).strip()[:80] or "block"
