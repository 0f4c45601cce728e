"""Many pictures: their sizes and colours from the headers, and what must be put right in them."""

from collections import Counter
from collections.abc import Iterator, Sequence

from studio.core.design.dataset import ColumnKind, ColumnSummary
from studio.core.params import Values
from studio.core.problems import Place, Problem, Severity
from studio.core.words import tr
from studio.data.broken import Broken, broken_problems, unread_rows
from studio.data.pixels import BROKEN, Change, Header, TooManyPixelsError, read_header
from studio.data.workers import mapped

LONGEST_SIDE = 128
KEPT_AS_IS = 64 * 1024**2
LARGEST_SIDE = 4096


def look_at_pictures(
    references: Sequence[str], settings: Values
) -> tuple[ColumnSummary, tuple[Problem, ...]]:
    """The shape that pictures are brought to (settings: height, width, channels), and notes.

    Only headers are read. StudioError where no picture can be read, or, with the setting
    `skip_broken` False, where one cannot.
    """
    asked = [reference for reference in references if reference]
    headers: list[Header] = []
    bad: list[Broken] = []
    for reference, header in zip(asked, mapped(_header, asked), strict=True):
        if isinstance(header, Header):
            headers.append(header)
        else:
            bad.append(Broken(reference, is_large=isinstance(header, TooManyPixelsError)))
    problems = broken_problems(bad, len(asked), "image", settings)
    if not headers:
        return ColumnSummary("", "image", "input"), problems
    sizes = [(header.height, header.width) for header in headers]
    shape = wanted_shape(sizes, settings, is_grey=all(h.is_grey for h in headers))
    resized = sum(size != shape[1:] for size in sizes)
    notes = [resized_note(resized, len(headers), shape, "image")] if resized else []
    unread = unread_rows(references, bad)
    column = ColumnSummary("", "image", "input", len(unread), shape=shape, unread=unread)
    return column, (*problems, *notes, *_put_right(headers))


def wanted_shape(
    found: Sequence[tuple[int, int]],
    given: Values,
    *,
    is_grey: bool,
    longest: int = LONGEST_SIDE,
) -> tuple[int, int, int]:
    """Channels, height and width as given, else those that fit pictures of some sizes."""
    sizes = Counter(found)
    common = max(sizes, key=lambda size: (sizes[size], size))
    channels = 1 if is_grey else 3
    is_small = len(sizes) == 1 and len(found) * common[0] * common[1] * channels <= KEPT_AS_IS
    height, width = common if is_small else _capped(*common, longest)
    wanted = _given(given, "channels", channels)
    return 1 if wanted == 1 else 3, _given(given, "height", height), _given(given, "width", width)


def resized_note(count: int, all_of: int, shape: tuple[int, int, int], kind: ColumnKind) -> Problem:
    """How many pictures or clips are brought to another size."""
    said = {
        "image": tr(
            "{count} of {all} {all|picture|pictures} {count|is|are} resized to {height} × {width} "
            "pixels.",
            count=count,
            all=all_of,
            height=shape[1],
            width=shape[2],
        ),
        "video": tr(
            "The frames of {count} of {all} {all|clip|clips} {count|is|are} resized to {height} × "
            "{width} pixels.",
            count=count,
            all=all_of,
            height=shape[1],
            width=shape[2],
        ),
    }
    hint = tr("Change height and width in the import settings if that is too small.")
    return Problem(said[kind], hint, Severity.NOTE, Place("data"), "resized")


def _header(reference: str) -> Header | BaseException:
    try:
        return read_header(reference)
    except BROKEN as error:
        return error


def _capped(height: int, width: int, longest: int) -> tuple[int, int]:
    factor = min(1.0, longest / max(height, width))
    return max(1, round(height * factor)), max(1, round(width * factor))


def _given(given: Values, key: str, found: int) -> int:
    value = given.get(key)
    is_size = isinstance(value, int) and not isinstance(value, bool)
    return min(value, LARGEST_SIDE) if is_size and isinstance(value, int) and value > 0 else found


def _put_right(headers: Sequence[Header]) -> Iterator[Problem]:
    """One note with everything that is not plain grey or colour of 8 bits, counted."""
    counts = Counter(change for header in headers for change in header.changes)
    if counts:
        said = [_words(change, count) for change, count in sorted(counts.items())]
        yield Problem(
            tr("Some pictures are converted: {changes}.", changes="; ".join(said)),
            tr("Nothing needs to be done."),
            Severity.NOTE,
            Place("data"),
            "converted",
        )


def _words(change: Change, count: int) -> str:
    said = {
        "rotated": tr("{count} turned as their camera says", count=count),
        "palette": tr("{count} with a palette of colours", count=count),
        "deep": tr("{count} with more than 8 bits, scaled to 8", count=count),
        "alpha": tr("{count} transparent, laid on white", count=count),
        "print": tr("{count} in the colours of print", count=count),
        "first": tr("{count} moving ones, of which the first picture is taken", count=count),
    }
    return said[change]
