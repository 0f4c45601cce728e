"""Curve: points in order, which grow as news come and can be cut where a run goes on."""

from bisect import bisect_left
from dataclasses import dataclass, field


@dataclass(slots=True)
class Curve:
    """Points in order of x, in epochs: 1.5 is in the middle of the second."""

    x: list[float] = field(default_factory=list)
    y: list[float] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.x)

    def add(self, x: float, y: float) -> None:
        """One more point, behind the others."""
        self.x.append(x)
        self.y.append(y)

    def cut(self, x: float) -> None:
        """Forgets the points from `x` on: a resumed run brings them again."""
        keep = bisect_left(self.x, x)
        del self.x[keep:], self.y[keep:]
