"""How texts, sounds, clips and windows become samples, as Params of the Data page."""

from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import PurePath
from typing import Any, Literal, TypeAlias

from studio.core.design.dataset import DatasetSpec
from studio.core.design.shaping import SeriesSpec
from studio.core.params import Param, Value, Values, choice, number, switch, whole
from studio.core.words import tr

Part: TypeAlias = Literal["text", "sound", "clips", "series"]

LARGEST_VOCABULARY, LONGEST_TEXT = 200_000, 4096
LARGEST_RATE, LONGEST_SOUND, MOST_FRAMES = 192_000, 600.0, 256
LONGEST_WINDOW = 100_000
TITLES: Mapping[Part, str] = {
    "text": "From text to tokens",
    "sound": "From file to sound",
    "clips": "From file to frames",
    "series": "From rows to windows",
}
_TEXT = (
    choice(
        "tokenizer",
        "Tokens are",
        "word",
        {"word": "Words", "character": "Characters", "byte_pair": "Parts of words"},
        help="Words suit short texts of one language; characters suit languages without spaces; "
        "parts of words know every word by its pieces.",
    ),
    whole(
        "vocabulary",
        "Vocabulary",
        8000,
        at_least=8,
        at_most=LARGEST_VOCABULARY,
        unit="tokens",
        help="The most frequent tokens are known; all others are one unknown token.",
    ),
    whole(
        "length",
        "Length",
        32,
        at_most=LONGEST_TEXT,
        unit="tokens",
        help="Longer texts lose their beginning, shorter ones are filled up.",
    ),
    switch("lowercase", "Ignore upper case", True, help="The and the become one token."),
)
_SOUND = (
    whole(
        "rate",
        "Samples a second",
        16_000,
        at_least=1000,
        at_most=LARGEST_RATE,
        unit="Hz",
        help="Sounds are brought to this rate. Speech needs 8 000 to 16 000, music 44 100.",
    ),
    number(
        "seconds",
        "Length in seconds",
        1.0,
        above=0.0,
        at_most=LONGEST_SOUND,
        help="Longer sounds are cut, shorter ones filled with silence.",
    ),
)
_CLIPS = (
    whole(
        "frames",
        "Frames",
        8,
        at_most=MOST_FRAMES,
        help="So many frames of each clip, spread evenly over it.",
    ),
)
_WINDOWS = (
    choice(
        "purpose",
        "What is asked",
        "forecast",
        {
            "forecast": "What comes next",
            "classify": "Which class a window is",
            "rebuild": "What is unusual",
        },
        help="Forecast the targets, tell the class of the last row, or rebuild the window so "
        "that what cannot be rebuilt stands out.",
    ),
    whole(
        "window",
        "Window",
        48,
        at_most=LONGEST_WINDOW,
        unit="rows",
        help="How many rows the network sees at once.",
    ),
    whole(
        "horizon",
        "Looks ahead",
        1,
        at_most=LONGEST_WINDOW,
        unit="rows",
        help="How many rows are forecast.",
    ),
    whole(
        "stride",
        "Next window after",
        1,
        at_most=LONGEST_WINDOW,
        unit="rows",
        help="How many rows later each next window starts. More gives fewer, more different "
        "samples.",
    ),
)


def parts_of(dataset: DatasetSpec) -> tuple[Part, ...]:
    """Which of the forms the dataset needs."""
    kinds = {column.kind for column in dataset.columns if column.role != "ignore"}
    wanted: dict[Part, bool] = {
        "text": "text" in kinds,
        "sound": "sound" in kinds,
        "clips": "video" in kinds,
        "series": dataset.series is not None,
    }
    return tuple(part for part, is_wanted in wanted.items() if is_wanted)


def params_of(part: Part, dataset: DatasetSpec) -> tuple[Param, ...]:
    """The params of a form; those of a series name the columns of the dataset."""
    if part == "series":
        return (*_series_columns(dataset), *_WINDOWS)
    if part == "text" and dataset.text.folder:
        return (_tokenizers(dataset), *_TEXT[1:])
    return {"text": _TEXT, "sound": _SOUND, "clips": _CLIPS}[part]


def values_of(part: Part, dataset: DatasetSpec) -> dict[str, Value]:
    """The values in use."""
    spec = getattr(dataset, part)
    return {one.name: getattr(spec, one.name) for one in fields(spec)}


def with_values(part: Part, dataset: DatasetSpec, values: Values) -> DatasetSpec:
    """The dataset with other values of one form."""
    spec = getattr(dataset, part) or SeriesSpec()
    changed: dict[str, Any] = {part: replace(spec, **values)}
    return replace(dataset, **changed)


def reasons_of(part: Part, dataset: DatasetSpec) -> dict[str, str]:
    """Why fields that some data do not need are closed; "" for those that are open."""
    if part == "series" and dataset.series is not None:
        is_ahead = dataset.series.purpose == "forecast"
        return {"horizon": "" if is_ahead else tr("Only a forecast looks ahead.")}
    if part == "text":
        is_of_file = dataset.text.tokenizer == "file"
        settled = tr("The tokenizer of the pretrained network settles this.") if is_of_file else ""
        return {"vocabulary": settled, "lowercase": settled}
    return {}


def _tokenizers(dataset: DatasetSpec) -> Param:
    """Which tokens there are, with those of the pretrained network whose folder was chosen."""
    known = {one.key: one.label for one in _TEXT[0].choices}
    own = tr("Those of {network}", network=PurePath(dataset.text.folder).name)
    return choice(
        "tokenizer", _TEXT[0].label, "word", {**known, "file": own}, help=tr(_TEXT[0].help)
    )


def _series_columns(dataset: DatasetSpec) -> tuple[Param, Param]:
    times = [c.name for c in dataset.columns if c.kind in ("date", "number")]
    groups = [c.name for c in dataset.columns if c.kind in ("category", "identifier", "text")]
    return (
        choice(
            "time",
            "Ordered by",
            "",
            {"": tr("Order of the file"), **{name: name for name in times}},
            help="The column that says when a row was measured.",
        ),
        choice(
            "group",
            "One series for each",
            "",
            {"": tr("All rows are one series"), **{name: name for name in groups}},
            help="The column that tells one machine, shop or person from another. No window "
            "reaches from one to the next.",
        ),
    )
