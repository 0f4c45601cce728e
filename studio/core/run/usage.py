"""How an exported model is used: what it takes, in which order, and a few lines that load it."""

from dataclasses import dataclass
from typing import Literal

from studio.core.design.dataset import DatasetSpec, Feature
from studio.core.design.features import InputKind, ModelInput
from studio.core.run.wording import count_words
from studio.core.words import tr

Language = Literal["python", "c++"]
MOST_CATEGORIES = 12


@dataclass(frozen=True, slots=True)
class Slot:
    """One input or answer: its place, its name, and what may stand there."""

    place: str
    name: str
    meaning: str


def inputs_of(dataset: DatasetSpec) -> tuple[Slot, ...]:
    """What the model takes, in order: a line for each column, picture, sound or text."""
    slots: list[Slot] = []
    for source in dataset.model_inputs():
        if source.kind in ("table", "series"):
            slots += [Slot("", f.name, _meaning(f)) for f in source.features]
        else:
            slots.append(Slot("", tr(_SINGULAR[source.kind]), _whole(source, dataset)))
    return tuple(Slot(str(place), slot.name, slot.meaning) for place, slot in enumerate(slots))


def answers_of(dataset: DatasetSpec) -> tuple[Slot, ...]:
    """What the model gives, in order."""
    task = dataset.task()
    if task == "sequences":
        name = dataset.targets()[0].name
        return (Slot("0", name, tr("how likely each word is, token by token")),)
    names = dataset.labels() if task == "classes" else dataset.target_names()
    meaning = tr("probability") if task == "classes" else tr("in its own unit")
    return tuple(Slot(str(place), name, meaning) for place, name in enumerate(names))


def takes(dataset: DatasetSpec) -> str:
    """The types and shapes that go in, as the card of the model says them."""
    return ", ".join(_type_of(source) for source in dataset.model_inputs())


def gives(dataset: DatasetSpec) -> str:
    """The type and shape that comes out."""
    sizes = ", ".join(count_words(size) for size in dataset.output_shape())
    return f"float32 [N, {sizes}]"


def example(dataset: DatasetSpec, file_name: str, language: Language) -> str:
    """A few lines that load the file and ask it once."""
    name = file_name.replace("\\", "\\\\").replace('"', '\\"')
    asked = [_asked(source, dataset, language) for source in dataset.model_inputs()]
    return _LINES[language].format(file=name, rows=", ".join(asked))


def _meaning(feature: Feature) -> str:
    if feature.kind == "identifier":
        return tr("its place in the card's list; -1 for any other")
    if feature.kind != "category":
        return tr("number; NaN where it is missing")
    shown = [f"{place} = {name}" for place, name in enumerate(feature.categories)]
    more = " …" if len(shown) > MOST_CATEGORIES else ""
    return ", ".join(shown[:MOST_CATEGORIES]) + more + tr("; -1 for any other")


def _whole(source: ModelInput, dataset: DatasetSpec) -> str:
    """What a picture, sound, text or clip is made of."""
    if source.kind == "sound":
        return tr(
            "numbers from -1 to 1, mono, {rate} a second, {seconds} s",
            rate=count_words(dataset.sound.rate),
            seconds=f"{dataset.sound.seconds:g}",
        )
    if source.kind == "text":
        return tr(
            "{count} token numbers, made by the tokenizer on the card",
            count=dataset.text.length,
        )
    *frames, channels, height, width = source.shape
    kind = tr("RGB") if channels == 3 else tr("grey")  # noqa: PLR2004 - red, green, blue
    if frames:
        return tr(
            "{frames} {frames|frame|frames} of whole numbers from 0 to 255, {kind}, {height} × "
            "{width}",
            frames=frames[0],
            kind=kind,
            height=height,
            width=width,
        )
    return tr(
        "whole numbers from 0 to 255, {kind}, {height} × {width} or any other size",
        kind=kind,
        height=height,
        width=width,
    )


def _type_of(source: ModelInput) -> str:
    if source.kind == "image":
        return f"uint8 [N, {source.shape[0]}, H, W]"
    if source.kind == "sound":
        return "float32 [N, S]"
    sizes = ", ".join(count_words(size) for size in source.shape)
    return f"{_TYPES.get(source.kind, 'float32')} [N, {sizes}]"


def _asked(source: ModelInput, dataset: DatasetSpec, language: Language) -> str:
    """An expression that makes one sample of an input."""
    if source.kind != "table":
        shape = ", ".join(str(size) for size in (1, *source.shape))
        return _ZEROS[language][_TYPES.get(source.kind, "float32")].format(shape=shape)
    values = [_value(dataset, feature) for feature in source.features]
    if language == "python":
        return f"torch.tensor([[{', '.join(values)}]])"
    floats = ", ".join(f"{value}f" for value in values)  # else they would be doubles
    return f"torch::tensor({{{floats}}}).reshape({{1, {len(values)}}})"


def _value(dataset: DatasetSpec, feature: Feature) -> str:
    column = dataset.found(feature.name)
    mean = column.mean if column is not None and feature.kind == "number" else None
    words = f"{mean:.4g}" if mean is not None else "0"
    return words if any(mark in words for mark in ".e") else f"{words}.0"


_SINGULAR: dict[InputKind, str] = {
    "image": "image",
    "sound": "sound",
    "text": "text",
    "video": "clip",
}
_TYPES: dict[InputKind, str] = {"image": "uint8", "video": "uint8", "text": "int64"}
_ZEROS: dict[Language, dict[str, str]] = {
    "python": {
        "uint8": "torch.zeros({shape}, dtype=torch.uint8)",
        "int64": "torch.zeros({shape}, dtype=torch.int64)",
        "float32": "torch.zeros({shape})",
    },
    "c++": {
        "uint8": "torch::zeros({{{shape}}}, torch::kUInt8)",
        "int64": "torch::zeros({{{shape}}}, torch::kInt64)",
        "float32": "torch::zeros({{{shape}}})",
    },
}
_LINES: dict[Language, str] = {
    "python": 'import torch\n\nmodel = torch.jit.load("{file}")\nprint(model({rows}))',
    "c++": '#include <torch/script.h>\n\nauto model = torch::jit::load("{file}");\n'
    "std::cout << model.forward({{{rows}}}).toTensor() << std::endl;",
}
