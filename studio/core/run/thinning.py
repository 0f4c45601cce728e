"""ThinnedCurve: a curve that may grow for ever and stays cheap to draw."""

import math

MOST_BUCKETS = 300  # twice as many points at most: about the width of a chart in pixels
SMOOTHING = 0.94  # how much of the smoothed value is kept at each bucket of a full curve


class ThinnedCurve:
    """The lowest and highest value of each stretch of a curve, in at most `MOST_BUCKETS`.

    When they are all in use, neighbours melt in pairs and each new one takes twice as many
    points: adding a point costs the same at the start and after a million of them. Extremes
    survive, so a spike is never thinned away. Values that are not finite are left out.
    """

    def __init__(self, most_buckets: int = MOST_BUCKETS) -> None:
        self._most = most_buckets
        self._points_each = 1
        self._in_last = 0
        self._lows: list[tuple[float, float]] = []
        self._highs: list[tuple[float, float]] = []
        self._sums: list[float] = []
        self._counts: list[int] = []

    def __len__(self) -> int:
        return len(self._lows)

    def add(self, x: float, y: float) -> None:
        """The next point; x never goes back."""
        if not math.isfinite(y):
            return
        if self._lows and self._in_last < self._points_each:
            self._widen_last(x, y)
        else:
            self._begin(x, y)
        if len(self._lows) > self._most:
            self._halve()

    def points(self) -> tuple[list[float], list[float]]:
        """What to draw: x and y of at most two points for each stretch, in order."""
        drawn: list[tuple[float, float]] = []
        for low, high in zip(self._lows, self._highs, strict=True):
            drawn.append(min(low, high))
            if low != high:
                drawn.append(max(low, high))
        return [x for x, _ in drawn], [y for _, y in drawn]

    def smoothed(self) -> tuple[list[float], list[float]]:
        """The running mean of the stretches: x at the end of each, and the value there."""
        keep = SMOOTHING ** (self._most / max(len(self._lows), self._most / 8))
        xs, ys, mean, weight = [], [], 0.0, 0.0
        stretches = zip(self._lows, self._highs, self._sums, self._counts, strict=True)
        for low, high, total, count in stretches:
            mean = keep * mean + (1 - keep) * total / count
            weight = keep * weight + (1 - keep)
            xs.append(max(low[0], high[0]))
            ys.append(mean / weight)
        return xs, ys

    def _begin(self, x: float, y: float) -> None:
        self._lows.append((x, y))
        self._highs.append((x, y))
        self._sums.append(y)
        self._counts.append(1)
        self._in_last = 1

    def _widen_last(self, x: float, y: float) -> None:
        if y < self._lows[-1][1]:
            self._lows[-1] = (x, y)
        if y > self._highs[-1][1]:
            self._highs[-1] = (x, y)
        self._sums[-1] += y
        self._counts[-1] += 1
        self._in_last += 1

    def _halve(self) -> None:
        pairs = range(0, len(self._lows), 2)
        self._lows = [min(self._lows[i : i + 2], key=_value) for i in pairs]
        self._highs = [max(self._highs[i : i + 2], key=_value) for i in pairs]
        self._sums = [sum(self._sums[i : i + 2]) for i in pairs]
        self._counts = [sum(self._counts[i : i + 2]) for i in pairs]
        self._points_each *= 2
        self._in_last = self._counts[-1]


def _value(point: tuple[float, float]) -> float:
    return point[1]
