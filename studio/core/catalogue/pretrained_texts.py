"""Pretrained networks over texts, from files that a person has, as layers."""

from studio.core.backbone import Backbone, backbone_of
from studio.core.catalogue.entry import Arguments, LayerCall, LayerEntry, refused
from studio.core.catalogue.pretrained import backbone_param, backbone_weights, known_for
from studio.core.params import choice
from studio.core.problems import Fix, Problem
from studio.core.shapes import Shape, show
from studio.core.words import tr

AS_MEAN, AS_FIRST, AS_TOKENS = "mean", "first", "tokens"
USE_TOKENIZER = "use_tokenizer"  # the fix that lets a network's own tokenizer split the texts
# How many lines of numbers of a token, and of pairs of tokens, a layer keeps to learn from.
_LINES_KEPT, _PAIRS_KEPT = 10, 4


def _text_shape(call: LayerCall) -> Shape | Problem:
    known = known_for(call, "text")
    if isinstance(known, Problem):
        return known
    problem = _text_problem(call, known)
    if problem is not None:
        return problem
    return (*call.shape, known.features) if call.text("gives") == AS_TOKENS else (known.features,)


def _text_problem(call: LayerCall, known: Backbone) -> Problem | None:
    categories = call.inputs[0].categories
    if not categories or len(call.shape) != 1:
        return refused(
            tr("{name} expects a text, but gets {shape}.", name=call.name, shape=show(call.shape))
            if categories
            else tr("{name} expects the tokens of a text, but gets plain numbers.", name=call.name),
            tr("Feed it from an Input of texts, with nothing in between."),
            code="wrong-rank" if categories else "needs-indices",
        )
    if categories > known.vocabulary:
        return other_tokens(call.name, known)
    if call.shape[0] > known.length:
        return refused(
            tr(
                "{name} reads at most {most} tokens of a text, but gets {count}.",
                name=call.name,
                most=known.length,
                count=call.shape[0],
            ),
            tr("Set a smaller length for the texts on the Data page."),
            code="text-too-long",
            fix=Fix(USE_TOKENIZER, tr("Cut texts at {count} tokens", count=known.length)),
        )
    return None


def other_tokens(name: str, known: Backbone) -> Problem:
    """What is said where texts are not split into the tokens that a network learnt."""
    return refused(
        tr(
            "{name} gets other tokens than {network} has learnt, so that it would understand "
            "nothing.",
            name=name,
            network=known.name,
        ),
        tr("Let its own tokenizer split the texts."),
        code="other-tokens",
        fix=Fix(USE_TOKENIZER, tr("Use its tokenizer")),
    )


def _text_arguments(call: LayerCall) -> Arguments:
    return {"backbone": call.text("backbone"), "gives": call.text("gives")}


def _inside(call: LayerCall, is_learning: bool) -> int:
    """What all layers keep of a text while they learn, or what one has at a time.

    Of long texts all pairs of tokens are the most of it.
    """
    known = backbone_of(call.text("backbone"))
    if known is None or not call.shape:
        return 0
    tokens = call.shape[0]
    each = _LINES_KEPT * known.features + 2 * known.inner
    of_layer = tokens * (each + _PAIRS_KEPT * known.heads * tokens)
    return known.depth * of_layer if is_learning else of_layer


TEXT_BACKBONE = LayerEntry(
    key="text_backbone",
    title="Pretrained texts",
    family="pretrained",
    help="Reads texts with a network that others trained: a BERT, DistilBERT, RoBERTa, ALBERT, "
    "ELECTRA or MPNet from a folder you have. Use it where you have few texts of your own: frozen "
    "at first, with a Linear behind it.",
    params=(
        backbone_param(
            "A folder with config.json, model.safetensors and tokenizer.json or vocab.txt, as the "
            "transformers library writes them. Nothing is ever fetched from the network. The "
            "weights are read when a run starts; the run keeps them."
        ),
        choice(
            "gives",
            "Gives",
            AS_MEAN,
            {
                AS_MEAN: "The mean of all tokens",
                AS_FIRST: "Its first token",
                AS_TOKENS: "Each token",
            },
            help="The mean of all tokens where it stays frozen. Its first token, which stands for "
            "the whole text, where it is trained on. Each token for layers that look at "
            "sequences.",
        ),
    ),
    shape=_text_shape,
    weights=backbone_weights,
    arguments=_text_arguments,
    inside=_inside,
    torch="TextBackbone",
    badge="{backbone}",
    takes_indices=True,
    is_pretrained=True,
    cannot=("source",),
)

ENTRIES = (TEXT_BACKBONE,)
