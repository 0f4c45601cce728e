"""Pretrained networks over pictures, from files that a person has, as layers."""

from dataclasses import replace

from studio.core.backbone import Backbone, BackboneKind, backbone_of
from studio.core.catalogue.entry import (
    Arguments,
    LayerCall,
    LayerEntry,
    insert_before,
    refused,
)
from studio.core.catalogue.resizing import SMOOTH
from studio.core.params import Param, choice
from studio.core.problems import Fix, Problem, Severity
from studio.core.shapes import Shape, show
from studio.core.words import tr

AS_LINE, AS_PARTS = "line", "parts"
_PICTURE_SIZES = 3  # channels, height and width


def backbone_param(help: str) -> Param:  # noqa: A002
    """The setting that holds a network."""
    return Param("backbone", "Pretrained network", "backbone", "", help)


def known_for(call: LayerCall, kind: BackboneKind) -> Backbone | Problem:
    """The network of a layer for that kind of data, or what is wrong with it."""
    known = backbone_of(call.text("backbone"))
    if known is None:
        return refused(
            tr("{name} has no pretrained network yet.", name=call.name),
            tr("Choose the folder with its config.json and model.safetensors."),
            code="no-backbone",
        )
    if known.kind != kind:
        return refused(
            tr("{name} cannot use {network}.", name=call.name, network=known.name)
            + " "
            + (
                tr("That network reads texts, not pictures.")
                if known.kind == "text"
                else tr("That network reads pictures, not texts.")
            ),
            tr("Choose the folder of another network, or take the layer for its kind."),
            code="other-backbone",
        )
    return known


def _picture_shape(call: LayerCall) -> Shape | Problem:
    known = known_for(call, "picture")
    if isinstance(known, Problem):
        return known
    problem = _picture_problem(call, known)
    if problem is not None:
        return problem
    if call.text("gives") == AS_LINE:
        return (known.features,)
    if known.parts:
        return (known.parts, known.features)
    sides = (-(-side // 2**known.halvings) for side in call.shape[1:])
    return (known.features, *sides)


def _picture_problem(call: LayerCall, known: Backbone) -> Problem | None:
    shape = call.shape
    if len(shape) != _PICTURE_SIZES or shape[0] not in (1, known.channels):
        return refused(
            tr(
                "{name} expects pictures of {count} {count|channel|channels}, but gets {shape}.",
                name=call.name,
                count=known.channels,
                shape=show(shape),
            ),
            tr("Feed it from an Input of pictures, in colour or in grey."),
            code="wrong-rank" if len(shape) != _PICTURE_SIZES else "wrong-channels",
        )
    needed = (known.height, known.width)
    if known.height and shape[1:] != needed:
        return refused(
            tr(
                "{name} needs pictures of {needed} pixels, but gets {shape}.",
                name=call.name,
                needed=show(needed),
                shape=show(shape),
            ),
            tr("Set that size for the pictures on the Data page, or put a Resize before it."),
            code="picture-size",
            fix=_resize_to(needed),
        )
    return None


def other_size(call: LayerCall, known: Backbone) -> Problem:
    """What is noted where pictures are much larger or smaller than those a network learnt from."""
    size = (known.trained_height, known.trained_width)
    note = refused(
        tr(
            "{network} learnt from pictures of {size} pixels, and gets {shape}.",
            network=known.name,
            size=show(size),
            shape=show(call.shape[1:]),
        ),
        tr("Bring the pictures to that size, or train it on a little."),
        code="other-size",
        fix=_resize_to(size),
    )
    return replace(note, severity=Severity.NOTE)


def _resize_to(size: tuple[int, int]) -> Fix:
    label = tr("Resize to {needed}", needed=show(size))
    return insert_before("resize2d", label, by="size", size=size, mode=SMOOTH)


def backbone_weights(call: LayerCall) -> int:
    """How many numbers the network of a layer learnt."""
    known = backbone_of(call.text("backbone"))
    return known.weights if known is not None else 0


def _picture_arguments(call: LayerCall) -> Arguments:
    return {
        "backbone": call.text("backbone"),
        "channels": call.shape[0],
        "gives": call.text("gives"),
    }


PICTURE_BACKBONE = LayerEntry(
    key="picture_backbone",
    title="Pretrained pictures",
    family="pretrained",
    help="Looks at pictures with a network that others trained: a ResNet, MobileNet or ViT from a "
    "folder you have. Use it where you have few pictures of your own: frozen at first, with a "
    "Linear behind it.",
    params=(
        backbone_param(
            "A folder with config.json and model.safetensors, as the transformers library writes "
            "them. Nothing is ever fetched from the network. The weights are read when a run "
            "starts; the run keeps them."
        ),
        choice(
            "gives",
            "Gives",
            AS_LINE,
            {AS_LINE: "One line for the picture", AS_PARTS: "What it sees in each part"},
            help="One line of numbers for a class or a number. What it sees in each part for "
            "layers that look at places.",
        ),
    ),
    shape=_picture_shape,
    weights=backbone_weights,
    arguments=_picture_arguments,
    torch="PictureBackbone",
    badge="{backbone}",
    wants_plain_pictures=True,
    is_pretrained=True,
    cannot=("source",),
)

ENTRIES = (PICTURE_BACKBONE,)
