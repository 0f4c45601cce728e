"""How an exported model is used: what it takes, in which order, and a few lines that load it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from studio.core.design.answers import ModelOutput
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
    outputs = dataset.model_outputs()
    slots = [slot for one in outputs for slot in _slots_of(one, is_alone=len(outputs) == 1)]
    return tuple(replace(slot, place=str(place)) for place, slot in enumerate(slots))


def _slots_of(output: ModelOutput, *, is_alone: bool) -> Iterator[Slot]:
    whole = {
        "sequences": tr("how likely each word is, token by token"),
        "masks": tr("how likely each class is, pixel by pixel"),
        "images": tr("the picture again, pixels from 0 to 255"),
    }
    if output.task in whole:
        yield Slot("", output.columns[0], whole[output.task])
        return
    is_class = output.task == "classes"
    for name in output.labels if is_class else output.names:
        shown = name if is_alone or not is_class else f"{output.name}: {name}"
        yield Slot("", shown, tr("probability") if is_class else tr("in its own unit"))


def takes(dataset: DatasetSpec) -> str:
    """The types and shapes that go in, as the card of the model says them."""
    return ", ".join(_type_of(source) for source in dataset.model_inputs())


def gives(dataset: DatasetSpec) -> str:
    """The types and shapes that come out."""
    shapes = [one.shape for one in dataset.model_outputs()] or [()]
    sizes = (", ".join(count_words(size) for size in shape) for shape in shapes)
    return ", ".join(f"float32 [N, {each}]" for each in sizes)


def example(dataset: DatasetSpec, file_name: str, language: Language) -> str:
    """A few lines that load the file and ask it once."""
    name = file_name.replace("\\", "\\\\").replace('"', '\\"')
    asked = [_asked(source, dataset, language) for source in dataset.model_inputs()]
    return _LINES[language].format(file=name, rows=", ".join(asked))


def lines_of(dataset: DatasetSpec, name: str, key: str) -> str:
    """A few lines that load the file or folder of another format and ask it once."""
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    asked = [_asked(source, dataset, "python") for source in dataset.model_inputs()]
    return _OTHERS[key].format(file=quoted, rows=", ".join(asked))


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
_OTHERS: dict[str, str] = {
    "onnx": "import onnxruntime\nimport torch\n\n"
    'session = onnxruntime.InferenceSession("{file}")\n'
    "names = [one.name for one in session.get_inputs()]\n"
    "rows = [row.numpy() for row in [{rows}]]\n"
    "print(session.run(None, dict(zip(names, rows))))",
    "pt2": 'import torch\n\nmodel = torch.export.load("{file}").module()\nprint(model({rows}))',
    "source": 'import sys\nimport torch\n\nsys.path.insert(0, "{file}")\n'
    "from model import load\n\nmodel = load()\nprint(model({rows}))",
    "bundle": 'pip install -r "{file}/requirements.txt"\n'
    'python "{file}/predict.py" rows.csv answers.csv\n'
    'python "{file}/serve.py" --port 8000',
}
