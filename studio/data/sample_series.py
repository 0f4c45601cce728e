"""Built-in time series: the electricity demand of a town, and the readings of a machine."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

_DAY = 24
_STATES = ("normal", "blocked", "worn")


def demand() -> pd.DataFrame:
    """Hourly demand of a made-up town for 120 days: days, weekends, weather and chance."""
    random, hours = np.random.default_rng(8), 120 * _DAY
    time = pd.date_range("2025-01-06", periods=hours, freq="h")
    hour, day = np.arange(hours) % _DAY, np.arange(hours) // _DAY
    weather = _wandering(random, hours, keep=0.995, step=0.35)
    warmth = 4 + day / 10 + 4 * np.sin((hour - 9) * 2 * np.pi / _DAY) + weather
    daily = 9 * np.exp(-(((hour - 8) / 3.2) ** 2)) + 13 * np.exp(-(((hour - 19) / 3.6) ** 2))
    load = 42 + daily * np.where(day % 7 >= 5, 0.7, 1.0) - 0.7 * warmth
    load += _wandering(random, hours, keep=0.9, step=0.4)
    return pd.DataFrame(
        {
            "time": time.strftime("%Y-%m-%d %H:%M"),
            "temperature_c": warmth.round(1),
            "demand_mw": load.round(2),
        }
    )


def machine() -> pd.DataFrame:
    """A made-up pump, read every ten minutes: now and then it is blocked, or a bearing is worn."""
    random, count = np.random.default_rng(9), 4320
    time = pd.date_range("2025-03-01", periods=count, freq="10min")
    load = 0.5 + 0.3 * np.sin(np.arange(count) * 2 * np.pi / 144)
    load += _wandering(random, count, keep=0.97, step=0.03)
    state = _states(random, count)
    blocked, worn = state == 1, state == 2
    pressure = 3 + 2 * load + 1.6 * blocked + random.normal(0, 0.06, count)
    temperature = 35 + 18 * load + 6 * worn + 3 * blocked + random.normal(0, 0.5, count)
    vibration = 1 + 0.8 * load + 1.3 * worn + random.gamma(2, 0.05, count)
    return pd.DataFrame(
        {
            "time": time.strftime("%Y-%m-%d %H:%M"),
            "pressure_bar": pressure.round(2),
            "temperature_c": temperature.round(1),
            "vibration_mm_s": vibration.round(2),
            "state": np.array(_STATES, object)[state],
        }
    )


def _states(random: np.random.Generator, count: int) -> NDArray[np.int64]:
    """Mostly normal, with a fault of some hours every day or two."""
    state, place = np.zeros(count, np.int64), 150
    while place < count:
        length = int(random.integers(18, 60))
        state[place : place + length] = random.integers(1, len(_STATES))
        place += length + int(random.integers(90, 260))
    return state


def _wandering(
    random: np.random.Generator, count: int, *, keep: float, step: float
) -> NDArray[np.float64]:
    """Chance that lasts: each value keeps so much of the one before."""
    steps, value = random.normal(0, step, count), 0.0
    found = np.empty(count)
    for i, change in enumerate(steps):
        value = keep * value + change
        found[i] = value
    return found
