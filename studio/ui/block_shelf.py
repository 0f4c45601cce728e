"""BlockShelf: the blocks that can be placed, the ready ones and those that a person saved."""

import re
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from studio.core.catalogue.entry import Signal as NodeSignal
from studio.core.design.block import PLAIN_TINT, Tint
from studio.core.design.block_files import name_of
from studio.core.design.graph import Graph
from studio.core.design.ready_blocks import READY_BLOCKS, fragment
from studio.core.words import tr
from studio.ui.saved_blocks import SavedBlocks

READY, SAVED = "block:", "saved:"  # how the keys of blocks begin, which those of layers never do


@dataclass(frozen=True, slots=True)
class BlockOffer:
    """One block that can be placed, by its key, with the words of its row.

    One with a `reason` cannot: its file could not be read.
    """

    key: str
    title: str
    help: str
    tint: Tint
    note: str = ""
    reason: str = ""

    @property
    def is_saved(self) -> bool:
        """True for one that the person can take out of the palette again."""
        return self.key.startswith(SAVED)

    def matches(self, words: str) -> bool:
        """True where every word typed is in its title or help."""
        said = f"{self.title} {self.help} {tr('Blocks')}".casefold()
        return all(word in said for word in words.casefold().split())


class BlockShelf(QObject):
    """What blocks there are.

    Signals:
        changed(): others are there.
    """

    changed = Signal()

    def __init__(self, saved: SavedBlocks | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.saved = saved if saved is not None else SavedBlocks()
        self.saved.changed.connect(self.changed)

    def offers(self, words: str = "") -> tuple[BlockOffer, ...]:
        """Those that match what is typed: the person's own first."""
        found = (*self._own(), *self._ready(), *self._broken())
        return tuple(offer for offer in found if offer.matches(words))

    def offer(self, key: str) -> BlockOffer | None:
        """The block of that key, if there is one."""
        return next((one for one in self.offers() if one.key == key), None)

    def part(self, key: str, signal: NodeSignal | None = None) -> Graph | None:
        """The block alone; a ready one as wide as what would come in."""
        ready = READY_BLOCKS.get(key.removeprefix(READY)) if key.startswith(READY) else None
        if ready is not None:
            return fragment(ready, signal)
        return self.saved.blocks.get(key.removeprefix(SAVED))

    def _ready(self) -> tuple[BlockOffer, ...]:
        return tuple(
            BlockOffer(READY + one.key, tr(one.title), tr(one.help), one.color)
            for one in READY_BLOCKS.values()
        )

    def _broken(self) -> tuple[BlockOffer, ...]:
        return tuple(
            BlockOffer(
                "", Path(one.place.key).stem, str(one), PLAIN_TINT, reason=tr("Cannot be read")
            )
            for one in self.saved.problems
        )

    def _own(self) -> tuple[BlockOffer, ...]:
        return tuple(
            BlockOffer(
                SAVED + key,
                name_of(part),
                tr("Your own block: {count} {count|layer|layers}.", count=len(part)),
                next(block.color for block in part.blocks.values() if not block.parent),
                tr("yours"),
            )
            for key, part in sorted(
                self.saved.blocks.items(), key=lambda one: in_order(name_of(one[1]))
            )
        )


def in_order(name: str) -> list[tuple[int, str]]:
    """By this names are sorted: Block 2 stands before Block 10."""
    parts = re.split(r"(\d+)", name.casefold())
    return [(int(part), "") if part.isdecimal() else (0, part) for part in parts]
