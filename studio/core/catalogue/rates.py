"""How a learning rate moves over a run: for each schedule the share of the rate at a moment."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from studio.core.params import Values


@dataclass(frozen=True, slots=True)
class Moment:
    """Where a run stands: `step` of all its steps, from 0, with `steps_each` in an epoch."""

    step: int
    steps_each: int
    epochs: int

    @property
    def epoch(self) -> int:
        """Whole epochs that lie behind."""
        return self.step // self.steps_each

    @property
    def epochs_done(self) -> float:
        """Epochs that lie behind, with the part of the one at work."""
        return self.step / self.steps_each

    @property
    def share(self) -> float:
        """From 0 at the first step to 1 after the last."""
        return self.step / (self.steps_each * self.epochs)


Rate: TypeAlias = Callable[[Moment, Values], float]


def number_of(values: Values, key: str) -> float:
    """A value of kind number or whole."""
    value = values[key]
    assert isinstance(value, int | float)
    return float(value)


def unchanged(_moment: Moment, _values: Values) -> float:
    """The whole rate at all times."""
    return 1.0


def low_start(moment: Moment, values: Values) -> float:
    """A share of the rate for some epochs, then all of it (torch's ConstantLR)."""
    is_low = moment.epoch < number_of(values, "epochs")
    return number_of(values, "factor") if is_low else 1.0


def stepped(moment: Moment, values: Values) -> float:
    """Times gamma every few epochs (torch's StepLR)."""
    falls = moment.epoch // int(number_of(values, "every"))
    return number_of(values, "gamma") ** falls


def stepped_at(moment: Moment, values: Values) -> float:
    """Times gamma after each of the epochs named (torch's MultiStepLR)."""
    at = values["after"]
    assert isinstance(at, tuple)
    falls = sum(moment.epoch >= int(epoch) for epoch in at)
    return number_of(values, "gamma") ** falls


def exponential(moment: Moment, values: Values) -> float:
    """Times gamma after each epoch (torch's ExponentialLR)."""
    return number_of(values, "gamma") ** moment.epoch


def straight(moment: Moment, values: Values) -> float:
    """A straight line from one share to another over the whole run (torch's LinearLR)."""
    first, last = number_of(values, "first"), number_of(values, "last")
    return first + (last - first) * moment.share


def polynomial(moment: Moment, values: Values) -> float:
    """What is left of the run, to a power (torch's PolynomialLR)."""
    return math.pow(max(0.0, 1.0 - moment.share), number_of(values, "power"))


def cosine(moment: Moment, values: Values) -> float:
    """Half a cosine wave from the whole rate to a last share (torch's CosineAnnealingLR)."""
    return _half_wave(min(1.0, moment.share), number_of(values, "last"))


def cosine_with_restarts(moment: Moment, values: Values) -> float:
    """Half waves, each longer than the one before (torch's CosineAnnealingWarmRestarts)."""
    length, growth = number_of(values, "epochs"), number_of(values, "growth")
    done = moment.epochs_done
    while done >= length:
        done -= length
        length *= growth
    return _half_wave(done / length, number_of(values, "last"))


def warm_up(moment: Moment, values: Values) -> float:
    """A straight line up to the whole rate, which then stays."""
    share = moment.epochs_done / number_of(values, "epochs")
    first = number_of(values, "first")
    return min(1.0, first + (1.0 - first) * share)


def warm_up_then_cosine(moment: Moment, values: Values) -> float:
    """A straight line up, then half a cosine wave down over the rest of the run."""
    before = number_of(values, "epochs")
    if moment.epochs_done < before:
        return warm_up(moment, values)
    rest = max(1e-9, moment.epochs - before)
    share = min(1.0, (moment.epochs_done - before) / rest)
    return _half_wave(share, number_of(values, "last"))


def one_after_another(moment: Moment, values: Values) -> float:
    """One schedule for some epochs, then another over the rest (torch's SequentialLR)."""
    before = int(number_of(values, "epochs"))
    if moment.epochs_done < before:
        return _BEFORE[str(values["begins"])](moment, values)
    rest = Moment(
        moment.step - before * moment.steps_each,
        moment.steps_each,
        max(1, moment.epochs - before),
    )
    return _BEHIND[str(values["goes_on"])](rest, values)


def inverse_root(moment: Moment, values: Values) -> float:
    """Up in a straight line, then down with the root of the steps.

    The schedule of Vaswani et al., "Attention Is All You Need", 2017, section 5.3, with
    the learning rate as its peak.
    """
    before = max(1.0, number_of(values, "epochs") * moment.steps_each)
    step = moment.step + 1
    return min(step / before, math.sqrt(before / step))


def cyclic(moment: Moment, values: Values) -> float:
    """Up and down between a low share and the whole rate (torch's CyclicLR)."""
    half = number_of(values, "epochs")
    cycle = math.floor(1 + moment.epochs_done / (2 * half))
    height = max(0.0, 1.0 - abs(moment.epochs_done / half - 2 * cycle + 1))
    if values["shape"] == "halving":
        height /= 2.0 ** (cycle - 1)
    elif values["shape"] == "shrinking":
        height *= number_of(values, "gamma") ** moment.epochs_done
    low = number_of(values, "low")
    return low + (1.0 - low) * height


def one_cycle(moment: Moment, values: Values) -> float:
    """Once up to the whole rate and down to nearly nothing (torch's OneCycleLR).

    Smith and Topin, "Super-Convergence", 2018.
    """
    first = 1.0 / number_of(values, "start_divisor")
    last = first / number_of(values, "end_divisor")
    total = moment.steps_each * moment.epochs - 1
    peak = number_of(values, "rise") * (total + 1) - 1
    if moment.step <= peak:
        return _between(first, 1.0, moment.step / max(1e-9, peak), values)
    share = (moment.step - peak) / max(1e-9, total - peak)
    return _between(1.0, last, min(1.0, share), values)


def _first_share(_moment: Moment, values: Values) -> float:
    return number_of(values, "first")


_BEFORE: Mapping[str, Rate] = MappingProxyType(
    {"rises": warm_up, "low": _first_share, "whole": unchanged}
)
_BEHIND: Mapping[str, Rate] = MappingProxyType(
    {
        "cosine": cosine,
        "straight": lambda moment, values: straight(moment, {**values, "first": 1.0}),
        "polynomial": polynomial,
        "exponential": exponential,
        "steps": stepped,
        "whole": unchanged,
    }
)


def _between(start: float, end: float, share: float, values: Values) -> float:
    if values["curve"] == "straight":
        return start + (end - start) * share
    return end + (start - end) * (1.0 + math.cos(math.pi * share)) / 2.0


def _half_wave(share: float, last: float) -> float:
    return last + (1.0 - last) * (1.0 + math.cos(math.pi * share)) / 2.0
