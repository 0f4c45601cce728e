"""What a column's kind and role are called on the screen, with their icons and what they mean."""

from collections.abc import Mapping
from dataclasses import dataclass

from studio.core.design.dataset import ColumnKind, ColumnRole
from studio.core.words import tr

MOST_WRITTEN_OUT = 1e9
NO_DECIMALS_FROM = 1e4
LEAST_SHARE = 0.1  # per cent


@dataclass(frozen=True, slots=True)
class Words:
    """A title, an icon's name, theme tokens for a chip, and one sentence."""

    title: str
    icon: str
    help: str
    ground: str = "sunken"
    ink: str = "text_soft"


KINDS: Mapping[ColumnKind, Words] = {
    "number": Words("Number", "number", "A quantity: more and less mean something."),
    "category": Words("Category", "category", "One of a few values, without an order."),
    "text": Words("Text", "text", "Words of any length; they become tokens."),
    "date": Words("Date", "date", "A day or a time; it becomes its parts, such as the month."),
    "identifier": Words(
        "Identifier", "identifier", "A name of someone or something; it becomes an embedding."
    ),
    "image": Words("Image", "image", "Names of pictures, beside the file or in its folder."),
    "sound": Words("Sound", "sound", "Names of sound files, beside the file or in its folder."),
    "video": Words("Video", "video", "Names of clips, beside the file or in its folder."),
}
_MEDIA: Mapping[ColumnKind, str] = {
    "image": "No pictures were found in this column.",
    "sound": "No sounds were found in this column.",
    "video": "No clips were found in this column.",
}
ROLES: Mapping[ColumnRole, Words] = {
    "input": Words("Input", "", "The network sees it.", "accent_soft", "accent"),
    "target": Words("Target", "", "The network learns to say it.", "good_soft", "good_text"),
    "both": Words(
        "Input and target",
        "",
        "The network sees it and learns to say it again: what it cannot is unusual.",
        "good_soft",
        "good_text",
    ),
    "ignore": Words("Ignore", "", "The network never sees it."),
}


def kind_refusal(kind: ColumnKind, found: ColumnKind) -> str:
    """Why a column cannot be read as that kind; empty where it can. `found` is what it holds."""
    if kind == found or kind not in _MEDIA:
        return ""
    return tr(_MEDIA[kind])


def count_of(number: int) -> str:
    """A whole number with thin separators: ``60 000``."""
    return f"{number:,}".replace(",", "\u2009")


def share_of(part: int, whole: int) -> str:
    """A part in per cent; small ones keep a digit."""
    share = 100 * part / whole if whole else 0.0
    if 0 < share < LEAST_SHARE:
        return tr("under {share} %", share=LEAST_SHARE)
    return tr("{share} %", share=f"{share:.1f}" if 0 < share < 10 else f"{share:.0f}")


def figure(value: float | None) -> str:
    """A number as a person reads it, in five digits: ``0.1235``, ``15 138``."""
    if value is None:
        return "–"
    if abs(value) < MOST_WRITTEN_OUT and (value == int(value) or abs(value) >= NO_DECIMALS_FROM):
        return count_of(round(value))
    return f"{value:,.5g}".replace(",", "\u2009")
