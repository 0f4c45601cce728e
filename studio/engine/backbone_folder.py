"""Backbone folder: reads what a pretrained network is, and its weights, from files alone."""

import json
from collections.abc import Mapping
from dataclasses import replace
from math import log2
from pathlib import Path
from typing import Any, TypeAlias

import torch
from safetensors import SafetensorError
from torch import nn

from studio.core.backbone import Backbone
from studio.core.backbone_files import (
    CONFIG,
    WEIGHTS,
    digest_of,
    folder_problem,
    tokenizer_digest,
)
from studio.core.problems import Place, StudioError, refuse
from studio.core.words import tr
from studio.engine.backbone_texts import text_facts
from studio.engine.backbones import (
    CLASSES,
    READS_TEXTS,
    STRANGE,
    PictureBackbone,
    TextBackbone,
    built,
    classes_of,
    kept_settings,
    known_backbone,
    odd_size,
    weights_of,
    wrong_kind,
)

PREPARING = "preprocessor_config.json"
_LARGEST_NUMBER = 1e6
_LARGEST_FILE = 10_000_000  # bytes of a configuration; those of real networks have thousands
_LARGEST_SIDE = 10_000
_TRIED_SIDE = 1024  # a picture whose side can be halved often
_Scaling: TypeAlias = tuple[tuple[float, ...], tuple[float, ...]]
# What networks were trained with where their files do not say it.
_MIDDLE: _Scaling = ((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))
_ONE_MIDDLE: _Scaling = ((0.5,), (0.5,))
_USUAL: Mapping[str, _Scaling] = {
    "resnet": ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
}
_WHOLE_BYTES = 255.0
_SIZED = ("vit",)  # the architectures that take pictures of one size only


def read_backbone(path: str) -> Backbone:
    """What the network in a folder is. Reads its configuration, and of its weights their size.

    StudioError that names the file and what in it is strange.
    """
    folder = Path(path).absolute()
    content, given = _json_of(folder / CONFIG)
    architecture = given.get("model_type")
    if not isinstance(architecture, str) or architecture not in CLASSES:
        raise _strange(
            folder / CONFIG,
            tr("model_type is {given}", given=str(architecture)[:60]),
            tr("one of: {known}", known=", ".join(CLASSES)),
        )
    if given.get("auto_map"):
        raise _strange(
            folder / CONFIG,
            tr("auto_map asks for program code of its own, which is never run"),
            tr("a network of the library itself"),
        )
    _check_sizes(folder / CONFIG, given)
    config = _config_of(folder / CONFIG, architecture, given)
    known = Backbone(
        folder=str(folder),
        name=folder.name[:60] or architecture,
        architecture=architecture,
        kind="text" if architecture in READS_TEXTS else "picture",
        config=config,
        digest=digest_of(content),
        weight_bytes=_weight_bytes(folder),
        features=0,
        weights=0,
    )
    return _text_facts(known, folder) if known.kind == "text" else _picture_facts(known, folder)


def load_weights(known: Backbone, place: Place) -> Mapping[str, torch.Tensor]:
    """The weights in the folder, by the names of `built`; StudioError where it changed."""
    problem = folder_problem(known, place)
    if problem is not None:
        raise StudioError(problem)
    kind, model = classes_of(known.architecture)
    read: Any = model.from_pretrained  # its types do not know that it can give a report as well
    try:
        found, report = read(
            known.folder,
            config=kind.from_dict(json.loads(known.config)),
            local_files_only=True,
            use_safetensors=True,
            output_loading_info=True,
            dtype=torch.float32,
            attn_implementation="eager",
            **CLASSES[known.architecture][2],
        )
    except (*STRANGE, OSError, SafetensorError) as reason:
        raise _bad_weights(known, place, str(reason)) from None
    missing = sorted(report["missing_keys"])
    if missing:
        raise _bad_weights(known, place, tr("Missing: {names}", names=", ".join(missing[:20])))
    state: Mapping[str, torch.Tensor] = found.state_dict()
    return state


def begin_pretrained(parts: Mapping[str, nn.Module]) -> None:
    """Puts the weights of their files into the pretrained parts of a model, by node."""
    for node_id, part in parts.items():
        if isinstance(part, PictureBackbone | TextBackbone):
            known = known_backbone(part.backbone, part.kind)
            weights = load_weights(known, Place("node", node_id))
            part.network.load_state_dict(weights, strict=False)


def _json_of(path: Path) -> tuple[bytes, dict[str, object]]:
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise _strange(path, tr("It is far too large."), tr("a small file of settings"))
        content = path.read_bytes()
    except OSError as reason:
        raise refuse(
            tr("There is no pretrained network in {folder}.", folder=path.parent),
            tr(
                "Choose a folder with {config} and {weights}, as the transformers library "
                "writes them.",
                config=CONFIG,
                weights=WEIGHTS,
            ),
            place=Place("file"),
            code="no-backbone-files",
            detail=str(reason),
        ) from None
    try:
        given = json.loads(content)
    except (ValueError, RecursionError) as reason:
        raise _strange(path, str(reason)[:200], tr("a file in JSON")) from None
    if not isinstance(given, dict):
        raise _strange(path, tr("It holds no names with values."), tr("names with values"))
    return content, given


def _check_sizes(path: Path, given: Mapping[str, object]) -> None:
    odd = odd_size(given)
    if odd is not None:
        name, value, least, most = odd
        raise _strange(
            path,
            tr("{field} is {given}", field=name, given=str(value)[:40]),
            tr("a number from {least} to {most}", least=least, most=most),
        )


def _config_of(path: Path, architecture: str, given: Mapping[str, object]) -> str:
    """The whole configuration as text, without the names of classes and what is of no use."""
    kind, _model = classes_of(architecture)
    try:
        whole = kind.from_dict(kept_settings(given)).to_dict()
        text = json.dumps(kept_settings(whole), sort_keys=True)
    except (*STRANGE, wrong_kind()) as reason:
        raise _strange(path, str(reason)[:300], tr("settings of this architecture")) from None
    return text


def _weight_bytes(folder: Path) -> int:
    try:
        return (folder / WEIGHTS).stat().st_size
    except OSError as reason:
        raise refuse(
            tr("{folder} has no {file}.", folder=folder, file=WEIGHTS),
            tr(
                "Only weights as safetensors are read, since other files can hold programs. "
                "Save the network with save_pretrained once more."
            ),
            place=Place("file"),
            code="no-backbone-weights",
            detail=str(reason),
        ) from None


def _text_facts(known: Backbone, folder: Path) -> Backbone:
    """What it takes and gives, and the file of its tokenizer."""
    try:
        known = text_facts(known)
    except STRANGE as reason:
        raise _strange(folder / CONFIG, str(reason)[:300], tr("sizes that fit together")) from None
    return replace(known, tokenizer=tokenizer_digest(folder))


def _picture_facts(known: Backbone, folder: Path) -> Backbone:
    """Builds the network without numbers and asks it what it takes and gives."""
    config = json.loads(known.config)
    height, width = _needed_size(folder / CONFIG, known.architecture, config)
    channels = config.get("num_channels", 3)
    means, deviations = _scaling(known, folder, channels)
    known = replace(known, channels=channels, height=height, width=width)
    known = replace(known, means=means, deviations=deviations)
    known = _with_trained_size(known, folder / PREPARING)
    try:
        with torch.device("meta"), torch.no_grad():
            network = built(known).eval()
            tried = torch.zeros(2, channels, height or _TRIED_SIDE, width or _TRIED_SIDE)
            shape = tuple(network(pixel_values=tried, return_dict=False)[0].shape)
    except STRANGE as reason:
        raise _strange(folder / CONFIG, str(reason)[:300], tr("sizes that fit together")) from None
    weights = weights_of(network)
    if len(shape) == 3:  # noqa: PLR2004 - pictures, parts, features
        return replace(known, weights=weights, parts=shape[1], features=shape[2])
    halvings = round(log2(_TRIED_SIDE / shape[2]))
    return replace(known, weights=weights, features=shape[1], halvings=halvings)


def _with_trained_size(known: Backbone, path: Path) -> Backbone:
    """The size of the pictures that it learnt from, where its files say so."""
    if known.height or not path.exists():
        return known
    _content, given = _json_of(path)
    height, width = _sides(given.get("crop_size")) or _sides(given.get("size")) or (0, 0)
    return replace(known, trained_height=height, trained_width=width)


def _sides(given: object) -> tuple[int, int] | None:
    """Height and width, of which files tell one, two, or the shorter one; None for all else."""
    if isinstance(given, dict):
        shortest = given.get("shortest_edge")
        given = [given.get("height", shortest), given.get("width", shortest)]
    found = given if isinstance(given, list) else [given, given]
    sides = [side for side in found if type(side) is int and 0 < side <= _LARGEST_SIDE]
    return (sides[0], sides[1]) if len(sides) == len(found) == 2 else None  # noqa: PLR2004


def _needed_size(path: Path, architecture: str, config: Mapping[str, object]) -> tuple[int, int]:
    if architecture not in _SIZED:
        return 0, 0
    given = config.get("image_size")
    sides: list[Any] = given if isinstance(given, list) else [given, given]
    if len(sides) != 2 or not all(isinstance(side, int) and side > 0 for side in sides):  # noqa: PLR2004
        raise _strange(
            path,
            tr("{field} is {given}", field="image_size", given=str(given)[:40]),
            tr("a number of pixels"),
        )
    return int(sides[0]), int(sides[1])


def _scaling(known: Backbone, folder: Path, channels: int) -> _Scaling:
    """What is taken from each channel of values from 0 to 1, and by what they are divided."""
    path = folder / PREPARING
    if not path.exists():
        usual = _USUAL.get(known.architecture, _MIDDLE)
        return usual if channels == len(usual[0]) else _ONE_MIDDLE
    _content, given = _json_of(path)
    factor = _WHOLE_BYTES
    if given.get("do_rescale", True):
        factor *= _numbers(path, "rescale_factor", [given.get("rescale_factor", 1 / factor)], 1)[0]
    if not given.get("do_normalize", True):
        return (0.0,) * channels, (1.0 / factor,) * channels
    means = _numbers(path, "image_mean", given.get("image_mean"), channels, least=0.0)
    spreads = _numbers(path, "image_std", given.get("image_std"), channels)
    return tuple(mean / factor for mean in means), tuple(spread / factor for spread in spreads)


def _numbers(
    path: Path, name: str, given: object, count: int, least: float = 1e-6
) -> tuple[float, ...]:
    found = given if isinstance(given, list) else []
    numbers = [one for one in found if isinstance(one, int | float) and not isinstance(one, bool)]
    if len(found) == len(numbers) == count and all(
        least <= one <= _LARGEST_NUMBER for one in found
    ):
        return tuple(float(one) for one in numbers)
    shown = found[0] if name == "rescale_factor" else given
    raise _strange(
        path,
        tr("{field} is {given}", field=name, given=str(shown)[:60]),
        tr("{count} {count|number|numbers} above 0", count=count),
    )


def _strange(path: Path, what: str, expected: str) -> StudioError:
    return refuse(
        tr("{file} is not as expected: {what}.", file=path, what=what.rstrip(".")),
        tr("Expected: {expected}. Choose another folder.", expected=expected),
        place=Place("file"),
        code="strange-backbone",
    )


def _bad_weights(known: Backbone, place: Place, detail: str) -> StudioError:
    return refuse(
        tr(
            "The weights of {name} in {folder} cannot be read.",
            name=known.name,
            folder=known.folder,
        ),
        tr("Save the network with save_pretrained once more, and choose its folder again."),
        place=place,
        code="bad-backbone-weights",
        detail=detail,
    )
