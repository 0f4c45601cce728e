"""Backbones: pretrained networks of the transformers library as layers, built without a network."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn
from typing_extensions import override

from studio.core.backbone import Backbone, BackboneKind, backbone_of
from studio.core.catalogue.pretrained import AS_LINE
from studio.core.catalogue.pretrained_texts import AS_FIRST, AS_TOKENS
from studio.core.problems import refuse
from studio.core.words import tr

if TYPE_CHECKING:
    from transformers import PretrainedConfig, PreTrainedModel

# Names of classes, what belongs to other programs, and how numbers were stored: no part of a
# network as it is built here.
_NOT_KEPT = frozenset(
    {"id2label", "label2id", "architectures", "transformers_version", "auto_map", "_name_or_path"}
    | {"dtype", "torch_dtype", "quantization_config", "problem_type", "return_dict"}
    | {"output_attentions", "output_hidden_states", "_attn_implementation"}
)
_LARGEST_SIZE, _MOST_LAYERS = 1_000_000, 1000
_COUNTED = ("_size", "_sizes", "depths", "_heads", "_layers", "_channels", "_embeddings")
_LAYER_COUNTS = ("num_hidden_layers", "n_layers", "depths")
# What the library raises where a configuration or weights are not what they should be.
STRANGE = (ValueError, TypeError, KeyError, AttributeError, RuntimeError, ZeroDivisionError)
_PICTURES = 4  # the axes of a batch of pictures, or of what is seen in each of their parts
# The networks that can be taken: their configuration and their model, by the library's names,
# and what the model is to be made with.
_BARE: Mapping[str, object] = {"add_pooling_layer": False}
CLASSES: Mapping[str, tuple[str, str, Mapping[str, object]]] = {
    "resnet": ("ResNetConfig", "ResNetModel", {}),
    "mobilenet_v1": ("MobileNetV1Config", "MobileNetV1Model", {}),
    "mobilenet_v2": ("MobileNetV2Config", "MobileNetV2Model", {}),
    "vit": ("ViTConfig", "ViTModel", _BARE),
    "bert": ("BertConfig", "BertModel", _BARE),
    "distilbert": ("DistilBertConfig", "DistilBertModel", {}),
    "roberta": ("RobertaConfig", "RobertaModel", _BARE),
    "albert": ("AlbertConfig", "AlbertModel", _BARE),
    "electra": ("ElectraConfig", "ElectraModel", {}),
    "mpnet": ("MPNetConfig", "MPNetModel", _BARE),
}
READS_TEXTS = frozenset({"bert", "distilbert", "roberta", "albert", "electra", "mpnet"})


class PictureBackbone(nn.Module):
    """A pretrained network over pictures of values from 0 to 1, which it scales as it needs.

    `backbone` is the text of a `Backbone`, `channels` are those that come in: a grey picture is
    shown to a network for colours as three equal channels. Gives [N, F], or what it sees in each
    part: [N, F, h, w], of a network that cuts pictures [N, parts, F].
    """

    kind: BackboneKind = "picture"
    mean: Tensor
    deviation: Tensor

    def __init__(self, backbone: str, channels: int, gives: str) -> None:
        super().__init__()
        known = known_backbone(backbone, self.kind)
        self.backbone = backbone
        self.spread = known.channels if channels == 1 else channels
        self.gives_line = gives == AS_LINE
        shape = (1, len(known.means), 1, 1)
        self.register_buffer("mean", torch.tensor(known.means).reshape(shape))
        self.register_buffer("deviation", torch.tensor(known.deviations).reshape(shape))
        self.network = network_of(known)

    @override
    def forward(self, input: Tensor) -> Tensor:
        pictures = input.expand(-1, self.spread, -1, -1)
        scaled = (pictures - self.mean) / self.deviation
        seen: Tensor = self.network(pixel_values=scaled, return_dict=False)[0]
        if not self.gives_line:
            return seen
        return seen.mean(dim=(2, 3)) if seen.dim() == _PICTURES else seen[:, 0]

    @override
    def extra_repr(self) -> str:
        return f"gives_line={self.gives_line}"


class TextBackbone(nn.Module):
    """A pretrained network over token numbers [N, T] of its own tokenizer, padded at the end.

    `gives` is the mean over all tokens but padding [N, F], the first token [N, F], or each token
    [N, T, F]. Padding is looked at by none of them. A text without a single token gives the
    mean of nothing, 0.
    """

    kind: BackboneKind = "text"

    def __init__(self, backbone: str, gives: str) -> None:
        super().__init__()
        known = known_backbone(backbone, self.kind)
        self.backbone = backbone
        self.gives = gives
        self.padding = known.padding
        self.network = network_of(known)

    @override
    def forward(self, input: Tensor) -> Tensor:
        is_said = input != self.padding
        seen: Tensor = self.network(
            input_ids=input, attention_mask=self._mask(is_said), return_dict=False
        )[0]
        if self.gives == AS_TOKENS:
            return seen
        if self.gives == AS_FIRST:
            return seen[:, 0]
        counted = is_said.to(seen.dtype).unsqueeze(-1)
        return (seen * counted).sum(dim=1) / counted.sum(dim=1).clamp(min=1.0)

    def _mask(self, is_said: Tensor) -> Tensor:
        """What is added where each token looks at each: next to nothing is seen of padding.

        Made here, since the library would look into the numbers to save itself the mask.
        """
        hidden = (~is_said)[:, None, None, :].to(torch.float32)
        return hidden * torch.finfo(torch.float32).min

    @override
    def extra_repr(self) -> str:
        return f"gives={self.gives}"


def known_backbone(text: str, kind: BackboneKind) -> Backbone:
    """What the text of a layer says; ValueError where no network of that kind was chosen."""
    known = backbone_of(text)
    is_text = known is not None and known.architecture in READS_TEXTS
    if (
        known is None
        or known.architecture not in CLASSES
        or {known.kind, "text" if is_text else "picture"} != {kind}
    ):
        raise ValueError("No pretrained network was chosen.")
    return known


def network_of(known: Backbone) -> nn.Module:
    """The network with weights still to be put in, built from its configuration alone.

    StudioError where a project says something else of it than its configuration does.
    """
    fault = _fault(known)
    if fault:
        raise refuse(
            tr("What the project says of {name} does not fit together.", name=known.name),
            tr("Choose the folder of the pretrained network again."),
            code="strange-backbone",
            detail=fault,
        )
    return built(known)


@lru_cache(maxsize=64)
def _fault(known: Backbone) -> str:
    """What does not fit together; built without numbers, so that no file can fill the memory."""
    try:
        odd = odd_size(json.loads(known.config))
        if odd is not None:
            return f"{odd[0]}: {odd[1]}"
        with torch.device("meta"):
            weights = weights_of(built(known))
    except (*STRANGE, wrong_kind()) as reason:
        return str(reason) or type(reason).__name__
    return "" if weights == known.weights else f"{weights} != {known.weights}"


def built(known: Backbone) -> nn.Module:
    """The network as its configuration says, whatever that is."""
    kind, model = classes_of(known.architecture)
    build: Any = model._from_config  # noqa: SLF001 - what AutoModel.from_config calls
    made: nn.Module = build(
        kind.from_dict(kept_settings(json.loads(known.config))),
        attn_implementation="eager",
        **CLASSES[known.architecture][2],
    )
    keep_buffers(made)
    return made


def kept_settings(config: Mapping[str, object]) -> dict[str, object]:
    """A configuration without what is no part of the network as it is built here."""
    return {name: value for name, value in config.items() if name not in _NOT_KEPT}


def odd_size(config: Mapping[str, object]) -> tuple[str, float, float, float] | None:
    """A size that would take all memory or hours: its name, value, and the range it may have."""
    for name, value in config.items():
        parts = value if isinstance(value, list) else [value]
        most = _MOST_LAYERS if name in _LAYER_COUNTS else _LARGEST_SIZE
        least = 1 if name.endswith(_COUNTED) else -most
        for part in parts:
            if isinstance(part, int | float) and not least <= part <= most:
                return name, part, least, most
    return None


def wrong_kind() -> type[Exception]:
    """What the library raises where a setting is of another kind than it should be."""
    from huggingface_hub.errors import StrictDataclassError

    return StrictDataclassError


def weights_of(network: nn.Module) -> int:
    """How many numbers it learnt."""
    return sum(one.numel() for one in network.parameters())


def keep_buffers(network: nn.Module) -> None:
    """Counts all numbers that are not learnt as part of the state, as an export does."""
    for part in network.modules():
        for name, buffer in list(part.named_buffers(recurse=False)):
            part.register_buffer(name, buffer, persistent=True)


def classes_of(architecture: str) -> "tuple[type[PretrainedConfig], type[PreTrainedModel]]":
    """The library's configuration and model of an architecture."""
    library = transformers()
    config, model, _settings = CLASSES[architecture]
    return getattr(library, config), getattr(library, model)


def transformers() -> Any:  # noqa: ANN401 - a module, whose parts are found by name
    """The library, quiet. It is slow to load, so it is loaded where a network is needed."""
    import transformers as library

    logging: Any = library.utils.logging
    logging.set_verbosity(logging.CRITICAL)
    logging.disable_progress_bar()
    return library
