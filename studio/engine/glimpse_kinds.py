"""How values of any shape are made small enough to be painted on a card."""

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

from studio.core.run.glimpse import Glimpse, GlimpseKind, Plane
from studio.core.shapes import Shape

MOST_MAPS, MAP_SIDE = 16, 48
PICTURE_SIDE = 96
MOST_POINTS, MOST_LINES, MOST_BARS = 256, 3, 64
MOST_WORDS, MOST_CLASSES = 12, 5
LINES_AT_MOST = 4  # as many channels are still told apart as curves
_MAPS, _GRID, _CLIP = 3, 2, 4
COLORS = 3


def glimpse_of(value: Tensor) -> Glimpse | None:
    """What a batch of one looks like; None for what cannot be painted."""
    if value.shape[0] != 1 or value.numel() == 0 or value.dim() > _CLIP + 1:
        return None
    one = value[0].detach().to(torch.float32)
    if one.numel() == 1:  # a curve of one point is nothing to see, its figure is
        one = one.reshape(1)
    if one.dim() == _CLIP:
        one = one.flatten(0, 1)
    if one.dim() == _MAPS:
        return _told(value, "maps", planes=_maps(one))
    if one.dim() == _GRID:
        return _grid(value, one)
    kind: GlimpseKind = "curve" if one.numel() > MOST_BARS * 8 else "bars"
    most = MOST_POINTS if kind == "curve" else MOST_BARS
    return _told(value, kind, lines=(_thinned(one, most),))


def picture_of(value: Tensor) -> Glimpse | None:
    """A batch of one picture or clip, painted from its lowest value to its highest."""
    one = value[0].detach().to(torch.float32)
    if one.dim() == _CLIP:
        frames = one if one.shape[1] in (1, COLORS) else one.transpose(0, 1)
        planes = tuple(_picture(frame) for frame in frames[:MOST_MAPS])
        return _told(value, "maps", planes=planes)
    if one.dim() != _MAPS or one.shape[0] not in (1, COLORS):
        return glimpse_of(value)
    return _told(value, "picture", planes=(_picture(one),))


def words_of(value: Tensor, words: Sequence[str]) -> Glimpse:
    """A batch of one text; padding, which says nothing, is left out."""
    said = [word for word in words if word]
    shown = (*said[:MOST_WORDS], "…") if len(said) > MOST_WORDS else tuple(said)
    return Glimpse("words", tuple(value.shape[1:]), words=shown)


def probabilities_of(probabilities: Tensor, labels: Sequence[str]) -> Glimpse:
    """The surest classes of one answer."""
    found = probabilities.flatten().tolist()
    order = sorted(range(len(found)), key=lambda place: -found[place])[:MOST_CLASSES]
    shares = tuple(found[place] for place in order)
    return Glimpse(
        "classes",
        (len(labels),),
        lines=(shares,),
        words=tuple(labels[place] for place in order),
        low=min(found),
        high=max(found),
        mean=sum(found) / len(found),
        zeros=sum(share == 0 for share in found) / len(found),
    )


def _grid(value: Tensor, one: Tensor) -> Glimpse:
    """Few rows, or few columns, are curves; what is wide both ways is a heat map."""
    lines = one if one.shape[0] <= one.shape[1] else one.T
    if lines.shape[0] <= LINES_AT_MOST:
        curves = tuple(_thinned(line, MOST_POINTS) for line in lines[:MOST_LINES])
        return _told(value, "curve", lines=curves)
    return _told(value, "heat", planes=(_plane(_smaller(one[None], PICTURE_SIDE)[0], one),))


def _maps(maps: Tensor) -> tuple[Plane, ...]:
    small = _smaller(maps[:MOST_MAPS], MAP_SIDE)
    return tuple(_plane(one, maps) for one in small)


def _picture(one: Tensor) -> Plane:
    small = _bytes(_smaller(one, PICTURE_SIDE), one)
    pixels = small.permute(1, 2, 0) if small.shape[0] == COLORS else small[0]
    return Plane(small.shape[1], small.shape[2], pixels.contiguous().numpy().tobytes())


def _plane(grid: Tensor, scale: Tensor) -> Plane:
    return Plane(grid.shape[0], grid.shape[1], _bytes(grid, scale).numpy().tobytes())


def _bytes(values: Tensor, scale: Tensor) -> Tensor:
    """0 for the lowest of `scale`, 255 for the highest; what is no number counts as the lowest."""
    finite = scale[torch.isfinite(scale)]
    low = finite.min() if finite.numel() else torch.tensor(0.0)
    high = finite.max() if finite.numel() else torch.tensor(1.0)
    reach = (high - low).clamp_min(1e-12)
    shares = torch.nan_to_num((values - low) / reach, nan=0.0, posinf=1.0, neginf=0.0)
    return (shares.clamp(0, 1) * 255).round().to(torch.uint8)


def _smaller(maps: Tensor, side: int) -> Tensor:
    """Maps [C, H, W] no larger than that, each place the mean of what it stands for."""
    height, width = maps.shape[-2:]
    wanted = (min(height, side), min(width, side))
    if wanted == (height, width):
        return maps
    small: Tensor = functional.adaptive_avg_pool2d(maps[None], wanted)[0]
    return small


def _thinned(line: Tensor, most: int) -> tuple[float, ...]:
    """At most so many numbers: of each stretch the one that is farthest from 0."""
    if line.numel() > most:
        stretches = line.tensor_split(most)
        line = torch.stack([one[one.abs().argmax()] for one in stretches])
    return tuple(torch.nan_to_num(line).tolist())


def _told(
    value: Tensor,
    kind: GlimpseKind,
    planes: tuple[Plane, ...] = (),
    lines: tuple[tuple[float, ...], ...] = (),
) -> Glimpse:
    numbers = value.detach().to(torch.float32)
    finite = numbers[torch.isfinite(numbers)]
    shape: Shape = tuple(value.shape[1:])
    if not finite.numel():
        return Glimpse(kind, shape, planes, lines)
    return Glimpse(
        kind,
        shape,
        planes,
        lines,
        low=float(finite.min()),
        high=float(finite.max()),
        mean=float(finite.mean()),
        zeros=float((numbers == 0).float().mean()),
    )
