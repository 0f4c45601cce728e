"""Feature and ModelInput: what the model takes, in the order of the exported card."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

from studio.core.design.shaping import Step
from studio.core.shapes import Shape

ColumnKind = Literal["number", "category", "text", "date", "identifier", "image", "sound", "video"]
InputKind = Literal["table", "image", "sound", "text", "series", "video"]

COLUMN_KINDS: tuple[ColumnKind, ...] = (
    "number",
    "category",
    "text",
    "date",
    "identifier",
    "image",
    "sound",
    "video",
)
MEDIA_KINDS: tuple[ColumnKind, ...] = ("image", "sound", "video")
ALONE: tuple[ColumnKind, ...] = ("image", "sound", "video", "text")  # an input of its own
DATE_PARTS = ("year", "month", "day", "weekday", "hour", "minute")
USUAL_PARTS = ("month", "weekday", "hour")
# What an input is called where it is the only one of its kind.
NAMES: Mapping[InputKind, str] = MappingProxyType(
    {
        "table": "rows",
        "image": "images",
        "sound": "sounds",
        "text": "texts",
        "series": "windows",
        "video": "clips",
    }
)


@dataclass(frozen=True, slots=True)
class Feature:
    """One column as the model takes it.

    number: one number, and a second that says whether it was missing with `has_flag`.
    category: one-hot over its categories (`groups` says for each which place it takes
    where several are merged), with one place more for rare ones with `has_rare`.
    identifier: a number for an embedding, one of `size` known ones. text: `shape` token
    numbers of a vocabulary of `size`. image, sound, video: `shape` is that of a sample.
    `column` is the column that it comes of where the names differ, and `part` which part
    of a date it is.
    """

    name: str
    kind: ColumnKind
    categories: tuple[str, ...] = ()
    size: int = 0
    shape: Shape = ()
    has_flag: bool = False
    has_rare: bool = False
    groups: tuple[int, ...] = ()
    column: str = ""
    part: str = ""

    @property
    def source(self) -> str:
        """The column of the data that it comes of."""
        return self.column or self.name

    @property
    def width(self) -> int:
        """How many numbers it becomes among the values of a row."""
        if self.kind == "category":
            places = max(self.groups) + 1 if self.groups else len(self.categories)
            return places + self.has_rare
        return 1 + self.has_flag

    @property
    def count(self) -> int:
        """How many categories or identifiers an embedding must know, less the unknown one."""
        return len(self.categories) if self.kind == "category" else self.size


@dataclass(frozen=True, slots=True)
class ModelInput:
    """One tensor that the model takes, as in section 3 of the contract.

    table: all numbers, categories and identifiers of a row, [F]; series: [T, F]; each
    picture, sound, text and clip is an input of its own, with the one feature. `shape` is
    that of a raw sample without the batch.
    """

    name: str
    kind: InputKind
    features: tuple[Feature, ...]
    shape: Shape

    @property
    def feature(self) -> Feature:
        """The only feature of a picture, sound, text or clip."""
        return self.features[0]


def repaired(feature: Feature, recipe: Iterable[Step]) -> Iterator[Feature]:
    """The features that a column becomes by the steps of a recipe that change their number."""
    steps = {step.key: step for step in recipe if step.is_on and _works_on(step, feature)}
    if feature.kind == "date":
        step = steps.get("date_parts")
        parts = step.params.get("parts", USUAL_PARTS) if step else USUAL_PARTS
        chosen = parts if isinstance(parts, tuple) else USUAL_PARTS
        for part in (p for p in DATE_PARTS if p in chosen):
            yield Feature(f"{feature.name}: {part}", "number", column=feature.name, part=part)
        return
    if feature.kind == "category":
        merge = steps.get("merge_categories")
        groups = _merged(feature, merge) if merge else ()
        yield replace(feature, groups=groups, has_rare="rare_categories" in steps)
        return
    fill = steps.get("fill_missing") if feature.kind == "number" else None
    has_flag = bool(fill and fill.params.get("flag"))
    yield feature if feature.has_flag == has_flag else replace(feature, has_flag=has_flag)


def grouped(features: Iterable[Feature], series: Shape | None) -> tuple[ModelInput, ...]:
    """The inputs of a model: the values of a row together, everything else on its own.

    `series` is (window,) where rows are read as a time series.
    """
    found: list[ModelInput] = []
    values = tuple(f for f in features if f.kind not in ALONE)
    if values:
        kind: InputKind = "table" if series is None else "series"
        found.append(ModelInput(NAMES[kind], kind, values, (*(series or ()), len(values))))
    for feature in (f for f in features if f.kind in ALONE):
        kind = feature.kind  # type: ignore[assignment]  # the same words
        found.append(ModelInput(feature.name, kind, (feature,), feature.shape))
    return tuple(_named(found))


def _named(found: list[ModelInput]) -> Iterator[ModelInput]:
    kinds = [one.kind for one in found]
    for one in found:
        yield replace(one, name=NAMES[one.kind]) if kinds.count(one.kind) == 1 else one


def _works_on(step: Step, feature: Feature) -> bool:
    return not step.columns or feature.name in step.columns


def _merged(feature: Feature, step: Step) -> tuple[int, ...]:
    """The place of each category where `from` names those that become one with `into`."""
    names = step.params.get("from", ())
    together = set(names) if isinstance(names, tuple) else set()
    into = str(step.params.get("into", ""))
    places: dict[str, int] = {}
    return tuple(
        places.setdefault(into if name in together else name, len(places))
        for name in feature.categories
    )
