"""ColumnValues and ColumnIndex: the columns of a row, or of a window, as numbers for the model."""

from dataclasses import dataclass
from math import inf

import torch
from torch import Tensor, nn
from torch.nn import functional
from typing_extensions import override

from studio.data.arrays import FittedFeature

NEVER = -2.0  # no row holds this category index


@dataclass(frozen=True, slots=True)
class _Number:
    """One number that a column becomes: where it comes from and what is done to it."""

    source: int
    code: float | None = None
    fill: float = 0.0
    offset: float = 0.0
    scale: float = 1.0
    least: float = -inf
    most: float = inf
    is_log: bool = False
    is_flag: bool = False


class ColumnValues(nn.Module):
    """Numbers filled, clipped, scaled; categories one-hot; an unseen category gives zeros.

    Takes [N, F] or [N, T, F] and gives the same with as many numbers as the features are
    wide. `smooth` is the window of a causal mean over T, taken last and of numbers alone.
    """

    source: Tensor
    code: Tensor
    is_category: Tensor
    fill: Tensor
    offset: Tensor
    scale: Tensor
    least: Tensor
    most: Tensor
    is_log: Tensor
    is_flag: Tensor
    is_number: Tensor

    def __init__(self, places: list[int], features: list[FittedFeature], smooth: int = 1) -> None:
        super().__init__()
        placed = list(zip(places, features, strict=True))
        merged = [(place, known) for place, known in placed if _is_merged(known)]
        self.merging = MergedCategories(merged)
        self.merges = bool(merged)
        numbers = _numbers(placed, merged)
        self.has_categories = any(number.code is not None for number in numbers)
        self.clips = any(number.least > -inf or number.most < inf for number in numbers)
        self.has_logs = any(number.is_log for number in numbers)
        self.has_flags = any(number.is_flag for number in numbers)
        self.smooth = smooth
        self._register(numbers)

    def _register(self, numbers: list[_Number]) -> None:
        self.register_buffer("source", torch.tensor([n.source for n in numbers]).to(torch.int64))
        self.register_buffer("code", _floats(NEVER if n.code is None else n.code for n in numbers))
        for name in ("fill", "offset", "scale", "least", "most"):
            self.register_buffer(name, _floats(getattr(n, name) for n in numbers))
        flags = {
            "is_category": [n.code is not None for n in numbers],
            "is_log": [n.is_log for n in numbers],
            "is_flag": [n.is_flag for n in numbers],
            "is_number": [n.code is None and not n.is_flag for n in numbers],
        }
        for name, values in flags.items():
            self.register_buffer(name, torch.tensor(values, dtype=torch.bool))

    @override
    def forward(self, raw: Tensor) -> Tensor:
        if self.merges:
            raw = torch.cat([self.merging(raw), raw], dim=-1)
        spread = raw.index_select(-1, self.source)
        is_missing = torch.isnan(spread)
        values = torch.where(is_missing, self.fill, spread)
        if self.clips:
            values = torch.minimum(torch.maximum(values, self.least), self.most)
        if self.has_logs:
            values = torch.where(self.is_log, values.sign() * values.abs().log1p(), values)
        values = (values - self.offset) / self.scale
        if self.smooth > 1:
            values = torch.where(self.is_number, causal_mean(values, self.smooth), values)
        if self.has_categories:
            is_it = (spread == self.code).to(torch.float32)
            values = torch.where(self.is_category, is_it, values)
        if self.has_flags:
            values = torch.where(self.is_flag, is_missing.to(torch.float32), values)
        return values


class MergedCategories(nn.Module):
    """The place that a category takes where several share one, `NEVER` for one never seen."""

    columns: Tensor
    counts: Tensor
    starts: Tensor
    taken: Tensor

    def __init__(self, merged: list[tuple[int, FittedFeature]]) -> None:
        super().__init__()
        taken = [_places(known) for _place, known in merged]
        counts = torch.tensor([len(places) for places in taken], dtype=torch.int64)
        columns = torch.tensor([place for place, _known in merged], dtype=torch.int64)
        self.register_buffer("columns", columns)
        self.register_buffer("counts", counts)
        self.register_buffer("starts", counts.cumsum(0) - counts)
        self.register_buffer("taken", _floats(place for places in taken for place in places))

    @override
    def forward(self, raw: Tensor) -> Tensor:
        index = torch.nan_to_num(raw.index_select(-1, self.columns), nan=-1.0)
        is_known = (index >= 0.0) & (index < self.counts) & (index == index.floor())
        row = torch.where(is_known, index, torch.zeros_like(index)).to(torch.int64) + self.starts
        places = self.taken.index_select(0, row.reshape(-1)).reshape(row.shape)
        return torch.where(is_known, places, torch.full_like(places, -2.0))


class ColumnIndex(nn.Module):
    """The number of a category for an embedding: its index + 1, 0 for missing or unseen.

    Categories that are merged have one number, that of the place they share; so have rare
    ones. Numbers above `most`, which the embedding was not made for, are unseen too.
    """

    source: Tensor
    numbers: Tensor

    def __init__(self, place: int, feature: FittedFeature, most: int | None = None) -> None:
        super().__init__()
        numbers = _indices(feature)
        known = [0 if most is not None and number > most else number for number in numbers]
        self.register_buffer("source", torch.tensor([place], dtype=torch.int64))
        self.register_buffer("numbers", torch.tensor([0, *known], dtype=torch.int64))

    @override
    def forward(self, raw: Tensor) -> Tensor:
        index = torch.nan_to_num(raw.index_select(-1, self.source), nan=-1.0) + 1.0
        is_known = (index >= 0.0) & (index < float(self.numbers.shape[0]))
        index = torch.where(is_known, index, torch.zeros_like(index)).to(torch.int64)
        return self.numbers.index_select(0, index.reshape(-1)).reshape(index.shape)


def causal_mean(values: Tensor, window: int) -> Tensor:
    """The mean of each value of [N, T, F] and up to `window` - 1 before it along T."""
    steps = functional.pad(values.transpose(1, 2), [window - 1, 0])
    sums = functional.avg_pool1d(steps, window, 1) * float(window)
    counts = torch.arange(1, values.shape[1] + 1, device=values.device).clamp(max=window)
    return (sums / counts).transpose(1, 2)


def _numbers(
    placed: list[tuple[int, FittedFeature]], merged: list[tuple[int, FittedFeature]]
) -> list[_Number]:
    """The numbers of all columns in their order; merged ones stand before the raw columns."""
    shared = {place: number for number, (place, _known) in enumerate(merged)}
    found: list[_Number] = []
    for place, known in placed:
        source = shared.get(place, place + len(merged))
        found += _category(source, known) if known.feature.kind == "category" else []
        found += _number(source, known) if known.feature.kind != "category" else []
    return found


def _number(source: int, known: FittedFeature) -> list[_Number]:
    least = -inf if known.least is None else known.least
    most = inf if known.most is None else known.most
    value = _Number(source, None, known.fill, known.offset, known.scale, least, most, known.is_log)
    return [value, _Number(source, is_flag=True)] if known.feature.has_flag else [value]


def _category(source: int, known: FittedFeature) -> list[_Number]:
    if _is_merged(known):
        return [_Number(source, float(place)) for place in range(known.feature.width)]
    return [_Number(source, code) for code in _places(known)]


def _is_merged(known: FittedFeature) -> bool:
    return bool(known.feature.groups) or known.feature.has_rare


def _places(known: FittedFeature) -> list[float]:
    """For each category its place among the numbers it becomes, NEVER for one never seen."""
    rarest = float(known.feature.width - 1)
    groups = known.feature.groups or tuple(range(len(known.seen)))
    rare = known.rare or (False,) * len(known.seen)
    return [
        NEVER if not seen else rarest if is_rare else float(place)
        for seen, is_rare, place in zip(known.seen, rare, groups, strict=True)
    ]


def _indices(known: FittedFeature) -> list[int]:
    """For each category its number from 1, 0 for one never seen."""
    groups = known.feature.groups or tuple(range(len(known.seen)))
    rare = known.rare or (False,) * len(known.seen)
    first = next((place for place, is_rare in zip(groups, rare, strict=True) if is_rare), 0)
    return [
        0 if not seen else 1 + (first if is_rare else place)
        for seen, is_rare, place in zip(known.seen, rare, groups, strict=True)
    ]


def _floats(values: object) -> Tensor:
    return torch.tensor(list(values), dtype=torch.float32)  # type: ignore[call-overload]
