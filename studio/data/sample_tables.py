"""Built-in tables, made from a fixed seed: machines, houses, spirals."""

import numpy as np
import pandas as pd


def factory() -> pd.DataFrame:
    """Overheating, overload and wear follow from readings; a few rows are known to be wrong."""
    random, count = np.random.default_rng(1), 2000
    machine = random.choice(["A", "B", "C"], count, p=[0.5, 0.3, 0.2])
    speed = random.normal(1500, 180, count)
    torque = np.clip(60_000 / speed + random.normal(0, 8, count), 5, None)
    air = random.normal(22, 3, count)
    temperature = (
        air + 30 + 0.012 * (speed - 1500) + 0.5 * (torque - 40) + random.normal(0, 4, count)
    )
    wear = random.uniform(0, 240, count)
    vibration = 1.2 + 0.006 * wear + random.gamma(2, 0.25, count)
    limit = np.where(machine == "A", 62.0, 66.0)
    failure = np.select(
        [
            temperature > limit,
            torque * speed > 69_000 + 1_000 * (machine == "C"),
            (wear > 195) & (vibration > 2.6),
        ],
        ["overheating", "overload", "worn tool"],
        "none",
    )
    wrong = random.random(count) < 0.01
    failure[wrong] = random.choice(["none", "overheating"], int(wrong.sum()))
    frame = pd.DataFrame(
        {
            "machine": machine,
            "air_temperature_c": air.round(1),
            "bearing_temperature_c": temperature.round(1),
            "speed_rpm": speed.round(0),
            "torque_nm": torque.round(1),
            "tool_wear_min": wear.round(0),
            "vibration_mm_s": vibration.round(2),
            "failure": failure,
        }
    )
    frame.loc[random.random(count) < 0.02, "vibration_mm_s"] = np.nan
    return frame


def houses() -> pd.DataFrame:
    """Made-up houses: the price follows from place, size, age and garden."""
    random, count = np.random.default_rng(2), 1500
    place = random.choice(["centre", "suburb", "village"], count, p=[0.3, 0.5, 0.2])
    area = random.gamma(9, 13, count) + 30
    rooms = np.clip((area / 28 + random.normal(0, 0.8, count)).round(), 1, 9)
    age = random.integers(0, 100, count).astype(np.float64)
    garden = np.where(place == "centre", 0, random.gamma(2, 120, count)).round()
    worth = pd.Series(place).map({"centre": 4200.0, "suburb": 2900.0, "village": 1900.0})
    price = area * worth.to_numpy() * (1.15 - 0.004 * age) + 90 * garden + 6000 * rooms
    price = price * random.normal(1, 0.06, count)
    return pd.DataFrame(
        {
            "place": place,
            "area_m2": area.round(1),
            "rooms": rooms,
            "age_years": age,
            "garden_m2": garden,
            "price": (price / 100).round() * 100,
        }
    )


def spirals() -> pd.DataFrame:
    """Points on three spirals, a little beside them."""
    random, each = np.random.default_rng(4), 300
    names = ("blue", "green", "red")
    along = np.sqrt(np.linspace(0.02, 1, each))
    frames = []
    for i, name in enumerate(names):
        angle = along * 4.5 + i * 2 * np.pi / len(names) + random.normal(0, 0.1, each)
        frames.append(
            pd.DataFrame(
                {
                    "x": (along * np.cos(angle)).round(4),
                    "y": (along * np.sin(angle)).round(4),
                    "spiral": name,
                }
            )
        )
    frame = pd.concat(frames, ignore_index=True)
    return frame.iloc[random.permutation(len(frame))].reset_index(drop=True)


def ratings() -> pd.DataFrame:
    """Made-up people who rate films by how much they like what is in them."""
    random, people, films, count = np.random.default_rng(10), 240, 90, 6000
    tastes, contents = random.normal(0, 1, (people, 3)), random.normal(0, 1, (films, 3))
    mood, quality = random.normal(0, 0.3, people), random.normal(0, 0.5, films)
    who = random.integers(0, people, 2 * count)
    what = (films * random.beta(1.1, 1.8, 2 * count)).astype(np.int64)
    _, first = np.unique(who * films + what, return_index=True)
    kept = np.sort(first)[:count]
    who, what = who[kept], what[kept]
    liking = 3.2 + (tastes[who] * contents[what]).sum(axis=1) * 0.7 + mood[who] + quality[what]
    stars = np.clip((liking + random.normal(0, 0.4, len(kept))).round(), 1, 5)
    return pd.DataFrame(
        {
            "user_id": [f"u{number + 1:03d}" for number in who],
            "film_id": [f"f{number + 1:02d}" for number in what],
            "stars": stars,
        }
    )
