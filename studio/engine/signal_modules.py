"""Modules for sound: spectrogram, mel scale, decibels, logarithm, cepstrum, delta."""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional
from typing_extensions import override


class Spectrogram(nn.Module):
    """Sounds [N, S] to the power or magnitude of each frequency, [N, 1, bins, frames].

    Windows are periodic Hann ones of `n_fft` samples, not scaled; half a window of zeros is
    added at both ends, so that frame t is heard about sample t * hop.
    """

    window: Tensor

    def __init__(self, n_fft: int, hop: int, is_power: bool = True) -> None:
        super().__init__()
        self.n_fft = n_fft
        self.hop = hop
        self.is_power = is_power
        self.register_buffer("window", torch.hann_window(n_fft))

    @override
    def forward(self, input: Tensor) -> Tensor:
        half = self.n_fft // 2
        padded = functional.pad(input, [half, half])
        spectrum = torch.stft(
            padded,
            self.n_fft,
            hop_length=self.hop,
            win_length=self.n_fft,
            window=self.window,
            center=False,
            return_complex=True,
        )
        if self.is_power:
            return torch.view_as_real(spectrum).square().sum(dim=-1).unsqueeze(1)
        return spectrum.abs().unsqueeze(1)

    @override
    def extra_repr(self) -> str:
        return f"n_fft={self.n_fft}, hop={self.hop}, is_power={self.is_power}"


class MelSpectrogram(nn.Module):
    """Sounds [N, S] to the power in each band of the mel scale, [N, 1, mels, frames]."""

    bands: Tensor

    def __init__(
        self, *, n_fft: int, hop: int, mels: int, f_min: float, f_max: float, rate: int
    ) -> None:
        super().__init__()
        self.spectrogram = Spectrogram(n_fft, hop)
        self.register_buffer("bands", mel_bands(n_fft, mels, f_min=f_min, f_max=f_max, rate=rate))

    @override
    def forward(self, input: Tensor) -> Tensor:
        return torch.matmul(self.bands, self.spectrogram(input))

    @override
    def extra_repr(self) -> str:
        return f"mels={self.bands.shape[0]}"


class Decibels(nn.Module):
    """factor * log10(x), nothing below `lowest`: a factor of 10 for power, 20 for magnitude."""

    def __init__(self, factor: float, lowest: float) -> None:
        super().__init__()
        self.factor = factor
        self.least = 10.0 ** (lowest / factor)

    @override
    def forward(self, input: Tensor) -> Tensor:
        return self.factor * torch.log10(input.clamp(min=self.least))

    @override
    def extra_repr(self) -> str:
        return f"factor={self.factor}, least={self.least}"


class Logarithm(nn.Module):
    """sign(x) * log(1 + scale * |x|)."""

    def __init__(self, scale: float) -> None:
        super().__init__()
        self.scale = scale

    @override
    def forward(self, input: Tensor) -> Tensor:
        return torch.sign(input) * torch.log1p(self.scale * input.abs())

    @override
    def extra_repr(self) -> str:
        return f"scale={self.scale}"


class Cepstrum(nn.Module):
    """Bands [..., B, frames] in decibels or logarithms to their first cosine coefficients.

    The orthonormal discrete cosine transform of type 2 along the bands: of mel bands in
    decibels, these are mel frequency cepstral coefficients. ValueError for more coefficients
    than bands.
    """

    cosines: Tensor

    def __init__(self, bands: int, coefficients: int) -> None:
        super().__init__()
        if coefficients > bands:
            raise ValueError(f"{coefficients} coefficients of {bands} bands")
        middles = torch.arange(bands, dtype=torch.float64) + 0.5
        turns = torch.arange(coefficients, dtype=torch.float64).unsqueeze(1)
        cosines = torch.cos(math.pi / bands * turns * middles) * math.sqrt(2.0 / bands)
        scale = torch.ones(coefficients, 1, dtype=torch.float64)
        scale[0] = math.sqrt(0.5)
        self.register_buffer("cosines", (cosines * scale).to(torch.float32))

    @override
    def forward(self, input: Tensor) -> Tensor:
        return torch.matmul(self.cosines, input)

    @override
    def extra_repr(self) -> str:
        return f"coefficients={self.cosines.shape[0]}"


class Delta(nn.Module):
    """The slope of the line through the `reach` neighbours on both sides; the ends are repeated.

    sum(n * (x[t + n] - x[t - n])) / (2 * sum(n * n)) for n from 1 to reach: formula 5.16 of
    The HTK Book (version 3.4).
    """

    def __init__(self, reach: int, axis: int) -> None:
        super().__init__()
        self.reach = reach
        self.axis = axis
        self.divisor = 2.0 * sum(n * n for n in range(1, reach + 1))

    @override
    def forward(self, input: Tensor) -> Tensor:
        steps = input.shape[self.axis]
        places = torch.arange(-self.reach, steps + self.reach, device=input.device)
        long = input.index_select(self.axis, places.clamp(0, steps - 1))
        slope = torch.zeros_like(input)
        for n in range(1, self.reach + 1):
            later = long.narrow(self.axis, self.reach + n, steps)
            slope = slope + n * (later - long.narrow(self.axis, self.reach - n, steps))
        return slope / self.divisor

    @override
    def extra_repr(self) -> str:
        return f"reach={self.reach}, axis={self.axis}"


def mel_bands(n_fft: int, mels: int, *, f_min: float, f_max: float, rate: int) -> Tensor:
    """Triangles of height 1 over the bins of a spectrogram, [mels, n_fft // 2 + 1].

    Their corners lie evenly on the mel scale of HTK, 2595 * log10(1 + f / 700) (The HTK Book,
    version 3.4, formula 5.13). A band too narrow to hold any bin takes the one nearest to its
    middle, so that none is silent. ValueError for a range that is empty or beyond rate / 2.
    """
    if not 0.0 <= f_min < f_max <= rate / 2:
        raise ValueError(f"no band between {f_min} and {f_max} Hz at {rate} Hz")
    frequencies = torch.arange(n_fft // 2 + 1, dtype=torch.float64) * rate / n_fft
    low, high = _mel_of(f_min), _mel_of(f_max)
    steps = torch.linspace(low, high, mels + 2, dtype=torch.float64)
    corners = _frequencies_of(steps).unsqueeze(1)
    left, middle, right = corners[:-2], corners[1:-1], corners[2:]
    rising = (frequencies - left) / (middle - left)
    falling = (right - frequencies) / (right - middle)
    # Corners that fall together divide 0 by 0.
    bands = torch.minimum(rising, falling).nan_to_num(0.0).clamp(min=0.0)
    nearest = torch.zeros_like(bands)
    nearest.scatter_(1, (frequencies - middle).abs().argmin(dim=1, keepdim=True), 1.0)
    is_silent = bands.sum(dim=1, keepdim=True) == 0.0
    return torch.where(is_silent, nearest, bands).to(torch.float32)


def _mel_of(frequency: float) -> float:
    return 2595.0 * math.log10(1.0 + frequency / 700.0)


def _frequencies_of(mel: Tensor) -> Tensor:
    return 700.0 * (torch.pow(10.0, mel / 2595.0) - 1.0)
