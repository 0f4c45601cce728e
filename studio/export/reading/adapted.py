"""Adapted: layers of torch that the house has in a form of its own.

Nearly every layer of torch is in the catalogue as it is; here are those that are not.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from studio.core.shapes import Shape
from studio.core.words import tr
from studio.engine import modules
from studio.export.reading.steps import Settings, Step, Taken, Unknown, Wanted
from studio.export.settings_source import is_of_torch

Shapes = Mapping[str, Shape]
Chain = list[Wanted]
ENCODER = "TransformerEncoder"
NORM, LAYERS = "final_norm", "layers"


def adapted(step: Step, shapes: Shapes) -> Chain:
    """The layers that a module stands for; Unknown where it is of neither torch nor the house."""
    maker = _ADAPTED.get(step.kind)
    if maker is not None:
        return maker(step, shapes)
    if not is_of_torch(step.kind) and not hasattr(modules, step.kind):
        raise Unknown(tr("{name} is a layer of its own.", name=step.kind))
    return [Wanted(step.kind, step.settings, sources_of(step))]


def sources_of(step: Step) -> tuple[str | None, ...]:
    """The names of what goes in, a list for all inputs of one that joins."""
    takes = step.takes
    if len(takes) == 1 and isinstance(takes[0], list | tuple):
        takes = tuple(takes[0])
    found = [one.name if isinstance(one, Taken) else None for one in takes]
    if any(one is not None and not isinstance(one, Taken) for one in takes):
        raise Unknown(tr("It takes something that is not worked out from the input."))
    while found and found[-1] is None:
        found.pop()
    if not found:
        raise Unknown(tr("It takes something that is not worked out from the input."))
    return tuple(found)


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


def _attention(step: Step, _shapes: Shapes) -> Chain:
    """One sequence that asks itself, or asks another."""
    given, takes = step.settings, step.takes
    if not given.get("batch_first"):
        raise Unknown(tr("It wants the steps before the rows; here rows come first."))
    plain = {"dropout": given.get("dropout", 0.0), "bias": given.get("bias", True)}
    extra = {key for key in step.settings if key.startswith("asked_")}
    if len(takes) != 3 or extra or any(given.get(k) for k in ("add_bias_kv", "add_zero_attn")):  # noqa: PLR2004
        raise Unknown(tr("It is asked with a mask, which no layer here takes."))
    query, key, value = (one.name if isinstance(one, Taken) else "" for one in takes)
    width, heads = given["embed_dim"], given["num_heads"]
    if query == key == value:
        settings = {"width": width, "heads": heads, **plain, "causal": False, "positions": "none"}
        return [Wanted("SelfAttention", settings, (query,))]
    if key != value:
        raise Unknown(tr("It asks two different memories at once."))
    settings = {"width": width, "heads": heads, "memory_width": given.get("kdim") or width, **plain}
    return [Wanted("CrossAttention", settings, (query, key))]


def _encoder_layer(step: Step, _shapes: Shapes) -> Chain:
    return [Wanted("EncoderLayer", _of_encoder(step.settings), _only(step))]


def _encoder(step: Step, _shapes: Shapes) -> Chain:
    """As many layers; with a norm at the end that belongs to the other kind, one by one."""
    settings = dict(step.settings)
    count, has_norm = settings.pop(LAYERS), settings.pop(NORM)
    assert isinstance(count, int)
    found = _of_encoder(settings)
    names = _only(step)
    if has_norm == (found["norm"] == "pre"):
        return [Wanted("Encoder", {**found, "layers": count}, names)]
    chain = [Wanted("EncoderLayer", found, names if n == 0 else ("",)) for n in range(count)]
    if has_norm:
        chain.append(Wanted("LayerNorm", {"normalized_shape": (found["width"],)}, ("",)))
    return chain


def _only(step: Step) -> tuple[str | None, ...]:
    names = sources_of(step)
    if len(names) != 1 or any(key.startswith("asked_") for key in step.settings):
        raise Unknown(tr("It is asked with a mask, which no layer here takes."))
    return names


def _of_encoder(given: Settings) -> dict[str, object]:
    if not given.get("batch_first"):
        raise Unknown(tr("It wants the steps before the rows; here rows come first."))
    if given.get("activation") not in ("relu", "gelu") or not given.get("bias", True):
        raise Unknown(tr("It is set as no encoder here can be."))
    return {
        "width": given["d_model"],
        "heads": given["nhead"],
        "hidden": given["dim_feedforward"],
        "dropout": given["dropout"],
        "norm": "pre" if given["norm_first"] else "post",
        "activation": given["activation"],
        "causal": False,
        "positions": "none",
    }


_ADAPTED: Mapping[str, Callable[[Step, Shapes], Chain]] = MappingProxyType(
    {
        "Embedding": _embedding,
        "RReLU": _drawn_relu,
        **{f"ZeroPad{n}d": _zero_pad for n in (1, 2, 3)},
        **dict.fromkeys(("UpsamplingNearest2d", "UpsamplingBilinear2d"), _upsampled),
        "Upsample": _upsampled,
        **{f"Adaptive{way}Pool{n}d": _adaptive for way in ("Avg", "Max") for n in (1, 2, 3)},
        "MultiheadAttention": _attention,
        "TransformerEncoderLayer": _encoder_layer,
        ENCODER: _encoder,
    }
)
