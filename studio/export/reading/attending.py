"""Attending: torch's attention and transformer layers, in the form that the house has.

The house's take the rows first. Of masks they know the one that lets each step look back.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from studio.core.shapes import Shape
from studio.core.words import tr
from studio.export.reading.steps import Held, Settings, Step, Taken, Unknown, Wanted

Chain = list[Wanted]
Asked = Mapping[str, object]
Names = tuple[str | None, ...]
NORM, LAYERS = "final_norm", "layers"
# The house's own that take, beside what they look at, the words that say where padding stands.
TOLD_OF_PADDING = frozenset(
    ("SelfAttention", "CrossAttention", "EncoderLayer", "Encoder", "DecoderLayer", "Decoder")
)
_ASKED = "asked_"
_PADDINGS = (
    ("key_padding_mask", "src_key_padding_mask")
    + ("tgt_key_padding_mask", "memory_key_padding_mask")
)  # fmt: skip
_OF_ATTENTION = (
    "query key value key_padding_mask need_weights attn_mask average_attn_weights is_causal"
)
_OF_ENCODER = "src mask src_key_padding_mask is_causal"
_OF_DECODER = (
    "tgt memory tgt_mask memory_mask tgt_key_padding_mask memory_key_padding_mask "
    "tgt_is_causal memory_is_causal"
)


def _attention(step: Step, _shapes: Mapping[str, Shape]) -> Chain:
    """One sequence that asks itself, or asks another."""
    given, asked = step.settings, _asked(step, _OF_ATTENTION)
    _take_rows_first(given)
    if any(given.get(key) for key in ("add_bias_kv", "add_zero_attn")):
        raise Unknown(tr("It is set as no attention here can be."))
    is_causal = _looks_back(asked, "attn_mask", "need_weights average_attn_weights is_causal")
    query, key, value = (_source(asked, name) for name in ("query", "key", "value"))
    padding = _padding(asked, "key_padding_mask")
    plain = {"dropout": given.get("dropout", 0.0), "bias": given.get("bias", True)}
    sizes = {"width": given["embed_dim"], "heads": given["num_heads"], **plain}
    if query == key == value:
        own = {**sizes, "causal": is_causal, "positions": "none"}
        return [Wanted("SelfAttention", own, (query, *padding))]
    if key != value:
        raise Unknown(tr("It asks two different memories at once."))
    if is_causal:
        raise Unknown(tr("It asks another sequence with a mask, which no layer here takes."))
    settings = {**sizes, "memory_width": given.get("kdim") or given["embed_dim"]}
    return [Wanted("CrossAttention", settings, (query, key, *padding))]


def _encoder_layer(step: Step, _shapes: Mapping[str, Shape]) -> Chain:
    settings, names = _of_encoder(step)
    return [Wanted("EncoderLayer", settings, names)]


def _encoder(step: Step, _shapes: Mapping[str, Shape]) -> Chain:
    settings, names = _of_encoder(step)
    return _stacked("Encoder", step.settings, settings, names)


def _of_encoder(step: Step) -> tuple[dict[str, object], Names]:
    asked = _asked(step, _OF_ENCODER)
    is_causal = _looks_back(asked, "src_mask" if "src_mask" in asked else "mask", "is_causal")
    names = _source(asked, "src"), *_padding(asked, "src_key_padding_mask")
    return _of_layer(step.settings, is_causal), names


def _decoder_layer(step: Step, shapes: Mapping[str, Shape]) -> Chain:
    settings, names = _of_decoder(step, shapes)
    return [Wanted("DecoderLayer", settings, names)]


def _decoder(step: Step, shapes: Mapping[str, Shape]) -> Chain:
    settings, names = _of_decoder(step, shapes)
    return _stacked("Decoder", step.settings, settings, names)


def _of_decoder(step: Step, shapes: Mapping[str, Shape]) -> tuple[dict[str, object], Names]:
    asked = _asked(step, _OF_DECODER)
    is_causal = _looks_back(asked, "tgt_mask", "tgt_is_causal")
    asking, answering = _source(asked, "tgt"), _source(asked, "memory")
    memory = shapes.get(answering, ())[-1:]
    of_memory = _padding(asked, "memory_key_padding_mask")
    own = _padding(asked, "tgt_key_padding_mask")
    padding = (*(of_memory or (None,)), *own) if own else of_memory
    names = asking, answering, *padding
    settings = _of_layer(step.settings, is_causal)
    return {**settings, "memory_width": memory[0] if memory else settings["width"]}, names


def _stacked(kind: str, given: Settings, settings: dict[str, object], names: Names) -> Chain:
    """As many layers; with a norm at the end that belongs to the other kind, one by one."""
    count, has_norm = given[LAYERS], given[NORM]
    assert isinstance(count, int)
    if has_norm == (settings["norm"] == "pre"):
        return [Wanted(kind, {**settings, "layers": count}, names)]
    later = ("", *names[1:])
    chain = [Wanted(f"{kind}Layer", settings, later if n else names) for n in range(count)]
    if has_norm:
        chain.append(Wanted("LayerNorm", {"normalized_shape": (settings["width"],)}, ("",)))
    return chain


def _asked(step: Step, names: str) -> dict[str, object]:
    """What it is called with, by name."""
    named = {k.removeprefix(_ASKED): v for k, v in step.settings.items() if k.startswith(_ASKED)}
    found = {**dict(zip(names.split(), step.takes, strict=False)), **named}
    return {key: value for key, value in found.items() if value is not None}


def _looks_back(asked: Asked, mask: str, harmless: str) -> bool:
    """Whether each step sees those before it alone; Unknown where another mask is given."""
    given = asked.get(mask)
    others = set(asked) - {mask, *harmless.split(), "query", "key", "value"}
    others -= {"src", "tgt", "memory", *_PADDINGS}
    is_known = given is None or isinstance(given, Held) and given.looks_back
    if not is_known or any(asked[key] is not False for key in others):
        raise Unknown(tr("It is asked with a mask, which no layer here takes."))
    return given is not None


def _padding(asked: Asked, name: str) -> tuple[str, ...]:
    """The tokens that say where padding stands, if any are asked for."""
    one = asked.get(name)
    if one is not None and not isinstance(one, Taken):
        raise Unknown(tr("It is asked with a mask, which no layer here takes."))
    return (one.name,) if isinstance(one, Taken) else ()


def _source(asked: Asked, name: str) -> str:
    one = asked.get(name)
    if isinstance(one, Taken):
        return one.name
    raise Unknown(tr("It takes something that is not worked out from the input."))


def _take_rows_first(given: Settings) -> None:
    if not given.get("batch_first"):
        raise Unknown(tr("It wants the steps before the rows; here rows come first."))


def _of_layer(given: Settings, is_causal: bool) -> dict[str, object]:
    _take_rows_first(given)
    if given.get("activation") not in ("relu", "gelu") or not given.get("bias", True):
        raise Unknown(tr("It is set as no transformer layer here can be."))
    return {
        "width": given["d_model"],
        "heads": given["nhead"],
        "hidden": given["dim_feedforward"],
        "dropout": given["dropout"],
        "norm": "pre" if given["norm_first"] else "post",
        "activation": given["activation"],
        "causal": is_causal,
        "positions": "none",
    }


ATTENDING: Mapping[str, Callable[[Step, Mapping[str, Shape]], Chain]] = MappingProxyType(
    {
        "MultiheadAttention": _attention,
        "TransformerEncoderLayer": _encoder_layer,
        "TransformerEncoder": _encoder,
        "TransformerDecoderLayer": _decoder_layer,
        "TransformerDecoder": _decoder,
    }
)
