"""How an exported model is used: what it takes, in which order, and a few lines that load it."""

from dataclasses import dataclass
from typing import Literal

from studio.core.design.dataset import DatasetSpec, Feature
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
    """What the model takes, in order."""
    summary = dataset.summary
    if summary is not None and summary.kind == "images":
        channels, height, width = summary.sample_shape
        kind = tr("RGB") if channels == 3 else tr("grey")  # noqa: PLR2004 - red, green, blue
        return (
            Slot(
                "0",
                tr("image"),
                tr(
                    "whole numbers from 0 to 255, {kind}, {height} × {width} or any other size",
                    kind=kind,
                    height=height,
                    width=width,
                ),
            ),
        )
    return tuple(
        Slot(str(place), feature.name, _meaning(feature))
        for place, feature in enumerate(dataset.features())
    )


def answers_of(dataset: DatasetSpec) -> tuple[Slot, ...]:
    """What the model gives, in order."""
    if dataset.task() == "classes":
        return tuple(
            Slot(str(place), name, tr("probability")) for place, name in enumerate(dataset.labels())
        )
    return tuple(
        Slot(str(place), column.name, tr("in its own unit"))
        for place, column in enumerate(dataset.targets())
    )


def takes(dataset: DatasetSpec) -> str:
    """The type and shape that goes in, as the card of the model says it."""
    summary = dataset.summary
    if summary is not None and summary.kind == "images":
        return f"uint8 [N, {summary.sample_shape[0]}, H, W]"
    return f"float32 [N, {count_words(len(dataset.features()))}]"


def gives(dataset: DatasetSpec) -> str:
    """The type and shape that comes out."""
    return f"float32 [N, {count_words(dataset.outputs())}]"


def example(dataset: DatasetSpec, file_name: str, language: Language) -> str:
    """A few lines that load the file and ask it once."""
    name = file_name.replace("\\", "\\\\").replace('"', '\\"')
    return _LINES[language].format(file=name, rows=_rows(dataset, language))


def _meaning(feature: Feature) -> str:
    if feature.kind != "category":
        return tr("number; NaN where it is missing")
    shown = [f"{place} = {name}" for place, name in enumerate(feature.categories)]
    more = " …" if len(shown) > MOST_CATEGORIES else ""
    return ", ".join(shown[:MOST_CATEGORIES]) + more + tr("; -1 for any other")


def _rows(dataset: DatasetSpec, language: Language) -> str:
    summary = dataset.summary
    if summary is not None and summary.kind == "images":
        shape = ", ".join(str(size) for size in (1, *summary.sample_shape))
        return _IMAGES[language].format(shape=shape)
    values = [_value(dataset, feature) for feature in dataset.features()]
    if language == "python":
        return f"torch.tensor([[{', '.join(values)}]])"
    floats = ", ".join(f"{value}f" for value in values)  # else they would be doubles
    return f"torch::tensor({{{floats}}}).reshape({{1, {len(values)}}})"


def _value(dataset: DatasetSpec, feature: Feature) -> str:
    column = dataset.summary.column(feature.name) if dataset.summary else None
    mean = column.mean if column is not None and feature.kind == "number" else None
    words = f"{mean:.4g}" if mean is not None else "0"
    return words if any(mark in words for mark in ".e") else f"{words}.0"


_IMAGES: dict[Language, str] = {
    "python": "torch.zeros({shape}, dtype=torch.uint8)",
    "c++": "torch::zeros({{{shape}}}, torch::kUInt8)",
}
_LINES: dict[Language, str] = {
    "python": 'import torch\n\nmodel = torch.jit.load("{file}")\nrows = {rows}\nprint(model(rows))',
    "c++": '#include <torch/script.h>\n\nauto model = torch::jit::load("{file}");\n'
    "auto rows = {rows};\nstd::cout << model.forward({{rows}}).toTensor() << std::endl;",
}
