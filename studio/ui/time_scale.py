"""Where the marks of a time axis stand, and moments as a person reads them."""

from datetime import UTC, datetime, timedelta

from studio.core.words import tr
from studio.ui.ticks import Tick, whole_ticks

SECOND, MINUTE, HOUR, DAY = 1, 60, 3600, 86_400
STEPS = (
    *(SECOND * n for n in (1, 5, 15, 30)),
    *(MINUTE * n for n in (1, 5, 15, 30)),
    *(HOUR * n for n in (1, 3, 6, 12)),
    *(DAY * n for n in (1, 2, 7, 14)),
)
MONTH_STEPS = (1, 3, 6, 12, 24, 60, 120, 600)
DAYS_OF_A_MONTH = 30.4
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def scale_ticks(low: float, high: float, most: int, *, is_time: bool) -> list[Tick]:
    """At most so many marks between two moments, or between two row numbers."""
    if not is_time:
        return whole_ticks(low, high, most)
    if high <= low:
        return [(low, moment_words(low))]
    step = next((s for s in STEPS if (high - low) / s <= most), None)
    return _even(low, high, step) if step is not None else _months(low, high, most)


def moment_words(seconds: float, *, with_hours: bool = False) -> str:
    """``3 Nov 2024``, with hours ``3 Nov 2024, 14:05``."""
    moment = _moment(seconds)
    day = tr(
        "{day} {month} {year}", day=moment.day, month=tr(MONTHS[moment.month - 1]), year=moment.year
    )
    return tr("{day}, {time}", day=day, time=f"{moment:%H:%M}") if with_hours else day


def place_words(place: float, *, is_time: bool) -> str:
    """A place on the axis: a moment, or the number of a row."""
    return moment_words(place) if is_time else tr("row {number}", number=f"{place:.0f}")


def _even(low: float, high: float, step: int) -> list[Tick]:
    place = -(-low // step) * step
    ticks = []
    while place <= high:
        ticks.append((place, _words(place, step)))
        place += step
    return ticks


def _months(low: float, high: float, most: int) -> list[Tick]:
    months = (high - low) / DAY / DAYS_OF_A_MONTH
    step = next((s for s in MONTH_STEPS if months / s <= most), MONTH_STEPS[-1])
    first = _moment(low)
    number = first.year * 12 + first.month - 1
    number = -(-number // step) * step
    ticks = []
    while (place := _start_of(number)) <= high:
        if place >= low:
            year, month = divmod(number, 12)
            words = str(year) if step >= 12 else f"{tr(MONTHS[month])} {year}"  # noqa: PLR2004
            ticks.append((place, words))
        number += step
    return ticks


def _words(place: float, step: int) -> str:
    moment = _moment(place)
    if step >= DAY or (step >= HOUR and moment.hour == 0):
        return f"{moment.day} {tr(MONTHS[moment.month - 1])}"
    return f"{moment:%H:%M}" if step >= MINUTE else f"{moment:%H:%M:%S}"


def _start_of(month: int) -> float:
    year, place = divmod(month, 12)
    return datetime(year, place + 1, 1, tzinfo=UTC).timestamp()


def _moment(seconds: float) -> datetime:
    """Also before 1970, where some systems refuse a direct conversion."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
