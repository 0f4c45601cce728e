"""Built-in pictures with something beside them: masks, a second picture, readings."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Pictures = NDArray[np.uint8]
ANSWERS = ("different", "same")
VERDICTS = ("good", "heavy", "scratched")
MASK_CLASSES = ("background", "stain", "crack")
MASK_SHADES = (0, 127, 255)  # of those classes
_SIDE = 32
_SCENES, _PAIRS, _PARTS = 300, 800, 600


def blots() -> tuple[Pictures, Pictures]:
    """Grey pictures [N, 1, H, W] of stains and cracks, and their masks in three shades."""
    random = np.random.default_rng(41)
    made = [_blot(random) for _ in range(_SCENES)]
    return _stacked([picture for picture, _mask in made]), _stacked([mask for _p, mask in made])


def pairs() -> tuple[Pictures, Pictures, NDArray[np.int64]]:
    """Two pictures each of a sign of made-up strokes, and whether it is the same sign."""
    random = np.random.default_rng(42)
    signs = [_strokes(random) for _ in range(40)]
    is_same = np.arange(_PAIRS) % 2
    random.shuffle(is_same)
    left, right = [], []
    for same in is_same:
        first = int(random.integers(len(signs)))
        others = [place for place in range(len(signs)) if place != first]
        second = first if same else int(random.choice(others))
        left.append(_drawn(signs[first], random))
        right.append(_drawn(signs[second], random))
    return _stacked(left), _stacked(right), is_same.astype(np.int64)


def parts() -> tuple[pd.DataFrame, Pictures, NDArray[np.int64]]:
    """Readings and pictures of parts: weight tells some that are bad, a scratch the others."""
    random = np.random.default_rng(43)
    kinds = np.arange(_PARTS) % len(VERDICTS)
    random.shuffle(kinds)
    length = random.normal(120, 4, _PARTS)
    weight = length * 2.1 + random.normal(0, 2, _PARTS) + 16 * (kinds == 1)
    readings = pd.DataFrame({"length_mm": length.round(1), "weight_g": weight.round(1)})
    pictures = [_part(random, is_scratched=bool(kind == 2)) for kind in kinds]  # noqa: PLR2004
    return readings, _stacked(pictures), kinds.astype(np.int64)


def _blot(random: np.random.Generator) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    rows, columns = np.mgrid[:_SIDE, :_SIDE].astype(np.float64)
    picture = 150 + 12 * np.sin(columns * random.uniform(0.1, 0.4) + random.uniform(0, 6))
    middle, size = random.uniform(8, 24, 2), random.uniform(3, 7)
    angle = np.arctan2(rows - middle[0], columns - middle[1])
    edge = size * (1 + 0.25 * np.sin(3 * angle + random.uniform(0, 6)))
    stain = np.hypot(rows - middle[0], columns - middle[1]) < edge
    crack = _near_line(random, width=1.0)
    mask = np.where(crack, MASK_SHADES[2], np.where(stain, MASK_SHADES[1], MASK_SHADES[0]))
    picture = np.where(stain, picture - random.uniform(35, 60), picture)
    picture = np.where(crack, picture - random.uniform(70, 110), picture)
    return picture + random.normal(0, 9, picture.shape), mask.astype(np.float64)


def _near_line(random: np.random.Generator, *, width: float) -> NDArray[np.bool_]:
    rows, columns = np.mgrid[:_SIDE, :_SIDE].astype(np.float64)
    middle, turn = random.uniform(10, 22, 2), random.uniform(0, np.pi)
    along = (columns - middle[1]) * np.cos(turn) + (rows - middle[0]) * np.sin(turn)
    away = (rows - middle[0]) * np.cos(turn) - (columns - middle[1]) * np.sin(turn)
    bent = away + 1.5 * np.sin(along * random.uniform(0.2, 0.4))
    found: NDArray[np.bool_] = (abs(bent) <= width) & (abs(along) < random.uniform(7, 13))
    return found


def _strokes(random: np.random.Generator) -> NDArray[np.float64]:
    """Four strokes, each from one point to another."""
    return random.uniform(7, 25, (4, 2, 2))


def _drawn(strokes: NDArray[np.float64], random: np.random.Generator) -> NDArray[np.float64]:
    """A sign as a hand writes it: never quite at the same place."""
    rows, columns = np.mgrid[:_SIDE, :_SIDE].astype(np.float64)
    picture = np.zeros((_SIDE, _SIDE))
    moved = strokes + random.uniform(-1.5, 1.5, 2) + random.normal(0, 0.5, strokes.shape)
    for (top, left), (bottom, right) in moved:
        down, across = bottom - top, right - left
        share = ((rows - top) * down + (columns - left) * across) / (down**2 + across**2 + 1e-9)
        share = np.clip(share, 0, 1)
        away = np.hypot(rows - top - share * down, columns - left - share * across)
        picture = np.maximum(picture, np.clip(1.9 - away, 0, 1))
    return 235 - picture * random.uniform(150, 210) + random.normal(0, 8, picture.shape)


def _part(random: np.random.Generator, *, is_scratched: bool) -> NDArray[np.float64]:
    rows, columns = np.mgrid[:_SIDE, :_SIDE].astype(np.float64)
    away = np.hypot(rows - 15.5, columns - 15.5)
    picture = np.where(away < random.uniform(12, 14), 170 - 2 * rows, 40.0)
    picture = np.where(away < random.uniform(3, 5), 60.0, picture)
    if is_scratched:
        picture = np.where(_near_line(random, width=0.8), 235.0, picture)
    return picture + random.normal(0, 10, picture.shape)


def _stacked(pictures: list[NDArray[np.float64]]) -> Pictures:
    """[N, 1, H, W] of 0 to 255."""
    pixels: Pictures = np.clip(np.stack(pictures), 0, 255).astype(np.uint8)[:, None]
    return pixels
