"""Where the lines of a scale stand and what is written at them. No widget in here."""

import math

STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
SMALLEST_SPAN = 1e-9
MOST_DECADES = 6
LARGE = 10_000
THIN_SPACE = "\N{NARROW NO-BREAK SPACE}"
Tick = tuple[float, str]


def even_ticks(low: float, high: float, most: int) -> list[Tick]:
    """At most `most` ticks at round values that lie within the range."""
    step = _round_step(max(high - low, SMALLEST_SPAN) / max(most - 1, 1))
    first, last = math.ceil(low / step - SMALLEST_SPAN), math.floor(high / step + SMALLEST_SPAN)
    digits = _digits(step)
    return [(i * step, _grouped(i * step, digits)) for i in range(first, last + 1)]


def whole_ticks(low: float, high: float, most: int) -> list[Tick]:
    """Ticks at whole numbers only, for epochs."""
    step = max(1, math.ceil(_round_step(max(high - low, 1.0) / max(most - 1, 1))))
    return [(float(i), str(i)) for i in range(math.ceil(low / step) * step, int(high) + 1, step)]


def log_ticks(low: float, high: float) -> list[Tick]:
    """Ticks for a logarithmic scale: places are logarithms to ten, words the numbers."""
    decades = range(math.floor(low), math.ceil(high) + 1)
    if len(decades) > MOST_DECADES:
        stride = math.ceil(len(decades) / MOST_DECADES)
        return [(float(d), _plain(10.0**d)) for d in decades[::stride] if low <= d <= high]
    wanted = (1, 2, 5) if high - low > 1 else (1, 1.5, 2, 3, 4, 5, 6, 8)
    values = [m * 10.0**decade for decade in decades for m in wanted]
    return [(math.log10(v), _plain(v)) for v in values if low <= math.log10(v) <= high]


def comfortable(low: float, high: float, most: int) -> tuple[float, float]:
    """The range widened to round values on both sides; never empty."""
    if high - low < SMALLEST_SPAN:
        margin = abs(high) * 0.1 or 0.1
        low, high = low - margin, high + margin
    fewest = 2 if low < 0 < high else 1  # 0 is a tick: one step cannot reach to both sides of it
    while True:  # the wider range may call for wider steps, which widen it again
        step = _round_step((high - low) / max(most - 1, fewest))
        wider = (
            math.floor(low / step + SMALLEST_SPAN) * step,
            math.ceil(high / step - SMALLEST_SPAN) * step,
        )
        if wider[1] - wider[0] <= (high - low) * (1 + SMALLEST_SPAN):
            return wider
        low, high = wider


def _round_step(least: float) -> float:
    size = 10.0 ** math.floor(math.log10(least))
    return next((s * size for s in STEPS if s * size >= least * (1 - 1e-9)), 10.0 * size)


def _digits(step: float) -> int:
    for digits in range(12):
        if abs(round(step, digits) - step) < step * 1e-6:
            return digits
    return 12


def _grouped(value: float, digits: int) -> str:
    words = f"{value:,.{digits}f}" if abs(value) >= LARGE else f"{value:.{digits}f}"
    return words.replace(",", THIN_SPACE)


def _plain(value: float) -> str:
    return f"{value:.0e}" if value < 1e-4 or value >= 1e6 else f"{value:g}"
