"""Numbers of a network in words: how many parameters, what share, how large."""

from collections.abc import Iterable

from studio.core.problems import Problem, Severity
from studio.core.words import tr

THIN_SPACE = "\u2009"
MOST_SPELLED_OUT = 1_000_000_000
BYTES_PER_PARAMETER = 4
LEAST_SHORTENED = 10_000
_STEPS = ((1e9, "G"), (1e6, "M"), (1e3, "k"))
_UNITS = ((1e9, "GB"), (1e6, "MB"), (1e3, "kB"))
SMALL_SHARE = 0.01


def counted(number: int) -> str:
    """A count with thin separators; the largest are rounded."""
    if number < MOST_SPELLED_OUT:
        return f"{number:,}".replace(",", THIN_SPACE)
    return f"{number / MOST_SPELLED_OUT:.1f}{THIN_SPACE}G"


def to_mend(problems: Iterable[Problem]) -> int:
    """How many Problems call for something; a note only tells."""
    return sum(1 for problem in problems if problem.severity is not Severity.NOTE)


def short(number: int) -> str:
    """A count for a narrow place: ``2 080``, ``12.8 k``, ``3.4 M``; nothing for none."""
    if number < LEAST_SHORTENED:
        return counted(number) if number else ""
    scale, unit = next(step for step in _STEPS if number >= step[0])
    return f"{number / scale:.1f}{THIN_SPACE}{unit}"


def parameters_in_words(number: int) -> str:
    """``1 parameter``, ``896 parameters``, or nothing for none."""
    if number == 0:
        return ""
    if number == 1:
        return tr("1 parameter")
    return tr("{count} parameters", count=counted(number))


def share_in_words(part: int, whole: int) -> str:
    """``9 %``, ``under 1 %``, or a dash where there is nothing to share."""
    if whole == 0:
        return "–"
    share = part / whole
    if 0 < share < SMALL_SHARE:
        return tr("under 1 %")
    return tr("{percent} %", percent=f"{100 * share:.0f}")


def weights_in_bytes(parameters: int) -> str:
    """How much room the weights take: ``3.6 kB``."""
    return bytes_in_words(parameters * BYTES_PER_PARAMETER)


def bytes_in_words(size: int) -> str:
    """``3.6 kB``."""
    for scale, unit in _UNITS:
        if size >= scale:
            return f"{size / scale:.1f} {unit}"
    return f"{size} B"
