"""Blocks among the layers that are offered: those that fit behind the layers that were meant."""

from collections.abc import Sequence
from functools import cache, partial

from studio.core.catalogue import LAYERS
from studio.core.design.block_fitting import Spot, fit_at
from studio.core.design.fitting import Fit
from studio.core.design.ready_blocks import AXES, READY_BLOCKS
from studio.core.shapes import show
from studio.core.words import tr
from studio.ui.block_shelf import READY, BlockOffer, BlockShelf
from studio.ui.layer_offers import Finder
from studio.ui.layer_rows import LayerRow
from studio.ui.layer_search import is_named

BLOCKS = "blocks"


def with_blocks(find: Finder, shelf: BlockShelf | None, spot: Spot) -> Finder:
    """Layers and blocks for a place. Each block is tried there once, when it is first shown."""
    if shelf is None:
        return find
    try_out = cache(partial(_fit, shelf, spot))

    def find_both(words: str) -> Sequence[LayerRow]:
        rows = tuple(find(words))
        offered = [_row(offer, try_out(offer)) for offer in shelf.offers(words)]
        fitting = [row for row in offered if not row.reason]
        at = 0 if _is_called_so(fitting, rows, words) else _place(rows, words)
        heading = (LayerRow("", tr("Blocks")),) if fitting else ()
        after = (*rows[at:], *(row for row in offered if row.reason))
        rest = (LayerRow("", tr("Layers")),) if fitting and words.strip() and _begins(after) else ()
        return (*rows[:at], *heading, *fitting, *rest, *after)

    return find_both


def _place(rows: Sequence[LayerRow], words: str) -> int:
    """Behind the layers of that name; where nothing was typed, behind the likely ones."""
    if not words.strip():
        return next((n for n, row in enumerate(rows) if n and not row.key), len(rows))
    for number, row in enumerate(rows):
        if row.reason or (row.key and not is_named(LAYERS[row.key], words)):
            return number - 1 if number and not rows[number - 1].key else number
    return len(rows)


def _is_called_so(blocks: Sequence[LayerRow], rows: Sequence[LayerRow], words: str) -> bool:
    """True where a block has the very name that was typed, and the first layer only means it."""
    typed = words.casefold().strip()
    first = next((row.title for row in rows if row.key), "")
    has_name = any(row.title.casefold().startswith(typed) for row in blocks)
    return bool(typed) and has_name and not first.casefold().startswith(typed)


def _begins(rows: Sequence[LayerRow]) -> bool:
    """True where layers follow that need a heading of their own again."""
    return bool(rows) and bool(rows[0].key) and not rows[0].reason


def _fit(shelf: BlockShelf, spot: Spot, offer: BlockOffer) -> Fit:
    if offer.reason:
        return Fit(reason=offer.reason)
    ready = READY_BLOCKS.get(offer.key.removeprefix(READY))
    signal = next(iter(spot.inputs), None)
    if ready is not None and signal is not None and len(signal.shape) != AXES[ready.takes]:
        what = (
            tr("an image: channels × height × width")  # noqa: RUF001 - the sign of sizes
            if ready.takes == "image"
            else tr("a sequence: steps × features")  # noqa: RUF001
        )
        return Fit(reason=tr("{name} expects {what}.", name=offer.title, what=what))
    return fit_at(partial(shelf.part, offer.key), spot)[0]


def _row(offer: BlockOffer, fit: Fit) -> LayerRow:
    return LayerRow(
        offer.key,
        offer.title,
        BLOCKS,
        offer.note or tr("block"),
        fit.reason,
        gives=show(fit.signal.shape) if fit.signal is not None else "",
        help=offer.help,
        tint=offer.tint,
    )
