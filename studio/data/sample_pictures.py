"""Built-in pictures and clips, drawn from a fixed seed."""

import numpy as np
from numpy.typing import NDArray

SHAPES = ("circle", "square", "triangle")
WAYS = ("still", "left", "right", "up", "down")
_SIDE = 28
_CLIPS, _FRAMES, _FRAME = 500, 8, 24


def shapes() -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Grey pictures [N, 1, H, W] and their classes: place, size, turn and brightness vary."""
    random = np.random.default_rng(3)
    classes = np.arange(1500) % len(SHAPES)
    random.shuffle(classes)
    pixels = np.stack([_shape(int(kind), random) for kind in classes])
    return pixels[:, None], classes.astype(np.int64)


def _shape(kind: int, random: np.random.Generator) -> NDArray[np.uint8]:
    rows, columns = np.mgrid[:_SIDE, :_SIDE].astype(np.float64)
    centre = _SIDE / 2 - 0.5 + random.uniform(-2, 2, 2)
    turn, size = random.uniform(-0.4, 0.4), random.uniform(6.5, 10)
    across, down = columns - centre[0], rows - centre[1]
    u = across * np.cos(turn) + down * np.sin(turn)
    v = down * np.cos(turn) - across * np.sin(turn)
    corners = 2 * np.pi * np.arange(3) / 3
    inside = (
        np.hypot(u, v) <= size * 0.9,
        np.maximum(abs(u), abs(v)) <= size * 0.8,
        np.max([u * np.cos(a) + v * np.sin(a) for a in corners], axis=0) <= size * 0.55,
    )
    picture = inside[kind] * random.uniform(120, 230) + random.normal(20, 18, (_SIDE, _SIDE))
    pixels: NDArray[np.uint8] = np.clip(picture, 0, 255).astype(np.uint8)
    return pixels


def moving() -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Clips [N, frames, 1, H, W] of a bright spot, and which way it goes."""
    random = np.random.default_rng(11)
    classes = np.arange(_CLIPS) % len(WAYS)
    random.shuffle(classes)
    return np.stack([_clip(int(kind), random) for kind in classes]), classes.astype(np.int64)


def _clip(way: int, random: np.random.Generator) -> NDArray[np.uint8]:
    rows, columns = np.mgrid[:_FRAME, :_FRAME].astype(np.float64)
    steps = np.arange(_FRAMES) - (_FRAMES - 1) / 2
    across, down = ((0, 0), (-1, 0), (1, 0), (0, -1), (0, 1))[way]
    middle = _FRAME / 2 + random.uniform(-4, 4, 2)
    speed, size = random.uniform(0.8, 1.5), random.uniform(2.0, 3.2)
    x, y = middle[0] + across * speed * steps, middle[1] + down * speed * steps
    away = np.hypot(columns - x[:, None, None], rows - y[:, None, None])
    frames = random.uniform(130, 220) * np.exp(-((away / size) ** 4))
    frames += random.normal(24, 14, frames.shape)
    clip: NDArray[np.uint8] = np.clip(frames, 0, 255).astype(np.uint8)
    return clip[:, None]
