"""Layers that give categories and words learnt numbers: embedding, embedding bag."""

from studio.core.catalogue.entry import Arguments, LayerCall, LayerEntry, refused
from studio.core.params import choice, number, switch, whole
from studio.core.problems import Problem
from studio.core.shapes import Shape, show
from studio.core.words import tr

MEAN, SUM, MAX = "mean", "sum", "max"

_SIZE = whole("embedding_dim", "Size", 16, help="How many numbers stand for one category.")
_SPREAD = number(
    "std",
    "Start values",
    1.0,
    above=0.0,
    at_most=10.0,
    help="How far the numbers spread around 0 before training. Start small, with 0.05, "
    "where two embeddings are multiplied to recommend.",
)
_LONGEST = number(
    "max_norm",
    "Longest",
    0.0,
    at_least=0.0,
    at_most=1_000.0,
    help="The greatest length of a category's line of numbers: longer ones are shortened. "
    "0 sets no bound.",
)


def _embedding_shape(call: LayerCall) -> Shape | Problem:
    return _needs_indices(call) or (*call.shape, call.whole("embedding_dim"))


def _needs_indices(call: LayerCall) -> Problem | None:
    if call.inputs[0].categories:
        return None
    return refused(
        tr("{name} expects the number of a category, but gets plain numbers.", name=call.name),
        tr("Feed it from an Input that is set to give the category's number."),
        code="needs-indices",
    )


def _bag_shape(call: LayerCall) -> Shape | Problem:
    problem = _needs_indices(call)
    if problem is not None:
        return problem
    if len(call.shape) != 1:
        return refused(
            tr(
                "{name} expects one line of tokens, but gets {shape}.",
                name=call.name,
                shape=show(call.shape),
            ),
            tr("Feed it from an Input of text, or from one column that is a category."),
            code="wrong-rank",
        )
    return (call.whole("embedding_dim"),)


def _weights(call: LayerCall) -> int:
    return call.inputs[0].categories * call.whole("embedding_dim")


def _shared(call: LayerCall) -> Arguments:
    return {
        "num_embeddings": call.inputs[0].categories,
        "embedding_dim": call.whole("embedding_dim"),
        "std": call.values["std"],
        "max_norm": call.values["max_norm"],
    }


def _embedding_arguments(call: LayerCall) -> Arguments:
    return {**_shared(call), "has_padding": call.is_on("padding")}


def _bag_arguments(call: LayerCall) -> Arguments:
    return {**_shared(call), "keeps": call.text("keeps")}


EMBEDDING = LayerEntry(
    key="embedding",
    title="Embedding",
    family="linear",
    help="Gives every category a learnt line of numbers. Use it for columns with many categories.",
    params=(
        _SIZE,
        switch(
            "padding",
            "Zeros for padding",
            False,
            help="The number 0 stands for padding (in columns: for what was never seen), "
            "gives zeros and learns nothing.",
        ),
        _LONGEST,
        _SPREAD,
    ),
    shape=_embedding_shape,
    weights=_weights,
    arguments=_embedding_arguments,
    torch="SpreadEmbedding",
    badge="size {embedding_dim}",
    takes_indices=True,
)
EMBEDDING_BAG = LayerEntry(
    key="embedding_bag",
    title="Embedding bag",
    family="linear",
    help="Gives every token of a text a learnt line of numbers and makes one line of them all; "
    "padding is left out. Use it as the smallest network for texts: fast, and blind to the order "
    "of the words.",
    params=(
        _SIZE,
        choice(
            "keeps",
            "Keeps",
            MEAN,
            {MEAN: "Mean", SUM: "Sum", MAX: "Largest"},
            help="What becomes of the numbers of all tokens: their mean, their sum, or the "
            "largest of each.",
        ),
        _LONGEST,
        _SPREAD,
    ),
    shape=_bag_shape,
    weights=_weights,
    arguments=_bag_arguments,
    torch="PooledEmbedding",
    badge="size {embedding_dim}, {keeps}",
    takes_indices=True,
)

ENTRIES = (EMBEDDING, EMBEDDING_BAG)
