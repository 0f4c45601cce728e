"""SavedBlocks: the blocks that a person keeps in the palette, each a file in a folder of theirs."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from studio.core.design.block_files import SUFFIX, name_of, read_block, write_block
from studio.core.design.blocks import outermost
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

    def save(self, part: Graph, *, replaces: bool = True) -> str:
        """Keeps a block and gives the name it has now; StudioError where it cannot be kept.

        One of the same name is replaced; else, where it is another one, both are kept.
        """
        self._make_folder()
        part = part if replaces else self._named_apart(part)
        key = self._key_for(name_of(part))
        if key not in self._blocks and len(self._blocks) + len(self.problems) >= MOST:
            raise refuse(
                tr("There are {most} blocks in the palette, and no more fit.", most=MOST),
                tr("Take one out first: right-click it."),
                code="too-many-blocks",
            )
        write_block(part, self._folder / f"{key}{SUFFIX}")
        self._read()
        self.changed.emit()
        return name_of(part)

    def forget(self, key: str) -> None:
        """Takes a block out of the palette; StudioError where its file cannot be removed."""
        path = self._folder / f"{key}{SUFFIX}"
        try:
            path.unlink(missing_ok=True)
        except OSError as reason:
            raise refuse(
                tr("The block {name} cannot be removed: {reason}.", name=path.name, reason=reason),
                tr("See that you may write to its folder."),
                place=Place("file", str(path)),
                code="cannot-write",
            ) from None
        self._read()
        self.changed.emit()

    def _make_folder(self) -> None:
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

    def _named_apart(self, part: Graph) -> Graph:
        """The block, with a number behind its name where another one has that."""
        others = [one for one in self._blocks.values() if one != part]
        taken = {name_of(one) for one in others}
        block, number = part.blocks[outermost(part)], 1
        name = block.name
        while name in taken:
            number += 1
            name = tr("{name} {number}", name=block.name, number=number)
        return replace(part, blocks={**part.blocks, block.id: replace(block, name=name)})

    def _key_for(self, name: str) -> str:
        """The file of the block of that name, or a free one: names differ by more than files."""
        for key, part in self._blocks.items():
            if name_of(part) == name:
                return key
        taken = {path.stem.casefold() for path in self._folder.glob(f"*{SUFFIX}")}
        key, number = file_name(name), 1
        while key.casefold() in taken:
            number += 1
            key = f"{file_name(name)} {number}"
        return key

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
