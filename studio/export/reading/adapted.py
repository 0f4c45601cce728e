"""Adapted: layers of torch that the house has in a form of its own.

Nearly every layer of torch is in the catalogue as it is; here are those that are not.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from studio.core.shapes import Shape
from studio.core.words import tr
from studio.engine import modules
from studio.export.reading.attending import ATTENDING
from studio.export.reading.steps import Step, Unknown, Wanted, sources_of
from studio.export.settings_source import is_of_torch

Shapes = Mapping[str, Shape]
Chain = list[Wanted]


def adapted(step: Step, shapes: Shapes) -> Chain:
    """The layers that a module stands for; Unknown where it is of neither torch nor the house."""
    maker = _ADAPTED.get(step.kind)
    if maker is not None:
        return maker(step, shapes)
    if not is_of_torch(step.kind) and not hasattr(modules, step.kind):
        raise Unknown(tr("{name} is a layer of its own.", name=step.kind))
    return [Wanted(step.kind, step.settings, sources_of(step))]


def _embedding(step: Step, _shapes: Shapes) -> Chain:
    given = step.settings
    if given.get("scale_grad_by_freq") or given.get("norm_type", 2.0) != 2.0:  # noqa: PLR2004
        raise Unknown(tr("It is set as no Embedding here can be."))
    settings = {
        "num_embeddings": given["num_embeddings"],
        "embedding_dim": given["embedding_dim"],
        "has_padding": given.get("padding_idx") == 0,
        "max_norm": given.get("max_norm") or 0.0,
    }
    return [Wanted("SpreadEmbedding", settings, sources_of(step))]


def _drawn_relu(step: Step, _shapes: Shapes) -> Chain:
    settings = {key: step.settings[key] for key in ("lower", "upper")}
    return [Wanted("DrawnReLU", settings, sources_of(step))]


def _zero_pad(step: Step, _shapes: Shapes) -> Chain:
    kind = step.kind.replace("Zero", "Constant")
    settings = {"padding": step.settings["padding"], "value": 0.0}
    return [Wanted(kind, settings, sources_of(step))]


def _upsampled(step: Step, _shapes: Shapes) -> Chain:
    size = step.settings.get("size") if step.gives is None else step.gives[1:]
    if size is None:
        raise Unknown(tr("Which sizes come out can only be seen when it runs."))
    modes = {"UpsamplingNearest2d": "nearest", "UpsamplingBilinear2d": "bilinear"}
    mode = modes.get(step.kind, step.settings.get("mode") or "nearest")
    settings: dict[str, object] = {"size": size, "mode": mode}
    if mode != "nearest":
        is_aligned = step.settings.get("align_corners") or step.kind in modes
        settings["align_corners"] = bool(is_aligned)
    return [Wanted("Upsample", settings, sources_of(step))]


def _adaptive(step: Step, shapes: Shapes) -> Chain:
    """A size that was left open is that of the input; uneven windows are a layer of the house."""
    names = sources_of(step)
    size = shapes.get(names[0] or "", ())[1:]
    wanted = step.settings["output_size"]
    listed = wanted if isinstance(wanted, list | tuple) else (wanted,) * len(size)
    if len(listed) != len(size):
        raise Unknown(tr("What goes into it is not known."))
    sizes = tuple(a if b is None else b for a, b in zip(size, listed, strict=True))
    is_even = all(a % b == 0 for a, b in zip(size, sizes, strict=True) if isinstance(b, int))
    if step.kind.startswith("AdaptiveMax") and not is_even:
        settings = {"size": size, "output_size": sizes}
        return [Wanted(step.kind.replace("Adaptive", "Uneven"), settings, names)]
    return [Wanted(step.kind, {"output_size": sizes}, names)]


_ADAPTED: Mapping[str, Callable[[Step, Shapes], Chain]] = MappingProxyType(
    {
        "Embedding": _embedding,
        "RReLU": _drawn_relu,
        **{f"ZeroPad{n}d": _zero_pad for n in (1, 2, 3)},
        **dict.fromkeys(("UpsamplingNearest2d", "UpsamplingBilinear2d"), _upsampled),
        "Upsample": _upsampled,
        **{f"Adaptive{way}Pool{n}d": _adaptive for way in ("Avg", "Max") for n in (1, 2, 3)},
        **ATTENDING,
    }
)
