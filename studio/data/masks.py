"""Masks: pictures whose pixels are classes, by their grey value or their place in a palette."""

from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.core.design.answers import ModelOutput
from studio.core.problems import Place, Problem, Severity
from studio.core.words import tr
from studio.data.arrays import UNKNOWN_PIXEL
from studio.data.material import Material
from studio.data.pixels import BROKEN, read_shades
from studio.data.workers import mapped

MOST_CLASSES = 32
_SAMPLE = 300
_SHADES = 256
_LOOKED_AT = (128, 128)


def mask_classes(references: Sequence[str]) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The shades that pictures are drawn in and how many of the pixels looked at have each.

    Nothing where they are more than 32: then they are no masks. At most 300 of the pictures
    are looked at, spread evenly, each brought to 128 × 128 pixels.
    """
    asked = [reference for reference in references if reference]
    some = asked[:: max(1, -(-len(asked) // _SAMPLE))]
    often: Counter[int] = Counter()
    for start in range(0, len(some), 8):  # a photograph is told from a mask by the first few
        for shades in mapped(partial(_shades, size=_LOOKED_AT), some[start : start + 8]):
            if shades is not None:
                values, counts = np.unique(shades, return_counts=True)
                often.update(dict(zip(values.tolist(), counts.tolist(), strict=True)))
        if len(often) > MOST_CLASSES:
            return (), ()
    shown = sorted(often)
    if len(shown) < 2:  # noqa: PLR2004 - one class alone tells nothing
        return (), ()
    return tuple(str(value) for value in shown), tuple(often[value] for value in shown)


def shades_of(block: NDArray[Any]) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The same for pictures in memory [N, C, H, W]; nothing for pictures in colour."""
    if block.shape[1] != 1:
        return (), ()
    some = block[:: max(1, -(-len(block) // _SAMPLE)), 0]
    if len(np.unique(some[:8])) > MOST_CLASSES:  # a photograph is told by the first few
        return (), ()
    shown, counts = np.unique(some, return_counts=True)
    if not 1 < len(shown) <= MOST_CLASSES:
        return (), ()
    return tuple(map(str, shown.tolist())), tuple(counts.tolist())


def named_classes(shades: Sequence[str], names: Sequence[str]) -> tuple[str, ...]:
    """The names of a mask's classes in place of its shades, where these are the named ones.

    Classes that have names are drawn in shades spread evenly from black to white.
    """
    is_named = tuple(shades) == tuple(map(str, _spread(len(names))))
    return tuple(names) if is_named else tuple(shades)


def masks_of(
    material: Material, output: ModelOutput
) -> tuple[NDArray[np.uint8], NDArray[np.bool_], tuple[Problem, ...]]:
    """The masks of all rows [N, H, W] as classes, which rows have one, and what was found."""
    name, (_classes, height, width) = output.columns[0], output.shape
    classes = _classes_of(output.labels)
    block = material.blocks.get(name)
    if block is not None:
        found = classes[block[:, 0]]
        return found, np.ones(len(found), bool), _unknown(found, name)
    references = material.references(name)
    found = np.full((len(references), height, width), UNKNOWN_PIXEL, np.uint8)
    known = np.zeros(len(references), bool)
    for row, shades in enumerate(mapped(partial(_shades, size=(height, width)), references)):
        if shades is not None:
            found[row], known[row] = classes[shades], True
    broken = [
        reference for reference, is_known in zip(references, known, strict=True) if not is_known
    ]
    return (
        found,
        known,
        (*_unreadable([one for one in broken if one], name), *_unknown(found[known], name)),
    )


def _shades(reference: str, size: tuple[int, int]) -> NDArray[np.uint8] | None:
    if not reference:
        return None
    try:
        return read_shades(reference, *size)
    except BROKEN:
        return None


def _classes_of(labels: Sequence[str]) -> NDArray[np.uint8]:
    """For each shade the number of its class; a class that has a name says none itself."""
    found = np.full(_SHADES, UNKNOWN_PIXEL, np.uint8)
    for place, (label, shade) in enumerate(zip(labels, _spread(len(labels)), strict=True)):
        found[int(label) if label.isdecimal() else shade] = place
    return found


def _spread(count: int) -> tuple[int, ...]:
    """So many shades from black to white."""
    return tuple((_SHADES - 1) * place // max(1, count - 1) for place in range(count))


def _unreadable(broken: Sequence[str], name: str) -> tuple[Problem, ...]:
    if not broken:
        return ()
    return (
        Problem(
            tr(
                "{count} {count|mask|masks} of {name} cannot be read; {count|its row is|their rows "
                "are} left out. The first is {file}.",
                count=len(broken),
                name=name,
                file=broken[0],
            ),
            tr("Repair the files, or remove them."),
            Severity.WARNING,
            Place("column", name),
            "broken-files",
        ),
    )


def _unknown(found: NDArray[Any], name: str) -> tuple[Problem, ...]:
    share = float((found == UNKNOWN_PIXEL).mean()) if found.size else 0.0
    if not share:
        return ()
    return (
        Problem(
            tr(
                "{percent} % of the pixels of {name} are of shades that no class has. They count "
                "nowhere.",
                percent=f"{100 * share:.3g}",
                name=name,
            ),
            tr("If they are classes, open the data again; if not, nothing needs to be done."),
            Severity.NOTE,
            Place("column", name),
            "unknown-shades",
        ),
    )
