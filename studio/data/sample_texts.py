"""Built-in texts: reviews of tools that please or annoy, and sentences in English and German."""

import itertools

import numpy as np
import pandas as pd

_THINGS = (
    "drill", "kettle", "lamp", "printer", "jacket", "keyboard", "bicycle pump", "headset",
    "vacuum cleaner", "backpack", "watch", "mixer", "tent", "heater", "suitcase", "camera",
)  # fmt: skip
_PRAISE = (
    "works perfectly", "does exactly what it should", "feels solid", "is a pleasure to use",
    "still looks like new", "was easy to set up", "is worth every cent", "never lets me down",
    "is quiet and fast", "arrived on time and well packed",
)  # fmt: skip
_BLAME = (
    "stopped working", "feels cheap", "is far too loud", "broke at the hinge",
    "was scratched on arrival", "is a waste of money", "never starts at the first try",
    "smells of burnt plastic", "does not fit together", "came two weeks late",
)  # fmt: skip
_TIMES = ("one day", "three weeks", "two months", "half a year", "a whole winter")
_GLAD = (
    "I would buy it again.", "I am very happy with it.", "Highly recommended.",
    "My whole family likes it.", "Thank you.", "",
)  # fmt: skip
_SORRY = (
    "I sent it back.", "I want my money back.", "Stay away from it.",
    "Nobody answers my letters.", "Never again.", "",
)  # fmt: skip
_REVIEWS = 1400


def reviews() -> pd.DataFrame:
    """Texts and whether they praise; some say first what was feared or hoped for."""
    random = np.random.default_rng(6)
    rows = {_review(random) for _ in range(3 * _REVIEWS)}
    frame = pd.DataFrame(sorted(rows), columns=["text", "opinion"])
    return frame.sample(_REVIEWS, random_state=6, ignore_index=True)


def phrases() -> pd.DataFrame:
    """English sentences and the same in German, where articles, endings and order differ."""
    random = np.random.default_rng(7)
    every = list(itertools.product(_PEOPLE, _LOOKS, _VERBS, _KINDS, _GOODS, _WHENS))
    taken = random.choice(len(every), _PHRASES, replace=False)
    pairs = [_sentence(*every[place]) for place in taken]
    return pd.DataFrame(pairs, columns=["english", "german"])


def _review(random: np.random.Generator) -> tuple[str, str]:
    is_good = bool(random.random() < 0.5)
    said, other = (_PRAISE, _BLAME) if is_good else (_BLAME, _PRAISE)
    thing, verdict = random.choice(_THINGS), random.choice(said)
    forms = (
        f"The {thing} {verdict}.",
        f"After {random.choice(_TIMES)} the {thing} {verdict}.",
        f"I was told that the {thing} {random.choice(other)}, but it {verdict}.",
        f"This {thing} {verdict} and {random.choice(said)}.",
    )
    end = random.choice(_GLAD if is_good else _SORRY)
    return f"{random.choice(forms)} {end}".strip(), "positive" if is_good else "negative"


_PHRASES = 3000
_PEOPLE = (
    ("man", "der", "Mann"), ("woman", "die", "Frau"), ("child", "das", "Kind"),
    ("teacher", "der", "Lehrer"), ("doctor", "die", "Ärztin"), ("girl", "das", "Mädchen"),
    ("driver", "der", "Fahrer"), ("neighbour", "die", "Nachbarin"),
)  # fmt: skip
_LOOKS = (("", ""), ("old", "alte"), ("young", "junge"), ("tall", "große"), ("small", "kleine"))
_VERBS = (
    ("sees", "sieht"), ("buys", "kauft"), ("needs", "braucht"), ("finds", "findet"),
    ("repairs", "repariert"), ("carries", "trägt"), ("paints", "malt"), ("wants", "will"),
)  # fmt: skip
_KINDS = (("red", "rot"), ("new", "neu"), ("heavy", "schwer"), ("green", "grün"), ("", ""))
_GOODS = (
    ("machine", "die", "Maschine"), ("table", "den", "Tisch"), ("door", "die", "Tür"),
    ("car", "das", "Auto"), ("book", "das", "Buch"), ("key", "den", "Schlüssel"),
    ("lamp", "die", "Lampe"), ("chair", "den", "Stuhl"), ("bicycle", "das", "Fahrrad"),
)  # fmt: skip
_WHENS = (("", ""), ("today", "heute"), ("now", "jetzt"), ("again", "wieder"), ("often", "oft"))
Words = tuple[str, ...]


def _sentence(
    who: Words, look: Words, verb: Words, kind: Words, what: Words, when: Words
) -> tuple[str, str]:
    ending = "en" if what[1] == "den" else "e"
    said = kind[1] + ending if kind[1] else ""
    english = ("The", look[0], who[0], verb[0], "the", kind[0], what[0], when[0])
    german = (who[1].capitalize(), look[1], who[2], verb[1], when[1], what[1], said, what[2])
    return _joined(english), _joined(german)


def _joined(words: Words) -> str:
    return " ".join(word for word in words if word) + "."
