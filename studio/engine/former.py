"""What former versions of Studio kept with a run, read as today's."""

from dataclasses import dataclass, replace
from typing import Literal

from studio.core.design.answers import ModelOutput
from studio.core.design.features import NAMES, Feature, ModelInput
from studio.core.design.former import PICTURE
from studio.core.plain import from_plain
from studio.data.arrays import Fitted, FittedFeature, FittedInput, FittedOutput


@dataclass(frozen=True, slots=True)
class _Fitted1:
    """Version 1 of Fitted: either the columns of a table or the channels of images."""

    kind: Literal["table", "images"]
    task: Literal["classes", "numbers"]
    features: tuple[FittedFeature, ...] = ()
    sample_shape: tuple[int, ...] = ()
    offsets: tuple[float, ...] = ()
    scales: tuple[float, ...] = ()
    labels: tuple[str, ...] = ()
    target_names: tuple[str, ...] = ()
    target_offsets: tuple[float, ...] = ()
    target_scales: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class _Fitted2:
    """Version 2 of Fitted: several inputs, and one output."""

    task: Literal["classes", "numbers", "sequences"]
    inputs: tuple[FittedInput, ...] = ()
    labels: tuple[str, ...] = ()
    target_names: tuple[str, ...] = ()
    target_offsets: tuple[float, ...] = ()
    target_scales: tuple[float, ...] = ()
    tokenizer: str = ""
    class_weights: tuple[float, ...] = ()


def fitted_of_version_1(data: object, what: str) -> Fitted:
    """The preparation of a run of version 1; StudioError where the data are none."""
    former = from_plain(_Fitted1, data, what)
    source = _images(former) if former.kind == "images" else _table(former)
    return Fitted((source,), (_output(former),))


def fitted_of_version_2(data: object, what: str) -> Fitted:
    """The preparation of a run of version 2; StudioError where the data are none."""
    former = from_plain(_Fitted2, data, what)
    known = replace(_output(former), tokenizer=former.tokenizer)
    return Fitted(former.inputs, (replace(known, class_weights=former.class_weights),))


def _output(former: _Fitted1 | _Fitted2) -> FittedOutput:
    """The only output there was: what it is called tells it from no other."""
    names = former.target_names
    name = names[0] if len(names) == 1 else ""
    output = ModelOutput(name, former.task, names, former.labels, names)
    return FittedOutput(output, former.target_offsets, former.target_scales)


def _table(former: _Fitted1) -> FittedInput:
    features = tuple(known.feature for known in former.features)
    source = ModelInput(NAMES["table"], "table", features, (len(features),))
    return FittedInput(source, former.features)


def _images(former: _Fitted1) -> FittedInput:
    picture = Feature(PICTURE, "image", shape=former.sample_shape)
    source = ModelInput(NAMES["image"], "image", (picture,), former.sample_shape)
    return FittedInput(source, offsets=former.offsets, scales=former.scales)
